//! Searches: the filters and the selected fields.

use ecwid_coupons::{
    Client, CommaList,
    types::{Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use serde_json::json;

use super::plain_http::raw;

#[tokio::test]
async fn filters_take_lists_and_every_date_format() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let coupon = |code: &str, kind: DiscountType, created: &str| {
        let created: ecwid_coupons::EcwidDateTime = created.parse().unwrap();
        Coupon::default()
            .with_code(code)
            .with_name("Name")
            .with_discount_type(kind)
            .with_status(CouponStatus::Active)
            .with_creation_date(created.clone())
            .with_update_date(created)
    };
    sandbox
        .load([
            coupon("A", DiscountType::Abs, "2023-01-15 19:27:49"),
            coupon("B", DiscountType::Percent, "2023-01-15 19:27:50"),
            coupon("C", DiscountType::Shipping, "2023-01-15 19:27:51"),
        ])
        .await
        .unwrap();
    coupons.update("C", &CouponUpdate::default().pause()).await.unwrap();

    async fn codes(search: ecwid_coupons::Search) -> String {
        let page = search.page().await.unwrap();
        page.items.unwrap().into_iter().filter_map(|coupon| coupon.code).collect::<Vec<_>>().join(" ")
    }
    assert_eq!(codes(coupons.search().discount_type([DiscountType::Abs, DiscountType::Percent])).await, "A B");
    assert_eq!(codes(coupons.search().discount_type(DiscountType::Shipping)).await, "C");
    assert_eq!(codes(coupons.search().code("b")).await, "B");
    assert_eq!(codes(coupons.search().code("b").discount_type(DiscountType::Abs)).await, "");
    let statuses = [CouponStatus::Paused, CouponStatus::Expired];
    let names = ["PAUSED".to_owned(), "EXPIRED".to_owned()];
    let list = names.to_vec();
    for search in [
        coupons.search().status(CommaList::from(statuses.clone())),
        coupons.search().status(statuses.as_slice()),
        coupons.search().status(&statuses),
        coupons.search().status(statuses.to_vec()),
        coupons.search().status(statuses),
        coupons.search().status(&CouponStatus::Paused),
        coupons.search().status("PAUSED"),
        coupons.search().status("PAUSED, EXPIRED"),
        coupons.search().status("PAUSED".to_owned()),
        coupons.search().status(&names[0]),
        coupons.search().status(["PAUSED", "EXPIRED"]),
        coupons.search().status(["PAUSED", "EXPIRED"].as_slice()),
        coupons.search().status(vec!["PAUSED", "EXPIRED"]),
        coupons.search().status(names.as_slice()),
        coupons.search().status(&list),
        coupons.search().status(names.to_vec()),
    ] {
        assert_eq!(codes(search).await, "C");
    }
    for (status, time, found) in
        [(None, None, "A B C"), (Some("PAUSED"), None, "C"), (None, Some("2023-01-15 19:27:50"), "A B")]
    {
        let search = coupons.search().maybe_status(status).maybe_created_to(time).maybe_code(None::<String>);
        assert_eq!(codes(search).await, found, "{status:?}, {time:?}");
    }
    for text in ["1673810870", "2023-01-15 19:27:50", "2023-01-15 19:27:50 +0000", "2023-01-15T20:27:50+01:00"] {
        let time: ecwid_coupons::TimeFilter = text.parse().unwrap();
        assert_eq!(codes(coupons.search().created_from(time)).await, "B C", "{text}");
        assert_eq!(codes(coupons.search().created_from(text)).await, "B C", "{text}");
        assert_eq!(codes(coupons.search().created_to(time)).await, "A B", "{text}");
        assert_eq!(codes(coupons.search().created_from(time).created_to(time)).await, "B", "{text}");
        assert_eq!(codes(coupons.search().updated_to(time)).await, "A B", "{text}");
        assert_eq!(codes(coupons.search().updated_from(time).updated_to(time)).await, "B", "{text}");
    }
    for (day, from, to) in [("2023-01-14", "A B C", ""), ("2023-01-15", "A B C", "A B C"), ("2023-01-16", "", "A B C")]
    {
        let time: ecwid_coupons::TimeFilter = day.parse().unwrap();
        assert_eq!(codes(coupons.search().created_from(time)).await, from, "{day}");
        assert_eq!(codes(coupons.search().created_to(time)).await, to, "{day}");
        assert_eq!(
            codes(coupons.search().created_from(time).created_to(time)).await,
            if from == to { to } else { "" },
            "{day}"
        );
    }
    for (text, found) in [("2023-01-15", 3), ("2023-01-16", 0), ("1447804800", 3)] {
        let (status, page) = raw(&sandbox, &format!("?createdFrom={text}")).await;
        assert_eq!((status, &page["total"]), (200, &json!(found)), "{text}");
    }
    // A form encodes a space as a plus, and the plus of the zone with an escape.
    let (_, page) = raw(&sandbox, "?createdFrom=2023-01-15+19:27:51+%2B0000").await;
    assert_eq!(page["total"], 1);
    // A limit above the documented maximum is treated as the maximum.
    let (_, page) = raw(&sandbox, "?limit=1000&offset=1").await;
    assert_eq!(
        (&page["limit"], &page["offset"], &page["count"], &page["total"]),
        (&json!(100), &json!(1), &json!(2), &json!(3))
    );
}

#[tokio::test]
async fn response_fields_select_fields() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE").for_products([1])).await.unwrap();
    for (fields, expected) in [
        ("items(name,code)", json!({"items": [{"name": "Name", "code": "CODE"}]})),
        ("count,items(catalogLimit(products))", json!({"count": 1, "items": [{"catalogLimit": {"products": [1]}}]})),
        ("nothing", json!({})),
    ] {
        assert_eq!(raw(&sandbox, &format!("?responseFields={fields}")).await, (200, expected), "{fields}");
    }
    assert_eq!(raw(&sandbox, "/CODE?responseFields=code").await, (200, json!({"code": "CODE"})));
}

