//! [`CreationReport`]: what becomes of the rows of a [`CreateMany`](crate::CreateMany).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{CreateOutcome, Error};

/// What became of a row.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RowOutcome {
    /// Nothing was sent for it: the run was stopped before, or is not that far.
    NotAttempted,
    /// It is being created. It stays so when the stream is dropped meanwhile: the coupon may or may not be there then.
    InFlight,
    /// The coupon is there: created, or found as it was to be.
    Succeeded(CreateOutcome),
    /// It could not be created; [`Error::may_have_taken_effect`] says whether even that is not known for sure.
    Failed(Arc<Error>),
}

impl RowOutcome {
    /// The names of all outcomes, in the order in which they are reported.
    pub const NAMES: [&str; 5] = ["created", "already_exists", "failed", "in_flight", "not_attempted"];

    /// The outcome's name, one of [`NAMES`](Self::NAMES).
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Succeeded(outcome) => outcome.as_str(),
            Self::Failed(_) => "failed",
            Self::InFlight => "in_flight",
            Self::NotAttempted => "not_attempted",
        }
    }

    /// Whether the coupon may be there although the store never said so.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::InFlight => true,
            Self::Failed(error) => error.may_have_taken_effect(),
            Self::NotAttempted | Self::Succeeded(_) => false,
        }
    }
}

/// What became of each row so far. A clone shows the same run, and stays as it was when the run is dropped.
#[derive(Clone, Debug)]
pub struct CreationReport(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rows: Vec<RowOutcome>,
    stopped_by: Option<Arc<Error>>,
}

impl CreationReport {
    pub(crate) fn new(rows: usize) -> Self {
        Self(Arc::new(Mutex::new(State { rows: vec![RowOutcome::NotAttempted; rows], stopped_by: None })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, row: usize, outcome: RowOutcome) {
        self.state().rows[row] = outcome;
    }

    pub(crate) fn stop(&self, error: &Arc<Error>) {
        self.state().stopped_by.get_or_insert_with(|| Arc::clone(error));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.state().rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.state().rows.is_empty()
    }

    /// What became of a row, counted from 0, if there is such a row.
    pub fn get(&self, row: usize) -> Option<RowOutcome> {
        self.state().rows.get(row).cloned()
    }

    /// What became of each row.
    pub fn rows(&self) -> Vec<RowOutcome> {
        self.state().rows.clone()
    }

    /// Why rows were not attempted.
    pub fn stopped_by(&self) -> Option<Arc<Error>> {
        self.state().stopped_by.clone()
    }
}
