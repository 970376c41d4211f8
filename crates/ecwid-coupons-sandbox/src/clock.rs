//! [`Clock`]: the one time of a sandbox, which tests can set and move.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

use crate::lock::lock;

/// The time of a sandbox: that of the machine, some way off it, or one that stands still.
///
/// What a store does by date goes by it. What a client waits for goes by the machine's: the limit of requests, and how long a
/// connection may take.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<ClockState>>);

#[derive(Clone, Copy)]
enum ClockState {
    /// So far from the time of the machine.
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

/// A time that no coupon could have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clock of the sandbox goes from the year 1970 to 9999, and this would be outside")]
pub(crate) struct OutOfRange;

impl Clock {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        lock(&self.0).now()
    }

    /// Whether the time stands still.
    pub(crate) fn is_stopped(&self) -> bool {
        matches!(*lock(&self.0), ClockState::Stopped(_))
    }

    /// Stops the clock at a time.
    pub(crate) fn set(&self, time: DateTime<Utc>) -> Result<(), OutOfRange> {
        let time = in_range(Some(time))?;
        *lock(&self.0) = ClockState::Stopped(time);
        Ok(())
    }

    /// Moves the time on, or back where it is negative; a clock that runs runs on.
    pub(crate) fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, OutOfRange> {
        let mut state = lock(&self.0);
        let time = in_range(state.now().checked_add_signed(by))?;
        *state = match *state {
            ClockState::Running(offset) => ClockState::Running(offset + by),
            ClockState::Stopped(_) => ClockState::Stopped(time),
        };
        Ok(time)
    }

    /// Goes back to the time of the machine.
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
    fn a_clock_stops_where_it_is_set_and_moves_when_told() {
        let clock = Clock::default();
        let start: DateTime<Utc> = "2024-02-28T12:00:00Z".parse().unwrap();
        clock.set(start).unwrap();
        assert_eq!((clock.now(), clock.is_stopped()), (start, true));
        assert_eq!(clock.advance(TimeDelta::days(2)).unwrap().to_string(), "2024-03-01 12:00:00 UTC");
        assert_eq!(clock.advance(TimeDelta::days(-2)).unwrap(), start);
        assert_eq!(clock.advance(TimeDelta::MAX), Err(OutOfRange));
        assert_eq!(clock.advance(TimeDelta::days(-365 * 60)), Err(OutOfRange));
        assert_eq!(clock.set(DateTime::<Utc>::MAX_UTC), Err(OutOfRange));
        assert_eq!(clock.now(), start, "what is refused changes nothing");
        clock.reset();
        assert!(!clock.is_stopped() && clock.now() > start);
    }

    #[test]
    fn a_running_clock_runs_on_when_moved() {
        let clock = Clock::default();
        let before = clock.now();
        let moved = clock.advance(TimeDelta::days(8)).unwrap();
        assert!(moved - before >= TimeDelta::days(8) && !clock.is_stopped());
        assert!(clock.now() >= moved);
        assert_eq!(clock.advance(TimeDelta::MAX), Err(OutOfRange));
    }
}
