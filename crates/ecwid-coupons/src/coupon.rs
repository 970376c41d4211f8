//! Conveniences on the generated types.

use crate::{
    Decimal,
    types::{ApplicationLimit, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit},
};

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
        fn is_empty<T>(list: &Option<Vec<T>>) -> bool {
            list.as_ref().is_none_or(Vec::is_empty)
        }
        let catalog = self.catalog_limit.as_ref();
        if catalog.is_some_and(|it| is_empty(&it.products) && is_empty(&it.categories) && it.extra.is_empty()) {
            return Some("catalogLimit");
        }
        let shipping = self.shipping_limit.as_ref();
        shipping.is_some_and(|it| is_empty(&it.shipping_methods) && it.extra.is_empty()).then_some("shippingLimit")
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
