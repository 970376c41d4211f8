//! `cargo xtask verify` and `cargo xtask pages`: builds and runs the program of the package `xtask-verify`.

use std::{env, ffi::OsString, process::Command};

use anyhow::Context as _;

use crate::command;

/// Returns the command that builds the program and runs it.
pub(crate) fn program() -> Command {
    command::cargo("run --quiet --package xtask-verify --")
}

/// Runs the program with these arguments and returns its exit code.
pub fn run(arguments: &[OsString]) -> anyhow::Result<u8> {
    // The paths among the arguments are relative to this folder.
    let status = program().args(arguments).current_dir(env::current_dir()?).status().context("cannot start cargo")?;
    // 2 means that the comparison could not run, which is also the case if cargo cannot build the program.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code < 2).unwrap_or(2))
}
