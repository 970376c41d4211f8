//! The step `python`: the wheel is built and installed, and the tests, the examples, the types and the style hold.
//!
//! The tools are pinned in `xtask/tools`. The tests run against the installed wheel and the command's sandbox.

use std::{path::PathBuf, process::Command};

use crate::{
    command,
    tools::{node::Packages, python::Venv},
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/python-requirements.txt";

/// Where the benchmark in Python is, from the package.
const BENCHMARK: &str = "../benches/python";

/// Looks at the style, which takes seconds.
pub(super) fn style() -> anyhow::Result<()> {
    let venv = Venv::installed("python", REQUIREMENTS)?;
    command::run(in_package(&venv, "ruff").args(["check", ".", BENCHMARK]))?;
    command::run(in_package(&venv, "ruff").args(["format", "--check", ".", BENCHMARK]))
}

/// Builds, installs and checks.
pub(super) fn run() -> anyhow::Result<()> {
    let venv = Venv::installed("python", REQUIREMENTS)?;
    command::run(&mut command::cargo("build --package ecwid-coupons-cli --locked"))?;
    venv.install_package("wheels")?;

    command::run(in_package(&venv, "mypy").args(["src", "tests/typing"]))?;
    command::run(in_package(&venv, "stubtest").arg("ecwid_coupons"))?;
    command::run(
        Packages::install("npm", "xtask/tools")?
            .node("pyright/index.js")
            .args(["--verifytypes", "ecwid_coupons", "--ignoreexternal"])
            // It asks the first `python` that it finds where packages are, whatever else it is told.
            .env("PATH", venv.search_path()?)
            .current_dir(package()),
    )?;
    // The tests of packaging too, which are left out otherwise since they compile.
    command::run_shown(
        in_package(&venv, "python")
            .args(["-m", "pytest", "-m", "not slow"])
            .env("ECWID_COUPONS_COMMAND", workspace::target()?.join("debug").join(executable("ecwid-coupons")))
            // Where the tests of packaging find what is compiled already.
            .env("CARGO_TARGET_DIR", workspace::target()?)
            .env("PIP_CONSTRAINT", workspace::root().join(REQUIREMENTS)),
    )?;
    Ok(())
}

/// A program of the environment, run in the folder of the package, where its settings are.
fn in_package(venv: &Venv, program: &str) -> Command {
    let mut command = command::command(venv.program(program));
    command.current_dir(package());
    command
}

fn package() -> PathBuf {
    workspace::root().join("python")
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
