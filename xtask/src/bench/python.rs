//! `cargo xtask bench python`: the wheel in an environment of its own, beside the Python libraries that do the same.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};

use crate::{command::command, tools::python::Venv, workspace};

/// What it is held against, and what builds the wheel.
const REQUIREMENTS: &str = "xtask/tools/bench-python-requirements.txt";

/// Builds the wheel, installs it, and runs the benchmark on the server and the pages of `program`.
pub(super) fn run(program: &Path, json: bool, rounds: u32) -> anyhow::Result<()> {
    let venv = Venv::installed("bench-python", REQUIREMENTS)?;
    let wheel = wheel(&venv)?;
    venv.install_wheel(&wheel)?;
    let mut benchmark = command(venv.program("python"));
    benchmark.arg("benches/python/main.py").arg("--program").arg(program).arg("--wheel").arg(&wheel);
    benchmark.args(["--rounds", &rounds.to_string()]);
    if json {
        benchmark.arg("--json");
    }
    said(&mut benchmark)
}

/// Builds the wheel as it would be published.
fn wheel(venv: &Venv) -> anyhow::Result<PathBuf> {
    let folder = workspace::target()?.join("bench-wheels");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut maturin = command(venv.program("maturin"));
    maturin.args(["build", "--release", "--locked", "--quiet", "--out"]).arg(&folder);
    said(maturin.current_dir(workspace::root().join("python")))?;
    let wheels = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    let [wheel] = &wheels[..] else { anyhow::bail!("maturin wrote {} wheels, not one", wheels.len()) };
    Ok(wheel.clone())
}

/// Runs a command to its success. What it says goes to where this program says it, the figures to standard output alone.
fn said(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} failed: {status}");
    Ok(())
}
