//! Bad requests: each gets a 4xx response that says what is wrong.

use ecwid_coupons::types::{Coupon, CouponUpdate, NewCoupon};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use serde_json::Value;

use super::plain_http::http_client;

const COUPONS: &str = "/1003/discount_coupons";
const COUPON: &str = "/1003/discount_coupons/1";
const BATCH: &str = "/1003/batch";

/// Method, path, body, status, error code, and a part of the message.
type BadRequest = (&'static str, &'static str, Option<&'static str>, u16, &'static str, &'static str);

const BAD: &[BadRequest] = &[
    ("GET", "/1003/discount_coupons?limit=ten", None, 400, "WRONG_PARAMETER", "limit"),
    ("GET", "/1003/discount_coupons?limit=-1", None, 400, "WRONG_PARAMETER", "limit"),
    ("GET", "/1003/discount_coupons?limit=99999999999999999999", None, 400, "WRONG_PARAMETER", "limit"),
    ("GET", "/1003/discount_coupons?offset=1.5", None, 400, "WRONG_PARAMETER", "offset"),
    ("GET", "/1003/discount_coupons?offset=%00", None, 400, "WRONG_PARAMETER", "offset"),
    ("GET", "/1003/discount_coupons?limit=1&limit=2", None, 400, "WRONG_PARAMETER", "more than once"),
    ("GET", "/1003/discount_coupons?discount_type=abs", None, 400, "WRONG_PARAMETER", "ABS"),
    ("GET", "/1003/discount_coupons?availability=ACTIVE,SLEEPING", None, 400, "WRONG_PARAMETER", "SLEEPING"),
    ("GET", "/1003/discount_coupons?availability=ACTIVE,", None, 400, "WRONG_PARAMETER", "availability"),
    ("GET", "/1003/discount_coupons?createdFrom=yesterday", None, 400, "WRONG_PARAMETER", "createdFrom"),
    ("GET", "/1003/discount_coupons?createdTo=2023-02-30", None, 400, "WRONG_PARAMETER", "createdTo"),
    ("GET", "/1003/discount_coupons?updatedFrom=99999999999999", None, 400, "WRONG_PARAMETER", "updatedFrom"),
    ("GET", "/1003/discount_coupons?updatedTo=2023-01-15+25:00:00", None, 400, "WRONG_PARAMETER", "updatedTo"),
    ("GET", "/1003/discount_coupons?responseFields=items(id", None, 400, "WRONG_PARAMETER", "responseFields"),
    ("GET", "/1003/discount_coupons/1?responseFields=id,,name", None, 400, "WRONG_PARAMETER", "responseFields"),
    ("GET", "/1003/discount_coupons/%zz", None, 400, "WRONG_PARAMETER", "path"),
    ("GET", "/1003/discount_coupons/%ff%fe", None, 400, "WRONG_PARAMETER", "path"),
    ("GET", "/1003/discount_coupons/NONE", None, 404, "DISCOUNT_COUPON_NOT_FOUND", "not found"),
    ("GET", "/1003/discount_coupons/1/more", None, 404, "NOT_FOUND", "does not serve"),
    ("GET", "/1003/products", None, 404, "NOT_FOUND", "/api/v3/1003/products"),
    ("GET", "/1004/discount_coupons", None, 404, "STORE_NOT_FOUND", "1004"),
    ("GET", "/mine/discount_coupons", None, 400, "WRONG_PARAMETER", "storeId"),
    ("PATCH", COUPON, Some("{}"), 405, "METHOD_NOT_ALLOWED", "PATCH"),
    ("DELETE", COUPONS, None, 405, "METHOD_NOT_ALLOWED", "DELETE"),
    ("POST", COUPONS, None, 400, "WRONG_PARAMETER", "body"),
    ("POST", COUPONS, Some(""), 400, "WRONG_PARAMETER", "body"),
    ("POST", COUPONS, Some("{"), 400, "WRONG_PARAMETER", "Wrong body: the text ends inside an object"),
    ("POST", COUPONS, Some("[]"), 400, "WRONG_PARAMETER", "an object"),
    ("POST", COUPONS, Some("null"), 400, "WRONG_PARAMETER", "null"),
    ("POST", COUPONS, Some("name=N&code=C"), 400, "WRONG_PARAMETER", "body"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C"} {"#), 400, "WRONG_PARAMETER", "trailing"),
    ("POST", COUPONS, Some(r#"{"name":"N"}"#), 400, "WRONG_PARAMETER", "code"),
    ("POST", COUPONS, Some(r#"{"code":"C"}"#), 400, "WRONG_PARAMETER", "name"),
    ("POST", COUPONS, Some(r#"{"name":null,"code":"C"}"#), 400, "WRONG_PARAMETER", "name"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":5}"#), 400, "WRONG_PARAMETER", "code"),
    ("POST", COUPONS, Some(r#"{"name":" ","code":"C"}"#), 400, "WRONG_PARAMETER", "name"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"  "}"#), 400, "WRONG_PARAMETER", "code"),
    (
        "POST",
        COUPONS,
        Some(r#"{"name":"N","code":"C","discountType":"HALF"}"#),
        400,
        "WRONG_PARAMETER",
        "PERCENT_AND_SHIPPING",
    ),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","usesLimit":5}"#), 400, "WRONG_PARAMETER", "usesLimit"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","status":"active"}"#), 400, "WRONG_PARAMETER", "status"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","discount":"10"}"#), 400, "WRONG_PARAMETER", "discount"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","discount":-1}"#), 400, "WRONG_PARAMETER", "discount"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","discount":1e999999999}"#), 400, "WRONG_PARAMETER", "discount"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","totalLimit":true}"#), 400, "WRONG_PARAMETER", "totalLimit"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","launchDate":"soon"}"#), 400, "WRONG_PARAMETER", "launchDate"),
    (
        "POST",
        COUPONS,
        Some(r#"{"name":"N","code":"C","expirationDate":1700000000}"#),
        400,
        "WRONG_PARAMETER",
        "expirationDate",
    ),
    (
        "POST",
        COUPONS,
        Some(r#"{"name":"N","code":"C","expirationDate":"+12024-01-01 00:00:00 +0000"}"#),
        400,
        "WRONG_PARAMETER",
        "expirationDate",
    ),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","orderCount":-1}"#), 400, "WRONG_PARAMETER", "orderCount"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","orderCount":1.5}"#), 400, "WRONG_PARAMETER", "orderCount"),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","orderCount":"1"}"#), 400, "WRONG_PARAMETER", "a whole number"),
    (
        "POST",
        COUPONS,
        Some(r#"{"name":"N","code":"C","catalogLimit":{"products":["1"]}}"#),
        400,
        "WRONG_PARAMETER",
        "catalogLimit.products[0]",
    ),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"C","shippingLimit":[]}"#), 400, "WRONG_PARAMETER", "shippingLimit"),
    (
        "POST",
        COUPONS,
        Some(r#"{"name":"N","code":"C","discountType":"SHIPPING","catalogLimit":{"products":[1]}}"#),
        400,
        "WRONG_PARAMETER",
        "SHIPPING",
    ),
    ("POST", COUPONS, Some(r#"{"name":"N","code":"first"}"#), 409, "CONSTRAINT_VIOLATION", "first"),
    ("PUT", "/1003/discount_coupons/NONE", Some(r#"{"name":"N"}"#), 404, "DISCOUNT_COUPON_NOT_FOUND", "not found"),
    ("PUT", COUPON, Some(r#"{"name":null}"#), 400, "WRONG_PARAMETER", "cannot be cleared"),
    ("PUT", COUPON, Some(r#"{"code":""}"#), 400, "WRONG_PARAMETER", "code"),
    ("PUT", COUPON, Some("7"), 400, "WRONG_PARAMETER", "7"),
    ("POST", BATCH, Some("{}"), 400, "WRONG_PARAMETER", "expected a list"),
    ("POST", BATCH, Some("[]"), 400, "WRONG_PARAMETER", "from 1 to 500"),
    ("POST", BATCH, Some(r#"[{"path":"/x"}]"#), 400, "WRONG_PARAMETER", "method"),
    ("POST", BATCH, Some(r#"[{"path":"/x","method":"LOOK"}]"#), 400, "WRONG_PARAMETER", "LOOK"),
    ("POST", BATCH, Some(r#"[{"path":"/batch","method":"POST"}]"#), 400, "WRONG_PARAMETER", "not that of a batch"),
    (
        "POST",
        "/1003/batch?allowParallelMode=yes",
        Some(r#"[{"path":"/x","method":"GET"}]"#),
        400,
        "WRONG_PARAMETER",
        "allowParallelMode",
    ),
    ("GET", BATCH, None, 400, "WRONG_PARAMETER", "ticket"),
    ("GET", "/1003/batch?ticket=none", None, 404, "NOT_FOUND", "none"),
];

async fn store() -> Sandbox {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.load([Coupon::default().with_id(1).with_code("FIRST").with_name("First")]).await.unwrap();
    sandbox
}

async fn assert_refused(response: reqwest::Response, status: u16, code: &str, part: &str, what: &str) {
    assert_eq!(response.status().as_u16(), status, "{what}");
    assert_eq!(response.headers()["content-type"], "application/json;charset=utf-8", "{what}");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errorCode"], code, "{what}: {body}");
    let message = body["errorMessage"].as_str().unwrap();
    assert!(message.contains(part), "{what}: {message}");
    assert!(message.len() < 400, "{what}: {message}");
}

#[tokio::test]
async fn each_bad_request_gets_a_clear_error() {
    let sandbox = store().await;
    let client = http_client();
    for (method, path, body, status, code, part) in BAD {
        let what = format!("{method} {path} {}", body.unwrap_or_default());
        let url = format!("{}{path}", sandbox.base_url());
        let mut request = client
            .request(method.parse().unwrap(), url)
            .bearer_auth("secret_sandbox")
            .header("content-type", "application/json");
        if let Some(body) = body {
            request = request.body(*body);
        }
        assert_refused(request.send().await.unwrap(), *status, code, part, &what).await;
    }
    // None of these requests changed the store.
    let page = sandbox.client().unwrap().search().page().await.unwrap();
    assert_eq!(page.items.unwrap().iter().map(|coupon| coupon.code.as_deref()).collect::<Vec<_>>(), [Some("FIRST")]);
}

#[tokio::test]
async fn bad_headers_and_huge_bodies_are_refused() {
    let sandbox = store().await;
    let client = http_client();
    let url = format!("{}{COUPONS}", sandbox.base_url());
    for (header, code) in [
        (None, "INVALID_API_TOKEN"),
        (Some("Bearer wrong"), "INVALID_API_TOKEN"),
        (Some("Bearer"), "INVALID_API_TOKEN"),
        (Some("Basic secret_sandbox"), "INVALID_API_TOKEN"),
        (Some("secret_sandbox"), "INVALID_API_TOKEN"),
    ] {
        let mut request = client.get(&url);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        assert_refused(request.send().await.unwrap(), 403, code, "", &format!("{header:?}")).await;
    }
    // A token in the query is not accepted.
    let request = client.get(format!("{url}?token=secret_sandbox"));
    assert_refused(request.send().await.unwrap(), 403, "INVALID_API_TOKEN", "Authorization", "token in the query")
        .await;

    let valid = r#"{"name":"N","code":"NEW"}"#;
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonx")]
    {
        let mut request = client.post(&url).bearer_auth("secret_sandbox").body(valid);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        assert_refused(
            request.send().await.unwrap(),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "application/json",
            &format!("{content_type:?}"),
        )
        .await;
    }
    let json = |body: String| {
        client.post(&url).bearer_auth("secret_sandbox").header("content-type", "application/json").body(body).send()
    };
    let packed = client
        .post(&url)
        .bearer_auth("secret_sandbox")
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    assert_refused(packed.body("x").send().await.unwrap(), 415, "UNSUPPORTED_MEDIA_TYPE", "gzip", "packed").await;
    let long = format!(r#"{{"name":"N","code":"{}"}}"#, "x".repeat(129));
    let large = format!(r#"{{"name":"{}","code":"C"}}"#, "x".repeat(300_000));
    assert_refused(json(large).await.unwrap(), 400, "WRONG_PARAMETER", "262144 bytes", "large coupon").await;
    assert_refused(json(long).await.unwrap(), 400, "WRONG_PARAMETER", "128", "long code").await;
    assert_refused(json("[".repeat(100_000)).await.unwrap(), 400, "WRONG_PARAMETER", "", "deep").await;
    // The values of unknown fields are ignored.
    let later = format!(r#"{{"name":"N","code":"C","later":{}1{}}}"#, "[".repeat(50), "]".repeat(50));
    assert_eq!(json(later).await.unwrap().status(), 200);
    let digits = format!(r#"{{"name":"N","code":"C","discount":{}}}"#, "9".repeat(1_000_000));
    assert_refused(json(digits).await.unwrap(), 400, "WRONG_PARAMETER", "28 digits", "a million digits").await;
    assert_refused(json(" ".repeat(5 * 1024 * 1024)).await.unwrap(), 413, "WRONG_PARAMETER", "larger", "huge").await;

    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(2));
}

/// Documented error codes for coupons that no request causes in the sandbox, because it has neither plans nor suspended
/// stores.
const OF_THE_STORE: [(u16, &str); 4] = [
    (402, "NOT_AVAILABLE_ON_CURRENT_PLAN"),
    (402, "STORE_IS_SUSPENDED"),
    (403, "DISCOUNTS_FEATURE_NOT_AVAILABLE"),
    (403, "SHIPPING_DISCOUNTS_FEATURE_NOT_AVAILABLE"),
];

#[tokio::test]
async fn errors_of_plans_and_suspended_stores_can_be_injected() {
    for (status, code) in OF_THE_STORE {
        let effect = Effect::Status { status, code: Some(code.to_owned()), retry_after: None, after_work: false };
        let sandbox = Sandbox::builder().fault(Fault::new(effect)).start().await.unwrap();
        let coupons = sandbox.client().unwrap();
        let new = NewCoupon::new("Name", "CODE");
        let update = CouponUpdate::default().pause();
        for error in [
            coupons.search().page().await.unwrap_err(),
            coupons.get("CODE").await.unwrap_err(),
            coupons.create(&new).await.unwrap_err(),
            coupons.update("CODE", &update).await.unwrap_err(),
            coupons.delete("CODE").await.unwrap_err(),
        ] {
            assert_eq!((error.status(), error.code()), (Some(status), Some(code)), "{error}");
            assert!(error.is_forbidden() || status == 402, "{error}");
        }
    }
}
