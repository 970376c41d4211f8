//! `cargo xtask ci`: everything a change must pass, one step after the other, each with its time.
//!
//! Cheap steps come first. A step runs after a failed one unless it needs what that one makes.

mod browser;
mod deny;
mod document;
mod msrv;
mod outcome;
mod python;
mod schemathesis;
mod semver;

use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};

use self::outcome::{Outcome, Skipped, StepResult, seconds};
use crate::{command, generate, public_api, sandbox::Sandbox, verify, workspace};

const FUZZ: &str = "crates/ecwid-coupons/fuzz/Cargo.toml";

/// The client's choices of TLS besides the default one, which all other steps build.
const TLS_FEATURES: [&str; 4] = ["", "rustls", "aws-lc-rs", "ring,aws-lc-rs"];

#[derive(Args, Debug)]
pub struct Arguments {
    /// Run only these steps; may be given several times.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<Step>,

    /// Stop at the first step that fails.
    #[arg(long)]
    fail_fast: bool,

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
    /// Licenses, sources and known vulnerabilities of the dependencies
    Deny,
    /// The declared `rust-version` is the one that the dependencies need
    Msrv,
    /// The OpenAPI document is valid, each field has a description, and the linter finds nothing
    Document,
    /// The style of the Python package holds
    PythonStyle,
    /// The OpenAPI document is what the vendor's pages say, and the generated types are what it says
    Verify,
    /// Clippy and the compiler have no warning
    Clippy,
    /// The command is built with the features that it has for its users
    Command,
    /// The command's demonstration runs to its end
    Demo,
    /// The sandbox's web page can be used in a browser
    Browser,
    /// The sandbox is what the OpenAPI document says, for requests that are made up from it
    Schemathesis,
    /// The documentation is built without a warning
    Docs,
    /// The client's public API is the one that its list shows
    PublicApi,
    /// The client is built with each choice of its features, and has TLS or says what is missing
    Features,
    /// The fuzz targets compile, and their seeds hold
    Fuzz,
    /// Everything is built, and every test passes
    #[value(name = "build+test", alias = "test")]
    Test,
    /// The Python package is built and installed, and its tests, examples and types hold
    Python,
    /// The version says what changed in the client's API since the last release
    Semver,
}

/// Runs the steps asked for.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.list {
        for step in Step::value_variants() {
            println!("{:<14}{}", step.name(), step.help());
        }
        return Ok(());
    }

    let is_wanted = |step: &Step| arguments.only.is_empty() || arguments.only.contains(step);
    let steps: Vec<_> = Step::value_variants().iter().copied().filter(is_wanted).collect();
    let mut parts = Vec::new();
    let outcomes = run_each(&steps, arguments.fail_fast, |step| {
        let outcome = step.run_timed();
        parts.push(command::take_spent());
        outcome
    });

    let named: Vec<_> = outcomes.iter().map(|(step, outcome)| (step.name(), outcome)).collect();
    outcome::print_table(&named, &parts);
    let failed: Vec<_> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_failed()).map(|(step, _)| step.name()).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Runs each step that needs no failed one; with `fail_fast`, each before the first that fails.
fn run_each(steps: &[Step], fail_fast: bool, mut run: impl FnMut(Step) -> Outcome) -> Vec<(Step, Outcome)> {
    let mut outcomes: Vec<(Step, Outcome)> = Vec::new();
    for &step in steps {
        let mut failed = outcomes.iter().filter(|(_, outcome)| outcome.is_failed()).map(|(failed, _)| *failed);
        let reason = failed.find(|&it| fail_fast || step.needs() == Some(it));
        let outcome = match reason {
            Some(failed) => Outcome::NotRun { reason: format!("`{}` failed", failed.name()) },
            None => run(step),
        };
        outcomes.push((step, outcome));
    }
    outcomes
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn help(self) -> String {
        self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// The step that makes what this one cannot do without.
    fn needs(self) -> Option<Self> {
        match self {
            Self::Demo | Self::Browser | Self::Schemathesis | Self::Python => Some(Self::Command),
            _ => None,
        }
    }

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
            Self::Features => features()?,
            Self::PublicApi => return public_api(),
            Self::Semver => return semver::run(),
            // As cargo-fuzz builds them: what they call is in no other build. The fuzzer itself wants a nightly compiler and time.
            Self::Fuzz => {
                let test = format!("test --manifest-path {FUZZ} --no-default-features --locked --target-dir");
                command::run(command::cargo(&test).arg(command::target()?).env("RUSTFLAGS", "--cfg fuzzing"))?;
            }
            Self::Msrv => return msrv::run(),
            Self::Deny => return deny::run(),
            Self::Command => drop(Sandbox::build(&[])?),
            Self::PythonStyle => python::style()?,
            Self::Python => python::run()?,
            Self::Schemathesis => schemathesis::run()?,
            Self::Browser => browser::run()?,
            Self::Demo => command::run(command::command(Sandbox::build(&[])?).arg("demo"))?,
        }
        Ok(Vec::new())
    }
}

