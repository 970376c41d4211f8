//! The `ecwid-coupons` command: parses its arguments, runs a subcommand and exits with a documented code.

mod apply;
mod arguments;
mod changes;
mod check;
mod columns;
mod config;
mod confirm;
mod connection;
mod coupon_argument;
mod coupon_flags;
mod create;
mod csv;
mod declared;
mod delete;
mod demo;
mod demo_job;
mod deprecated;
mod differences;
mod dump;
mod examples;
mod exit;
mod fidelity;
mod fields;
mod filter_values;
mod generated;
mod get;
mod import;
mod interrupt;
mod issue;
mod job;
mod json;
mod logging;
mod number;
mod output;
mod output_file;
mod plan;
mod progress;
mod pull;
mod sandbox;
mod schema;
mod search;
mod settings;
mod spreadsheet;
mod store_failures;
mod sync;
mod table;
mod table_file;
mod update;
mod xlsx;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use exit::Failure;

/// Allocation takes a quarter of the sandbox's time, and mimalloc is faster than the system allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = arguments::read().and_then(|arguments| start(arguments).map_err(Failure::report));
    done.err().unwrap_or(ExitCode::SUCCESS)
}

fn start(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::other(format!("cannot start: {error}"), "close other programs and try again"))?;
    let result = runtime.block_on(run(arguments));
    // Do not wait for a DNS lookup that outlives its timeout.
    runtime.shutdown_background();
    result
}

async fn run(Arguments { settings, command }: Arguments) -> Result<(), Failure> {
    logging::set_up(settings.verbose)?;
    match command {
        Command::Search(arguments) => search::run(&settings, arguments).await,
        Command::Get(arguments) => get::run(&settings, arguments).await,
        Command::Create(arguments) => create::run(&settings, arguments).await,
        Command::Update(arguments) => update::run(&settings, arguments).await,
        Command::Delete(arguments) => delete::run(&settings, arguments).await,
        Command::Issue(arguments) => issue::run(&settings, arguments).await,
        Command::Import(arguments) => import::run(&settings, arguments).await,
        Command::Job(arguments) => job::run(&settings, arguments).await,
        Command::Pull(arguments) => pull::run(&settings, arguments).await,
        Command::Plan(arguments) => plan::run(&settings, arguments).await,
        Command::Apply(arguments) => apply::run(&settings, arguments).await,
        Command::Schema => schema::run(),
        Command::Sync(arguments) => sync::run(&settings, arguments).await,
        Command::Check(arguments) => check::run(&settings, arguments).await,
        Command::Config(arguments) => config::run(&settings, &arguments),
        Command::Sandbox(arguments) => sandbox::run(&settings, arguments).await,
        Command::Demo => demo::run().await,
        Command::Completions { shell } => arguments::print_completions(shell),
        Command::Man { folder } => arguments::write_man_pages(&folder),
    }
}
