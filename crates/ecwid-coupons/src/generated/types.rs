// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! The types of the requests and responses of the API.

use crate::schema::{field_enum::field_enum, object::object, open_enum::open_enum};

object! {
    /// A discount coupon. Any field can be absent, because `responseFields` can exclude it.
    #[derive(Default)]
    pub struct Coupon as response {
        /// The id of the coupon, assigned by the store.
        optional id [with_id]: i64 = "id",
        /// The name of the coupon, shown on the storefront.
        optional name [with_name]: String = "name",
        /// The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        optional code [with_code]: String = "code",
        /// The type of the discount.
        optional discount_type [with_discount_type]: DiscountType = "discountType",
        /// Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values.
        optional status [with_status]: CouponStatus = "status",
        /// The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
        optional discount [with_discount]: crate::Decimal = "discount",
        /// The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        optional launch_date [with_launch_date]: crate::EcwidDateTime = "launchDate",
        /// The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        optional expiration_date [with_expiration_date]: crate::EcwidDateTime = "expirationDate",
        /// The minimum order subtotal for the coupon, in the store's currency.
        optional total_limit [with_total_limit]: crate::Decimal = "totalLimit",
        /// How often the coupon can be used.
        optional uses_limit [with_uses_limit]: UsesLimit = "usesLimit",
        /// Which customers can use the coupon.
        optional application_limit [with_application_limit]: ApplicationLimit = "applicationLimit",
        /// Whether only customers with previous orders can use the coupon.
        #[deprecated(note = "use `applicationLimit`, which takes precedence")]
        optional repeat_customer_only [with_repeat_customer_only]: bool = "repeatCustomerOnly",
        /// The time at which the coupon was created.
        optional creation_date [with_creation_date]: crate::EcwidDateTime = "creationDate",
        /// The time at which the coupon was last updated.
        optional update_date [with_update_date]: crate::EcwidDateTime = "updateDate",
        /// The number of orders that used the coupon.
        optional order_count [with_order_count]: i64 = "orderCount",
        /// The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        optional catalog_limit [with_catalog_limit]: CatalogLimit = "catalogLimit",
        /// The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        optional shipping_limit [with_shipping_limit]: ShippingLimit = "shippingLimit",
    }
}

object! {
    /// A coupon to create. Absent fields get the defaults of the store.
    pub struct NewCoupon as request {
        /// The name of the coupon, shown on the storefront.
        required name [name]: String = "name",
        /// The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        required code [code]: String = "code",
        /// The type of the discount. ABS: A fixed amount off the subtotal, in the store's currency. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: Free shipping and a fixed amount off the subtotal, in the store's currency. PERCENT_AND_SHIPPING: Free shipping and a percentage off the subtotal. Defaults to ABS.
        optional discount_type [discount_type maybe_discount_type]: DiscountType = "discountType",
        /// Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values. ACTIVE: The coupon can be used. PAUSED: The store owner paused the coupon. EXPIRED: The `expirationDate` has passed. Only the store sets this value. USEDUP: The coupon had a single use and was used. Only the store sets this value. Defaults to ACTIVE.
        optional status [status maybe_status]: CouponStatus = "status",
        /// The amount of the discount, in the store's currency for ABS and in percent for PERCENT. Defaults to 0.
        optional discount [discount maybe_discount]: crate::Decimal = "discount",
        /// The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        optional launch_date [launch_date maybe_launch_date]: crate::EcwidDateTime = "launchDate",
        /// The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        optional expiration_date [expiration_date maybe_expiration_date]: crate::EcwidDateTime = "expirationDate",
        /// The minimum order subtotal for the coupon, in the store's currency.
        optional total_limit [total_limit maybe_total_limit]: crate::Decimal = "totalLimit",
        /// How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once per customer. SINGLE: Once in total. Defaults to UNLIMITED.
        optional uses_limit [uses_limit maybe_uses_limit]: UsesLimit = "usesLimit",
        /// Which customers can use the coupon. UNLIMITED: All customers. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store. Defaults to UNLIMITED.
        optional application_limit [application_limit maybe_application_limit]: ApplicationLimit = "applicationLimit",
        /// Whether only customers with previous orders can use the coupon.
        #[deprecated(note = "use `applicationLimit`, which takes precedence")]
        optional repeat_customer_only [repeat_customer_only maybe_repeat_customer_only]: bool = "repeatCustomerOnly",
        /// The number of orders that used the coupon. Defaults to 0.
        optional order_count [order_count maybe_order_count]: i64 = "orderCount",
        /// The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        optional catalog_limit [catalog_limit maybe_catalog_limit]: CatalogLimit = "catalogLimit",
        /// The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        optional shipping_limit [shipping_limit maybe_shipping_limit]: ShippingLimit = "shippingLimit",
    }
}

