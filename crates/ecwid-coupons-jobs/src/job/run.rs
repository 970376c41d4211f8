//! [`JobRun`]: sends the batches of a job, and writes the outcome of each row.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    time::{Duration, SystemTime},
};

use ecwid_coupons::{__private::is_without_batches, Batch, BatchResult, Client, Error, types::BatchStatus};
use futures_util::{FutureExt as _, future::BoxFuture};
use rusqlite::params;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::sleep,
};

use super::{
    JobError, Row, RowChange, RowOutcome,
    file::{JobFile, OpenBatch, Planned},
    outcome::{Meaning, meaning},
    single,
};
use crate::{CodeGenerator, CodePattern};

/// How long the store recognizes the deduplication key of a batch. It is documented as an hour.
const KEY_AGE: Duration = Duration::from_secs(55 * 60);

/// How many batches a row is sent in, at most, in a run.
const ATTEMPTS: usize = 3;

/// The longest wait before the job asks the store again.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// The wait if the store does not say how long.
const DEFAULT_WAIT: Duration = Duration::from_secs(10);

/// How many times in succession the job waits, before it stops.
const WAITS: u32 = 20;

/// How many codes are drawn for a row, at most, if other coupons have them.
const REDRAWS: usize = 3;

type Results = Vec<Result<BatchResult, Error>>;

/// What happened in a [`JobRun`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum JobEvent {
    /// A batch is about to be sent.
    Sending {
        /// The number of rows in the batch.
        rows: usize,
    },
    /// The store has run so many requests of the batch.
    Progress {
        /// The requests of the batch that have run.
        completed: usize,
        /// The requests of the batch.
        total: usize,
    },
    /// A row has an outcome.
    Settled {
        /// The row, counted from 0.
        row: usize,
        /// The code of the coupon.
        code: String,
        /// The coupon's id, if it is known.
        id: Option<i64>,
        /// The outcome.
        outcome: RowOutcome,
        /// Why the change was not made.
        error: Option<String>,
    },
    /// Another coupon has the code of a row, so the row got a new one.
    Redrawn {
        /// The row, counted from 0.
        row: usize,
        /// The new code.
        code: String,
    },
    /// The store asks to wait, and the job waits so long.
    Waiting {
        /// The wait. The store may ask for longer, and the job then asks again.
        duration: Duration,
    },
    /// From now on, each request of a batch counts towards the rate limit, because the store refused one.
    Paced,
}

/// A run of a job, returned by [`Job::run`](super::Job::run).
///
/// Read it until the end. Before a batch is sent, its intent is in the file. If the run is dropped, the batch under way
/// runs on at the store, and the next run asks for its results.
#[must_use = "nothing is sent until the run is read"]
pub struct JobRun<'a> {
    file: &'a mut JobFile,
    client: Client,
    events: VecDeque<JobEvent>,
    under_way: Option<UnderWay>,
    /// The batches that an earlier run has left without results.
    left: VecDeque<OpenBatch>,
    /// The rows are sent from here on.
    next: i64,
    /// Rows whose last request failed, with their number of attempts.
    again: HashMap<i64, usize>,
    redraws: HashMap<i64, usize>,
    /// The last failure of a row that may succeed later.
    last_failure: Option<Error>,
    /// Whether a row was sent, so that a wrong token fails only once.
    has_sent: bool,
    was_paced: bool,
    /// The wait before the next request, because the store refused one.
    wait: Option<Duration>,
    /// The number of waits in succession.
    waits: u32,
}

/// A batch that the store runs.
struct UnderWay {
    batch: i64,
    rows: Vec<Planned>,
    results: BoxFuture<'static, Result<Results, Error>>,
    progress: UnboundedReceiver<BatchStatus>,
}

impl<'a> JobRun<'a> {
    pub(super) fn new(file: &'a mut JobFile, client: Client) -> Result<Self, JobError> {
        let left = file.open_batches()?.into();
        Ok(Self {
            was_paced: client.counts_batch_items(),
            file,
            client,
            left,
            events: VecDeque::new(),
            under_way: None,
            next: 0,
            again: HashMap::new(),
            redraws: HashMap::new(),
            last_failure: None,
            has_sent: false,
            wait: None,
            waits: 0,
        })
    }

