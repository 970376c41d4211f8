// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

//! The types of the API's requests and answers.

use crate::schema::{field_enum::field_enum, object::object, open_enum::open_enum};

object! {
    /// A discount coupon. Every field may be missing, since `responseFields` can leave any of them out.
    #[derive(Default)]
    pub struct Coupon {
        /// The coupon's id, given by the store.
        optional id: i64 = "id",
        /// The coupon's name, shown on the storefront.
        optional name: String = "name",
        /// The code a customer types at the checkout. Unique in the store, whatever its letter case.
        optional code: String = "code",
        /// What the coupon takes off.
        optional discount_type: DiscountType = "discountType",
        /// Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others.
        optional status: CouponStatus = "status",
        /// How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT.
        optional discount: crate::Decimal = "discount",
        /// From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
        optional launch_date: crate::EcwidDateTime = "launchDate",
        /// Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
        optional expiration_date: crate::EcwidDateTime = "expirationDate",
        /// The smallest order subtotal the coupon works for, in the store's currency.
        optional total_limit: crate::Decimal = "totalLimit",
        /// How often the coupon can be used.
        optional uses_limit: UsesLimit = "usesLimit",
        /// Which customers can use the coupon.
        optional application_limit: ApplicationLimit = "applicationLimit",
        /// Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
        optional repeat_customer_only: bool = "repeatCustomerOnly",
        /// When the coupon was created.
        optional creation_date: crate::EcwidDateTime = "creationDate",
        /// When the coupon was last changed.
        optional update_date: crate::EcwidDateTime = "updateDate",
        /// How many orders used the coupon.
        optional order_count: i64 = "orderCount",
        /// The products and categories the coupon works for; all of them when absent or empty.
        optional catalog_limit: CatalogLimit = "catalogLimit",
        /// The shipping methods the coupon works for; all of them when absent or empty.
        optional shipping_limit: ShippingLimit = "shippingLimit",
    }
}

object! {
    /// A coupon to create. Fields left out get the store's defaults.
    pub struct NewCoupon {
        /// The coupon's name, shown on the storefront.
        required name: String = "name",
        /// The code a customer types at the checkout. Unique in the store, whatever its letter case.
        required code: String = "code",
        /// What the coupon takes off. ABS: A fixed amount of the store's currency off the subtotal. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: A fixed amount of the store's currency off the subtotal, and free shipping. PERCENT_AND_SHIPPING: A percentage off the subtotal, and free shipping. Defaults to ABS.
        optional discount_type: DiscountType = "discountType",
        /// Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others. ACTIVE: The coupon can be used. PAUSED: The store's owner switched the coupon off. EXPIRED: Its `expirationDate` has passed. Set by the store only. USEDUP: A coupon for a single use was used. Set by the store only. Defaults to ACTIVE.
        optional status: CouponStatus = "status",
        /// How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT. Defaults to 0.
        optional discount: crate::Decimal = "discount",
        /// From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
        optional launch_date: crate::EcwidDateTime = "launchDate",
        /// Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
        optional expiration_date: crate::EcwidDateTime = "expirationDate",
        /// The smallest order subtotal the coupon works for, in the store's currency.
        optional total_limit: crate::Decimal = "totalLimit",
        /// How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once by each customer. SINGLE: Once in all. Defaults to UNLIMITED.
        optional uses_limit: UsesLimit = "usesLimit",
        /// Which customers can use the coupon. UNLIMITED: Every customer. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store. Defaults to UNLIMITED.
        optional application_limit: ApplicationLimit = "applicationLimit",
        /// Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
        optional repeat_customer_only: bool = "repeatCustomerOnly",
        /// How many orders used the coupon. Defaults to 0.
        optional order_count: i64 = "orderCount",
        /// The products and categories the coupon works for; all of them when absent or empty.
        optional catalog_limit: CatalogLimit = "catalogLimit",
        /// The shipping methods the coupon works for; all of them when absent or empty.
        optional shipping_limit: ShippingLimit = "shippingLimit",
    }
}

