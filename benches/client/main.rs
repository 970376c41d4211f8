//! The client beside what the generator alone would have made of the document, and beside plain `reqwest` with `serde_json`.
//!
//! `cargo xtask bench client` builds it twice, with and without the counting of allocations, and runs it.

mod allocations;
mod calls;
mod coupons;
mod measured;
mod page;
mod pages_file;
mod plain;
mod server;
mod table;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};

use crate::measured::Measured;

/// The benchmark of the client.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,

    /// The same program built to count allocations; without it, none are counted.
    #[arg(long, value_name = "PROGRAM")]
    counting: Option<PathBuf>,

    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,

    /// How often each work is timed; the median counts.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What a process of this program does for the one that compares.
#[derive(Subcommand)]
enum Role {
    /// Answers requests until standard input ends.
    Serve {
        /// How long each answer waits.
        #[arg(long, default_value_t = 0)]
        delay_milliseconds: u64,
        /// How many times over the coupons are there, each time with other ids.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
        times: u16,
    },
    /// Writes the pages into a file, a line each.
    WritePages { file: PathBuf },
    /// Counts the allocations of reading pages.
    CountPages { contender: Contender, mix: coupons::Mix },
    /// Does the calls of one contender, and prints what they took.
    Call { contender: Contender, work: calls::Work, server: SocketAddr },
}

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Contender {
    /// The client.
    Ours,
    /// What it is held against.
    Plain,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.role {
        Some(Role::Serve { delay_milliseconds, times }) => {
            server::serve(Duration::from_millis(delay_milliseconds), times.into())
        }
        Some(Role::WritePages { file }) => pages_file::write(&file),
        Some(Role::CountPages { contender, mix }) => page::count(contender, mix).print(),
        Some(Role::Call { contender, work, server }) => calls::run(contender, work, server)?.print(),
        None => {
            let rows = compare(arguments.rounds, arguments.counting.as_deref())?;
            if arguments.json { table::print_json(&rows) } else { table::print(&rows, arguments.rounds) }
        }
    }
}

fn compare(rounds: u32, counting: Option<&std::path::Path>) -> anyhow::Result<Vec<Measured>> {
    let mut rows = page::compare(rounds, counting)?;
    rows.extend(calls::compare(rounds, counting)?);
    Ok(rows)
}
