//! The settings of the sandbox for what Ecwid does not document about batches. Jobs and bulk creates work with each.

use std::time::Duration;

use ecwid_coupons::{
    BatchItem, BatchResult, Client, RowOutcome,
    chrono::TimeDelta,
    types::{BatchState, NewCoupon},
};
use ecwid_coupons_jobs::{Issue, JobEvent};
use ecwid_coupons_sandbox::{BatchSettings, Config, Effect, Fault, Limits, Sandbox};
use tokio::time::Instant;

async fn start(batches: BatchSettings) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().batches(batches).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

fn creates(prefix: &str, count: usize) -> Vec<BatchItem> {
    (0..count).map(|row| BatchItem::create(NewCoupon::percent("Name", format!("{prefix}-{row}"), 10))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_store_can_refuse_batches() {
    let (_sandbox, coupons) = start(BatchSettings::default().refuse()).await;
    let error = coupons.batch(creates("A", 2)).await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
    // Bulk creates and jobs send single requests.
    let many = coupons.create_many((0..30).map(|row| NewCoupon::percent("Name", format!("M-{row}"), 10)));
    let report = many.report();
    let mut rows = many.stream().unwrap();
    while rows.next().await.is_some() {}
    assert!(report.rows().iter().all(|row| matches!(row, RowOutcome::Succeeded(_))));
    let plan = Issue::new(NewCoupon::percent("Job", "", 10), "[*]".parse().unwrap()).count(30);
    let mut job = plan.in_memory(&coupons).unwrap();
    let mut run = job.run(&coupons).unwrap();
    while run.next().await.unwrap().is_some() {}
    drop(run);
    assert_eq!(job.status().unwrap().created, 30);
    assert_eq!(coupons.search().all().await.unwrap().len(), 60);
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_batch_can_count() {
    let limits = Limits::default().requests_per_minute(50);
    let builder = Sandbox::builder().limits(limits).batches(BatchSettings::default().count_items());
    let sandbox = builder.start().await.unwrap();
    let coupons = Client::builder(1003, "secret_sandbox").base_url(sandbox.base_url()).build().unwrap();
    let sent = coupons.batch(creates("A", 60)).send().await.unwrap();
    let refused = |result: &Result<BatchResult, ecwid_coupons::Error>| {
        result.as_ref().is_err_and(|error| error.status() == Some(429))
    };
    let results = sent.results(|_| ()).await.unwrap();
    assert!(results.iter().any(refused) && results.iter().any(Result::is_ok), "{results:?}");

    // A job creates all its coupons, although the store blocks the token for a while.
    let builder = Sandbox::builder().limits(limits).batches(BatchSettings::default().count_items());
    let sandbox = builder.start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let plan = Issue::new(NewCoupon::percent("Job", "", 10), "[*]".parse().unwrap()).count(120);
    let mut job = plan.in_memory(&coupons).unwrap();
    let mut run = job.run(&coupons).unwrap();
    let mut events = Vec::new();
    while let Some(event) = run.next().await.unwrap() {
        events.push(event);
    }
    drop(run);
    assert_eq!(job.status().unwrap().created, 120);
    assert!(events.iter().any(|event| matches!(event, JobEvent::Paced)), "{events:?}");
    assert_eq!(coupons.search().all().await.unwrap().len(), 120);
}

#[tokio::test(start_paused = true)]
async fn responses_can_be_in_random_order() {
    let (_sandbox, coupons) = start(BatchSettings::default().shuffled()).await;
    let sent = coupons.batch(creates("A", 100)).send().await.unwrap();
    let results = sent.results(|_| ()).await.unwrap();
    for (row, result) in results.iter().enumerate() {
        let Ok(BatchResult::Created(created)) = result else { panic!("{result:?}") };
        assert_eq!(created.code(), Some(&*format!("A-{row}")), "the results are in the order of the requests");
    }
    let request = coupons.api().get_batch_status().ticket(sent.ticket()).escaped_json(true);
    let responses = request.send().await.unwrap().into_inner().responses.unwrap();
    let ids: Vec<_> = responses.into_iter().map(|response| response.id.unwrap().parse::<u32>().unwrap()).collect();
    assert!(!ids.is_sorted(), "{ids:?}");
}

#[tokio::test(start_paused = true)]
async fn batches_can_wait_or_run_at_once() {
    let slow = Effect::Latency { milliseconds: 1000, jitter_milliseconds: 0 };
    let took = async |batches: BatchSettings| {
        let (sandbox, coupons) = start(batches).await;
        sandbox.add_fault(Fault::new(slow.clone()).on(["create_discount_coupon"])).unwrap();
        let start = Instant::now();
        let (one, two) = (coupons.batch(creates("A", 100)), coupons.batch(creates("B", 100)));
        let (one, two) = (one.send().await.unwrap(), two.send().await.unwrap());
        while two.status().await.unwrap().status != Some(BatchState::Completed)
            || one.status().await.unwrap().status != Some(BatchState::Completed)
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        start.elapsed().as_secs()
    };
    assert_eq!(took(BatchSettings::default()).await, 2);
    assert_eq!(took(BatchSettings::default().concurrent()).await, 1);
    assert_eq!(took(BatchSettings::default().foreign_seconds(5)).await, 12);
}

#[tokio::test(start_paused = true)]
async fn batches_can_be_forgotten_early() {
    let (sandbox, coupons) = start(BatchSettings::default().remembered_minutes(5).kept(1)).await;
    let first = coupons.batch(creates("A", 3)).send().await.unwrap();
    first.results(|_| ()).await.unwrap();
    let second = coupons.batch(creates("B", 3)).send().await.unwrap();
    second.results(|_| ()).await.unwrap();
    assert_eq!(first.status().await.unwrap_err().status(), Some(404), "only one is kept");
    second.status().await.unwrap();
    sandbox.advance(TimeDelta::minutes(6)).unwrap();
    assert_eq!(second.status().await.unwrap_err().status(), Some(404));
    let results = second.results(|_| ()).await.unwrap();
    assert!(results.iter().all(Result::is_ok), "the codes are looked up: {results:?}");
}

#[tokio::test(start_paused = true)]
async fn a_file_has_the_settings() {
    let text = r#"{"batches": {"accepted": false, "countItems": true, "rememberedMinutes": 7, "shuffled": true,
        "concurrent": true, "foreignSeconds": 2, "kept": 3}}"#;
    let config: Config = serde_json::from_str(text).unwrap();
    let expected = BatchSettings::default().refuse().count_items().remembered_minutes(7).shuffled().concurrent();
    assert_eq!(config.batches, Some(expected.foreign_seconds(2).kept(3)));
    assert!(serde_json::from_str::<Config>(r#"{"batches": {"countedItems": true}}"#).is_err());
}
