//! `cargo xtask ci`: everything a change must pass, one step after the other, each with its time.

mod browser;
mod deny;
mod document;
mod features;
mod fuzz;
mod msrv;
mod python;
mod schemathesis;
mod semver;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};
use clap::{Args, ValueEnum};

use crate::{command, generate, public_api, report::Format, verify, workspace};

/// The choices of `cargo xtask ci`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Run only these steps; may be given several times.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<Step>,

    /// Run the steps after a failed one too.
    #[arg(long)]
    keep_going: bool,

    /// List the steps and run none.
    #[arg(long)]
    list: bool,
}

/// The steps, in the order they run in. The comments are what `--list` and `--help` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The code is formatted
    Format,
    /// The generated code is what the OpenAPI document says
    Generate,
    /// The OpenAPI document is valid, each field has a description, and the linter finds nothing
    Document,
    /// The OpenAPI document is what the vendor's pages say, and the generated types are what it says
    Verify,
    /// Clippy and the compiler have no warning
    Clippy,
    /// Everything is built, and every test passes
    #[value(name = "build+test", alias = "test")]
    Test,
    /// The documentation is built without a warning
    Docs,
    /// The client is built with each choice of its features, and has TLS or says what is missing
    Features,
    /// The client's public API is the one that its list shows
    PublicApi,
    /// The version says what changed in the client's API since the last release
    Semver,
    /// The fuzz targets compile, and their seeds hold
    Fuzz,
    /// The declared `rust-version` is the one that the dependencies need
    Msrv,
    /// Licenses, sources and known vulnerabilities of the dependencies
    Deny,
    /// The sandbox is what the OpenAPI document says, for requests that are made up from it
    Schemathesis,
    /// The sandbox's web page can be used in a browser
    Browser,
    /// The command's demonstration runs to its end
    Demo,
    /// The Python package is built and installed, and its tests, examples, types and style hold
    Python,
}

/// A part of a step that could not be run here, and why.
struct Skipped {
    part: &'static str,
    reason: String,
}

/// What a step that did not fail answers: the parts it had to leave out.
type StepResult = anyhow::Result<Vec<Skipped>>;

/// A line of the closing table.
enum Outcome {
    Ran { skipped: Vec<Skipped>, time: Duration },
    Failed { time: Duration },
    NotRun,
}

/// Runs the steps asked for.
///
/// # Errors
///
/// Names the steps that failed.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.list {
        for step in Step::value_variants() {
            println!("{:<14}{}", step.name(), step.help());
        }
        return Ok(());
    }

    let mut outcomes = Vec::new();
    let mut failed = Vec::new();
    for &step in Step::value_variants() {
        if !arguments.only.is_empty() && !arguments.only.contains(&step) {
            continue;
        }
        if !failed.is_empty() && !arguments.keep_going {
            outcomes.push((step, Outcome::NotRun));
            continue;
        }
        let outcome = step.run_timed();
        if matches!(outcome, Outcome::Failed { .. }) {
            failed.push(step.name());
        }
        outcomes.push((step, outcome));
    }

    print_table(&outcomes);
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn help(self) -> String {
        self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// Runs the step and prints how it ended.
    fn run_timed(self) -> Outcome {
        let name = self.name();
        println!("== {name}: {}", self.help());
        let start = Instant::now();
        let result = self.run();
        let time = start.elapsed();
        match result {
            Ok(skipped) => {
                for Skipped { part, reason } in &skipped {
                    println!("SKIPPED {part}: {reason}");
                }
                let in_part = if skipped.is_empty() { "" } else { " in part" };
                println!("{name}: ok{in_part}, {}\n", seconds(time));
                Outcome::Ran { skipped, time }
            }
            Err(error) => {
                println!("{name}: FAILED, {}\n{error:#}\n", seconds(time));
                Outcome::Failed { time }
            }
        }
    }

    fn run(self) -> StepResult {
        match self {
            Self::Format => command::run(&mut command::cargo("fmt --all --check"))?,
            Self::Generate => generate::run(true)?,
            Self::Document => document::run()?,
            Self::Verify => return verify(),
            // Clippy also compares what is used of the standard library with the declared `rust-version`.
            Self::Clippy => command::run(&mut command::cargo(
                "clippy --workspace --all-targets --all-features --locked -- -D warnings",
            ))?,
            // Shown, so that a reader sees which tests ran and how many.
            Self::Test => {
                let output =
                    command::run_shown(&mut command::cargo("test --workspace --all-features --locked --no-fail-fast"))?;
                // The tests say themselves what they could not run.
                let reasons = output.lines().filter_map(|line| Some(line.split_once("SKIPPED: ")?.1.to_owned()));
                return Ok(reasons.map(|reason| Skipped { part: "the test", reason }).collect());
            }
            Self::Docs => command::run(
                command::cargo("doc --workspace --no-deps --all-features --locked").env("RUSTDOCFLAGS", "-D warnings"),
            )?,
            Self::Features => features::run()?,
            Self::PublicApi => return public_api(),
            Self::Semver => return semver::run(),
            Self::Fuzz => fuzz::run()?,
            Self::Msrv => return msrv::run(),
            Self::Deny => return deny::run(),
            Self::Python => python::run()?,
            Self::Schemathesis => schemathesis::run()?,
            Self::Browser => browser::run()?,
            Self::Demo => command::run(&mut command::cargo("run --locked --bin ecwid-coupons -- demo"))?,
        }
        Ok(Vec::new())
    }
}

