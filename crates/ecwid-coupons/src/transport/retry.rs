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

use crate::{Error, ErrorKind};

/// The maximum delay before the first retry. It doubles with each retry.
const BASE: Duration = Duration::from_millis(250);

/// The maximum delay between two attempts.
const CAP: Duration = Duration::from_secs(8);

/// The delay after a response with status 429 that has no `Retry-After`. Ecwid's client uses the same.
pub(crate) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(10);

/// The retry budget of a client.
const BUDGET: f64 = 20.0;

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

/// The retry budget of a client. A retry takes 1 from it, and a success returns a part, so that retries do not multiply
/// an outage.
pub(crate) struct Budget(Mutex<f64>);

impl Budget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(BUDGET))
    }

    pub(crate) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }

    pub(crate) fn refund(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + REFUND).min(BUDGET);
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

    #[test]
    fn the_budget_is_refilled_by_successes() {
        let budget = Budget::new();
        assert_eq!((0..100).filter(|_| budget.take()).count(), 20);
        (0..10).for_each(|_| budget.refund());
        assert!(!budget.take(), "ten successes pay for almost one retry");
        budget.refund();
        assert!(budget.take() && !budget.take());
    }
}
