//! Delays that the server asks for: the client waits in full, never beyond the deadline, and not for years.

use std::time::Duration;

use ecwid_coupons::{Client, types::NewCoupon};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use tokio::time::{Instant, sleep};

const COUPON: &str = r#"{"id":7,"name":"Name","code":"CODE"}"#;

fn normal(request: &Seen) -> Act {
    match request.method.as_str() {
        "POST" => Act::response(200, r#"{"id":7,"code":"NEW"}"#),
        _ if request.target.contains("code=NEW") => Act::response(200, r#"{"total":0,"items":[]}"#),
        _ => Act::response(200, COUPON),
    }
}

async fn client(acts: Vec<Act>, deadline: u64) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(acts, normal).await.unwrap();
    let client = Client::builder(1003, "secret").base_url(server.base_url()).deadline(Duration::from_secs(deadline));
    let client = client.build().unwrap();
    (server, client)
}

#[tokio::test(start_paused = true)]
async fn retry_after_may_be_any_form_of_a_date() {
    // By the server's clock, which is decades behind.
    for (until, date) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT"),
        ("Sun Nov  6 08:49:37 1994", "Sunday, 06-Nov-94 08:49:07 GMT"),
        ("30", "Sun, 06 Nov 1994 08:49:07 GMT"),
    ] {
        for status in [429, 503] {
            let act = Act::with(status, &[("retry-after", until), ("date", date)], "");
            let (server, client) = client(vec![act], 60).await;
            let start = Instant::now();
            client.get("CODE").await.unwrap();
            let waited = start.elapsed().as_secs();
            assert!((30..32).contains(&waited), "{status}, {until}: {waited} s");
            assert_eq!(server.seen().len(), 2);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_beyond_the_deadline_is_not_started() {
    for status in [429, 503] {
        for told in ["59", "60", "61", "3600"] {
            let (server, client) = client(vec![Act::with(status, &[("retry-after", told)], "")], 60).await;
            let start = Instant::now();
            let result = client.get("CODE").await;
            let took = start.elapsed();
            assert!(took < Duration::from_secs(60), "{status}, {told}: {took:?}");
            if told == "59" {
                assert!(result.is_ok() && took >= Duration::from_secs(59), "{status}: {took:?}, {result:?}");
            } else {
                assert_eq!((result.unwrap_err().status(), server.seen().len()), (Some(status), 1), "{told}");
                assert!(took < Duration::from_secs(1), "{status}, {told}: {took:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_waits_for_retry_after_before_the_lookup() {
    let (server, client) = client(vec![Act::with(503, &[("retry-after", "20")], "")], 60).await;
    let start = Instant::now();
    client.create(&NewCoupon::new("Name", "NEW")).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(20), "{:?}", start.elapsed());
    let methods: Vec<_> = server.seen().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["POST", "GET", "POST"]);
}

#[tokio::test(start_paused = true)]
async fn a_very_long_pause_ends_with_a_single_request() {
    let years = || Act::with(429, &[("retry-after", "999999999")], "");
    let (server, client) = client(vec![years(), years()], 60).await;
    let start = Instant::now();
    let error = client.get("CODE").await.unwrap_err();
    assert!(error.is_rate_limited() && error.retry_after() == Some(Duration::from_secs(999_999_999)), "{error}");
    // Until then, no request is sent.
    sleep(Duration::from_secs(60)).await;
    assert_eq!(client.get("CODE").await.unwrap_err().attempts(), 0);
    sleep(Duration::from_secs(240)).await;
    // One request finds that the store still refuses, and the others are not sent.
    let calls = (0..5).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get("CODE").await.map_err(|error| error.attempts()) })
    });
    let mut attempts = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        attempts.push(call.await.unwrap().unwrap_err());
    }
    attempts.sort_unstable();
    assert_eq!(attempts, [0, 0, 0, 0, 1]);
    assert_eq!(server.seen().len(), 2);
    // After another pause, the store accepts this request and the others.
    sleep(Duration::from_secs(300)).await;
    for _ in 0..3 {
        client.get("CODE").await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(1000), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_for_pages_that_nobody_reads() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let creator = sandbox.client().unwrap();
    for number in 0..60 {
        creator.create(&NewCoupon::absolute("Ten", format!("C{number}"), 10)).await.unwrap();
    }
    // The pages that are requested in advance wait for the rate limit while the loop makes another call.
    let client = Client::builder(sandbox.store_id(), sandbox.token())
        .base_url(sandbox.base_url())
        .requests_per_minute(6)
        .deadline(Duration::from_secs(3_600))
        .build()
        .unwrap();
    let mut pages = client.search().limit(4).prefetch(4).pages();
    let mut coupons = 0;
    while let Some(page) = pages.try_next().await.unwrap() {
        coupons += page.coupons.len();
        client.get("C1").await.unwrap();
    }
    assert_eq!(coupons, 60);
}
