//! The step `engines`: tests the parts of the Python package for data engines with the engines themselves.
//!
//! The engines are pinned in `xtask/tools/engines`. They are not in the environment of the step `python`, because they are large,
//! and Spark needs Java.

use std::process::Command;

use crate::{command, java, sandbox::Sandbox, tools::python::Venv, workspace};

const REQUIREMENTS: &str = "xtask/tools/engines/requirements.txt";

/// The only package without a wheel, and the file that pins it.
const SPARK: (&str, &str) = ("pyspark", "xtask/tools/engines/pyspark-requirements.txt");

/// The cargo profile of the tested wheel, which is that of the step `python`.
const PROFILE: &str = "dev";

/// The modules whose types depend on an engine. The step `python` does not check their types.
pub(super) const MODULES: [&str; 2] = ["ecwid_coupons._dlt", "ecwid_coupons.spark"];

pub(super) fn run() -> anyhow::Result<()> {
    let java = java::find_or_install()?;
    println!("java: {}", java.display());
    let venv = Venv::installed_with_source("engines", REQUIREMENTS, SPARK)?;
    let command = Sandbox::build(&[])?;
    venv.install_package("engines-wheels", PROFILE)?;

    // The step `python` checks the other modules, which need libraries that are not installed here.
    for module in MODULES {
        command::run(in_package(&venv, "mypy").args(["--package", module]))?;
    }
    command::run_shown(
        in_package(&venv, "python")
            .args(["-m", "pytest", "--durations", "5", "tests/engines"])
            .env("ECWID_COUPONS_COMMAND", &command),
    )?;
    Ok(())
}

/// Returns a program of the environment, which runs in the folder of the package because the settings are there.
fn in_package(venv: &Venv, program: &str) -> Command {
    let mut command = command::command(venv.program(program));
    command.current_dir(workspace::root().join("python"));
    command
}
