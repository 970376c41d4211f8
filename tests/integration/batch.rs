//! Batches: their responses, their status, and failures of their requests.

use std::time::Duration;

use ecwid_coupons::{
    Client,
    chrono::TimeDelta,
    types::{BatchMethod, BatchRequestItem, BatchResponseStatus, BatchState, BatchStatus, NewCoupon},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::plain_http::http_client;

/// Returns a batch item that creates a coupon.
fn creation(id: &str, code: &str) -> BatchRequestItem {
    let body = ecwid_coupons::RawJson::from_value(&NewCoupon::percent("Name", code, 10)).unwrap();
    BatchRequestItem::new("/discount_coupons", BatchMethod::Post).id(id).body(body)
}

pub(super) async fn finished(coupons: &Client, ticket: &str) -> BatchStatus {
    loop {
        let status = coupons.api().get_batch_status().ticket(ticket).escaped_json(true).send().await.unwrap();
        if status.status == Some(BatchState::Completed) {
            return status.into_inner();
        }
        tokio::task::yield_now().await;
    }
}

async fn unlimited() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

/// Returns this many batch items that read a coupon.
fn reads(count: usize) -> Vec<BatchRequestItem> {
    vec![BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get); count]
}

async fn create(coupons: &Client, group: &str, items: Vec<BatchRequestItem>) -> String {
    let request = coupons.api().create_batch_request().group_id(group).body(items);
    request.send().await.unwrap().into_inner().ticket.unwrap()
}

