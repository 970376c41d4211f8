//! Conveniences on the generated types.

use crate::{
    Decimal,
    types::{
        ApplicationLimit, CatalogLimit, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit,
    },
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

    /// It works for these products only, by their ids.
    #[must_use]
    pub fn for_products(self, products: impl IntoIterator<Item = i64>) -> Self {
        self.catalog_limit(CatalogLimit::default().products(products.into_iter().collect::<Vec<_>>()))
    }

    /// It works for these shipping methods only, by their ids.
    #[must_use]
    pub fn for_shipping_methods<I: IntoIterator<Item = impl Into<String>>>(self, methods: I) -> Self {
        let methods: Vec<_> = methods.into_iter().map(Into::into).collect();
        self.shipping_limit(ShippingLimit::default().shipping_methods(methods))
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
