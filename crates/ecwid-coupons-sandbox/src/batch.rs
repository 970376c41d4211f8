//! Batch requests: many requests sent as one and run in the background.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, body::Body};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use ecwid_coupons::{
    Json,
    types::{
        ApiError, BatchMethod, BatchRequestItem, BatchResponse, BatchResponseStatus, BatchState, BatchStatus,
        BatchTicket,
    },
};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use indexmap::IndexMap;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::{
    fidelity::Rule,
    parameters::{self, Query},
    problem::Problem,
};

/// The most requests of a batch.
const MAX_REQUESTS: usize = 500;

/// How many requests run at once in parallel mode.
const PARALLEL: usize = 100;

/// How long a batch and its deduplication key are remembered.
const REMEMBERED: TimeDelta = TimeDelta::hours(1);

/// How many finished batches are remembered.
const KEPT: usize = 1000;

/// The batches of a sandbox.
#[derive(Default)]
pub(crate) struct Batches {
    /// By ticket, the oldest first.
    all: Mutex<IndexMap<String, Arc<Batch>>>,
    /// Batches of a store run one after the other: whose turn it is, by store.
    turns: Mutex<BTreeMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    running: Mutex<JoinSet<()>>,
}

impl Batches {
    /// The batches that are still remembered.
    fn remembered(&self, now: DateTime<Utc>) -> MutexGuard<'_, IndexMap<String, Arc<Batch>>> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, batch| !batch.is_completed() || now - batch.since < REMEMBERED);
        let mut surplus = all.values().filter(|batch| batch.is_completed()).count().saturating_sub(KEPT);
        all.retain(|_, batch| {
            let is_surplus = surplus > 0 && batch.is_completed();
            surplus -= usize::from(is_surplus);
            !is_surplus
        });
        all
    }

    /// What the batches of a store wait for each other by.
    fn turn(&self, store_id: i64) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.turns.lock().unwrap_or_else(PoisonError::into_inner).entry(store_id).or_default())
    }

    /// Ends the batches that run, so that nothing is written once the sandbox has stopped.
    pub(crate) async fn stop(&self) {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        running.shutdown().await;
    }
}

struct Batch {
    store_id: i64,
    key: Option<String>,
    since: DateTime<Utc>,
    total: usize,
    responses: Mutex<Vec<Option<BatchResponse>>>,
    /// Whether all is done, which it also is when a failure stopped the rest.
    completed: AtomicBool,
}

impl Batch {
    fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }
}

/// Takes a batch and begins to run it; `router` serves its requests.
pub(crate) fn create(
    batches: &Arc<Batches>,
    router: Router,
    store_id: i64,
    now: DateTime<Utc>,
    headers: &HeaderMap,
    query: &Query,
    body: &Bytes,
) -> Result<Json, Problem> {
    let parallel = query.boolean("allowParallelMode", false)?;
    let stop = query.boolean("stopOnFirstFailure", true)?;
    let items: Vec<BatchRequestItem> = parameters::body(body)?;
    check(&items)?;

    let key = query.text("deduplicationKey").map(str::to_owned);
    let mut remembered = batches.remembered(now);
    let same = |batch: &Batch| {
        key.is_some() && batch.key == key && batch.store_id == store_id && now - batch.since < REMEMBERED
    };
    if let Some((ticket, _)) = remembered.iter().find(|(_, batch)| same(batch)) {
        Rule::BatchesAreDeduplicated.trace();
        return Ok(Json::from_value(&BatchTicket::default().ticket(ticket.clone()))?);
    }
    let ticket = new_ticket();
    let batch = Arc::new(Batch {
        store_id,
        key,
        since: now,
        total: items.len(),
        responses: Mutex::new(vec![None; items.len()]),
        completed: AtomicBool::new(false),
    });
    remembered.insert(ticket.clone(), Arc::clone(&batch));
    drop(remembered);
    let runner = Runner {
        router,
        path: format!("/api/v3/{store_id}"),
        authorization: headers.get(header::AUTHORIZATION).cloned(),
    };
    let mut running = batches.running.lock().unwrap_or_else(PoisonError::into_inner);
    while running.try_join_next().is_some() {}
    let batches = Arc::clone(batches);
    running.spawn(async move {
        let turn = batches.turn(store_id);
        let _turn = turn.lock().await;
        Rule::BatchesRunInParallel.trace();
        runner.run(&batch, items, if parallel { PARALLEL } else { 1 }, stop).await;
        batch.completed.store(true, Ordering::Release);
    });
    Ok(Json::from_value(&BatchTicket::default().ticket(ticket))?)
}

