// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! The Python classes, the search filters, and the table columns.

use ecwid_coupons::Search;
use pyo3::prelude::*;

use crate::{
    from_python::filter::filter,
    to_python::{model::model, value::enums},
};

model! {
    /// A discount coupon. Any field can be absent, because `responseFields` can exclude it.
    ///
    /// Examples:
    ///     >>> Coupon(id=1).id
    ///     1
    #[example("id=1", "{\"id\":1}", "{'id': 1}")]
    pub class Coupon {
        /// The id of the coupon, assigned by the store.
        id,
        /// The name of the coupon, shown on the storefront.
        name,
        /// The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        code,
        /// The type of the discount.
        discount_type,
        /// Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values.
        status,
        /// The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
        discount,
        /// The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        launch_date,
        /// The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        expiration_date,
        /// The minimum order subtotal for the coupon, in the store's currency.
        total_limit,
        /// How often the coupon can be used.
        uses_limit,
        /// Which customers can use the coupon.
        application_limit,
        /// Whether only customers with previous orders can use the coupon. Deprecated: use `applicationLimit`, which takes precedence.
        repeat_customer_only,
        /// The time at which the coupon was created.
        creation_date,
        /// The time at which the coupon was last updated.
        update_date,
        /// The number of orders that used the coupon.
        order_count,
        /// The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        catalog_limit,
        /// The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        shipping_limit,
    }
}

model! {
    /// The products and categories that a coupon applies to.
    ///
    /// Examples:
    ///     >>> CatalogLimit(products=[1]).products
    ///     (1,)
    #[example("products=[1]", "{\"products\":[1]}", "{'products': (1,)}")]
    pub class CatalogLimit {
        /// The ids of the products.
        products,
        /// The ids of the categories. Category 0 is the front page of the store.
        categories,
    }
}

model! {
    /// The shipping methods that a coupon applies to.
    ///
    /// Examples:
    ///     >>> ShippingLimit(shipping_methods=["A"]).shipping_methods
    ///     ('A',)
    #[example("shipping_methods=[\"A\"]", "{\"shippingMethods\":[\"A\"]}", "{'shipping_methods': ('A',)}")]
    pub class ShippingLimit {
        /// The ids of the shipping methods, such as `18765-8651899366181`.
        shipping_methods,
    }
}

model! {
    /// The response to an update request.
    ///
    /// Examples:
    ///     >>> UpdateResult(update_count=1).update_count
    ///     1
    #[example("update_count=1", "{\"updateCount\":1}", "{'update_count': 1}")]
    pub class UpdateResult {
        /// The number of updated coupons, 1 or 0. It can be 0 if the coupon does not exist.
        update_count,
    }
}

model! {
    /// The response to a delete request.
    ///
    /// Examples:
    ///     >>> DeleteResult(delete_count=1).delete_count
    ///     1
    #[example("delete_count=1", "{\"deleteCount\":1}", "{'delete_count': 1}")]
    pub class DeleteResult {
        /// The number of deleted coupons, 1 or 0.
        delete_count,
    }
}

model! {
    /// A deleted coupon.
    ///
    /// Examples:
    ///     >>> DeletedCoupon(id=1).id
    ///     1
    #[example("id=1", "{\"id\":1}", "{'id': 1}")]
    pub class DeletedCoupon {
        /// The id of the coupon. No other coupon of the store gets this id.
        id,
        /// The time of the deletion.
        date,
    }
}

model! {
    /// The times of the latest changes in a store.
    ///
    /// Examples:
    ///     >>> LatestStats(product_count=1).product_count
    ///     1
    #[example("product_count=1", "{\"productCount\":1}", "{'product_count': 1}")]
    pub class LatestStats {
        /// The time of the latest change of the products or categories.
        products_updated,
        /// The time of the latest change of the orders.
        orders_updated,
        /// The time of the latest change of the product reviews, if `reviewsUpdatesRequired` was sent.
        reviews_updated,
        /// The time of the latest change of the domains, if `domainsRequired` was sent.
        domains_updated,
        /// The time of the latest change of the store profile.
        profile_updated,
        /// The time of the latest change of the categories.
        categories_updated,
        /// The time of the latest change of the discount coupons.
        discount_coupons_updated,
        /// The time of the latest change of the abandoned carts.
        abandoned_sales_updated,
        /// The time of the latest change of the customers.
        customers_updated,
        /// The time of the latest change of the subscriptions, if `subscriptionRequired` was sent.
        subscriptions_updated,
        /// The number of products, if `productCountRequired` was sent.
        product_count,
        /// The number of categories, if `categoryCountRequired` was sent.
        category_count,
    }
}

enums! {
    DiscountType
    CouponStatus
    UsesLimit
    ApplicationLimit
    BatchMethod
    BatchState
    BatchResponseStatus
}

/// Adds the classes to the module.
pub(crate) fn add_classes(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Coupon>()?;
    module.add_class::<CatalogLimit>()?;
    module.add_class::<ShippingLimit>()?;
    module.add_class::<UpdateResult>()?;
    module.add_class::<DeleteResult>()?;
    module.add_class::<DeletedCoupon>()?;
    module.add_class::<LatestStats>()?;
    Ok(())
}

