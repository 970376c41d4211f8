//! The step `semver`: checks that the version reflects breaking changes of the client since the last release.

use anyhow::bail;

use super::outcome::{Skipped, StepResult};
use crate::{command, tools};

const VERSION: &str = "0.51.0";

/// Runs cargo-semver-checks against the last release. Does not build it if there is no release, because the build takes minutes.
pub(super) fn run() -> StepResult {
    let tag = match last_release() {
        Ok(tag) => tag,
        Err(reason) => return Ok(vec![Skipped { part: "comparison with the last release", reason }]),
    };
    println!("last release: {tag}");
    let program = tools::cargo_program("cargo-semver-checks", VERSION, None)?;
    let mut checks = command::command(&program);
    // The other features do not change the API, and take long to build.
    checks.args([
        "semver-checks",
        "--package",
        "ecwid-coupons",
        "--only-explicit-features",
        "--features",
        "blocking,config,schemars,test-util,webhook",
    ]);
    let (status, output) = command::capture(checks.args(["--baseline-rev", &tag]))?;
    if !status.success() {
        print!("{output}");
        bail!(
            "the version in Cargo.toml does not fit the changes since {tag}, or cargo-semver-checks failed: see above"
        );
    }
    Ok(Vec::new())
}

/// Returns the tag of the last release before this commit, or the reason why there is none.
fn last_release() -> Result<String, String> {
    let mut git = command::command("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let output = git.output().map_err(|error| format!("cannot start `git` ({error})"))?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !tag.is_empty() {
        return Ok(tag);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("no release tag `v*` before this commit ({})", said.lines().next().unwrap_or_default()))
}