impl NewCoupon {
    /// Makes one with what every `NewCoupon` has; all else is left out until it is set.
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
    /// A partial update. A field left out keeps its value, null clears it, a value sets it.
    #[derive(Default)]
    pub struct CouponUpdate {
        /// The coupon's name, shown on the storefront.
        patch name: String = "name",
        /// The code a customer types at the checkout. Unique in the store, whatever its letter case.
        patch code: String = "code",
        /// What the coupon takes off. ABS: A fixed amount of the store's currency off the subtotal. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: A fixed amount of the store's currency off the subtotal, and free shipping. PERCENT_AND_SHIPPING: A percentage off the subtotal, and free shipping.
        patch discount_type: DiscountType = "discountType",
        /// Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others. ACTIVE: The coupon can be used. PAUSED: The store's owner switched the coupon off. EXPIRED: Its `expirationDate` has passed. Set by the store only. USEDUP: A coupon for a single use was used. Set by the store only.
        patch status: CouponStatus = "status",
        /// How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT.
        clearable discount: crate::Decimal = "discount",
        /// From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
        clearable launch_date: crate::EcwidDateTime = "launchDate",
        /// Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
        clearable expiration_date: crate::EcwidDateTime = "expirationDate",
        /// The smallest order subtotal the coupon works for, in the store's currency.
        clearable total_limit: crate::Decimal = "totalLimit",
        /// How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once by each customer. SINGLE: Once in all.
        patch uses_limit: UsesLimit = "usesLimit",
        /// Which customers can use the coupon. UNLIMITED: Every customer. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
        patch application_limit: ApplicationLimit = "applicationLimit",
        /// Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
        patch repeat_customer_only: bool = "repeatCustomerOnly",
        /// How many orders used the coupon.
        patch order_count: i64 = "orderCount",
        /// The products and categories the coupon works for; all of them when absent or empty.
        clearable catalog_limit: CatalogLimit = "catalogLimit",
        /// The shipping methods the coupon works for; all of them when absent or empty.
        clearable shipping_limit: ShippingLimit = "shippingLimit",
    }
}

object! {
    /// The products and categories a coupon works for.
    #[derive(Default)]
    pub struct CatalogLimit {
        /// Ids of the products.
        optional products: Vec<i64> = "products",
        /// Ids of the categories. Category 0 is the store's front page.
        optional categories: Vec<i64> = "categories",
    }
}

object! {
    /// The shipping methods a coupon works for.
    #[derive(Default)]
    pub struct ShippingLimit {
        /// Ids of the shipping methods, such as `18765-8651899366181`.
        optional shipping_methods: Vec<String> = "shippingMethods",
    }
}

object! {
    /// One page of found coupons. Every field may be missing, since `responseFields` can leave any of them out.
    #[derive(Default)]
    pub struct CouponPage {
        /// How many coupons were found in all.
        optional total: i64 = "total",
        /// How many coupons this page holds.
        optional count: i64 = "count",
        /// How many found coupons were skipped before this page.
        optional offset: i64 = "offset",
        /// The most coupons a page of this search holds.
        optional limit: i64 = "limit",
        /// The coupons.
        optional items: Vec<Coupon> = "items",
    }
}

object! {
    /// What the store answers to a create.
    #[derive(Default)]
    pub struct CreatedCoupon {
        /// The new coupon's id.
        optional id: i64 = "id",
        /// The new coupon's code.
        optional code: String = "code",
    }
}

object! {
    /// What the store answers to an update.
    #[derive(Default)]
    pub struct UpdateResult {
        /// 1 when the coupon was updated, 0 when not, which can mean that it is not there.
        optional update_count: i64 = "updateCount",
    }
}

object! {
    /// What the store answers to a delete.
    #[derive(Default)]
    pub struct DeleteResult {
        /// 1 when the coupon was deleted, 0 when not.
        optional delete_count: i64 = "deleteCount",
    }
}

object! {
    /// One request of a batch.
    pub struct BatchRequestItem {
        /// A name of your own for the request, handed back with its answer.
        optional id: String = "id",
        /// The path below the store's own, with its query, such as `/discount_coupons?limit=10`.
        required path: String = "path",
        /// The HTTP method of the request.
        required method: BatchMethod = "method",
        /// The body of a POST or PUT, as JSON. The page's table says string, its example sends an object.
        optional body: crate::Json = "body",
    }
}

impl BatchRequestItem {
    /// Makes one with what every `BatchRequestItem` has; all else is left out until it is set.
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
    /// What the store answers to a batch.
    #[derive(Default)]
    pub struct BatchTicket {
        /// The ticket to ask for the batch's status with. Looks like a UUID and is not always one.
        optional ticket: String = "ticket",
    }
}

object! {
    /// How far a batch is.
    #[derive(Default)]
    pub struct BatchStatus {
        /// The state of the whole batch.
        optional status: BatchState = "status",
        /// How many requests the batch holds.
        optional total_requests: i64 = "totalRequests",
        /// How many of them are done.
        optional completed_requests: i64 = "completedRequests",
        /// What each request was answered, in the order sent.
        optional responses: Vec<BatchResponse> = "responses",
    }
}

object! {
    /// What one request of a batch was answered.
    #[derive(Default)]
    pub struct BatchResponse {
        /// The name the request was sent with, when it had one.
        optional id: String = "id",
        /// What became of the request.
        optional status: BatchResponseStatus = "status",
        /// The body of the answer, unless `escapedJson` was asked for.
        optional http_body: crate::Json = "httpBody",
        /// The body of the answer as JSON text, when `escapedJson` was asked for.
        optional escaped_http_body: String = "escapedHttpBody",
        /// The HTTP status of the answer.
        optional http_status_code: i32 = "httpStatusCode",
        /// The reason given with the HTTP status, such as an error's message.
        optional http_status_line: String = "httpStatusLine",
    }
}

