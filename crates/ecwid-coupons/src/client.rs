//! [`Client`]. Its calls are in the files of this folder, and the search is in `search.rs`.

use std::{fmt, sync::Arc, time::Duration};

use tracing::Instrument as _;
use zeroize::Zeroizing;

use crate::{
    Error,
    generated::operations,
    progenitor_client::ResponseValue,
    text::redact::{Redactor, hide_tokens},
    transport::{Settings, token::Tokens},
};

pub(crate) mod batch;
pub(crate) mod builder;
pub(crate) mod coupon_lookup;
pub(crate) mod create;
pub(crate) mod create_many;
pub(crate) mod create_stream;
pub(crate) mod creation_report;
pub(crate) mod delete;
pub(crate) mod delete_if_unused;
pub(crate) mod difference;
pub(crate) mod get;
mod hooks;
mod latest_stats;
pub(crate) mod token;
pub(crate) mod update;

/// A client for the discount coupons of one store.
///
/// Clones are cheap. They share the connections, the rate limiter and the retry budget.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |sandbox, _coupons| {
/// # let (base_url, token) = (sandbox.base_url(), "secret_sandbox");
/// use ecwid_coupons::{Client, types::{CouponUpdate, NewCoupon}};
///
/// let coupons = Client::builder(1003, token).base_url(base_url).build()?;
/// coupons.create(&NewCoupon::percent("First order 10% OFF", "FIRST", 10).once_per_customer()).await?;
/// coupons.update("FIRST", &CouponUpdate::default().pause()).await?;
/// println!("{:?}", coupons.get("FIRST").await?);
/// coupons.delete("FIRST").await?;
/// # Ok(())
/// # });
/// ```
///
/// # Retries
///
/// Reads, updates and deletes are sent again after a failure of the network or the server. They have the same effect
/// when they are done twice. A create is sent again if the store did not process it, or if a search shows that no
/// coupon has its code: see [`create`](Self::create). The delay before a retry is random and grows up to 8 seconds. It
/// is longer if the server asks for it with `Retry-After`.
/// [`ClientBuilder::max_attempts`](crate::ClientBuilder::max_attempts) limits the attempts. All clones share a
/// [budget](crate::ClientBuilder::retry_budget) of 20 retries, so that retries do not multiply an outage. It refills
/// within a minute, and each successful request returns a tenth of a retry. If the budget is used up, a call fails after
/// its first attempt, and its error says so.
///
/// # Deadlines
///
/// A [deadline](crate::ClientBuilder::deadline) covers a whole call with all its attempts and delays. It defaults to
/// 180 seconds. A [timeout](crate::ClientBuilder::timeout) covers a single attempt. It defaults to 60 seconds. The
/// client does not start a delay that would exceed the deadline.
///
/// # Rate limit
///
/// The client sends at most 600 requests in any 60 seconds, as Ecwid documents:
/// [`ClientBuilder::requests_per_minute`](crate::ClientBuilder::requests_per_minute). Further requests wait. A response
/// with status 429 pauses all clones for the time that the store asks for, at most five minutes. Then a single request
/// tests whether the store accepts requests again. The client retries after a 429 until the deadline.
///
/// # Tasks
///
/// A call sends nothing until it is awaited. Its future owns a clone of the client and of the arguments, so a task can
/// run it:
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// # use ecwid_coupons::types::CouponUpdate;
/// let deleted = tokio::spawn(coupons.delete("FIRST"));
/// let updated = tokio::spawn(coupons.update("SECOND", &CouponUpdate::default().pause()));
/// let all = tokio::spawn(coupons.search().all());
/// # assert!(updated.await?.is_err());
/// println!("{:?}, {} coupons", deleted.await??.delete_count, all.await??.len());
/// # Ok(())
/// # });
/// ```
///
/// # Cancellation
///
/// A call is canceled if its future is dropped before it is ready, for example by `tokio::select!`, by
/// `tokio::time::timeout`, or by a web server whose client closed the connection. The client then sends no further
/// request of this call. A request in progress counts against the rate limit until 60 seconds later.
///
/// - A canceled read (`get` and searches) changes nothing.
/// - A canceled write may have taken effect, because the store may have received the request. To find out, look up the
///   coupon by its code, or repeat the call. After [`create`](Self::create), repeat it with
///   [`create_or_get`](Self::create_or_get), which returns the coupon if it was created. A repeated
///   [`update`](Self::update) or [`delete`](Self::delete) has the same effect as a single one. After an update of the
///   code, also look up the coupon by its new code.
/// - After [`create_many`](Self::create_many), [`CreationReport::unsettled`](crate::CreationReport::unsettled) returns
///   the rows for a second run.
///
/// To keep a write from being canceled, run it in a task, as above. A task continues when its handle is dropped. To limit
/// the time of a call, prefer [`with_deadline`](Self::with_deadline) to a timeout around the call, because the error of
/// a deadline says whether the write [may have taken effect](crate::Error::may_have_taken_effect).
///
/// # Tracing
///
/// The client has spans and events of [`tracing`](https://docs.rs/tracing). Their targets begin with `ecwid_coupons`. They
/// have no token, no header and no request body. An error in an event may have the code of a coupon.
///
/// | span or event | level | fields |
/// | --- | --- | --- |
/// | span `ecwid`: a call, or a lookup within a call | debug | `operation`, `store_id`, `request_id` |
/// | span `attempt` | debug | `number`, `queued`, and those of OpenTelemetry for HTTP clients, such as `http.request.method`, `url.template`, `http.response.status_code` and `error.type` |
/// | event "the call failed" | warn | `operation`, `store_id`, `attempts`, `elapsed`, `kind`, `error` |
/// | the same, after status 400, 404 or 409, or for an invalid argument | debug | the same |
/// | events "the call succeeded" and "the call was dropped" | debug | `operation`, `store_id`, `attempts`, `elapsed` |
/// | event "retrying", when the next attempt is sent | debug | `number`, `error` |
/// | event "skipped an unreadable coupon" | warn | |
///
/// For metrics, see [`ClientBuilder::on_call`](crate::ClientBuilder::on_call) and
/// [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt).
///
/// # Tokens
///
/// To replace the token while the program runs, use one of these:
///
/// - [`with_token`](Self::with_token), if the program knows when the token changes.
/// - [`ClientBuilder::token_provider`](crate::ClientBuilder::token_provider), a function that the client calls when the
///   store refuses the token.
///
/// # Runtimes
///
/// Calls must be awaited in a tokio runtime with I/O and time: `#[tokio::main]`, `#[tokio::test]`, or
/// `enable_all()` on a `tokio::runtime::Builder`. They panic in another executor. Both flavors of the runtime work, and
/// no feature of tokio is needed besides those of your runtime.
///
/// A client can be used in several runtimes, at the same time or in turn, for example as a `static` that all tests
/// share. Each runtime has its own connections, because a connection works only while its runtime runs. The rate limiter,
/// the retry budget and the token are shared. If you set your own
/// [`http_client`](crate::ClientBuilder::http_client), all runtimes share its connections. A call then waits until its
/// timeout if the runtime of its connection does not run, for example because a `block_on` returned. Create an HTTP
/// client for each runtime in this case.
///
/// Programs without async code use `Client::blocking` of the feature `blocking`.
#[derive(Clone)]
pub struct Client {
    pub(crate) api: operations::Operations,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A token may have been passed as another setting.
        let base_url = hide_tokens(&self.redactor().redact(self.base_url()));
        f.debug_struct("Client")
            .field("store_id", &self.store_id())
            .field("base_url", &base_url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Returns the store's id.
    pub fn store_id(&self) -> i64 {
        self.api.transport.settings.store_id
    }

    /// Returns the base URL of the API.
    pub fn base_url(&self) -> &str {
        &self.api.baseurl
    }

    /// Returns the maximum number of requests in any 60 seconds, or `None` if there is no limit.
    pub fn requests_per_minute(&self) -> Option<usize> {
        self.api.transport.settings.rate_limiter.limit()
    }

    /// Returns a client with another [deadline](crate::ClientBuilder::deadline) for each call.
    ///
    /// It shares the connections, the rate limiter and the retry budget.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use std::time::Duration;
    ///
    /// let page = coupons.with_deadline(Duration::from_secs(5)).search().page().await?;
    /// # Ok(())
    /// # });
    /// ```
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        let mut api = self.api.clone();
        let settings = &mut api.transport.settings;
        *settings = Arc::new(Settings { deadline, ..Settings::clone(settings) });
        Self { api }
    }

