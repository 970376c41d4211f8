//! [`Get`]: a request for one coupon.

use std::{
    fmt,
    fmt::Display,
    pin::Pin,
    task::{Context, Poll},
};

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
        let coupon = reference(coupon, OPERATION);
        Get { request: Some(Request { client: self.clone(), coupon, response_fields: Ok(None) }), sent: None }
    }
}

const OPERATION: &str = "get_discount_coupon";

/// A request for one coupon, made by [`Client::get`]. It is a future, which sends the request when it is awaited.
#[must_use = "the request is sent when it is awaited"]
pub struct Get {
    /// The request, until it is sent.
    request: Option<Request>,
    sent: Option<BoxFuture<'static, Result<Coupon, Error>>>,
}

#[derive(Debug)]
struct Request {
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
    pub fn fields<I>(self, fields: I) -> Self
    where
        I: IntoIterator<Item: TryInto<CouponField, Error: Display>>,
    {
        self.select(ResponseFields::of::<CouponField, _>(fields))
    }

    /// Selects fields in Ecwid's notation, such as `id,name,catalogLimit(products)`.
    ///
    /// Prefer [`fields`](Self::fields), which checks the names. Invalid notation is an error when the request is
    /// awaited.
    pub fn response_fields<F>(self, fields: F) -> Self
    where
        F: TryInto<ResponseFields, Error: Display>,
    {
        self.select(fields.try_into().map_err(|error| error.to_string()))
    }

    fn select(mut self, fields: Result<ResponseFields, String>) -> Self {
        if let Some(request) = &mut self.request {
            request.response_fields = fields.map(Some);
        }
        self
    }
}

impl Request {
    async fn send(self) -> Result<Coupon, Error> {
        let Self { client, coupon, response_fields } = self;
        client.call(OPERATION, async |client| receive(client, coupon, response_fields).await).await
    }
}

/// Receives a coupon as a part of a call.
async fn receive(
    client: Client,
    coupon: Result<CouponRef, Error>,
    fields: Result<Option<ResponseFields>, String>,
) -> Result<Coupon, Error> {
    let invalid = |reason| Error::invalid_request(reason).with_operation(OPERATION);
    let fields = fields.map_err(invalid)?;
    let coupon = client.resolve(coupon?, OPERATION).await?;
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

impl Future for Get {
    type Output = Result<Coupon, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(request) = self.request.take() {
            self.sent = Some(Box::pin(request.send()));
        }
        self.sent.as_mut().expect("the request was sent by the first poll").as_mut().poll(context)
    }
}

impl fmt::Debug for Get {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").field("request", &self.request).finish_non_exhaustive()
    }
}

/// Whether an object has no known field of a coupon.
fn has_no_field(coupon: &Coupon) -> bool {
    Coupon { extra: coupon.extra.clone(), ..Coupon::default() } == *coupon
}
