//! Updating a coupon, and finding out whether an update whose response was lost was done.

use tokio::time::Instant;

use crate::{
    Client, CouponRef, Error,
    client::difference,
    types::{CouponUpdate, UpdateResult},
};

impl Client {
    /// Updates the coupon, wherever its new code may be by now.
    pub(crate) async fn update_once(&self, coupon: CouponRef, update: &CouponUpdate) -> Result<UpdateResult, Error> {
        let start = Instant::now();
        let left = || self.api.transport.deadline().saturating_sub(start.elapsed());
        let (mut coupon, client) = self.resolve_to_change(coupon, OPERATION).await?;
        let new_code = update.code.value();
        if new_code.is_some() && coupon.id().is_none() {
            // By its id, which stays: once the code is changed, the old one names no coupon and the new one could be another's.
            let found = client.get(&coupon).fields(["id"]).await.map_err(|error| error.with_operation(OPERATION))?;
            coupon = found.id.map_or(coupon, CouponRef::from);
        }
        let client = self.with_deadline(left());
        let request = client.api.update_discount_coupon().discount_coupon_id(&coupon).body(update.clone());
        let error = match request.send().await {
            Ok(response) if response.update_count != Some(0) => return Ok(response.into_inner()),
            Ok(response) => response.not_updated(),
            Err(error) => error,
        };
        // After an attempt that may have changed the code, the next one may find that a coupon has it: this one.
        let is_refused = error.is_coupon_not_found() || error.is_not_updated() || error.is_conflict();
        let Some(code) = new_code.filter(|_| error.has_uncertain_attempt() && is_refused) else {
            return Err(error);
        };
        match self.with_deadline(left()).by_code(code).await {
            Ok(Some(found)) if found.id == coupon.id() => match difference::of_update(update, &found).is_empty() {
                true => Ok(UpdateResult::default().update_count(1)),
                false => Err(error),
            },
            // No coupon has the new code, or another one has it, so that this one cannot have got it.
            Ok(_) => Err(error.without_uncertain_attempt()),
            Err(_) => Err(error),
        }
    }
}

const OPERATION: &str = "update_discount_coupon";
