//! [`Difference`]: comparison of a sent coupon with the stored one.

use chrono::{DateTime, Days, Utc};

use crate::{
    JsonObject, RawJson,
    schema::{Kind, kind_of},
    types::{Coupon, CouponUpdate, NewCoupon},
    value::json::members,
};

/// A field in which the stored coupon differs from the sent one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The name of the field in JSON. Names of nested fields have a dot, as in `catalogLimit.products`.
    pub field: String,
    /// The sent value. If the field was left out, its documented default, or null if it has none.
    pub sent: RawJson,
    /// The stored value, if there is one.
    pub stored: Option<RawJson>,
}

/// The default values of fields that a create leaves out, as JSON. Ecwid documents them, with two exceptions. The
/// default of `applicationLimit` follows from the documented default of `repeatCustomerOnly`, and a `totalLimit` of 0
/// is no limit.
const DEFAULTS: [(&str, &str); 6] = [
    ("discountType", r#""ABS""#),
    ("status", r#""ACTIVE""#),
    ("discount", "0"),
    ("totalLimit", "0"),
    ("usesLimit", r#""UNLIMITED""#),
    ("applicationLimit", r#""UNLIMITED""#),
];

/// Fields whose default is null: no end and no limit.
const NOTHING_IF_LEFT_OUT: [&str; 3] = ["expirationDate", "catalogLimit", "shippingLimit"];

impl NewCoupon {
    /// Returns the fields in which a stored coupon differs from this one. Empty if the store could have made it from this
    /// one.
    ///
    /// A field that is left out is compared with its default. The order count, the statuses EXPIRED and USEDUP, and the
    /// dates of the store are no differences.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::types::{Coupon, NewCoupon};
    ///
    /// let stored: Coupon = serde_json::from_str(
    ///     r#"{"id":1,"name":"10% OFF","code":"FIRST","discountType":"PERCENT","discount":10.0,"status":"USEDUP","orderCount":1}"#,
    /// )?;
    /// assert!(NewCoupon::percent("10% OFF", "first", 10).differences(&stored).is_empty());
    /// assert_eq!(NewCoupon::percent("10% OFF", "first", 15).differences(&stored)[0].field, "discount");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn differences(&self, stored: &Coupon) -> Vec<Difference> {
        of_new(self, stored)
    }
}

/// Compares the stored coupon with the coupon that was to be created.
///
/// A field that was left out is compared with its default. Changes by the store are no difference: the order count, the
/// statuses EXPIRED and USEDUP, the dates of the store, and a launch date that was left out.
pub(crate) fn of_new(sent: &NewCoupon, stored: &Coupon) -> Vec<Difference> {
    let (mut sent, mut found) = (members(sent), members(stored));
    for members in [&mut sent, &mut found] {
        join_application_limit(members);
        for (name, value) in DEFAULTS {
            members.entry(name.to_owned()).or_insert_with(|| value.parse().expect("each default is JSON"));
        }
    }
    sent.remove("orderCount");
    for name in NOTHING_IF_LEFT_OUT {
        sent.entry(name.to_owned()).or_insert_with(null);
    }
    if is_launched_later(stored) {
        sent.entry("launchDate".to_owned()).or_insert_with(null);
    }
    differences(&sent, &found)
}

/// Compares the stored coupon with an update. Fields that the update does not change are ignored.
pub(crate) fn of_update(sent: &CouponUpdate, stored: &Coupon) -> Vec<Difference> {
    let mut changes = changes_of(sent, stored);
    changes.retain(|change| change.field != "orderCount");
    changes
}

/// Returns the fields that an update would change. The order count is one of them.
///
/// A field that is cleared is compared with its default.
pub fn changes_of(update: &CouponUpdate, stored: &Coupon) -> Vec<Difference> {
    let mut changes = differences(&members(update), &members(stored));
    changes.retain(|Difference { field, sent, stored }| {
        let Some((_, default)) = DEFAULTS.iter().find(|(name, _)| name == field) else { return true };
        let default: RawJson = default.parse().expect("each default is JSON");
        let sent = if sent.as_str() == "null" { &default } else { sent };
        let stored = stored.as_ref().unwrap_or(&default);
        !same(field, kind_of(Coupon::FIELDS, field).unwrap_or(Kind::Json), sent, Some(stored))
    });
    changes
}

fn differences(sent: &JsonObject, stored: &JsonObject) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (name, sent) in sent {
        differ(
            name.clone(),
            kind_of(Coupon::FIELDS, name).unwrap_or(Kind::Json),
            sent,
            stored.get(name),
            &mut differences,
        );
    }
    differences
}

fn null() -> RawJson {
    "null".parse().expect("null is JSON")
}

/// Replaces the deprecated `repeatCustomerOnly` by the `applicationLimit` with the same meaning.
fn join_application_limit(members: &mut JsonObject) {
    let repeat_only = members.remove("repeatCustomerOnly").is_some_and(|json| json.as_str() == "true");
    if repeat_only {
        let limit = || r#""REPEAT_CUSTOMER_ONLY""#.parse().expect("a text is JSON");
        members.entry("applicationLimit".to_owned()).or_insert_with(limit);
    }
}

/// Whether the coupon is valid from a later time only. The store may fill in its own time of the create.
pub fn is_launched_later(stored: &Coupon) -> bool {
    let instant = |date: &crate::EcwidDateTime| date.to_utc();
    let Some(launch) = stored.launch_date.as_ref().and_then(instant) else { return false };
    let created = stored.creation_date.as_ref().and_then(instant).unwrap_or(DateTime::<Utc>::MIN_UTC);
    launch > Utc::now().max(created.checked_add_days(Days::new(1)).unwrap_or(created))
}

/// Adds the differences of a field, or of its nested fields.
fn differ(field: String, kind: Kind, sent: &RawJson, stored: Option<&RawJson>, differences: &mut Vec<Difference>) {
    let Kind::Object(inner) = kind else {
        if !same(&field, kind, sent, stored) {
            differences.push(Difference { field, sent: sent.clone(), stored: stored.cloned() });
        }
        return;
    };
    let read = |json: Option<&RawJson>| json.and_then(|json| json.deserialize::<JsonObject>().ok()).unwrap_or_default();
    let (sent, stored) = (read(Some(sent)), read(stored));
    // The lists of a limit belong together, so a list that was not sent counts too.
    let mut names: Vec<_> = sent.keys().chain(stored.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let path = format!("{field}.{name}");
        let sent = sent.get(name).cloned().unwrap_or_else(null);
        differ(path, kind_of(inner, name).unwrap_or(Kind::Json), &sent, stored.get(name), differences);
    }
}

fn same(field: &str, kind: Kind, sent: &RawJson, stored: Option<&RawJson>) -> bool {
    // The store leaves out fields that are not set. An empty list counts as not set.
    let is_nothing = |json: &RawJson| {
        json.as_str() == "null"
            || matches!(kind, Kind::List(_)) && json.deserialize::<Vec<RawJson>>().is_ok_and(|list| list.is_empty())
    };
    let Some(stored) = stored.filter(|json| !is_nothing(json)) else { return is_nothing(sent) };
    fn equal<T: serde::de::DeserializeOwned + PartialEq>(one: &RawJson, other: &RawJson) -> bool {
        matches!((one.deserialize::<T>(), other.deserialize::<T>()), (Ok(one), Ok(other)) if one == other)
    }
    match kind {
        Kind::Decimal => equal::<crate::Decimal>(sent, stored),
        Kind::DateTime => equal::<crate::EcwidDateTime>(sent, stored),
        Kind::List(_) => {
            let sorted = |json: &RawJson| {
                let mut items: Vec<_> =
                    json.deserialize::<Vec<RawJson>>().unwrap_or_default().iter().map(RawJson::to_string).collect();
                items.sort();
                items.dedup();
                items
            };
            sorted(sent) == sorted(stored)
        }
        // The store may change the letter case of a code.
        Kind::Text if field == "code" => sent.to_string().to_lowercase() == stored.to_string().to_lowercase(),
        // The store sets these statuses.
        Kind::Enum(_) if field == "status" && matches!(stored.as_str(), r#""EXPIRED""# | r#""USEDUP""#) => true,
        _ => equal::<serde_json::Value>(sent, stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ApplicationLimit, CatalogLimit, CouponStatus, ShippingLimit, UsesLimit};

    fn fields(found: Vec<Difference>) -> Vec<String> {
        found.into_iter().map(|it| it.field).collect()
    }

    fn date(text: &str) -> crate::EcwidDateTime {
        text.parse().unwrap()
    }

    fn new() -> NewCoupon {
        NewCoupon::percent("Name", "CODE", "10.50".parse::<crate::Decimal>().unwrap())
            .launch_date(date("2024-06-06 08:00:00 +0400"))
            .for_products([2, 1])
    }

    fn stored() -> Coupon {
        serde_json::from_str(
            r#"{"id":1,"name":"Name","code":"code","discountType":"PERCENT","discount":10.5,"status":"ACTIVE","orderCount":0,
                "launchDate":"2024-06-06 04:00:00 +0000","catalogLimit":{"products":[1,2]},"applicationLimit":"UNLIMITED",
                "creationDate":"2024-06-06 04:00:00 +0000","repeatCustomerOnly":false}"#,
        )
        .unwrap()
    }

    #[test]
    #[expect(deprecated, reason = "the test needs the field")]
    fn the_same_content_has_no_differences() {
        assert_eq!(fields(of_new(&new(), &stored())), [""; 0]);
        let sparse = Coupon { status: None, application_limit: None, repeat_customer_only: None, ..stored() };
        assert_eq!(fields(of_new(&new(), &sparse)), [""; 0]);
        let explicit = new().total_limit(0).uses_limit(UsesLimit::Unlimited).repeat_customer_only(false);
        assert_eq!(fields(of_new(&explicit, &stored())), [""; 0]);
        let repeat =
            stored().with_application_limit(ApplicationLimit::RepeatCustomerOnly).with_repeat_customer_only(true);
        assert_eq!(fields(of_new(&new().repeat_customer_only(true), &repeat)), [""; 0]);
    }

    #[test]
    fn changes_by_the_store_are_no_differences() {
        for status in [CouponStatus::Expired, CouponStatus::UsedUp] {
            let used = stored().with_status(status.clone()).with_order_count(3);
            assert_eq!(fields(of_new(&new(), &used)), [""; 0]);
            assert_eq!(
                fields(of_new(&new().status(CouponStatus::Paused).order_count(0), &used)),
                [""; 0],
                "{status:?}"
            );
        }
        // The store sets the launch date to the time of the create, or leaves it out.
        let no_launch = NewCoupon { launch_date: None, ..new() };
        assert_eq!(fields(of_new(&no_launch, &stored())), [""; 0]);
        // The clock of the store may be ahead.
        let ahead = stored().with_launch_date(date("2999-01-01 00:00:10 +0000"));
        let ahead = ahead.with_creation_date(date("2999-01-01 00:00:10 +0000"));
        assert_eq!(fields(of_new(&no_launch, &ahead)), [""; 0]);
    }

    #[test]
    fn differences_are_named() {
        let differ = |stored: Coupon| fields(of_new(&new(), &stored));
        assert_eq!(differ(stored().with_name("Other").with_discount(11)), ["discount", "name"]);
        let products = |limit: CatalogLimit| stored().with_catalog_limit(limit);
        assert_eq!(differ(products(CatalogLimit::default().products(vec![1]))), ["catalogLimit.products"]);
        let both = CatalogLimit::default().products(vec![1, 2]).categories(vec![5]);
        assert_eq!(differ(products(both)), ["catalogLimit.categories"]);
        let bare = Coupon { catalog_limit: None, launch_date: None, ..stored() };
        assert_eq!(differ(bare), ["catalogLimit.products", "launchDate"]);
    }

    #[test]
    #[expect(deprecated, reason = "the test needs the field")]
    fn fields_that_were_left_out_are_compared_with_their_defaults() {
        let sent = NewCoupon::new("Name", "CODE");
        let plain: Coupon =
            serde_json::from_str(r#"{"id":1,"name":"Name","code":"CODE","status":"ACTIVE","discountType":"ABS"}"#)
                .unwrap();
        assert_eq!(fields(of_new(&sent, &plain)), [""; 0]);
        for (field, other) in [
            ("discountType", plain.clone().with_discount_type(crate::types::DiscountType::Percent)),
            ("discount", plain.clone().with_discount(5)),
            ("status", plain.clone().with_status(CouponStatus::Paused)),
            ("totalLimit", plain.clone().with_total_limit(1000)),
            ("usesLimit", plain.clone().with_uses_limit(UsesLimit::Single)),
            ("applicationLimit", plain.clone().with_application_limit(ApplicationLimit::NewCustomerOnly)),
            ("applicationLimit", plain.clone().with_repeat_customer_only(true)),
            ("launchDate", plain.clone().with_launch_date(date("2999-01-01 00:00:00 +0000"))),
            ("expirationDate", plain.clone().with_expiration_date(date("2999-01-01 00:00:00 +0000"))),
            ("catalogLimit.products", plain.clone().with_catalog_limit(CatalogLimit::default().products(vec![1]))),
            (
                "shippingLimit.shippingMethods",
                plain.clone().with_shipping_limit(ShippingLimit::default().shipping_methods(vec!["1-2".to_owned()])),
            ),
        ] {
            let found = of_new(&sent, &other);
            assert_eq!(found.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), [field]);
            assert!(found[0].stored.is_some(), "{field}");
        }
    }

    #[test]
    fn an_update_is_compared_in_what_it_changes() {
        let update = CouponUpdate::default().code("code").discount(10).name("Name");
        assert_eq!(fields(of_update(&update, &stored())), ["discount"]);
        let update = CouponUpdate::default().code("CODE").clear_total_limit();
        assert_eq!(fields(of_update(&update, &stored())), [""; 0]);
        assert_eq!(fields(of_update(&update, &stored().with_total_limit(5))), ["totalLimit"]);
        // The store replaces a cleared amount by its default.
        let update = CouponUpdate::default().clear_discount().clear_expiration_date().order_count(7);
        assert_eq!(fields(of_update(&update, &stored().with_discount(0))), [""; 0]);
        assert_eq!(fields(of_update(&update, &stored())), ["discount"]);
        assert_eq!(fields(of_update(&CouponUpdate::default().total_limit(0), &stored())), [""; 0]);
    }
}
