//! The steps `python` and `python-style`: build and install the wheel, and check its tests, examples, types and style.
//!
//! The tools are pinned in `xtask/tools`. The tests use the installed wheel and the sandbox of the command.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::engines::MODULES;
use crate::{
    command,
    sandbox::Sandbox,
    tools::{
        node::Packages,
        python::{self, Venv},
    },
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/python-requirements.txt";

/// The cargo profile of the tested wheel. The release profile takes many times as long to build. A test of packaging uses it.
const PROFILE: &str = "dev";

/// The arguments of stubtest, which cannot import modules for libraries that are not installed.
const STUBTEST: [&str; 6] = [
    "ecwid_coupons",
    "--mypy-config-file",
    "pyproject.toml",
    "--allowlist",
    "tests/typing/stubtest.txt",
    "--ignore-unused-allowlist",
];

/// The path of the Python benchmark, from the package.
const BENCHMARK: &str = "../benches/python";

/// Checks the style, which takes seconds.
pub(super) fn style() -> anyhow::Result<()> {
    let venv = Venv::installed("python", REQUIREMENTS)?;
    command::run(in_package(&venv, "ruff").args(["check", ".", BENCHMARK]))?;
    command::run(in_package(&venv, "ruff").args(["format", "--check", ".", BENCHMARK]))
}

pub(super) fn run() -> anyhow::Result<()> {
    let venv = Venv::installed("python", REQUIREMENTS)?;
    let command = Sandbox::build(&[])?;
    venv.install_package("wheels", PROFILE)?;

    command::run(in_package(&venv, "mypy").args(["src", "tests/typing"]))?;
    command::run(in_package(&venv, "stubtest").args(STUBTEST))?;
    verify_types(&venv)?;
    // The tests of packaging are not in the default selection, because they compile.
    let backend = venv.download("build-backend", python::BUILD_BACKEND)?;
    for chosen in ["not slow and not packaging", "packaging"] {
        command::run_shown(
            in_package(&venv, "python")
                .args(["-m", "pytest", "-m", chosen])
                .env("ECWID_COUPONS_COMMAND", &command)
                .env("ECWID_COUPONS_PROFILE", PROFILE)
                // These variables give the tests of packaging the compiled dependencies and the build backend.
                .env("CARGO_TARGET_DIR", command::target()?)
                .env("PIP_NO_INDEX", "1")
                .env("PIP_FIND_LINKS", &backend),
        )?;
    }
    Ok(())
}

/// Fails if pyright does not know the type of a public name.
fn verify_types(venv: &Venv) -> anyhow::Result<()> {
    let packages = Packages::install("npm", "xtask/tools")?;
    let mut pyright = packages.node("pyright/index.js");
    pyright.args(["--verifytypes", "ecwid_coupons", "--ignoreexternal", "--outputjson"]).current_dir(package());
    // pyright gets the paths of packages from the first `python` on the `PATH`.
    let (_, report) = command::capture(pyright.env("PATH", venv.search_path()?))?;
    let unknown = unknown_types(&report).with_context(|| format!("cannot read the report of pyright:\n{report}"))?;
    ensure!(unknown.is_empty(), "pyright does not know the types of public names:\n{}", unknown.join("\n"));
    Ok(())
}

/// Returns the public names without a known type in a report of pyright, except those for engines.
fn unknown_types(report: &str) -> anyhow::Result<Vec<String>> {
    let json = report.find('{').map(|start| &report[start..]).context("it has no JSON")?;
    let report: Value = serde_json::from_str(json)?;
    let symbols = report["typeCompleteness"]["symbols"].as_array().context("it has no list of names")?;
    ensure!(!symbols.is_empty(), "it lists no names");
    let is = |symbol: &Value, property: &str| symbol[property].as_bool() == Some(true);
    let mut unknown = Vec::new();
    for symbol in symbols.iter().filter(|symbol| is(symbol, "isExported")) {
        let name = symbol["name"].as_str().context("a name is missing")?;
        let is_for_engine = MODULES.iter().any(|module| name.starts_with(&format!("{module}.")));
        if !is_for_engine && (!is(symbol, "isTypeKnown") || is(symbol, "isTypeAmbiguous")) {
            unknown.push(format!("  {name}: {}", symbol["diagnostics"]));
        }
    }
    Ok(unknown)
}

/// Returns a program of the environment, which runs in the folder of the package because the settings are there.
fn in_package(venv: &Venv, program: &str) -> Command {
    let mut command = command::command(venv.program(program));
    command.current_dir(package());
    command
}

fn package() -> PathBuf {
    workspace::root().join("python")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn public_names_without_a_type_are_found() {
        let symbol = |name, is_exported, is_known, is_ambiguous| json!({"name": name, "isExported": is_exported, "isTypeKnown": is_known, "isTypeAmbiguous": is_ambiguous, "diagnostics": []});
        let report = json!({"typeCompleteness": {"symbols": [
            symbol("ecwid_coupons.known", true, true, false),
            symbol("ecwid_coupons.unknown", true, false, false),
            symbol("ecwid_coupons.ambiguous", true, true, true),
            symbol("ecwid_coupons._private", false, false, false),
            symbol("ecwid_coupons.spark.CouponDataSource", true, false, false),
            symbol("ecwid_coupons.sparkling", true, false, false),
        ]}});
        let unknown = unknown_types(&format!("a warning\n{report}")).unwrap();
        let expected = ["unknown", "ambiguous", "sparkling"].map(|name| format!("  ecwid_coupons.{name}: []"));
        assert_eq!(unknown, expected);
        for wrong in ["", "{}", "{\"typeCompleteness\":{\"symbols\":[]}}"] {
            assert!(unknown_types(wrong).is_err(), "{wrong}");
        }
    }
}
