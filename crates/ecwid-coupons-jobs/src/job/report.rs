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
    /// The store refused the coupon.
    Refused,
    /// Other coupons have the codes that were drawn for the row.
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
            Self::Refused => "refused",
            Self::Conflict => "conflict",
            Self::Undone => "undone",
        }
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
    /// The rows that the store refused.
    pub refused: usize,
    /// The rows whose codes other coupons have.
    pub conflict: usize,
    /// The rows whose coupons were deleted again.
    pub undone: usize,
}

impl JobStatus {
    /// Whether no row needs another run.
    pub fn is_complete(&self) -> bool {
        self.not_attempted + self.in_flight == 0
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
    /// The coupon's id, if it was created.
    pub id: Option<i64>,
    /// The outcome.
    pub outcome: RowOutcome,
    /// Why the coupon was not created.
    pub error: Option<String>,
    /// The columns of the row.
    pub columns: Row,
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
            let outcome = match (outcome.as_deref(), undone.as_deref()) {
                (_, Some("deleted")) => RowOutcome::Undone,
                (Some("created"), _) => RowOutcome::Created,
                (Some("refused"), _) => RowOutcome::Refused,
                (Some(_), _) => RowOutcome::Conflict,
                (None, _) if in_flight.binary_search(&number).is_ok() => RowOutcome::InFlight,
                (None, _) => RowOutcome::NotAttempted,
            };
            let columns: Option<String> = row.get(5)?;
            let columns = columns.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            let row_number = usize::try_from(number).unwrap_or_default();
            Ok(ReportRow { row: row_number, code: row.get(1)?, id: row.get(2)?, outcome, error: row.get(4)?, columns })
        };
        each(read().map_err(fail)?)?;
    }
    Ok(())
}

pub(super) fn status(file: &JobFile) -> Result<JobStatus, JobError> {
    let mut status = JobStatus::default();
    for_each_row(file, |row| {
        status.rows += 1;
        let count = match row.outcome {
            RowOutcome::NotAttempted => &mut status.not_attempted,
            RowOutcome::InFlight => &mut status.in_flight,
            RowOutcome::Created => &mut status.created,
            RowOutcome::Refused => &mut status.refused,
            RowOutcome::Conflict => &mut status.conflict,
            RowOutcome::Undone => &mut status.undone,
        };
        *count += 1;
        Ok(())
    })?;
    Ok(status)
}
