//! The rate limiter: no more requests than the store allows, and none at all while it says to wait.
//!
//! The store allows 600 requests in any 60 seconds for a token, and blocks a token that calls on for longer. So requests
//! go out at full speed until the window is full, and from then on exactly as fast as it empties.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// The time that the limit is for.
const WINDOW: Duration = Duration::from_secs(60);

/// The longest time that no request goes out. A server can ask for years by mistake; after this, one request finds out.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// How many requests a token may send in any 60 seconds, by the vendor's documentation.
pub(crate) const DOCUMENTED_LIMIT: u32 = 600;

/// The pace of all clones of a client.
pub(crate) struct RateLimiter {
    /// The most requests in a window, where there is a limit.
    limit: Option<usize>,
    state: Mutex<State>,
    /// Told when a request is done, for those that wait while none is.
    done: Notify,
    /// Held by the request whose turn it is, so that they go out in the order they came.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// Requests under way.
    open: usize,
    /// When those of the last window were done, oldest first.
    ///
    /// A request counts from when it is sent until a window after it is done: the store counts it from some time in
    /// between, so that this is never more than the store would allow.
    done: VecDeque<Instant>,
    /// The store wants no request before this.
    paused_until: Option<Instant>,
    /// Whether the pause is over and one request finds out whether the store takes any again.
    is_probing: bool,
}

/// A request that may be sent. Dropping it says that it is done.
pub(crate) struct Permit {
    rate_limiter: Arc<RateLimiter>,
    /// Whether it is the one request after a pause.
    is_probe: bool,
}

impl RateLimiter {
    /// A pace of so many requests in any 60 seconds; the highest number is no limit, and nothing is kept for one.
    pub(crate) fn new(limit: u32) -> Arc<Self> {
        Arc::new(Self {
            limit: usize::try_from(limit).ok().filter(|_| limit != u32::MAX),
            state: Mutex::default(),
            done: Notify::new(),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    /// A permit for a request that need not wait.
    pub(crate) fn try_acquire(self: &Arc<Self>) -> Option<Permit> {
        // No request goes out before one that waits already.
        let _turn = self.turn.try_lock().ok()?;
        self.try_permit().ok()
    }

    /// Waits until a request may be sent.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Permit {
        let _turn = self.turn.lock().await;
        loop {
            let done = self.done.notified();
            match self.try_permit() {
                Ok(permit) => return permit,
                Err(Some(until)) => sleep_until(until).await,
                // All of the window is under way; a request that is done brings no room, but a time to wait for.
                Err(None) => done.await,
            }
        }
    }

    /// A permit, or the time to wait until.
    fn try_permit(self: &Arc<Self>) -> Result<Permit, Option<Instant>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.room(&mut state)?;
        state.open += 1;
        // The first one after a pause goes alone.
        state.is_probing = state.paused_until.take().is_some();
        Ok(Permit { rate_limiter: Arc::clone(self), is_probe: state.is_probing })
    }

    /// Whether there is room for a request, or the time when there may be some.
    fn room(&self, state: &mut State) -> Result<(), Option<Instant>> {
        if state.is_probing {
            return Err(None);
        }
        if self.limit.is_none() && state.paused_until.is_none() {
            return Ok(());
        }
        let now = Instant::now();
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Err(Some(until));
        }
        let Some(limit) = self.limit else { return Ok(()) };
        while state.done.front().is_some_and(|done| *done + WINDOW <= now) {
            state.done.pop_front();
        }
        if state.open + state.done.len() < limit { Ok(()) } else { Err(state.done.front().map(|done| *done + WINDOW)) }
    }

