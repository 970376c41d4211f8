//! Batch requests: many requests sent as one and run in the background.

mod runner;
mod status;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
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
    http::{
        parameters::{self, Query},
        problem::Problem,
        response::Answer,
        route::{Area, Route},
    },
    identifier::new_identifier,
    rule::Rule,
};

/// The most requests of a batch.
const MAX_REQUESTS: usize = 500;

/// How long a batch and its deduplication key are remembered.
const REMEMBERED: TimeDelta = TimeDelta::hours(1);

/// How many finished batches are remembered.
const KEPT: usize = 1000;

/// The most that all finished batches may hold, in bytes.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The most of the bodies of a batch's responses that is kept, in bytes.
const KEPT_BODIES: usize = 16 * 1024 * 1024;

/// The most that the requests of all batches that have not finished may hold, in bytes.
const WAITING_BYTES: usize = 64 * 1024 * 1024;

/// What a response takes besides its id and its body, in bytes.
const RESPONSE_SIZE: usize = size_of::<BatchResponse>() + 512;

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
        drop_surplus(&mut all);
        all
    }

    /// Ends a batch, for which older ones may have to go.
    fn complete(&self, batch: &Batch) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        batch.complete();
        drop_surplus(&mut all);
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

/// Drops the oldest finished batches until the rest is small enough.
fn drop_surplus(all: &mut IndexMap<String, Arc<Batch>>) {
    let finished = || all.values().rev().filter(|batch| batch.is_completed());
    let mut bytes = 0;
    let has_room = |batch: &&Arc<Batch>| {
        bytes += batch.bytes.load(Ordering::Relaxed);
        bytes <= KEPT_BYTES
    };
    let mut surplus = finished().count() - finished().take(KEPT).take_while(has_room).count();
    if surplus > 0 {
        Rule::FinishedBatchesAreDropped.trace();
        all.retain(|_, batch| {
            let is_surplus = surplus > 0 && batch.is_completed();
            surplus -= usize::from(is_surplus);
            !is_surplus
        });
    }
}

struct Batch {
    store_id: i64,
    key: Option<String>,
    group: Option<String>,
    since: DateTime<Utc>,
    total: usize,
    /// How many bytes its requests were sent as.
    request_bytes: usize,
    /// How many bytes its responses hold.
    bytes: AtomicUsize,
    /// One for each request, NOT_EXECUTED until it is done.
    responses: Mutex<Vec<BatchResponse>>,
    /// Whether all is done, which it also is when a failure or a cancellation stopped the rest.
    completed: AtomicBool,
}

impl Batch {
    fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }

    /// Keeps the response of a request; its body only while there is room for it.
    fn keep(&self, index: usize, mut response: BatchResponse) {
        let size = response.escaped_http_body.as_ref().map_or(0, String::len);
        let mut responses = self.responses.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.bytes.load(Ordering::Relaxed);
        if bytes + size <= KEPT_BODIES {
            self.bytes.store(bytes + size, Ordering::Relaxed);
        } else {
            Rule::FinishedBatchesAreDropped.trace();
            response.escaped_http_body = None;
            let line = response.http_status_line.unwrap_or_default();
            response.http_status_line = Some(format!(
                "{line} (the sandbox dropped this body: the responses of the batch exceed {KEPT_BODIES} bytes)"
            ));
        }
        responses[index] = response;
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
    let path = format!("{}/{store_id}", Area::Api.path());
    check(&path, &items)?;

    let key = query.text("deduplicationKey").map(str::to_owned);
    let mut remembered = batches.remembered(now);
    let same = |batch: &Batch| {
        key.is_some() && batch.key == key && batch.store_id == store_id && now - batch.since < REMEMBERED
    };
    if let Some((ticket, _)) = remembered.iter().find(|(_, batch)| same(batch)) {
        Rule::BatchesAreDeduplicated.trace();
        return Answer::of(&BatchTicket::default().ticket(ticket.clone()));
    }
    let waiting = remembered.values().filter(|batch| !batch.is_completed()).map(|batch| batch.request_bytes);
    if waiting.sum::<usize>() + body.len() > WAITING_BYTES {
        Rule::BatchesWaitForRoom.trace();
        return Err(Problem::too_many_batches());
    }
    let ticket = new_identifier();
    let ids = items.iter().map(|item| RESPONSE_SIZE + item.id.as_ref().map_or(0, String::len));
    let batch = Arc::new(Batch {
        store_id,
        key,
        group: query.text("groupId").map(str::to_owned),
        since: now,
        total: items.len(),
        request_bytes: body.len(),
        bytes: AtomicUsize::new(ids.sum()),
        responses: Mutex::new(items.iter().map(not_executed).collect()),
        completed: AtomicBool::new(false),
    });
    remembered.insert(ticket.clone(), Arc::clone(&batch));
    drop(remembered);
    let authorization = headers.get(header::AUTHORIZATION).cloned();
    let runner = Runner { router, path, authorization, parallel, stop };
    let mut running = batches.running.lock().unwrap_or_else(PoisonError::into_inner);
    while running.try_join_next().is_some() {}
    let batches = Arc::clone(batches);
    running.spawn(async move {
        let turn = batches.turn(store_id);
        let _turn = turn.lock().await;
        runner.run(&batch, items).await;
        batches.complete(&batch);
    });
    Answer::of(&BatchTicket::default().ticket(ticket))
}

/// Checks requests that are to be sent below a path.
fn check(path: &str, items: &[BatchRequestItem]) -> Result<(), Problem> {
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
        // One that cannot be read as a path is answered when its turn comes.
        let below = runner::uri(path, item).ok().and_then(|uri| uri.path().strip_prefix(path).map(str::to_owned));
        if item.path.trim_start_matches('/').is_empty() || below.is_some_and(|below| Route::is_of_batches_at(&below)) {
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
