//! Deleting a coupon, and what is known of a delete whose response was lost.

use crate::{Client, CouponRef, CouponRefError, Error, client::coupon_lookup::reference, types::DeleteResult};

impl Client {
    /// Deletes a coupon.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(1));
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A coupon that is not there is no error: `delete_count` of the result is 0 then, and 1 when it was deleted. It is `None`
    /// if the coupon is gone and it is not known whether this call deleted it: the response to a first attempt was lost, and
    /// the second found no coupon.
    ///
    /// By an id, or by a code of digits, the coupon is read first, so that no other coupon is deleted: see [`CouponRef`]. That
    /// needs the access scope `read_discount_coupons` too.
    ///
    /// # Errors
    ///
    /// See [`Error`] for errors common to all calls.
    pub async fn delete<R>(&self, coupon: R) -> Result<DeleteResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, "delete_discount_coupon")?;
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
