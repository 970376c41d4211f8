//! Conveniences on the generated types.

use serde::Serialize;

use crate::{
    Decimal, Error, Json,
    schema::{Field, Kind, field_input::read_fields, misspelt_problem},
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit},
    value::json::members,
};

impl Coupon {
    /// Whether the store sets a field to this value, so that it is no part of the content of a coupon that is copied: the id,
    /// the dates of creation and of the last update, `orderCount`, and the statuses EXPIRED and USEDUP.
    ///
    /// `field` is the name in JSON.
    pub fn is_set_by_store(field: &str, value: &Json) -> bool {
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

/// Takes the content of a coupon, to create another one like it, or the same one in another store.
///
/// What the [store sets](Coupon::is_set_by_store) is left out. To keep how many orders used the coupon, set
/// `order_count` on the result.
///
/// ```
/// use ecwid_coupons::types::{Coupon, NewCoupon};
///
/// let coupon: Coupon = serde_json::from_str(
///     r#"{"id":1,"name":"10% OFF","code":"FIRST","discountType":"PERCENT","discount":10,"status":"EXPIRED","orderCount":3}"#,
/// )?;
/// let copy = NewCoupon::try_from(&coupon)?.code("SECOND");
/// assert_eq!(
///     serde_json::to_string(&copy)?,
///     r#"{"name":"10% OFF","code":"SECOND","discountType":"PERCENT","discount":10}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the coupon has no name or no code, because a search left them out.
impl TryFrom<&Coupon> for NewCoupon {
    type Error = Error;

    fn try_from(coupon: &Coupon) -> Result<Self, Error> {
        let mut fields = members(coupon);
        fields.retain(|name, value| !Coupon::is_set_by_store(name, value));
        let copied = Self {
            catalog_limit: coupon.catalog_limit.clone(),
            shipping_limit: coupon.shipping_limit.clone(),
            ..Self::new("", "")
        };
        // The store takes a limit that lists nothing for none.
        for name in copied.empty_limits() {
            fields.remove(name);
        }
        read_fields(&fields)
            .map_err(|problem| Error::invalid_request(format!("the coupon cannot be copied: {problem}")))
    }
}

/// The field of an enum whose value is surely a misspelt one, and what to say of it.
pub(crate) fn misspelt_value(object: &impl Serialize) -> Option<(&'static str, String)> {
    let values = members(object);
    NewCoupon::FIELDS.iter().find_map(|field| {
        let Kind::Enum(known) = field.kind else { return None };
        let text: String = values.get(field.name)?.deserialize().ok()?;
        Some((field.name, misspelt_problem(field.name, known, &text)?))
    })
}

/// Refuses an object with such a value, as an error of the operation.
pub(crate) fn refuse_misspelt_value(object: &impl Serialize, operation: &'static str) -> Result<(), Error> {
    misspelt_value(object).map_or(Ok(()), |(_, problem)| Err(Error::invalid_request(problem).with_operation(operation)))
}

impl NewCoupon {
    /// A coupon that takes a percentage off the subtotal.
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

    /// A coupon that takes an amount of the store's currency off the subtotal.
    #[must_use]
    pub fn absolute(name: impl Into<String>, code: impl Into<String>, discount: impl Into<Decimal>) -> Self {
        Self::new(name, code).discount_type(DiscountType::Abs).discount(discount)
    }

    /// A coupon for free shipping.
    #[must_use]
    pub fn free_shipping(name: impl Into<String>, code: impl Into<String>) -> Self {
        Self::new(name, code).discount_type(DiscountType::Shipping)
    }

    /// Each customer can use it once.
    #[must_use]
    pub fn once_per_customer(self) -> Self {
        self.uses_limit(UsesLimit::OncePerCustomer)
    }

    /// It can be used once in all.
    #[must_use]
    pub fn single_use(self) -> Self {
        self.uses_limit(UsesLimit::Single)
    }

    /// Only customers without an order can use it.
    #[must_use]
    pub fn for_new_customers(self) -> Self {
        self.application_limit(ApplicationLimit::NewCustomerOnly)
    }

    /// It works for these products, by their ids, and for the categories that are set already.
    ///
    /// Without any product, [`Client::create`](crate::Client::create) refuses it: the store would take it for a coupon that
    /// works for everything.
    #[must_use]
    pub fn for_products(mut self, products: impl IntoIterator<Item = i64>) -> Self {
        let limit = self.catalog_limit.take().unwrap_or_default();
        self.catalog_limit(limit.products(products.into_iter().collect::<Vec<_>>()))
    }

    /// It works for the products of these categories, by their ids, and for the products that are set already.
    ///
    /// Without any category it is refused, like [`for_products`](Self::for_products) without any product.
    #[must_use]
    pub fn for_categories(mut self, categories: impl IntoIterator<Item = i64>) -> Self {
        let limit = self.catalog_limit.take().unwrap_or_default();
        self.catalog_limit(limit.categories(categories.into_iter().collect::<Vec<_>>()))
    }

    /// It works for these shipping methods, by their ids.
    ///
    /// Without any it is refused, like [`for_products`](Self::for_products) without any product.
    #[must_use]
    pub fn for_shipping_methods<I: IntoIterator<Item = impl Into<String>>>(self, methods: I) -> Self {
        let methods: Vec<_> = methods.into_iter().map(Into::into).collect();
        self.shipping_limit(ShippingLimit::default().shipping_methods(methods))
    }

    /// The limit that lists nothing, if there is one.
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

impl CouponUpdate {
    /// Switches the coupon off.
    #[must_use]
    pub fn pause(self) -> Self {
        self.status(CouponStatus::Paused)
    }

    /// Switches the coupon on.
    #[must_use]
    pub fn activate(self) -> Self {
        self.status(CouponStatus::Active)
    }
}
