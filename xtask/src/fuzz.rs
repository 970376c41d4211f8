//! `cargo xtask fuzz`: runs the fuzz targets of the client for a time.

use std::fs;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::{command, tools, workspace};

const VERSION: &str = "0.13.2";

/// The package whose folder `fuzz` has the targets.
const PACKAGE: &str = "crates/ecwid-coupons";

#[derive(Args, Debug)]
pub struct Arguments {
    /// Run each target for this many seconds
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u32,
}

/// Fuzzes each target with its seeds. Requires a nightly compiler.
///
/// # Errors
///
/// There is no nightly compiler, or a target found an input that violates a property.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let program = tools::cargo_program("cargo-fuzz", VERSION, None)?;
    let package = workspace::root().join(PACKAGE);
    let fuzz = |subcommand: &[&str]| {
        // `cargo` of the toolchain that runs xtask is first on the `PATH`, so rustup starts the nightly one.
        let mut fuzz = command::command("rustup");
        fuzz.args(["run", "nightly"]).arg(&program).args(subcommand).current_dir(&package);
        fuzz.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
        fuzz
    };
    let targets = command::ask(&mut fuzz(&["list"])).context(
        "cannot list the fuzz targets\nhint: install a nightly compiler with `rustup toolchain install nightly`",
    )?;
    let mut failed = Vec::new();
    for target in targets.lines() {
        let (corpus, seeds) = (format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}"));
        fs::create_dir_all(package.join(&corpus)).with_context(|| format!("cannot make {corpus}"))?;
        let time = format!("-max_total_time={}", arguments.seconds);
        let mut run = fuzz(&["run", target, &corpus, &seeds, "--", "-print_final_stats=1", &time]);
        if let Err(error) = command::run_shown(&mut run) {
            println!("{error:#}");
            failed.push(target);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}\nhint: add the inputs that are named above to fuzz/seeds", failed.join(", "));
    }
    Ok(())
}
