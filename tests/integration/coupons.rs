//! How the sandbox processes coupons that are created, updated or deleted.

use ecwid_coupons::{
    Client, Patch,
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::plain_http::{http_client, raw, send};

#[tokio::test]
async fn a_created_coupon_has_defaults_and_no_unset_fields() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let created = coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    assert_eq!(created.code(), Some("CODE"));
    let (status, mut coupon) = raw(&sandbox, "/CODE").await;
    assert_eq!(status, 200);
    for date in ["creationDate", "updateDate"] {
        let date = coupon.as_object_mut().unwrap().remove(date).unwrap();
        assert!(date.as_str().unwrap().ends_with(" +0000"), "{date}");
    }
    assert_eq!(
        coupon,
        json!({
            "id": created.id(), "name": "Name", "code": "CODE", "discountType": "ABS", "status": "ACTIVE", "discount": 0,
            "usesLimit": "UNLIMITED", "applicationLimit": "UNLIMITED", "repeatCustomerOnly": false, "orderCount": 0,
        })
    );
}

/// Returns a coupon with all documented fields for a create.
fn whole(code: &str) -> Value {
    json!({
        "name": "Name", "code": code, "discountType": "PERCENT_AND_SHIPPING", "status": "PAUSED", "discount": 15.50,
        "launchDate": "2025-03-01 00:00:00 +0000", "expirationDate": "2999-12-31 23:59:59 +0000", "totalLimit": 49.90,
        "usesLimit": "ONCEPERCUSTOMER", "applicationLimit": "REPEAT_CUSTOMER_ONLY", "orderCount": 17,
        "catalogLimit": {"products": [101, 102], "categories": [0]}, "shippingLimit": {"shippingMethods": ["12-345"]},
    })
}

#[tokio::test]
async fn every_documented_field_is_stored_and_returned() {
    let sandbox = Sandbox::start().await.unwrap();
    let sent = whole("WHOLE");
    let (status, created) = send(&sandbox, "POST", "", &sent).await;
    assert_eq!((status, created.as_object().unwrap().len(), &created["code"]), (200, 2, &json!("WHOLE")));
    let (_, mut given) = raw(&sandbox, "/WHOLE").await;
    assert_eq!(given["id"], created["id"]);
    // The store sets these fields.
    for field in ["id", "creationDate", "updateDate", "repeatCustomerOnly"] {
        assert!(given.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    }
    assert_eq!(given, sent);
}

#[tokio::test]
async fn a_deleted_coupon_is_gone() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let id = coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap().id().unwrap();
    coupons.create(&NewCoupon::new("Name", "OTHER")).await.unwrap();
    assert_eq!(coupons.delete("code").await.unwrap().delete_count, Some(1));
    assert!(coupons.get(id).await.unwrap_err().is_coupon_not_found());
    assert_eq!(coupons.search().page().await.unwrap().total, Some(1));
    for reference in [id.to_string().as_str(), "CODE"] {
        assert_eq!(coupons.delete(reference).await.unwrap().delete_count, Some(0), "{reference}");
    }
    assert!(coupons.get("OTHER").await.is_ok());
}

#[tokio::test]
async fn dates_are_given_in_utc() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    for (index, (sent, kept)) in [
        ("2024-06-06 08:00:00 +0400", "2024-06-06 04:00:00 +0000"),
        ("2024-06-06 08:00:00", "2024-06-06 08:00:00 +0000"),
        ("2024-06-06", "2024-06-06 00:00:00 +0000"),
        ("2024-06-06 08:00:00 UTC", "2024-06-06 08:00:00 +0000"),
        ("2024-06-06 08:00:00 GMT", "2024-06-06 08:00:00 +0000"),
        ("2024-06-06T08:00:00-01:30", "2024-06-06 09:30:00 +0000"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("DATE{index}");
        let body = json!({"name": "Name", "code": code, "launchDate": sent}).to_string();
        let request = http_client().post(&url).bearer_auth("secret_sandbox").header("content-type", "application/json");
        assert_eq!(request.body(body).send().await.unwrap().status(), 200, "{sent}");
        assert_eq!(coupons.get(code).await.unwrap().launch_date.unwrap().to_string(), kept, "{sent}");
    }
    let of_another_zone = json!({"name": "Name", "code": "CODE", "launchDate": "2024-06-06 08:00:00 CET"});
    let (status, refusal) = send(&sandbox, "POST", "", &of_another_zone).await;
    assert!(status == 400 && refusal["errorMessage"].as_str().unwrap().contains("launchDate"), "{refusal}");
}

