//! [`SentBatch`]: a batch that the store has received.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::time::sleep;

use super::{BatchResult, item::Request, results};
use crate::{
    Client, Error, ResponseValue,
    types::{BatchState, BatchStatus},
};

/// The time between two requests for the status: the first, its growth, and the longest.
const FIRST_POLL: Duration = Duration::from_millis(250);
const GROWTH: f64 = 1.5;
const LAST_POLL: Duration = Duration::from_secs(4);

/// A batch that the store has received, returned by [`Batch::send`](crate::Batch::send).
#[derive(Clone)]
pub struct SentBatch {
    pub(super) client: Client,
    pub(super) items: Arc<[Request]>,
    pub(super) ticket: String,
    pub(super) since: Option<SystemTime>,
}

impl SentBatch {
    /// Returns the ticket by which the store knows the batch.
    ///
    /// Ecwid does not document how long the store knows it. It knows the deduplication key for an hour.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }

    /// Returns when the batch was intended to be sent, by the clock of the store. `None` if the store did not tell its
    /// time. A coupon that was created earlier is not counted as created by the batch.
    pub fn since(&self) -> Option<SystemTime> {
        self.since
    }

    /// Gets the state of the batch, and how many of its requests have run. It has no responses.
    ///
    /// # Errors
    ///
    /// The store does not know the ticket (any more): status 404. See [`Error`] for errors common to all calls.
    pub async fn status(&self) -> Result<BatchStatus, Error> {
        let request = self.client.api.get_batch_status().ticket(&self.ticket);
        request.send().await.map(ResponseValue::into_inner)
    }

    /// Waits until all requests of the batch have run, and returns the result of each, in the order of the requests.
    /// Calls `progress` with each [status](Self::status) until then.
    ///
    /// The store may need long: it runs the batches of a store one after the other, and it sends a request that fails
    /// with a server error up to five times again, every three seconds. There is no deadline for the whole wait. If the
    /// future is dropped, the batch runs on.
    ///
    /// A create is resolved by its coupon code, like a single [`create`](Client::create): if it is unclear what the
    /// store did, the code is looked up and the content is compared. The lookups are one batch. A coupon with the sent
    /// content is [recovered](crate::CreateOutcome::Recovered) if it was created after the batch was sent.
    ///
    /// If the store does not know the batch any more, each create is looked up. Each other request gets an error that
    /// [may have taken effect](Error::may_have_taken_effect).
    ///
    /// # Errors
    ///
    /// The responses cannot be read. The call can be repeated. See [`Error`] for errors common to all calls.
    pub async fn results(&self, progress: impl FnMut(&BatchStatus)) -> Result<Vec<Result<BatchResult, Error>>, Error> {
        match self.responses(progress).await {
            Ok(response) => Ok(results::of_batch(self, response).await),
            Err(error) if error.status() == Some(404) => Ok(results::of_lost_batch(self, None, &error).await),
            Err(error) => Err(error),
        }
    }

    /// Waits until the batch is completed, and gets the responses. They are requested only once, because they are large.
    async fn responses(&self, mut progress: impl FnMut(&BatchStatus)) -> Result<ResponseValue<BatchStatus>, Error> {
        let mut delay = FIRST_POLL;
        loop {
            sleep(delay).await;
            let status = self.status().await?;
            progress(&status);
            if status.status == Some(BatchState::Completed) {
                return self.client.api.get_batch_status().ticket(&self.ticket).escaped_json(true).send().await;
            }
            delay = delay.mul_f64(GROWTH).min(LAST_POLL);
        }
    }
}

impl fmt::Debug for SentBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { items, ticket, since, .. } = self;
        f.debug_struct("SentBatch")
            .field("items", &items.len())
            .field("ticket", ticket)
            .field("since", since)
            .finish_non_exhaustive()
    }
}
