//! [`Get`]: a request for one coupon.

use std::fmt::Display;

use futures_util::future::BoxFuture;

use crate::{
    Client, CouponRef, CouponRefError, Error, ResponseFields,
    client::coupon_lookup::reference,
    types::{Coupon, CouponField},
};

impl Client {
    /// Gets a coupon by its id (an integer) or its code (text).
    ///
    /// The coupon has all its fields, unless [`Get::fields`] selects some.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let id = coupons.create(&NewCoupon::free_shipping("Free shipping", "SHIP")).await?.id().unwrap();
    /// assert_eq!(coupons.get("SHIP").await?, coupons.get(id).await?);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The coupon does not exist: [`Error::is_coupon_not_found`]. See [`Error`] for errors common to all calls.
    pub fn get<R>(&self, coupon: R) -> Get
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        Get { client: self.clone(), coupon: reference(coupon, "get_discount_coupon"), response_fields: Ok(None) }
    }
}

/// A request for one coupon, made by [`Client::get`]. It is sent when it is awaited.
#[derive(Debug)]
#[must_use = "the request is sent when it is awaited"]
pub struct Get {
    client: Client,
    coupon: Result<CouponRef, Error>,
    /// The selected fields, or the error of an invalid selection.
    response_fields: Result<Option<ResponseFields>, String>,
}

impl Get {
    /// Selects the fields of the coupon. Defaults to all fields.
    ///
    /// An unknown field or an empty list is an error when the request is awaited.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::{CouponField, NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10).for_products([101])).await?;
    /// let coupon = coupons.get("TEN").fields([CouponField::Discount, CouponField::CatalogLimitProducts]).await?;
    /// assert_eq!((coupon.discount, coupon.name), (Some(10.into()), None));
    /// assert!(coupons.get("TEN").fields(["discont"]).await.unwrap_err().to_string().contains("unknown field"));
    /// # Ok(())
    /// # });
    /// ```
    pub fn fields<I>(mut self, fields: I) -> Self
    where
        I: IntoIterator<Item: TryInto<CouponField, Error: Display>>,
    {
        self.response_fields = ResponseFields::of::<CouponField, _>(fields).map(Some);
        self
    }

    /// Selects fields in Ecwid's notation, such as `id,name,catalogLimit(products)`.
    ///
    /// Prefer [`fields`](Self::fields), which checks the names. Invalid notation is an error when the request is
    /// awaited.
    pub fn response_fields<F>(mut self, fields: F) -> Self
    where
        F: TryInto<ResponseFields, Error: Display>,
    {
        self.response_fields = fields.try_into().map(Some).map_err(|error| error.to_string());
        self
    }

    async fn send(self) -> Result<Coupon, Error> {
        let invalid = |reason| Error::invalid_request(reason).with_operation("get_discount_coupon");
        let fields = self.response_fields.map_err(invalid)?;
        let (coupon, client) = self.client.resolve(self.coupon?, "get_discount_coupon").await?;
        let mut request = client.api().get_discount_coupon().discount_coupon_id(&coupon);
        if let Some(fields) = &fields {
            // The id and the code show which coupon was returned, so they are always requested.
            request = request.response_fields(fields.clone().with("code").with("id"));
        }
        let not_found = |error: Error| error.with_coupon(&coupon).redacted(client.redactor());
        let found = request.send().await.map_err(not_found)?;
        // Only requested fields can be missing.
        let asked = |name: &str| fields.as_ref().is_none_or(|fields| fields.contains(name));
        let (id, code) = (found.id, found.code.as_deref());
        if asked("id") && id.is_none() || asked("code") && code.is_none() && coupon.id().is_none() {
            return Err(client.invalid(&found, "the coupon lacks its `id` or its `code`"));
        }
        if has_no_field(&found) {
            return Err(client.invalid(&found, "the object has no field of a coupon"));
        }
        // No coupon has this id. The store read it as a code.
        let is_number_of = |wanted: i64| code.is_some_and(|code| code.trim().parse() == Ok(wanted));
        if let Some(wanted) = coupon.id().filter(|wanted| !coupon.fits(id, None) && is_number_of(*wanted)) {
            return Err(found.complete(Error::no_coupon_with_id(wanted)));
        }
        if !coupon.fits(id, code) {
            let shown = code.map_or_else(|| format!("id {}", id.unwrap_or_default()), |code| format!("{code:?}"));
            return Err(client.invalid(&found, &format!("it is the coupon {shown} (expected `{coupon}`)")));
        }
        let (asked_for_id, asked_for_code) = (asked("id"), asked("code"));
        let mut found = found.into_inner();
        found.id = found.id.filter(|_| asked_for_id);
        found.code = found.code.filter(|_| asked_for_code);
        Ok(found)
    }
}

impl IntoFuture for Get {
    type Output = Result<Coupon, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Whether an object has no known field of a coupon.
fn has_no_field(coupon: &Coupon) -> bool {
    Coupon { extra: coupon.extra.clone(), ..Coupon::default() } == *coupon
}
