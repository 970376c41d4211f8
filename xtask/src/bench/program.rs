//! Building and running the programs that measure.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};

use crate::command;

pub(super) fn measure(program: &mut Command, json: bool) -> anyhow::Result<()> {
    if json {
        program.arg("--json");
    }
    let status = program.status().context("cannot start the benchmark")?;
    ensure!(status.success(), "the benchmark failed: {status}");
    Ok(())
}

/// Builds a benchmark as it would be published, and answers where its program is.
pub(super) fn build(bench: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut cargo = command::cargo("bench --package ecwid-coupons-benches --no-run --locked");
    cargo.args(["--bench", bench]).args(arguments);
    command::artifact(&mut cargo)
}
