//! What the coupons were a moment ago, for reads that lag behind.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ecwid_coupons::types::Coupon;
use tokio::time::Instant;

use super::Coupons;
use crate::http::problem::Problem;

/// How long a change is remembered, and how many are.
const KEPT_FOR: Duration = Duration::from_secs(60);
pub(super) const KEPT: usize = 10_000;

/// What undoes one change of a coupon.
#[derive(Clone)]
pub(super) struct Undo {
    pub(super) store_id: i64,
    pub(super) id: i64,
    /// The coupon before; nothing where there was none.
    pub(super) before: Option<Box<Coupon>>,
}

/// The last changes, the oldest first.
#[derive(Default)]
pub(super) struct Past(Mutex<VecDeque<(Instant, Undo)>>);

impl Past {
    /// Remembers changes that were made just now.
    pub(super) fn add(&self, changes: VecDeque<Undo>) {
        if changes.is_empty() {
            return;
        }
        let now = Instant::now();
        let mut past = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        past.extend(changes.into_iter().map(|change| (now, change)));
        while past.len() > KEPT || past.front().is_some_and(|(at, _)| *at + KEPT_FOR < now) {
            past.pop_front();
        }
    }

    /// Forgets all changes.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The changes of the last time, the newest first.
    fn since(&self, lag: Duration) -> Vec<Undo> {
        let now = Instant::now();
        let past = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        past.iter().rev().take_while(|(at, _)| *at + lag > now).map(|(_, undo)| undo.clone()).collect()
    }
}

impl Coupons<'_> {
    /// Takes the coupons back to what they were; the transaction is to be undone then.
    pub(super) fn go_back(&self, past: &Past, lag: Duration) -> Result<(), Problem> {
        for Undo { id, before, .. } in past.since(lag).into_iter().filter(|undo| undo.store_id == self.store_id) {
            self.connection.prepare_cached("DELETE FROM coupons WHERE id = ?1")?.execute([id])?;
            if let Some(coupon) = before {
                self.insert(*coupon)?;
            }
        }
        Ok(())
    }
}
