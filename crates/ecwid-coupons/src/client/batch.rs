//! [`Batch`]: up to 500 requests that are sent as one.

mod item;
mod results;
mod sent;

use std::{
    fmt,
    future::IntoFuture,
    sync::{Arc, atomic::Ordering},
    time::SystemTime,
};

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use item::Request;
pub use item::{BatchItem, BatchResult};
pub use sent::SentBatch;

use crate::{Client, Error, types::BatchRequestItem};

const OPERATION: &str = "create_batch_request";

impl Client {
    /// Whether each request of a [`batch`](Self::batch) counts towards the rate limit.
    ///
    /// Ecwid does not document it. The client assumes that they do not, until the store refuses a request of a batch
    /// with status 429.
    pub fn counts_batch_items(&self) -> bool {
        self.api.transport.settings.counts_batch_items.load(Ordering::Relaxed)
    }

    /// Returns a batch: up to 500 requests that the store receives as one and runs in the background.
    ///
    /// 500 coupons are created with about four requests, so a batch is the way to create or change many coupons within
    /// the rate limit. A request that fails does not stop the others.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::{BatchItem, BatchResult, types::NewCoupon};
    ///
    /// let thanks = (1..=200).map(|order| NewCoupon::percent("Thank you", format!("THANKS-{order}"), 10).single_use());
    /// for result in coupons.batch(thanks.map(BatchItem::create)).await? {
    ///     match result {
    ///         Ok(BatchResult::Created(created)) => assert!(created.id().is_some()),
    ///         Ok(other) => unreachable!("{other:?}"),
    ///         Err(error) => println!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn batch(&self, items: impl IntoIterator<Item = BatchItem>) -> Batch {
        let items = items.into_iter().map(|BatchItem(request)| request).collect();
        let deduplication_key = deduplication_key();
        Batch { client: self.clone(), items, is_sequential: false, deduplication_key, intended: None }
    }
}

/// Up to 500 requests that are sent as one, made by [`Client::batch`].
///
/// Await it to send the requests and to get their results, in the order of the requests. A program that must know after
/// a crash what it has sent stores the [`deduplication_key`](Self::deduplication_key) first, calls
/// [`send`](Self::send), and stores the [ticket](SentBatch::ticket).
#[derive(Clone)]
#[must_use = "the batch is sent when it is awaited"]
pub struct Batch {
    client: Client,
    items: Arc<[Request]>,
    is_sequential: bool,
    deduplication_key: String,
    intended: Option<SystemTime>,
}

impl Batch {
    /// The maximum number of requests in a batch.
    pub const MAX_ITEMS: usize = 500;

    /// Runs the requests one after the other. By default, the store runs up to 100 of them at a time.
    pub fn sequential(mut self) -> Self {
        self.is_sequential = true;
        self
    }

    /// Sets the key by which the store recognizes a batch that it has received before. Defaults to a random UUID.
    ///
    /// For an hour, the store responds to a batch with a known key with the ticket of the first one, and runs nothing,
    /// whatever the requests are. So a key belongs to these requests only.
    pub fn with_deduplication_key(mut self, key: impl Into<String>) -> Self {
        self.deduplication_key = key.into();
        self
    }

    /// Returns the key by which the store recognizes the batch.
    pub fn deduplication_key(&self) -> &str {
        &self.deduplication_key
    }

    /// Sets when the program first intended to send the batch, by the clock of this machine. Defaults to the time of the
    /// first [`send`](Self::send).
    ///
    /// A coupon that was created before this time is not counted as created by the batch.
    pub fn intended(mut self, time: SystemTime) -> Self {
        self.intended = Some(time);
        self
    }