/// Sets a search filter by its name. Returns `None` if there is no such filter.
pub(crate) fn with_filter(search: Search, name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<Search>> {
    Ok(Some(match name {
        "code" => search.code(filter::<String>(name, value)?),
        "discount_type" => search.discount_type(filter::<ecwid_coupons::CommaList<ecwid_coupons::types::DiscountType>>(name, value)?),
        "status" => search.status(filter::<ecwid_coupons::CommaList<ecwid_coupons::types::CouponStatus>>(name, value)?),
        "created_from" => search.created_from(filter::<ecwid_coupons::TimeFilter>(name, value)?),
        "created_to" => search.created_to(filter::<ecwid_coupons::TimeFilter>(name, value)?),
        "updated_from" => search.updated_from(filter::<ecwid_coupons::TimeFilter>(name, value)?),
        "updated_to" => search.updated_to(filter::<ecwid_coupons::TimeFilter>(name, value)?),
        _ => return Ok(None),
    }))
}

/// The table columns: one for each field, and one for each field of an inner object.
pub(crate) mod columns {
    use arrow_array::ArrayRef;
    use arrow_schema::{DataType, Field};
    use ecwid_coupons::types::Coupon;

    use crate::to_python::columns::{ColumnType, Layout, column, texts};

    /// Returns the names and types of the columns.
    pub(crate) fn fields(layout: Layout) -> Vec<Field> {
        vec![
            Field::new("id", <i64>::data_type(layout), true),
            Field::new("name", <String>::data_type(layout), true),
            Field::new("code", <String>::data_type(layout), true),
            Field::new("discount_type", DataType::Utf8, true),
            Field::new("status", DataType::Utf8, true),
            Field::new("discount", <ecwid_coupons::Decimal>::data_type(layout), true),
            Field::new("launch_date", <ecwid_coupons::EcwidDateTime>::data_type(layout), true),
            Field::new("expiration_date", <ecwid_coupons::EcwidDateTime>::data_type(layout), true),
            Field::new("total_limit", <ecwid_coupons::Decimal>::data_type(layout), true),
            Field::new("uses_limit", DataType::Utf8, true),
            Field::new("application_limit", DataType::Utf8, true),
            Field::new("repeat_customer_only", <bool>::data_type(layout), true),
            Field::new("creation_date", <ecwid_coupons::EcwidDateTime>::data_type(layout), true),
            Field::new("update_date", <ecwid_coupons::EcwidDateTime>::data_type(layout), true),
            Field::new("order_count", <i64>::data_type(layout), true),
            Field::new("catalog_limit_products", <Vec<i64>>::data_type(layout), true),
            Field::new("catalog_limit_categories", <Vec<i64>>::data_type(layout), true),
            Field::new("shipping_limit_shipping_methods", <Vec<String>>::data_type(layout), true),
        ]
    }

    /// Returns the values of the columns.
    #[allow(deprecated)]
    pub(crate) fn arrays(coupons: &[&Coupon], layout: Layout) -> Result<Vec<ArrayRef>, String> {
        Ok(vec![
            column::<i64>("id", coupons, layout, |it| it.id.as_ref())?,
            column::<String>("name", coupons, layout, |it| it.name.as_ref())?,
            column::<String>("code", coupons, layout, |it| it.code.as_ref())?,
            texts(coupons.iter().map(|it| it.discount_type.as_ref()), |it| it.as_str()),
            texts(coupons.iter().map(|it| it.status.as_ref()), |it| it.as_str()),
            column::<ecwid_coupons::Decimal>("discount", coupons, layout, |it| it.discount.as_ref())?,
            column::<ecwid_coupons::EcwidDateTime>("launch_date", coupons, layout, |it| it.launch_date.as_ref())?,
            column::<ecwid_coupons::EcwidDateTime>("expiration_date", coupons, layout, |it| it.expiration_date.as_ref())?,
            column::<ecwid_coupons::Decimal>("total_limit", coupons, layout, |it| it.total_limit.as_ref())?,
            texts(coupons.iter().map(|it| it.uses_limit.as_ref()), |it| it.as_str()),
            texts(coupons.iter().map(|it| it.application_limit.as_ref()), |it| it.as_str()),
            column::<bool>("repeat_customer_only", coupons, layout, |it| it.repeat_customer_only.as_ref())?,
            column::<ecwid_coupons::EcwidDateTime>("creation_date", coupons, layout, |it| it.creation_date.as_ref())?,
            column::<ecwid_coupons::EcwidDateTime>("update_date", coupons, layout, |it| it.update_date.as_ref())?,
            column::<i64>("order_count", coupons, layout, |it| it.order_count.as_ref())?,
            column::<Vec<i64>>("catalog_limit_products", coupons, layout, |it| it.catalog_limit.as_ref()?.products.as_ref())?,
            column::<Vec<i64>>("catalog_limit_categories", coupons, layout, |it| it.catalog_limit.as_ref()?.categories.as_ref())?,
            column::<Vec<String>>("shipping_limit_shipping_methods", coupons, layout, |it| it.shipping_limit.as_ref()?.shipping_methods.as_ref())?,
        ])
    }
}
