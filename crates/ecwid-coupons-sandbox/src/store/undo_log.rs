//! [`UndoLog`]: the last changes of coupons, for reads that lag behind.

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use ecwid_coupons::types::Coupon;
use tokio::time::Instant;

use crate::lock::lock;

/// How long a change is remembered, and how many are.
const KEPT_FOR: Duration = Duration::from_secs(60);
pub(super) const KEPT: usize = 10_000;

/// What undoes one change of a coupon.
#[derive(Clone)]
pub(super) struct Undo {
    pub(super) store_id: i64,
    pub(super) id: i64,
    /// The coupon before the change, if there was one.
    pub(super) before: Option<Box<Coupon>>,
}

/// The last changes, the oldest first.
#[derive(Default)]
pub(super) struct UndoLog(Mutex<VecDeque<(Instant, Undo)>>);

impl UndoLog {
    /// Remembers changes that were made just now.
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

    /// Forgets all changes.
    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The changes since so long ago, the newest first.
    pub(super) fn since(&self, lag: Duration) -> Vec<Undo> {
        let now = Instant::now();
        let log = lock(&self.0);
        log.iter().rev().take_while(|(at, _)| *at + lag > now).map(|(_, undo)| undo.clone()).collect()
    }
}
