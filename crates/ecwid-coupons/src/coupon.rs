//! Convenience methods of the generated types.

use std::collections::BTreeSet;

use crate::{
    Client, Decimal, Error, FieldError, JsonObject, RawJson,
    schema::{Field, HasKind, field_input::read_fields, field_path::FieldPath},
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit},
    value::json::members,
};

impl Coupon {
    /// Whether the store sets this field to this value, so that a copy of the coupon leaves it out.
    ///
    /// The store sets the id, the dates of creation and update, `orderCount`, and the statuses EXPIRED and USEDUP.
    /// `field` is the name in JSON.
    pub fn is_set_by_store(field: &str, value: &RawJson) -> bool {
        let is_among = |fields: &[Field]| fields.iter().any(|known| known.name == field);
        match field {
            "orderCount" => true,
            "status" => {
                let status = value.deserialize::<CouponStatus>();
                status.is_ok_and(|status| matches!(status, CouponStatus::Expired | CouponStatus::UsedUp))
            }
            _ => is_among(Self::FIELDS) && !is_among(NewCoupon::FIELDS),
        }
    }
}

/// Fails if a request has an invalid date, or an unknown enum value that the client does not allow.
pub(crate) fn check(request: &impl HasKind, client: &Client) -> Result<(), FieldError> {
    request.check(FieldPath::root(client.api.transport.settings.allow_unknown))
}

/// Fails like [`check`], with an error of the operation.
pub(crate) fn refuse_invalid(request: &impl HasKind, client: &Client, operation: &'static str) -> Result<(), Error> {
    check(request, client).map_err(|error| Error::invalid_field(&error).with_operation(operation))
}

/// Whether two values of a field of a coupon are equal, such as 10 and 10.00.
fn is_same(name: &str, one: &RawJson, other: &RawJson) -> bool {
    let coupon = |value: &RawJson| read_fields::<Coupon>(&JsonObject::from([(name.to_owned(), value.clone())])).ok();
    coupon(one) == coupon(other)
}

