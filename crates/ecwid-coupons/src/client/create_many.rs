//! [`CreateMany`]: creates many coupons, in batches or with single requests.

use std::{
    collections::HashMap,
    fmt,
    future::ready,
    mem,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use futures_util::{Stream, StreamExt as _, future::BoxFuture, stream};

use crate::{
    Batch, BatchItem, BatchResult, Client, CreateManyStream, CreationReport, Error, ErrorKind, RowOutcome,
    client::{batch::is_without_batches, create::OPERATION},
    coupon::check,
    error::UNKNOWN_VALUE_HINT,
    types::NewCoupon,
};

/// How many problems an error message lists.
const SHOWN_PROBLEMS: usize = 20;

/// How many rows may fail one after another because of the network or the server, until the run stops.
const OUTAGE: usize = 20;

/// How many batches a row is sent in, at most.
const ROUNDS: u32 = 3;

/// The longest delay for the rate limit after which a row is tried again. After a longer delay, the run stops.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// How many times a row waits for the rate limit.
const MOST_TURNS: usize = 100;

impl Client {
    /// Creates many coupons, in [batches](Self::batch) of up to 500.
    ///
    /// If the store does not accept batches, each coupon is created by a single request.
    ///
    /// Each row is resolved by its coupon code, like a single [`create`](Self::create). A row that fails does not stop
    /// the others. See [`CreateMany::stream`] for the failures that stop a run.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::{RowOutcome, types::NewCoupon};
    ///
    /// let thanks = (1..=50).map(|order| NewCoupon::percent("Thank you", format!("THANKS-{order}"), 10).single_use());
    /// let many = coupons.create_many(thanks).accept_existing();
    /// let report = many.report();
    /// let mut rows = many.stream()?;
    /// while let Some((row, outcome)) = rows.next().await {
    ///     if let RowOutcome::Failed(error) = outcome {
    ///         println!("row {row}: {error}");
    ///     }
    /// }
    /// assert!(report.rows().iter().all(|row| matches!(row, RowOutcome::Succeeded(creation) if creation.is_created())));
    /// # Ok(())
    /// # });
    /// ```
    pub fn create_many(&self, coupons: impl IntoIterator<Item = NewCoupon>) -> CreateMany {
        let coupons: Arc<[_]> = coupons.into_iter().collect();
        let report = CreationReport::new(Arc::clone(&coupons));
        CreateMany { client: self.clone(), coupons, concurrency: 8, accept_existing: false, report }
    }
}

/// A bulk create, returned by [`Client::create_many`]. Each coupon is a row. Rows are counted from 0.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until the stream is read"]
pub struct CreateMany {
    client: Client,
    coupons: Arc<[NewCoupon]>,
    concurrency: usize,
    accept_existing: bool,
    report: CreationReport,
}

/// A problem with a row, found before any request was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowProblem {
    /// The row, counted from 0.
    pub row: usize,
    /// The name of the field in JSON.
    pub field: &'static str,
    /// What is wrong with the field.
    pub problem: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, field, problem } = self;
        // Some problems name the field themselves.
        let field = if problem.starts_with('`') { String::new() } else { format!(", {field}") };
        write!(f, "row {row}{field}: {problem}")
    }
}

impl CreateMany {
    /// Sets how many single requests are sent at a time. Defaults to 8.
    ///
    /// Single requests are sent if there are no more coupons than this, or if the store does not accept batches. The first
    /// coupon is always created alone, so that a token without the right to create fails only once.
    pub fn concurrency(mut self, rows: usize) -> Self {
        self.concurrency = rows;
        self
    }

    /// Counts an existing coupon with the same content as a success, like [`Client::create_or_get`], so that a run can
    /// be repeated. By default, such a row fails.
    pub fn accept_existing(mut self) -> Self {
        self.accept_existing = true;
        self
    }

    /// Returns the report of the run. It is updated while rows are created, and remains available after the stream is
    /// dropped.
    pub fn report(&self) -> CreationReport {
        self.report.clone()
    }

