//! `cargo xtask bench`: runs the benchmarks.

mod jobs;
mod prism;
mod sandbox;
mod sync;

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};
use clap::Subcommand;

use crate::{command, tools::python::Venv};

/// The packages that the Python benchmark compares, and the tool that builds the wheel.
const REQUIREMENTS: &str = "xtask/tools/bench-python-requirements.txt";

/// The packages of data engines, without Spark.
const ENGINES: &str = "xtask/tools/engines/requirements.txt";

#[derive(Clone, Debug, Subcommand)]
pub enum Subject {
    /// Measure the Rust client, compared with progenitor's types and with reqwest and serde_json
    Client {
        /// Print the results as JSON
        #[arg(long)]
        json: bool,
        /// Time each operation this many times, and report the median
        #[arg(long, default_value_t = 15)]
        rounds: u32,
    },
    /// Measure the Python package, compared with msgspec, pydantic, orjson, requests, httpx, aiohttp and data frame libraries
    ///
    /// Also measures the time of the import and the size of the wheel.
    Python {
        /// Print the results as JSON
        #[arg(long)]
        json: bool,
        /// Time each operation this many times, and report the median
        #[arg(long, default_value_t = 7)]
        rounds: u32,
    },
    /// Measure a job of 10,000 coupons, compared with a script and with single requests, and a plan of 1,000,000
    Jobs {
        /// Print the results as JSON
        #[arg(long)]
        json: bool,
        /// Create this many coupons with single requests, 600 in a minute
        #[arg(long, default_value_t = 1800)]
        singles: usize,
    },
    /// Measure copies of many stores and of a large store, compared with a pipeline of dlt
    Sync {
        /// Print the results as JSON
        #[arg(long)]
        json: bool,
        /// Copy this many stores of 1,000 coupons
        #[arg(long, default_value_t = 300)]
        stores: i64,
        /// Copy one store of this many coupons
        #[arg(long, default_value_t = 1_000_000)]
        large: i64,
    },
    /// Measure the requests per second and the p99 of the sandbox, compared with Prism on the same document
    Sandbox {
        /// Print the results as JSON
        #[arg(long)]
        json: bool,
        /// Measure each server this many times, and report the median
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// Set the duration of a measurement, in seconds
        #[arg(long, default_value_t = 2)]
        seconds: u64,
    },
}

/// Builds the benchmark of a subject, and runs it.
pub fn run(subject: &Subject) -> anyhow::Result<()> {
    match subject {
        Subject::Client { json, rounds } => {
            // Counting allocations takes time, so a second program counts them.
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
        Subject::Jobs { json, singles } => {
            let venv = Venv::installed("bench-python", REQUIREMENTS)?;
            jobs::run(&build("jobs", &[])?, &venv, *json, *singles)
        }
        Subject::Sync { json, stores, large } => {
            let venv = Venv::installed("bench-engines", ENGINES)?;
            sync::run(&build("sync", &[])?, &venv, *json, *stores, *large)
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

/// Builds a benchmark in release mode, and returns the path of its program.
fn build(bench: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut cargo = command::cargo("bench --package ecwid-coupons-benches --no-run --locked");
    cargo.args(["--bench", bench]).args(arguments);
    command::artifact(&mut cargo)
}