    /// Sends the batch. The store runs it in the background.
    ///
    /// If a failure leaves it unclear whether the store received the batch, it is sent again with the same
    /// [key](Self::deduplication_key), so that it runs once.
    ///
    /// # Errors
    ///
    /// - There is no request, or there are more than [`MAX_ITEMS`](Self::MAX_ITEMS).
    /// - A request has an invalid value. The error names the request, counted from 0.
    /// - The token or the store does not allow batches.
    ///
    /// See [`Error`] for errors common to all calls.
    pub async fn send(&self) -> Result<SentBatch, Error> {
        self.check()?;
        let intended = self.intended.unwrap_or_else(SystemTime::now);
        if self.client.counts_batch_items() {
            let rate_limiter = &self.client.api.transport.settings.rate_limiter;
            for _ in 1..self.items.len() {
                drop(rate_limiter.acquire().await);
            }
        }
        let items: Vec<_> = self.items.iter().enumerate().map(|(index, item)| item.in_batch(index)).collect();
        let client = self.client.clone();
        let (ticket, date) = client.call(OPERATION, async |client| self.post(&client, items).await).await?;
        // By the clock of the store, because that of this machine may differ.
        let age = SystemTime::now().duration_since(intended).unwrap_or_default();
        let since = date.and_then(|date| date.checked_sub(age));
        Ok(SentBatch { client: self.client.clone(), items: Arc::clone(&self.items), ticket, since })
    }

    /// Returns the batch that was sent with this ticket, for example by an earlier run of the program.
    ///
    /// `since` is its [`SentBatch::since`].
    pub fn sent(&self, ticket: impl Into<String>, since: Option<SystemTime>) -> SentBatch {
        let ticket = ticket.into();
        SentBatch { client: self.client.clone(), items: Arc::clone(&self.items), ticket, since }
    }

    /// Returns the results of a batch that may have been sent long ago, without sending it.
    ///
    /// Each create is resolved by its coupon code. If no coupon has the code, its error says so. Other requests get an
    /// error that [may have taken effect](Error::may_have_taken_effect).
    pub async fn look_up(&self) -> Vec<Result<BatchResult, Error>> {
        let unknown = Error::invalid_response("the store may not have received the batch");
        let intended = self.intended.unwrap_or_else(SystemTime::now);
        self.sent("", None).lost_results(&unknown, Some(intended)).await
    }

    fn check(&self) -> Result<(), Error> {
        let invalid = |message| Err(Error::invalid_request(message).with_operation(OPERATION));
        let count = self.items.len();
        if count == 0 || count > Self::MAX_ITEMS {
            return invalid(format!("the batch has {count} requests (expected 1 to {})", Self::MAX_ITEMS));
        }
        for (index, item) in self.items.iter().enumerate() {
            if let Err(error) = item.check(&self.client) {
                return invalid(format!("request {index} of the batch, counted from 0: {}", error.summary()));
            }
        }
        Ok(())
    }

    /// Sends the batch until it is clear that the store received it. Returns the ticket, and the time by the clock of the
    /// store.
    async fn post(&self, client: &Client, items: Vec<BatchRequestItem>) -> Result<(String, Option<SystemTime>), Error> {
        let transport = &client.api.transport;
        let start = transport.call.as_ref().map_or_else(Instant::now, |call| call.start);
        let mut round = 0;
        loop {
            round += 1;
            let request = client.api.create_batch_request();
            let request = request
                .allow_parallel_mode(!self.is_sequential)
                .stop_on_first_failure(false)
                .deduplication_key(self.deduplication_key.clone())
                .body(items.clone());
            let error = match request.send().await {
                Ok(response) => {
                    let date = response.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
                    let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
                    return Ok((response.into_inner().ticket.unwrap_or_default(), date));
                }
                Err(error) => error,
            };
            if !error.may_have_taken_effect() || round >= transport.settings.max_attempts {
                return Err(error);
            }
            transport.wait_for_retry(error, round, start).await?;
        }
    }
}

impl IntoFuture for Batch {
    type Output = Result<Vec<Result<BatchResult, Error>>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await?.results(|_| ()).await })
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { items, deduplication_key, .. } = self;
        f.debug_struct("Batch")
            .field("items", &items.len())
            .field("deduplication_key", deduplication_key)
            .finish_non_exhaustive()
    }
}

/// Whether the store does not accept batches from this token, although it accepted a create.
pub fn is_without_batches(error: &Error) -> bool {
    error.is_forbidden() || matches!(error.status(), Some(404 | 405 | 501))
}

/// Returns a random UUID. It comes from the operating system, so that two processes never have the same.
fn deduplication_key() -> String {
    uuid::Uuid::new_v4().to_string()
}
