//! The outcomes of the rows of a job.

use super::{JobError, Row, file::JobFile};

/// The outcome of a row of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RowOutcome {
    /// Nothing was sent for the row yet.
    NotAttempted,
    /// The coupon was sent, and the job was interrupted before the result was known. The next run finds out.
    InFlight,
    /// The job created the coupon.
    Created,
    /// The coupon existed before the job. The job did not change it.
    AlreadyExists,
    /// The job changed the coupon.
    Updated,
    /// The job deleted the coupon, or it did not exist any more.
    Deleted,
    /// The store refused the change.
    Refused,
    /// Another coupon has the code.
    Conflict,
    /// The job created the coupon, and deleted it again.
    Undone,
}

impl RowOutcome {
    /// Returns the name of the outcome in snake case, such as `in_flight`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAttempted => "not_attempted",
            Self::InFlight => "in_flight",
            Self::Created => "created",
            Self::AlreadyExists => "already_exists",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Refused => "refused",
            Self::Conflict => "conflict",
            Self::Undone => "undone",
        }
    }

    /// The outcomes that the file of a job has by name.
    const WRITTEN: [Self; 6] =
        [Self::Created, Self::AlreadyExists, Self::Updated, Self::Deleted, Self::Refused, Self::Conflict];

    fn written(name: &str) -> Option<Self> {
        Self::WRITTEN.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// How many rows of a job have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobStatus {
    /// The number of rows.
    pub rows: usize,
    /// The rows for which nothing was sent.
    pub not_attempted: usize,
    /// The rows whose result is not known yet.
    pub in_flight: usize,
    /// The rows whose coupons were created, and not undone.
    pub created: usize,
    /// The rows whose coupons existed before the job.
    pub already_exists: usize,
    /// The rows whose coupons were changed.
    pub updated: usize,
    /// The rows whose coupons were deleted by the job.
    pub deleted: usize,
    /// The rows that the store refused.
    pub refused: usize,
    /// The rows whose codes other coupons have.
    pub conflict: usize,
    /// The rows whose coupons were created and deleted again.
    pub undone: usize,
}

impl JobStatus {
    /// Whether no row needs another run.
    pub fn is_complete(&self) -> bool {
        self.not_attempted + self.in_flight == 0
    }

    /// Returns the number of rows with an outcome.
    pub fn settled(&self) -> usize {
        self.rows - self.not_attempted - self.in_flight
    }

    /// Returns each outcome with its number of rows.
    pub fn counts(&self) -> [(RowOutcome, usize); 9] {
        [
            (RowOutcome::Created, self.created),
            (RowOutcome::AlreadyExists, self.already_exists),
            (RowOutcome::Updated, self.updated),
            (RowOutcome::Deleted, self.deleted),
            (RowOutcome::Refused, self.refused),
            (RowOutcome::Conflict, self.conflict),
            (RowOutcome::Undone, self.undone),
            (RowOutcome::InFlight, self.in_flight),
            (RowOutcome::NotAttempted, self.not_attempted),
        ]
    }

    fn count_mut(&mut self, outcome: RowOutcome) -> &mut usize {
        match outcome {
            RowOutcome::NotAttempted => &mut self.not_attempted,
            RowOutcome::InFlight => &mut self.in_flight,
            RowOutcome::Created => &mut self.created,
            RowOutcome::AlreadyExists => &mut self.already_exists,
            RowOutcome::Updated => &mut self.updated,
            RowOutcome::Deleted => &mut self.deleted,
            RowOutcome::Refused => &mut self.refused,
            RowOutcome::Conflict => &mut self.conflict,
            RowOutcome::Undone => &mut self.undone,
        }
    }
}

