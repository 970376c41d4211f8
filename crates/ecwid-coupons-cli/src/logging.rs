//! What `-v`, `-vv` and `ECWID_LOG` print to standard error: the requests, or the events of the client.

use std::io;

use ecwid_coupons::{__private::read_variable, Attempt, schema::OPERATIONS};
use tracing_subscriber::EnvFilter;

use crate::exit::{self, Failure};

/// The variable with a filter of events, such as `debug` or `ecwid_coupons=trace`.
const VARIABLE: &str = "ECWID_LOG";

/// Prints the events that `ECWID_LOG` selects, or those of the level `debug` after `-vv`. No event has a token.
///
/// # Errors
///
/// The filter is invalid.
pub(crate) fn set_up(verbosity: u8) -> Result<(), Failure> {
    let directives = match read_variable(VARIABLE)? {
        Some(directives) => directives,
        None if verbosity >= 2 => "ecwid_coupons=debug".to_owned(),
        None => return Ok(()),
    };
    let filter = EnvFilter::try_new(&directives).map_err(|error| {
        let hint = "use a level such as `debug`, or a filter such as `ecwid_coupons=trace`";
        Failure::usage(format!("invalid filter in `{VARIABLE}`: {error}"), hint)
    })?;
    // Written line by line through the redaction of tokens.
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Lines(Vec::new())).init();
    Ok(())
}

/// Collects an event, and prints it when it is complete.
struct Lines(Vec<u8>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        exit::log(&String::from_utf8_lossy(&self.0));
    }
}

/// Prints an attempt, for `-v`.
pub(crate) fn show(attempt: &Attempt<'_>) {
    let operation = OPERATIONS.iter().find(|known| known.name == attempt.operation);
    let (method, path) = operation.map_or(("", attempt.operation), |operation| (operation.method, operation.path));
    let result = match (attempt.status, attempt.failure) {
        (Some(status), _) => status.to_string(),
        (None, Some(failure)) => failure.to_string(),
        (None, None) => String::new(),
    };
    let (number, id) = (attempt.number, attempt.request_id);
    let queued = match attempt.queued.as_millis() {
        0 => String::new(),
        wait => format!(", {wait} ms of waiting for the rate limit"),
    };
    let took = attempt.elapsed.as_millis();
    exit::log(&format!("{method} {path}: {result}, {took} ms{queued}, attempt {number} [request {id}]\n"));
}
