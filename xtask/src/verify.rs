//! `cargo xtask verify` and `cargo xtask pages`: the program of the package `xtask-verify`, which is built when it is needed.

use std::{env, ffi::OsString, process::Command};

use anyhow::Context as _;

use crate::command;

/// Returns the command that builds the program and runs it.
pub(crate) fn program() -> Command {
    command::cargo("run --quiet --package xtask-verify --")
}

/// Runs the program with these arguments and returns its exit code.
pub fn run(arguments: &[OsString]) -> anyhow::Result<u8> {
    // The folder that the paths among the arguments start from.
    let status = program().args(arguments).current_dir(env::current_dir()?).status().context("cannot start cargo")?;
    // 2 says that nothing could be looked at, which is so when cargo cannot build the program.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code < 2).unwrap_or(2))
}