impl NewCoupon {
    /// Makes a `NewCoupon` with its required fields. All other fields are absent until they are set.
    #[allow(deprecated)]
    pub fn new(name: impl Into<String>, code: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            code: code.into(),
            discount_type: Default::default(),
            status: Default::default(),
            discount: Default::default(),
            launch_date: Default::default(),
            expiration_date: Default::default(),
            total_limit: Default::default(),
            uses_limit: Default::default(),
            application_limit: Default::default(),
            repeat_customer_only: Default::default(),
            order_count: Default::default(),
            catalog_limit: Default::default(),
            shipping_limit: Default::default(),
            extra: Default::default(),
        }
    }
}

object! {
    /// A partial update of a coupon. An absent field keeps its value, null clears it, and a value sets it.
    #[derive(Default)]
    pub struct CouponUpdate as request {
        /// The name of the coupon, shown on the storefront.
        patch name [name maybe_name]: String = "name",
        /// The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        patch code [code maybe_code]: String = "code",
        /// The type of the discount. ABS: A fixed amount off the subtotal, in the store's currency. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: Free shipping and a fixed amount off the subtotal, in the store's currency. PERCENT_AND_SHIPPING: Free shipping and a percentage off the subtotal.
        patch discount_type [discount_type maybe_discount_type]: DiscountType = "discountType",
        /// Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values. ACTIVE: The coupon can be used. PAUSED: The store owner paused the coupon. EXPIRED: The `expirationDate` has passed. Only the store sets this value. USEDUP: The coupon had a single use and was used. Only the store sets this value.
        patch status [status maybe_status]: CouponStatus = "status",
        /// The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
        clearable discount [discount maybe_discount clear_discount]: crate::Decimal = "discount",
        /// The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        clearable launch_date [launch_date maybe_launch_date clear_launch_date]: crate::EcwidDateTime = "launchDate",
        /// The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        clearable expiration_date [expiration_date maybe_expiration_date clear_expiration_date]: crate::EcwidDateTime = "expirationDate",
        /// The minimum order subtotal for the coupon, in the store's currency.
        clearable total_limit [total_limit maybe_total_limit clear_total_limit]: crate::Decimal = "totalLimit",
        /// How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once per customer. SINGLE: Once in total.
        patch uses_limit [uses_limit maybe_uses_limit]: UsesLimit = "usesLimit",
        /// Which customers can use the coupon. UNLIMITED: All customers. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
        patch application_limit [application_limit maybe_application_limit]: ApplicationLimit = "applicationLimit",
        /// Whether only customers with previous orders can use the coupon.
        #[deprecated(note = "use `applicationLimit`, which takes precedence")]
        patch repeat_customer_only [repeat_customer_only maybe_repeat_customer_only]: bool = "repeatCustomerOnly",
        /// The number of orders that used the coupon.
        patch order_count [order_count maybe_order_count]: i64 = "orderCount",
        /// The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        clearable catalog_limit [catalog_limit maybe_catalog_limit clear_catalog_limit]: CatalogLimit = "catalogLimit",
        /// The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        clearable shipping_limit [shipping_limit maybe_shipping_limit clear_shipping_limit]: ShippingLimit = "shippingLimit",
    }
}

object! {
    /// The products and categories that a coupon applies to.
    #[derive(Default)]
    pub struct CatalogLimit as part {
        /// The ids of the products.
        optional products [products maybe_products]: Vec<i64> = "products",
        /// The ids of the categories. Category 0 is the front page of the store.
        optional categories [categories maybe_categories]: Vec<i64> = "categories",
    }
}

object! {
    /// The shipping methods that a coupon applies to.
    #[derive(Default)]
    pub struct ShippingLimit as part {
        /// The ids of the shipping methods, such as `18765-8651899366181`.
        optional shipping_methods [shipping_methods maybe_shipping_methods]: Vec<String> = "shippingMethods",
    }
}

object! {
    /// One page of search results. Any field can be absent, because `responseFields` can exclude it.
    #[derive(Default)]
    pub struct CouponPage as response {
        /// The number of matching coupons on all pages.
        optional total [with_total]: i64 = "total",
        /// The number of coupons on this page.
        optional count [with_count]: i64 = "count",
        /// The number of matching coupons before this page.
        optional offset [with_offset]: i64 = "offset",
        /// The maximum number of coupons on a page of this search.
        optional limit [with_limit]: i64 = "limit",
        /// The coupons on this page.
        optional items [with_items]: Vec<Coupon> = "items",
    }
}

