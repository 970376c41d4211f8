//! The step `semver`: a change since the last release that breaks users of the client is one that the version says.

use anyhow::bail;

use super::outcome::{Skipped, StepResult};
use crate::{command, tools};

const VERSION: &str = "0.51.0";

/// Runs cargo-semver-checks against the last release; it is built only where there is one, since that takes minutes.
pub(super) fn run() -> StepResult {
    let tag = match last_release() {
        Ok(tag) => tag,
        Err(reason) => return Ok(vec![Skipped { part: "comparing with the last release", reason }]),
    };
    println!("the last release is {tag}");
    let program = tools::cargo_program("cargo-semver-checks", VERSION, None)?;
    let mut checks = command::command(&program);
    // The features that are left out add nothing to the API, and take long to build.
    checks.args(["semver-checks", "--package", "ecwid-coupons", "--only-explicit-features", "--features", "schemars"]);
    let (status, output) = command::capture(checks.args(["--baseline-rev", &tag]))?;
    if !status.success() {
        print!("{output}");
        bail!("the version in Cargo.toml does not fit what changed since {tag}, or that cannot be told: see above");
    }
    Ok(Vec::new())
}

/// The tag of the last release before this commit, or why there is none.
fn last_release() -> Result<String, String> {
    let mut git = command::command("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let output = git.output().map_err(|error| format!("no `git` here ({error})"))?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !tag.is_empty() {
        return Ok(tag);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("no tag v* is before this commit ({})", said.lines().next().unwrap_or_default()))
}
