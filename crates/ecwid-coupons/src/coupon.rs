//! Convenience methods of the generated types.

use serde::Serialize;

use crate::{
    Decimal, Error, Json,
    schema::{Field, Kind, field_input::read_fields, misspelt_problem},
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit},
    value::json::members,
};

impl Coupon {
    /// Whether the store sets this field to this value, so that a copy of the coupon leaves it out.
    ///
    /// The store sets the id, the dates of creation and update, `orderCount`, and the statuses EXPIRED and USEDUP.
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

/// Copies the content of a coupon, to create another coupon or the same one in another store.
///
/// Fields that the [store sets](Coupon::is_set_by_store) are left out. To keep the order count, set `order_count` on
/// the result.
///
/// # Example
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
/// The coupon has no name or no code, because the search did not request them.
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
        // Ecwid treats an empty limit as no limit.
        for name in copied.empty_limits() {
            fields.remove(name);
        }
        read_fields(&fields).map_err(|problem| Error::invalid_request(format!("cannot copy the coupon: {problem}")))
    }
}

/// Returns the first field with a misspelled enum value, and the problem.
pub(crate) fn misspelt_value(object: &impl Serialize) -> Option<(&'static str, String)> {
    let values = members(object);
    NewCoupon::FIELDS.iter().find_map(|field| {
        let Kind::Enum(known) = field.kind else { return None };
        let text: String = values.get(field.name)?.deserialize().ok()?;
        Some((field.name, misspelt_problem(field.name, known, &text)?))
    })
}

/// Fails with an error of the operation if an enum value is misspelled.
pub(crate) fn refuse_misspelt_value(object: &impl Serialize, operation: &'static str) -> Result<(), Error> {
    misspelt_value(object).map_or(Ok(()), |(_, problem)| Err(Error::invalid_request(problem).with_operation(operation)))
}

impl NewCoupon {
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

impl CouponUpdate {
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