object! {
    /// The response to a create request.
    #[derive(Default)]
    pub struct CreatedCoupon as response {
        /// The id of the new coupon.
        optional id [with_id]: i64 = "id",
        /// The code of the new coupon.
        optional code [with_code]: String = "code",
    }
}

object! {
    /// The response to an update request.
    #[derive(Default)]
    pub struct UpdateResult as response {
        /// The number of updated coupons, 1 or 0. It can be 0 if the coupon does not exist.
        optional update_count [with_update_count]: i64 = "updateCount",
    }
}

object! {
    /// The response to a delete request.
    #[derive(Default)]
    pub struct DeleteResult as response {
        /// The number of deleted coupons, 1 or 0.
        optional delete_count [with_delete_count]: i64 = "deleteCount",
    }
}

object! {
    /// A request in a batch.
    pub struct BatchRequestItem as part {
        /// An id of your choice, returned with the response to the request.
        optional id [id maybe_id]: String = "id",
        /// The path and the query below the path of the store, such as `/discount_coupons?limit=10`.
        required path [path]: String = "path",
        /// The HTTP method of the request.
        required method [method]: BatchMethod = "method",
        /// The JSON body of a POST or PUT request. The documentation page says string in its table, but sends an object in its example.
        optional body [body maybe_body]: crate::RawJson = "body",
    }
}

impl BatchRequestItem {
    /// Makes a `BatchRequestItem` with its required fields. All other fields are absent until they are set.
    pub fn new(path: impl Into<String>, method: impl Into<BatchMethod>) -> Self {
        Self {
            id: Default::default(),
            path: path.into(),
            method: method.into(),
            body: Default::default(),
            extra: Default::default(),
        }
    }
}

object! {
    /// The response to a batch request.
    #[derive(Default)]
    pub struct BatchTicket as response {
        /// The ticket of the batch, used to get its status. It looks like a UUID, but is not always one.
        optional ticket [with_ticket]: String = "ticket",
    }
}

object! {
    /// The status of a batch.
    #[derive(Default)]
    pub struct BatchStatus as response {
        /// The state of the batch.
        optional status [with_status]: BatchState = "status",
        /// The number of requests in the batch.
        optional total_requests [with_total_requests]: i64 = "totalRequests",
        /// The number of completed requests.
        optional completed_requests [with_completed_requests]: i64 = "completedRequests",
        /// The responses, in the order of the requests.
        optional responses [with_responses]: Vec<BatchResponse> = "responses",
    }
}

object! {
    /// The response to a request in a batch.
    #[derive(Default)]
    pub struct BatchResponse as response {
        /// The id that was sent with the request, if any.
        optional id [with_id]: String = "id",
        /// The outcome of the request.
        optional status [with_status]: BatchResponseStatus = "status",
        /// The body of the response, unless `escapedJson` was requested.
        optional http_body [with_http_body]: crate::RawJson = "httpBody",
        /// The body of the response as JSON text, if `escapedJson` was requested.
        optional escaped_http_body [with_escaped_http_body]: String = "escapedHttpBody",
        /// The HTTP status code of the response.
        optional http_status_code [with_http_status_code]: i32 = "httpStatusCode",
        /// The reason phrase of the HTTP status, such as an error message.
        optional http_status_line [with_http_status_line]: String = "httpStatusLine",
    }
}

object! {
    /// The error response of the store. Any field, and the whole body, can be absent.
    #[derive(Default)]
    pub struct ApiError as response {
        /// A description of the error.
        optional error_message [with_error_message]: String = "errorMessage",
        /// The error code, such as `DISCOUNT_COUPON_NOT_FOUND`.
        optional error_code [with_error_code]: String = "errorCode",
        /// The values that belong to the message.
        optional args [with_args]: std::collections::BTreeMap<String, crate::RawJson> = "args",
    }
}

object! {
    /// One page of deleted coupons.
    #[derive(Default)]
    pub struct DeletedCouponPage as response {
        /// The number of matching deletions on all pages.
        optional total [with_total]: i64 = "total",
        /// The number of deletions on this page.
        optional count [with_count]: i64 = "count",
        /// The number of matching deletions before the first one on this page.
        optional offset [with_offset]: i64 = "offset",
        /// The maximum number of deletions on a page.
        optional limit [with_limit]: i64 = "limit",
        /// The deletions on this page.
        optional items [with_items]: Vec<DeletedCoupon> = "items",
    }
}

