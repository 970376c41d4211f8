//! The rate limiter: sends no more requests than the store allows, and none while the store asks for a pause.
//!
//! Ecwid allows 600 requests in any 60 seconds for a token, and blocks a token longer if it sends more. Requests
//! are sent at full speed until the window is full, and then as fast as it empties.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until, timeout},
};

use crate::transport::own_task::in_own_task;

/// The period of the limit.
const WINDOW: Duration = Duration::from_secs(60);

/// The longest pause. A server may ask for years by mistake, so a single request tests the server after this time.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// How long other requests wait for the one that tests the store after a pause. It takes longer only if its caller does
/// not poll it.
const LONGEST_PROBE: Duration = Duration::from_secs(30);

/// The documented limit of requests in any 60 seconds for a token.
pub(crate) const DOCUMENTED_LIMIT: u32 = 600;

/// The rate limiter of all clones of a client.
pub(crate) struct RateLimiter {
    /// The maximum number of requests in a window, if there is a limit.
    limit: Option<usize>,
    state: Mutex<State>,
    /// Notified when a request is finished.
    done: Notify,
    /// Held by the next request, so that requests are sent in order.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// The number of requests in progress.
    open: usize,
    /// When the requests of the last window finished, oldest first.
    ///
    /// A request counts from its start until 60 seconds after its end. The store counts it from some time in between,
    /// so the client never exceeds the limit.
    done: VecDeque<Instant>,
    /// No request is sent before this time.
    paused_until: Option<Instant>,
    /// When the single request that is testing the store after a pause was sent.
    probe: Option<Instant>,
}

/// The permission to send a request. It is dropped when the request is finished.
pub(crate) struct Permit {
    rate_limiter: Arc<RateLimiter>,
    /// Whether this is the request that tests the store after a pause.
    is_probe: bool,
}

impl RateLimiter {
    /// Returns a limiter for this many requests in any 60 seconds. The maximum number disables the limit.
    pub(crate) fn new(limit: u32) -> Arc<Self> {
        Arc::new(Self {
            limit: usize::try_from(limit).ok().filter(|_| limit != u32::MAX),
            state: Mutex::default(),
            done: Notify::new(),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    /// Returns a limiter with the same limit for requests with another token.
    pub(crate) fn for_another_token(&self) -> Arc<Self> {
        Self::new(self.limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(u32::MAX))
    }

    /// Returns the maximum number of requests in a window, if there is a limit.
    pub(crate) fn limit(&self) -> Option<usize> {
        self.limit
    }

    /// Returns a permit if no wait is required.
    pub(crate) fn try_acquire(self: &Arc<Self>) -> Option<Permit> {
        // Waiting requests go first.
        let _turn = self.turn.try_lock().ok()?;
        self.try_permit().ok()
    }

    /// Waits until a request may be sent.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Permit {
        let rate_limiter = Arc::clone(self);
        in_own_task(async move { rate_limiter.wait().await }).await
    }

    async fn wait(self: &Arc<Self>) -> Permit {
        let _turn = self.turn.lock().await;
        loop {
            let done = self.done.notified();
            match self.try_permit() {
                Ok(permit) => return permit,
                Err(Some(until)) => sleep_until(until).await,
                // All requests of the window are in progress, or one tests the store. The end of one starts the time to
                // wait for.
                Err(None) => drop(timeout(LONGEST_PROBE, done).await),
            }
        }
    }

    /// Returns a permit, or the time to wait for.
    fn try_permit(self: &Arc<Self>) -> Result<Permit, Option<Instant>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.room(&mut state)?;
        state.open += 1;
        // The first request after a pause is sent alone.
        state.probe = state.paused_until.take().map(|_| Instant::now());
        Ok(Permit { rate_limiter: Arc::clone(self), is_probe: state.probe.is_some() })
    }

    /// Checks whether a request may be sent. Returns the time to wait for, if it is known.
    fn room(&self, state: &mut State) -> Result<(), Option<Instant>> {
        if self.limit.is_none() && state.paused_until.is_none() && state.probe.is_none() {
            return Ok(());
        }
        let now = Instant::now();
        if state.probe.is_some_and(|sent| now < sent + LONGEST_PROBE) {
            return Err(None);
        }
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Err(Some(until));
        }
        let Some(limit) = self.limit else { return Ok(()) };
        while state.done.front().is_some_and(|done| *done + WINDOW <= now) {
            state.done.pop_front();
        }
        if state.open + state.done.len() < limit { Ok(()) } else { Err(state.done.front().map(|done| *done + WINDOW)) }
    }