#[tokio::test]
async fn a_coupon_expires_by_its_date() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for (code, date) in [("OVER", "2020-01-01 00:00:00"), ("FOR-LONG", "2999-01-01 00:00:00")] {
        let date: ecwid_coupons::EcwidDateTime = date.parse().unwrap();
        coupons.create(&NewCoupon::new("Name", code).expiration_date(date)).await.unwrap();
    }
    assert_eq!(coupons.get("OVER").await.unwrap().status, Some(CouponStatus::Expired));
    assert_eq!(coupons.get("FOR-LONG").await.unwrap().status, Some(CouponStatus::Active));
    for (status, code) in [(CouponStatus::Expired, "OVER"), (CouponStatus::Active, "FOR-LONG")] {
        let page = coupons.search().status(status).page().await.unwrap();
        assert_eq!(page.items.unwrap().iter().map(|coupon| coupon.code.as_deref()).collect::<Vec<_>>(), [Some(code)]);
    }
    // A later date makes the coupon ACTIVE again.
    let later: ecwid_coupons::EcwidDateTime = "2999-01-01 00:00:00".parse().unwrap();
    coupons.update("OVER", &CouponUpdate::default().expiration_date(later)).await.unwrap();
    assert_eq!(coupons.get("OVER").await.unwrap().status, Some(CouponStatus::Active));
}

#[tokio::test]
async fn an_expired_coupon_changes_only_its_status() {
    let sandbox = Sandbox::start().await.unwrap();
    let decoy = r#"","status":"ACTIVE""#;
    let coupon = |id: i64, status: &str, date: &str| {
        json!({
            "id": id, "name": format!("a{decoy}b"), "code": format!("CODE{id}{decoy}"), "discountType": "ABS", "status": status,
            "discount": 1, "expirationDate": date, "catalogLimit": {"products": [1], "status": "ACTIVE"},
            "later": {"status": "ACTIVE", "texts": [decoy]}, "status2": "ACTIVE",
        })
    };
    let (over, for_long) = ("2020-01-01 00:00:00 +0000", "2999-01-01 00:00:00 +0000");
    let kept = [coupon(1, "ACTIVE", over), coupon(2, "PAUSED", over), coupon(3, "ACTIVE", for_long)];
    sandbox.load_json(std::io::Cursor::new(json!(kept).to_string())).await.unwrap();

    let responded = [coupon(1, "EXPIRED", over), coupon(2, "PAUSED", over), coupon(3, "ACTIVE", for_long)];
    let (_, page) = raw(&sandbox, "").await;
    assert_eq!(page["items"], json!(responded));
    for coupon in responded {
        assert_eq!(raw(&sandbox, &format!("/{}", coupon["id"])).await.1, coupon);
    }
    // A dump has the stored status, so that it can be loaded unchanged.
    let mut dumped = Vec::new();
    sandbox.dump(&mut dumped).await.unwrap();
    let dumped: Vec<Value> = serde_json::from_slice(&dumped).unwrap();
    assert_eq!(dumped[..3].iter().map(|entry| &entry["coupon"]).collect::<Vec<_>>(), kept.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn all_digits_are_kept_when_a_coupon_expires() {
    let sandbox = Sandbox::start().await.unwrap();
    let numbers = "[1.0,-0,1e400,0.10e+2,98765432109876543210,12345678901234567890.1234567890]";
    let coupon = format!(
        r#"{{"id":7,"name":"\u00e9 \" \\ \u0007","code":"CODE","status":"ACTIVE","discount":10.50,
            "expirationDate":"2020-01-01 00:00:00 +0000","later":{numbers}}}"#
    );
    sandbox.load_json(std::io::Cursor::new(coupon)).await.unwrap();
    let text = async |time: &str| {
        sandbox.set_time(time.parse().unwrap()).unwrap();
        let url = format!("{}/1003/discount_coupons/7", sandbox.base_url());
        let response = http_client().get(url).bearer_auth("secret_sandbox").send().await.unwrap();
        response.text().await.unwrap()
    };
    let before = text("2019-12-31T00:00:00Z").await;
    assert!(before.contains(numbers) && before.contains("10.50"), "{before}");
    let expired = before.replace(r#""status":"ACTIVE""#, r#""status":"EXPIRED""#);
    assert_eq!(text("2020-01-02T00:00:00Z").await, expired);
}

#[tokio::test]
async fn an_update_keeps_clears_and_sets() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let amount: ecwid_coupons::Decimal = "10.50".parse().unwrap();
    let date: ecwid_coupons::EcwidDateTime = "2999-01-01 00:00:00".parse().unwrap();
    let new = NewCoupon::absolute("Name", "CODE", amount.clone())
        .total_limit(amount.clone())
        .expiration_date(date)
        .for_products([1, 2]);
    coupons.create(&new).await.unwrap();
    let before = coupons.get("CODE").await.unwrap();

    let mut update = CouponUpdate::default().name("Other");
    update.expiration_date = Patch::Clear;
    update.catalog_limit = Patch::Clear;
    assert_eq!(coupons.update("CODE", &update).await.unwrap().update_count, Some(1));
    let after = coupons.get("CODE").await.unwrap();
    let mut expected = before.clone();
    expected.name = Some("Other".to_owned());
    expected.expiration_date = None;
    expected.catalog_limit = None;
    expected.update_date.clone_from(&after.update_date);
    assert_eq!(after, expected);
    assert_eq!(after.discount.unwrap().to_string(), "10.50");

    let error = coupons.update("CODE", &CouponUpdate::default()).await.unwrap_err();
    assert!(error.to_string().contains("changes no field"), "{error}");
}

