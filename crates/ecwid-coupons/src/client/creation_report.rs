//! [`CreationReport`]: the outcomes of the rows of a [`CreateMany`](crate::CreateMany).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{CreateOutcome, Error};

/// The outcome of a row of [`Client::create_many`](crate::Client::create_many).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RowOutcome {
    /// No request was sent for the row yet. If the run has stopped, none will be sent.
    NotAttempted,
    /// The row is being created. If the stream was dropped, the coupon may have been created.
    InFlight,
    /// The coupon exists: it was created, or found with the same content.
    Succeeded(CreateOutcome),
    /// The create failed. [`Error::may_have_taken_effect`] says whether the coupon may exist nevertheless.
    Failed(Arc<Error>),
}

impl RowOutcome {
    /// The names of all outcomes, in the order of reports.
    pub const NAMES: [&str; 5] = ["created", "already_exists", "failed", "in_flight", "not_attempted"];

    /// Returns the name of the outcome, one of [`NAMES`](Self::NAMES).
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Succeeded(outcome) => outcome.as_str(),
            Self::Failed(_) => "failed",
            Self::InFlight => "in_flight",
            Self::NotAttempted => "not_attempted",
        }
    }

    /// Whether the coupon may have been created although the store did not confirm it.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::InFlight => true,
            Self::Failed(error) => error.may_have_taken_effect(),
            Self::NotAttempted | Self::Succeeded(_) => false,
        }
    }
}

/// The outcome of each row of a bulk create so far.
///
/// Clones show the same run. The report remains available after the run is dropped.
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

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.state().rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.state().rows.is_empty()
    }

    /// Returns the outcome of a row, counted from 0. `None` if there is no such row.
    pub fn get(&self, row: usize) -> Option<RowOutcome> {
        self.state().rows.get(row).cloned()
    }

    /// Returns the outcomes of all rows.
    pub fn rows(&self) -> Vec<RowOutcome> {
        self.state().rows.clone()
    }

    /// Returns the error that stopped the run.
    pub fn stopped_by(&self) -> Option<Arc<Error>> {
        self.state().stopped_by.clone()
    }
}
