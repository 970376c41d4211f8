//! Types like those of progenitor: derived structs, dates parsed by chrono, unknown fields dropped. The enums of progenitor are
//! closed. These enums accept unknown values, so that both contenders can parse every page.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

// The fields are parsed for the measurement only.
#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Coupon {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) discount_type: Option<DiscountType>,
    pub(crate) status: Option<CouponStatus>,
    pub(crate) discount: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "date")]
    pub(crate) launch_date: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "date")]
    pub(crate) expiration_date: Option<DateTime<FixedOffset>>,
    pub(crate) total_limit: Option<Box<RawValue>>,
    pub(crate) uses_limit: Option<UsesLimit>,
    pub(crate) application_limit: Option<ApplicationLimit>,
    pub(crate) repeat_customer_only: Option<bool>,
    #[serde(default, deserialize_with = "date")]
    pub(crate) creation_date: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "date")]
    pub(crate) update_date: Option<DateTime<FixedOffset>>,
    pub(crate) order_count: Option<i64>,
    pub(crate) catalog_limit: Option<CatalogLimit>,
    pub(crate) shipping_limit: Option<ShippingLimit>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogLimit {
    pub(crate) products: Option<Vec<i64>>,
    pub(crate) categories: Option<Vec<i64>>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShippingLimit {
    pub(crate) shipping_methods: Option<Vec<String>>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CouponPage {
    pub(crate) total: Option<i64>,
    pub(crate) count: Option<i64>,
    pub(crate) offset: Option<i64>,
    pub(crate) limit: Option<i64>,
    pub(crate) items: Vec<Coupon>,
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S %z")).transpose().map_err(D::Error::custom)
}

macro_rules! text_enum {
    ($name:ident { $($variant:ident = $value:literal,)* }) => {
        #[allow(dead_code)]
        #[derive(Deserialize)]
        #[serde(from = "String")]
        pub(crate) enum $name { $($variant,)* Other(String) }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::Other(value),
                }
            }
        }
    };
}

text_enum! { DiscountType {
    Abs = "ABS",
    Percent = "PERCENT",
    Shipping = "SHIPPING",
    AbsAndShipping = "ABS_AND_SHIPPING",
    PercentAndShipping = "PERCENT_AND_SHIPPING",
} }

text_enum! { CouponStatus {
    Active = "ACTIVE",
    Paused = "PAUSED",
    Expired = "EXPIRED",
    UsedUp = "USEDUP",
} }

text_enum! { UsesLimit {
    Unlimited = "UNLIMITED",
    OncePerCustomer = "ONCEPERCUSTOMER",
    Single = "SINGLE",
} }

text_enum! { ApplicationLimit {
    Unlimited = "UNLIMITED",
    NewCustomerOnly = "NEW_CUSTOMER_ONLY",
    RepeatCustomerOnly = "REPEAT_CUSTOMER_ONLY",
} }