    /// Returns the problems of the rows that can be found without a request.
    ///
    /// A problem is a missing name or code, a code that an earlier row has in any letter case, an invalid date, an
    /// unknown enum value, or an empty limit.
    pub fn problems(&self) -> Vec<RowProblem> {
        let mut problems = Vec::new();
        let mut rows: HashMap<String, usize> = HashMap::with_capacity(self.coupons.len());
        for (row, coupon) in self.coupons.iter().enumerate() {
            let mut add = |field, problem: String| problems.push(RowProblem { row, field, problem });
            if coupon.name.trim().is_empty() {
                add("name", "`name` is missing".to_owned());
            }
            if coupon.code.trim().is_empty() {
                add("code", "`code` is missing".to_owned());
            } else if let Some(first) = rows.get(&coupon.code.to_lowercase()) {
                let code = coupon.code.escape_debug();
                add(
                    "code",
                    format!("duplicate code: `{code}` (row {first} has it too; codes are unique in any letter case)"),
                );
            } else {
                rows.insert(coupon.code.to_lowercase(), row);
            }
            if let Err(error) = check(coupon, &self.client) {
                let (field, mut problem) = (error.field().unwrap_or_default(), error.to_string());
                if let Some(rest) = problem.strip_prefix(field).and_then(|rest| rest.strip_prefix(": ")) {
                    problem = rest.to_owned();
                }
                if error.is_unknown() {
                    problem = format!("{problem}; hint: {UNKNOWN_VALUE_HINT}");
                }
                add(field, problem);
            }
            if let Some(limit) = coupon.empty_limit() {
                add(
                    limit,
                    "the limit is empty, which Ecwid treats as no limit; omit it if that is intended".to_owned(),
                );
            }
        }
        problems
    }

    /// Creates the coupons within the rate limit, and yields each row with its outcome as soon as it is known. The
    /// outcomes of the rows of a batch are known at the same time.
    ///
    /// A row that fails does not stop the others. The run stops if no further row can succeed:
    ///
    /// - The token or the store's plan does not allow creates.
    /// - The store refuses requests for longer than the deadline of a call.
    /// - Twenty rows in succession failed because of the network or the server.
    ///
    /// Rows that were not started remain [not attempted](RowOutcome::NotAttempted). [`CreationReport::stopped_by`]
    /// returns the reason.
    ///
    /// A row whose request fails within a batch is sent in up to three batches. The store may need several minutes for a
    /// batch, see [`SentBatch::results`](crate::SentBatch::results). A single request has the deadline of one call,
    /// without its waits for the rate limit.
    ///
    /// If the stream is dropped, no further requests are sent. The rows that are [in flight](RowOutcome::InFlight) may
    /// then have been created, and a batch that the store has received runs on. A second run with
    /// [`accept_existing`](Self::accept_existing) resolves them.
    ///
    /// # Errors
    ///
    /// Rows have [problems](Self::problems). No request was sent.
    pub fn stream(self) -> Result<CreateManyStream, Error> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(refusal(&problems));
        }
        let (rows, concurrency) = (self.coupons.len(), self.concurrency.max(1));
        let run = Arc::new(Run { many: self, outage: AtomicUsize::new(0) });
        // A token without the right to create fails only once.
        let first = Arc::clone(&run).one_by_one(0..rows.min(1), 1);
        // A few rows are created faster by single requests.
        let batches = if rows > 1 + concurrency { rows } else { 0 };
        let others = stream::unfold(1..rows, move |left| {
            let run = Arc::clone(&run);
            async move {
                if left.is_empty() || run.many.report.stopped_by().is_some() {
                    return None;
                }
                let end = left.end.min(left.start + Batch::MAX_ITEMS).min(batches);
                let created = if end > left.start { run.create_batch(left.start..end).await } else { None };
                Some(match created {
                    Some(rows) => (stream::iter(rows).boxed(), end..left.end),
                    None => (run.one_by_one(left.clone(), concurrency).boxed(), left.end..left.end),
                })
            }
        });
        Ok(CreateManyStream::new(first.chain(others.flatten())))
    }
}