#[tokio::test]
async fn null_clears_some_fields_and_a_limit_replaces_the_old_one() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(send(&sandbox, "POST", "", &whole("CODE")).await.0, 200);
    let limit = json!({"catalogLimit": {"categories": [7]}});
    assert_eq!(send(&sandbox, "PUT", "/CODE", &limit).await, (200, json!({"updateCount": 1})));
    assert_eq!(
        raw(&sandbox, "/CODE").await.1["catalogLimit"],
        json!({"categories": [7]}),
        "the limit no longer has the products"
    );
    let cleared = ["launchDate", "expirationDate", "totalLimit", "catalogLimit", "shippingLimit"];
    for field in cleared.into_iter().chain(["discount"]) {
        assert_eq!(send(&sandbox, "PUT", "/CODE", &json!({field: null})).await.0, 200, "{field}");
    }
    let (_, coupon) = raw(&sandbox, "/CODE").await;
    for field in cleared {
        assert_eq!(coupon.get(field), None, "{field}");
    }
    assert_eq!(coupon["discount"], 0);
    for field in ["name", "code", "discountType", "status", "usesLimit", "applicationLimit", "orderCount"] {
        let (status, refusal) = send(&sandbox, "PUT", "/CODE", &json!({field: null})).await;
        assert_eq!((status, &refusal["errorCode"]), (400, &json!("WRONG_PARAMETER")), "{field}");
    }
    assert_eq!(raw(&sandbox, "/CODE").await.1, coupon);
}

#[tokio::test]
async fn an_update_of_ignored_fields_changes_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let date: ecwid_coupons::EcwidDateTime = "2020-01-01 00:00:00".parse().unwrap();
    sandbox
        .load([Coupon::default().with_id(1).with_code("CODE").with_name("Name").with_update_date(date)])
        .await
        .unwrap();
    let (_, before) = raw(&sandbox, "/CODE").await;
    for body in [json!({}), json!({"status": "EXPIRED"}), json!({"status": "USEDUP", "id": 7, "later": [1]})] {
        assert_eq!(send(&sandbox, "PUT", "/CODE", &body).await, (200, json!({"updateCount": 0})), "{body}");
        assert_eq!(raw(&sandbox, "/CODE").await.1, before, "{body}");
    }
    let (_, done) = send(&sandbox, "PUT", "/CODE", &json!({"status": "EXPIRED", "name": "Other"})).await;
    assert_eq!(done, json!({"updateCount": 1}));
}