#[tokio::test]
async fn unknown_enum_values_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let status = |value: &str| coupons.search().status(CouponStatus::from(value));
    let coupon = |value: &str| NewCoupon::new("N", "C").discount_type(value);
    let known = "(expected one of ABS, PERCENT, SHIPPING, ABS_AND_SHIPPING, PERCENT_AND_SHIPPING";
    for (problem, refused) in [
        ("status: unknown value `active` (expected one of", status("active").page().await.err()),
        ("`USED UP` (expected one of ACTIVE, PAUSED, ", status("USED UP").all().await.err()),
        ("; did you mean `USEDUP`?)", status("USED UP").all().await.err()),
        ("unknown value `SCHEDULED`", status("SCHEDULED").first().await.err()),
        ("unknown value `PAUSD`", coupons.search().maybe_status(Some(["ACTIVE", "PAUSD"])).count().await.err()),
        ("unknown value `PAUSD`", coupons.search().status("ACTIVE,PAUSD").count().await.err()),
        ("created_to: invalid date: `soon`", coupons.search().created_to("soon").first().await.err()),
        (
            "discount_type: unknown value `Percent`",
            coupons.search().discount_type([DiscountType::Abs, DiscountType::from("Percent")]).page().await.err(),
        ),
        ("discountType: unknown value `percent`", coupons.create(&coupon("percent")).await.err()),
        ("`PERCNT` (expected one of ABS, PERCENT, ", coupons.create(&coupon("PERCNT")).await.err()),
        ("; did you mean `PERCENT`?)", coupons.create(&coupon("PCT")).await.err()),
        (known, coupons.create_or_get(&coupon("FIXED")).await.err()),
        (
            "usesLimit: unknown value `ONCE_PER_CUSTOMER` (expected one of UNLIMITED, ONCEPERCUSTOMER, SINGLE; did you mean `ONCEPERCUSTOMER`?)",
            coupons.update("C", &CouponUpdate::default().uses_limit("ONCE_PER_CUSTOMER")).await.err(),
        ),
    ] {
        let error = refused.unwrap_or_else(|| panic!("{problem}"));
        assert_eq!(error.kind(), ecwid_coupons::ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(problem), "{error}");
        assert!(problem.contains("date") || error.hint().unwrap().contains("`allow_unknown`"), "{error}");
    }
    let problems = coupons.create_many([coupon("PERCNT"), coupon("FIXED")]).problems();
    let texts = problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(texts[0].starts_with("row 0, discountType: unknown value `PERCNT` (expected one of"), "{texts:?}");
    assert!(texts[2].starts_with("row 1, discountType: unknown value `FIXED` (expected one of"), "{texts:?}");
    assert!(sandbox.received_requests().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn a_client_can_allow_unknown_enum_values() {
    let sandbox = Sandbox::start().await.unwrap();
    let builder = Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url());
    let coupons = builder.allow_unknown(true).build().unwrap();
    let sent = || {
        let request = sandbox.received_requests().pop().unwrap();
        format!("{} {}", request.target, request.request_body)
    };
    for value in ["PERCNT", "percent", "BOGO"] {
        let coupon = NewCoupon::new("N", "C").discount_type(value);
        assert_eq!(coupons.create(&coupon).await.unwrap_err().status(), Some(400));
        assert!(sent().contains(&format!(r#""discountType":"{value}""#)), "{}", sent());
        assert!(coupons.create_many([coupon]).problems().is_empty());
        assert!(coupons.update("Z", &CouponUpdate::default().discount_type(value)).await.is_err());
        assert!(sent().contains(&format!(r#""discountType":"{value}""#)), "{}", sent());
        drop(coupons.search().discount_type(["ABS", value]).page().await);
        assert!(sent().contains(&format!("ABS,{value}")) || sent().contains(&format!("ABS%2C{value}")), "{}", sent());
    }
}
