//! Deletes coupons, also if the response to a delete is lost.

use futures_util::future::BoxFuture;

use crate::{Client, CouponRef, CouponRefError, Error, client::coupon_lookup::reference, types::DeleteResult};

impl Client {
    /// Deletes a coupon.
    ///
    /// `delete_count` of the result is 1 if the coupon was deleted, and 0 if it does not exist. It is `None` if the
    /// response to an earlier attempt was lost and a later attempt found no coupon: this call or somebody else deleted
    /// it.
    ///
    /// If the coupon is given by its id, or by a code of digits, it is read before it is deleted, so that no other
    /// coupon is deleted: see [`CouponRef`]. This requires the access scope `read_discount_coupons` too.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(1));
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(0));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn delete<R>(&self, coupon: R) -> BoxFuture<'static, Result<DeleteResult, Error>>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let (client, coupon) = (self.clone(), reference(coupon, OPERATION));
        Box::pin(async move {
            let delete = async |client: Self| match client.resolve_to_change(coupon?, OPERATION).await {
                Ok(coupon) => client.delete_known(coupon).await,
                Err(error) if error.is_coupon_not_found() => Ok(DeleteResult::default().with_delete_count(0)),
                Err(error) => Err(error),
            };
            client.call(OPERATION, delete).await
        })
    }

    /// Deletes a coupon without a check of its id.
    pub(crate) async fn delete_known(&self, coupon: CouponRef) -> Result<DeleteResult, Error> {
        let (mut result, is_uncertain) = match self.api.delete_discount_coupon().discount_coupon_id(coupon).send().await
        {
            Ok(response) => {
                let is_uncertain = response.is_uncertain();
                (response.into_inner(), is_uncertain)
            }
            Err(error) if error.is_coupon_not_found() => {
                (DeleteResult::default().with_delete_count(0), error.has_uncertain_attempt())
            }
            Err(error) => return Err(error),
        };
        if is_uncertain && result.delete_count == Some(0) {
            result.delete_count = None;
        }
        Ok(result)
    }
}

pub(crate) const OPERATION: &str = "delete_discount_coupon";
