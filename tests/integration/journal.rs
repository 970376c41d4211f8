//! The journal of the sandbox: what it keeps of requests and answers.

use std::time::Duration;

use ecwid_coupons::{EcwidDateTime, types::NewCoupon};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use serde_json::json;

use super::{
    control::call,
    plain_http::{http_client, send},
};

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

#[tokio::test]
async fn the_journal_has_the_time_of_the_clock_and_how_long_an_answer_took() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let time = "2030-01-31 08:00:00".parse::<EcwidDateTime>().unwrap().to_utc().unwrap();
    sandbox.set_time(time).unwrap();
    sandbox.add_fault(Fault::new(Effect::Latency { milliseconds: 200, jitter_milliseconds: 0 }).times(1)).unwrap();
    coupons.search().page().await.unwrap();
    coupons.search().page().await.unwrap();
    let exchanges = sandbox.exchanges();
    let [late, prompt] = exchanges.as_slice() else { panic!("{exchanges:?}") };
    assert_eq!((late.time, prompt.time), (time, time), "the clock stands still");
    assert!(late.took >= Duration::from_millis(200) && late.took < Duration::from_secs(20), "{:?}", late.took);
    assert!(prompt.took > Duration::ZERO && prompt.took < late.took, "{:?}", prompt.took);
}

#[tokio::test]
async fn the_control_api_tells_the_journal() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(call(&sandbox, "GET", "/requests", None).await, (200, json!([])));
    let time = "2030-01-31 08:00:00".parse::<EcwidDateTime>().unwrap().to_utc().unwrap();
    sandbox.set_time(time).unwrap();
    sandbox.client().unwrap().get("FIRST").await.unwrap_err();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "SECOND")).await.unwrap();
    let (_, all) = call(&sandbox, "GET", "/requests", None).await;
    let told: Vec<_> = all.as_array().unwrap().iter().map(|one| (&one["method"], &one["status"])).collect();
    assert_eq!(told, [(&json!("GET"), &json!(404)), (&json!("POST"), &json!(200))], "the oldest first");
    let (_, last) = call(&sandbox, "GET", "/requests?last=1", None).await;
    assert_eq!(last, json!([all[1]]));
    let created = &all[1];
    assert_eq!(
        (&created["time"], &created["target"], &created["requestBody"]),
        (
            &json!("2030-01-31T08:00:00.000Z"),
            &json!("/api/v3/1003/discount_coupons"),
            &json!(r#"{"name":"Name","code":"SECOND"}"#)
        )
    );
    assert!(created["milliseconds"].as_f64().is_some_and(|took| took > 0.0 && took < 20_000.0), "{created}");
    assert!(created["requestHeaders"].as_array().unwrap().contains(&json!(["authorization", "Bearer …"])), "{created}");
    assert!(created["responseBody"].as_str().unwrap().contains("SECOND"), "{created}");
    let (status, refusal) = call(&sandbox, "GET", "/requests?last=x", None).await;
    assert_eq!((status, &refusal["errorCode"]), (400, &json!("WRONG_PARAMETER")));

    assert_eq!(call(&sandbox, "DELETE", "/requests", None).await, (200, json!([])));
    assert_eq!(sandbox.exchanges(), []);
}
