//! Retries: which failures are worth another attempt, and how long to wait before it.
//!
//! A write must never be done twice by a retry. Reads, updates and deletes come out the same when they are done again; a
//! create does not, and is sent again only when the store surely did nothing with it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::Method;

use crate::{Error, ErrorKind};

/// The longest time before the first retry; it doubles with each.
const BASE: Duration = Duration::from_millis(250);

/// The longest time between two attempts.
const CAP: Duration = Duration::from_secs(8);

/// How long to wait after a refusal for too many requests that does not say how long: as the vendor's own client does.
pub(crate) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(10);

/// How many retries the budget of a client holds.
const BUDGET: f64 = 20.0;

/// What a call that succeeds puts back into the budget.
const REFUND: f64 = 0.1;

/// Whether a failed request of this method may be sent again: another attempt may help, and can do no harm.
pub(crate) fn is_retryable(method: &Method, error: &Error) -> bool {
    // What may be done twice without a difference.
    let repeatable = *method != Method::POST;
    match (error.kind(), error.status()) {
        // Nothing was sent.
        (ErrorKind::Connect, _) => !error.is_permanent(),
        (ErrorKind::Timeout | ErrorKind::Network, _) | (ErrorKind::Status, Some(408 | 500..=599)) => repeatable,
        // A write whose response says nothing is like one whose response was lost. A read that cannot be decoded stays so.
        (ErrorKind::Decode, _) => repeatable && *method != Method::GET,
        _ => false,
    }
}

/// How long to wait before the retry after so many attempts: any time up to a limit that doubles, so that clients which
/// failed together do not come back together.
pub(crate) fn backoff(attempts: u32) -> Duration {
    let limit = BASE.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(CAP);
    limit.mul_f64(fastrand::f64())
}

/// How many retries a client has left. Each takes from it and each success gives back a part, so that an outage, in which
/// nothing succeeds, is not multiplied.
pub(crate) struct Budget(Mutex<f64>);

impl Budget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(BUDGET))
    }

    /// Takes a retry, if one is left.
    pub(crate) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }

    /// Gives back for a success.
    pub(crate) fn refund(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + REFUND).min(BUDGET);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_spread_up_to_a_cap() {
        for (attempts, limit) in [(1, 250), (2, 500), (3, 1000), (6, 8000), (7, 8000), (40, 8000), (u32::MAX, 8000)] {
            let waits: Vec<_> = (0..1000).map(|_| backoff(attempts).as_millis()).collect();
            assert!(waits.iter().all(|wait| *wait <= limit), "{attempts}");
            assert!(waits.iter().any(|wait| *wait < limit / 4) && waits.iter().any(|wait| *wait > limit * 3 / 4));
        }
    }

    #[test]
    fn the_budget_ends_and_comes_back_with_success() {
        let budget = Budget::new();
        assert_eq!((0..100).filter(|_| budget.take()).count(), 20);
        (0..10).for_each(|_| budget.refund());
        assert!(!budget.take(), "ten successes pay for almost one retry");
        budget.refund();
        assert!(budget.take() && !budget.take());
    }
}
