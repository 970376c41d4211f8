//! [`SentBatch`]: a batch that the store has received.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::time::sleep;

use super::{
    item::{BatchItem, BatchResult, Request},
    results::{self, ItemResult},
};
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
    /// content is [recovered](crate::CreateOutcome::Recovered) if it was created after the batch was sent, or at most
    /// five seconds before, because the times of a store have whole seconds and its clock may differ.
    ///
    /// If the store does not know the batch any more, each create is looked up. Each other request gets an error that
    /// [may have taken effect](Error::may_have_taken_effect).
    ///
    /// # Errors
    ///
    /// The responses cannot be read. The call can be repeated. See [`Error`] for errors common to all calls.
    pub async fn results(&self, progress: impl FnMut(&BatchStatus)) -> Result<Vec<Result<BatchResult, Error>>, Error> {
        match self.responses(progress).await {
            Ok(response) => {
                let results = results::of_batch(&self.client, &self.items, response).await;
                Ok(self.settled(results, None).await)
            }
            Err(error) if error.status() == Some(404) => Ok(self.lost_results(&error, None).await),
            Err(error) => Err(error),
        }
    }

    /// Returns the results of a batch that the store does not know any more, or that it may never have received.
    pub(super) async fn lost_results(&self, error: &Error, intended: Option<SystemTime>) -> Vec<ItemResult> {
        self.settled(results::of_lost_batch(&self.items, error), intended).await
    }

    /// Looks up the codes of creates with an unclear outcome, in one batch, and replaces their results.
    ///
    /// The store runs the batches of a store one after the other, so the lookups see what this batch did. `intended` is
    /// when the batch was intended to be sent, by the clock of this machine, if the time of the store is not known.
    async fn settled(&self, mut results: Vec<ItemResult>, intended: Option<SystemTime>) -> Vec<ItemResult> {
        let unclear = results::unclear(&self.items, &results);
        if unclear.is_empty() {
            return results;
        }
        let code = |index: &usize| self.items[*index].code().unwrap_or_default();
        let mut lookups = self.client.batch(unclear.iter().map(|index| BatchItem::find(code(index))));
        if let Some(intended) = intended {
            lookups = lookups.intended(intended);
        }
        let (mut since, mut found) = (self.since, Vec::new());
        if let Ok(sent) = lookups.send().await {
            since = since.or(intended.and(sent.since));
            // On the heap, because the lookups are a batch as well.
            found = Box::pin(sent.results(|_| ())).await.unwrap_or_default();
        }
        let mut found = found.into_iter();
        for index in unclear {
            let found = found.next();
            if let Err(error) = results[index].clone() {
                results[index] = results::settled(&self.client, &self.items[index], error, found, since);
            }
        }
        results
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