object! {
    /// A deleted coupon.
    #[derive(Default)]
    pub struct DeletedCoupon as response {
        /// The id of the coupon. No other coupon of the store gets this id.
        optional id [with_id]: i64 = "id",
        /// The time of the deletion.
        optional date [with_date]: crate::EcwidDateTime = "date",
    }
}

object! {
    /// The times of the latest changes in a store.
    #[derive(Default)]
    pub struct LatestStats as response {
        /// The time of the latest change of the products or categories.
        optional products_updated [with_products_updated]: crate::EcwidDateTime = "productsUpdated",
        /// The time of the latest change of the orders.
        optional orders_updated [with_orders_updated]: crate::EcwidDateTime = "ordersUpdated",
        /// The time of the latest change of the product reviews, if `reviewsUpdatesRequired` was sent.
        optional reviews_updated [with_reviews_updated]: crate::EcwidDateTime = "reviewsUpdated",
        /// The time of the latest change of the domains, if `domainsRequired` was sent.
        optional domains_updated [with_domains_updated]: crate::EcwidDateTime = "domainsUpdated",
        /// The time of the latest change of the store profile.
        optional profile_updated [with_profile_updated]: crate::EcwidDateTime = "profileUpdated",
        /// The time of the latest change of the categories.
        optional categories_updated [with_categories_updated]: crate::EcwidDateTime = "categoriesUpdated",
        /// The time of the latest change of the discount coupons.
        optional discount_coupons_updated [with_discount_coupons_updated]: crate::EcwidDateTime = "discountCouponsUpdated",
        /// The time of the latest change of the abandoned carts.
        optional abandoned_sales_updated [with_abandoned_sales_updated]: crate::EcwidDateTime = "abandonedSalesUpdated",
        /// The time of the latest change of the customers.
        optional customers_updated [with_customers_updated]: crate::EcwidDateTime = "customersUpdated",
        /// The time of the latest change of the subscriptions, if `subscriptionRequired` was sent.
        optional subscriptions_updated [with_subscriptions_updated]: crate::EcwidDateTime = "subscriptionsUpdated",
        /// The number of products, if `productCountRequired` was sent.
        optional product_count [with_product_count]: i64 = "productCount",
        /// The number of categories, if `categoryCountRequired` was sent.
        optional category_count [with_category_count]: i64 = "categoryCount",
    }
}

open_enum! {
    /// The type of a discount. Defaults to ABS for a new coupon.
    pub enum DiscountType {
        /// A fixed amount off the subtotal, in the store's currency.
        Abs = "ABS",
        /// A percentage off the subtotal.
        Percent = "PERCENT",
        /// Free shipping.
        Shipping = "SHIPPING",
        /// Free shipping and a fixed amount off the subtotal, in the store's currency.
        AbsAndShipping = "ABS_AND_SHIPPING",
        /// Free shipping and a percentage off the subtotal.
        PercentAndShipping = "PERCENT_AND_SHIPPING",
    }
}

open_enum! {
    /// Whether a coupon can be used.
    pub enum CouponStatus {
        /// The coupon can be used.
        Active = "ACTIVE",
        /// The store owner paused the coupon.
        Paused = "PAUSED",
        /// The `expirationDate` has passed. Only the store sets this value.
        Expired = "EXPIRED",
        /// The coupon had a single use and was used. Only the store sets this value.
        UsedUp = "USEDUP",
    }
}

open_enum! {
    /// How often a coupon can be used.
    pub enum UsesLimit {
        /// Any number of times.
        Unlimited = "UNLIMITED",
        /// Once per customer.
        OncePerCustomer = "ONCEPERCUSTOMER",
        /// Once in total.
        Single = "SINGLE",
    }
}

open_enum! {
    /// Which customers can use a coupon.
    pub enum ApplicationLimit {
        /// All customers.
        Unlimited = "UNLIMITED",
        /// Customers without an order in the store.
        NewCustomerOnly = "NEW_CUSTOMER_ONLY",
        /// Customers with an order in the store.
        RepeatCustomerOnly = "REPEAT_CUSTOMER_ONLY",
    }
}

open_enum! {
    /// The HTTP method of a request in a batch.
    pub enum BatchMethod {
        /// Reads data.
        Get = "GET",
        /// Creates an object.
        Post = "POST",
        /// Updates an object.
        Put = "PUT",
        /// Deletes an object.
        Delete = "DELETE",
    }
}