/// Tells how far a batch is.
pub(crate) fn status(batches: &Batches, store_id: i64, now: DateTime<Utc>, query: &Query) -> Result<Json, Problem> {
    // The page's table calls it `ticketId`, its URL `ticket`.
    let ticket = query.text("ticket").or_else(|| query.text("ticketId"));
    let ticket = ticket.ok_or_else(|| Problem::wrong_value("ticket", "", "the ticket of a batch request"))?;
    let escaped = query.boolean("escapedJson", false)?;
    let batch = batches.remembered(now).get(ticket).filter(|batch| batch.store_id == store_id).cloned();
    let batch = batch.ok_or_else(|| Problem::ticket_not_found(ticket))?;

    // Asked first, so that what is completed has all its responses.
    let is_completed = batch.is_completed();
    let responses = batch.responses.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let done =
        responses.iter().flatten().filter(|response| response.status != Some(BatchResponseStatus::NotExecuted)).count();
    let state = match done {
        _ if is_completed => BatchState::Completed,
        0 => BatchState::Queued,
        _ => BatchState::InProgress,
    };
    let count = |count: usize| i64::try_from(count).map_err(Problem::internal);
    let mut status =
        BatchStatus::default().status(state).total_requests(count(batch.total)?).completed_requests(count(done)?);
    // Without `escapedJson` the page's example has no answers.
    if !escaped {
        Rule::BatchStatusNeedsEscapedJson.trace();
    } else {
        status = status.responses(responses.into_iter().flatten().collect::<Vec<_>>());
    }
    Ok(Json::from_value(&status)?)
}

fn check(items: &[BatchRequestItem]) -> Result<(), Problem> {
    if items.is_empty() || items.len() > MAX_REQUESTS {
        Rule::BatchesHoldUpTo500.trace();
        return Err(Problem::wrong_parameter(format!(
            "A batch holds from 1 to {MAX_REQUESTS} requests, not {}",
            items.len()
        )));
    }
    for (index, item) in items.iter().enumerate() {
        if matches!(item.method, BatchMethod::Unknown(_)) {
            return Err(Problem::wrong_value(
                &format!("[{index}].method"),
                &item.method,
                "one of GET, POST, PUT, DELETE",
            ));
        }
        let path = item.path.trim_start_matches('/');
        if path.is_empty() || path == "batch" || path.starts_with("batch?") || path.starts_with("batch/") {
            return Err(Problem::wrong_value(
                &format!("[{index}].path"),
                &item.path,
                "a path like /discount_coupons, and no other batch",
            ));
        }
    }
    Ok(())
}

/// A ticket of the documented look: hex digits in groups.
fn new_ticket() -> String {
    let number = format!("{:032x}", fastrand::u128(..));
    [&number[..8], &number[8..12], &number[12..16], &number[16..20], &number[20..]].join("-")
}

struct Runner {
    router: Router,
    path: String,
    authorization: Option<HeaderValue>,
}

impl Runner {
    async fn run(&self, batch: &Batch, items: Vec<BatchRequestItem>, at_once: usize, stop: bool) {
        let failed = &Mutex::new(false);
        futures_util::stream::iter(items.into_iter().enumerate())
            .for_each_concurrent(at_once, |(index, item)| async move {
                let has_failed = || failed.lock().unwrap_or_else(PoisonError::into_inner);
                let mut response = if stop && *has_failed() {
                    Rule::BatchesStopAtAFailure.trace();
                    BatchResponse::default().status(BatchResponseStatus::NotExecuted)
                } else {
                    self.send(&item).await
                };
                *has_failed() |= response.status == Some(BatchResponseStatus::Failed);
                response.id = item.id;
                batch.responses.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(response);
            })
            .await;
    }

    async fn send(&self, item: &BatchRequestItem) -> BatchResponse {
        let uri = format!("{}/{}", self.path, item.path.trim_start_matches('/'));
        let body = item.body.as_ref().map_or_else(String::new, |body| match body.read::<String>() {
            // The page's table says string, its example sends an object; both are taken.
            Ok(text) => text,
            Err(_) => body.to_string(),
        });
        let mut request =
            Request::builder().method(item.method.as_str()).uri(uri).header(header::CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            Rule::BatchItemsNeedTheirScopes.trace();
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let response = match request.body(Body::from(body)) {
            Ok(request) => match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            Err(error) => {
                return outcome(
                    StatusCode::BAD_REQUEST,
                    format!(r#"{{"errorMessage":"Wrong path: {error}","errorCode":"WRONG_PARAMETER"}}"#),
                );
            }
        };
        let status = response.status();
        let bytes = response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        outcome(status, String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn outcome(status: StatusCode, body: String) -> BatchResponse {
    let is_ok = status == StatusCode::OK;
    let message = serde_json::from_str::<ApiError>(&body).ok().and_then(|error| error.error_message).filter(|_| !is_ok);
    BatchResponse::default()
        .status(if is_ok { BatchResponseStatus::Completed } else { BatchResponseStatus::Failed })
        .http_status_code(i32::from(status.as_u16()))
        .http_status_line(message.unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned()))
        .escaped_http_body(body)
}
