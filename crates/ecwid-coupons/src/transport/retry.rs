//! Retries: which failures are retried, and after which delay.
//!
//! A retry must never duplicate a write. Reads, updates and deletes have the same effect when they are done twice. The
//! transport sends a create again only if the store did not process it. `client/create.rs` also sends it again if a
//! search finds no coupon with its code.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::Method;
use tokio::time::Instant;

use crate::{Error, ErrorKind};

/// The maximum delay before the first retry. It doubles with each retry.
const BASE: Duration = Duration::from_millis(250);

/// The maximum delay between two attempts.
const CAP: Duration = Duration::from_secs(8);

/// The delay after a response with status 429 that has no `Retry-After`. Ecwid's client uses the same.
pub(crate) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(10);

/// The default size of the retry budget.
pub(crate) const DEFAULT_BUDGET: u32 = 20;

/// The time in which an empty budget becomes full.
const REFILL: Duration = Duration::from_secs(60);

/// The part of a retry that a success returns to the budget.
const REFUND: f64 = 0.1;

/// Whether a failed request of this method is retried: a retry may succeed, and cannot duplicate a write.
pub(crate) fn is_retryable(method: &Method, error: &Error) -> bool {
    // Requests that have the same effect when they are done twice.
    let repeatable = *method != Method::POST;
    match (error.kind(), error.status()) {
        // No request was sent.
        (ErrorKind::Connect, _) => !error.is_permanent(),
        (ErrorKind::Timeout | ErrorKind::Network, _) | (ErrorKind::Status, Some(408 | 500..=599)) => repeatable,
        // A write with an unreadable response is like a write with a lost response. A repeated read stays unreadable.
        (ErrorKind::Decode, _) => repeatable && *method != Method::GET,
        _ => false,
    }
}

/// Returns the delay after this many attempts. It is random, so that clients that failed together do not return
/// together.
pub(crate) fn backoff(attempts: u32) -> Duration {
    let limit = BASE.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(CAP);
    limit.mul_f64(fastrand::f64())
}

/// The retry budget of a client. A retry takes 1 from it, so that retries do not multiply an outage. The budget refills
/// with time, and each success returns a part of a retry.
pub(crate) struct Budget {
    size: f64,
    left: Mutex<(f64, Instant)>,
}

impl Budget {
    pub(crate) fn new(size: u32) -> Self {
        Self { size: size.into(), left: Mutex::new((size.into(), Instant::now())) }
    }

    pub(crate) fn take(&self) -> bool {
        self.change(|left| {
            let enough = *left >= 1.0;
            if enough {
                *left -= 1.0;
            }
            enough
        })
    }

    pub(crate) fn refund(&self) {
        self.change(|left| *left += REFUND);
    }

    /// Adds the refill since the last change, and changes the rest.
    fn change<T>(&self, change: impl FnOnce(&mut f64) -> T) -> T {
        let mut state = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = &mut *state;
        let now = Instant::now();
        *left = (*left + self.size * (now - *since).div_duration_f64(REFILL)).min(self.size);
        *since = now;
        let result = change(left);
        *left = left.min(self.size);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_randomly_up_to_a_cap() {
        for (attempts, limit) in [(1, 250), (2, 500), (3, 1000), (6, 8000), (7, 8000), (40, 8000), (u32::MAX, 8000)] {
            let waits: Vec<_> = (0..1000).map(|_| backoff(attempts).as_millis()).collect();
            assert!(waits.iter().all(|wait| *wait <= limit), "{attempts}");
            assert!(waits.iter().any(|wait| *wait < limit / 4) && waits.iter().any(|wait| *wait > limit * 3 / 4));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_is_refilled_by_successes_and_with_time() {
        let budget = Budget::new(DEFAULT_BUDGET);
        assert_eq!((0..100).filter(|_| budget.take()).count(), 20);
        (0..10).for_each(|_| budget.refund());
        assert!(!budget.take(), "ten successes pay for almost one retry");
        budget.refund();
        assert!(budget.take() && !budget.take());
        tokio::time::advance(REFILL / 2).await;
        assert_eq!((0..100).filter(|_| budget.take()).count(), 10);
        tokio::time::advance(REFILL * 5).await;
        assert_eq!((0..100).filter(|_| budget.take()).count(), 20, "it is never larger than its size");
        assert!(!Budget::new(0).take());
    }
}
