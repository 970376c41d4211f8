//! The maintainers' commands: `cargo xtask generate` and `cargo xtask ci`.

mod ci;
mod generate;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The maintainers' commands of ecwid-coupons.
#[derive(Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
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
    /// Run everything that a change must pass.
    Ci(ci::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate { check } => generate::run(check),
        Command::Ci(arguments) => ci::run(&arguments),
    };
    // Not by returning it, which would add a backtrace where the environment asks for those of panics.
    if let Err(error) = result {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
