//! [`StoreFailures`]: the failures of some of several stores, which do not end the command.

use crate::exit::{Code, Failure};

/// The stores of a command that failed.
#[derive(Debug)]
pub(crate) struct StoreFailures {
    all: usize,
    first: Option<Code>,
    count: usize,
}

impl StoreFailures {
    /// Returns no failures of this many stores.
    pub(crate) fn of(stores: usize) -> Self {
        Self { all: stores, first: None, count: 0 }
    }

    /// Prints the failure of one of several stores. The failure of a single store ends the command.
    pub(crate) fn add(&mut self, failure: Failure, store: Option<&String>) -> Result<(), Failure> {
        let Some(name) = store else { return Err(failure) };
        self.first.get_or_insert(failure.code());
        self.count += 1;
        let _ = failure.of_store(name).report();
        Ok(())
    }

    /// Returns a failure if a store failed, with the exit code of the first one. `what` says what is wrong then.
    pub(crate) fn finish(self, what: &str) -> Result<(), Failure> {
        let Some(code) = self.first else { return Ok(()) };
        let message = format!("{} of {} stores failed: {what}", self.count, self.all);
        let hint = "correct the failures above, and repeat the command for these stores with `--store`";
        Err(Failure::new(code, message, hint))
    }
}
