//! Codes: which codes are equal. Each code addresses exactly one coupon, or is refused before a request is sent.

use ecwid_coupons::{
    DeleteOutcome,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;

/// Codes with a special meaning in a URL.
const ODD: &[&str] = &[
    "a/b", "/", "a b", " ", "a+b", "+", "50%", "%2F", "%2e%2e", "%", "a?b=c", "#1", "a;b=c", "a&b=c", "a=b", "...",
    ".hidden", "ü", "ÄÖÜ", "🎁", "日本", "a\"b", "<b>", "a|b", "a^b", "`", "{x}", "[x]", "@me", "a:b", "http://x", "*",
    "~", "-", "_", "deleted2", "..x", "a..", "\u{7f}", "\t", "123456",
];

#[tokio::test]
async fn an_odd_code_is_one_path_segment() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    // No odd code may change this coupon.
    coupons.create(&NewCoupon::new("Bystander", "BYSTANDER")).await.unwrap();
    for (count, code) in ODD.iter().enumerate() {
        if code.trim().is_empty() {
            // The sandbox refuses blank codes, but the client sends them unchanged.
            assert!(coupons.get(*code).await.unwrap_err().is_coupon_not_found(), "{code:?}");
            continue;
        }
        let created = coupons.create(&NewCoupon::new("Odd", *code)).await.unwrap();
        let read = coupons.get(*code).await.unwrap();
        assert_eq!((read.id, read.code.as_deref()), (created.id(), Some(*code)));
        let name = format!("Odd {count}");
        assert_eq!(
            coupons.update(*code, &CouponUpdate::default().name(name.as_str())).await.unwrap().update_count,
            Some(1),
            "{code:?}"
        );
        assert_eq!(coupons.get(created.id().unwrap()).await.unwrap().name, Some(name), "{code:?}");
        assert_eq!(coupons.search().code(*code).page().await.unwrap().total, Some(1), "{code:?}");
        assert_eq!(coupons.delete(*code).await.unwrap().delete_count, Some(1), "{code:?}");
    }
    let left = coupons.search().page().await.unwrap().items.unwrap();
    assert_eq!(left.iter().map(|coupon| coupon.code.as_deref()).collect::<Vec<_>>(), [Some("BYSTANDER")]);
}

#[tokio::test]
async fn a_code_that_is_not_a_path_segment_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let long = "x".repeat(70_000);
    for code in ["", ".", "..", "\\", "..\\..\\x", "a\\b", "deleted", &long] {
        for error in [
            coupons.get(code).await.unwrap_err(),
            coupons.update(code, &CouponUpdate::default().pause()).await.unwrap_err(),
            coupons.delete(code).await.unwrap_err(),
            coupons.api().get_discount_coupon().discount_coupon_id(code).send().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ecwid_coupons::ErrorKind::InvalidRequest);
            let way_out = if code.is_empty() { "expected the code or the id" } else { "use the coupon's id" };
            assert!(error.to_string().contains(way_out) && error.to_string().len() < 300, "{error}");
            assert!(error.operation().is_some_and(|operation| error.to_string().starts_with(operation)), "{error}");
        }
    }
    assert_eq!(sandbox.received_requests(), [], "nothing was sent");
}

#[tokio::test]
async fn codes_are_the_same_in_any_letter_case() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::new("Name", "Größe")).await.unwrap();
    let error = coupons.create(&NewCoupon::new("Other", "GRÖßE")).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(error.code(), Some("CONSTRAINT_VIOLATION"));
    assert_eq!(coupons.get("gRöße").await.unwrap().code.as_deref(), Some("Größe"));
    for part in ["Größ", "röße", "ö", "*"] {
        assert_eq!(coupons.search().code(part).page().await.unwrap().total, Some(0), "{part} is no whole code");
    }
    assert_eq!(coupons.search().code("GRÖSSE").page().await.unwrap().total, Some(0));
    assert_eq!(coupons.search().code("gröSSE".replace("SS", "ß")).page().await.unwrap().total, Some(1));

    coupons.create(&NewCoupon::new("Other", "OTHER")).await.unwrap();
    let error = coupons.update("OTHER", &CouponUpdate::default().code("größe")).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    // A coupon may change the letter case of its own code.
    coupons.update("OTHER", &CouponUpdate::default().code("other")).await.unwrap();
    assert_eq!(coupons.get("OTHER").await.unwrap().code.as_deref(), Some("other"));
}

