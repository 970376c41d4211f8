//! Updating a coupon, and finding out whether an update whose response was lost was done.

use tokio::time::Instant;

use crate::{
    Client, CouponRef, Error, difference,
    types::{CouponUpdate, UpdateResult},
};

impl Client {
    /// Updates the coupon, wherever its new code may be by now.
    pub(crate) async fn update_once(&self, coupon: CouponRef, update: &CouponUpdate) -> Result<UpdateResult, Error> {
        let start = Instant::now();
        let (coupon, client) = self.resolve_to_change(coupon, "update_discount_coupon").await?;
        let request = client.api.update_discount_coupon().discount_coupon_id(&coupon).body(update.clone());
        let error = match request.send().await {
            Ok(response) if response.update_count != Some(0) => return Ok(response.into_inner()),
            Ok(response) => response.not_updated(),
            Err(error) => error,
        };
        // After an attempt that may have changed the code, the next one finds no coupon, or one that has the new code.
        let is_missing = error.is_coupon_not_found() || error.is_not_updated() || error.is_conflict();
        let Some(code) = update.code.value().filter(|_| error.has_uncertain_attempt() && is_missing) else {
            return Err(error);
        };
        let left = self.api.inner.deadline().saturating_sub(start.elapsed());
        match self.with_deadline(left).by_code(code).await {
            Ok(Some(found)) if coupon.fits(found.id, None) && difference::of_update(update, &found).is_empty() => {
                Ok(UpdateResult::default().update_count(1))
            }
            Ok(None) => Err(error.without_uncertain_attempt()),
            Ok(Some(_)) | Err(_) => Err(error),
        }
    }
}
