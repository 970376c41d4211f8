//! The step `python`: the wheel is built and installed, and the tests, the examples, the types and the style hold.
//!
//! The tools are pinned in `xtask/tools`. The tests run against the installed wheel and the command's sandbox.

use std::{path::PathBuf, process::Command};

use crate::{
    command,
    sandbox::Sandbox,
    tools::{node::Packages, python::Venv},
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/python-requirements.txt";

const BUILD_BACKEND: &str = "xtask/tools/maturin-requirements.txt";

/// The profile of what the tests run on. One for users takes many times as long to build, and one test of packaging does it.
const PROFILE: &str = "dev";

/// Where the benchmark in Python is, from the package.
const BENCHMARK: &str = "../benches/python";

/// Looks at the style, which takes seconds.
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
    command::run(in_package(&venv, "stubtest").arg("ecwid_coupons"))?;
    command::run(
        Packages::install("npm", "xtask/tools")?
            .node("pyright/index.js")
            .args(["--verifytypes", "ecwid_coupons", "--ignoreexternal"])
            // It asks the first `python` that it finds where packages are, whatever else it is told.
            .env("PATH", venv.search_path()?)
            .current_dir(package()),
    )?;
    // What is left out unless it is asked for: the tests of packaging compile.
    let backend = venv.download("build-backend", BUILD_BACKEND)?;
    for chosen in ["not slow and not packaging", "packaging"] {
        command::run_shown(
            in_package(&venv, "python")
                .args(["-m", "pytest", "-m", chosen])
                .env("ECWID_COUPONS_COMMAND", &command)
                .env("ECWID_COUPONS_PROFILE", PROFILE)
                // Where the tests of packaging find what is compiled already, and what compiles.
                .env("CARGO_TARGET_DIR", command::target()?)
                .env("PIP_NO_INDEX", "1")
                .env("PIP_FIND_LINKS", &backend),
        )?;
    }
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
