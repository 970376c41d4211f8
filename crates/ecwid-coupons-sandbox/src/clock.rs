//! [`Clock`]: the one time of a sandbox, which tests can set and move.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

/// The time of a sandbox: that of the machine, some way off it, or one that stands still.
///
/// What a store does by date goes by it. What a client waits for goes by the machine's: the limit of requests, and how long a
/// connection may take.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<Hands>>);

#[derive(Clone, Copy)]
enum Hands {
    /// So far from the time of the machine.
    Running(TimeDelta),
    Stopped(DateTime<Utc>),
}

impl Default for Hands {
    fn default() -> Self {
        Self::Running(TimeDelta::zero())
    }
}

impl Hands {
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
        self.hands(|hands| hands.now())
    }

    /// Whether the time stands still.
    pub(crate) fn is_stopped(&self) -> bool {
        self.hands(|hands| matches!(hands, Hands::Stopped(_)))
    }

    /// Stops the clock at a time.
    pub(crate) fn set(&self, time: DateTime<Utc>) -> Result<(), OutOfRange> {
        let time = in_range(Some(time))?;
        self.hands(|hands| *hands = Hands::Stopped(time));
        Ok(())
    }

    /// Moves the time on, or back where it is negative; a clock that runs runs on.
    pub(crate) fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, OutOfRange> {
        self.hands(|hands| {
            let time = in_range(hands.now().checked_add_signed(by))?;
            *hands = match *hands {
                Hands::Running(offset) => Hands::Running(offset + by),
                Hands::Stopped(_) => Hands::Stopped(time),
            };
            Ok(time)
        })
    }

    /// Goes back to the time of the machine.
    pub(crate) fn reset(&self) {
        self.hands(|hands| *hands = Hands::default());
    }

    fn hands<T>(&self, use_them: impl FnOnce(&mut Hands) -> T) -> T {
        use_them(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