open_enum! {
    /// The state of a batch.
    pub enum BatchState {
        /// No request is completed yet.
        Queued = "QUEUED",
        /// At least one request is completed.
        InProgress = "IN_PROGRESS",
        /// All requests are completed.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// The outcome of a request in a batch.
    pub enum BatchResponseStatus {
        /// The response has status 200.
        Completed = "COMPLETED",
        /// The response has a status other than 200.
        Failed = "FAILED",
        /// The request was not sent, because an earlier request failed.
        NotExecuted = "NOT_EXECUTED",
    }
}

field_enum! {
    /// A field of a [`Coupon`], for requests that return selected fields only.
    pub enum CouponField {
        /// The id of the coupon, assigned by the store.
        Id = "id",
        /// The name of the coupon, shown on the storefront.
        Name = "name",
        /// The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        Code = "code",
        /// The type of the discount.
        DiscountType = "discountType",
        /// Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values.
        Status = "status",
        /// The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
        Discount = "discount",
        /// The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        LaunchDate = "launchDate",
        /// The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        ExpirationDate = "expirationDate",
        /// The minimum order subtotal for the coupon, in the store's currency.
        TotalLimit = "totalLimit",
        /// How often the coupon can be used.
        UsesLimit = "usesLimit",
        /// Which customers can use the coupon.
        ApplicationLimit = "applicationLimit",
        /// Whether only customers with previous orders can use the coupon.
        #[deprecated(note = "use `applicationLimit`, which takes precedence")]
        RepeatCustomerOnly = "repeatCustomerOnly",
        /// The time at which the coupon was created.
        CreationDate = "creationDate",
        /// The time at which the coupon was last updated.
        UpdateDate = "updateDate",
        /// The number of orders that used the coupon.
        OrderCount = "orderCount",
        /// The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        CatalogLimit = "catalogLimit",
        /// The ids of the products.
        CatalogLimitProducts = "catalogLimit.products",
        /// The ids of the categories. Category 0 is the front page of the store.
        CatalogLimitCategories = "catalogLimit.categories",
        /// The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        ShippingLimit = "shippingLimit",
        /// The ids of the shipping methods, such as `18765-8651899366181`.
        ShippingLimitShippingMethods = "shippingLimit.shippingMethods",
    }
}

/// Returns the JSON Schema of each type, by the name of the type. Each schema contains the schemas that it refers to.
///
/// The contract in the settings determines whether the schemas describe reading or writing. For example, null is read as an
/// absent field, but an absent field is never written as null.
#[cfg(feature = "schemars")]
pub fn json_schemas(
    settings: schemars::generate::SchemaSettings,
) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
    let generator = || settings.clone().into_generator();
    std::collections::BTreeMap::from([
        ("Coupon", generator().into_root_schema_for::<Coupon>()),
        ("NewCoupon", generator().into_root_schema_for::<NewCoupon>()),
        ("CouponUpdate", generator().into_root_schema_for::<CouponUpdate>()),
        ("CatalogLimit", generator().into_root_schema_for::<CatalogLimit>()),
        ("ShippingLimit", generator().into_root_schema_for::<ShippingLimit>()),
        ("CouponPage", generator().into_root_schema_for::<CouponPage>()),
        ("CreatedCoupon", generator().into_root_schema_for::<CreatedCoupon>()),
        ("UpdateResult", generator().into_root_schema_for::<UpdateResult>()),
        ("DeleteResult", generator().into_root_schema_for::<DeleteResult>()),
        ("BatchRequestItem", generator().into_root_schema_for::<BatchRequestItem>()),
        ("BatchTicket", generator().into_root_schema_for::<BatchTicket>()),
        ("BatchStatus", generator().into_root_schema_for::<BatchStatus>()),
        ("BatchResponse", generator().into_root_schema_for::<BatchResponse>()),
        ("ApiError", generator().into_root_schema_for::<ApiError>()),
        ("DeletedCouponPage", generator().into_root_schema_for::<DeletedCouponPage>()),
        ("DeletedCoupon", generator().into_root_schema_for::<DeletedCoupon>()),
        ("LatestStats", generator().into_root_schema_for::<LatestStats>()),
        ("DiscountType", generator().into_root_schema_for::<DiscountType>()),
        ("CouponStatus", generator().into_root_schema_for::<CouponStatus>()),
        ("UsesLimit", generator().into_root_schema_for::<UsesLimit>()),
        ("ApplicationLimit", generator().into_root_schema_for::<ApplicationLimit>()),
        ("BatchMethod", generator().into_root_schema_for::<BatchMethod>()),
        ("BatchState", generator().into_root_schema_for::<BatchState>()),
        ("BatchResponseStatus", generator().into_root_schema_for::<BatchResponseStatus>()),
    ])
}
