//! [`Batches`]: the running batches and the finished ones that the sandbox still keeps.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use ecwid_coupons::types::BatchResponse;
use indexmap::IndexMap;
use tokio::task::JoinSet;

use crate::{BatchSettings, lock::lock, rule::Rule};

/// The maximum size of all finished batches together, in bytes.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The maximum size of the response bodies of one batch, in bytes.
const KEPT_BODIES: usize = 16 * 1024 * 1024;

/// The batches of a sandbox.
pub(crate) struct Batches {
    pub(super) settings: BatchSettings,
    /// The batches by ticket, the oldest first.
    all: Mutex<IndexMap<String, Arc<Batch>>>,
    /// One lock for each store, because the batches of a store run one after the other.
    turns: Mutex<BTreeMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    pub(super) running: Mutex<JoinSet<()>>,
}

impl Batches {
    pub(crate) fn new(settings: BatchSettings) -> Self {
        Self { settings, all: Mutex::default(), turns: Mutex::default(), running: Mutex::default() }
    }

    /// How long the sandbox keeps a batch and its deduplication key.
    pub(super) fn remembered_for(&self) -> TimeDelta {
        TimeDelta::minutes(self.settings.remembered_minutes.into())
    }

    /// Removes the batches that are too old, and returns the others.
    pub(super) fn remembered(&self, now: DateTime<Utc>) -> MutexGuard<'_, IndexMap<String, Arc<Batch>>> {
        let mut all = lock(&self.all);
        all.retain(|_, batch| !batch.is_completed() || now - batch.since < self.remembered_for());
        self.drop_surplus(&mut all);
        all
    }

    /// Marks a batch as completed. This can remove older batches.
    pub(super) fn complete(&self, batch: &Batch) {
        let mut all = lock(&self.all);
        batch.complete();
        self.drop_surplus(&mut all);
    }

    /// Removes the oldest finished batches until the others fit the limits.
    fn drop_surplus(&self, all: &mut IndexMap<String, Arc<Batch>>) {
        let finished = || all.values().rev().filter(|batch| batch.is_completed());
        let mut bytes = 0;
        let has_room = |batch: &&Arc<Batch>| {
            bytes += batch.bytes.load(Ordering::Relaxed);
            bytes <= KEPT_BYTES
        };
        let mut surplus = finished().count()
            - finished().take(usize::try_from(self.settings.kept).unwrap_or(usize::MAX)).take_while(has_room).count();
        if surplus > 0 {
            Rule::FinishedBatchesAreDropped.trace();
            all.retain(|_, batch| {
                let is_surplus = surplus > 0 && batch.is_completed();
                surplus -= usize::from(is_surplus);
                !is_surplus
            });
        }
    }

    /// Returns the lock that a batch of this store holds while it runs.
    pub(super) fn turn(&self, store_id: i64) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(lock(&self.turns).entry(store_id).or_default())
    }

    /// Removes all batches.
    pub(crate) fn clear(&self) {
        lock(&self.all).clear();
    }

    /// Stops all running batches, so nothing is written after the sandbox has stopped.
    pub(crate) async fn stop(&self) {
        let mut running = std::mem::take(&mut *lock(&self.running));
        running.shutdown().await;
    }
}

/// A batch and the responses to its requests so far.
pub(super) struct Batch {
    pub(super) store_id: i64,
    pub(super) key: Option<String>,
    pub(super) group: Option<String>,
    pub(super) since: DateTime<Utc>,
    pub(super) total: usize,
    pub(super) is_parallel: bool,
    /// The size of the request body of the batch, in bytes.
    pub(super) request_bytes: usize,
    /// The size of the responses, in bytes.
    pub(super) bytes: AtomicUsize,
    /// One response for each request, with the status NOT_EXECUTED until the request has run.
    pub(super) responses: Mutex<Vec<BatchResponse>>,
    /// Whether no more requests will run: all have run, a failure stopped the rest, or the batch was canceled.
    pub(super) completed: AtomicBool,
}

impl Batch {
    pub(super) fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }

    /// Stores the response of a request. The body is dropped if the batch exceeds its size limit.
    pub(super) fn keep(&self, index: usize, mut response: BatchResponse) {
        let size = response.escaped_http_body.as_ref().map_or(0, String::len);
        let mut responses = lock(&self.responses);
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

    /// Marks the batch as completed. Requests that have not started are not run.
    pub(super) fn complete(&self) {
        self.completed.store(true, Ordering::Release);
    }
}
