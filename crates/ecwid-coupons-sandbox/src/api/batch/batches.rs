//! [`Batches`]: the batches that run or are remembered.

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

use crate::{lock::lock, rule::Rule};

/// How long a batch and its deduplication key are remembered.
pub(super) const REMEMBERED: TimeDelta = TimeDelta::hours(1);

/// How many finished batches are remembered.
const KEPT: usize = 1000;

/// The most that all finished batches may hold, in bytes.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The most of the bodies of a batch's responses that is kept, in bytes.
const KEPT_BODIES: usize = 16 * 1024 * 1024;

/// The batches of a sandbox.
#[derive(Default)]
pub(crate) struct Batches {
    /// By ticket, the oldest first.
    all: Mutex<IndexMap<String, Arc<Batch>>>,
    /// Batches of a store run one after the other: whose turn it is, by store.
    turns: Mutex<BTreeMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    pub(super) running: Mutex<JoinSet<()>>,
}

impl Batches {
    /// The batches that are still remembered.
    pub(super) fn remembered(&self, now: DateTime<Utc>) -> MutexGuard<'_, IndexMap<String, Arc<Batch>>> {
        let mut all = lock(&self.all);
        all.retain(|_, batch| !batch.is_completed() || now - batch.since < REMEMBERED);
        drop_surplus(&mut all);
        all
    }

    /// Ends a batch, for which older ones may have to go.
    pub(super) fn complete(&self, batch: &Batch) {
        let mut all = lock(&self.all);
        batch.complete();
        drop_surplus(&mut all);
    }

    /// What the batches of a store wait for each other by.
    pub(super) fn turn(&self, store_id: i64) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(lock(&self.turns).entry(store_id).or_default())
    }

    /// Removes all batches.
    pub(crate) fn clear(&self) {
        lock(&self.all).clear();
    }

    /// Ends the batches that run, so that nothing is written once the sandbox has stopped.
    pub(crate) async fn stop(&self) {
        let mut running = std::mem::take(&mut *lock(&self.running));
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

/// A batch with the responses to its requests so far.
pub(super) struct Batch {
    pub(super) store_id: i64,
    pub(super) key: Option<String>,
    pub(super) group: Option<String>,
    pub(super) since: DateTime<Utc>,
    pub(super) total: usize,
    /// How many bytes its requests were sent as.
    pub(super) request_bytes: usize,
    /// How many bytes its responses hold.
    pub(super) bytes: AtomicUsize,
    /// One for each request, NOT_EXECUTED until it is done.
    pub(super) responses: Mutex<Vec<BatchResponse>>,
    /// Whether all is done, which it also is when a failure or a cancellation stopped the rest.
    pub(super) completed: AtomicBool,
}

impl Batch {
    pub(super) fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }

    /// Keeps the response of a request; its body only while there is room for it.
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

    /// Ends it; what has not begun is not begun any more.
    pub(super) fn complete(&self) {
        self.completed.store(true, Ordering::Release);
    }
}
