//! [`CreationReport`]: the outcomes of the rows of a [`CreateMany`](crate::CreateMany).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{CreateOutcome, Error, ErrorKind, types::NewCoupon};

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
    Failed(Error),
}

impl RowOutcome {
    /// The names of all outcomes, in the order of reports.
    pub const NAMES: [&str; 6] = ["created", "recovered", "already_exists", "failed", "in_flight", "not_attempted"];

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

    /// Whether the row is done: the coupon exists, or the store refused it because of its content. Creating other rows
    /// again may succeed.
    fn is_settled(&self) -> bool {
        match self {
            Self::Succeeded(_) => true,
            Self::Failed(error) => {
                let is_of_row = matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::Conflict)
                    || matches!(error.status(), Some(400 | 409 | 422));
                is_of_row && !error.may_have_taken_effect()
            }
            Self::NotAttempted | Self::InFlight => false,
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
    coupons: Arc<[NewCoupon]>,
    rows: Vec<RowOutcome>,
    stopped_by: Option<Error>,
}

impl CreationReport {
    pub(crate) fn new(coupons: Arc<[NewCoupon]>) -> Self {
        let rows = vec![RowOutcome::NotAttempted; coupons.len()];
        Self(Arc::new(Mutex::new(State { coupons, rows, stopped_by: None })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, row: usize, outcome: RowOutcome) {
        self.state().rows[row] = outcome;
    }

    pub(crate) fn stop(&self, error: &Error) {
        self.state().stopped_by.get_or_insert_with(|| error.clone());
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
    pub fn stopped_by(&self) -> Option<Error> {
        self.state().stopped_by.clone()
    }

    /// Returns the coupons that a second run should create, each with its row: those that were not attempted or not
    /// finished, and those that failed for another reason than their content, such as an outage.
    ///
    /// Some of them may exist. A second run with [`accept_existing`](crate::CreateMany::accept_existing) finds these.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let many = coupons.create_many([NewCoupon::percent("Thank you", "THANKS-1", 10)]).accept_existing();
    /// let report = many.report();
    /// drop(many.stream()?);
    /// let again = coupons.create_many(report.unsettled().into_iter().map(|(_row, coupon)| coupon)).accept_existing();
    /// assert_eq!(again.report().len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub fn unsettled(&self) -> Vec<(usize, NewCoupon)> {
        let state = self.state();
        let rows = state.rows.iter().zip(&*state.coupons).enumerate();
        rows.filter(|(_, (outcome, _))| !outcome.is_settled()).map(|(row, (_, coupon))| (row, coupon.clone())).collect()
    }
}
