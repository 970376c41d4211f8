//! Batch requests: many requests sent as one and run in the background.

mod runner;
mod status;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::Router;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use ecwid_coupons::types::{BatchMethod, BatchRequestItem, BatchResponse, BatchResponseStatus, BatchTicket};
use http::{HeaderMap, header};
use indexmap::IndexMap;
use tokio::task::JoinSet;

use runner::Runner;
pub(crate) use status::{cancel_group, delete, get};

use crate::{
    answer::Answer,
    fidelity::Rule,
    identifier::new_identifier,
    parameters::{self, Query},
    problem::Problem,
    route::Area,
};

/// The most requests of a batch.
const MAX_REQUESTS: usize = 500;

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

    /// Forgets all batches.
    pub(crate) fn forget(&self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clear();
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
    group: Option<String>,
    since: DateTime<Utc>,
    total: usize,
    /// One for each request, NOT_EXECUTED until it is done.
    responses: Mutex<Vec<BatchResponse>>,
    /// Whether all is done, which it also is when a failure or a cancellation stopped the rest.
    completed: AtomicBool,
}

impl Batch {
    fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }

    /// Ends it; what has not begun is not begun any more.
    fn complete(&self) {
        self.completed.store(true, Ordering::Release);
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
) -> Result<Answer, Problem> {
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
        return Answer::of(&BatchTicket::default().ticket(ticket.clone()));
    }
    let ticket = new_identifier();
    let batch = Arc::new(Batch {
        store_id,
        key,
        group: query.text("groupId").map(str::to_owned),
        since: now,
        total: items.len(),
        responses: Mutex::new(items.iter().map(not_executed).collect()),
        completed: AtomicBool::new(false),
    });
    remembered.insert(ticket.clone(), Arc::clone(&batch));
    drop(remembered);
    let authorization = headers.get(header::AUTHORIZATION).cloned();
    let runner = Runner { router, path: format!("{}/{store_id}", Area::Api.path()), authorization, parallel, stop };
    let mut running = batches.running.lock().unwrap_or_else(PoisonError::into_inner);
    while running.try_join_next().is_some() {}
    let batches = Arc::clone(batches);
    running.spawn(async move {
        let turn = batches.turn(store_id);
        let _turn = turn.lock().await;
        runner.run(&batch, items).await;
        batch.complete();
    });
    Answer::of(&BatchTicket::default().ticket(ticket))
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

/// The response of a request that is not done.
fn not_executed(item: &BatchRequestItem) -> BatchResponse {
    let mut response = BatchResponse::default().status(BatchResponseStatus::NotExecuted);
    response.id.clone_from(&item.id);
    response
}
