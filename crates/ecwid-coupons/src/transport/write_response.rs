//! Checks of responses to writes. A success status does not prove that the write was done.

use crate::{
    Error,
    transport::response::Response,
    types::{BatchTicket, CreatedCoupon, DeleteResult, UpdateResult},
};

/// Checks that the response to a write says what was done. Reads are checked by the calls, which know the requested
/// fields.
pub(crate) fn check(operation: &str, response: &Response) -> Result<(), Error> {
    let is_count = |count: Option<i64>| count.is_some_and(|count| count >= 0);
    let missing = match operation {
        "create_discount_coupon" if response.read::<CreatedCoupon>()?.id.is_none_or(|id| id <= 0) => {
            "the `id` of the new coupon"
        }
        "update_discount_coupon" if !is_count(response.read::<UpdateResult>()?.update_count) => "an `updateCount`",
        "delete_discount_coupon" if !is_count(response.read::<DeleteResult>()?.delete_count) => "a `deleteCount`",
        "create_batch_request" if response.read::<BatchTicket>()?.ticket.is_none() => "the `ticket` of the batch",
        _ => return Ok(()),
    };
    Err(response.decode_error(&format!("it lacks {missing}, so it does not show whether the write was done")))
}
