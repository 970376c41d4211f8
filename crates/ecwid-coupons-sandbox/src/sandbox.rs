//! [`Sandbox`]: a running sandbox, and how one is set up.

mod builder;
mod config;
mod limits;
mod token;

use std::{fmt, io, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use ecwid_coupons::{Client, types::Coupon};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    Delivery, Error, Fault, FaultReport, RecordedRequest, Webhook,
    app::App,
    checkout::{Order, PlacedOrder},
};

pub use builder::SandboxBuilder;
pub use config::Config;
pub use limits::Limits;
pub use token::Token;

/// A running sandbox. Dropping it stops it in the background, as [`Sandbox::stop`] does.
///
/// Each has stores of its own, so that tests run beside each other. It lives in the Tokio runtime that it was started in, which
/// needs I/O and time; `#[tokio::test]` has both.
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
    /// Nothing once it has been waited for.
    pub(crate) server: Option<JoinHandle<()>>,
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
    /// Starts a sandbox in memory on a free port of this machine. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// When no port can be listened on.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Settings for a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// The address for a client, such as `http://127.0.0.1:8025/api/v3`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The store it serves; the first one where it serves several.
    pub fn store_id(&self) -> i64 {
        self.first.store_id
    }

    /// The token it takes; the first one where it takes several.
    pub fn token(&self) -> &str {
        &self.first.token
    }

    /// A client of its store, which sends as many requests as the sandbox takes now; see [`SandboxBuilder::limits`].
    ///
    /// # Errors
    ///
    /// When its token is one that no client takes.
    pub fn client(&self) -> Result<Client, ecwid_coupons::Error> {
        self.client_with(self.token())
    }

    /// A client with another token of the sandbox's, for the store that the token is of; for the first store where the sandbox
    /// does not know the token.
    ///
    /// # Errors
    ///
    /// When the token is one that no client takes.
    pub fn client_with(&self, token: &str) -> Result<Client, ecwid_coupons::Error> {
        let store_id = self.app.access.find(token).map_or(self.store_id(), |token| token.store_id);
        let requests = self.limits().requests_per_minute.unwrap_or(u32::MAX);
        Client::builder(store_id, token).base_url(self.base_url()).requests_per_minute(requests).build()
    }

    /// Puts coupons into the first store as they are, their ids and dates included; one without an id gets one. All are put in, or none.
    ///
    /// # Errors
    ///
    /// When a coupon has no code, or one or an id that is taken, or an id that is not from 1 to 999,999,999,999,999,999.
    pub async fn load(&self, coupons: impl IntoIterator<Item = Coupon>) -> Result<(), Error> {
        self.load_into(self.store_id(), coupons).await
    }

    /// Puts coupons into a store, as [`Self::load`] does.
    ///
    /// # Errors
    ///
    /// When there is no such store, or for the same reasons as [`Self::load`].
    pub async fn load_into(&self, store_id: i64, coupons: impl IntoIterator<Item = Coupon>) -> Result<(), Error> {
        if !self.app.access.has_store(store_id) {
            return Err(Error::Load(format!("there is no store {store_id}")));
        }
        let coupons: Vec<_> = coupons.into_iter().collect();
        if let Some(coupon) = coupons.iter().find(|coupon| coupon.code.as_deref().is_none_or(str::is_empty)) {
            return Err(Error::Load(format!("it has no code (its id: {:?})", coupon.id)));
        }
        let store = self.app.database.for_store(store_id);
        let done =
            store.write_much(move |store| coupons.into_iter().try_for_each(|coupon| store.insert(coupon).map(drop)));
        done.await.map_err(|problem| Error::Load(problem.into_message()))
    }

    /// Puts in what [`Self::dump`] gave, or coupons as JSON, in an array or one to a line. All are put in, or none.
    ///
    /// # Errors
    ///
    /// When it is no JSON of coupons, not UTF-8 or larger than 1 GiB, or for the same reasons as [`Self::load`]. The number of an
    /// order and the last id have the same range.
    pub async fn load_json(&self, source: impl io::Read + Send + 'static) -> Result<(), Error> {
        let done = self.app.load(io::BufReader::new(source)).await;
        done.map_err(|problem| Error::Load(problem.into_message()))
    }

    /// Writes all that is in the stores at this moment, as JSON that [`Self::load_json`] and [`SandboxBuilder::load`] take: coupons
    /// with their ids and dates, orders, deletions. It is written part by part, however much it is.
    ///
    /// # Errors
    ///
    /// When it cannot be written or read.
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
        // So that a sandbox that is stopped now closes its database.
        dump.end().await;
        written.map_err(Error::Dump)
    }

    /// Takes the sandbox back to what it started with: the coupons of its seed and its file and no others, no orders, no deletions,
    /// no batches and no journal, and the time, the limits, the faults and the webhook that it had. Ids begin anew.
    ///
    /// What was in a database before the sandbox opened it is lost.
    ///
    /// # Errors
    ///
    /// When the file of coupons cannot be loaded any more: the stores stay as they are then, and the rest is as at first.
    pub async fn reset(&self) -> Result<(), Error> {
        self.app.reset().await
    }

    /// Returns the last requests with their responses, the oldest first: at most 1000, and 4 MiB. A request is recorded once the sandbox has
    /// responded to it.
    pub fn received_requests(&self) -> Vec<RecordedRequest> {
        self.app.journal.last(usize::MAX)
    }

    /// Removes the recorded requests, so that [`Self::received_requests`] has only those of the next part of a test.
    pub fn clear_requests(&self) {
        self.app.journal.clear();
    }

    /// Places an order, and tells what its coupon takes off or why it does not apply. The order is placed either way.
    ///
    /// # Errors
    ///
    /// When there is no such store, or an item is none that can be bought. That a coupon does not apply is no error:
    /// [`PlacedOrder::reason`] tells it.
    pub async fn place_order(&self, order: Order) -> Result<PlacedOrder, Error> {
        let placed = self.app.place_order(order).await;
        placed.map_err(|problem| Error::Order(problem.into_message()))
    }

    /// How many requests it takes.
    pub fn limits(&self) -> Limits {
        self.app.rate_limit.limits()
    }

    /// Sets how many requests it takes, and forgets those that were counted.
    pub fn set_limits(&self, limits: Limits) {
        self.app.rate_limit.set(limits);
    }

    /// Tells of created, updated and deleted coupons there from now on, or nowhere.
    ///
    /// # Errors
    ///
    /// When the URL is none of `http`.
    pub fn set_webhook(&self, webhook: Option<Webhook>) -> Result<(), Error> {
        self.app.webhooks.set(webhook)
    }

    /// The last thousand events that it told of, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.app.webhooks.deliveries()
    }

    /// Waits until each event was taken or given up.
    pub async fn deliveries_settled(&self) {
        self.app.webhooks.settled().await;
    }

    /// Adds a fault behind those that are there.
    ///
    /// # Errors
    ///
    /// When it cannot be, such as one for an operation that there is not; the error says why.
    pub fn add_fault(&self, fault: Fault) -> Result<(), Error> {
        self.app.faults.add(vec![fault])
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Ends one fault, by the id that [`Self::faults`] tells, and says whether it was there.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.app.faults.remove(id)
    }

    /// The faults, and how often each came about.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.app.faults.report()
    }

    /// What time it is in the sandbox: that of the machine, until it is set or moved.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Stops the clock of the sandbox at a time, which [`Self::advance`] moves on.
    ///
    /// What a store does by date goes by that clock: EXPIRED, launches, and the dates that are written. The limit of requests and
    /// timeouts go by the machine's.
    ///
    /// # Errors
    ///
    /// When the year is not from 1970 to 9999.
    pub fn set_time(&self, time: DateTime<Utc>) -> Result<(), Error> {
        self.app.clock.set(time).map_err(|error| Error::Setting(error.to_string()))
    }

    /// Moves the clock on, or back by a negative time, and gives the new time.
    ///
    /// # Errors
    ///
    /// When the year would not be from 1970 to 9999.
    pub fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, Error> {
        self.app.clock.advance(by).map_err(|error| Error::Setting(error.to_string()))
    }

    /// Goes back to the time of the machine, which runs.
    pub fn reset_time(&self) {
        self.app.clock.reset();
    }

    /// Waits until the sandbox has stopped.
    pub async fn stopped(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.await;
            self.server = None;
        }
    }

    /// Takes no more requests, answers those under way within two seconds, and stops.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        self.stopped().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Ending the task instead would leave the connections that are open.
        let _ = self.stop.send(true);
    }
}
