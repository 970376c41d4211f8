//! How a step of the checks ended.

use std::time::Duration;

/// A part of a step that could not be run here, and why.
pub(super) struct Skipped {
    pub(super) part: &'static str,
    pub(super) reason: String,
}

/// What a step that did not fail answers: the parts it had to leave out.
pub(super) type StepResult = anyhow::Result<Vec<Skipped>>;

/// A line of the closing table.
pub(super) enum Outcome {
    Ran { skipped: Vec<Skipped>, time: Duration },
    Failed { time: Duration },
    NotRun { reason: String },
}

impl Outcome {
    pub(super) fn is_failed(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