/// Compares the document with the lock, and with the pages where they are.
fn verify() -> StepResult {
    command::run_shown(verify::program().arg("verify"))?;
    let Some(pages) = workspace::pages() else {
        let reason = "the vendor's pages are not here; set ECWID_PAGES to their folder".to_owned();
        return Ok(vec![Skipped { part: "comparing with the pages themselves", reason }]);
    };
    command::run_shown(verify::program().args(["verify", "--no-types", "--pages"]).arg(pages))?;
    Ok(Vec::new())
}

fn public_api() -> StepResult {
    let unreadable = public_api::run(true)?;
    Ok(unreadable.into_iter().map(|reason| Skipped { part: "the list of the public API", reason }).collect())
}

/// Builds the client alone with each choice of TLS, and tests what it makes of it.
fn features() -> anyhow::Result<()> {
    for features in TLS_FEATURES {
        let choice = format!("--package ecwid-coupons --no-default-features --features={features} --locked");
        // What is for tests alone turns features of dependencies on, so that the test cannot see that one is missing.
        command::run(&mut command::cargo(&format!("clippy {choice} -- -D warnings")))?;
        command::run(&mut command::cargo(&format!("test {choice} --test tls_features")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// How each step ends when these fail: `ok`, `FAILED`, or why it was not run.
    fn ends(steps: &[Step], failing: &[Step], fail_fast: bool) -> Vec<String> {
        let time = Duration::ZERO;
        let run = |step| match failing.contains(&step) {
            true => Outcome::Failed { time },
            false => Outcome::Ran { skipped: Vec::new(), time },
        };
        let shown = |(step, outcome): (Step, Outcome)| match outcome {
            Outcome::Ran { .. } => format!("{}: ok", step.name()),
            Outcome::Failed { .. } => format!("{}: FAILED", step.name()),
            Outcome::NotRun { reason } => format!("{}: {reason}", step.name()),
        };
        run_each(steps, fail_fast, run).into_iter().map(shown).collect()
    }

    #[test]
    fn every_step_runs_that_needs_no_failed_one() {
        let all = Step::value_variants();
        let without_browser = ends(all, &[Step::Browser], false);
        assert_eq!(without_browser.iter().filter(|end| end.ends_with(": ok")).count(), all.len() - 1);
        assert!(without_browser.contains(&"browser: FAILED".to_owned()));

        let without_command = ends(all, &[Step::Format, Step::Command], false);
        let not_run: Vec<_> = without_command.iter().filter(|end| end.ends_with("`command` failed")).collect();
        assert_eq!(
            not_run,
            ["demo", "browser", "schemathesis", "python"].map(|it| format!("{it}: `command` failed")).each_ref()
        );
        assert_eq!(without_command.iter().filter(|end| end.ends_with(": ok")).count(), all.len() - 6);
    }

    #[test]
    fn a_needed_step_that_is_not_asked_for_keeps_nothing_back() {
        assert_eq!(ends(&[Step::Demo, Step::Python], &[Step::Demo], false), ["demo: FAILED", "python: ok"]);
    }

    #[test]
    fn nothing_runs_after_the_first_failure_if_that_is_asked_for() {
        let steps = [Step::Format, Step::Generate, Step::Deny];
        assert_eq!(
            ends(&steps, &[Step::Generate], true),
            ["format: ok", "generate: FAILED", "deny: `generate` failed"]
        );
    }

    #[test]
    fn a_step_comes_after_the_one_that_it_needs() {
        let place = |step| Step::value_variants().iter().position(|it| *it == step);
        for step in Step::value_variants() {
            assert!(step.needs().is_none_or(|needed| place(needed) < place(*step)), "{}", step.name());
        }
    }
}