/// Holds the document against the lock, and against the pages where they are.
fn verify() -> StepResult {
    let options = |pages: Option<PathBuf>| verify::Options {
        root: workspace::root(),
        types: pages.is_none(),
        pages,
        update_lock: false,
        operations: Vec::new(),
        today: verify::today(),
    };
    let pages = verify::default_pages(&workspace::root());
    let mut skipped = Vec::new();
    let mut runs = vec![None];
    if pages.is_dir() {
        runs.push(Some(pages));
    } else {
        let reason = "the vendor's pages are not here; set ECWID_PAGES to their folder".to_owned();
        skipped.push(Skipped { part: "comparing with the pages themselves", reason });
    }
    for pages in runs {
        let report = verify::run(&options(pages))?;
        print!("{}", report.write(Format::Text, &workspace::root())?);
        ensure!(report.exit_code() == 0, "the document is not what the pages say");
    }
    Ok(skipped)
}

/// Holds the list of the public API against the code.
fn public_api() -> StepResult {
    Ok(match public_api::run(true)? {
        public_api::Outcome::Current => Vec::new(),
        public_api::Outcome::Unreadable { reason } => vec![Skipped { part: "the list of the public API", reason }],
    })
}

fn print_table(outcomes: &[(Step, Outcome)]) {
    println!("{:<14}{:>9}  result", "step", "time");
    let mut total = Duration::ZERO;
    let mut skipped_parts = 0;
    for (step, outcome) in outcomes {
        let (time, result) = match outcome {
            Outcome::Ran { skipped, time } if skipped.is_empty() => (Some(time), "ok"),
            Outcome::Ran { time, .. } => (Some(time), "ok in part; the rest:"),
            Outcome::Failed { time } => (Some(time), "FAILED"),
            Outcome::NotRun => (None, "not run"),
        };
        let shown = time.map_or_else(|| "-".to_owned(), |time| seconds(*time));
        println!("{:<14}{shown:>9}  {result}", step.name());
        total += time.copied().unwrap_or_default();
        if let Outcome::Ran { skipped, .. } = outcome {
            for Skipped { part, reason } in skipped {
                println!("{:<23}  SKIPPED {part}: {reason}", "");
            }
            skipped_parts += skipped.len();
        }
    }
    let skipped = if skipped_parts == 0 { String::new() } else { format!("  {skipped_parts} SKIPPED, see above") };
    println!("{:<14}{:>9}{skipped}", "total", seconds(total));
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