    /// Returns a client with another access token of the store.
    ///
    /// It shares the connections, the retry budget and all settings. It has a rate limiter of its own, because Ecwid's
    /// limit is for each token, unless the token is the current one. It has no
    /// [token provider](crate::ClientBuilder::token_provider). This client keeps its token. Calls that started earlier
    /// are not affected.
    ///
    /// # Errors
    ///
    /// The token is empty or has characters that a token cannot have.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, coupons| {
    /// let rotated = coupons.with_token("secret_sandbox")?;
    /// assert_eq!(rotated.search().page().await?.total, Some(0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn with_token(&self, token: impl Into<String>) -> Result<Self, Error> {
        let token = Zeroizing::new(token.into());
        let redactor = Redactor::new(&token);
        let old = &self.api.transport.settings;
        let tokens = Tokens::new(&token, None, redactor.clone()).map_err(|error| error.redacted(&redactor))?;
        let rate_limiter = if old.tokens.is_current(&token) {
            Arc::clone(&old.rate_limiter)
        } else {
            old.rate_limiter.for_another_token()
        };
        let mut api = self.api.clone();
        let tokens = Arc::new(tokens);
        api.transport.settings = Arc::new(Settings { tokens, redactor, rate_limiter, ..Settings::clone(old) });
        Ok(Self { api })
    }

    /// Returns the low-level operations of the API, with a request builder for each. They use the connections and the
    /// settings of this client.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// let page = coupons.api().search_discount_coupons().limit(10).send().await?;
    /// assert_eq!(page.total, Some(0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn api(&self) -> &operations::Operations {
        &self.api
    }

    /// Runs the requests of a call. They share its deadline, and those of its operation share the id and the number of
    /// attempts.
    pub(crate) async fn call<T>(
        mut self,
        operation: &'static str,
        requests: impl AsyncFnOnce(Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let transport = &mut self.api.transport;
        if transport.call.is_some() {
            return requests(self).await;
        }
        let mut guard = transport.begin(operation);
        transport.call = Some(Arc::clone(&guard.state));
        let span = guard.state.span.clone();
        // On the heap, because every move of the large future copies it.
        let result = Box::pin(requests(self)).instrument(span).await;
        let result = result.map_err(|error| error.of_call(&guard.state));
        guard.finish(result.as_ref().err());
        result
    }

    pub(crate) fn redactor(&self) -> &Redactor {
        &self.api.transport.settings.redactor
    }

    /// Returns the redacted error of a response that cannot be correct.
    pub(crate) fn invalid<T>(&self, response: &ResponseValue<T>, problem: &str) -> Error {
        response.invalid(&self.redactor().redact(problem))
    }
}
