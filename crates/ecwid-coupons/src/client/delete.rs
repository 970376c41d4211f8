//! Deleting a coupon, and what is known of a delete whose response was lost.

use crate::{Client, CouponRef, Error, types::DeleteResult};

impl Client {
    /// Deletes the coupon. The count is nothing if the coupon is gone and may have been gone before.
    pub(crate) async fn delete_once(&self, coupon: CouponRef) -> Result<DeleteResult, Error> {
        match self.resolve_to_change(coupon, "delete_discount_coupon").await {
            Ok((coupon, client)) => client.delete_known(coupon).await,
            Err(error) if error.is_coupon_not_found() => Ok(DeleteResult::default().delete_count(0)),
            Err(error) => Err(error),
        }
    }

    /// Deletes a coupon that was there a moment ago, if it is named by an id.
    pub(crate) async fn delete_known(&self, coupon: CouponRef) -> Result<DeleteResult, Error> {
        let (mut result, is_uncertain) = match self.api.delete_discount_coupon().discount_coupon_id(coupon).send().await
        {
            Ok(response) => {
                let is_uncertain = response.is_uncertain();
                (response.into_inner(), is_uncertain)
            }
            Err(error) if error.is_coupon_not_found() => {
                (DeleteResult::default().delete_count(0), error.has_uncertain_attempt())
            }
            Err(error) => return Err(error),
        };
        if is_uncertain && result.delete_count == Some(0) {
            result.delete_count = None;
        }
        Ok(result)
    }
}
