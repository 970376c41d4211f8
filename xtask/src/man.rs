//! `man`: the manual pages of the command.

use std::fs;

use crate::command;

/// Writes the manual pages to `target/man`.
///
/// # Errors
///
/// The command does not compile, or the folder cannot be written to.
pub fn run() -> anyhow::Result<()> {
    let folder = command::target()?.join("man");
    fs::create_dir_all(&folder)?;
    let mut cargo = command::cargo("run --quiet --locked --package ecwid-coupons-cli -- man");
    command::run(cargo.arg(&folder))?;
    println!("wrote the manual pages to {}; read one with `man -l {0}/ecwid-coupons.1`", folder.display());
    Ok(())
}
