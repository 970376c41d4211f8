//! Comparison of the public interfaces with those of the last release.

use std::{collections::BTreeSet, fs};

use anyhow::{Context as _, bail};
use cargo_metadata::{Package, TargetKind, semver::Version};

use crate::{command, tools, tools::python::Venv, workspace};

/// The parts of the command that programs use. A test keeps the list up to date.
const COMMAND: &str = "crates/ecwid-coupons-cli/interface.txt";

const SEMVER_CHECKS: &str = "0.51.0";

const REQUIREMENTS: &str = "xtask/tools/release/requirements.txt";

/// The Python package, and the folder of its sources.
const PYTHON: (&str, &str) = ("ecwid_coupons", "python/src");

/// Features that do not change the API, and take long to build.
const TLS_FEATURES: [&str; 4] = ["default", "aws-lc-rs", "ring", "rustls"];

/// The exit code of cargo-semver-checks for a breaking change. Other failures have other codes.
const IS_BREAKING: i32 = 100;

/// The last release before this commit.
pub(super) struct LastRelease {
    pub(super) tag: String,
    pub(super) version: Version,
}

/// A public interface, and its breaking changes since the last release.
pub(super) struct Comparison {
    pub(super) interface: String,
    pub(super) breaking: Option<String>,
}

/// Returns the last release before this commit, or the reason why there is none.
pub(super) fn last_release() -> anyhow::Result<Result<LastRelease, String>> {
    let mut git = command::command("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let output = git.output()?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || tag.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Ok(Err(format!("no release tag `v*` before this commit ({})", said.trim())));
    }
    let version = tag.trim_start_matches('v').parse();
    let Ok(version) = version else { bail!("wrong release tag: `{tag}` (expected `vMAJOR.MINOR.PATCH`)") };
    Ok(Ok(LastRelease { tag, version }))
}

/// Compares the interfaces of the libraries, the Python package and the command with a release.
pub(super) fn compare(crates: &[&Package], tag: &str) -> anyhow::Result<Vec<Comparison>> {
    let is_library = |package: &&&Package| package.targets.iter().any(|target| target.kind.contains(&TargetKind::Lib));
    let mut comparisons = Vec::new();
    for package in crates.iter().filter(is_library) {
        comparisons.push(compare_rust(package, tag)?);
    }
    comparisons.push(compare_python(tag)?);
    comparisons.push(compare_command(tag)?);
    Ok(comparisons)
}

fn compare_rust(package: &Package, tag: &str) -> anyhow::Result<Comparison> {
    let program = tools::cargo_program("cargo-semver-checks", SEMVER_CHECKS, None)?;
    let features = package.features.keys().map(String::as_str).filter(|name| !TLS_FEATURES.contains(name));
    let features: Vec<_> = features.collect();
    let mut checks = command::command(&program);
    checks.args(["semver-checks", "--package", package.name.as_str()]);
    checks.args(["--only-explicit-features", "--features", &features.join(",")]);
    // The version of the next release is chosen later, so the version in Cargo.toml does not matter.
    checks.args(["--release-type", "minor", "--baseline-rev", tag]);
    let (status, output) = command::capture(&mut checks)?;
    let interface = format!("Rust API of {}", package.name);
    match status.code() {
        Some(0) => Ok(Comparison { interface, breaking: None }),
        Some(IS_BREAKING) => Ok(Comparison { interface, breaking: Some(output) }),
        _ => bail!("cargo-semver-checks failed:\n{output}"),
    }
}

fn compare_python(tag: &str) -> anyhow::Result<Comparison> {
    let venv = Venv::installed("release", REQUIREMENTS)?;
    let (package, sources) = PYTHON;
    let mut griffe = command::command(venv.program("griffe"));
    griffe.args(["check", package, "--search", sources, "--against", tag, "--format", "oneline"]);
    // A built extension would be read in place of its stub.
    griffe.args(["--no-inspection", "--extensions", "griffe_public_redundant_aliases"]);
    let (status, output) = command::capture(&mut griffe)?;
    let is_change = |line: &&str| line.starts_with(sources) && line.contains(": ");
    let changes: Vec<_> = output.lines().filter(is_change).collect();
    if status.success() == changes.is_empty() {
        let breaking = (!status.success()).then(|| changes.join("\n"));
        return Ok(Comparison { interface: "Python API".to_owned(), breaking });
    }
    // Other failures have the same exit code.
    bail!("griffe failed:\n{output}")
}

fn compare_command(tag: &str) -> anyhow::Result<Comparison> {
    let old = command::ask(command::command("git").args(["show", &format!("{tag}:{COMMAND}")]))?;
    let new = fs::read_to_string(workspace::root().join(COMMAND)).with_context(|| format!("cannot read {COMMAND}"))?;
    let new: BTreeSet<_> = new.lines().collect();
    let gone: Vec<_> = old.lines().filter(|line| !new.contains(line)).collect();
    let breaking = (!gone.is_empty()).then(|| format!("removed from {COMMAND}:\n{}", gone.join("\n")));
    Ok(Comparison { interface: "command".to_owned(), breaking })
}
