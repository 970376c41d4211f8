//! The programs of the benchmarks, which print their results as JSON.

use std::{path::PathBuf, process::Command};

use anyhow::Context as _;

use super::row::Results;
use crate::command;

/// Runs a benchmark, and returns the results that it prints.
pub(super) fn measure(program: &mut Command) -> anyhow::Result<Results> {
    serde_json::from_str(&command::ask(program)?).context("the benchmark printed no results")
}

/// Builds a benchmark in release mode, and returns the path of its program.
pub(super) fn build(bench: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut cargo = command::cargo("bench --package ecwid-coupons-benches --no-run --locked");
    cargo.args(["--bench", bench]).args(arguments);
    command::artifact(&mut cargo)
}
