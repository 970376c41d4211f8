//! What the client logs, in Python's `logging` under `ecwid_coupons`.

use std::sync::Once;

use log::{LevelFilter, Log, Metadata, Record};
use pyo3::{prelude::*, sync::OnceExt as _};
use pyo3_log::{Caching, Logger};

use crate::forking::Inside;

/// Sets the log up with the first client, not with the import, which would import `logging` too.
pub(crate) fn set_up(py: Python<'_>) -> PyResult<()> {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() {
        return Ok(());
    }
    // Levels are asked for each time: those set after the first call would be of no effect otherwise.
    let logger = Logger::new(py, Caching::Loggers)?.filter(LevelFilter::Off);
    let logger = logger.filter_target("ecwid_coupons".to_owned(), LevelFilter::Trace);
    // It fails where there is one, and no other part of this module sets one up. Who waits here does not hold up other threads.
    ONCE.call_once_py_attached(py, || {
        log::set_max_level(LevelFilter::Trace);
        drop(log::set_boxed_logger(Box::new(OutsideOfForks(logger))));
    });
    Ok(())
}

/// A log that no thread enters Python for while it is forked.
struct OutsideOfForks(Logger);

impl Log for OutsideOfForks {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.0.enabled(record.metadata()) {
            let _inside = Inside::enter();
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}