async fn call(sandbox: &Sandbox, method: &str, path: &str) -> (u16, Value) {
    let url = format!("{}/1003/batch{path}", sandbox.base_url());
    let response =
        http_client().request(method.parse().unwrap(), url).bearer_auth("secret_sandbox").send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Returns how many requests of a batch have not run.
async fn not_executed(coupons: &Client, ticket: &str) -> usize {
    let responses = finished(coupons, ticket).await.responses.unwrap();
    responses.iter().filter(|response| response.status == Some(BatchResponseStatus::NotExecuted)).count()
}

#[tokio::test]
async fn a_group_is_canceled() {
    let (sandbox, coupons) = unlimited().await;
    // The first batch runs long enough for the others to be canceled.
    let slow = Effect::Latency { milliseconds: 100, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(slow).on(["search_discount_coupons"])).unwrap();
    let first = create(&coupons, "a", reads(500)).await;
    let others = [create(&coupons, "a", reads(500)).await, create(&coupons, "a", reads(500)).await];
    let other_group = create(&coupons, "b", reads(1)).await;

    let one = format!("/cancel-group?groupId=a&ticketId={}", others[0]);
    assert_eq!(call(&sandbox, "POST", &one).await, (200, json!({"updateCount": 1})));
    assert_eq!(call(&sandbox, "POST", &one).await, (200, json!({"updateCount": 0})), "the batch is canceled already");
    assert_eq!(call(&sandbox, "GET", &format!("?ticket={}", others[0])).await.1["status"], "COMPLETED");
    assert_eq!(call(&sandbox, "POST", "/cancel-group?groupId=a").await, (200, json!({"updateCount": 1})));
    assert_eq!(call(&sandbox, "POST", "/cancel-group?groupId=c").await, (200, json!({"updateCount": 0})));
    assert_eq!(call(&sandbox, "POST", "/cancel-group").await.0, 400);

    // The last batch runs after the others were canceled.
    assert_eq!(not_executed(&coupons, &other_group).await, 0);
    assert_eq!(not_executed(&coupons, &others[0]).await, 500);
    assert_eq!(not_executed(&coupons, &others[1]).await, 500);
    assert!(not_executed(&coupons, &first).await > 0);
}

#[tokio::test]
async fn a_deleted_batch_is_removed() {
    let (sandbox, coupons) = unlimited().await;
    let ticket = create(&coupons, "a", reads(500)).await;
    let path = format!("?ticketId={ticket}");
    assert_eq!(call(&sandbox, "DELETE", &path).await, (200, json!({"deleteCount": 1})));
    assert_eq!(call(&sandbox, "DELETE", &path).await, (200, json!({"deleteCount": 0})));
    assert_eq!(call(&sandbox, "GET", &format!("?ticket={ticket}")).await.0, 404);
    assert_eq!(call(&sandbox, "DELETE", "").await.0, 400);
    // The deleted batch no longer blocks the next one.
    let next = create(&coupons, "a", reads(1)).await;
    assert_eq!(not_executed(&coupons, &next).await, 0);
}

#[tokio::test]
async fn batches_are_listed_by_status() {
    let (sandbox, coupons) = unlimited().await;
    let mut tickets = Vec::new();
    for _ in 0..3 {
        let ticket = create(&coupons, "a", reads(1)).await;
        finished(&coupons, &ticket).await;
        tickets.push(ticket);
    }
    let listed = async |query: &str| {
        let (status, list) = call(&sandbox, "GET", query).await;
        assert_eq!(status, 200, "{list}");
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().map(|item| item["ticket"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("?status=COMPLETED").await, tickets);
    assert_eq!(listed("?status=COMPLETED&limit=1&offset=1").await, tickets[1..2]);
    assert_eq!(listed("?status=QUEUED").await, [""; 0]);
    assert_eq!(call(&sandbox, "GET", "?status=DONE").await.0, 400);
    assert_eq!(call(&sandbox, "GET", "").await.0, 400);
}

#[tokio::test(start_paused = true)]
async fn a_failed_request_is_retried() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().unlimited().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    // The store fails while its table is missing.
    let rename = |from: &str, to: &str| {
        let other = rusqlite::Connection::open(&file).unwrap();
        other.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    };
    let run = async |stop: bool| {
        let request = coupons.api().create_batch_request().stop_on_first_failure(stop).body(reads(1));
        request.send().await.unwrap().into_inner().ticket.unwrap()
    };
    let code = async |ticket: String| loop {
        let status = coupons.api().get_batch_status().ticket(&ticket).escaped_json(true).send().await.unwrap();
        match status.into_inner().responses.unwrap().first() {
            Some(response) => break response.http_status_code,
            None => sleep(Duration::from_millis(100)).await,
        }
    };
    rename("coupons", "hidden");
    let start = Instant::now();
    assert_eq!(code(run(true).await).await, Some(500));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());

    let start = Instant::now();
    assert_eq!(code(run(false).await).await, Some(500));
    assert!((15..16).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());

    let start = Instant::now();
    let ticket = run(false).await;
    sleep(Duration::from_secs(7)).await;
    rename("hidden", "coupons");
    assert_eq!(code(ticket).await, Some(200));
    assert!((9..10).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_batch_runs_its_requests() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let run = async |items: Vec<BatchRequestItem>, stop: bool| -> BatchStatus {
        let request = coupons.api().create_batch_request().stop_on_first_failure(stop).body(items);
        finished(&coupons, &request.send().await.unwrap().into_inner().ticket.unwrap()).await
    };
    let outcomes = |status: &BatchStatus| -> Vec<_> {
        let responses = status.responses.as_ref().unwrap();
        responses
            .iter()
            .map(|response| (response.id.clone().unwrap(), response.status.clone().unwrap(), response.http_status_code))
            .collect()
    };
    let items = vec![creation("1", "A"), creation("2", "a"), creation("3", "C")];
    let stopped = run(items.clone(), true).await;
    assert_eq!((stopped.total_requests, stopped.completed_requests), (Some(3), Some(2)));
    assert_eq!(
        outcomes(&stopped),
        [
            ("1".to_owned(), BatchResponseStatus::Completed, Some(200)),
            ("2".to_owned(), BatchResponseStatus::Failed, Some(409)),
            ("3".to_owned(), BatchResponseStatus::NotExecuted, None),
        ]
    );
    let created: Value =
        serde_json::from_str(stopped.responses.unwrap()[0].escaped_http_body.as_deref().unwrap()).unwrap();
    assert_eq!(created["code"], "A");
    let all = run(items, false).await;
    assert_eq!(outcomes(&all)[2].2, Some(200));

    let request = coupons.api().create_batch_request().deduplication_key("key");
    let first = request.clone().body(vec![creation("1", "D")]).send().await.unwrap().into_inner().ticket;
    assert_eq!(request.body(vec![creation("1", "E")]).send().await.unwrap().into_inner().ticket, first);
    let error = coupons.api().create_batch_request().body(vec![creation("1", "F"); 501]).send().await.unwrap_err();
    assert!(error.to_string().contains("501"), "{error}");
}

#[tokio::test]
async fn a_batch_cannot_contain_a_batch() {
    let (sandbox, coupons) = unlimited().await;
    let inner = json!([{"method": "POST", "path": "/discount_coupons", "body": {"name": "N", "code": "INNER"}}]);
    for path in [
        "/batch",
        "batch",
        "/batch#x",
        "/batch?groupId=a#x",
        "/batch#",
        "//batch",
        "///batch?x",
        "/batch/",
        "/batch/#x",
        "/batch/cancel-group?groupId=a",
        "/batch/cancel-group#x",
        "/%62atch",
        "/batc%68",
        "/./batch",
        "/x/../batch",
        "/../1003/batch",
        "/BATCH",
        "/batch%23x",
        "/batch%3Fx",
        "/batch;x",
        "\\batch",
        "/batch\t",
    ] {
        for method in ["POST", "GET", "DELETE"] {
            let items = json!([{"method": method, "path": path, "body": inner}]);
            let url = format!("{}/1003/batch", sandbox.base_url());
            let response = http_client().post(url).bearer_auth("secret_sandbox").json(&items).send().await.unwrap();
            let (status, response): (_, Value) = (response.status().as_u16(), response.json().await.unwrap());
            if status == 400 {
                assert!(
                    response["errorMessage"].as_str().unwrap().contains("not that of a batch"),
                    "{path}: {response}"
                );
                continue;
            }
            let ticket = response["ticket"].as_str().unwrap();
            let responses = finished(&coupons, ticket).await.responses.unwrap();
            let code = responses[0].http_status_code.unwrap();
            assert!([400, 404].contains(&code), "{method} {path}: {:?}", responses[0]);
            // The response is about the path, and not about a ticket.
            assert!(!responses[0].escaped_http_body.as_ref().unwrap().contains("ticket"), "{method} {path}");
            call(&sandbox, "DELETE", &format!("?ticketId={ticket}")).await;
        }
    }
    let (_, list) = call(&sandbox, "GET", "?status=QUEUED,IN_PROGRESS,COMPLETED").await;
    assert_eq!(list, json!({"items": []}), "no batch was created");
    assert_eq!(coupons.search().page().await.unwrap().total, Some(0));
    // `batch` is a valid code of a coupon.
    let item = BatchRequestItem::new("/discount_coupons/batch#x", BatchMethod::Get);
    let ticket = create(&coupons, "a", vec![item]).await;
    let responses = finished(&coupons, &ticket).await.responses.unwrap();
    assert!(responses[0].escaped_http_body.as_ref().unwrap().contains("DISCOUNT_COUPON_NOT_FOUND"));
}

#[tokio::test]
async fn a_parallel_batch_responds_in_order() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let names: Vec<_> = (0..500).map(|index| format!("CODE{index}")).collect();
    let items = names.iter().map(|name| creation(name, name)).collect::<Vec<_>>();
    let request = coupons.api().create_batch_request().allow_parallel_mode(true).body(items);
    let ticket = request.send().await.unwrap().into_inner().ticket.unwrap();
    let responses = finished(&coupons, &ticket).await.responses.unwrap();
    assert_eq!(responses.len(), 500);
    for (name, response) in names.iter().zip(&responses) {
        assert_eq!((response.id.as_ref(), response.http_status_code), (Some(name), Some(200)));
        let created: Value = serde_json::from_str(response.escaped_http_body.as_deref().unwrap()).unwrap();
        assert_eq!(created["code"], json!(name));
    }
    assert_eq!(coupons.search().page().await.unwrap().total, Some(500));
}

#[tokio::test(start_paused = true)]
async fn a_parallel_batch_runs_100_requests_at_once() {
    let (sandbox, coupons) = unlimited().await;
    let second = Effect::Latency { milliseconds: 1000, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(second).on(["search_discount_coupons"])).unwrap();
    let create = async |count: usize, is_parallel: bool| {
        let request = coupons.api().create_batch_request().allow_parallel_mode(is_parallel).body(reads(count));
        request.send().await.unwrap().into_inner().ticket.unwrap()
    };
    let until_done = async |ticket: &str| loop {
        let status = coupons.api().get_batch_status().ticket(ticket).send().await.unwrap();
        if status.status == Some(BatchState::Completed) {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    };
    for (count, is_parallel, seconds) in [(100, true, 1), (101, true, 2), (200, true, 2), (3, false, 3)] {
        let start = Instant::now();
        until_done(&create(count, is_parallel).await).await;
        assert_eq!(start.elapsed().as_secs(), seconds, "{count} requests, {is_parallel}");
    }
    // The second of two batches waits for the first.
    let start = Instant::now();
    let (_first, second) = (create(2, false).await, create(2, true).await);
    until_done(&second).await;
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn a_batch_needs_the_scopes_of_its_requests() {
    let sandbox = Sandbox::builder().unlimited().scopes(["read_discount_coupons"]).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let request = coupons.api().create_batch_request().body(vec![creation("1", "A")]);
    let ticket = request.send().await.unwrap().into_inner().ticket.unwrap();
    assert_eq!(finished(&coupons, &ticket).await.responses.unwrap()[0].http_status_code, Some(403));
    // The vendor's example without the parameter has no responses.
    let status = coupons.api().get_batch_status().ticket(ticket).send().await.unwrap();
    assert_eq!((&status.status, &status.responses), (&Some(BatchState::Completed), &None));
}

#[tokio::test]
async fn old_batches_are_removed() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let create = async || {
        let item = BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get);
        let request = coupons.api().create_batch_request().deduplication_key("key").body(vec![item]);
        request.send().await.unwrap().into_inner().ticket.unwrap()
    };
    let is_known = async |ticket: &str| match coupons.api().get_batch_status().ticket(ticket).send().await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.status(), Some(404), "{error}");
            false
        }
    };
    let first = create().await;
    finished(&coupons, &first).await;
    assert_eq!(create().await, first);
    sandbox.advance(TimeDelta::hours(1)).unwrap();
    assert!(!is_known(&first).await);
    let second = create().await;
    assert_ne!(second, first);

    let mut tickets = vec![second];
    for _ in 0..1000 {
        let item = BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get);
        let request = coupons.api().create_batch_request().body(vec![item]);
        tickets.push(request.send().await.unwrap().into_inner().ticket.unwrap());
    }
    for ticket in &tickets[990..] {
        finished(&coupons, ticket).await;
    }
    assert!(!is_known(&tickets[0]).await);
    assert!(is_known(&tickets[1]).await);
}

#[tokio::test]
async fn a_batch_stops_with_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let items: Vec<_> = (0..500).map(|index| creation("1", &format!("CODE{index}"))).collect();
    sandbox.client().unwrap().api().create_batch_request().body(items).send().await.unwrap();
    sandbox.stop().await;
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let total = async || coupons.search().page().await.unwrap().total.unwrap();
    let before = total().await;
    for index in 0..20 {
        coupons.create(&NewCoupon::new("Name", format!("OTHER{index}"))).await.unwrap();
    }
    // One request of the batch may have been in the database already.
    let after = total().await;
    assert!(before < 500 && (20..=21).contains(&(after - before)), "{before}, {after}");
}
