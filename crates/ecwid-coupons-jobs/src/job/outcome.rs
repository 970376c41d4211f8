//! What the result of a request means for its row. It is decided here only.

use ecwid_coupons::{BatchResult, CreateOutcome, Error, ErrorKind};

use super::{RowChange, RowOutcome};

/// What the result of a request means for its row.
pub(super) enum Meaning {
    /// The row has an outcome.
    Settled { outcome: RowOutcome, id: Option<i64>, error: Option<String> },
    /// Another coupon has the code.
    Taken(Error),
    /// No further row can succeed.
    Stop(Error),
    /// The row may succeed later.
    Again(Error),
}

/// Returns what a result means. `is_generated` says whether the job drew the code.
pub(super) fn meaning(change: &RowChange, result: Result<BatchResult, Error>, is_generated: bool) -> Meaning {
    let known = match change {
        RowChange::Update { id, .. } | RowChange::Delete { id } | RowChange::Keep { id, .. } => Some(*id),
        RowChange::Create(_) => None,
    };
    let settled = |outcome, id, error| Meaning::Settled { outcome, id, error };
    match result {
        // Nobody else draws the codes of a pattern, so the job has created the coupon that has one.
        Ok(BatchResult::Created(CreateOutcome::AlreadyExists(coupon))) if !is_generated => {
            settled(RowOutcome::AlreadyExists, coupon.id, None)
        }
        Ok(BatchResult::Created(created)) => settled(RowOutcome::Created, created.id(), None),
        Ok(BatchResult::Updated(_)) => settled(RowOutcome::Updated, known, None),
        Ok(_) => settled(RowOutcome::Deleted, known, None),
        // The code was looked up, and the coupon that has it is not ours. After another conflict, it may be.
        Err(error) if error.kind() == ErrorKind::Conflict => Meaning::Taken(error),
        Err(error) if known.is_some() && error.is_conflict() => {
            settled(RowOutcome::Conflict, known, Some(error.summary()))
        }
        Err(error) if is_refused(&error) || (known.is_some() && error.is_coupon_not_found()) => {
            settled(RowOutcome::Refused, known, Some(error.summary()))
        }
        Err(error) if matches!(error.status(), Some(401..=405)) => Meaning::Stop(error),
        Err(error) => Meaning::Again(error),
    }
}

/// Whether the store refuses the change because of its content.
fn is_refused(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidRequest
        || error.is_nothing_updated()
        || matches!(error.status(), Some(400 | 415 | 422))
}
