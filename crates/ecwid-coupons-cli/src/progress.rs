//! [`Progress`]: a progress bar on standard error.

use std::{
    fmt,
    io::{self, IsTerminal as _},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::output::Format;

/// A progress bar. It is hidden if standard error is not a terminal, or if rows are printed to a terminal meanwhile.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Returns a bar for this many coupons, which are printed in this format.
    pub(crate) fn new(all: u64, format: Format) -> Self {
        let prints_rows = format != Format::Table && io::stdout().is_terminal();
        let is_shown = all > 1 && io::stderr().is_terminal() && !prints_rows;
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(all), target);
        let style = ProgressStyle::with_template("{bar:15} {pos} of {len} coupons{msg}, {rate}, {eta} left");
        let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        };
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate)))
    }

    /// Sets the number of coupons.
    pub(crate) fn set_length(&self, all: u64) {
        self.0.set_length(all);
    }

    pub(crate) fn inc(&self) {
        self.0.inc(1);
    }

    pub(crate) fn add(&self, coupons: u64) {
        self.0.inc(coupons);
    }

    pub(crate) fn set_position(&self, coupons: u64) {
        self.0.set_position(coupons);
    }

    /// Shows how many coupons of a job have an outcome in its file, and how many more the store has handled.
    pub(crate) fn set_settled(&self, settled: usize, at_store: usize) {
        let done = (settled + at_store) as u64;
        // The outcomes of a batch are written after the store has handled all of it.
        self.0.set_position(done.max(self.0.position()));
        self.0.set_message(format!(" at the store, {settled} settled"));
    }

    /// Hides the bar while something else is printed.
    pub(crate) fn hidden<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
