//! How the store processes a coupon: defaults, checks, dates in UTC, and the EXPIRED status.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, Datelike, Utc};
use ecwid_coupons::{
    __private::Unchecked,
    DayBound, Decimal, EcwidDateTime, Patch, RawJson,
    schema::{Field, Kind},
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon, UsesLimit},
};
use serde::Serialize;

use crate::{
    http::{parameters, problem::Problem},
    rule::Rule,
};

/// The maximum number of characters in a code.
const CODE_LENGTH: usize = 128;

/// The maximum size of a coupon's JSON in bytes. It limits the memory for a page of coupons.
const COUPON_SIZE: usize = 256 * 1024;

/// The members of a coupon by name, each as JSON text.
type Members = BTreeMap<String, RawJson>;

/// Returns the coupon that a create request describes, without an id.
pub(crate) fn create(body: &Bytes, now: DateTime<Utc>) -> Result<Coupon, Problem> {
    let Unchecked(mut new): Unchecked<NewCoupon> = parameters::body(body)?;
    new.extra.clear();
    Rule::ReadOnlyFieldsAreIgnored.trace();
    Rule::UnsetFieldsGetDefaults.trace();
    Rule::TimeIsOfTheClock.trace();
    // Both types have the same members, so a new field in the document needs no code here.
    let sent = RawJson::from_value(&new)?;
    check_enums(&sent.deserialize()?)?;
    let mut coupon: Coupon = sent.deserialize()?;
    #[expect(deprecated, reason = "the store supports it")]
    let limit = match coupon.repeat_customer_only {
        Some(true) => ApplicationLimit::RepeatCustomerOnly,
        _ => ApplicationLimit::Unlimited,
    };
    // An unknown status is refused by the check below.
    coupon.status = coupon.status.take().filter(|status| !is_set_by_the_store(status));
    coupon.discount_type.get_or_insert(DiscountType::Abs);
    coupon.status.get_or_insert(CouponStatus::Active);
    coupon.discount.get_or_insert_with(|| Decimal::from(0));
    coupon.uses_limit.get_or_insert(UsesLimit::Unlimited);
    coupon.application_limit.get_or_insert(limit);
    coupon.order_count.get_or_insert(0);
    coupon.creation_date = Some(now.into());
    coupon.update_date = Some(now.into());
    settle(&mut coupon)?;
    Ok(coupon)
}

/// Returns the updated coupon, or `None` if the update changes no field.
pub(crate) fn update(body: &Bytes, old: &Coupon, now: DateTime<Utc>) -> Result<Option<Coupon>, Problem> {
    let sent: Members = parameters::body(body)?;
    let Unchecked(mut update): Unchecked<CouponUpdate> = parameters::body(body)?;
    if let Some(field) = CouponUpdate::FIELDS.iter().find(|field| !field.clearable && is_null(sent.get(field.name))) {
        return Err(Problem::wrong_value(field.name, "null", "a value, because this field cannot be cleared"));
    }
    update.extra.clear();
    if update.status.value().is_some_and(is_set_by_the_store) {
        update.status = Patch::Keep;
    }
    if update == CouponUpdate::default() {
        return Ok(None);
    }
    if update.application_limit.is_keep() {
        #[expect(deprecated, reason = "the store supports it")]
        let repeat_only = update.repeat_customer_only.value();
        update.application_limit = match (repeat_only, &old.application_limit) {
            (Some(true), _) => Patch::Set(ApplicationLimit::RepeatCustomerOnly),
            (Some(false), Some(ApplicationLimit::RepeatCustomerOnly)) => Patch::Set(ApplicationLimit::Unlimited),
            _ => Patch::Keep,
        };
    }

    let update = members(&update)?;
    check_enums(&update)?;
    let mut merged = members(old)?;
    for (name, value) in update {
        if is_null(Some(&value)) {
            Rule::NullClears.trace();
            merged.remove(&name);
        } else {
            merged.insert(name, value);
        }
    }
    let mut coupon: Coupon = RawJson::from_value(&merged)?.deserialize()?;
    coupon.discount.get_or_insert_with(|| Decimal::from(0));
    coupon.update_date = Some(now.into());
    settle(&mut coupon)?;
    Ok(Some(coupon))
}

/// Sets the status EXPIRED on an ACTIVE coupon whose expiration date has passed.
pub(crate) fn status_now(coupon: &mut Coupon, now: DateTime<Utc>) {
    let end = coupon.expiration_date.as_ref().and_then(EcwidDateTime::to_utc);
    if coupon.status == Some(CouponStatus::Active) && end.is_some_and(|end| end <= now) {
        Rule::CouponsExpireByDate.trace();
        coupon.status = Some(CouponStatus::Expired);
    }
}

/// Returns the key of a code. Codes that differ only in letter case have the same key.
pub(crate) fn code_key(code: &str) -> String {
    code.to_lowercase()
}

