//! [`CreateMany`]: many coupons, several at once, each of them once.

use std::{
    collections::HashMap,
    fmt,
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{Stream, StreamExt as _, stream};

use crate::{
    Client, CreateOutcome, CreationReport, Error, ErrorKind, RowOutcome, client::create::OPERATION,
    coupon::misspelt_value, types::NewCoupon,
};

/// How many problems the text of an error names.
const SHOWN_PROBLEMS: usize = 20;

/// After how many rows in succession that fail for no fault of theirs the store is taken to be out of reach.
const OUTAGE: usize = 20;

/// The longest wait for a turn that belongs to the pace of requests. A longer one is a store that wants to be left alone.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// How often a row asks for a turn.
const MOST_TURNS: usize = 100;

impl Client {
    /// Creates many coupons, several at once; a row that fails does not hold up the others.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{RowOutcome, types::NewCoupon};
    /// use futures_util::StreamExt;
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
    /// # }
    /// ```
    ///
    /// Every row is settled by its code, as by [`create`](Self::create). See [`CreateMany::stream`] for when a run stops.
    pub fn create_many(&self, coupons: impl IntoIterator<Item = NewCoupon>) -> CreateMany {
        let coupons: Vec<_> = coupons.into_iter().collect();
        let report = CreationReport::new(coupons.len());
        CreateMany { client: self.clone(), coupons, concurrency: 8, accept_existing: false, report }
    }
}

/// Coupons to create, made by [`Client::create_many`]. They are rows, counted from 0.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until the stream is read"]
pub struct CreateMany {
    client: Client,
    coupons: Vec<NewCoupon>,
    concurrency: usize,
    accept_existing: bool,
    report: CreationReport,
}

/// What is wrong with a row, found before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowProblem {
    /// The row, counted from 0.
    pub row: usize,
    /// The field's name in JSON.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, {}: {}", self.row, self.field, self.problem)
    }
}

impl CreateMany {
    /// How many are created at once: 8 unless set. The first one goes alone, so that a token that may not create fails once.
    pub fn concurrency(mut self, rows: usize) -> Self {
        self.concurrency = rows;
        self
    }

    /// Takes a coupon that was there before with the same content for what was to be made, as
    /// [`Client::create_or_get`] does, so that a run can be repeated. Unless set, it is a failed row.
    pub fn accept_existing(mut self) -> Self {
        self.accept_existing = true;
        self
    }

    /// What becomes of the rows. It fills as they are settled, and stays when the stream is dropped.
    pub fn report(&self) -> CreationReport {
        self.report.clone()
    }

    /// What is wrong with the rows, as far as that shows without asking the store: a name or a code that is missing, a code
    /// that an earlier row has in any letter case, an enum's value that is surely misspelt, and a limit that lists nothing.
    pub fn problems(&self) -> Vec<RowProblem> {
        let mut problems = Vec::new();
        let mut rows: HashMap<String, usize> = HashMap::with_capacity(self.coupons.len());
        for (row, coupon) in self.coupons.iter().enumerate() {
            let mut add = |field, problem: String| problems.push(RowProblem { row, field, problem });
            if coupon.name.trim().is_empty() {
                add("name", "it is missing".to_owned());
            }
            if coupon.code.trim().is_empty() {
                add("code", "it is missing".to_owned());
            } else if let Some(first) = rows.get(&coupon.code.to_lowercase()) {
                let code = &coupon.code;
                add(
                    "code",
                    format!("{code:?} is the code of row {first} too; a store has a code once, in any letter case"),
                );
            } else {
                rows.insert(coupon.code.to_lowercase(), row);
            }
            if let Some((field, problem)) = misspelt_value(coupon) {
                add(field, problem);
            }
            if let Some(limit) = coupon.empty_limit() {
                add(
                    limit,
                    "it lists nothing, which the store takes for no limit; leave it out if that is meant".to_owned(),
                );
            }
        }
        problems
    }

    /// Creates the coupons, several at once and at the pace that the store allows; gives each row with what became of it, in
    /// the order in which that is known.
    ///
    /// A row that fails does not hold up the others. The run stops, and leaves the rows that were not begun
    /// [not attempted](RowOutcome::NotAttempted), when no row can be created any more: when the token or the store's plan does not
    /// allow it, when the store refuses requests for longer than a call may take, and when twenty rows in succession found no
    /// store that works. [`CreationReport::stopped_by`] has the reason.
    ///
    /// Each row has the time of one call; what it waits for its turn does not count. A stream that is dropped sends nothing
    /// more; rows that were [under way](RowOutcome::InFlight) may or may not have been created then, and a run with
    /// [`accept_existing`](Self::accept_existing) finds out.
    ///
    /// # Errors
    ///
    /// When rows have [problems](Self::problems). Nothing is sent then.
    pub fn stream(self) -> Result<impl Stream<Item = (usize, RowOutcome)> + Send + Unpin + use<>, Error> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(refusal(&problems));
        }
        let (rows, concurrency) = (self.coupons.len(), self.concurrency.max(1));
        let run = Arc::new(Run { many: self, outage: AtomicUsize::new(0) });
        let settle = move |row| {
            let run = Arc::clone(&run);
            async move { run.settle(row).await }
        };
        let first = stream::iter(0..rows.min(1)).then(settle.clone());
        let others = stream::iter(1..rows).map(settle).buffer_unordered(concurrency);
        // Boxed, so that a caller need not pin it.
        Ok(Box::pin(first.chain(others).filter_map(ready)))
    }
}

fn refusal(problems: &[RowProblem]) -> Error {
    let shown: Vec<_> = problems.iter().take(SHOWN_PROBLEMS).map(ToString::to_string).collect();
    let more = problems.len().saturating_sub(SHOWN_PROBLEMS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Error::invalid_request(format!("nothing was sent: {}{more}", shown.join("; "))).with_operation(OPERATION)
}

/// A run that is under way.
struct Run {
    many: CreateMany,
    /// How many rows in succession failed for no fault of theirs.
    outage: AtomicUsize,
}

impl Run {
    /// Creates the coupon of a row, unless the run was stopped.
    async fn settle(&self, row: usize) -> Option<(usize, RowOutcome)> {
        let report = &self.many.report;
        if report.stopped_by().is_some() {
            return None;
        }
        report.set(row, RowOutcome::InFlight);
        let outcome = match self.create(&self.many.coupons[row]).await {
            Ok(creation) => {
                self.outage.store(0, Ordering::Relaxed);
                RowOutcome::Succeeded(creation)
            }
            Err(error) => {
                let error = Arc::new(error);
                if self.is_over(&error) {
                    report.stop(&error);
                }
                RowOutcome::Failed(error)
            }
        };
        report.set(row, outcome.clone());
        Some((row, outcome))
    }

    /// Creates a coupon, in as many calls as it takes to have a turn.
    async fn create(&self, coupon: &NewCoupon) -> Result<CreateOutcome, Error> {
        let CreateMany { client, accept_existing, .. } = &self.many;
        let mut turns = 0;
        loop {
            turns += 1;
            let error = match client.create_once(coupon, *accept_existing).await {
                Ok(creation) => return Ok(creation),
                Err(error) => error,
            };
            let wait = client.api.transport.rate_limiter.time_until_ready().unwrap_or_default();
            if !had_no_turn(&error) || turns == MOST_TURNS || wait > LONGEST_TURN {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Whether an error says that other rows would fail too.
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

/// Whether a call ended before it could be sent, since others had their turn.
fn had_no_turn(error: &Error) -> bool {
    error.kind() == ErrorKind::Timeout && error.attempts() == 0
}
