//! The journal of the sandbox: what it keeps of requests and answers.

use ecwid_coupons::types::NewCoupon;
use ecwid_coupons_sandbox::Sandbox;
use serde_json::json;

use super::plain_http::{http_client, send};

#[tokio::test]
async fn the_journal_shows_exchanges_without_the_token() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let exchanges = sandbox.exchanges();
    let [exchange] = exchanges.as_slice() else { panic!("{exchanges:?}") };
    assert_eq!(
        (exchange.method.as_str(), exchange.target.as_str(), exchange.status),
        ("POST", "/api/v3/1003/discount_coupons", 200)
    );
    assert_eq!(exchange.request_body, r#"{"name":"Name","code":"CODE"}"#);
    assert!(exchange.request_headers.iter().any(|(name, _)| name == "x-ecwid-api-request-id"));
    let url = format!("{}/1003/discount_coupons?token=secret_sandbox", sandbox.base_url());
    http_client().get(url).header("authorization", "secret_sandbox").send().await.unwrap();
    let exchanges = sandbox.exchanges();
    assert_eq!(exchanges[1].target, "/api/v3/1003/discount_coupons?token=…");
    assert!(!format!("{exchanges:?} {sandbox:?}").contains("secret_sandbox"));
}

#[tokio::test]
async fn the_journal_is_bounded_by_its_size() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = "n".repeat(100_000);
    for index in 0..70 {
        let (status, _) = send(&sandbox, "POST", "", &json!({"code": format!("CODE{index}"), "name": name})).await;
        assert_eq!(status, 200);
    }
    let exchanges = sandbox.exchanges();
    let size = |exchange: &ecwid_coupons_sandbox::Exchange| exchange.request_body.len() + exchange.response_body.len();
    let total: usize = exchanges.iter().map(size).sum();
    assert!((3 << 20..=4 << 20).contains(&total), "{total} bytes in {}", exchanges.len());
    assert!(exchanges.last().unwrap().response_body.contains("CODE69"));
}
