//! [`PlanError`].

use std::path::PathBuf;

use crate::JobError;

/// The error of a plan. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A coupon is wrong, or a request failed.
    #[error(transparent)]
    Job(#[from] JobError),
    /// Coupons are to be removed, but the declaration does not say which ones it is about.
    #[error("the declaration has no `scope`, so no coupon can be removed")]
    NoScope,
    /// Too many coupons would be removed.
    #[error("{count} coupons would be removed (expected at most {most})")]
    TooManyRemovals {
        /// The number of coupons.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// Coupons are not as they were when the plan was made.
    #[error("the store is not as it was when the plan was made: {}", coupons.join("; "))]
    Changed {
        /// Each coupon, and what has changed.
        coupons: Vec<String>,
    },
    /// The plan is of another store.
    #[error("the plan is for {wanted}, and not for {given}")]
    OtherStore {
        /// The store of the plan.
        wanted: String,
        /// The store of the client.
        given: String,
    },
    /// The text is not a plan.
    #[error("invalid plan: {0}")]
    Invalid(String),
    /// The plan cannot be written.
    #[error("cannot write the plan `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

impl From<ecwid_coupons::Error> for PlanError {
    fn from(error: ecwid_coupons::Error) -> Self {
        Self::Job(error.into())
    }
}
