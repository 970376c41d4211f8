//! `Client::batch`: the result of each request, whatever happens to the batch or to its requests.

use std::time::Duration;

use ecwid_coupons::{
    BatchItem, BatchResult, Client, CreateOutcome, Error,
    chrono::TimeDelta,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use tokio::time::Instant;

type Results = Vec<Result<BatchResult, Error>>;

async fn unlimited() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

fn coupon(code: impl Into<String>) -> NewCoupon {
    NewCoupon::percent("Name", code, 10)
}

fn creates(count: usize) -> Vec<BatchItem> {
    (0..count).map(|row| BatchItem::create(coupon(format!("CODE-{row}")))).collect()
}

/// Returns the outcomes of creates, such as `created`, or the statuses of their errors.
fn names(results: &Results) -> Vec<String> {
    let name = |result: &Result<BatchResult, Error>| match result {
        Ok(BatchResult::Created(outcome)) => outcome.as_str().to_owned(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.status().map_or_else(|| error.kind().to_string(), |status| status.to_string()),
    };
    results.iter().map(name).collect()
}

/// Checks that the store has a coupon with each of these codes, with the id of the result, and no other coupon.
async fn assert_exactly(coupons: &Client, results: &Results) {
    let mut stored = coupons.search().all().await.unwrap();
    stored.sort_by_key(|coupon| coupon.id);
    let mut made: Vec<_> = results
        .iter()
        .enumerate()
        .map(|(row, result)| match result {
            Ok(BatchResult::Created(outcome)) => (outcome.id(), Some(format!("CODE-{row}"))),
            other => panic!("row {row}: {other:?}"),
        })
        .collect();
    made.sort();
    let found: Vec<_> = stored.into_iter().map(|coupon| (coupon.id, coupon.code)).collect();
    assert_eq!(found, made);
}

#[tokio::test(start_paused = true)]
async fn the_results_are_those_of_the_requests() {
    let (sandbox, coupons) = unlimited().await;
    let results = coupons.batch(creates(500)).await.unwrap();
    assert_exactly(&coupons, &results).await;
    let requests = sandbox.received_requests();
    let of_batch = requests.iter().filter(|request| request.target.contains("/batch")).count();
    assert!(of_batch <= 4, "{of_batch} requests");

    sandbox.advance(TimeDelta::minutes(1)).unwrap();
    let id = async |code: &'static str| coupons.get(code).await.unwrap().id.unwrap();
    let (zero, one) = (id("CODE-0").await, id("CODE-1").await);
    let results = coupons
        .batch([
            BatchItem::find("code-7"),
            BatchItem::find("CODE-500 & more"),
            BatchItem::update(zero, CouponUpdate::default().name("New name")),
            BatchItem::update(i64::MAX, CouponUpdate::default().name("New name")),
            BatchItem::delete(one),
            BatchItem::delete(i64::MAX),
            BatchItem::create(coupon("CODE-2")),
        ])
        .sequential()
        .await
        .unwrap();
    assert!(
        matches!(&results[0], Ok(BatchResult::Found(Some(coupon))) if coupon.code.as_deref() == Some("CODE-7")),
        "{:?}",
        results[0]
    );
    assert_eq!(results[1].as_ref().unwrap(), &BatchResult::Found(None));
    assert!(matches!(&results[2], Ok(BatchResult::Updated(updated)) if updated.update_count == Some(1)));
    let error = results[3].as_ref().unwrap_err();
    assert!(error.is_coupon_not_found() || error.is_nothing_updated(), "{error}");
    assert!(matches!(&results[4], Ok(BatchResult::Deleted(deleted)) if deleted.delete_count == Some(1)));
    assert!(matches!(&results[5], Ok(BatchResult::Deleted(deleted)) if deleted.delete_count == Some(0)));
    assert!(results[6].as_ref().unwrap_err().is_conflict());
    assert_eq!(coupons.get(zero).await.unwrap().name.as_deref(), Some("New name"));
    assert!(coupons.get(one).await.unwrap_err().is_coupon_not_found());
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_batch_created_is_no_conflict() {
    for effect in [
        Effect::Status { status: 503, code: None, retry_after: None, after_work: true },
        Effect::Duplicate,
        Effect::Html { status: 200 },
    ] {
        let (sandbox, coupons) = unlimited().await;
        sandbox.add_fault(Fault::new(effect.clone()).on(["create_discount_coupon"]).times(1)).unwrap();
        let results = coupons.batch(creates(3)).await.unwrap();
        let mut outcomes = names(&results);
        outcomes.sort();
        assert_eq!(outcomes, ["created", "created", "recovered"], "{effect:?}: {results:?}");
        assert_exactly(&coupons, &results).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_existed_before_the_batch_is_not_its_work() {
    let (sandbox, coupons) = unlimited().await;
    coupons.create(&coupon("SAME")).await.unwrap();
    coupons.create(&coupon("OTHER").name("Another name")).await.unwrap();
    sandbox.advance(TimeDelta::minutes(1)).unwrap();
    let results = coupons
        .batch([
            BatchItem::create(coupon("same")),
            BatchItem::create(coupon("OTHER")),
            BatchItem::create_or_get(coupon("SAME")),
            BatchItem::create_or_get(coupon("OTHER")),
            BatchItem::create_or_get(coupon("NEW")),
        ])
        .await
        .unwrap();
    assert_eq!(names(&results), ["409", "409", "already_exists", "conflict", "created"], "{results:?}");
    let error = results[3].as_ref().unwrap_err();
    assert_eq!(error.differences()[0].field, "name");
    assert!(!error.may_have_taken_effect());
    assert_eq!(coupons.search().all().await.unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_does_not_run_the_batch_twice() {
    for effect in [Effect::ResetAfter, Effect::ResetBefore, Effect::status(503), Effect::Html { status: 200 }] {
        let (sandbox, coupons) = unlimited().await;
        sandbox.add_fault(Fault::new(effect.clone()).on(["create_batch_request"]).times(2)).unwrap();
        let results = coupons.batch(creates(20)).await.unwrap_or_else(|error| panic!("{effect:?}: {error}"));
        assert_eq!(names(&results), ["created"; 20], "{effect:?}");
        assert_exactly(&coupons, &results).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_batch_is_resolved_by_its_codes() {
    let (sandbox, coupons) = unlimited().await;
    let batch = coupons.batch(creates(20));
    let sent = batch.send().await.unwrap();
    sent.results(|_| ()).await.unwrap();
    sandbox.advance(TimeDelta::minutes(61)).unwrap();
    assert_eq!(sent.status().await.unwrap_err().status(), Some(404));
    let results = batch.sent(sent.ticket(), sent.since()).results(|_| ()).await.unwrap();
    assert_eq!(names(&results), ["recovered"; 20]);
    assert_exactly(&coupons, &results).await;
    // A batch of which only the intent is known.
    let results = batch.clone().intended(std::time::SystemTime::now() - Duration::from_secs(3700)).look_up().await;
    assert_eq!(names(&results), ["recovered"; 20]);
    let older = (0..20).map(|row| BatchItem::create_or_get(coupon(format!("CODE-{row}"))));
    assert_eq!(names(&coupons.batch(older).look_up().await), ["already_exists"; 20]);
    // Nothing was created by a batch with a ticket that never existed.
    let other = coupons.batch([BatchItem::create(coupon("NEW")), BatchItem::delete(1)]);
    let results = other.sent("no-such-ticket", None).results(|_| ()).await.unwrap();
    assert!(results.iter().all(|result| result.as_ref().unwrap_err().may_have_taken_effect()), "{results:?}");
    let text = results[0].as_ref().unwrap_err().to_string();
    assert!(text.contains("does not know the batch") && text.contains("no coupon has the code"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_batch_count_after_the_store_has_refused_one() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = Client::builder(sandbox.store_id(), "secret_sandbox")
        .base_url(sandbox.base_url())
        .requests_per_minute(100)
        .build()
        .unwrap();
    let start = Instant::now();
    coupons.batch(creates(90)).await.unwrap();
    let results = coupons.batch((0..90).map(|row| BatchItem::create(coupon(format!("B-{row}"))))).await.unwrap();
    assert_eq!(names(&results), ["created"; 90]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());

    sandbox.add_fault(Fault::new(Effect::too_many_requests(5)).on(["create_discount_coupon"]).times(1)).unwrap();
    let results = coupons.batch([BatchItem::create(coupon("C"))]).await.unwrap();
    assert!(results[0].as_ref().unwrap_err().is_rate_limited());
    assert!(!results[0].as_ref().unwrap_err().may_have_taken_effect());
    let start = Instant::now();
    for batch in ["D", "E"] {
        let items = (0..90).map(|row| BatchItem::create(coupon(format!("{batch}-{row}"))));
        assert_eq!(names(&coupons.batch(items).await.unwrap()), ["created"; 90]);
    }
    assert!(start.elapsed() > Duration::from_secs(60), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_is_the_error_of_each_request() {
    let sandbox = Sandbox::builder().unlimited().scopes(["read_discount_coupons"]).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let results = coupons.batch(creates(2)).await.unwrap();
    assert_eq!(names(&results), ["403", "403"]);
    let error = results[0].as_ref().unwrap_err();
    assert!(error.is_forbidden() && error.hint().unwrap().contains("create_discount_coupons"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn progress_is_reported_until_the_batch_is_done() {
    let (sandbox, coupons) = unlimited().await;
    let slow = Effect::Latency { milliseconds: 1000, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon"])).unwrap();
    let sent = coupons.batch(creates(5)).sequential().send().await.unwrap();
    let mut done = Vec::new();
    let results = sent.results(|status| done.push(status.completed_requests.unwrap())).await.unwrap();
    assert_eq!(names(&results), ["created"; 5]);
    assert!(done.len() > 3 && done.is_sorted() && done.last() == Some(&5), "{done:?}");
}

#[tokio::test]
async fn an_invalid_batch_is_not_sent() {
    let (sandbox, coupons) = unlimited().await;
    let error = |items: Vec<BatchItem>| {
        let batch = coupons.batch(items);
        async move { batch.await.unwrap_err().to_string() }
    };
    assert!(error(Vec::new()).await.contains("the batch has 0 requests (expected 1 to 500)"));
    assert!(error(creates(501)).await.contains("the batch has 501 requests (expected 1 to 500)"));
    let mut items = creates(2);
    items.push(BatchItem::update(1, CouponUpdate::default()));
    let text = error(items).await;
    assert!(text.contains("request 2 of the batch, counted from 0") && text.contains("changes no field"), "{text}");
    let text = error(vec![BatchItem::create(coupon("A").for_products([]))]).await;
    assert!(text.contains("request 0") && text.contains("empty"), "{text}");
    assert_eq!(sandbox.received_requests(), []);
}

#[tokio::test(start_paused = true)]
async fn a_recovered_coupon_of_an_earlier_intent_is_ours() {
    let (sandbox, coupons) = unlimited().await;
    // An earlier run of the program created the coupon and crashed.
    let intended = std::time::SystemTime::now();
    coupons.create(&coupon("CODE-0")).await.unwrap();
    sandbox.advance(TimeDelta::seconds(30)).unwrap();
    let later = coupons.batch(creates(1)).await.unwrap();
    assert_eq!(names(&later), ["409"]);
    let earlier = intended - Duration::from_secs(30);
    let results = coupons.batch(creates(1)).intended(earlier).await.unwrap();
    assert_eq!(names(&results), ["recovered"]);
    assert!(matches!(&results[0], Ok(BatchResult::Created(CreateOutcome::Recovered(_)))));
}
