//! `cargo xtask bench`: how fast it is, beside the plain way to do the same.

mod prism;
mod sandbox;

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};
use clap::Subcommand;

use crate::{command, tools::python::Venv};

/// The packages that the Python benchmark compares with, and what builds the wheel.
const REQUIREMENTS: &str = "xtask/tools/bench-python-requirements.txt";

#[derive(Clone, Debug, Subcommand)]
pub enum Subject {
    /// The Rust client: reading a page beside the generator's plain types, and calls beside plain reqwest with serde_json.
    ///
    /// What misses its target is shown as such and is no failure, since a busy machine can miss one.
    Client {
        /// Print the figures as JSON.
        #[arg(long)]
        json: bool,
        /// How often each work is timed; the median counts.
        #[arg(long, default_value_t = 15)]
        rounds: u32,
    },
    /// The Python package: reading, calls and frames beside msgspec, pydantic, orjson, requests, httpx, aiohttp and the frames'
    /// own ways, and what its import and its wheel cost.
    ///
    /// What misses its target is shown as such and is no failure, since a busy machine can miss one.
    Python {
        /// Print the figures as JSON.
        #[arg(long)]
        json: bool,
        /// How often each work is timed; the median counts.
        #[arg(long, default_value_t = 7)]
        rounds: u32,
    },
    /// The sandbox of the command: requests per second and p99, beside Prism on the same document.
    ///
    /// What misses its target is shown as such and is no failure, since a busy machine can miss one.
    Sandbox {
        /// Print the figures as JSON.
        #[arg(long)]
        json: bool,
        /// How many rounds each server is asked in; the median counts.
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// How long a round is, in seconds.
        #[arg(long, default_value_t = 2)]
        seconds: u64,
    },
}

/// Builds the programs that measure, runs them, and shows what they print.
pub fn run(subject: &Subject) -> anyhow::Result<()> {
    match subject {
        Subject::Client { json, rounds } => {
            // Counting takes time, so that what is timed is another program.
            let counting = build("client", &["--features", "count-allocations"])?;
            let mut program = command::command(build("client", &[])?);
            program.arg("--counting").arg(counting).args(["--rounds", &rounds.to_string()]);
            measure(&mut program, *json)
        }
        Subject::Python { json, rounds } => {
            let venv = Venv::installed("bench-python", REQUIREMENTS)?;
            let wheel = venv.install_package("bench-wheels", "release")?;
            let mut benchmark = command::command(venv.program("python"));
            benchmark.arg("benches/python/main.py").arg("--program").arg(build("client", &[])?);
            measure(benchmark.arg("--wheel").arg(wheel).args(["--rounds", &rounds.to_string()]), *json)
        }
        Subject::Sandbox { json, rounds, seconds } => sandbox::run(&build("sandbox", &[])?, *json, *rounds, *seconds),
    }
}

fn measure(program: &mut Command, json: bool) -> anyhow::Result<()> {
    if json {
        program.arg("--json");
    }
    let status = program.status().context("cannot start the benchmark")?;
    ensure!(status.success(), "the benchmark failed: {status}");
    Ok(())
}

/// Builds a benchmark as it would be published, and answers where its program is.
fn build(bench: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut cargo = command::cargo("bench --package ecwid-coupons-benches --no-run --locked");
    cargo.args(["--bench", bench]).args(arguments);
    command::artifact(&mut cargo)
}
