//! [`Sandbox`]: a running sandbox and its settings.

mod batch_settings;
mod builder;
mod change_settings;
mod config;
mod limits;
mod store_settings;
mod token;

use std::{convert::Infallible, fmt, io, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use ecwid_coupons::{Client, types::Coupon};
use tokio::sync::{oneshot, watch};

use crate::{
    Delivery, Error, Fault, FaultReport, RecordedRequest, Webhook,
    app::App,
    checkout::{Order, PlacedOrder},
    http::problem::Problem,
};

pub use batch_settings::BatchSettings;
pub use builder::SandboxBuilder;
pub use change_settings::ChangeSettings;
pub use config::Config;
pub use limits::Limits;
pub use store_settings::StoreSettings;
pub use token::Token;

/// A running sandbox. Dropping it stops it in the background, like [`Sandbox::stop`].
///
/// Each sandbox has its own stores, so tests can run in parallel. A sandbox of [`Sandbox::start`] runs in the Tokio
/// runtime in which it was started. The runtime needs I/O and time, which `#[tokio::test]` enables. A sandbox of
/// [`Sandbox::spawn`] runs on a thread of its own, so several runtimes can use it.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons::types::{CouponStatus, NewCoupon};
/// # use ecwid_coupons_sandbox::Sandbox;
/// use ecwid_coupons::{EcwidDateTime, chrono::TimeDelta};
///
/// let sandbox = Sandbox::start().await?;
/// let coupons = sandbox.client()?;
/// let tomorrow = EcwidDateTime::from(sandbox.now() + TimeDelta::days(1));
/// coupons.create(&NewCoupon::percent("For a day", "DAY", 10).expiration_date(tomorrow)).await?;
///
/// sandbox.advance(TimeDelta::days(2))?;
/// assert_eq!(coupons.get("DAY").await?.status, Some(CouponStatus::Expired));
/// assert_eq!(sandbox.received_requests().len(), 2);
/// sandbox.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    pub(crate) app: Arc<App>,
    pub(crate) first: Token,
    pub(crate) base_url: String,
    pub(crate) stop: watch::Sender<bool>,
    /// Ends when the server has ended, and is then `None`.
    pub(crate) stopped: Option<oneshot::Receiver<Infallible>>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .field("store_id", &self.store_id())
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox in memory on a free port of this machine. The sandbox accepts requests when this function
    /// returns.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Listen`] if the sandbox cannot listen on a port.
    ///
    /// # Panics
    ///
    /// Panics outside of a Tokio runtime.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Starts a sandbox like [`Self::start`], but on a thread of its own. It needs no Tokio runtime.
    ///
    /// Use it for a sandbox that all tests of a program share, and for programs without async code. Each `#[tokio::test]`
    /// has its own runtime, which ends with the test, so a shared sandbox cannot run in one of them. The tests also share
    /// the coupons, so each should use its own codes, or its own store: see [`SandboxBuilder::add_token`].
    ///
    /// # Errors
    ///
    /// Returns [`Error::Listen`] if the sandbox cannot listen on a port, or [`Error::Thread`] if the system cannot create
    /// a thread.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::LazyLock;
    /// use ecwid_coupons::types::NewCoupon;
    /// use ecwid_coupons_sandbox::Sandbox;
    ///
    /// static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| Sandbox::spawn().expect("the sandbox starts"));
    ///
    /// // #[tokio::test]
    /// async fn a_coupon_is_created() {
    ///     let coupons = SANDBOX.client().unwrap();
    ///     coupons.create(&NewCoupon::new("First order", "FIRST")).await.unwrap();
    /// }
    ///
    /// // #[tokio::test]
    /// async fn an_unknown_coupon_is_not_found() {
    ///     let coupons = SANDBOX.client().unwrap();
    ///     assert!(coupons.get("NO-SUCH-CODE").await.unwrap_err().is_coupon_not_found());
    /// }
    /// # fn run(test: impl Future<Output = ()>) {
    /// #     tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    /// # }
    /// # run(a_coupon_is_created());
    /// # run(an_unknown_coupon_is_not_found());
    /// ```
    pub fn spawn() -> Result<Self, Error> {
        Self::builder().spawn()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// Returns the base URL for a client, such as `http://127.0.0.1:8025/api/v3`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the id of the first store.
    pub fn store_id(&self) -> i64 {
        self.first.store_id
    }

    /// Returns the ids of all stores.
    pub fn store_ids(&self) -> Vec<i64> {
        self.app.access.stores().into_iter().collect()
    }

    /// Returns the token of the first store.
    pub fn token(&self) -> &str {
        &self.first.token
    }

    /// Adds a token while the sandbox runs. Its store is created if it does not exist. [`Self::reset`] removes the token,
    /// and the store if it has no other token.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Setting`] if the token is not valid, or if it is already a token of the sandbox.
    ///
    /// # Example
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ecwid_coupons_sandbox::{Sandbox, Token};
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.add_token(Token::new(1004, "secret_other"))?;
    /// assert_eq!(sandbox.client_with("secret_other")?.search().count().await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_token(&self, token: Token) -> Result<(), Error> {
        self.app.add_token(token)
    }

    /// Returns a client of the first store. The rate limit of the client is the current limit of the sandbox; see
    /// [`SandboxBuilder::limits`].
    ///
    /// # Errors
    ///
    /// Returns an error if a client cannot use the token.
    pub fn client(&self) -> Result<Client, ecwid_coupons::Error> {
        self.client_with(self.token())
    }

    /// Returns a client with another token of the sandbox. It uses the store of the token, or the first store if the
    /// sandbox does not know the token.
    ///
    /// # Errors
    ///
    /// Returns an error if a client cannot use the token.
    pub fn client_with(&self, token: &str) -> Result<Client, ecwid_coupons::Error> {
        let store_id = self.app.access.find(token).map_or(self.store_id(), |token| token.store_id);
        let requests = self.limits().requests_per_minute.unwrap_or(u32::MAX);
        Client::builder(store_id, token)
            .base_url(self.base_url())
            .allow_http(true)
            .requests_per_minute(requests)
            .build()
    }

    /// Loads coupons into the first store, with their ids and dates. A coupon without an id gets a new one. If one
    /// coupon is refused, none is loaded.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Load`] if a coupon has no code, if its code or id is taken, or if its id is not from 1 to
    /// 999,999,999,999,999,999.
    pub async fn load(&self, coupons: impl IntoIterator<Item = Coupon>) -> Result<(), Error> {
        self.load_into(self.store_id(), coupons).await
    }

    /// Loads coupons into a store, like [`Self::load`].
    ///
    /// # Errors
    ///
    /// Returns [`Error::Load`] if the store does not exist, or for the reasons of [`Self::load`].
    pub async fn load_into(&self, store_id: i64, coupons: impl IntoIterator<Item = Coupon>) -> Result<(), Error> {
        if !self.app.access.has_store(store_id) {
            return Err(Error::Load(format!("unknown store: `{store_id}`")));
        }
        let coupons: Vec<_> = coupons.into_iter().collect();
        let store = self.app.database.for_store(store_id);
        let done = store.write_much(move |store| coupons.into_iter().try_for_each(|coupon| store.load_coupon(coupon)));
        done.await.map_err(Problem::into_load_error)
    }

    /// Loads a dump of [`Self::dump`], or coupons as a JSON array or as JSON Lines. If one entry is refused, none is
    /// loaded.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Load`] if the source is not UTF-8, larger than 1 GiB or not valid, or for the reasons of
    /// [`Self::load`]. The range of ids also applies to order numbers and to the last id.
    pub async fn load_json(&self, source: impl io::Read + Send + 'static) -> Result<(), Error> {
        let done = self.app.load(io::BufReader::new(source)).await;
        done.map_err(Problem::into_load_error)
    }

    /// Writes the current contents of all stores as JSON: coupons with their ids and dates, orders, and deletions.
    /// [`Self::load_json`] and [`SandboxBuilder::load`] read it. The dump is streamed, so its size does not affect
    /// memory.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Dump`] if the stores cannot be read or `out` cannot be written.
    pub async fn dump(&self, out: &mut impl io::Write) -> Result<(), Error> {
        let mut dump = self.app.dump();
        let mut written = Ok(());
        while let Some(part) = dump.next().await {
            let part = part.map_err(|problem| io::Error::other(problem.into_message()));
            written = part.and_then(|part| out.write_all(&part));
            if written.is_err() {
                break;
            }
        }
        // A sandbox that is stopped now can then close its database.
        dump.end().await;
        written.map_err(Error::Dump)
    }

    /// Returns to the initial state: the seeded and loaded coupons, and the initial tokens, limits, faults and webhook. Orders,
    /// deletions, batches and recorded requests are removed, the clock returns to the system time, and ids start from
    /// the beginning.
    ///
    /// Coupons that were in the database file before the sandbox started are removed too.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Load`] if the file of coupons can no longer be loaded. The stores are then unchanged, and
    /// everything else is reset.
    pub async fn reset(&self) -> Result<(), Error> {
        self.app.reset().await
    }

    /// Returns the last requests with their responses, the oldest first: at most 1000 requests and 4 MiB. A request is
    /// recorded after the sandbox has responded to it.
    pub fn received_requests(&self) -> Vec<RecordedRequest> {
        self.app.journal.last(usize::MAX)
    }

    /// Removes the recorded requests, so [`Self::received_requests`] returns only later ones.
    pub fn clear_requests(&self) {
        self.app.journal.clear();
    }

    /// Places an order, and returns its total and whether its coupon applied.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Order`] if the store does not exist or an item is not valid. A coupon that does not apply is
    /// not an error; see [`PlacedOrder::reason`].
    pub async fn place_order(&self, order: Order) -> Result<PlacedOrder, Error> {
        let placed = self.app.place_order(order).await;
        placed.map_err(|problem| Error::Order(problem.into_message()))
    }

    /// Returns the rate limits.
    pub fn limits(&self) -> Limits {
        self.app.rate_limit.limits()
    }

    /// Sets the rate limits, and resets the counted requests.
    pub fn set_limits(&self, limits: Limits) {
        self.app.rate_limit.set(limits);
    }

    /// Sets the URL that receives events about created, updated and deleted coupons. `None` disables events.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Setting`] if the URL is not an `http` URL.
    pub fn set_webhook(&self, webhook: Option<Webhook>) -> Result<(), Error> {
        self.app.webhooks.set(webhook)
    }

    /// Returns the last 1000 events, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.app.webhooks.deliveries()
    }

    /// Waits until no event is pending.
    pub async fn deliveries_settled(&self) {
        self.app.webhooks.settled().await;
    }

    /// Adds a fault after the existing ones.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Setting`] if the fault is not valid, for example because its operation does not exist.
    pub fn add_fault(&self, fault: Fault) -> Result<(), Error> {
        self.app.faults.add(vec![fault])
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Removes the fault with this id (see [`Self::faults`]), and returns whether it existed.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.app.faults.remove(id)
    }

    /// Returns the faults, and how often each fired.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.app.faults.report()
    }

    /// Returns the time of the sandbox. It is the system time until it is set or moved.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Stops the clock of the sandbox at a time. [`Self::advance`] moves it.
    ///
    /// The clock determines which coupons are expired or launched, and the dates that the store writes. Rate limits and
    /// timeouts use the system time.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Setting`] if the year is not from 1970 to 9999.
    pub fn set_time(&self, time: DateTime<Utc>) -> Result<(), Error> {
        self.app.clock.set(time).map_err(|error| Error::Setting(error.to_string()))
    }

    /// Moves the clock forward, or back if `by` is negative, and returns the new time.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Setting`] if the year would not be from 1970 to 9999.
    pub fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, Error> {
        self.app.clock.advance(by).map_err(|error| Error::Setting(error.to_string()))
    }

    /// Returns the clock to the system time.
    pub fn reset_time(&self) {
        self.app.clock.reset();
    }

    /// Waits until the sandbox has stopped.
    pub async fn stopped(&mut self) {
        if let Some(stopped) = &mut self.stopped {
            let _ = stopped.await;
            self.stopped = None;
        }
    }

    /// Stops the sandbox. It refuses new requests, and requests in progress have two seconds to finish.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        self.stopped().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Aborting the task instead would leave open connections.
        let _ = self.stop.send(true);
    }
}
