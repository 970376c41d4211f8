//! The step `deny`: licenses, sources and known vulnerabilities of the dependencies, as `deny.toml` says.

use std::path::PathBuf;

use anyhow::bail;

use super::{Skipped, StepResult, tools};
use crate::command;

const VERSION: &str = "0.20.2";

/// What cargo-deny says when it could not get at the list of known vulnerabilities.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// Runs cargo-deny, which is installed below the target folder unless this very version is there already.
pub(super) fn run() -> StepResult {
    let deny = program()?;
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

fn program() -> anyhow::Result<PathBuf> {
    let tools = tools::folder()?;
    let own = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    for program in [PathBuf::from("cargo-deny"), own.clone()] {
        // One that cannot be started is one that is not there.
        let version = command::command(&program).arg("--version").output();
        if version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("cargo-deny {VERSION}"))
        {
            return Ok(program);
        }
    }
    // It works for seconds only: not worth the time to build it optimized.
    let install = format!("install cargo-deny --version {VERSION} --locked --debug");
    command::run(command::cargo(&install).arg("--root").arg(&tools))?;
    Ok(own)
}