    /// Returns the minimum wait of a new request. `None` if it need not wait.
    pub(crate) fn time_until_ready(&self) -> Option<Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = self.room(&mut state).err().flatten()?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// Pauses all requests as the store asks, for at most [`LONGEST_PAUSE`]. Then a single request tests the store.
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
            state.probe = None;
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

    /// Returns the maximum and minimum number of requests in any window within the run.
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
    async fn the_longer_pause_counts() {
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
    async fn one_request_tests_the_store_after_a_pause() {
        for limit in [DOCUMENTED_LIMIT, u32::MAX] {
            let rate_limiter = RateLimiter::new(limit);
            rate_limiter.pause(Duration::from_secs(30));
            let probe = rate_limiter.acquire().await;
            // The others wait for it.
            let mut second = Box::pin(rate_limiter.acquire());
            assert!(futures_util::FutureExt::now_or_never(&mut second).is_none());
            // The store refused it.
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
    async fn without_a_limit_a_pause_still_applies() {
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
    async fn waiting_requests_go_first() {
        let rate_limiter = RateLimiter::new(1);
        let first = rate_limiter.try_acquire().unwrap();
        let mut second = Box::pin(rate_limiter.acquire());
        assert!(futures_util::FutureExt::now_or_never(&mut second).is_none());
        drop(first);
        tokio::time::advance(WINDOW).await;
        // The window has room again, but the second request goes first.
        assert!(rate_limiter.try_acquire().is_none());
        drop(second.await);
    }

    #[tokio::test(start_paused = true)]
    async fn an_abandoned_request_frees_its_slot() {
        let rate_limiter = RateLimiter::new(2);
        let (one, two) = (rate_limiter.acquire().await, rate_limiter.acquire().await);
        // Once while all requests of the window are in progress, and once while the window is full.
        for _ in 0..2 {
            let waiting = timeout(Duration::from_secs(1), rate_limiter.acquire()).await;
            assert!(waiting.is_err());
        }
        drop((one, two));
        let start = Instant::now();
        drop(timeout(Duration::from_secs(61), rate_limiter.acquire()).await.unwrap());
        assert_eq!(start.elapsed(), WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_not_polled_blocks_no_other() {
        let rate_limiter = RateLimiter::new(2);
        let open = [rate_limiter.acquire().await, rate_limiter.acquire().await];
        let mut unpolled = std::pin::pin!(rate_limiter.acquire());
        // Polled once.
        assert!(timeout(Duration::ZERO, &mut unpolled).await.is_err());
        let other = rate_limiter.acquire();
        drop(open);
        // The first wait gets one of both permits, although its caller does not come for it.
        let _other = timeout(WINDOW * 2, other).await.expect("the other request is sent");
        assert!(timeout(Duration::ZERO, unpolled).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_is_not_polled_blocks_the_others_for_a_while() {
        for limit in [10, u32::MAX] {
            let rate_limiter = RateLimiter::new(limit);
            rate_limiter.pause(Duration::from_secs(10));
            let _probe = rate_limiter.acquire().await;
            let start = Instant::now();
            let _other = rate_limiter.acquire().await;
            assert_eq!(start.elapsed(), LONGEST_PROBE);
            assert!(rate_limiter.try_acquire().is_some());
        }
    }
}
