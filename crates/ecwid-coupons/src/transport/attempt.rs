//! [`Attempt`]: what is told of every attempt to send a request.

use std::time::Duration;

use crate::ErrorKind;

/// An attempt to send a request, as [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt) is told of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation, such as `get_discount_coupon`.
    pub operation: &'static str,
    /// The id that the request was sent with; all attempts of a call have the same.
    pub request_id: &'a str,
    /// Which attempt of its call it is, from 1.
    pub number: u32,
    /// How long it waited for its turn before it was sent.
    pub queued: Duration,
    /// How long it took, the reading of the answer included.
    pub elapsed: Duration,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What kind of failure it was, if it was one.
    pub failure: Option<ErrorKind>,
}
