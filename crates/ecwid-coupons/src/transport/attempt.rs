//! [`Attempt`]: a report about an attempt.

use std::time::Duration;

use crate::ErrorKind;

/// An attempt to send a request, for [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt).
///
/// The lookups within a call are attempts of their own operations, such as a search. [`Call::attempts`](crate::Call) does
/// not count them. An attempt whose future is dropped is not reported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The name of the operation, such as `get_discount_coupon`: one of [`OPERATIONS`](crate::schema::OPERATIONS).
    pub operation: &'static str,
    /// The id of the request. All attempts of a call have the same id.
    pub request_id: &'a str,
    /// The number of the attempt within its call, from 1.
    pub number: u32,
    /// How long the attempt waited for the rate limit.
    pub queued: Duration,
    /// How long the attempt took, including the response body.
    pub elapsed: Duration,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The kind of error, if the attempt failed.
    pub failure: Option<ErrorKind>,
}
