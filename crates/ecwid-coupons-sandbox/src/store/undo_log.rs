//! [`UndoLog`]: the latest changes, for reads that lag behind.

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use ecwid_coupons::types::Coupon;
use tokio::time::Instant;

use crate::lock::lock;

/// How long a change is kept, and how many changes are kept.
const KEPT_FOR: Duration = Duration::from_secs(60);
pub(super) const KEPT: usize = 10_000;

/// The state of a coupon before a change.
#[derive(Clone)]
pub(super) struct Undo {
    pub(super) store_id: i64,
    pub(super) id: i64,
    /// The coupon before the change. `None` if it did not exist.
    pub(super) before: Option<Box<Coupon>>,
}

/// The latest changes, the oldest first.
#[derive(Default)]
pub(super) struct UndoLog(Mutex<VecDeque<(Instant, Undo)>>);

impl UndoLog {
    /// Adds changes that were made now.
    pub(super) fn add(&self, changes: VecDeque<Undo>) {
        if changes.is_empty() {
            return;
        }
        let now = Instant::now();
        let mut log = lock(&self.0);
        log.extend(changes.into_iter().map(|change| (now, change)));
        while log.len() > KEPT || log.front().is_some_and(|(at, _)| *at + KEPT_FOR < now) {
            log.pop_front();
        }
    }

    /// Removes all changes.
    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// Returns the changes of the last `lag`, the newest first.
    pub(super) fn since(&self, lag: Duration) -> Vec<Undo> {
        let now = Instant::now();
        let log = lock(&self.0);
        log.iter().rev().take_while(|(at, _)| *at + lag > now).map(|(_, undo)| undo.clone()).collect()
    }
}