/// Refuses a coupon whose JSON is too large or nested too deeply.
pub(crate) fn check_size(json: &str) -> Result<(), Problem> {
    if json.len() > COUPON_SIZE {
        Rule::CouponsAreSmall.trace();
        return Err(Problem::wrong_parameter(format!("The coupon is larger than {COUPON_SIZE} bytes")));
    }
    parameters::check_depth("coupon", json.as_bytes())
}

/// Checks the values of a coupon, and converts them to the form that the store keeps.
fn settle(coupon: &mut Coupon) -> Result<(), Problem> {
    Rule::NameAndCodeAreRequired.trace();
    for (name, text) in [("name", &coupon.name), ("code", &coupon.code)] {
        if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
            return Err(Problem::wrong_value(name, "", "a text that is not blank"));
        }
    }
    let code = coupon.code.as_deref().unwrap_or_default();
    if code.chars().count() > CODE_LENGTH {
        Rule::CodesAreShort.trace();
        return Err(Problem::wrong_value("code", code, &format!("at most {CODE_LENGTH} characters")));
    }
    check_amount("discount", &coupon.discount)?;
    check_amount("totalLimit", &coupon.total_limit)?;
    if let Some(count) = coupon.order_count.filter(|count| *count < 0) {
        return Err(Problem::wrong_value("orderCount", count, "a number that is not negative"));
    }
    to_utc("launchDate", &mut coupon.launch_date)?;
    to_utc("expirationDate", &mut coupon.expiration_date)?;

    if let Some(limit) = &mut coupon.catalog_limit {
        limit.extra.clear();
        let is_empty = |ids: &Option<Vec<i64>>| ids.as_ref().is_none_or(Vec::is_empty);
        if is_empty(&limit.products) && is_empty(&limit.categories) {
            coupon.catalog_limit = None;
        } else if coupon.discount_type == Some(DiscountType::Shipping) {
            Rule::ShippingHasNoCatalogLimit.trace();
            return Err(Problem::wrong_parameter(
                "Wrong parameter 'catalogLimit': a coupon of type SHIPPING cannot have this field",
            ));
        }
    }
    if let Some(limit) = &mut coupon.shipping_limit {
        limit.extra.clear();
        if limit.shipping_methods.as_ref().is_none_or(Vec::is_empty) {
            coupon.shipping_limit = None;
        }
    }
    Rule::RepeatCustomerOnlyFollows.trace();
    #[expect(deprecated, reason = "the store supports it")]
    let repeat_only = &mut coupon.repeat_customer_only;
    *repeat_only = Some(coupon.application_limit == Some(ApplicationLimit::RepeatCustomerOnly));
    Ok(())
}

/// Refuses an enum value that is not in the document.
fn check_enums(sent: &Members) -> Result<(), Problem> {
    for Field { name, kind, .. } in Coupon::FIELDS {
        let (Kind::Enum(known), Some(value)) = (kind, sent.get(*name)) else { continue };
        let value: Option<String> = value.deserialize()?;
        if let Some(value) = value.filter(|value| !known.contains(&value.as_str())) {
            return Err(Problem::wrong_value(name, value, &format!("one of {}", known.join(", "))));
        }
    }
    Ok(())
}

fn check_amount(name: &str, amount: &Option<Decimal>) -> Result<(), Problem> {
    let Some(amount) = amount else { return Ok(()) };
    match amount.value() {
        Some(value) if !value.is_sign_negative() || value.is_zero() => Ok(()),
        Some(_) => {
            Rule::AmountsAreNotNegative.trace();
            Err(Problem::wrong_value(name, amount, "a number that is not negative"))
        }
        None => Err(Problem::wrong_value(name, amount, "a number of at most 28 digits")),
    }
}

fn to_utc(name: &str, date: &mut Option<EcwidDateTime>) -> Result<(), Problem> {
    let Some(given) = date else { return Ok(()) };
    // A date without a time was kept as text.
    let parsed = given.to_utc().or_else(|| DayBound::Start.parse(&given.to_string()).ok()?.to_utc());
    match parsed.filter(|date| (0..=9999).contains(&date.year())) {
        Some(utc) => {
            Rule::DatesAreInUtc.trace();
            *date = Some(utc.into());
        }
        None => return Err(Problem::wrong_value(name, given, "a date such as 2024-06-06 08:00:00 +0000")),
    }
    Ok(())
}

/// Returns whether only the store sets this status.
fn is_set_by_the_store(status: &CouponStatus) -> bool {
    let is_of_the_store = matches!(status, CouponStatus::Expired | CouponStatus::UsedUp);
    if is_of_the_store {
        Rule::ActiveAndPausedCanBeSet.trace();
    }
    is_of_the_store
}

fn is_null(value: Option<&RawJson>) -> bool {
    value.is_some_and(|value| value.as_str() == "null")
}

/// Returns the members of an object.
fn members<T: Serialize>(object: &T) -> Result<Members, Problem> {
    Ok(RawJson::from_value(object)?.deserialize()?)
}
