//! `cargo xtask bench python`: the wheel in an environment of its own, beside the Python libraries that do the same.

use std::path::Path;

use super::program::measure;
use crate::{command::command, tools::python::Venv};

const REQUIREMENTS: &str = "xtask/tools/bench-python-requirements.txt";

/// Builds the wheel, installs it, and runs the benchmark on the server and the pages of `program`.
pub(super) fn run(program: &Path, json: bool, rounds: u32) -> anyhow::Result<()> {
    let venv = Venv::installed("bench-python", REQUIREMENTS)?;
    let wheel = venv.install_package("bench-wheels", "release")?;
    let mut benchmark = command(venv.program("python"));
    benchmark.arg("benches/python/main.py").arg("--program").arg(program).arg("--wheel").arg(&wheel);
    benchmark.args(["--rounds", &rounds.to_string()]);
    measure(&mut benchmark, json)
}
