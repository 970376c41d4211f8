//! [`RateLimit`]: the rate limit of each token.
//!
//! It uses the system time, because clients do, and because the clock of the sandbox can be stopped.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use tokio::time::Instant;

use crate::{Limits, lock::lock, rule::Rule};

const WINDOW: Duration = Duration::from_secs(60);

/// The rate limits and the requests of all tokens.
pub(crate) struct RateLimit(Mutex<State>);

struct State {
    limits: Limits,
    usage: BTreeMap<String, Usage>,
}

/// The requests of a token.
#[derive(Default)]
struct Usage {
    /// The accepted requests of the last 60 seconds, the oldest first.
    accepted: VecDeque<Instant>,
    /// The requests of the last 60 seconds that were refused during a block.
    refused: VecDeque<Instant>,
    /// The number of refused requests in the current block and in the blocks directly before it.
    refused_in_all: u32,
    blocked_until: Option<Instant>,
}

impl RateLimit {
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Mutex::new(State { limits, usage: BTreeMap::new() }))
    }

    pub(crate) fn limits(&self) -> Limits {
        lock(&self.0).limits
    }

    /// Sets the limits, and resets the counted requests.
    pub(crate) fn set(&self, limits: Limits) {
        *lock(&self.0) = State { limits, usage: BTreeMap::new() };
    }

    /// Counts a request of a token. The error is the number of whole seconds to wait.
    pub(crate) fn count(&self, token: &str) -> Result<(), u64> {
        let mut state = lock(&self.0);
        let limits = state.limits;
        let Some(limit) = limits.requests_per_minute else { return Ok(()) };
        let usage = state.usage.entry(token.to_owned()).or_default();
        usage.count(Instant::now(), limit, limits)
    }
}

impl Usage {
    fn count(&mut self, now: Instant, limit: u32, limits: Limits) -> Result<(), u64> {
        if let Some(until) = self.blocked_until.filter(|until| *until > now) {
            return Err(seconds(self.refuse(now, until, limits) - now));
        }
        leave(&mut self.accepted, now);
        if self.accepted.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
            self.accepted.push_back(now);
            self.blocked_until = None;
            self.refused_in_all = 0;
            return Ok(());
        }
        Rule::RequestsAreLimited.trace();
        // With a limit of 0, no request is ever accepted.
        let until = self.accepted.front().map_or(now + WINDOW, |oldest| *oldest + WINDOW);
        self.blocked_until = Some(until);
        Err(seconds(until - now))
    }

    /// Counts a request during a block, and returns the end of the block. Too many requests extend it.
    fn refuse(&mut self, now: Instant, until: Instant, limits: Limits) -> Instant {
        leave(&mut self.refused, now);
        self.refused.push_back(now);
        self.refused_in_all = self.refused_in_all.saturating_add(1);
        let in_window = u32::try_from(self.refused.len()).unwrap_or(u32::MAX);
        let is_too_many =
            in_window > limits.requests_per_minute_while_blocked || self.refused_in_all > limits.requests_while_blocked;
        if !is_too_many {
            return until;
        }
        Rule::CallingOnBlocksForLonger.trace();
        let until = until.max(now + Duration::from_secs(limits.longer_block_seconds.into()));
        self.blocked_until = Some(until);
        until
    }
}

/// Returns a duration in whole seconds, rounded up.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Removes the requests from before the last 60 seconds.
fn leave(times: &mut VecDeque<Instant>, now: Instant) {
    while times.front().is_some_and(|time| *time + WINDOW <= now) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    /// Returns the seconds to wait, or `None` if the request was accepted.
    fn wait(limit: &RateLimit, token: &str) -> Option<u64> {
        limit.count(token).err()
    }

    #[tokio::test(start_paused = true)]
    async fn the_window_slides() {
        let limit = RateLimit::new(Limits::default().requests_per_minute(2));
        assert_eq!(wait(&limit, "a"), None);
        advance(Duration::from_millis(30_500)).await;
        assert_eq!(wait(&limit, "a"), None);
        assert_eq!(wait(&limit, "a"), Some(30), "half a second is rounded up");
        assert_eq!(wait(&limit, "b"), None, "each token is counted separately");
        advance(Duration::from_secs(30)).await;
        assert_eq!(wait(&limit, "a"), None);
        assert_eq!(wait(&limit, "a"), Some(30));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_while_blocked_extend_the_block() {
        let limit = RateLimit::new(Limits::default().requests_per_minute(1));
        assert_eq!(wait(&limit, "a"), None);
        // The first request is refused and starts the block. The next 20 are within the limit of a blocked token.
        for _ in 0..21 {
            assert_eq!(wait(&limit, "a"), Some(60));
        }
        assert_eq!(wait(&limit, "a"), Some(600));
        advance(Duration::from_secs(599)).await;
        assert_eq!(wait(&limit, "a"), Some(1));
        advance(Duration::from_secs(1)).await;
        assert_eq!(wait(&limit, "a"), None, "the block has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn slow_requests_while_blocked_extend_the_block() {
        let mut limits = Limits::default().requests_per_minute(1);
        limits.requests_while_blocked = 30;
        limits.requests_per_minute_while_blocked = 3;
        limits.longer_block_seconds = 100_000;
        let limit = RateLimit::new(limits);
        assert_eq!(wait(&limit, "a"), None);
        let mut longest = 0;
        for _ in 0..40 {
            advance(Duration::from_secs(25)).await;
            longest = longest.max(wait(&limit, "a").unwrap_or_default());
        }
        assert!(longest <= 60, "three requests per minute, and fewer than 30 in each block: {longest}");
        limits.requests_while_blocked = 1;
        limit.set(limits);
        for expected in [None, Some(60), Some(60), Some(100_000)] {
            assert_eq!(wait(&limit, "a"), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn limits_can_be_disabled() {
        let limit = RateLimit::new(Limits::none());
        assert!((0..10_000).all(|_| wait(&limit, "a").is_none()));
        limit.set(Limits::default().requests_per_minute(0));
        assert_eq!(wait(&limit, "a"), Some(60));
    }
}