/// With serde, a new coupon is read strictly, for example from a request to your own server. Dates must be valid, and the
/// values of enums must be known. [`Field::day_bound`] says what a date without a time means. Unknown fields are refused,
/// except for those in a member `extra`, which are sent to the store. [`FieldInput`](crate::FieldInput) can accept unknown
/// enum values.
///
/// # Example
///
/// ```
/// use ecwid_coupons::types::NewCoupon;
///
/// let new: NewCoupon = serde_json::from_str(r#"{"name":"Ten","code":"TEN","launchDate":"2026-01-01T00:00:00Z","extra":{"maxUses":5}}"#)?;
/// assert_eq!(
///     serde_json::to_string(&new)?,
///     r#"{"name":"Ten","code":"TEN","launchDate":"2026-01-01 00:00:00 +0000","maxUses":5}"#,
/// );
///
/// let error = serde_json::from_str::<NewCoupon>(r#"{"name":"Ten","code":"TEN","discuont":10}"#).unwrap_err();
/// assert!(error.to_string().contains("unknown field: `discuont` (did you mean `discount`?)"));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl NewCoupon {
    /// Copies the content of a coupon, to create another coupon or the same one in another store.
    ///
    /// Fields that the [store sets](Coupon::is_set_by_store) are left out. To keep the order count, set `order_count`
    /// on the result. Fields that this version does not know are copied.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::types::{Coupon, NewCoupon};
    ///
    /// let coupon: Coupon = serde_json::from_str(
    ///     r#"{"id":1,"name":"10% OFF","code":"FIRST","discountType":"PERCENT","discount":10,"status":"EXPIRED","orderCount":3}"#,
    /// )?;
    /// let copy = NewCoupon::copy_of(&coupon, "SECOND")?;
    /// assert_eq!(
    ///     serde_json::to_string(&copy)?,
    ///     r#"{"name":"10% OFF","code":"SECOND","discountType":"PERCENT","discount":10}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The coupon has no name, because the search did not request it.
    pub fn copy_of(coupon: &Coupon, code: impl Into<String>) -> Result<Self, Error> {
        let mut fields = members(coupon);
        fields.retain(|name, value| !Coupon::is_set_by_store(name, value));
        let code = RawJson::from_value(&code.into()).map_err(|error| Error::invalid_request(error.to_string()))?;
        fields.insert("code".to_owned(), code);
        let copied = Self {
            catalog_limit: coupon.catalog_limit.clone(),
            shipping_limit: coupon.shipping_limit.clone(),
            ..Self::new("", "")
        };
        // Ecwid treats an empty limit as no limit.
        for name in copied.empty_limits() {
            fields.remove(name);
        }
        read_fields(&fields).map_err(|problem| Error::invalid_request(format!("cannot copy the coupon: {problem}")))
    }

    /// Returns a coupon with a percentage discount on the subtotal.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let coupon = NewCoupon::percent("First order 10% OFF", "FIRST", 10).once_per_customer();
    /// assert_eq!(
    ///     serde_json::to_string(&coupon)?,
    ///     r#"{"name":"First order 10% OFF","code":"FIRST","discountType":"PERCENT","discount":10,"usesLimit":"ONCEPERCUSTOMER"}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn percent(name: impl Into<String>, code: impl Into<String>, discount: impl Into<Decimal>) -> Self {
        Self::new(name, code).discount_type(DiscountType::Percent).discount(discount)
    }

    /// Returns a coupon with a fixed discount on the subtotal, in the store's currency.
    #[must_use]
    pub fn absolute(name: impl Into<String>, code: impl Into<String>, discount: impl Into<Decimal>) -> Self {
        Self::new(name, code).discount_type(DiscountType::Abs).discount(discount)
    }

    /// Returns a coupon for free shipping.
    #[must_use]
    pub fn free_shipping(name: impl Into<String>, code: impl Into<String>) -> Self {
        Self::new(name, code).discount_type(DiscountType::Shipping)
    }

    /// Allows one use by each customer.
    #[must_use]
    pub fn once_per_customer(self) -> Self {
        self.uses_limit(UsesLimit::OncePerCustomer)
    }

    /// Allows a single use in total.
    #[must_use]
    pub fn single_use(self) -> Self {
        self.uses_limit(UsesLimit::Single)
    }

    /// Restricts the coupon to customers without an order.
    #[must_use]
    pub fn for_new_customers(self) -> Self {
        self.application_limit(ApplicationLimit::NewCustomerOnly)
    }

    /// Restricts the coupon to the products with these ids, in addition to categories that are already set.
    ///
    /// If the list is empty, [`Client::create`](crate::Client::create) refuses the coupon, because Ecwid treats an
    /// empty limit as no limit.
    #[must_use]
    pub fn for_products(mut self, products: impl IntoIterator<Item = i64>) -> Self {
        let limit = self.catalog_limit.take().unwrap_or_default();
        self.catalog_limit(limit.products(products.into_iter().collect::<Vec<_>>()))
    }

    /// Restricts the coupon to the products of the categories with these ids, in addition to products that are already
    /// set.
    ///
    /// An empty list is refused, as in [`for_products`](Self::for_products).
    #[must_use]
    pub fn for_categories(mut self, categories: impl IntoIterator<Item = i64>) -> Self {
        let limit = self.catalog_limit.take().unwrap_or_default();
        self.catalog_limit(limit.categories(categories.into_iter().collect::<Vec<_>>()))
    }

    /// Restricts the coupon to the shipping methods with these ids.
    ///
    /// An empty list is refused, as in [`for_products`](Self::for_products).
    #[must_use]
    pub fn for_shipping_methods<I: IntoIterator<Item = impl Into<String>>>(self, methods: I) -> Self {
        let methods: Vec<_> = methods.into_iter().map(Into::into).collect();
        self.shipping_limit(ShippingLimit::default().shipping_methods(methods))
    }

    /// Returns the name of an empty limit, if there is one.
    pub(crate) fn empty_limit(&self) -> Option<&'static str> {
        self.empty_limits().next()
    }

    fn empty_limits(&self) -> impl Iterator<Item = &'static str> {
        fn is_empty<T>(list: &Option<Vec<T>>) -> bool {
            list.as_ref().is_none_or(Vec::is_empty)
        }
        let catalog = self.catalog_limit.as_ref();
        let catalog =
            catalog.is_some_and(|it| is_empty(&it.products) && is_empty(&it.categories) && it.extra.is_empty());
        let shipping = self.shipping_limit.as_ref();
        let shipping = shipping.is_some_and(|it| is_empty(&it.shipping_methods) && it.extra.is_empty());
        [catalog.then_some("catalogLimit"), shipping.then_some("shippingLimit")].into_iter().flatten()
    }
}