#[tokio::test]
async fn digits_are_an_id_first_and_a_code_then() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let first = coupons.create(&NewCoupon::new("First", "FIRST")).await.unwrap().id().unwrap();
    coupons.create(&NewCoupon::new("Second", first.to_string())).await.unwrap();
    coupons.create(&NewCoupon::new("Third", "12")).await.unwrap();
    // A path does not show whether an id or a code is meant.
    for (segment, name) in [(first.to_string(), "First"), ("12".to_owned(), "Third")] {
        let found = coupons.api().get_discount_coupon().discount_coupon_id(segment).send().await.unwrap();
        assert_eq!(found.name.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn text_is_a_code_and_an_integer_is_an_id() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let first = coupons.create(&NewCoupon::new("First", "FIRST")).await.unwrap().id().unwrap();
    coupons.create(&NewCoupon::new("Second", first.to_string())).await.unwrap();
    coupons.create(&NewCoupon::new("Third", "12")).await.unwrap();
    assert_eq!(coupons.get(first).await.unwrap().name.as_deref(), Some("First"));
    assert_eq!(coupons.get(first.to_string()).await.unwrap().name.as_deref(), Some("Second"));
    assert_eq!(coupons.get("12").await.unwrap().name.as_deref(), Some("Third"));

    // No call uses the coupon with that id, whether a coupon has the code or not.
    let digits = first.to_string();
    coupons.update(&digits, &CouponUpdate::default().name("Changed")).await.unwrap();
    assert_eq!(coupons.get(first).await.unwrap().name.as_deref(), Some("First"));
    assert!(matches!(coupons.delete_if_unused(&digits).await.unwrap(), DeleteOutcome::Deleted(_)));
    assert_eq!(coupons.delete(&digits).await.unwrap().delete_count, Some(0));
    assert_eq!(coupons.delete_if_unused(&digits).await.unwrap(), DeleteOutcome::NotFound);
    let error = coupons.get(&digits).await.unwrap_err();
    assert!(
        error.is_coupon_not_found() && error.to_string().contains(&format!("no coupon has the code `{digits}`")),
        "{error}"
    );
    let error = coupons.update(&digits, &CouponUpdate::default().name("Changed")).await.unwrap_err();
    assert!(error.is_coupon_not_found() && !error.may_have_taken_effect(), "{error}");
    assert_eq!(coupons.get(first).await.unwrap().name.as_deref(), Some("First"));
    // Some servers read spaces, signs and digits of other scripts as part of a number.
    for code in [format!(" {first} "), format!("+{first}"), format!("00{first}")] {
        assert_eq!(coupons.delete(code.as_str()).await.unwrap().delete_count, Some(0), "{code:?}");
    }
    assert_eq!(coupons.delete(first).await.unwrap().delete_count, Some(1));

    // An unknown id is never read as the code of a coupon.
    assert_eq!(coupons.delete(12).await.unwrap().delete_count, Some(0));
    assert_eq!(coupons.delete_if_unused(12).await.unwrap(), DeleteOutcome::NotFound);
    let update = CouponUpdate::default().name("Changed");
    for error in [coupons.get(12).await.unwrap_err(), coupons.update(12, &update).await.unwrap_err()] {
        assert!(error.is_coupon_not_found() && error.to_string().contains("no coupon has the id `12`"), "{error}");
        assert!(!error.may_have_taken_effect(), "{error}");
    }
    assert_eq!(coupons.get("12").await.unwrap().name.as_deref(), Some("Third"));
}

#[tokio::test]
async fn a_code_has_at_most_128_characters() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let longest = "ä".repeat(128);
    coupons.create(&NewCoupon::new("Name", longest.as_str())).await.unwrap();
    assert_eq!(coupons.get(longest.as_str()).await.unwrap().code, Some(longest));
    let error = coupons.create(&NewCoupon::new("Name", "ä".repeat(129))).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), Some("WRONG_PARAMETER")));
    assert!(error.to_string().contains("128"), "{error}");
}