    /// Returns what happened next, and `None` when all rows are settled.
    ///
    /// # Errors
    ///
    /// The job has stopped and can be continued:
    ///
    /// - No further row can succeed, for example because the token lacks an access scope.
    /// - The store cannot be reached.
    /// - Rows could not be resolved in three batches.
    /// - The file cannot be written. Nothing was sent that the file does not have.
    pub async fn next(&mut self) -> Result<Option<JobEvent>, JobError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            if let Some(under_way) = &mut self.under_way {
                let results = tokio::select! {
                    biased;
                    Some(status) = under_way.progress.recv() => {
                        let number = |count: Option<i64>| usize::try_from(count.unwrap_or_default()).unwrap_or_default();
                        let (completed, total) = (number(status.completed_requests), number(status.total_requests));
                        self.events.push_back(JobEvent::Progress { completed, total });
                        continue;
                    }
                    results = &mut under_way.results => results,
                };
                let Some(UnderWay { batch, rows, .. }) = self.under_way.take() else { continue };
                match results {
                    Ok(results) => self.settle(batch, rows, results)?,
                    Err(error) => self.wait_for_limit(error)?,
                }
            } else if let Some(wait) = self.wait {
                sleep(wait).await;
                self.wait = None;
            } else if let Some(left) = self.left.pop_front() {
                self.resume(left).await?;
            } else if !self.send_next().await? {
                return Ok(None);
            }
        }
    }

    /// Whether no batch is under way and all events were read. A run that is dropped then leaves no row in flight.
    pub fn is_between_batches(&self) -> bool {
        self.events.is_empty() && self.under_way.is_none()
    }

    /// Plans to wait for the rate limit, and to ask for the open batches again.
    ///
    /// # Errors
    ///
    /// The request failed for another reason, or the job has waited too often.
    fn wait_for_limit(&mut self, error: Error) -> Result<(), JobError> {
        self.waits += 1;
        if !error.is_rate_limited() || self.waits > WAITS {
            return Err(error.into());
        }
        let duration = error.retry_after().unwrap_or(DEFAULT_WAIT).clamp(Duration::from_secs(1), LONGEST_WAIT);
        self.events.push_back(JobEvent::Waiting { duration });
        self.wait = Some(duration);
        self.left = self.file.open_batches()?.into();
        Ok(())
    }

    fn planned(&self, rows: &[i64]) -> Result<Vec<Planned>, JobError> {
        rows.iter().map(|row| self.file.planned(*row)).collect()
    }

    fn batch(&self, rows: &[Planned]) -> Batch {
        self.client.batch(rows.iter().filter_map(|row| row.change.item()))
    }

    /// Continues with a batch of an earlier run.
    async fn resume(&mut self, left: OpenBatch) -> Result<(), JobError> {
        let OpenBatch { batch, deduplication_key, rows, intended, ticket, since } = left;
        let rows = self.planned(&rows)?;
        let sent = self.batch(&rows).with_deduplication_key(deduplication_key).intended(intended);
        let is_young = intended.elapsed().is_ok_and(|age| age < KEY_AGE);
        match ticket {
            Some(ticket) => {
                self.wait(batch, rows, async move |progress| {
                    sent.sent(ticket, since).results(|status| drop(progress.send(status.clone()))).await
                });
                Ok(())
            }
            // With the same key, the store runs the batch once.
            None if is_young => self.send(batch, rows, sent).await,
            None => {
                self.wait(batch, rows, async move |_| Ok(sent.look_up().await));
                Ok(())
            }
        }
    }

    /// Sends the next batch. Returns whether there was one.
    async fn send_next(&mut self) -> Result<bool, JobError> {
        // The first row is sent alone, so that a wrong token fails only once.
        let limit = self.client.requests_per_minute().filter(|_| self.client.counts_batch_items());
        let size =
            if self.has_sent { limit.map_or(Batch::MAX_ITEMS, |limit| limit.clamp(1, Batch::MAX_ITEMS)) } else { 1 };
        let mut rows = self.file.pending(self.next, size)?;
        if rows.is_empty() {
            // Rows that failed are sent again after all others.
            rows = self.file.pending(0, size)?;
            let is_open = |row: &&i64| self.again.get(row).is_none_or(|attempts| *attempts < ATTEMPTS);
            if !rows.is_empty() && !rows.iter().any(|row| is_open(&row)) {
                let last = self.last_failure.take();
                let Some(last) = last.map(Box::new) else { return Ok(false) };
                return Err(JobError::Unresolved { rows: self.again.len(), last });
            }
        }
        let planned = self.planned(&rows)?;
        let Some(first) = planned.first() else { return Ok(false) };
        // The changes of a batch run at the same time, and deletes come last.
        let is_delete = |row: &Planned| matches!(row.change, RowChange::Delete { .. });
        let same = planned.iter().take_while(|row| is_delete(row) == is_delete(first)).count();
        let planned: Vec<_> = planned.into_iter().take(same).collect();
        rows.truncate(same);
        self.next = rows[same - 1] + 1;
        let intended = SystemTime::now();
        let sent = self.batch(&planned).intended(intended);
        self.events.push_back(JobEvent::Sending { rows: rows.len() });
        let batch = self.file.intend(sent.deduplication_key(), &rows, intended)?;
        self.send(batch, planned, sent).await?;
        self.has_sent = true;
        Ok(true)
    }

    async fn send(&mut self, batch: i64, rows: Vec<Planned>, sent: Batch) -> Result<(), JobError> {
        match sent.send().await {
            Ok(received) => {
                self.file.received(batch, received.ticket(), received.since())?;
                self.wait(batch, rows, async move |progress| {
                    received.results(|status| drop(progress.send(status.clone()))).await
                });
                Ok(())
            }
            Err(error) if is_without_batches(&error) => {
                let (client, changes) = (self.client.clone(), rows.iter().map(|row| row.change.clone()).collect());
                self.wait(batch, rows, async move |_| single::results(&client, changes).await);
                Ok(())
            }
            Err(error) => self.wait_for_limit(error),
        }
    }

    fn wait<F>(
        &mut self,
        batch: i64,
        rows: Vec<Planned>,
        results: impl FnOnce(tokio::sync::mpsc::UnboundedSender<BatchStatus>) -> F,
    ) where
        F: Future<Output = Result<Results, Error>> + Send + 'static,
    {
        let (sender, progress) = unbounded_channel();
        self.under_way = Some(UnderWay { batch, rows, results: results(sender).boxed(), progress });
    }

    /// Writes the outcomes of a batch.
    fn settle(&mut self, batch: i64, rows: Vec<Planned>, results: Results) -> Result<(), JobError> {
        let mut stop = None;
        let mut events = Vec::new();
        let transaction = self.file.connection.unchecked_transaction().map_err(|error| self.file.failed(error))?;
        let fail = |error| self.file.failed(error);
        for (Planned { row, code, change }, result) in rows.into_iter().zip(results) {
            let number = usize::try_from(row).unwrap_or_default();
            let (outcome, id, error) = match meaning(&change, result, self.file.pattern.is_some()) {
                Meaning::Settled { outcome, id, error } => (outcome, id, error),
                Meaning::Taken(error) => {
                    let redraws = self.redraws.entry(row).or_default();
                    *redraws += 1;
                    let pattern = self.file.pattern.as_deref().filter(|_| *redraws <= REDRAWS);
                    if let Some(pattern) = pattern {
                        let code = redraw(self.file, pattern, row)?;
                        let update = "UPDATE rows SET code = ?2 WHERE row = ?1";
                        transaction.execute(update, params![row, code]).map_err(fail)?;
                        events.push(JobEvent::Redrawn { row: number, code });
                        self.next = self.next.min(row);
                        continue;
                    }
                    (RowOutcome::Conflict, None, Some(error.summary()))
                }
                Meaning::Stop(error) => {
                    stop.get_or_insert(error);
                    continue;
                }
                Meaning::Again(error) => {
                    *self.again.entry(row).or_default() += 1;
                    self.last_failure = Some(error);
                    continue;
                }
            };
            self.again.remove(&row);
            let insert = "INSERT OR REPLACE INTO outcomes (row, outcome, id, error) VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(insert, params![row, outcome.as_str(), id, error]).map_err(fail)?;
            events.push(JobEvent::Settled { row: number, code, id, outcome, error });
        }
        transaction.execute("UPDATE batches SET is_settled = 1 WHERE batch = ?1", [batch]).map_err(fail)?;
        transaction.commit().map_err(fail)?;
        self.events.extend(events);
        self.waits = 0;
        if self.client.counts_batch_items() && !self.was_paced {
            self.was_paced = true;
            self.events.push_back(JobEvent::Paced);
        }
        stop.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl fmt::Debug for JobRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobRun").field("client", &self.client).field("next", &self.next).finish_non_exhaustive()
    }
}

/// Draws another code for a row.
fn redraw(file: &JobFile, pattern: &str, row: i64) -> Result<String, JobError> {
    let damaged = |error: crate::ParsePatternError| JobError::Plan(error.to_string());
    let pattern: CodePattern = pattern.parse().map_err(damaged)?;
    let select = "SELECT columns, (SELECT count(*) FROM rows) FROM rows WHERE row = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?));
    let (columns, count) = file.connection.query_row(select, [row], read).map_err(|error| file.failed(error))?;
    let columns: Row = columns.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let mut codes: CodeGenerator = pattern.generator(usize::try_from(count).unwrap_or(usize::MAX))?;
    loop {
        let code = codes.draw(|name| columns.get(name).map(String::as_str))?;
        if !file.has_code(&code)? {
            return Ok(code);
        }
    }
}
