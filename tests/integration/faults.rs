//! The result of calls to a faulty server or proxy, as a table with one row for each case.
//!
//! The clock is paused, so that long delays pass at once. The server runs on the same runtime.

use std::{io::Write as _, time::Duration};

use ecwid_coupons::{
    Client, CreateOutcome, Error, ErrorKind,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use flate2::{Compress, Compression, FlushCompress, write::GzEncoder};
use tokio::time::Instant;

const COUPON: &str =
    r#"{"id":7,"name":"Name","code":"CODE","discountType":"ABS","discount":5,"status":"ACTIVE","orderCount":0}"#;
const TIMEOUT: Duration = Duration::from_secs(10);
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    Get,
    Search,
    Create,
    Update,
    Delete,
}
use Call::{Create, Delete, Get, Search, Update};

/// The result for the caller.
#[derive(Clone, Debug, PartialEq)]
enum Gets {
    /// The response, after this many requests.
    Response { after: usize },
    /// An error of this kind and status, after this many requests.
    Fails(ErrorKind, Option<u16>, usize),
}
use Gets::{Fails, Response};

/// The response to a request that is not in the script. The store has no coupons, so creates succeed.
fn normal(request: &Seen) -> Act {
    match request.method.as_str() {
        "GET" if request.target.contains("/discount_coupons/") => Act::response(200, COUPON),
        "GET" => Act::response(200, r#"{"total":0,"count":0,"offset":0,"limit":100,"items":[]}"#),
        "POST" => Act::response(200, r#"{"id":7,"code":"CODE"}"#),
        "PUT" => Act::response(200, r#"{"updateCount":1}"#),
        _ => Act::response(200, r#"{"deleteCount":1}"#),
    }
}

fn client(server: &ScriptedServer) -> Client {
    let builder = Client::builder(1003, "secret_do_not_show").base_url(server.base_url());
    builder.timeout(TIMEOUT).deadline(DEADLINE).max_body_size(10_000).build().unwrap()
}

fn new() -> NewCoupon {
    NewCoupon::absolute("Name", "CODE", 5)
}

async fn make(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Get => client.get("CODE").await.map(drop),
        Search => client.search().page().await.map(drop),
        Create => client.create(&new()).await.map(drop),
        Update => client.update("CODE", &CouponUpdate::default().pause()).await.map(drop),
        Delete => client.delete("CODE").await.map(drop),
    }
}

fn bytes(text: &str) -> Act {
    Act::Bytes(text.as_bytes().to_vec())
}

fn status(status: u16) -> Act {
    Act::response(status, r#"{"errorMessage":"Words","errorCode":"INTERNAL_ERROR"}"#)
}

fn refused(retry_after: &str) -> Act {
    Act::with(429, &[("retry-after", retry_after)], "")
}

/// A response with this encoding in its header, and the right length.
fn packed_as(encoding: &str, body: &[u8]) -> Act {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n", body.len());
    Act::Bytes([head.as_bytes(), body].concat())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A chunked body without an end.
fn endless(status: u16) -> Act {
    let head = format!("HTTP/1.1 {status} Status\r\ntransfer-encoding: chunked\r\n\r\n");
    Act::Endless(head.into_bytes(), format!("400\r\n{}\r\n", " ".repeat(0x400)).into_bytes())
}

/// A gzip body without an end, of which one kilobyte decompresses to one megabyte.
fn bomb() -> Act {
    let mut megabyte = Vec::with_capacity(10_000);
    // A flushed block ends at a byte, so it can be repeated.
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(&[b' '; 1_000_000], &mut megabyte, FlushCompress::Full).unwrap();
    assert!(megabyte.len() < 2_000, "{}", megabyte.len());
    let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n".to_vec();
    Act::Endless([head, gzip("")[..10].to_vec()].concat(), megabyte)
}

/// The table: the calls, the server's behavior, and the result.
fn cases() -> Vec<(&'static str, Vec<Call>, Vec<Act>, Gets)> {
    let truncated = || bytes("HTTP/1.1 200 OK\r\ncontent-length: 400\r\nconnection: close\r\n\r\n{\"id\":7,");
    let chunked = || bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n");
    let half_head = || bytes("HTTP/1.1 200 OK\r\ncontent-ty");
    let html = |status| Act::with(status, &[("content-type", "text/html")], "<html>Bad gateway</html>");
    let cut_gzip = || packed_as("gzip", &gzip(COUPON)[..40]);
    let cut_json = || bytes("HTTP/1.1 200 OK\r\n\r\n{\"id\":7,\"code\":\"CO");
    let called = |kind| Act::with(200, &[("content-type", kind)], COUPON);
    let large = || Act::response(200, &format!("{{\"name\":\"{}\"}}", "x".repeat(20_000)));
    let maintenance = || Act::response(200, r#"{"status":"maintenance"}"#);
    let nothing = || Act::response(200, r#"{"updateCount":null,"deleteCount":null,"id":null}"#);
    let negative = || Act::response(200, r#"{"updateCount":-1,"deleteCount":-1}"#);
    let reads = || vec![Get, Search];
    let repeatable_writes = || vec![Update, Delete];
    let again = || vec![Get, Search, Update, Delete];
    let all = || vec![Get, Search, Create, Update, Delete];
    let one = |act: Act| vec![act];
    let times = |count: usize, act: Act| vec![act; count];
    let network = |after| Fails(ErrorKind::Network, None, after);
    let truncated_body = |after| Fails(ErrorKind::Network, Some(200), after);
    let api = |status, after| Fails(ErrorKind::Status, Some(status), after);
    let unreadable = |after| Fails(ErrorKind::Decode, Some(200), after);
    vec![
        ("reset once", again(), one(Act::Reset), Response { after: 2 }),
        ("closed once", again(), one(Act::Close), Response { after: 2 }),
        ("half a head", again(), one(half_head()), Response { after: 2 }),
        ("a truncated body", again(), one(truncated()), Response { after: 2 }),
        ("a truncated chunk", again(), one(chunked()), Response { after: 2 }),
        ("no response in time", again(), one(Act::Hang), Response { after: 2 }),
        ("a slow drip", again(), one(Act::Drip(vec![b'H'; 100], Duration::from_secs(1))), Response { after: 2 }),
        ("reset three times", again(), times(3, Act::Reset), Response { after: 4 }),
        ("reset for ever", again(), times(9, Act::Reset), network(4)),
        ("408", again(), one(status(408)), Response { after: 2 }),
        ("500", again(), one(status(500)), Response { after: 2 }),
        ("502 of a proxy", again(), one(html(502)), Response { after: 2 }),
        ("503", again(), one(status(503)), Response { after: 2 }),
        ("504 without a body", again(), one(Act::with(504, &[], "")), Response { after: 2 }),
        ("503 that says when", again(), one(Act::with(503, &[("retry-after", "20")], "")), Response { after: 2 }),
        ("503 for too long", again(), one(Act::with(503, &[("retry-after", "900")], "")), api(503, 1)),
        ("500 for ever", again(), times(9, status(500)), api(500, 4)),
        ("no response for ever", again(), times(9, Act::Hang), Fails(ErrorKind::Timeout, None, 4)),
        ("too many requests", all(), one(refused("5")), Response { after: 2 }),
        ("too many, until a date", all(), one(refused("Fri, 31 Dec 1999 23:59:59 GMT")), Response { after: 2 }),
        ("too many, untold", all(), one(Act::with(429, &[], "")), Response { after: 2 }),
        ("too many, five times", all(), times(5, refused("3")), Response { after: 6 }),
        ("too many, for longer than the call has", all(), one(refused("3600")), api(429, 1)),
        ("too many, absurdly", all(), one(refused("99999999999999999")), api(429, 1)),
        ("400", all(), one(status(400)), api(400, 1)),
        ("402", all(), one(status(402)), api(402, 1)),
        ("403 without a body", all(), one(Act::with(403, &[], "")), api(403, 1)),
        ("404", all(), one(status(404)), api(404, 1)),
        ("415", all(), one(status(415)), api(415, 1)),
        (
            "a redirect",
            all(),
            times(9, Act::with(302, &[("location", "/api/v3/1003/discount_coupons")], "")),
            api(302, 1),
        ),
        ("HTML in place of JSON", reads(), one(html(200)), unreadable(1)),
        ("an empty body", reads(), one(Act::response(200, "")), unreadable(1)),
        // A write with an unreadable response is sent again, like a write with a lost response.
        ("HTML in place of JSON", repeatable_writes(), one(html(200)), Response { after: 2 }),
        ("an empty body", repeatable_writes(), one(Act::response(200, "")), Response { after: 2 }),
        ("a success that says nothing", reads(), one(maintenance()), unreadable(1)),
        ("a success that says nothing", repeatable_writes(), one(maintenance()), Response { after: 2 }),
        ("a success that says nothing, for ever", repeatable_writes(), times(9, maintenance()), unreadable(4)),
        ("an empty object", reads(), one(Act::response(200, "{}")), unreadable(1)),
        ("an empty object", repeatable_writes(), one(Act::response(200, "{}")), Response { after: 2 }),
        ("null in place of the result", repeatable_writes(), one(nothing()), Response { after: 2 }),
        ("a negative count", repeatable_writes(), one(negative()), Response { after: 2 }),
        ("a list in place of an object", vec![Get, Search], one(Act::response(200, "[]")), unreadable(1)),
        ("a body over the limit", vec![Get, Search], one(large()), unreadable(1)),
        ("a truncated body for ever", again(), times(9, truncated()), truncated_body(4)),
        ("a truncated chunk for ever", again(), times(9, chunked()), truncated_body(4)),
        ("a packed body", vec![Get], one(packed_as("gzip", &gzip(COUPON))), Response { after: 1 }),
        ("a truncated packed body", again(), one(cut_gzip()), Response { after: 2 }),
        ("a truncated packed body for ever", again(), times(9, cut_gzip()), truncated_body(4)),
        ("a body that is not packed as it says", vec![Get], one(packed_as("gzip", COUPON.as_bytes())), unreadable(1)),
        ("a body packed in a way not asked for", vec![Get], one(packed_as("br", &gzip(COUPON))), unreadable(1)),
        ("JSON that ends early", reads(), one(cut_json()), unreadable(1)),
        ("JSON that ends early", repeatable_writes(), one(cut_json()), Response { after: 2 }),
        ("a packed body over the limit", vec![Get], one(packed_as("gzip", &gzip(&" ".repeat(20_000)))), unreadable(1)),
        ("an endless body", reads(), one(endless(200)), unreadable(1)),
        ("an endless packed body", reads(), one(bomb()), unreadable(1)),
        ("an endless body", repeatable_writes(), one(endless(200)), Response { after: 2 }),
        ("an endless packed body", repeatable_writes(), one(bomb()), Response { after: 2 }),
        ("500 with an endless body", again(), one(endless(500)), Response { after: 2 }),
        ("404 with an endless body", all(), one(endless(404)), api(404, 1)),
        ("JSON that calls itself text", vec![Get], one(called("text/plain")), Response { after: 1 }),
        ("JSON that calls itself HTML", vec![Get], one(called("text/html")), Response { after: 1 }),
        // A create with an unknown outcome is looked up, not found, and sent again: three requests.
        ("reset once", vec![Create], one(Act::Reset), Response { after: 3 }),
        ("closed once", vec![Create], one(Act::Close), Response { after: 3 }),
        ("no response in time", vec![Create], one(Act::Hang), Response { after: 3 }),
        ("500", vec![Create], one(status(500)), Response { after: 3 }),
        ("502 of a proxy", vec![Create], one(html(502)), Response { after: 3 }),
        ("HTML in place of JSON", vec![Create], one(html(200)), Response { after: 3 }),
        ("an empty body", vec![Create], one(Act::response(200, "")), Response { after: 3 }),
        ("an empty object", vec![Create], one(Act::response(200, "{}")), Response { after: 3 }),
        ("a success that says nothing", vec![Create], one(maintenance()), Response { after: 3 }),
        ("a coupon without an id", vec![Create], one(Act::response(200, r#"{"code":"CODE"}"#)), Response { after: 3 }),
        ("another coupon", vec![Create], one(Act::response(200, r#"{"id":8,"code":"OTHER"}"#)), Response { after: 3 }),
        // The response to the lookup is unreadable too.
        ("a success that says nothing, for ever", vec![Create], times(9, maintenance()), unreadable(2)),
        ("a truncated body", vec![Create], one(truncated()), Response { after: 3 }),
        ("a truncated packed body", vec![Create], one(cut_gzip()), Response { after: 3 }),
        ("an endless packed body", vec![Create], one(bomb()), Response { after: 3 }),
        ("409", vec![Create], one(status(409)), api(409, 1)),
        // Neither the create nor the lookup gets a response, so the error is that of the create.
        ("reset for ever", vec![Create], times(20, Act::Reset), network(5)),
        ("500 for ever", vec![Create], times(20, status(500)), api(500, 5)),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_fault_has_one_outcome() {
    let mut rows = 0;
    let mut wrong = Vec::new();
    for (name, calls, acts, expected) in cases() {
        for call in calls {
            rows += 1;
            let server = ScriptedServer::start(acts.clone(), normal).await.unwrap();
            let client = client(&server);
            let start = Instant::now();
            let result = make(&client, call).await;
            let (seen, took) = (server.seen().len(), start.elapsed());
            let got = match &result {
                Ok(()) => Response { after: seen },
                Err(error) => Fails(error.kind(), error.status(), seen),
            };
            if got != expected || took > DEADLINE + Duration::from_millis(100) {
                wrong.push(format!("{name}, {call:?}: {got:?} after {took:?}, not {expected:?}: {result:?}"));
            }
            if let Err(error) = result {
                let text = format!("{error} {error:?}");
                let whole = error.attempts() > 0 && error.operation().is_some() && error.request_id().is_some();
                // The elapsed time is that of the machine's clock, even though the paused clock stands still.
                let whole = whole && (error.elapsed() > Duration::ZERO || took.is_zero());
                if !whole || text.contains("secret") {
                    wrong.push(format!("{name}, {call:?}: {text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= 60, "{rows}");
}

#[tokio::test(start_paused = true)]
async fn a_problem_in_a_body_is_described() {
    let text = |text: &str| Act::Bytes(format!("HTTP/1.1 200 OK\r\n{text}").into_bytes());
    for (act, problem) in [
        (text("content-length: 400\r\n\r\n{\"id\":7,"), "is truncated: end of file before message length reached"),
        (text("transfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"), "is truncated: "),
        (text("transfer-encoding: chunked\r\n\r\nfff\r\n{\"id\""), "is truncated: "),
        (packed_as("gzip", &gzip(COUPON)[..40]), "is truncated: "),
        (text("\r\n{\"id\":7,"), "it is truncated: the text ends before a value"),
        (packed_as("gzip", COUPON.as_bytes()), "cannot decompress the response: "),
        (packed_as("br", &gzip(COUPON)), "its encoding is \"br\", which was not requested"),
        (bomb(), "larger than 10000 bytes"),
        (endless(200), "larger than 10000 bytes"),
        (Act::with(200, &[("content-type", "text/html")], "<html>"), "it is \"text/html\", not JSON"),
    ] {
        let server = ScriptedServer::start(vec![act.clone(); 9], normal).await.unwrap();
        match client(&server).get("CODE").await {
            Err(error) => assert!(error.to_string().contains(problem), "{problem}: {error}"),
            Ok(coupon) => panic!("{problem}: {coupon:?}"),
        }
    }
}

/// A server that creates the coupon, loses the first response, and has the coupon from then on.
async fn server_that_loses_a_response(how: Act, stored: &'static str) -> ScriptedServer {
    let created = std::sync::atomic::AtomicBool::new(false);
    let server = ScriptedServer::start(Vec::new(), move |request| {
        let there = created.load(std::sync::atomic::Ordering::SeqCst);
        match request.method.as_str() {
            "POST" if there => status(409),
            "POST" => {
                created.store(true, std::sync::atomic::Ordering::SeqCst);
                how.clone()
            }
            "GET" if there => Act::response(200, &format!(r#"{{"total":1,"count":1,"items":[{stored}]}}"#)),
            _ => normal(request),
        }
    });
    server.await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_create_with_a_lost_response_creates_one_coupon() {
    for how in [Act::Reset, Act::Close, Act::Hang, status(500), Act::response(200, "<html>")] {
        let server = server_that_loses_a_response(how.clone(), COUPON).await;
        let made = client(&server).create(&new()).await.unwrap();
        assert!(matches!(made, CreateOutcome::Recovered(_)) && made.id() == Some(7), "{how:?}: {made:?}");
        let posts = server.seen().iter().filter(|request| request.method == "POST").count();
        assert_eq!(posts, 1, "{how:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_of_another_coupon_is_a_conflict_with_differences() {
    let other = r#"{"id":8,"name":"Name","code":"code","discountType":"PERCENT","discount":50}"#;
    for how in [Act::Reset, status(409)] {
        let server = server_that_loses_a_response(how, other).await;
        let error = client(&server).create_or_get(&new()).await.unwrap_err();
        let fields: Vec<_> = error.differences().iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["discount", "discountType"], "{error}");
        assert!(error.is_conflict() && error.kind() == ErrorKind::Conflict && !error.may_have_taken_effect());
        assert!(error.to_string().contains("`discount` is 50 (sent: 5)"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_do_not_multiply_an_outage() {
    let server = ScriptedServer::start(Vec::new(), |_| status(503)).await.unwrap();
    let client = client(&server);
    let start = Instant::now();
    for _ in 0..100 {
        client.get("CODE").await.unwrap_err();
    }
    // Each call is sent once. The budget has twenty retries, and becomes full again within a minute.
    let refilled = start.elapsed().as_secs() as usize / 3 + 1;
    assert!((120..=120 + refilled).contains(&server.seen().len()), "{}", server.seen().len());
}

#[tokio::test(start_paused = true)]
async fn a_429_pauses_all_clones() {
    let server = ScriptedServer::start(vec![refused("30")], normal).await.unwrap();
    let client = client(&server);
    let start = Instant::now();
    client.get("CODE").await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(30), "{:?}", start.elapsed());

    let server = ScriptedServer::start(vec![refused("50")], normal).await.unwrap();
    let client = self::client(&server);
    let start = Instant::now();
    let short = client.with_deadline(Duration::from_secs(5));
    let error = short.get("CODE").await.unwrap_err();
    assert!(error.is_rate_limited() && start.elapsed() < Duration::from_secs(1), "a hopeless wait is not begun");
    // A clone has to wait too, and sends no request.
    let error = short.clone().create(&new()).await.unwrap_err();
    assert!(error.kind() == ErrorKind::RateLimited && error.attempts() == 0, "{error}");
    assert!(!error.may_have_taken_effect() && error.to_string().contains("no request was sent"), "{error}");
    client.clone().get("CODE").await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(50));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_left_sends_no_request() {
    let server = ScriptedServer::start(Vec::new(), normal).await.unwrap();
    let client = client(&server).with_deadline(Duration::ZERO);
    for call in [Get, Search, Create, Update, Delete] {
        let error = make(&client, call).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Timeout && error.attempts() == 0, "{error}");
        assert!(!error.may_have_taken_effect() && error.to_string().contains("no request was sent"), "{error}");
    }
    assert_eq!(server.seen(), []);
}

#[tokio::test(start_paused = true)]
async fn a_huge_deadline_is_no_deadline() {
    let server = ScriptedServer::start(vec![refused("5"), Act::Reset], normal).await.unwrap();
    let client = client(&server).with_deadline(Duration::MAX);
    for call in [Get, Search, Create, Update, Delete] {
        make(&client, call).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_sends_no_further_request() {
    let server = ScriptedServer::start(vec![status(500); 3], normal).await.unwrap();
    let client = client(&server);
    let call = tokio::spawn(async move { client.get("CODE").await });
    while server.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_client_stays_within_the_rate_limit() {
    const REQUESTS: usize = 10_000;
    let arrivals = std::sync::Arc::new(std::sync::Mutex::new(Vec::<Instant>::new()));
    let count = std::sync::Arc::clone(&arrivals);
    let server = ScriptedServer::start(Vec::new(), move |_| {
        let (mut arrivals, now) = (count.lock().unwrap(), Instant::now());
        arrivals.push(now);
        let window = arrivals.len() - arrivals.partition_point(|at| *at + Duration::from_secs(60) <= now);
        if window > 600 { refused("30") } else { Act::response(200, COUPON) }
    });
    let server = server.await.unwrap();
    let builder = Client::builder(1003, "secret").base_url(server.base_url()).deadline(Duration::from_secs(86_400));
    let client = builder.build().unwrap();
    // Clones share the rate limiter.
    let tasks = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in 0..REQUESTS / 20 {
                client.get("CODE").await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), REQUESTS, "none was refused and sent again");
    let (first, last) = (arrivals[0], *arrivals.last().unwrap());
    let mut fewest = usize::MAX;
    let mut from = first;
    while from + Duration::from_secs(60) <= last {
        let until = from + Duration::from_secs(60);
        fewest = fewest.min(arrivals.partition_point(|at| *at < until) - arrivals.partition_point(|at| *at < from));
        from += Duration::from_secs(60);
    }
    assert!(fewest >= 590, "{fewest} requests in the emptiest minute");
}
