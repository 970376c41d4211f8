//! The maintainers' commands: `cargo xtask generate` and `cargo xtask ci`.

mod ci;
mod generate;
mod workspace;

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

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Generate { check } => generate::run(check),
        Command::Ci(arguments) => ci::run(&arguments),
    }
}
