//! The maintainers' commands: `cargo xtask --help` lists them.

use std::{ffi::OsString, process::ExitCode};

use anyhow::bail;
use clap::{Args, Parser, Subcommand};
use xtask::{bench, browser, ci, generate, public_api, verify};

/// The maintainers' commands of ecwid-coupons.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything that is generated from openapi/ecwid-coupons.yaml.
    Generate {
        /// Write nothing; fail when a generated file is not what the document says.
        #[arg(long)]
        check: bool,
    },
    /// Compare openapi/ecwid-coupons.yaml with the vendor's pages.
    #[command(disable_help_flag = true)]
    Verify(Passed),
    /// Fetch the vendor's pages.
    #[command(disable_help_flag = true)]
    Pages(Passed),
    /// Measure how fast it is, each time beside the plain way to do the same.
    Bench {
        #[command(subcommand)]
        subject: bench::Subject,
    },
    /// Write crates/ecwid-coupons/public-api.txt: what users of the client can name.
    PublicApi {
        /// Write nothing; fail when the list is not what the code says.
        #[arg(long)]
        check: bool,
    },
    /// Print the browser that `ci` opens the sandbox's web page in.
    ///
    /// It is the program that `ECWID_CHROMIUM` names, or else the first that opens a page: of those on the PATH, and then the one
    /// of an npm package. Exits with 1 and says how to install one when none does.
    Browser,
    /// Run everything that a change must pass.
    Ci(ci::Arguments),
}

/// Arguments for the program of another package, which has the help of them.
#[derive(Args)]
struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Passed {
    fn on(self, command: &str) -> anyhow::Result<u8> {
        verify::run(&[&[command.into()], self.arguments.as_slice()].concat())
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate { check } => generate::run(check).map(|()| 0),
        Command::Verify(passed) => passed.on("verify"),
        Command::Pages(passed) => passed.on("pages"),
        Command::Bench { subject } => bench::run(&subject).map(|()| 0),
        Command::PublicApi { check } => {
            public_api::run(check).and_then(|unreadable| unreadable.map_or(Ok(0), |reason| bail!(reason)))
        }
        Command::Browser => browser::find().map(|browser| {
            println!("{}", browser.program.display());
            0
        }),
        Command::Ci(arguments) => ci::run(&arguments).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Not by returning it, which would add a backtrace where the environment asks for those of panics.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
