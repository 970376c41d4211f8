//! [`Clock`]: the time of the sandbox, which tests can set and move.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

use crate::lock::lock;

/// The time of the sandbox: the system time, the system time plus an offset, or a fixed time.
///
/// The clock determines the dates of coupons and their status. Rate limits and timeouts use the system time.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<ClockState>>);

#[derive(Clone, Copy)]
enum ClockState {
    /// The offset from the system time.
    Running(TimeDelta),
    Stopped(DateTime<Utc>),
}

impl Default for ClockState {
    fn default() -> Self {
        Self::Running(TimeDelta::zero())
    }
}

impl ClockState {
    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running(offset) => Utc::now().checked_add_signed(offset).unwrap_or(DateTime::<Utc>::MAX_UTC),
            Self::Stopped(at) => at,
        }
    }
}

/// The error for a time outside of the supported years.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("time out of range (expected a year from 1970 to 9999)")]
pub(crate) struct OutOfRange;

impl Clock {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        lock(&self.0).now()
    }

    /// Returns whether the clock is stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        matches!(*lock(&self.0), ClockState::Stopped(_))
    }

    /// Stops the clock at a time.
    pub(crate) fn set(&self, time: DateTime<Utc>) -> Result<(), OutOfRange> {
        let time = in_range(Some(time))?;
        *lock(&self.0) = ClockState::Stopped(time);
        Ok(())
    }

    /// Moves the time forward, or back if `by` is negative. A running clock keeps running.
    pub(crate) fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, OutOfRange> {
        let mut state = lock(&self.0);
        let time = in_range(state.now().checked_add_signed(by))?;
        *state = match *state {
            ClockState::Running(offset) => ClockState::Running(offset + by),
            ClockState::Stopped(_) => ClockState::Stopped(time),
        };
        Ok(time)
    }

    /// Returns to the system time.
    pub(crate) fn reset(&self) {
        *lock(&self.0) = ClockState::default();
    }
}

fn in_range(time: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, OutOfRange> {
    time.filter(|time| (1970..=9999).contains(&time.year())).ok_or(OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_can_be_moved() {
        let clock = Clock::default();
        let start: DateTime<Utc> = "2024-02-28T12:00:00Z".parse().unwrap();
        clock.set(start).unwrap();
        assert_eq!((clock.now(), clock.is_stopped()), (start, true));
        assert_eq!(clock.advance(TimeDelta::days(2)).unwrap().to_string(), "2024-03-01 12:00:00 UTC");
        assert_eq!(clock.advance(TimeDelta::days(-2)).unwrap(), start);
        assert_eq!(clock.advance(TimeDelta::MAX), Err(OutOfRange));
        assert_eq!(clock.advance(TimeDelta::days(-365 * 60)), Err(OutOfRange));
        assert_eq!(clock.set(DateTime::<Utc>::MAX_UTC), Err(OutOfRange));
        assert_eq!(clock.now(), start, "a refused change has no effect");
        clock.reset();
        assert!(!clock.is_stopped() && clock.now() > start);
    }

    #[test]
    fn a_running_clock_keeps_running_when_moved() {
        let clock = Clock::default();
        let before = clock.now();
        let moved = clock.advance(TimeDelta::days(8)).unwrap();
        assert!(moved - before >= TimeDelta::days(8) && !clock.is_stopped());
        assert!(clock.now() >= moved);
        assert_eq!(clock.advance(TimeDelta::MAX), Err(OutOfRange));
    }
}