#[tokio::test]
#[allow(deprecated)]
async fn repeat_customer_only_follows_the_application_limit() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let state = async || {
        let coupon = coupons.get("CODE").await.unwrap();
        (coupon.application_limit.unwrap(), coupon.repeat_customer_only.unwrap())
    };
    let mut new = NewCoupon::new("Name", "CODE").repeat_customer_only(true);
    coupons.create(&new).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::RepeatCustomerOnly, true));
    coupons
        .update("CODE", &CouponUpdate::default().application_limit(ApplicationLimit::NewCustomerOnly))
        .await
        .unwrap();
    assert_eq!(state().await, (ApplicationLimit::NewCustomerOnly, false));
    coupons.update("CODE", &CouponUpdate::default().repeat_customer_only(false)).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::NewCustomerOnly, false));
    coupons.update("CODE", &CouponUpdate::default().repeat_customer_only(true)).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::RepeatCustomerOnly, true));
    // If both fields are set, the newer one is used.
    coupons.delete("CODE").await.unwrap();
    new = new.application_limit(ApplicationLimit::Unlimited);
    coupons.create(&new).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::Unlimited, false));
}

#[tokio::test]
async fn only_the_store_sets_expired_and_dates() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let body = json!({
        "name": "Name", "code": "CODE", "status": "USEDUP", "creationDate": "2001-01-01 00:00:00 +0000", "id": 7, "orderCount": 3, "later": [1],
    });
    let request =
        http_client().post(url).bearer_auth("secret_sandbox").header("content-type", "text/json; charset=utf-8");
    assert_eq!(request.body(body.to_string()).send().await.unwrap().status(), 200);
    let (_, coupon) = raw(&sandbox, "/CODE").await;
    assert_eq!((&coupon["status"], &coupon["orderCount"]), (&json!("ACTIVE"), &json!(3)));
    assert_ne!(coupon["id"], 7);
    assert!(!coupon["creationDate"].as_str().unwrap().starts_with("2001"));
    assert_eq!(coupon.get("later"), None);
    for (sent, kept) in [("PAUSED", "PAUSED"), ("EXPIRED", "PAUSED"), ("USEDUP", "PAUSED"), ("ACTIVE", "ACTIVE")] {
        assert_eq!(send(&sandbox, "PUT", "/CODE", &json!({"status": sent, "name": sent})).await.0, 200);
        assert_eq!(raw(&sandbox, "/CODE").await.1["status"], kept, "{sent}");
    }
}

#[tokio::test]
async fn missing_coupons_and_stores_are_404() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.delete("NONE").await.unwrap().delete_count, Some(0));
    for error in [
        coupons.get("NONE").await.unwrap_err(),
        coupons.update("NONE", &CouponUpdate::default().pause()).await.unwrap_err(),
    ] {
        assert!(error.is_coupon_not_found());
        assert_eq!(error.code(), Some("DISCOUNT_COUPON_NOT_FOUND"));
        assert!(error.to_string().contains("no coupon has the code `NONE`: 404 Not Found"), "{error}");
    }
    // A token in place of a code is not shown.
    let error = coupons.get(sandbox.token()).await.unwrap_err();
    assert!(error.is_coupon_not_found() && !error.to_string().contains(sandbox.token()), "{error}");
    let other = Client::builder(1004, sandbox.token()).base_url(sandbox.base_url()).build().unwrap();
    assert_eq!(other.get(1).await.unwrap_err().code(), Some("STORE_NOT_FOUND"));
    let (status, page) = raw(&sandbox, "?offset=500").await;
    assert_eq!((status, page), (200, json!({"total": 0, "count": 0, "offset": 500, "limit": 100, "items": []})));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_concurrent_creates_gets_the_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let code = |index: usize| {
        let cased =
            |(at, letter): (usize, char)| if index >> at & 1 == 0 { letter } else { letter.to_ascii_uppercase() };
        "summer".chars().enumerate().map(cased).collect::<String>()
    };
    let sent = join_all((0..50).map(|index| {
        let body = json!({"name": "Name", "code": code(index)});
        let sandbox = &sandbox;
        async move { send(sandbox, "POST", "", &body).await.0 }
    }));
    let mut statuses = sent.await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert_eq!(statuses[1..], [409; 49]);
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(1));
}

