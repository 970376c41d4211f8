//! The journal of the sandbox: the recorded requests and responses.

use std::time::Duration;

use ecwid_coupons::{EcwidDateTime, types::NewCoupon};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox, Token, Webhook};
use serde_json::json;

use super::{
    control::call,
    plain_http::{http_client, raw, send},
    web_page::page,
};

#[tokio::test]
async fn the_journal_shows_requests_without_the_token() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let requests = sandbox.received_requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(
        (request.method.as_str(), request.target.as_str(), request.status),
        ("POST", "/api/v3/1003/discount_coupons", 200)
    );
    assert_eq!(request.request_body, r#"{"name":"Name","code":"CODE"}"#);
    assert!(request.request_headers.iter().any(|(name, _)| name == "x-ecwid-api-request-id"));
    let url = format!("{}/1003/discount_coupons?token=secret_sandbox", sandbox.base_url());
    http_client().get(url).header("authorization", "secret_sandbox").send().await.unwrap();
    let requests = sandbox.received_requests();
    assert_eq!(requests[1].target, "/api/v3/1003/discount_coupons?token=…");
    assert!(!format!("{requests:?} {sandbox:?}").contains("secret_sandbox"));
}

#[tokio::test]
async fn the_journal_is_bounded_by_its_size() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = "n".repeat(100_000);
    for index in 0..70 {
        let (status, _) = send(&sandbox, "POST", "", &json!({"code": format!("CODE{index}"), "name": name})).await;
        assert_eq!(status, 200);
    }
    let requests = sandbox.received_requests();
    let size =
        |request: &ecwid_coupons_sandbox::RecordedRequest| request.request_body.len() + request.response_body.len();
    let total: usize = requests.iter().map(size).sum();
    assert!((3 << 20..=4 << 20).contains(&total), "{total} bytes in {}", requests.len());
    assert!(requests.last().unwrap().response_body.contains("CODE69"));
}

#[tokio::test]
async fn the_journal_has_the_time_and_duration_of_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let time = "2030-01-31 08:00:00".parse::<EcwidDateTime>().unwrap().to_utc().unwrap();
    sandbox.set_time(time).unwrap();
    sandbox.add_fault(Fault::new(Effect::Latency { milliseconds: 200, jitter_milliseconds: 0 }).times(1)).unwrap();
    coupons.search().page().await.unwrap();
    coupons.search().page().await.unwrap();
    let requests = sandbox.received_requests();
    let [late, prompt] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((late.time, prompt.time), (time, time), "the clock is stopped");
    assert!(late.elapsed >= Duration::from_millis(200) && late.elapsed < Duration::from_secs(20), "{:?}", late.elapsed);
    assert!(prompt.elapsed > Duration::ZERO && prompt.elapsed < late.elapsed, "{:?}", prompt.elapsed);
}

#[tokio::test]
async fn the_control_api_returns_the_journal() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(call(&sandbox, "GET", "/requests", None).await, (200, json!([])));
    let time = "2030-01-31 08:00:00".parse::<EcwidDateTime>().unwrap().to_utc().unwrap();
    sandbox.set_time(time).unwrap();
    sandbox.client().unwrap().get("FIRST").await.unwrap_err();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "SECOND")).await.unwrap();
    let (_, all) = call(&sandbox, "GET", "/requests", None).await;
    let told: Vec<_> = all.as_array().unwrap().iter().map(|one| (&one["method"], &one["status"])).collect();
    assert_eq!(told, [(&json!("GET"), &json!(404)), (&json!("POST"), &json!(200))], "the oldest request is first");
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
    assert_eq!(sandbox.received_requests(), []);
}