/// An update is made with `default()` and a chain of setters. A struct expression does not compile in other crates,
/// because later versions may have more fields.
///
/// With serde, an update is read like a [`NewCoupon`], and null clears a field.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{Decimal, types::CouponUpdate};
///
/// let discount: Option<Decimal> = None;
/// let update = CouponUpdate::default().name("Summer").maybe_discount(discount).clear_expiration_date();
/// assert_eq!(serde_json::to_string(&update)?, r#"{"name":"Summer","expirationDate":null}"#);
/// assert_eq!(serde_json::from_str::<CouponUpdate>(r#"{"name":"Summer","expirationDate":null}"#)?, update);
/// # Ok::<(), serde_json::Error>(())
/// ```
impl CouponUpdate {
    /// Returns the update that changes one coupon into another.
    ///
    /// Fields with different values are set. Fields that `new` does not have are cleared, if they are
    /// [clearable](Field::clearable). Fields that the [store sets](Coupon::is_set_by_store) are left out. The update is
    /// equal to `CouponUpdate::default()` if there is nothing to change.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::types::{Coupon, CouponUpdate};
    ///
    /// let old: Coupon = serde_json::from_str(r#"{"id":1,"name":"10% OFF","discount":10.0,"totalLimit":50,"orderCount":3}"#)?;
    /// let new: Coupon = serde_json::from_str(r#"{"id":1,"name":"Ten","discount":10,"orderCount":4}"#)?;
    /// let update = CouponUpdate::between(&old, &new);
    /// assert_eq!(update, CouponUpdate::default().name("Ten").clear_total_limit());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn between(old: &Coupon, new: &Coupon) -> Self {
        let (old, new) = (members(old), members(new));
        let mut changes = JsonObject::new();
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let field = Self::FIELDS.iter().find(|field| field.name == *name);
            let null = || RawJson::from_value(&()).ok();
            let change = match (old.get(name), new.get(name)) {
                (_, Some(new)) if Coupon::is_set_by_store(name, new) => None,
                (Some(old), None) if Coupon::is_set_by_store(name, old) => None,
                (old, Some(new)) => Some(new.clone()).filter(|_| old.is_none_or(|old| !is_same(name, old, new))),
                // An unknown field can be cleared too, as far as is known.
                (_, None) => field.is_none_or(|field| field.clearable).then(null).flatten(),
            };
            changes.extend(change.map(|change| (name.clone(), change)));
        }
        read_fields(&changes).expect("a coupon and an update have the same types")
    }

    /// Sets the status PAUSED, so that the coupon cannot be used.
    #[must_use]
    pub fn pause(self) -> Self {
        self.status(CouponStatus::Paused)
    }

    /// Sets the status ACTIVE, so that the coupon can be used.
    #[must_use]
    pub fn activate(self) -> Self {
        self.status(CouponStatus::Active)
    }
}
