//! The rate limit as a client sees it.

use ecwid_coupons::{
    Client,
    types::{BatchMethod, BatchRequestItem, NewCoupon},
};
use ecwid_coupons_sandbox::{Config, Limits, Sandbox, Token};
use serde_json::{Value, json};

use super::{control::call, plain_http::http_client};

/// Requests a page, and returns the status, the `Retry-After` header and the response.
async fn ask(sandbox: &Sandbox, token: &str) -> (u16, Option<u64>, Value) {
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let response = http_client().get(url).bearer_auth(token).send().await.unwrap();
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    (response.status().as_u16(), retry_after, response.json().await.unwrap())
}

async fn with_limit(requests: u32) -> Sandbox {
    Sandbox::builder().limits(Limits::default().requests_per_minute(requests)).start().await.unwrap()
}

#[tokio::test]
async fn too_many_requests_get_a_429() {
    let sandbox = with_limit(3).await;
    for _ in 0..3 {
        assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 200);
    }
    let (status, retry_after, response) = ask(&sandbox, "secret_sandbox").await;
    assert_eq!((status, &response["errorCode"]), (429, &json!("RATE_LIMITED")));
    assert!((1..=60).contains(&retry_after.unwrap()), "{retry_after:?}");
    // An invalid token gets a 403. A token is counted from the start after the limits are set.
    assert_eq!(ask(&sandbox, "secret_other").await.0, 403);
    sandbox.set_limits(sandbox.limits());
    assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 200);
}

#[tokio::test]
async fn requests_while_blocked_extend_the_block() {
    let sandbox = with_limit(1).await;
    let mut waits = Vec::new();
    for _ in 0..24 {
        waits.extend(ask(&sandbox, "secret_sandbox").await.1);
    }
    assert_eq!(waits.len(), 23);
    assert!(waits[..21].iter().all(|wait| *wait <= 60), "{waits:?}");
    assert!(waits[21..].iter().all(|wait| (590..=600).contains(wait)), "{waits:?}");
}

#[tokio::test]
async fn each_token_has_its_own_limit() {
    let builder = Sandbox::builder().limits(Limits::default().requests_per_minute(1));
    let sandbox = builder.add_token(Token::new(1003, "secret_other")).start().await.unwrap();
    for token in ["secret_sandbox", "secret_other"] {
        assert_eq!(ask(&sandbox, token).await.0, 200);
        assert_eq!(ask(&sandbox, token).await.0, 429);
    }
}

#[tokio::test]
async fn a_batch_counts_as_one_request() {
    let sandbox = with_limit(2).await;
    let coupons = sandbox.client().unwrap();
    let item = BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get);
    coupons.api().create_batch_request().body(vec![item; 100]).send().await.unwrap();
    assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 200);
    assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 429);
}

#[tokio::test]
async fn the_default_limit_is_the_documented_one() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(sandbox.limits().requests_per_minute, Some(600));
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    assert_eq!(sandbox.limits(), Limits::none());
    let config: Config = serde_json::from_value(json!({"limits": {"requestsPerMinute": 5}})).unwrap();
    let sandbox = Sandbox::builder().config(config).start().await.unwrap();
    assert_eq!(sandbox.limits(), Limits::default().requests_per_minute(5));
}

#[tokio::test]
async fn the_control_api_sets_the_limits() {
    let sandbox = Sandbox::start().await.unwrap();
    let documented = json!({
        "requestsPerMinute": 600, "requestsPerMinuteWhileBlocked": 20, "requestsWhileBlocked": 600, "longerBlockSeconds": 600,
    });
    assert_eq!(call(&sandbox, "GET", "/limits", None).await, (200, documented.clone()));
    let (status, limits) = call(&sandbox, "PUT", "/limits", Some(json!({"requestsPerMinute": 1}))).await;
    assert_eq!((status, &limits["requestsPerMinute"], &limits["longerBlockSeconds"]), (200, &json!(1), &json!(600)));
    assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 200);
    assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 429);
    assert_eq!(call(&sandbox, "PUT", "/limits", Some(json!({"requestsPerMinute": null}))).await.0, 200);
    for _ in 0..10 {
        assert_eq!(ask(&sandbox, "secret_sandbox").await.0, 200);
    }
    assert_eq!(call(&sandbox, "PUT", "/limits", Some(json!({"perMinute": 1}))).await.0, 400);
    assert_eq!(call(&sandbox, "PUT", "/limits", Some(json!({}))).await, (200, documented));
}

#[tokio::test]
async fn a_client_waits_and_retries_after_a_429() {
    let sandbox = with_limit(2).await;
    // This client has a higher rate limit than the sandbox, so it gets a 429.
    let coupons = Client::builder(1003, sandbox.token()).base_url(sandbox.base_url()).build().unwrap();
    for code in ["A", "B"] {
        coupons.create(&NewCoupon::new("Name", code)).await.unwrap();
    }
    let third = tokio::spawn(async move { coupons.create(&NewCoupon::new("Name", "C")).await });
    while !sandbox.received_requests().iter().any(|request| request.status == 429) {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    assert!(third.await.unwrap().is_ok());
    assert_eq!(
        sandbox.received_requests().iter().map(|request| request.status).collect::<Vec<_>>(),
        [200, 200, 429, 200]
    );
}