fn refusal(problems: &[RowProblem]) -> Error {
    let shown: Vec<_> = problems.iter().take(SHOWN_PROBLEMS).map(ToString::to_string).collect();
    let more = problems.len().saturating_sub(SHOWN_PROBLEMS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let shown = shown.join("; ");
    Error::invalid_request(format!("invalid rows, counted from 0: {shown}{more}; no request was sent"))
        .with_operation(OPERATION)
}

/// A run in progress.
struct Run {
    many: CreateMany,
    /// How many rows in succession failed because of the network or the server.
    outage: AtomicUsize,
}

impl Run {
    /// Creates the coupons of rows with single requests.
    fn one_by_one(self: Arc<Self>, rows: Range<usize>, concurrency: usize) -> impl Stream<Item = (usize, RowOutcome)> {
        let settle = move |row| {
            let run = Arc::clone(&self);
            async move { run.settle(row).await }
        };
        stream::iter(rows).map(settle).buffer_unordered(concurrency).filter_map(ready)
    }

    /// Creates the coupons of rows in a batch. Returns `None` if the store does not accept batches.
    async fn create_batch(&self, rows: Range<usize>) -> Option<Vec<(usize, RowOutcome)>> {
        let CreateMany { client, coupons, accept_existing, report, .. } = &self.many;
        let item = if *accept_existing { BatchItem::create_or_get } else { BatchItem::create };
        for row in rows.clone() {
            report.set(row, RowOutcome::InFlight);
        }
        let intended = SystemTime::now();
        let (mut settled, mut open) = (Vec::with_capacity(rows.len()), rows.clone().collect::<Vec<_>>());
        for round in 1.. {
            let batch = client.batch(open.iter().map(|row| item(coupons[*row].clone()))).intended(intended);
            let send = || -> BoxFuture<'static, _> {
                let batch = batch.clone();
                Box::pin(async move { batch.send().await })
            };
            let results = match self.in_turn(send).await {
                Ok(sent) => sent.results(|_| ()).await.map_err(|error| error.of_lost_creates()),
                Err(error) if round == 1 && is_without_batches(&error) => {
                    for row in rows {
                        report.set(row, RowOutcome::NotAttempted);
                    }
                    return None;
                }
                Err(error) => Err(error),
            };
            let results = results.unwrap_or_else(|error| vec![Err(error); open.len()]);
            let is_last = round == ROUNDS || report.stopped_by().is_some();
            let mut again = Vec::new();
            for (row, result) in mem::take(&mut open).into_iter().zip(results) {
                let outcome = match result {
                    Ok(BatchResult::Created(creation)) => RowOutcome::Succeeded(creation),
                    Ok(_) => unreachable!("each request is a create"),
                    Err(error) if !is_last && may_succeed_later(&error) => {
                        again.push(row);
                        continue;
                    }
                    Err(error) => RowOutcome::Failed(error),
                };
                settled.push((row, outcome));
            }
            open = again;
            if open.is_empty() {
                break;
            }
        }
        for (row, outcome) in &settled {
            match outcome {
                RowOutcome::Failed(error) if self.is_over(error) => report.stop(error),
                RowOutcome::Failed(_) => {}
                _ => self.outage.store(0, Ordering::Relaxed),
            }
            report.set(*row, outcome.clone());
        }
        Some(settled)
    }

    /// Creates the coupon of a row, unless the run has stopped.
    async fn settle(&self, row: usize) -> Option<(usize, RowOutcome)> {
        let report = &self.many.report;
        if report.stopped_by().is_some() {
            return None;
        }
        report.set(row, RowOutcome::InFlight);
        let CreateMany { client, coupons, accept_existing, .. } = &self.many;
        let create = if *accept_existing { Client::create_or_get } else { Client::create };
        let outcome = match self.in_turn(|| create(client, &coupons[row])).await {
            Ok(creation) => {
                self.outage.store(0, Ordering::Relaxed);
                RowOutcome::Succeeded(creation)
            }
            Err(error) => {
                if self.is_over(&error) {
                    report.stop(&error);
                }
                RowOutcome::Failed(error)
            }
        };
        report.set(row, outcome.clone());
        Some((row, outcome))
    }

    /// Sends a request. Waits for the rate limit as often as needed.
    async fn in_turn<T>(&self, send: impl Fn() -> BoxFuture<'static, Result<T, Error>>) -> Result<T, Error> {
        let rate_limiter = &self.many.client.api.transport.settings.rate_limiter;
        let mut turns = 0;
        loop {
            turns += 1;
            let error = match send().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let wait = rate_limiter.time_until_ready().unwrap_or_default();
            if !had_no_turn(&error) || turns == MOST_TURNS || wait > LONGEST_TURN {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Whether the run must stop after this error.
    fn is_over(&self, error: &Error) -> bool {
        let no_store_works =
            error.is_network() || error.kind() == ErrorKind::Decode || matches!(error.status(), Some(408 | 500..));
        if !no_store_works {
            self.outage.store(0, Ordering::Relaxed);
        }
        let failed = if no_store_works { self.outage.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        failed >= OUTAGE || had_no_turn(error) || matches!(error.status(), Some(300..=399 | 401..=405 | 429))
    }
}

/// Whether another batch may create the coupon of a request that failed in a batch.
fn may_succeed_later(error: &Error) -> bool {
    error.is_rate_limited() || error.may_have_taken_effect() || matches!(error.status(), Some(408 | 500..))
}

/// Whether the deadline passed before a request could be sent.
fn had_no_turn(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout | ErrorKind::RateLimited) && error.attempts() == 0
}
