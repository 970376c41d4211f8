//! The step `fuzz`: the fuzz targets compile, and their seeds hold.

use crate::command;

const MANIFEST: &str = "crates/ecwid-coupons/fuzz/Cargo.toml";

/// Tests the targets without the fuzzer, which wants a nightly compiler and time.
pub(super) fn run() -> anyhow::Result<()> {
    let test = format!("test --manifest-path {MANIFEST} --no-default-features --locked --target-dir");
    command::run(command::cargo(&test).arg(command::target()?))
}
