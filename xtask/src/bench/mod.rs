//! `cargo xtask bench`: runs the benchmarks.

mod charts;
mod jobs;
mod machine;
mod prism;
mod program;
mod row;
mod sandbox;
mod saved;
mod sync;
mod table;
mod versions;

use clap::{Args, Subcommand};

pub(crate) use self::charts::charts;
use self::{
    machine::Machine,
    program::{build, measure},
    row::Results,
    saved::Saved,
    versions::Versions,
};
use crate::{
    command,
    tools::{node::Packages, python::Venv},
};

/// The packages that the Python benchmark compares, and the tool that builds the wheel.
const REQUIREMENTS: &str = "xtask/tools/bench-python-requirements.txt";

/// The packages of data engines, without Spark.
const ENGINES: &str = "xtask/tools/engines/requirements.txt";

#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    subject: Subject,

    /// Save the results in docs/benchmarks, with the machine and the versions, for the documentation site
    #[arg(long, global = true)]
    save: bool,
}

#[derive(Clone, Debug, Subcommand)]
enum Subject {
    /// Measure the Rust client, compared with progenitor's types and with reqwest and serde_json
    Client {
        /// Time each operation this many times, and report the median
        #[arg(long, default_value_t = 15)]
        rounds: u32,
    },
    /// Measure the Python package, compared with msgspec, pydantic, orjson, requests, httpx, aiohttp and data frame libraries
    ///
    /// Also measures the time of the import and the size of the wheel.
    Python {
        /// Time each operation this many times, and report the median
        #[arg(long, default_value_t = 7)]
        rounds: u32,
    },
    /// Measure a job of 10,000 coupons, compared with a script and with single requests, and a plan of 1,000,000
    Jobs {
        /// Create this many coupons with single requests, 600 in a minute
        #[arg(long, default_value_t = 1800)]
        singles: usize,
    },
    /// Measure copies of many stores and of a large store, compared with a pipeline of dlt
    Sync {
        /// Copy this many stores of 1,000 coupons
        #[arg(long, default_value_t = 300)]
        stores: i64,
        /// Copy one store of this many coupons
        #[arg(long, default_value_t = 1_000_000)]
        large: i64,
    },
    /// Measure the requests per second and the p99 of the sandbox, compared with Prism on the same document
    Sandbox {
        /// Measure each server this many times, and report the median
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// Set the duration of a measurement, in seconds
        #[arg(long, default_value_t = 2)]
        seconds: u64,
    },
}

/// Builds the benchmark of a subject, runs it, and prints a table.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    // Before anything is built, so that only other programs are seen.
    let machine = Machine::current();
    let subject = &arguments.subject;
    let (results, versions) = subject.measure()?;
    println!("{}", table::table(&results));
    if arguments.save {
        let path = Saved::new(machine, versions, results)?.write(subject.name())?;
        println!("saved in {}", path.display());
    }
    Ok(())
}

impl Subject {
    /// Returns the name of the subcommand.
    fn name(&self) -> &'static str {
        match self {
            Self::Client { .. } => "client",
            Self::Python { .. } => "python",
            Self::Jobs { .. } => "jobs",
            Self::Sync { .. } => "sync",
            Self::Sandbox { .. } => "sandbox",
        }
    }

    /// Returns the results, and the versions of what was measured.
    fn measure(&self) -> anyhow::Result<(Results, Versions)> {
        Ok(match self {
            Self::Client { rounds } => {
                // Counting allocations takes time, so a second program counts them.
                let counting = build("client", &["--features", "count-allocations"])?;
                let mut program = command::command(build("client", &[])?);
                program.arg("--counting").arg(counting).args(["--rounds", &rounds.to_string()]);
                (measure(&mut program)?, versions::crates(&["reqwest", "serde_json"])?)
            }
            Self::Python { rounds } => {
                let venv = Venv::installed("bench-python", REQUIREMENTS)?;
                let wheel = venv.install_package("bench-wheels", "release")?;
                let mut benchmark = command::command(venv.program("python"));
                benchmark.arg("benches/python/main.py").arg("--program").arg(build("client", &[])?);
                benchmark.arg("--wheel").arg(wheel).args(["--rounds", &rounds.to_string()]);
                let peers =
                    ["aiohttp", "httpx", "msgspec", "orjson", "pandas", "polars", "pyarrow", "pydantic", "requests"];
                (measure(&mut benchmark)?, versions::packages(&venv, &peers)?)
            }
            Self::Jobs { singles } => {
                let venv = Venv::installed("bench-python", REQUIREMENTS)?;
                (jobs::run(&build("jobs", &[])?, &venv, *singles)?, versions::packages(&venv, &["requests"])?)
            }
            Self::Sync { stores, large } => {
                let venv = Venv::installed("bench-engines", ENGINES)?;
                let results = sync::run(&build("sync", &[])?, &venv, *stores, *large)?;
                (results, versions::packages(&venv, &["dlt", "duckdb"])?)
            }
            Self::Sandbox { rounds, seconds } => {
                let prism = Packages::install("prism", "xtask/tools/prism")?;
                (sandbox::run(&build("sandbox", &[])?, &prism, *rounds, *seconds)?, versions::prism(&prism)?)
            }
        })
    }
}
