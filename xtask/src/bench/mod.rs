//! `cargo xtask bench`: how fast it is, beside the plain way to do the same.

mod prism;
mod program;
mod python;
mod sandbox;

use clap::Subcommand;

use self::program::{build, measure};
use crate::command;

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
            measure(&mut program, *json)
        }
        Subject::Python { json, rounds } => python::run(&build("client", &[])?, *json, *rounds),
        Subject::Sandbox { json, rounds, seconds } => sandbox::run(&build("sandbox", &[])?, *json, *rounds, *seconds),
    }
}
