//! What errors, observers and traces say about a whole call, which may consist of several requests.

use std::{
    io,
    sync::{Arc, Mutex, Once, PoisonError},
    time::Duration,
};

use ecwid_coupons::{
    Client, ClientBuilder, CreateOutcome, Error, ErrorKind, RowOutcome,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use futures_util::StreamExt as _;
use tokio::time::Instant;
use tracing::instrument::WithSubscriber as _;

const NOTHING: &str = r#"{"total":0,"count":0,"offset":0,"limit":100,"items":[]}"#;
const CREATED: &str = r#"{"id":7,"code":"NEW"}"#;
const NOT_FOUND: &str = r#"{"errorMessage":"Coupon is not found","errorCode":"DISCOUNT_COUPON_NOT_FOUND"}"#;

fn new() -> NewCoupon {
    NewCoupon::percent("Name", "NEW", 10)
}

/// A store whose writes end like this. It has no coupons.
async fn failing(write: Act) -> ScriptedServer {
    let respond = move |request: &Seen| match request.method.as_str() {
        "GET" if request.target.contains("/discount_coupons?") || request.target.ends_with("/discount_coupons") => {
            Act::response(200, NOTHING)
        }
        "GET" => Act::response(404, NOT_FOUND),
        _ => write.clone(),
    };
    ScriptedServer::start(Vec::new(), respond).await.unwrap()
}

fn builder(server: &ScriptedServer) -> ClientBuilder {
    Client::builder(1003, "secret").base_url(server.base_url()).timeout(Duration::from_secs(5))
}

/// Checks the data of an error against what the server received since `start`.
fn check(error: &Error, server: &ScriptedServer, method: &str, start: Instant) {
    let seen = server.seen();
    let sent: Vec<_> = seen.iter().filter(|request| request.method == method).collect();
    assert_eq!(error.attempts() as usize, sent.len(), "{error}");
    assert_eq!(error.elapsed(), start.elapsed(), "{error}");
    let ids: Vec<_> = sent.iter().filter_map(|request| request.header("x-ecwid-api-request-id")).collect();
    assert!(ids.iter().all(|id| Some(*id) == error.request_id()), "{ids:?}: {error}");
    assert_eq!(ids.len(), sent.len());
}

#[tokio::test(start_paused = true)]
async fn an_error_counts_the_attempts_of_the_whole_call() {
    for (write, posts, kind, status) in [
        (Act::response(503, ""), 4, ErrorKind::Status, Some(503)),
        (Act::Reset, 4, ErrorKind::Network, None),
        (Act::Hang, 4, ErrorKind::Timeout, None),
        (Act::response(200, "<html>"), 4, ErrorKind::Decode, Some(200)),
        (Act::response(200, "{}"), 4, ErrorKind::Decode, Some(200)),
        (Act::response(200, r#"{"id":7,"code":"OTHER"}"#), 4, ErrorKind::Decode, Some(200)),
        (Act::response(400, "{}"), 1, ErrorKind::Status, Some(400)),
        (Act::response(409, "{}"), 1, ErrorKind::Status, Some(409)),
    ] {
        let server = failing(write.clone()).await;
        let start = Instant::now();
        let error = builder(&server).build().unwrap().create(&new()).await.unwrap_err();
        assert_eq!((error.kind(), error.status(), error.attempts()), (kind, status, posts), "{write:?}: {error}");
        check(&error, &server, "POST", start);
    }
    let update = CouponUpdate::default().pause();
    for (write, puts, kind, status) in [
        (Act::response(503, ""), 4, ErrorKind::Status, Some(503)),
        (Act::response(200, "{"), 4, ErrorKind::Decode, Some(200)),
        (Act::response(200, r#"{"updateCount":0}"#), 1, ErrorKind::Status, Some(200)),
        (Act::response(404, NOT_FOUND), 1, ErrorKind::Status, Some(404)),
    ] {
        let server = failing(write.clone()).await;
        let start = Instant::now();
        let error = builder(&server).build().unwrap().update("A", &update).await.unwrap_err();
        assert_eq!((error.kind(), error.status(), error.attempts()), (kind, status, puts), "{write:?}: {error}");
        check(&error, &server, "PUT", start);
    }
    for body in [r#"{"id":"#, r#"{"id":8,"code":"OTHER"}"#, "{}"] {
        let server = ScriptedServer::start(Vec::new(), |_| Act::response(200, body)).await.unwrap();
        let start = Instant::now();
        let error = builder(&server).build().unwrap().get("A").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{body}: {error}");
        check(&error, &server, "GET", start);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_has_one_deadline_and_one_id() {
    let server = failing(Act::Hang).await;
    let client = builder(&server).deadline(Duration::from_secs(12)).build().unwrap();
    let start = Instant::now();
    let error = client.create(&new()).await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_secs(12), "{:?}", start.elapsed());
    check(&error, &server, "POST", start);
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_finds_no_coupon_decides_only_after_a_response_of_the_store() {
    for (write, may_have_taken_effect) in [
        (Act::response(500, ""), false),
        (Act::response(503, ""), false),
        (Act::response(200, "{}"), false),
        // A gateway gave up, or the response was lost: the store may still be at work.
        (Act::response(502, ""), true),
        (Act::response(504, ""), true),
        (Act::Reset, true),
        (Act::Hang, true),
    ] {
        let server = failing(write.clone()).await;
        let client = builder(&server).build().unwrap();
        let error = client.create(&new()).await.unwrap_err();
        assert_eq!(error.may_have_taken_effect(), may_have_taken_effect, "{write:?}: {error}");
        let hint = if may_have_taken_effect { "may still create it" } else { "the coupon was not created" };
        assert!(error.hint().is_some_and(|text| text.contains(hint)), "{write:?}: {error}");

        let many = client.create_many([new()]);
        let report = many.report();
        assert_eq!(many.stream().unwrap().count().await, 1);
        assert_eq!(report.rows()[0].may_have_taken_effect(), may_have_taken_effect, "{write:?}");
        assert_eq!(report.unsettled(), [(0, new())], "an outage is no reason to drop a row");
    }
    // One lost response is enough, whatever comes after it.
    let lookup = Act::response(200, NOTHING);
    let acts = vec![Act::Reset, lookup, Act::response(400, "{}")];
    let server = ScriptedServer::start(acts, |_| Act::response(503, "")).await.unwrap();
    let error = builder(&server).build().unwrap().create(&new()).await.unwrap_err();
    assert!(error.may_have_taken_effect() && error.status() == Some(400) && error.attempts() == 2, "{error}");
    // And without a lookup, nothing is known.
    let server = ScriptedServer::start(Vec::new(), |_| Act::response(503, "")).await.unwrap();
    assert!(builder(&server).build().unwrap().create(&new()).await.unwrap_err().may_have_taken_effect());
}

#[tokio::test(start_paused = true)]
async fn an_outcome_says_whether_the_call_created_the_coupon() {
    let stored = r#"{"total":1,"count":1,"offset":0,"limit":100,"items":[{"id":7,"name":"Name","code":"NEW","discountType":"PERCENT","discount":10,"status":"ACTIVE","usesLimit":"UNLIMITED","applicationLimit":"UNLIMITED"}]}"#;
    let found = || Act::response(200, stored);
    let taken = || Act::response(409, "{}");
    for (acts, name) in [
        (vec![Act::response(200, CREATED)], "created"),
        (vec![Act::Reset, found()], "recovered"),
        (vec![Act::Reset, Act::response(200, NOTHING), taken(), found()], "recovered"),
        (vec![taken(), found()], "already_exists"),
    ] {
        let server = ScriptedServer::start(acts, |_| Act::response(500, "")).await.unwrap();
        let made = builder(&server).build().unwrap().create_or_get(&new()).await.unwrap();
        assert_eq!((made.as_str(), made.id()), (name, Some(7)));
        assert_eq!(made.is_created(), !matches!(made, CreateOutcome::AlreadyExists(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_own_rate_limit_is_a_kind_of_its_own() {
    let server = ScriptedServer::start(Vec::new(), |_| Act::response(200, r#"{"id":7,"code":"A"}"#)).await.unwrap();
    let client = builder(&server).requests_per_minute(1).deadline(Duration::from_secs(5)).build().unwrap();
    client.get("A").await.unwrap();
    for error in [client.get("A").await.unwrap_err(), client.create(&new()).await.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
        assert!(error.is_rate_limited() && !error.is_network() && !error.is_timeout(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(60)), "{error}");
        assert_eq!((error.attempts(), error.status(), error.request_id()), (0, None, None), "{error}");
        assert!(!error.may_have_taken_effect(), "{error}");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn predicates_separate_what_to_do() {
    let names = |error: &Error| {
        let all = [
            ("coupon", error.is_coupon_not_found()),
            ("store", error.is_store_not_found()),
            ("token", error.is_unauthorized()),
            ("scope", error.is_forbidden()),
            ("plan", error.is_payment_required()),
        ];
        all.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    };
    for (status, code, expected) in [
        (404, "DISCOUNT_COUPON_NOT_FOUND", "coupon"),
        (404, "STORE_NOT_FOUND", "store"),
        (404, "", ""),
        (401, "", "token"),
        (403, "INVALID_API_TOKEN", "token"),
        (403, "INSUFFICIENT_APP_SCOPE", "scope"),
        (403, "", "scope"),
        (402, "NOT_AVAILABLE_ON_CURRENT_PLAN", "plan"),
        (500, "", ""),
    ] {
        let body = if code.is_empty() { String::new() } else { format!(r#"{{"errorCode":"{code}"}}"#) };
        let server = ScriptedServer::start(Vec::new(), move |_| Act::response(status, &body)).await.unwrap();
        let error = builder(&server).max_attempts(1).build().unwrap().get("A").await.unwrap_err();
        assert_eq!(names(&error), expected, "{status} {code}: {error}");
    }
}

#[tokio::test]
async fn a_token_in_an_error_code_does_not_change_its_meaning() {
    for token in ["N", "COUPON", "NOT_FOUND", "DISCOUNT_COUPON_NOT_FOUND", "secret_x"] {
        let server = ScriptedServer::start(Vec::new(), |_| Act::response(404, NOT_FOUND)).await.unwrap();
        let client = Client::builder(1003, token).base_url(server.base_url()).build().unwrap();
        let error = client.get("A").await.unwrap_err();
        assert!(error.is_coupon_not_found(), "{token}: {error}");
        assert!(token.len() < 8 || !format!("{error} {error:?} {:?}", error.code()).contains(token), "{error}");
        let outcome = client.delete_if_unused("A").await.unwrap();
        assert_eq!(outcome.as_str(), "not_found", "{token}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_used_up_retry_budget_is_named_and_refills() {
    let server = ScriptedServer::start(Vec::new(), |_| Act::response(503, "")).await.unwrap();
    let client = builder(&server).retry_budget(3).build().unwrap();
    let error = client.get("A").await.unwrap_err();
    assert_eq!(error.attempts(), 4);
    assert!(!error.to_string().contains("budget"), "{error}");
    let error = client.get("A").await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().contains("not retried, because the retry budget is used up"), "{error}");
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(client.get("A").await.unwrap_err().attempts(), 4);
}

#[tokio::test(start_paused = true)]
async fn each_call_is_observed_once() {
    let server = failing(Act::response(503, "")).await;
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (log, attempts) = (Arc::clone(&calls), Arc::new(Mutex::new(Vec::new())));
    let numbers = Arc::clone(&attempts);
    let client = builder(&server)
        .on_call(move |call| {
            let status = call.error.and_then(Error::status);
            log.lock().unwrap().push((call.operation, call.store_id, call.attempts, status, call.is_dropped));
        })
        .on_attempt(move |attempt| numbers.lock().unwrap().push((attempt.operation, attempt.number)))
        .build()
        .unwrap();
    let take = || std::mem::take(&mut *calls.lock().unwrap());

    client.create(&new()).await.unwrap_err();
    assert_eq!(take(), [("create_discount_coupon", 1003, 4, Some(503), false)], "lookups are parts of the create");
    let creates = attempts.lock().unwrap().iter().filter(|(name, _)| *name == "create_discount_coupon").count();
    assert!(creates == 4 && attempts.lock().unwrap().contains(&("create_discount_coupon", 4)));
    client.search().page().await.unwrap();
    assert_eq!(take(), [("search_discount_coupons", 1003, 1, None, false)]);
    client.api().get_discount_coupon().discount_coupon_id("A").send().await.unwrap_err();
    assert_eq!(take(), [("get_discount_coupon", 1003, 1, Some(404), false)]);
    client.get("123").await.unwrap_err();
    assert_eq!(take(), [("get_discount_coupon", 1003, 0, None, false)], "the lookup of the code is a part of the get");
    client.update(7, &CouponUpdate::default().pause()).await.unwrap_err();
    assert_eq!(take(), [("update_discount_coupon", 1003, 0, Some(404), false)], "so is that of the id");
    assert_eq!(client.delete_if_unused("A").await.unwrap().as_str(), "not_found");
    assert_eq!(take(), [("delete_discount_coupon", 1003, 0, None, false)]);
    client.delete("A").await.unwrap_err();
    client.update("A", &CouponUpdate::default().pause()).await.unwrap_err();
    assert_eq!(
        take(),
        [("delete_discount_coupon", 1003, 4, Some(503), false), ("update_discount_coupon", 1003, 4, Some(503), false),]
    );

    let server = ScriptedServer::start(Vec::new(), |_| Act::Hang).await.unwrap();
    let log = Arc::clone(&calls);
    let client = builder(&server).on_call(move |call| {
        log.lock().unwrap().push((call.operation, call.store_id, call.attempts, None, call.is_dropped));
    });
    let client = client.build().unwrap();
    tokio::time::timeout(Duration::from_secs(1), client.create(&new())).await.unwrap_err();
    assert_eq!(take(), [("create_discount_coupon", 1003, 1, None, true)]);
}

#[tokio::test]
async fn a_refused_call_is_observed_too() {
    let server = failing(Act::response(500, "")).await;
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&outcomes);
    let client = builder(&server).on_call(move |call| log.lock().unwrap().push(call.outcome().into_owned()));
    let client = client.build().unwrap();
    client.update("A", &CouponUpdate::default()).await.unwrap_err();
    client.update("..", &CouponUpdate::default().pause()).await.unwrap_err();
    client.delete("..").await.unwrap_err();
    client.delete_if_unused("..").await.unwrap_err();
    client.get("..").await.unwrap_err();
    client.create(&new().for_products([])).await.unwrap_err();
    client.search().limit(0).page().await.unwrap_err();
    client.search().status("").page().await.unwrap_err();
    assert_eq!(*outcomes.lock().unwrap(), ["invalid_request"; 8]);
    assert_eq!(server.seen(), []);
    let error = client.search().status("").page().await.unwrap_err();
    assert!(error.to_string().contains("`status` is empty; omit the filter"), "{error}");
}

#[tokio::test]
async fn an_update_of_nothing_is_not_a_missing_coupon() {
    let server = failing(Act::response(200, r#"{"updateCount":0}"#)).await;
    let client = builder(&server).build().unwrap();
    let error = client.update("A", &CouponUpdate::default().pause()).await.unwrap_err();
    assert!(error.is_nothing_updated() && !error.is_coupon_not_found(), "{error}");
}

/// The text of all events.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

impl io::Write for Trace {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the trace of an action.
async fn traced(action: impl Future<Output = ()>) -> String {
    // While no subscriber of the process wants an event, another test that reaches the event first can switch it off.
    static WANTED: Once = Once::new();
    WANTED.call_once(|| drop(tracing::subscriber::set_global_default(tracing_subscriber::registry())));
    let trace = Trace::default();
    let writer = trace.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    action.with_subscriber(subscriber).await;
    let bytes = trace.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_end_of_each_call_is_traced() {
    let run = async |acts: Vec<Act>| {
        let server = ScriptedServer::start(acts, |_| Act::response(200, r#"{"id":7,"code":"A"}"#)).await.unwrap();
        let client = builder(&server).build().unwrap();
        let text = traced(async { drop(client.get("A").await) }).await;
        assert!(!text.contains("secret"), "{text}");
        let ends: Vec<_> = text.lines().filter(|line| line.contains(": the call ")).map(str::to_owned).collect();
        assert_eq!(ends.len(), 1, "{text}");
        (text.clone(), ends[0].clone())
    };
    let (text, end) = run(vec![]).await;
    assert!(end.contains("DEBUG") && end.contains("the call succeeded"), "{end}");
    for field in [
        "http.request.method=\"GET\"",
        "http.request.resend_count=0",
        "http.response.status_code=200",
        "url.template=\"/{storeId}/discount_coupons/{discountCouponId}\"",
        "server.address=\"127.0.0.1\"",
        "otel.kind=\"client\"",
    ] {
        assert!(text.contains(field), "{field}: {text}");
    }
    // A failure without a retry is traced too.
    let (text, end) = run(vec![Act::response(403, "{}")]).await;
    for part in ["WARN", "the call failed", "store_id=1003", "attempts=1", "kind=Status", "elapsed="] {
        assert!(end.contains(part), "{part}: {end}");
    }
    assert!(!text.contains("retrying") && text.contains("error.type=\"403\""), "{text}");
    let (_, end) = run(vec![Act::response(404, NOT_FOUND)]).await;
    assert!(end.contains("DEBUG") && end.contains("the call failed"), "{end}");
    let (text, end) = run(vec![Act::response(503, ""); 9]).await;
    assert!(end.contains("WARN") && end.contains("attempts=4"), "{end}");
    assert_eq!(text.matches("retrying").count(), 3, "one for each attempt that follows: {text}");
    // No attempt follows, because the deadline would pass.
    let server = ScriptedServer::start(Vec::new(), |_| Act::with(503, &[("retry-after", "60")], "")).await.unwrap();
    let client = builder(&server).deadline(Duration::from_secs(30)).build().unwrap();
    let text = traced(async { drop(client.get("A").await) }).await;
    assert!(!text.contains("retrying") && text.contains("WARN"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn unsettled_rows_can_be_created_again() {
    let respond = |request: &Seen| match request.body.contains("BAD") {
        _ if request.target.contains("/batch") => Act::response(404, "{}"),
        true => Act::response(400, "{}"),
        false => Act::response(200, CREATED),
    };
    let server = ScriptedServer::start(Vec::new(), respond).await.unwrap();
    let rows = ["NEW", "BAD", "LATER"].map(|code| NewCoupon::percent("Name", code, 10));
    let many = builder(&server).build().unwrap().create_many(rows.clone()).concurrency(1);
    let report = many.report();
    assert_eq!(report.unsettled().len(), 3);
    let mut stream = many.stream().unwrap();
    for _ in 0..2 {
        stream.next().await.unwrap();
    }
    drop(stream);
    assert!(matches!(report.rows()[1], RowOutcome::Failed(_)));
    assert_eq!(report.unsettled(), [(2, rows[2].clone())]);
}
