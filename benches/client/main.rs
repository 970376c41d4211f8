//! Compares the client with progenitor's types, and with plain `reqwest` and `serde_json`.
//!
//! `cargo xtask bench client` builds this program twice, with and without counting of allocations, and runs it.

mod allocations;
mod calls;
mod coupons;
mod measured;
mod page;
mod pages_file;
mod plain;
#[path = "../../xtask/src/bench/row.rs"]
mod row;
mod server;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    coupons::{COUNT, Mix, PAGE, coupons},
    row::Results,
};

/// The benchmark of the client.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,

    /// Count allocations with this program, a build of this benchmark with counting.
    #[arg(long, value_name = "PROGRAM")]
    counting: Option<PathBuf>,

    /// Measure each task this many times, and report the median.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// Accept the flag that cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The role of a child process.
#[derive(Subcommand)]
enum Role {
    /// Serve requests until standard input ends.
    Serve {
        /// Delay each response by this many milliseconds.
        #[arg(long, default_value_t = 0)]
        delay_milliseconds: u64,
        /// Repeat the coupons this many times, with different ids.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
        times: u16,
    },
    /// Write the pages to a file, one per line.
    WritePages { file: PathBuf },
    /// Count the allocations of parsing pages.
    CountPages { contender: Contender, mix: Mix },
    /// Run the calls of one contender and print the measurement.
    Call { contender: Contender, work: calls::Work, server: SocketAddr },
}

/// A contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Contender {
    /// The client.
    Ours,
    /// The plain code that the client is compared with.
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
            println!("{}", serde_json::to_string(&compare(arguments.rounds, arguments.counting.as_deref())?)?);
            Ok(())
        }
    }
}

fn compare(rounds: u32, counting: Option<&std::path::Path>) -> anyhow::Result<Results> {
    let mut rows = page::compare(rounds, counting)?;
    rows.extend(calls::compare(rounds, counting)?);
    let bytes = coupons(Mix::Known).iter().map(String::len).sum::<usize>() / COUNT;
    let conditions = vec![format!("{COUNT} coupons of {bytes} bytes, {PAGE} per page")];
    Ok(Results { rounds, conditions, rows })
}
