//! Comparison and conversion of values, and requests that are refused before they are sent.

use std::{
    collections::{BTreeSet, HashSet},
    time::{Duration, SystemTime},
};

use ecwid_coupons::{
    Client, Decimal, EcwidDateTime, Error, FieldInput, Patch, RawJson, TimeFilter,
    chrono::{DateTime, FixedOffset, Utc},
    rust_decimal,
    types::{CatalogLimit, Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit},
};
use ecwid_coupons_sandbox::Sandbox;

fn date(text: &str) -> EcwidDateTime {
    text.parse().unwrap()
}

/// A date as the store would send it.
fn stored(text: &str) -> EcwidDateTime {
    serde_json::from_value(text.into()).unwrap()
}

fn coupon(json: &str) -> Coupon {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_date_is_the_same_however_it_is_read() {
    let noon = date("2024-06-30 12:00:00 +0000");
    for text in [
        "2024-06-30 12:00:00 +0000",
        "2024-06-30T12:00:00Z",
        "2024-06-30T14:00:00+02:00",
        "2024-06-30 12:00:00",
        "2024-06-30 12:00:00 GMT",
    ] {
        assert_eq!((date(text), stored(text)), (noon.clone(), noon.clone()), "{text}");
        assert_eq!(stored(text).to_string(), text, "a response is kept as it is");
        assert_eq!(stored(text).to_utc(), noon.to_utc());
    }
    for text in ["soon", "", "2024-06-30", "2024-02-30 00:00:00 +0000"] {
        assert!(text.parse::<EcwidDateTime>().is_err() && stored(text).instant().is_none(), "{text}");
        assert_eq!(serde_json::to_value(stored(text)).unwrap(), text);
        assert_eq!(stored(text), stored(text));
    }
    assert_ne!(stored("soon"), stored("later"));
}

#[test]
fn dates_are_ordered_and_converted() {
    let texts = ["2024-01-01T00:00:00Z", "2024-01-01 00:00:01 +0000", "2024-01-01 00:00:00 -0100", "later", "soon"];
    let dates: Vec<_> = texts.iter().map(|text| stored(text)).collect();
    let sorted: BTreeSet<_> = dates.iter().rev().cloned().collect();
    assert_eq!(sorted.into_iter().collect::<Vec<_>>(), dates);
    let distinct: HashSet<_> =
        [date("2024-01-01 00:00:00 +0000"), date("2024-01-01 04:00:00 +0400"), dates[0].clone()].into();
    assert_eq!(distinct.len(), 1);

    let leap = date("2024-06-06 08:00:00 +0400");
    assert_eq!(DateTime::<Utc>::try_from(&leap).unwrap().timestamp(), 1717646400);
    assert_eq!(DateTime::<FixedOffset>::try_from(&leap).unwrap().offset().local_minus_utc(), 4 * 3600);
    let system = SystemTime::UNIX_EPOCH + Duration::from_millis(1_717_646_400_900);
    assert_eq!(EcwidDateTime::from(system), leap, "fractions are dropped");
    assert_eq!(SystemTime::try_from(leap.clone()).unwrap(), SystemTime::UNIX_EPOCH + Duration::from_secs(1717646400));
    let error = DateTime::<Utc>::try_from(stored("soon")).unwrap_err().to_string();
    assert!(error.contains("invalid date: `soon`"), "{error}");
    assert_eq!(TimeFilter::from(leap), TimeFilter::Unix(1717646400));
    assert_eq!(TimeFilter::from(stored("soon")), TimeFilter::Invalid);
    assert_eq!(EcwidDateTime::try_from("2024-06-06 08:00:00 +0400"), Ok(date("2024-06-06 08:00:00 +0400")));
}

#[test]
fn decimals_are_ordered_and_converted() {
    let exact = |text: &str| text.parse::<Decimal>().unwrap();
    let ascending = [
        "-1e400",
        "-123456789012345678901234567890.5",
        "-10",
        "-0.5",
        "0",
        "1e-400",
        "0.1",
        "0.10000000000000000000000000000000001",
        "9.99",
        "10",
        "1e3",
        "79228162514264337593543950335",
        "79228162514264337593543950335.5",
        "123456789012345678901234567890",
        "1e400",
    ];
    let numbers: Vec<_> = ascending.iter().map(|text| exact(text)).collect();
    let sorted: BTreeSet<_> = numbers.iter().rev().cloned().collect();
    assert_eq!(sorted.iter().map(ToString::to_string).collect::<Vec<_>>(), ascending);
    for same in [
        ["10", "10.00", "1e1"],
        ["0", "-0", "0.000"],
        ["1", "1.0000000000000000000000000000000000", "10e-1"],
        ["1e400", "10e399", "0.1e401"],
        ["-1e40", "-10000000000000000000000000000000000000000", "-1E+40"],
    ] {
        let numbers: HashSet<_> = same.iter().map(|text| exact(text)).collect();
        assert_eq!(numbers.len(), 1, "{same:?}");
    }
    assert_eq!(rust_decimal::Decimal::try_from(exact("10.50")).unwrap().to_string(), "10.50");
    let error = rust_decimal::Decimal::try_from(&exact("1e400")).unwrap_err().to_string();
    assert!(error.contains("`1e400`") && error.contains("28 digits"), "{error}");
    assert_eq!(Decimal::try_from("10.5").unwrap(), exact("10.50"));
}

#[test]
fn an_unknown_value_with_a_known_text_is_that_value() {
    let unknown = CouponStatus::Unknown("ACTIVE".to_owned());
    assert_eq!(unknown, CouponStatus::Active);
    assert_eq!(HashSet::from([unknown.clone(), CouponStatus::Active]).len(), 1);
    assert!(unknown < CouponStatus::Paused && CouponStatus::UsedUp < CouponStatus::from("A"));
    assert_eq!(DiscountType::Unknown("ABS".to_owned()).cmp(&DiscountType::Abs), std::cmp::Ordering::Equal);
}

#[test]
fn coupons_can_be_hashed() {
    let one = coupon(
        r#"{"id":1,"discount":10,"launchDate":"2024-01-01T00:00:00Z","catalogLimit":{"products":[1]},"new":[1]}"#,
    );
    let same = coupon(
        r#"{"discount":10.00,"launchDate":"2024-01-01 00:00:00 +0000","id":1,"new":[ 1 ],"catalogLimit":{"products":[1]}}"#,
    );
    let other = one.clone().with_discount(11);
    assert_eq!(HashSet::from([one, same, other]).len(), 2);
}

#[test]
fn a_request_that_is_read_is_strict() {
    let new: NewCoupon = serde_json::from_str(
        r#"{"name":"N","code":"C","launchDate":"2024-06-30T12:00:00+02:00","extra":{"maxUses":5},"catalogLimit":{"products":[1],"extra":{"brands":[2]}}}"#,
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&new).unwrap(),
        r#"{"name":"N","code":"C","launchDate":"2024-06-30 12:00:00 +0200","catalogLimit":{"products":[1],"brands":[2]},"maxUses":5}"#,
    );
    // A date without a time has the meaning that the field documents.
    let days = r#"{"launchDate":"2024-06-01","expirationDate":"2024-06-30"}"#;
    assert_eq!(
        serde_json::from_str::<CouponUpdate>(days).unwrap(),
        CouponUpdate::default().launch_date(date("2024-06-01 00:00:00")).expiration_date(date("2024-06-30 23:59:59"))
    );
    for (fields, problem) in [
        (r#""launchDate":"soon""#, "launchDate: invalid date: `soon` (expected a date such as"),
        (r#""discuont":5"#, "unknown field: `discuont` (did you mean `discount`?)"),
        (r#""loyalty":5"#, "unknown field: `loyalty`"),
        (r#""catalogLimit":{"product":[1]}"#, "unknown field: `catalogLimit.product` (did you mean `products`?)"),
        (r#""extra":{"discount":5}"#, "extra: `discount` is a known field"),
        (r#""extra":5"#, "extra: invalid value (expected a JSON object of unknown fields)"),
        (r#""catalogLimit":{"extra":{"products":[]}}"#, "catalogLimit.extra: `products` is a known field"),
        (r#""discountType":"Percent""#, "discountType: unknown value `Percent` (expected one of ABS, PERCENT, "),
        (r#""discountType":"BUY_ONE_GET_ONE""#, "discountType: unknown value `BUY_ONE_GET_ONE` (expected one of"),
    ] {
        for (of, text) in [
            (
                "a new coupon",
                serde_json::from_str::<NewCoupon>(&format!(r#"{{"name":"N","code":"C",{fields}}}"#)).err(),
            ),
            ("an update", serde_json::from_str::<CouponUpdate>(&format!("{{{fields}}}")).err()),
        ] {
            let error = text.unwrap_or_else(|| panic!("{of} with {fields} was read")).to_string();
            assert!(error.contains(problem), "{of} with {fields}: {error}");
        }
    }
    // A new value of an enum may have been added to the API.
    let mut input = FieldInput::new(CouponUpdate::FIELDS).allow_unknown();
    input.add("discountType", RawJson::from_value("BUY_ONE_GET_ONE").unwrap()).unwrap();
    let update: CouponUpdate = input.read().unwrap();
    assert_eq!(update, CouponUpdate::default().discount_type("BUY_ONE_GET_ONE"));
}

#[tokio::test]
async fn a_request_with_text_that_is_no_date_is_not_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons: Client = sandbox.client().unwrap();
    let copied = coupon(r#"{"name":"N","code":"C","launchDate":"soon","expirationDate":"2999-06-30T12:00:00Z"}"#);
    assert!(serde_json::to_string(&copied).unwrap().contains("\"soon\""), "a response keeps it");
    let new = NewCoupon::copy_of(&copied, "D").unwrap();
    let problem = |error: Error| {
        assert!(error.to_string().contains("launchDate: invalid date: `soon`"), "{error}");
        assert_eq!(error.attempts(), 0);
    };
    problem(coupons.create(&new).await.unwrap_err());
    problem(coupons.create_or_get(&new).await.unwrap_err());
    problem(coupons.update("C", &CouponUpdate::default().launch_date(stored("soon"))).await.unwrap_err());
    problem(coupons.create_many([new.clone()]).stream().err().unwrap());
    let found = coupons.search().created_from(stored("soon")).all().await.unwrap_err();
    assert!(found.to_string().contains("created_from: the time is not a date"), "{found}");
    assert!(sandbox.received_requests().is_empty());

    // A date in another form is understood by the store too.
    let mut new = new;
    new.launch_date = None;
    coupons.create(&new).await.unwrap();
    assert_eq!(coupons.get("D").await.unwrap().expiration_date, Some(date("2999-06-30 12:00:00")));
    let before = coupons.search().created_to(date("2000-01-01 00:00:00")).all().await.unwrap();
    assert!(before.is_empty());
}

#[test]
fn an_update_is_made_in_a_chain() {
    let none: Option<i32> = None;
    let update = CouponUpdate::default()
        .name("N")
        .maybe_code(None::<&str>)
        .maybe_total_limit(Some(5))
        .maybe_discount(none)
        .clear_expiration_date()
        .clear_launch_date()
        .clear_catalog_limit()
        .clear_shipping_limit();
    assert_eq!(
        serde_json::to_string(&update).unwrap(),
        r#"{"name":"N","launchDate":null,"expirationDate":null,"totalLimit":5,"catalogLimit":null,"shippingLimit":null}"#,
    );
    // No value keeps what was set before.
    assert_eq!(update.clone().maybe_name(None::<String>), update);
    assert_eq!((Patch::from_option(Some(1)), Patch::from_option(none)), (Patch::Set(1), Patch::Clear));
    assert_eq!((Patch::keep_or(Some(1)), Patch::keep_or(none)), (Patch::Set(1), Patch::Keep));
    let new = NewCoupon::new("N", "C").maybe_discount(Some(5)).maybe_expiration_date(None::<EcwidDateTime>);
    assert_eq!(serde_json::to_string(&new).unwrap(), r#"{"name":"N","code":"C","discount":5}"#);
}

#[tokio::test]
async fn the_difference_of_two_coupons_is_an_update() {
    let old = coupon(
        r#"{"id":1,"name":"Old","code":"C","discountType":"ABS","status":"ACTIVE","discount":10.00,"totalLimit":5,"usesLimit":"SINGLE",
            "launchDate":"2024-01-01 00:00:00 +0000","catalogLimit":{"products":[1]},"orderCount":1,"updateDate":"2024-01-01 00:00:00 +0000","points":1,"rank":2}"#,
    );
    let new = coupon(
        r#"{"id":2,"name":"New","code":"C","discountType":"ABS","status":"EXPIRED","discount":10,
            "launchDate":"2024-01-01T04:00:00+04:00","shippingLimit":{"shippingMethods":["1-2"]},"orderCount":3,"updateDate":"2025-01-01 00:00:00 +0000","points":1}"#,
    );
    let mut expected = CouponUpdate::default()
        .name("New")
        .clear_total_limit()
        .clear_catalog_limit()
        .shipping_limit(ShippingLimit::default().shipping_methods(vec!["1-2".to_owned()]));
    expected.extra.insert("rank".to_owned(), "null".parse().unwrap());
    assert_eq!(CouponUpdate::between(&old, &new), expected);
    assert_eq!(CouponUpdate::between(&new, &new), CouponUpdate::default());

    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::percent("N", "C", 10).total_limit(50)).await.unwrap();
    let before = coupons.get("C").await.unwrap();
    let mut wanted = before.clone().with_name("M").with_catalog_limit(CatalogLimit::default().products(vec![7]));
    wanted.total_limit = None;
    coupons.update("C", &CouponUpdate::between(&before, &wanted)).await.unwrap();
    let after = coupons.get("C").await.unwrap();
    wanted.update_date.clone_from(&after.update_date);
    assert_eq!(after, wanted);
}
