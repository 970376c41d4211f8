//! Asks before several coupons are changed.

use std::io::{self, BufRead as _, IsTerminal as _};

use crate::exit::{self, Failure};

/// Asks whether `verb` may be done with `what`, such as "delete" and "5 coupons". Does not ask without a terminal.
///
/// `done` is the participle of the verb, such as "deleted".
pub(crate) fn confirm(verb: &str, what: &str, done: &str) -> Result<(), Failure> {
    if !io::stderr().is_terminal() {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        let hint = "add `--yes`, or see what would be done with `--dry-run`";
        return Err(Failure::usage(format!("{what} would be {done}, and standard input cannot confirm that"), hint));
    }
    exit::ask(&format!("{verb} {what}? [y/N]"));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage(format!("canceled: no coupon was {done}"), "confirm with `y`, or add `--yes`"))
}
