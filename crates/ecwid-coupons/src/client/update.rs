//! Updating a coupon, and finding out whether an update whose response was lost was done.

use tokio::time::Instant;

use crate::{
    Client, CouponRef, CouponRefError, Error,
    client::{coupon_lookup::reference, difference},
    coupon::refuse_misspelt_value,
    types::{CouponUpdate, UpdateResult},
};

impl Client {
    /// Changes a coupon: the fields that the update sets or clears, and no others.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{Patch, types::{CouponUpdate, NewCoupon}};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10).total_limit(50)).await?;
    /// let mut update = CouponUpdate::default().name("5% OFF").discount(5);
    /// update.total_limit = Patch::Clear;
    /// coupons.update("TEN", &update).await?;
    ///
    /// let coupon = coupons.get("TEN").await?;
    /// assert_eq!((coupon.name.as_deref(), coupon.total_limit), (Some("5% OFF"), None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the response to an update that changes the code is lost, the coupon is looked up by its new code: the update is done
    /// if the coupon there is this one and has all that the update set.
    ///
    /// By an id, by a code of digits, or with a new code, the coupon is read first, so that no other coupon is taken for it: see
    /// [`CouponRef`]. That needs the access scope `read_discount_coupons` too.
    ///
    /// # Errors
    ///
    /// - The update changes no field, or sets an enum to a misspelt value.
    /// - There is no such coupon. The store responds with 404, or with an `update_count` of 0.
    ///
    /// See [`Error`] for errors common to all calls.
    pub async fn update<R>(&self, coupon: R, update: &CouponUpdate) -> Result<UpdateResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, OPERATION)?;
        if *update == CouponUpdate::default() {
            let message = "the update changes no field; set or clear at least one";
            return Err(Error::invalid_request(message).with_operation(OPERATION));
        }
        refuse_misspelt_value(update, OPERATION)?;
        self.update_once(coupon, update).await
    }

    /// Updates the coupon, wherever its new code may be by now.
    async fn update_once(&self, coupon: CouponRef, update: &CouponUpdate) -> Result<UpdateResult, Error> {
        let start = Instant::now();
        let (mut coupon, client) = self.resolve_to_change(coupon, OPERATION).await?;
        let new_code = update.code.value();
        if new_code.is_some() && coupon.id().is_none() {
            // By its id, which stays: once the code is changed, the old one names no coupon and the new one could be another's.
            let found = client.get(&coupon).fields(["id"]).await.map_err(|error| error.with_operation(OPERATION))?;
            coupon = found.id.map_or(coupon, CouponRef::from);
        }
        let client = self.since(start);
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
        match self.since(start).by_code(code).await {
            Ok(Some(found)) if found.id == coupon.id() => match difference::of_update(update, &found).is_empty() {
                true => Ok(UpdateResult::default().update_count(1)),
                false => Err(error),
            },
            // No coupon has the new code, or another one has it, so that this one cannot have got it.
            Ok(_) => Err(error.with_uncertain_attempt(false)),
            Err(_) => Err(error),
        }
    }
}

const OPERATION: &str = "update_discount_coupon";
