//! Tests of a program without a server.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use ecwid_coupons::{
    Client, Error, ErrorKind,
    test_util::{self, http::Response},
    types::NewCoupon,
};
use serde_json::json;

fn client<B: Into<reqwest::Body>>(respond: impl Fn(u32) -> Response<B> + Send + Sync + 'static) -> Client {
    let number = AtomicU32::new(0);
    let builder = Client::builder(1003, "secret_test");
    builder.respond_with(move |_| respond(number.fetch_add(1, Ordering::Relaxed))).build().unwrap()
}

/// What a web service would do with a call.
async fn status(coupons: &Client, code: &str) -> u16 {
    match coupons.get(code).await {
        Ok(_) => 200,
        Err(error) if error.is_coupon_not_found() => 404,
        Err(error) if error.is_unauthorized() => 500,
        Err(_) => 503,
    }
}

#[tokio::test]
async fn not_found_gives_404() {
    assert_eq!(status(&client(|_| test_util::coupon_not_found()), "FIRST").await, 404);
    assert_eq!(status(&client(|_| test_util::json(200, &json!({"id": 1, "code": "FIRST"}))), "FIRST").await, 200);
    let invalid = client(|_| test_util::error_response(403, "INVALID_API_TOKEN", "Invalid token"));
    assert_eq!(status(&invalid, "FIRST").await, 500);
    let html = client(|_| Response::builder().body("<html>").unwrap());
    assert_eq!(html.get("FIRST").await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn retries_and_pages_work_as_with_a_store() {
    let coupons = client(|number| match number {
        0..3 => test_util::error_response(503, "INTERNAL_ERROR", "later"),
        _ => test_util::json(200, &json!({"total": 1, "count": 1, "offset": 0, "limit": 100, "items": [{"id": 7}]})),
    });
    assert_eq!(coupons.search().all().await.unwrap()[0].id, Some(7));
    let refused = client(|_| test_util::error_response(409, "CONSTRAINT_VIOLATION", "taken"));
    assert!(refused.create(&NewCoupon::new("Name", "CODE")).await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn the_function_gets_the_request() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let builder = Client::builder(1003, "secret_test").user_agent("my-shop/1.0");
    let coupons = builder.respond_with(move |request| {
        let body = request.body().and_then(|body| body.as_bytes()).map(<[u8]>::to_vec);
        record.lock().unwrap().push((request.method().to_string(), request.url().path().to_owned(), body));
        test_util::json(200, &json!({"id": 1, "code": "CODE"}))
    });
    coupons.build().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!((seen[0].0.as_str(), seen[0].1.as_str()), ("POST", "/api/v3/1003/discount_coupons"));
    assert_eq!(seen[0].2.as_deref(), Some(br#"{"name":"Name","code":"CODE"}"#.as_slice()));
}

#[test]
fn values_can_be_made() {
    let timeout = test_util::error(ErrorKind::Timeout, "too slow");
    assert!(timeout.is_network() && timeout.to_string().contains("too slow"));
    let missing: Error = test_util::status_error(404, Some("DISCOUNT_COUPON_NOT_FOUND"));
    assert_eq!((missing.is_coupon_not_found(), missing.status()), (true, Some(404)));
    let differences = vec![test_util::difference("discount", "1".parse().unwrap(), None)];
    assert_eq!(test_util::conflict("CODE", differences.clone()).differences(), differences);
    assert_eq!(test_util::row_problem(3, "code", "it is empty").to_string(), "row 3, code: it is empty");
    let mut attempt = test_util::attempt("get_discount_coupon");
    attempt.status = None;
    assert_eq!((attempt.operation, attempt.number), ("get_discount_coupon", 1));
}

#[tokio::test]
async fn a_page_can_be_made_with_a_real_cursor() {
    let coupons = client(|_| {
        test_util::json(200, &json!({"total": 1, "count": 1, "offset": 0, "limit": 100, "items": [{"id": 7}]}))
    });
    let mut pages = std::pin::pin!(coupons.search().pages());
    let real = futures_util::StreamExt::next(&mut pages).await.unwrap().unwrap();
    let page = test_util::page(real.coupons.clone(), Some(250), real.cursor);
    assert_eq!((page.coupons.len(), page.total, page.skipped.len()), (1, Some(250), 0));
}
