//! Limits on the size and depth of requests, of stored data and of the web page.

use ecwid_coupons::{
    Client,
    types::{BatchMethod, BatchRequestItem, BatchResponse, BatchResponseStatus, Coupon},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};
use serde_json::{Value, json};

use super::{
    batch::finished,
    control::{call, url},
    plain_http::{http_client, raw, send},
    web_page::page,
};

/// Returns nested lists.
fn lists(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

async fn post(sandbox: &Sandbox, path: &str, body: String) -> (u16, String) {
    let request = http_client().post(format!("{}/1003{path}", sandbox.base_url())).bearer_auth("secret_sandbox");
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn deep_bodies_without_a_token_are_shown_in_part() {
    let sandbox = Sandbox::start().await.unwrap();
    let target = format!("{}/1003/discount_coupons", sandbox.base_url());
    for body in [lists(32_000), r#"{"a":"#.repeat(10_000) + "1" + &"}".repeat(10_000), lists(32_000)] {
        let response = http_client().post(&target).body(body).send().await.unwrap();
        assert_eq!(response.status(), 403);
    }
    let (status, text) = page(&sandbox, "/").await;
    assert_eq!((status, text.matches("class=\"request\"").count()), (200, 3));
    assert!(text.len() < 200_000, "{} bytes", text.len());
    assert!(text.contains("(64000 bytes in total)"), "the page shows the size");
}

#[tokio::test]
async fn long_targets_and_headers_are_shown_in_part() {
    let sandbox = Sandbox::start().await.unwrap();
    let target = format!("{}/1003/discount_coupons?code={}", sandbox.base_url(), "a".repeat(60_000));
    for _ in 0..20 {
        let request = http_client().get(&target).header("x-long", "b".repeat(100_000));
        assert_eq!(request.send().await.unwrap().status(), 403);
    }
    let (_, text) = page(&sandbox, "/").await;
    assert!(text.matches("class=\"request\"").count() >= 20 && text.len() < 500_000, "{} bytes", text.len());
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupon = |code: &str, depth: usize| format!(r#"{{"name":"N","code":"{code}","later":{}}}"#, lists(depth));
    assert_eq!(post(&sandbox, "/discount_coupons", coupon("A", 99)).await.0, 200);
    let updated = async |body: String| {
        let request = http_client().put(format!("{}/1003/discount_coupons/A", sandbox.base_url()));
        let request = request.bearer_auth("secret_sandbox").header("content-type", "application/json");
        request.body(body).send().await.unwrap().status()
    };
    assert_eq!(updated(format!(r#"{{"name":"M","later":{}}}"#, lists(99))).await, 200);
    assert_eq!(updated(format!(r#"{{"name":"L","later":{}}}"#, lists(100))).await, 400);
    for depth in [100, 20_000, 100_000] {
        let (status, text) = post(&sandbox, "/discount_coupons", coupon("B", depth)).await;
        assert!(status == 400 && text.contains("WRONG_PARAMETER") && text.contains("100 levels"), "{depth}: {text}");
    }
    let item = format!(r#"[{{"method":"POST","path":"/discount_coupons","body":{}}}]"#, coupon("B", 20_000));
    assert_eq!(post(&sandbox, "/batch", item).await.0, 400);

    // Unknown fields are kept when a coupon is loaded.
    let (status, text) = load(&sandbox, &coupon("C", 99)).await;
    assert_eq!(status, 200, "{text}");
    for depth in [100, 20_000] {
        for body in [
            coupon("D", depth),
            format!("[{}]", coupon("D", depth)),
            format!(r#"{{"coupon":{}}}"#, coupon("D", depth)),
            format!(r#"{{"name":"N","code":"D","catalogLimit":{{"brands":{}}}}}"#, lists(depth)),
        ] {
            let (status, text) = load(&sandbox, &body).await;
            assert!(status == 400 && text.contains("entry 1") && text.contains("100 levels"), "{depth}: {text}");
        }
    }
    let deep: Coupon = serde_json::from_str(&coupon("D", 20_000)).unwrap();
    let error = sandbox.load([deep]).await.unwrap_err().to_string();
    assert!(error.contains("100 levels"), "{error}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), coupon("D", 20_000)).unwrap();
    let error = Sandbox::builder().load(file.path()).start().await.unwrap_err().to_string();
    assert!(error.contains("100 levels"), "{error}");
    assert_eq!(raw(&sandbox, "").await.1["total"], 2);
}

async fn load(sandbox: &Sandbox, body: &str) -> (u16, String) {
    let request = http_client().post(url(sandbox, "/load")).header("content-type", "application/json");
    let response = request.body(body.to_owned()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn loaded_coupons_have_the_same_size_limit() {
    let sandbox = Sandbox::start().await.unwrap();
    let named = |code: &str, length: usize| json!({"name": "n".repeat(length), "code": code}).to_string();
    let (status, text) = load(&sandbox, &named("A", 300_000)).await;
    assert!(status == 400 && text.contains("262144 bytes"), "{text}");
    for index in 0..15 {
        assert_eq!(load(&sandbox, &named(&format!("B{index}"), 250_000)).await.0, 200);
    }
    let (_, text) = page(&sandbox, "/?coupon=B3").await;
    assert!(text.contains(">B3<") && text.len() < 200_000, "{} bytes", text.len());
}

#[tokio::test]
async fn many_field_names_and_parameters_are_handled() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons: Vec<_> =
        (0..100).map(|index| Coupon::default().with_code(format!("C{index}")).with_name("N")).collect();
    sandbox.load(coupons).await.unwrap();
    // This is as many as fit into the target of a request.
    let names: Vec<_> = (0..10_000).map(|index| format!("a{index}")).collect();
    let (status, found) = raw(&sandbox, &format!("?responseFields=items({},code),total", names.join(","))).await;
    assert_eq!((status, found["total"].as_i64()), (200, Some(100)));
    assert_eq!(found["items"][99], json!({"code": "C99"}));
    let repeated: Vec<_> = (0..6_000).map(|index| format!("a(b{index})")).collect();
    let (status, _) = raw(&sandbox, &format!("?responseFields={}", repeated.join(","))).await;
    assert_eq!(status, 200);
    let parameters: Vec<_> = (0..10_000).map(|index| format!("a{index}")).collect();
    let (status, refusal) = raw(&sandbox, &format!("?{}", parameters.join("&"))).await;
    assert!(status == 400 && refusal["errorMessage"].as_str().unwrap().contains("100 parameters"), "{refusal}");
}

/// Starts a store with one coupon, whose response has this length.
async fn with_a_long_coupon(length: usize) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let (status, _) = send(&sandbox, "POST", "", &json!({"code": "LONG", "name": "n".repeat(length)})).await;
    assert_eq!(status, 200);
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

async fn reads(coupons: &Client, count: usize) -> String {
    let items = vec![BatchRequestItem::new("/discount_coupons/LONG", BatchMethod::Get); count];
    coupons.api().create_batch_request().body(items).send().await.unwrap().into_inner().ticket.unwrap()
}

fn body_length(response: &BatchResponse) -> usize {
    response.escaped_http_body.as_ref().map_or(0, String::len)
}

#[tokio::test]
async fn finished_batches_are_dropped_by_their_size() {
    let (_sandbox, coupons) = with_a_long_coupon(250_000).await;
    let mut tickets = Vec::new();
    for _ in 0..7 {
        tickets.push(reads(&coupons, 60).await);
    }
    let newest = finished(&coupons, tickets.last().unwrap()).await;
    assert_eq!(newest.completed_requests, Some(60));
    let mut kept = Vec::new();
    for ticket in &tickets {
        match coupons.api().get_batch_status().ticket(ticket).escaped_json(true).send().await {
            Ok(status) => kept.push(status.into_inner().responses.unwrap().iter().map(body_length).sum::<usize>()),
            Err(error) => assert_eq!((error.status(), kept.len()), (Some(404), 0), "the oldest go first: {error}"),
        }
    }
    let sum: usize = kept.iter().sum();
    assert!(sum <= 64 << 20 && kept.len() >= 4 && kept.len() < tickets.len(), "{sum} bytes in {}", kept.len());
}

#[tokio::test]
async fn response_bodies_of_a_batch_are_limited() {
    let (_sandbox, coupons) = with_a_long_coupon(250_000).await;
    let ticket = reads(&coupons, 100).await;
    let responses = finished(&coupons, &ticket).await.responses.unwrap();
    assert!(responses.iter().map(body_length).sum::<usize>() <= 16 << 20);
    for (index, response) in responses.iter().enumerate() {
        assert_eq!((&response.status, response.http_status_code), (&Some(BatchResponseStatus::Completed), Some(200)));
        let line = response.http_status_line.as_deref().unwrap();
        assert_eq!(line.contains("dropped this body"), response.escaped_http_body.is_none(), "{index}: {line}");
        assert_eq!(response.escaped_http_body.is_some(), index < 66, "{index}");
    }
}

#[tokio::test]
async fn waiting_batches_are_bounded_by_their_size() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let slow = Effect::Latency { milliseconds: 60_000, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(slow).on(["search_discount_coupons"])).unwrap();
    let item = json!({"method": "GET", "path": "/discount_coupons", "body": "b".repeat(4_000_000)});
    let body = json!([item]).to_string();
    for _ in 0..16 {
        assert_eq!(post(&sandbox, "/batch", body.clone()).await.0, 200);
    }
    let (status, text) = post(&sandbox, "/batch", body).await;
    let refusal: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &refusal["errorCode"]), (429, &json!("RATE_LIMITED")), "{text}");
    assert_eq!(call(&sandbox, "POST", "/reset", Some(json!({}))).await.0, 200);
}

#[tokio::test]
async fn the_client_reads_deeply_nested_values() {
    let deep = "{\"a\":".repeat(200_000) + "1" + &"}".repeat(200_000);
    let coupon = format!(r#"{{"id":7,"code":"C","catalogLimit":{{"brands":{deep}}},"later":{deep}}}"#);
    let page = format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{coupon}]}}"#);
    let response = {
        let coupon = coupon.clone();
        move |target: &str| if target.contains("/C") { coupon.clone() } else { page.clone() }
    };
    let server =
        ScriptedServer::start(Vec::new(), move |seen| Act::response(200, &response(&seen.target))).await.unwrap();
    let coupons = Client::builder(1003, "secret_sandbox").base_url(server.base_url()).build().unwrap();
    let got = coupons.get("C").await.unwrap();
    let found = coupons.search().page().await.unwrap().items.unwrap().remove(0);
    assert!(got == found && got.extra.get("later").is_some_and(|json| json.as_str() == deep));
    assert!(format!("{got:?}").len() > deep.len() && format!("{got:#?}").len() > deep.len());
    assert_eq!(serde_json::to_string(&got).unwrap(), coupon);
}