    /// The shortest time that a request made now would wait, or none if it would not wait.
    pub(crate) fn time_until_ready(&self) -> Option<Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = self.room(&mut state).err().flatten()?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// Lets no request out for so long, since the store asked for it, but not for longer than [`LONGEST_PAUSE`]. Then one
    /// request goes out, and the others when it is done.
    pub(crate) fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_PAUSE);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.paused_until = state.paused_until.max(Some(until));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.rate_limiter.limit.is_none() && !self.is_probe {
            return;
        }
        let mut state = self.rate_limiter.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_probe {
            state.is_probing = false;
        }
        if self.rate_limiter.limit.is_some() {
            state.open -= 1;
            state.done.push_back(Instant::now());
        }
        drop(state);
        self.rate_limiter.done.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most and the fewest requests in any window that lies within the run.
    fn extremes(sent: &[Instant]) -> (usize, usize) {
        let last = *sent.last().unwrap();
        let before = |time: Instant| sent.partition_point(|at| *at < time);
        let within = |at: usize| before(sent[at] + WINDOW) - before(sent[at]);
        let most = (0..sent.len()).map(within).max().unwrap();
        let full = (0..sent.len()).filter(|from| sent[*from] + WINDOW <= last).map(within).min().unwrap();
        (most, full)
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_window_empties_as_it_filled() {
        for latency in [0, 50, 900] {
            let rate_limiter = RateLimiter::new(DOCUMENTED_LIMIT);
            let tasks = (0..10_000).map(|_| {
                let rate_limiter = Arc::clone(&rate_limiter);
                tokio::spawn(async move {
                    let _permit = rate_limiter.acquire().await;
                    let sent = Instant::now();
                    tokio::time::sleep(Duration::from_millis(latency)).await;
                    sent
                })
            });
            let mut sent = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                sent.push(task.await.unwrap());
            }
            sent.sort();
            let (most, fewest) = extremes(&sent);
            assert!(most <= 600 && fewest >= 590, "{latency} ms: {most}, {fewest}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn short_jobs_are_not_slowed_down() {
        let rate_limiter = RateLimiter::new(DOCUMENTED_LIMIT);
        let start = Instant::now();
        for _ in 0..600 {
            drop(rate_limiter.acquire().await);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(rate_limiter.acquire().await);
        assert_eq!(start.elapsed(), WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_all_and_the_longer_one_counts() {
        let rate_limiter = RateLimiter::new(DOCUMENTED_LIMIT);
        let start = Instant::now();
        rate_limiter.pause(Duration::from_secs(30));
        rate_limiter.pause(Duration::from_secs(5));
        assert_eq!(rate_limiter.time_until_ready(), Some(Duration::from_secs(30)));
        drop(rate_limiter.acquire().await);
        assert_eq!(start.elapsed(), Duration::from_secs(30));
        assert_eq!(rate_limiter.time_until_ready(), None);
        rate_limiter.pause(Duration::MAX);
        assert_eq!(rate_limiter.time_until_ready(), Some(LONGEST_PAUSE));
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_finds_out_whether_a_pause_is_over() {
        for limit in [DOCUMENTED_LIMIT, u32::MAX] {
            let rate_limiter = RateLimiter::new(limit);
            rate_limiter.pause(Duration::from_secs(30));
            let probe = rate_limiter.acquire().await;
            // The others wait for it.
            let mut second = Box::pin(rate_limiter.acquire());
            assert!(futures_util::FutureExt::now_or_never(&mut second).is_none());
            // It was refused again.
            rate_limiter.pause(Duration::from_secs(20));
            drop(probe);
            let start = Instant::now();
            let second = second.await;
            assert_eq!(start.elapsed(), Duration::from_secs(20));
            assert!(rate_limiter.try_acquire().is_none());
            drop(second);
            let _all = [rate_limiter.try_acquire().unwrap(), rate_limiter.try_acquire().unwrap()];
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_is_kept_and_a_pause_holds_all_the_same() {
        let rate_limiter = RateLimiter::new(u32::MAX);
        for _ in 0..10_000 {
            drop(rate_limiter.try_acquire().unwrap());
        }
        assert_eq!(rate_limiter.state.lock().unwrap().done.capacity(), 0);
        let start = Instant::now();
        rate_limiter.pause(Duration::from_secs(30));
        assert!(rate_limiter.try_acquire().is_none());
        drop(rate_limiter.acquire().await);
        assert_eq!(start.elapsed(), Duration::from_secs(30));
        assert!(rate_limiter.try_acquire().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn no_request_goes_before_one_that_waits() {
        let rate_limiter = RateLimiter::new(1);
        let first = rate_limiter.try_acquire().unwrap();
        let mut second = Box::pin(rate_limiter.acquire());
        assert!(futures_util::FutureExt::now_or_never(&mut second).is_none());
        drop(first);
        tokio::time::advance(WINDOW).await;
        // There is room now, and it is the second's.
        assert!(rate_limiter.try_acquire().is_none());
        drop(second.await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_given_up_leaves_no_hole() {
        let rate_limiter = RateLimiter::new(2);
        let (one, two) = (rate_limiter.acquire().await, rate_limiter.acquire().await);
        // Gives up while all of the window is under way, and again while it is full.
        for _ in 0..2 {
            let waiting = tokio::time::timeout(Duration::from_secs(1), rate_limiter.acquire()).await;
            assert!(waiting.is_err());
        }
        drop((one, two));
        let start = Instant::now();
        drop(tokio::time::timeout(Duration::from_secs(61), rate_limiter.acquire()).await.unwrap());
        assert_eq!(start.elapsed(), WINDOW);
    }
}