object! {
    /// What the store says of a request it refused or failed. Every field, and the whole body, may be missing.
    #[derive(Default)]
    pub struct ApiError {
        /// What went wrong, in words.
        optional error_message: String = "errorMessage",
        /// What went wrong, as a constant such as `DISCOUNT_COUPON_NOT_FOUND`.
        optional error_code: String = "errorCode",
        /// Values that belong to the message.
        optional args: std::collections::BTreeMap<String, crate::Json> = "args",
    }
}

open_enum! {
    /// What a coupon takes off. A new coupon that names none is ABS.
    pub enum DiscountType {
        /// A fixed amount of the store's currency off the subtotal.
        Abs = "ABS",
        /// A percentage off the subtotal.
        Percent = "PERCENT",
        /// Free shipping.
        Shipping = "SHIPPING",
        /// A fixed amount of the store's currency off the subtotal, and free shipping.
        AbsAndShipping = "ABS_AND_SHIPPING",
        /// A percentage off the subtotal, and free shipping.
        PercentAndShipping = "PERCENT_AND_SHIPPING",
    }
}

open_enum! {
    /// Whether a coupon works.
    pub enum CouponStatus {
        /// The coupon can be used.
        Active = "ACTIVE",
        /// The store's owner switched the coupon off.
        Paused = "PAUSED",
        /// Its `expirationDate` has passed. Set by the store only.
        Expired = "EXPIRED",
        /// A coupon for a single use was used. Set by the store only.
        UsedUp = "USEDUP",
    }
}

open_enum! {
    /// How often a coupon can be used.
    pub enum UsesLimit {
        /// Any number of times.
        Unlimited = "UNLIMITED",
        /// Once by each customer.
        OncePerCustomer = "ONCEPERCUSTOMER",
        /// Once in all.
        Single = "SINGLE",
    }
}

open_enum! {
    /// Which customers can use a coupon.
    pub enum ApplicationLimit {
        /// Every customer.
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
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
        /// Updates.
        Put = "PUT",
        /// Deletes.
        Delete = "DELETE",
    }
}

open_enum! {
    /// The state of a batch.
    pub enum BatchState {
        /// No request is done yet.
        Queued = "QUEUED",
        /// At least one request is done.
        InProgress = "IN_PROGRESS",
        /// All requests are done.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// What became of one request of a batch.
    pub enum BatchResponseStatus {
        /// It was answered with 200.
        Completed = "COMPLETED",
        /// It was answered with another status than 200.
        Failed = "FAILED",
        /// It was not sent, since a request before it failed.
        NotExecuted = "NOT_EXECUTED",
    }
}

field_enum! {
    /// A field of a [`Coupon`], to ask for some fields and not for all.
    pub enum CouponField {
        /// The coupon's id, given by the store.
        Id = "id",
        /// The coupon's name, shown on the storefront.
        Name = "name",
        /// The code a customer types at the checkout. Unique in the store, whatever its letter case.
        Code = "code",
        /// What the coupon takes off.
        DiscountType = "discountType",
        /// Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others.
        Status = "status",
        /// How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT.
        Discount = "discount",
        /// From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
        LaunchDate = "launchDate",
        /// Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
        ExpirationDate = "expirationDate",
        /// The smallest order subtotal the coupon works for, in the store's currency.
        TotalLimit = "totalLimit",
        /// How often the coupon can be used.
        UsesLimit = "usesLimit",
        /// Which customers can use the coupon.
        ApplicationLimit = "applicationLimit",
        /// Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
        RepeatCustomerOnly = "repeatCustomerOnly",
        /// When the coupon was created.
        CreationDate = "creationDate",
        /// When the coupon was last changed.
        UpdateDate = "updateDate",
        /// How many orders used the coupon.
        OrderCount = "orderCount",
        /// The products and categories the coupon works for; all of them when absent or empty.
        CatalogLimit = "catalogLimit",
        /// Ids of the products.
        CatalogLimitProducts = "catalogLimit.products",
        /// Ids of the categories. Category 0 is the store's front page.
        CatalogLimitCategories = "catalogLimit.categories",
        /// The shipping methods the coupon works for; all of them when absent or empty.
        ShippingLimit = "shippingLimit",
        /// Ids of the shipping methods, such as `18765-8651899366181`.
        ShippingLimitShippingMethods = "shippingLimit.shippingMethods",
    }
}

/// The JSON Schema of each type, by the type's name; all that a schema refers to is in it.
///
/// The settings' contract decides whether they are of what is read or of what is written: a null that is read as absent
/// is never written.
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
        ("DiscountType", generator().into_root_schema_for::<DiscountType>()),
        ("CouponStatus", generator().into_root_schema_for::<CouponStatus>()),
        ("UsesLimit", generator().into_root_schema_for::<UsesLimit>()),
        ("ApplicationLimit", generator().into_root_schema_for::<ApplicationLimit>()),
        ("BatchMethod", generator().into_root_schema_for::<BatchMethod>()),
        ("BatchState", generator().into_root_schema_for::<BatchState>()),
        ("BatchResponseStatus", generator().into_root_schema_for::<BatchResponseStatus>()),
    ])
}
