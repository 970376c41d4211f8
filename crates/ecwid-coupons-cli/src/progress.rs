//! [`Progress`]: a progress bar on standard error.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} coupons, {eta} left");
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
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

    /// Hides the bar while something else is printed.
    pub(crate) fn hidden<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