#[tokio::test]
async fn no_token_of_any_kind_is_shown() {
    let configured = "mine-4f3a/9+b";
    let other = Token::new(1004, configured);
    let sandbox = Sandbox::builder().add_token(other).start().await.unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let escaped =
        |hex: &str| configured.bytes().map(|byte| hex.replace("XX", &format!("{byte:02x}"))).collect::<String>();
    let spellings =
        [configured.to_owned(), escaped("%XX"), escaped("%25XX"), escaped("\\u00XX"), configured.replace('/', "\\/")];

    let mut request = http_client().get(&url);
    for name in [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-ecwid-app-secret-key",
        "x-auth-token",
        "x-api-key",
        "x-access-token",
    ] {
        request = request.header(name, "Basic LEAK1");
    }
    request = request.header("referer", "http://localhost/?access_token=LEAK2").header("x-note", "Bearer LEAK3");
    request.header("x-other", "public_LEAK4").header("x-kept", "KEPT").send().await.unwrap();
    for query in [
        "token=LEAK5",
        "access_token=LEAK6&limit=7",
        "%74oken=LEAK7",
        "client_secret=LEAK8",
        "x=secret_LEAK9",
        "x=%73ecret%5FLEAK10",
        "x=Bearer+LEAK11",
        "x=bearer%20LEAK12",
    ] {
        http_client().get(format!("{url}?{query}")).send().await.unwrap();
    }
    for path in ["secret_LEAK13", "public%5FLEAK14", "token=LEAK15"] {
        raw(&sandbox, &format!("/{path}")).await;
    }
    for body in [
        r#"{"name":"secret_LEAK16","code":"A"}"#,
        r#"{"name":"\u0073ecret_LEAK17","code":"B"}"#,
        r#"{"name":"N","code":"C","token":"LEAK18 and LEAK19"}"#,
        r#"{"name":"N","code":"D","clientSecret" : "LEAK20\"LEAK21","password":"LEAK22"}"#,
        "grant_type=x&client_secret=LEAK23&code=E",
    ] {
        let request = http_client().post(&url).bearer_auth("secret_sandbox").header("content-type", "application/json");
        request.body(body).send().await.unwrap();
    }
    let nested = json!([{"method": "POST", "path": "/x", "body": r#"{"api_key":"LEAK24","a":"\u0073ecret_LEAK25"}"#}]);
    let batch = http_client().post(format!("{}/1003/batch", sandbox.base_url()));
    batch.bearer_auth("secret_sandbox").json(&nested).send().await.unwrap();
    for spelling in &spellings {
        if !spelling.contains('\\') {
            http_client().get(format!("{url}?x={spelling}")).send().await.unwrap();
            raw(&sandbox, &format!("/{spelling}")).await;
        }
        let body = format!(r#"{{"name":"a{spelling}b","code":"F"}}"#);
        http_client().post(&url).body(body).header("x-other", spelling).send().await.unwrap();
    }
    // A long body is cut, which can leave the beginning of a token.
    let cut = format!(r#"{{"name":"{}{configured}"}}"#, "n".repeat(64 * 1024 - 18));
    http_client().post(&url).body(cut).send().await.unwrap();

    let (_, told) = call(&sandbox, "GET", "/requests", None).await;
    let (_, shown) = page(&sandbox, "/?requests=100").await;
    for text in [told.to_string(), shown, format!("{:?}", sandbox.received_requests())] {
        let leak = text.find("LEAK").map(|at| text[..at + 6].chars().rev().take(60).collect::<Vec<_>>());
        assert_eq!(leak.map(|leak| leak.into_iter().rev().collect::<String>()), None);
        for spelling in &spellings {
            let written = spelling.replace('\\', "\\\\");
            assert!(!text.contains(spelling) && !text.contains(&written), "{spelling}");
        }
        assert!(!text.contains("mine-4f3a/"), "a part of a token is shown");
        for kept in ["KEPT", "limit=7", "Basic …", "x-ecwid-app-secret-key", "token=…", "grant_type=x"] {
            assert!(text.contains(kept), "{kept}");
        }
    }
    let headers = told[0]["requestHeaders"].as_array().unwrap();
    assert_eq!(headers.iter().filter(|header| header[1] == "Basic …").count(), 2);
}

#[tokio::test]
async fn secrets_in_a_webhook_url_are_redacted() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = "http://ann:LEAK1@127.0.0.1:9/hook?token=LEAK2&x=secret_LEAK3&kept=1";
    let (status, set) = call(&sandbox, "PUT", "/webhook", Some(json!({"url": url, "clientSecret": "LEAK4"}))).await;
    assert_eq!((status, &set["url"]), (200, &json!("http://…@127.0.0.1:9/hook?token=…&x=…&kept=1")));
    let (_, told) = call(&sandbox, "GET", "/webhook", None).await;
    let (_, shown) = page(&sandbox, "/").await;
    for text in [told.to_string(), shown] {
        assert!(text.contains("kept=1") && !text.contains("LEAK"), "{text}");
    }
    assert!(!format!("{:?}", Webhook::new(url)).contains("LEAK"));
    // An error message of the page does not repeat a misplaced token either.
    let (status, text) = page(&sandbox, "/?offset=secret_LEAK").await;
    assert!(status == 400 && !text.contains("LEAK"), "{text}");
}

#[tokio::test]
async fn ignored_fields_are_listed() {
    let sandbox = Sandbox::start().await.unwrap();
    let misspelled = json!({"name": "N", "code": "A", "discount_type": "PERCENT", "discount": 10, "uses_limit": "SINGLE",
        "catalogLimit": {"products": [1], "brands": [2]}, "id": 7});
    assert_eq!(send(&sandbox, "POST", "", &misspelled).await.0, 200);
    assert_eq!(send(&sandbox, "PUT", "/A", &json!({"name": "M", "launch_date": null})).await.0, 200);
    assert_eq!(send(&sandbox, "POST", "", &json!({"name": "N", "code": "B", "discountType": "ABS"})).await.0, 200);
    raw(&sandbox, "/A").await;
    // A long body is cut. The fields before the cut are listed.
    let long = json!({"a_first": 1, "code": "C", "name": "n".repeat(100_000)});
    assert_eq!(send(&sandbox, "POST", "", &long).await.0, 200);
    let batch =
        json!([{"method": "POST", "path": "/discount_coupons", "body": {"name": "N", "code": "D", "status_": 1}}]);
    let request = http_client().post(format!("{}/1003/batch", sandbox.base_url())).bearer_auth("secret_sandbox");
    assert_eq!(request.json(&batch).send().await.unwrap().status(), 200);
    send(&sandbox, "POST", "", &json!({"secret_LEAK": 1})).await;

    let (_, told) = call(&sandbox, "GET", "/requests", None).await;
    let ignored: Vec<_> = told.as_array().unwrap().iter().map(|one| one["ignoredFields"].clone()).collect();
    assert_eq!(
        ignored,
        [
            json!(["discount_type", "uses_limit", "catalogLimit.brands", "id"]),
            json!(["launch_date"]),
            json!([]),
            json!([]),
            json!(["a_first"]),
            json!(["[0].body.status_"]),
            json!(["…"]),
        ]
    );
    let (_, shown) = page(&sandbox, "/").await;
    let names = "ignored these fields: <code>discount_type, uses_limit, catalogLimit.brands, id</code>";
    assert!(shown.contains(names), "{shown}");
    assert_eq!(shown.matches("ignored these fields").count(), 5);
}