#[tokio::test]
async fn an_error_repeats_a_little_of_the_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let long = "ä".repeat(5000);
    for (status, response) in [
        raw(&sandbox, &format!("/a/{}", "a".repeat(5000))).await,
        raw(&sandbox, &format!("?{0}=1&{0}=2", "a".repeat(5000))).await,
        send(&sandbox, "POST", "", &json!({"name": "Name", "code": long})).await,
        send(&sandbox, "POST", "", &json!({"name": "Name", "code": "CODE", "catalogLimit": long})).await,
    ] {
        let message = response["errorMessage"].as_str().unwrap();
        assert!(status == 400 || status == 404, "{status}: {message}");
        assert!(message.chars().count() <= 301 && message.contains('…'), "{message}");
    }
}

#[test]
fn a_copy_has_the_content_of_the_coupon() {
    let used = |status: &str| -> Coupon {
        serde_json::from_str(&format!(
            r#"{{"id":7,"name":"N","code":"C","discountType":"PERCENT","discount":10.50,"status":"{status}","orderCount":3,
                "expirationDate":"2024-02-01 00:00:00 +0000","creationDate":"2023-01-01 00:00:00 +0000",
                "updateDate":"2023-01-02 00:00:00 +0000","catalogLimit":{{"products":[1]}},"loyalty":{{"points":2.0}}}}"#
        ))
        .unwrap()
    };
    for status in ["ACTIVE", "PAUSED", "EXPIRED", "USEDUP", "TOMORROW"] {
        let copy = NewCoupon::copy_of(&used(status), "C").unwrap();
        let mut wanted = NewCoupon::percent("N", "C", "10.50".parse::<ecwid_coupons::Decimal>().unwrap())
            .expiration_date("2024-02-01 00:00:00 +0000".parse::<ecwid_coupons::EcwidDateTime>().unwrap())
            .for_products([1]);
        wanted.extra.insert("loyalty".to_owned(), r#"{"points":2.0}"#.parse::<ecwid_coupons::RawJson>().unwrap());
        if !["EXPIRED", "USEDUP"].contains(&status) {
            wanted = wanted.status(CouponStatus::from(status));
        }
        assert_eq!(copy, wanted, "{status}");
        // The copy by field names is the same, also with the column names of a table.
        let mut fields: Vec<(&str, ecwid_coupons::RawJson)> = vec![];
        let json = |text: &str| text.parse::<ecwid_coupons::RawJson>().unwrap();
        for (name, text) in [
            ("id", "7"),
            ("name", r#""N""#),
            ("code", r#""C""#),
            ("discount_type", r#""percent""#),
            ("discount", "10.50"),
            ("order_count", "3"),
            ("expiration_date", r#""2024-02-01 00:00:00+00:00""#),
            ("creation_date", "null"),
            ("catalog_limit_products", "[1]"),
            ("catalog_limit_categories", "null"),
            ("extra", r#"{"loyalty":{"points":2.0}}"#),
        ] {
            fields.push((name, json(text)));
        }
        if status != "TOMORROW" {
            fields.push(("status", json(&format!("{status:?}"))));
            assert_eq!(NewCoupon::from_fields(fields).unwrap(), wanted, "{status}");
        }
    }
    let unlimited = r#"{"id":7,"name":"N","code":"C","catalogLimit":{"products":[]},"shippingLimit":{}}"#;
    let copy = NewCoupon::copy_of(&serde_json::from_str(unlimited).unwrap(), "D").unwrap();
    assert_eq!(serde_json::to_string(&copy).unwrap(), r#"{"name":"N","code":"D"}"#, "empty limits are removed");
    let partial: Coupon = serde_json::from_str(r#"{"id":7,"code":"C"}"#).unwrap();
    let error = NewCoupon::copy_of(&partial, "D").unwrap_err().to_string();
    assert!(error.contains("cannot copy the coupon: missing field `name`"), "{error}");
}
