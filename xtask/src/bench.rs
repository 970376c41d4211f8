//! `cargo xtask bench`: how fast it is, beside the plain way to do the same.

mod python;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use serde::Deserialize;

use crate::command;

/// What is measured.
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
}

/// Builds the programs that measure, runs them, and shows what they print.
///
/// # Errors
///
/// When a program cannot be built or does not run to its end.
pub fn run(subject: &Subject) -> anyhow::Result<()> {
    match subject {
        Subject::Client { json, rounds } => {
            // Counting takes time, so that what is timed is another program.
            let counting = build("client", &["--features", "count-allocations"])?;
            let mut program = command::command(build("client", &[])?);
            program.arg("--counting").arg(counting).args(["--rounds", &rounds.to_string()]);
            if *json {
                program.arg("--json");
            }
            let status = program.status().context("cannot start the benchmark")?;
            ensure!(status.success(), "the benchmark failed: {status}");
            Ok(())
        }
        Subject::Python { json, rounds } => python::run(&build("client", &[])?, *json, *rounds),
    }
}

/// What cargo says of a program that it built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}

/// Builds a benchmark as it would be published, and answers where its program is.
fn build(bench: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut cargo = command::cargo("bench --package ecwid-coupons-benches --no-run --locked --message-format json");
    cargo.args(["--bench", bench]).args(arguments);
    // The progress of the build goes to standard error, so that standard output stays for the figures.
    let messages = command::ask(cargo.stderr(std::process::Stdio::inherit()))?;
    let mut artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    artifacts.find_map(|artifact| artifact.executable).with_context(|| format!("cargo built no {bench}"))
}
