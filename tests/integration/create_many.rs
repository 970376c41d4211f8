//! Bulk creates: each coupon is created once, and the outcome of each row is known.

use std::time::Duration;

use ecwid_coupons::{
    Client, CreateMany, CreateOutcome, CreationReport, RowOutcome, chrono::TimeDelta, types::NewCoupon,
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use tokio::time::Instant;

fn coupons(count: usize) -> Vec<NewCoupon> {
    (0..count).map(|row| NewCoupon::percent("Name", format!("CODE{row}"), 10)).collect()
}

/// Runs to the end, and checks that each row is returned at most once and as in the report.
async fn run(many: CreateMany) -> CreationReport {
    let report = many.report();
    let mut stream = many.stream().unwrap();
    let mut given = std::collections::BTreeSet::new();
    while let Some((row, outcome)) = stream.next().await {
        assert!(given.insert(row), "row {row} is given twice");
        assert_eq!(format!("{outcome:?}"), format!("{:?}", report.get(row).unwrap()));
    }
    let tried = report.rows().iter().filter(|row| !matches!(row, RowOutcome::NotAttempted)).count();
    assert_eq!(given.len(), tried);
    report
}

/// Returns one letter for the outcome of each row.
fn letters(report: &CreationReport) -> String {
    let letter = |outcome: &RowOutcome| match outcome {
        RowOutcome::Succeeded(CreateOutcome::Created(_)) => 'c',
        RowOutcome::Succeeded(_) => 'a',
        RowOutcome::Failed(_) => 'f',
        RowOutcome::InFlight => 'u',
        _ => '-',
    };
    report.rows().iter().map(letter).collect()
}

fn response(request: &Seen) -> Act {
    let code = request.body.split(r#""code":""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    match request.method.as_str() {
        "POST" if is_batch(request) => no_batches(),
        "POST" => Act::response(200, &format!(r#"{{"id":7,"code":"{code}"}}"#)),
        _ => Act::response(200, r#"{"total":0,"count":0,"offset":0,"limit":100,"items":[]}"#),
    }
}

fn fails(status: u16) -> Act {
    Act::response(status, r#"{"errorMessage":"Words"}"#)
}

fn is_batch(request: &Seen) -> bool {
    request.target.contains("/batch")
}

/// The response of a store that does not accept batches.
fn no_batches() -> Act {
    fails(404)
}

fn client(server: &ScriptedServer) -> Client {
    Client::builder(1003, "secret").base_url(server.base_url()).deadline(Duration::from_secs(30)).build().unwrap()
}

fn posts(server: &ScriptedServer) -> usize {
    server.seen().iter().filter(|request| request.method == "POST" && !is_batch(request)).count()
}

#[tokio::test]
async fn a_run_can_be_repeated() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().unwrap();
    client.create(&coupons(30)[7]).await.unwrap();
    client.create(&coupons(30)[9].clone().discount(99)).await.unwrap();
    sandbox.advance(TimeDelta::minutes(1)).unwrap();

    let strict = run(client.create_many(coupons(12))).await;
    assert_eq!(letters(&strict), "cccccccfcfcc");
    let again = run(client.create_many(coupons(30)).accept_existing()).await;
    assert_eq!(letters(&again), "aaaaaaaaafaacccccccccccccccccc");
    let Some(RowOutcome::Failed(error)) = again.get(9) else { panic!("{again:?}") };
    assert_eq!(error.differences()[0].field, "discount");
    assert!(again.stopped_by().is_none());
    assert_eq!(client.search().all().await.unwrap().len(), 30, "no coupon was made twice");
}

#[tokio::test]
async fn all_problems_of_all_rows_are_found_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().unwrap();
    let rows = [
        NewCoupon::percent("Name", "Zoë", 10),
        NewCoupon::new("", " "),
        NewCoupon::percent("Name", "ZOË", 10),
        NewCoupon::new("Name", "D").for_products([]),
    ];
    let many = client.create_many(rows);
    let found: Vec<_> = many.problems().into_iter().map(|it| (it.row, it.field)).collect();
    assert_eq!(found, [(1, "name"), (1, "code"), (2, "code"), (3, "catalogLimit")]);
    let Err(error) = many.stream() else { panic!("it has problems") };
    assert!(error.to_string().contains("row 2, code: duplicate code: `ZOË` (row 0 has it too"), "{error}");
    assert_eq!(sandbox.received_requests().len(), 0);
}

#[tokio::test]
async fn no_rows_send_no_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let report = run(sandbox.client().unwrap().create_many([])).await;
    assert!(report.is_empty() && sandbox.received_requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_error_that_affects_all_rows_stops_the_run() {
    for (status, expected) in [(400, "fcccccccc"), (401, "f--------"), (402, "f--------"), (403, "f--------")] {
        let server = ScriptedServer::start(vec![fails(status)], response).await.unwrap();
        let report = run(client(&server).create_many(coupons(9))).await;
        assert_eq!(letters(&report), expected, "{status}");
        assert_eq!(report.stopped_by().map(|error| error.status()), (status != 400).then_some(Some(status)));
    }
    // The token loses its rights during the run. Rows in flight are finished.
    let server =
        ScriptedServer::start(vec![response_any(), no_batches(), response_any(), fails(403)], response).await.unwrap();
    let report = run(client(&server).create_many(coupons(1000)).concurrency(4)).await;
    assert!(posts(&server) <= 7, "{}", posts(&server));
    assert_eq!(letters(&report).matches('f').count(), 1);
    assert_eq!(letters(&report).matches('-').count(), 1000 - posts(&server));
}

fn response_any() -> Act {
    Act::response(200, r#"{"id":7}"#)
}

#[tokio::test(start_paused = true)]
async fn an_outage_stops_the_run() {
    // Without batches, a run ends after twenty rows. Otherwise it ends after a batch.
    for (has_batches, expected) in [(false, 20..28), (true, 501..502)] {
        let down = move |request: &Seen| if has_batches || !is_batch(request) { fails(503) } else { no_batches() };
        let server = ScriptedServer::start(Vec::new(), down).await.unwrap();
        let report = run(client(&server).create_many(coupons(1000))).await;
        let failed = letters(&report).matches('f').count();
        assert!(expected.contains(&failed), "{failed}");
        assert!(report.rows()[0].may_have_taken_effect() && !report.rows()[999].may_have_taken_effect());
        assert_eq!(report.stopped_by().unwrap().status(), Some(503));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_row_does_not_stop_the_others() {
    let server = ScriptedServer::start(Vec::new(), |request: &Seen| {
        if request.body.contains("CODE99\"") || is_batch(request) { response(request) } else { fails(400) }
    });
    let report = run(client(&server.await.unwrap()).create_many(coupons(100))).await;
    assert_eq!(letters(&report), format!("{}c", "f".repeat(99)));
    assert!(report.stopped_by().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_row_may_wait_for_the_rate_limit_beyond_the_deadline() {
    let server = ScriptedServer::start(Vec::new(), response).await.unwrap();
    let client = client(&server).with_deadline(Duration::from_secs(3));
    let start = Instant::now();
    let report = run(client.create_many(coupons(1500))).await;
    assert_eq!(letters(&report), "c".repeat(1500));
    let took = start.elapsed().as_secs();
    assert!((120..=125).contains(&took), "600 in any minute: {took} s");
}

#[tokio::test(start_paused = true)]
async fn a_long_pause_stops_the_run() {
    let refused = Act::with(429, &[("retry-after", "3600")], "");
    let server = ScriptedServer::start(vec![response_any(), no_batches(), refused], response).await.unwrap();
    let start = Instant::now();
    let report = run(client(&server).create_many(coupons(100)).concurrency(1)).await;
    assert_eq!(letters(&report), format!("cf{}", "-".repeat(98)));
    assert!(report.stopped_by().unwrap().is_rate_limited() && start.elapsed() < Duration::from_secs(1));
    assert_eq!(posts(&server), 2);
}

#[tokio::test(start_paused = true)]
async fn the_first_row_is_created_alone() {
    let server = ScriptedServer::start(vec![response_any(), no_batches()], |_| Act::Hang).await.unwrap();
    let many = client(&server).create_many(coupons(50)).concurrency(5);
    let report = many.report();
    let mut stream = many.stream().unwrap();
    stream.next().await.unwrap();
    assert_eq!(posts(&server), 1);
    tokio::time::timeout(Duration::from_secs(1), stream.next()).await.unwrap_err();
    assert_eq!((posts(&server), letters(&report)), (6, format!("cuuuuu{}", "-".repeat(44))));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_leaves_its_report() {
    let script = vec![response_any(), no_batches(), response_any(), Act::Hang, Act::Hang];
    let server = ScriptedServer::start(script, response).await.unwrap();
    let many = client(&server).create_many(coupons(50)).concurrency(2);
    let report = many.report();
    let mut stream = many.stream().unwrap();
    for _ in 0..2 {
        stream.next().await.unwrap();
    }
    tokio::time::timeout(Duration::from_secs(1), stream.next()).await.unwrap_err();
    drop(stream);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let rows = letters(&report);
    assert_eq!(rows, format!("ccuu{}", "-".repeat(46)));
    assert!(report.rows()[2].may_have_taken_effect());
    assert_eq!(posts(&server), 4, "nothing more was sent");
}

#[tokio::test(start_paused = true)]
async fn many_rows_are_created_in_batches() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons_of_store = sandbox.client().unwrap();
    let report = run(coupons_of_store.create_many(coupons(2001))).await;
    assert_eq!(letters(&report), "c".repeat(2001));
    let requests = sandbox.received_requests().len();
    assert!(requests <= 1 + 4 * 4, "{requests} requests");
    let ids = |row: usize| match report.get(row) {
        Some(RowOutcome::Succeeded(creation)) => creation.id(),
        other => panic!("{other:?}"),
    };
    for (row, coupon) in coupons(2001).iter().enumerate().step_by(400) {
        assert_eq!(coupons_of_store.get(&*coupon.code).await.unwrap().id, ids(row));
    }
}

#[tokio::test(start_paused = true)]
async fn failures_within_batches_lose_and_double_nothing() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons_of_store = sandbox.client().unwrap();
    let refused_later = Effect::Status { status: 503, code: None, retry_after: None, after_work: true };
    for effect in [refused_later, Effect::too_many_requests(1), Effect::Html { status: 200 }, Effect::Duplicate] {
        sandbox.add_fault(Fault::new(effect).on(["create_discount_coupon"]).times(20)).unwrap();
    }
    sandbox.add_fault(Fault::new(Effect::ResetAfter).on(["create_batch_request"]).times(1)).unwrap();
    sandbox.add_fault(Fault::new(Effect::status(503)).on(["get_batch_status"]).times(2)).unwrap();
    // The first row is not one of the failures.
    let report = run(coupons_of_store.create_many(coupons(600))).await;
    assert_eq!(letters(&report).replace('a', "c"), "c".repeat(600), "{:?}", report.stopped_by());
    let recovered = report.rows().iter().filter(|row| row.as_str() == "recovered").count();
    assert!(recovered > 20, "{recovered}");
    assert!(report.rows().iter().all(|row| row.as_str() != "already_exists"));
    let mut stored: Vec<_> =
        coupons_of_store.search().all().await.unwrap().into_iter().map(|it| it.code.unwrap()).collect();
    stored.sort();
    let mut wanted: Vec<_> = coupons(600).into_iter().map(|it| it.code).collect();
    wanted.sort();
    assert_eq!(stored, wanted);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_batch_can_be_finished_by_a_second_run() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons_of_store = sandbox.client().unwrap();
    let slow = Effect::Latency { milliseconds: 1000, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon"])).unwrap();
    let many = coupons_of_store.create_many(coupons(300));
    let report = many.report();
    let mut stream = many.stream().unwrap();
    stream.next().await.unwrap();
    tokio::time::timeout(Duration::from_secs(1), stream.next()).await.unwrap_err();
    drop(stream);
    assert_eq!(letters(&report), format!("c{}", "u".repeat(299)));
    let again =
        coupons_of_store.create_many(report.unsettled().into_iter().map(|(_, coupon)| coupon)).accept_existing();
    let again = run(again).await;
    assert!(again.rows().iter().all(|row| matches!(row, RowOutcome::Succeeded(_))), "{}", letters(&again));
    assert_eq!(coupons_of_store.search().all().await.unwrap().len(), 300);
}
