//! Updates coupons, also if the response to an update is lost.

use futures_util::future::BoxFuture;

use crate::{
    Client, CouponRef, CouponRefError, Error,
    client::{coupon_lookup::reference, difference},
    coupon::refuse_invalid,
    types::{CouponUpdate, UpdateResult},
};

impl Client {
    /// Updates a coupon. Fields that the update neither sets nor clears keep their values.
    ///
    /// If the coupon is given by its id or by a code of digits, or if the update changes the code, the coupon is read
    /// first, so that no other coupon is changed: see [`CouponRef`]. This requires the access scope
    /// `read_discount_coupons` too.
    ///
    /// If the response to an update of the code is lost, the client looks up the coupon by its new code. The update
    /// succeeded if that is the same coupon and all sent values are stored.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::{CouponUpdate, NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10).total_limit(50)).await?;
    /// let update = CouponUpdate::default().name("5% OFF").discount(5).clear_total_limit();
    /// coupons.update("TEN", &update).await?;
    ///
    /// let coupon = coupons.get("TEN").await?;
    /// assert_eq!((coupon.name.as_deref(), coupon.total_limit), (Some("5% OFF"), None));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// - The update changes no field, or sets a date to text that is not one.
    /// - It sets an enum to an unknown value, unless the client [allows](crate::ClientBuilder::allow_unknown) it.
    /// - The coupon does not exist: [`Error::is_coupon_not_found`].
    /// - The store responds that it updated nothing: [`Error::is_nothing_updated`]. Either the coupon does not exist, or
    ///   the store ignores all fields of the update, such as the status EXPIRED. Ecwid documents both responses for a
    ///   missing coupon.
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn update<R>(&self, coupon: R, update: &CouponUpdate) -> BoxFuture<'static, Result<UpdateResult, Error>>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let (client, coupon, update) = (self.clone(), reference(coupon, OPERATION), update.clone());
        Box::pin(async move { client.call(OPERATION, async |client| client.update_once(coupon?, &update).await).await })
    }

    /// Updates the coupon, also if an earlier attempt has changed its code.
    async fn update_once(&self, coupon: CouponRef, update: &CouponUpdate) -> Result<UpdateResult, Error> {
        if *update == CouponUpdate::default() {
            let message = "the update changes no field; set or clear at least one";
            return Err(Error::invalid_request(message).with_operation(OPERATION));
        }
        refuse_invalid(update, self, OPERATION)?;
        let mut coupon = self.resolve_to_change(coupon, OPERATION).await?;
        let new_code = update.code.value();
        if new_code.is_some() && coupon.id().is_none() {
            // By id, because the id stays the same. After the update, the old code names no coupon, and another coupon
            // may get it.
            let found = self.get(&coupon).fields(["id"]).await.map_err(|error| error.with_operation(OPERATION))?;
            coupon = found.id.map_or(coupon, CouponRef::from);
        }
        let request = self.api.update_discount_coupon().discount_coupon_id(&coupon).body(update.clone());
        let error = match request.send().await {
            Ok(response) if response.update_count != Some(0) => return Ok(response.into_inner()),
            Ok(response) => response.not_updated(),
            Err(error) => error.with_coupon(&coupon).redacted(self.redactor()),
        };
        // If an earlier attempt changed the code, a retry may find that a coupon has the new code: this coupon.
        let is_refused = error.is_coupon_not_found() || error.is_nothing_updated() || error.is_conflict();
        let Some(code) = new_code.filter(|_| error.has_uncertain_attempt() && is_refused) else {
            return Err(error);
        };
        match self.by_code(code).await {
            Ok(Some(found)) if found.id == coupon.id() => match difference::of_update(update, &found).is_empty() {
                true => Ok(UpdateResult::default().with_update_count(1)),
                false => Err(error),
            },
            // The coupon does not have the new code, so no attempt took effect.
            Ok(_) => Err(error.with_uncertain_attempt(false)),
            Err(_) => Err(error),
        }
    }
}

const OPERATION: &str = "update_discount_coupon";
