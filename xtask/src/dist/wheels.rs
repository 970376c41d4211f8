//! `dist wheels`: the wheels of both Python packages for a target.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::{
    files::{TIME, keep, time, venv},
    sbom,
};
use crate::{command, packages, tools::python::Venv};

/// The arguments of maturin for each wheel of the client.
///
/// maturin knows these interpreters without running them. Free-threaded Python has a stable ABI since version 3.15.
const CLIENT: [&[&str]; 2] = [&["--interpreter", "3.11"], &["--interpreter", "3.15t", "--features", "abi3t"]];

/// Builds all wheels for a target.
pub(super) fn run(target: &str) -> anyhow::Result<()> {
    sbom::run()?;
    for arguments in CLIENT {
        build("python", "ecwid-coupons-python", target, arguments)?;
    }
    build("python/cli", "ecwid-coupons-cli", target, &[]).map(drop)
}

/// Builds the wheel of the command, and returns its path.
pub(super) fn command(target: &str) -> anyhow::Result<PathBuf> {
    sbom::run()?;
    build("python/cli", "ecwid-coupons-cli", target, &[])
}

/// Builds a wheel, checks it, moves it into the folder of the release, and returns its path.
fn build(package: &str, of_crate: &str, target: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let venv = venv()?;
    let into = tempfile::tempdir_in(command::target()?)?;
    let mut maturin = packages::maturin(&venv, package);
    maturin.args(["build", "--release", "--locked", "--target", target, "--out"]).arg(into.path()).args(arguments);
    maturin.arg("--sbom-include").arg(sbom::path(of_crate)?).env(TIME, time()?);
    if let Some(platform) = linux_platform(target) {
        // maturin starts zig as a module of the first `python3` on the `PATH`.
        maturin.args(["--zig", "--compatibility", platform]).env("PATH", venv.search_path()?);
    }
    command::run(&mut maturin)?;
    let wheels = packages::files_in(into.path(), "whl")?;
    let [wheel] = &wheels[..] else { bail!("several wheels were built by maturin: {wheels:?}") };
    check(&venv, wheel)?;
    keep(wheel)
}

/// Returns the oldest platform of PyPI on which a wheel for Linux runs, or `None` for another system.
fn linux_platform(target: &str) -> Option<&'static str> {
    if target.ends_with("-linux-gnu") {
        Some("manylinux2014")
    } else if target.ends_with("-linux-musl") {
        Some("musllinux_1_2")
    } else {
        None
    }
}

/// Runs the checks of the Python packaging tools.
fn check(venv: &Venv, wheel: &Path) -> anyhow::Result<()> {
    packages::check_python(venv, &[wheel.to_owned()])?;
    let name = wheel.file_name().unwrap_or_default().to_string_lossy();
    if name.contains("abi3") {
        let report = tempfile::NamedTempFile::new()?;
        let mut abi3audit = command::command(venv.program("abi3audit"));
        // The exit code is not used, because it counts names that are no problem. Without a report, reading it fails.
        let (_, output) = command::capture(abi3audit.args(["--report", "--output"]).arg(report.path()).arg(wheel))?;
        let found = outside_of_stable_abi(&fs::read_to_string(report.path())?)
            .with_context(|| format!("cannot read the report of abi3audit:\n{output}"))?;
        ensure!(found.is_empty(), "not in the stable ABI that {name} declares: {}", found.join(", "));
    }
    // auditwheel looks for the libraries of musl on this machine, and fails without them. maturin checks these wheels itself.
    if cfg!(target_os = "linux") && name.contains("manylinux") {
        // auditwheel succeeds for each wheel, and prints the oldest platform on which the wheel runs.
        let shown = command::ask(command::command(venv.program("auditwheel")).arg("show").arg(wheel))?;
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        ensure!(is_consistent(&name, &shown), "another platform than in the name of {name}: {shown}");
    }
    Ok(())
}

/// Returns the names in a report of abi3audit that are not in the stable ABI of the version in the name of the wheel.
fn outside_of_stable_abi(report: &str) -> anyhow::Result<Vec<String>> {
    let report: Value = serde_json::from_str(report)?;
    let wheels = report["specs"].as_object().context("no `specs`")?;
    let modules: Vec<_> = wheels.values().filter_map(|wheel| wheel["wheel"].as_array()).flatten().collect();
    ensure!(!modules.is_empty(), "no modules");
    let mut found = Vec::new();
    for module in modules {
        let result = &module["result"];
        let symbols = result["non_abi3_symbols"].as_array().context("no `non_abi3_symbols`")?;
        // A module for Python 3.15 exports these names. abi3audit takes them for functions that the module calls.
        let symbols = symbols.iter().filter_map(Value::as_str).filter(|name| !name.starts_with("PyModExport_"));
        found.extend(symbols.map(str::to_owned));
        if result["is_abi3_baseline_compatible"] != true {
            found.push(format!("functions of Python {}", result["computed"]));
        }
    }
    Ok(found)
}

/// Returns whether auditwheel found the platform in the name of a wheel. A wheel can have the old and the new name of a platform.
fn is_consistent(wheel: &str, shown: &str) -> bool {
    let found = shown.split_once("platform tag: \"").and_then(|(_, rest)| rest.split_once('"'));
    let platforms = wheel.trim_end_matches(".whl").rsplit('-').next().unwrap_or_default();
    found.is_some_and(|(found, _)| platforms.split('.').any(|platform| platform == found))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_outside_of_the_stable_abi_are_found() {
        let report = |symbols: &[&str], is_compatible| {
            let result =
                json!({"non_abi3_symbols": symbols, "is_abi3_baseline_compatible": is_compatible, "computed": "3.12"});
            outside_of_stable_abi(&json!({"specs": {"a.whl": {"wheel": [{"result": result}]}}}).to_string())
        };
        assert_eq!(report(&["PyModExport__native"], true).unwrap(), [""; 0]);
        assert_eq!(report(&["PyModExport__native", "_PyPrivate"], true).unwrap(), ["_PyPrivate"]);
        assert_eq!(report(&[], false).unwrap(), ["functions of Python \"3.12\""]);
        outside_of_stable_abi(r#"{"specs": {}}"#).unwrap_err();
    }

    #[test]
    fn a_wheel_has_the_platform_that_auditwheel_finds() {
        let shown =
            |platform| format!("x.whl is consistent with the following platform tag: \"{platform}\". More text");
        let wheel = "a-0.1.0-cp311-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        assert!(is_consistent(wheel, &shown("manylinux_2_17_x86_64")));
        assert!(!is_consistent(wheel, &shown("manylinux_2_34_x86_64")));
        assert!(!is_consistent(wheel, "This wheel is not a platform wheel"));
    }
}
