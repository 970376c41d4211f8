//! The steps `python` and `python-style`: build and install the wheel, and check its tests, examples, types and style.
//!
//! The tools are pinned in `xtask/tools`. The tests use the installed wheel and the sandbox of the command.

use std::{path::PathBuf, process::Command};

use crate::{
    command,
    sandbox::Sandbox,
    tools::{node::Packages, python::Venv},
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/python-requirements.txt";

const BUILD_BACKEND: &str = "xtask/tools/maturin-requirements.txt";

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
    command::run(
        Packages::install("npm", "xtask/tools")?
            .node("pyright/index.js")
            .args(["--verifytypes", "ecwid_coupons", "--ignoreexternal"])
            // pyright gets the paths of packages from the first `python` on the `PATH`.
            .env("PATH", venv.search_path()?)
            .current_dir(package()),
    )?;
    // The tests of packaging are not in the default selection, because they compile.
    let backend = venv.download("build-backend", BUILD_BACKEND)?;
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

/// Returns a program of the environment, which runs in the folder of the package because the settings are there.
fn in_package(venv: &Venv, program: &str) -> Command {
    let mut command = command::command(venv.program(program));
    command.current_dir(package());
    command
}

fn package() -> PathBuf {
    workspace::root().join("python")
}
