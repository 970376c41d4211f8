//! The control API: how it is called, and which callers it refuses.

use ecwid_coupons_sandbox::{Limits, Sandbox};
use serde_json::{Value, json};

use super::plain_http::http_client;

/// Returns the URL of a path of the control API.
pub(super) fn url(sandbox: &Sandbox, path: &str) -> String {
    format!("{}/_sandbox{path}", sandbox.base_url().trim_end_matches("/api/v3"))
}

/// Calls the control API, and returns the status and the response.
pub(super) async fn call(sandbox: &Sandbox, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = http_client().request(method.parse().unwrap(), url(sandbox, path));
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn web_pages_cannot_control_the_sandbox() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.base_url().trim_end_matches("/api/v3").rsplit(':').next().unwrap().to_owned();
    let own = format!("http://127.0.0.1:{port}");
    let other = format!("http://127.0.0.1:{}", port.parse::<u16>().unwrap().wrapping_add(1));
    for (name, value, is_taken) in [
        ("origin", own.as_str(), true),
        ("origin", other.as_str(), false),
        ("origin", "https://shop.example.com", false),
        ("origin", "null", false),
        ("host", "localhost", true),
        ("host", "shop.example.com", false),
        ("host", "127.0.0.1.example.com", false),
        ("sec-fetch-site", "none", true),
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "cross-site", false),
    ] {
        let request = http_client().get(url(&sandbox, "/clock")).header(name, value);
        let response = request.send().await.unwrap();
        let (status, body): (_, Value) = (response.status().as_u16(), response.json().await.unwrap());
        assert_eq!(status, if is_taken { 200 } else { 403 }, "{name}: {value}");
        assert_eq!(body["errorCode"] == "FOREIGN_ORIGIN", !is_taken, "{name}: {value}: {body}");
    }
    // A content type that a form can send is refused too.
    let request = http_client().put(url(&sandbox, "/clock")).header("content-type", "text/plain");
    assert_eq!(request.body(r#"{"now":"2999-01-01"}"#).send().await.unwrap().status(), 415);
    let (_, clock) = call(&sandbox, "GET", "/clock", None).await;
    assert_eq!(clock["isStopped"], false);
}

#[tokio::test]
async fn the_health_is_returned_without_a_token() {
    let sandbox = Sandbox::builder().limits(Limits::default().requests_per_minute(0)).start().await.unwrap();
    let health = call(&sandbox, "GET", "/health", None).await;
    assert_eq!(health, (200, json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })));
}

#[tokio::test]
async fn the_journal_does_not_record_the_control_api() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(call(&sandbox, "GET", "/clock", None).await.0, 200);
    assert_eq!(sandbox.received_requests(), []);
    let (status, response) = call(&sandbox, "PATCH", "/clock", Some(json!({}))).await;
    assert_eq!((status, &response["errorCode"]), (405, &json!("METHOD_NOT_ALLOWED")));
    assert_eq!(call(&sandbox, "GET", "/nothing", None).await.0, 404);
}