/// A row of a job, for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportRow {
    /// The row, counted from 0.
    pub row: usize,
    /// The code of the coupon.
    pub code: String,
    /// The coupon's id, if it is known.
    pub id: Option<i64>,
    /// The outcome.
    pub outcome: RowOutcome,
    /// Why the change was not made.
    pub error: Option<String>,
    /// The columns of the row. One with the name of a [column of the report](Self::COLUMNS) has the prefix `input_`.
    pub columns: Row,
}

impl ReportRow {
    /// The columns of a report before those of the row.
    pub const COLUMNS: [&'static str; 5] = ["row", "code", "id", "outcome", "error"];
}

const SELECT: &str = "
SELECT rows.row, rows.code, outcomes.id, outcomes.outcome, outcomes.error, rows.columns, undone.outcome
FROM rows LEFT JOIN outcomes USING (row) LEFT JOIN undone USING (row) ORDER BY rows.row";

pub(super) fn for_each_row(
    file: &JobFile,
    mut each: impl FnMut(ReportRow) -> Result<(), JobError>,
) -> Result<(), JobError> {
    let mut in_flight: Vec<i64> = file.open_batches()?.into_iter().flat_map(|batch| batch.rows).collect();
    in_flight.sort_unstable();
    let fail = |error| file.failed(error);
    let mut select = file.connection.prepare(SELECT).map_err(fail)?;
    let mut rows = select.query([]).map_err(fail)?;
    while let Some(row) = rows.next().map_err(fail)? {
        let read = || {
            let number: i64 = row.get(0)?;
            let outcome: Option<String> = row.get(3)?;
            let undone: Option<String> = row.get(6)?;
            let outcome = match outcome.as_deref().map(RowOutcome::written) {
                _ if undone.is_some() => RowOutcome::Undone,
                Some(Some(outcome)) => outcome,
                Some(None) => return Err(rusqlite::Error::InvalidQuery),
                None if in_flight.binary_search(&number).is_ok() => RowOutcome::InFlight,
                None => RowOutcome::NotAttempted,
            };
            let columns: Option<String> = row.get(5)?;
            let columns: Row = columns.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            let columns = columns.into_iter().map(|(name, value)| (carried(name), value)).collect();
            let row_number = usize::try_from(number).unwrap_or_default();
            Ok(ReportRow { row: row_number, code: row.get(1)?, id: row.get(2)?, outcome, error: row.get(4)?, columns })
        };
        each(read().map_err(fail)?)?;
    }
    Ok(())
}

/// Returns the name that a column of a row has in the report.
fn carried(name: String) -> String {
    if ReportRow::COLUMNS.contains(&name.as_str()) { format!("input_{name}") } else { name }
}

const COUNTS: &str = "
SELECT outcomes.outcome, undone.outcome IS NOT NULL, count(*)
FROM outcomes LEFT JOIN undone USING (row) GROUP BY 1, 2";

pub(super) fn status(file: &JobFile) -> Result<JobStatus, JobError> {
    let number = |count: i64| usize::try_from(count).unwrap_or_default();
    let read = || {
        let rows = file.connection.query_row("SELECT count(*) FROM rows", [], |row| row.get(0))?;
        let mut status = JobStatus { rows: number(rows), ..JobStatus::default() };
        let mut settled = 0;
        let mut select = file.connection.prepare(COUNTS)?;
        let mut counts = select.query([])?;
        while let Some(row) = counts.next()? {
            let (outcome, is_undone): (String, bool) = (row.get(0)?, row.get(1)?);
            let outcome = RowOutcome::written(&outcome).filter(|_| !is_undone).unwrap_or(RowOutcome::Undone);
            let count = number(row.get(2)?);
            *status.count_mut(outcome) += count;
            settled += count;
        }
        Ok((status, settled))
    };
    let (mut status, settled) = read().map_err(|error| file.failed(error))?;
    // The outcomes of a batch are written together, so the rows of an open batch have none.
    status.in_flight = file.open_batches()?.iter().map(|batch| batch.rows.len()).sum();
    status.not_attempted = status.rows - settled - status.in_flight;
    Ok(status)
}
