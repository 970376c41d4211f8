//! Batches: what becomes of them beside their responses, and what happens when a request in one fails.

use std::time::Duration;

use ecwid_coupons::{
    Client,
    types::{BatchMethod, BatchRequestItem, BatchResponseStatus},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::sandbox::{finished, http_client};

async fn unlimited() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

/// So many requests that read.
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

/// How many requests of a batch were not sent.
async fn not_executed(coupons: &Client, ticket: &str) -> usize {
    let responses = finished(coupons, ticket).await.responses.unwrap();
    responses.iter().filter(|response| response.status == Some(BatchResponseStatus::NotExecuted)).count()
}

#[tokio::test]
async fn a_group_is_cancelled() {
    let (sandbox, coupons) = unlimited().await;
    // So that the first runs for as long as the others are asked for.
    let slow = Effect::Latency { milliseconds: 100, jitter_milliseconds: 0 };
    sandbox.add_fault(Fault::new(slow).on(["search_discount_coupons"])).unwrap();
    let first = create(&coupons, "a", reads(500)).await;
    let others = [create(&coupons, "a", reads(500)).await, create(&coupons, "a", reads(500)).await];
    let other_group = create(&coupons, "b", reads(1)).await;

    let one = format!("/cancel-group?groupId=a&ticketId={}", others[0]);
    assert_eq!(call(&sandbox, "POST", &one).await, (200, json!({"updateCount": 1})));
    assert_eq!(call(&sandbox, "POST", &one).await, (200, json!({"updateCount": 0})), "it is over");
    assert_eq!(call(&sandbox, "GET", &format!("?ticket={}", others[0])).await.1["status"], "COMPLETED");
    assert_eq!(call(&sandbox, "POST", "/cancel-group?groupId=a").await, (200, json!({"updateCount": 1})));
    assert_eq!(call(&sandbox, "POST", "/cancel-group?groupId=c").await, (200, json!({"updateCount": 0})));
    assert_eq!(call(&sandbox, "POST", "/cancel-group").await.0, 400);

    // The last one runs when the others have given way.
    assert_eq!(not_executed(&coupons, &other_group).await, 0);
    assert_eq!(not_executed(&coupons, &others[0]).await, 500);
    assert_eq!(not_executed(&coupons, &others[1]).await, 500);
    assert!(not_executed(&coupons, &first).await > 0);
}

#[tokio::test]
async fn a_deleted_batch_is_forgotten() {
    let (sandbox, coupons) = unlimited().await;
    let ticket = create(&coupons, "a", reads(500)).await;
    let path = format!("?ticketId={ticket}");
    assert_eq!(call(&sandbox, "DELETE", &path).await, (200, json!({"deleteCount": 1})));
    assert_eq!(call(&sandbox, "DELETE", &path).await, (200, json!({"deleteCount": 0})));
    assert_eq!(call(&sandbox, "GET", &format!("?ticket={ticket}")).await.0, 404);
    assert_eq!(call(&sandbox, "DELETE", "").await.0, 400);
    // Its turn is over too.
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
async fn a_request_that_fails_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().unlimited().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    // Without its table the store fails, and with it again it does not.
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
    rename("tally", "hidden");
    let start = Instant::now();
    assert_eq!(code(run(true).await).await, Some(500));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());

    let start = Instant::now();
    assert_eq!(code(run(false).await).await, Some(500));
    assert!((15..16).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());

    let start = Instant::now();
    let ticket = run(false).await;
    sleep(Duration::from_secs(7)).await;
    rename("hidden", "tally");
    assert_eq!(code(ticket).await, Some(200));
    assert!((9..10).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}
