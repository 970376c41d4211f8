//! `cargo xtask ci`: runs all checks that a change must pass, and prints the time of each step.
//!
//! Fast steps come first. If a step fails, the following steps still run unless they need its result.

mod browser;
mod deny;
mod document;
mod engines;
mod msrv;
mod outcome;
mod prose;
mod python;
mod schemathesis;
mod workflows;

use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};

use self::outcome::{Outcome, Skipped, StepResult, seconds};
use crate::{command, dist, docs, generate, packages, public_api, release, sandbox::Sandbox, verify, workspace};

const FUZZ: &str = "crates/ecwid-coupons/fuzz/Cargo.toml";

/// The TLS features of the client. The other steps build all features.
const TLS_FEATURES: [&str; 4] = ["", "rustls", "ring", "aws-lc-rs"];

#[derive(Args, Debug)]
pub struct Arguments {
    /// Run only these steps, separated by commas
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<Step>,

    /// Fail if a part of a step cannot run here
    #[arg(long)]
    no_skips: bool,

    /// Stop after the first step that fails
    #[arg(long)]
    fail_fast: bool,

    /// List the steps and exit
    #[arg(long)]
    list: bool,
}

/// The steps in the order in which they run. `--list` and `--help` print the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The code is formatted
    Format,
    /// The generated code is up to date with the OpenAPI document
    Generate,
    /// The licenses and sources of the dependencies are allowed, and no vulnerability is known
    Deny,
    /// The declared `rust-version` is the version that the dependencies require
    Msrv,
    /// The OpenAPI document is valid, describes each field, and passes the linter
    Document,
    /// Texts are spelled correctly, Markdown is well formed, and no text has an outdated phrase
    Prose,
    /// The Python package passes the linter and the formatter
    PythonStyle,
    /// The files of hosted CI are valid and secure
    Workflows,
    /// The OpenAPI document agrees with the vendor's documentation pages and with the generated types
    Verify,
    /// Clippy and the compiler report no warnings
    Clippy,
    /// The command builds with the features that users get
    Command,
    /// `ecwid-coupons demo` succeeds
    Demo,
    /// The documentation site builds, and no link in it is broken
    Site,
    /// The sandbox's web page and the documentation site work in a browser
    Browser,
    /// The sandbox agrees with the OpenAPI document on requests that are generated from the document
    Schemathesis,
    /// The documentation builds without warnings, and links of the READMEs lead to its items
    Docs,
    /// The list of the client's public API is up to date
    PublicApi,
    /// The client builds with each TLS feature, and reports a missing one
    Features,
    /// The fuzz targets compile, and their seeds pass
    Fuzz,
    /// Everything builds, and all tests pass
    #[value(name = "build+test", alias = "test")]
    Test,
    /// The Python package builds and installs, and its tests, examples and types pass
    Python,
    /// The data sources for Spark and dlt pass their tests with a Spark session and a dlt pipeline
    Engines,
    /// The crates and Python packages are packed with the right files, compile, and have complete metadata
    Packages,
    /// The wheels of the Python packages install into a new environment, and work together
    Dist,
    /// A release would have its version in all places, a changelog, no placeholder, and no unannounced breaking change
    Release,
}

/// Runs the selected steps.
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
    let is_skipped =
        |(_, outcome): &(Step, Outcome)| matches!(outcome, Outcome::Ran { skipped, .. } if !skipped.is_empty());
    if arguments.no_skips && outcomes.iter().any(is_skipped) {
        bail!("parts of the steps were skipped, see above");
    }
    Ok(())
}

/// Runs each step unless a step that it needs has failed. With `fail_fast`, stops after the first failure.
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

    /// Returns the step whose result this step needs.
    fn needs(self) -> Option<Self> {
        match self {
            Self::Demo | Self::Site | Self::Browser | Self::Schemathesis | Self::Python | Self::Engines => {
                Some(Self::Command)
            }
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
                let in_part = if skipped.is_empty() { "" } else { ", with skipped parts" };
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
            // Clippy also compares the use of the standard library with the declared `rust-version`.
            Self::Clippy => command::run(&mut command::cargo(
                "clippy --workspace --all-targets --all-features --locked -- -D warnings",
            ))?,
            // The output is printed, because it shows which tests ran.
            Self::Test => {
                let output =
                    command::run_shown(&mut command::cargo("test --workspace --all-features --locked --no-fail-fast"))?;
                return Ok(skipped_in("the test", &output));
            }
            Self::Docs => {
                let mut doc = command::cargo("doc --workspace --no-deps --all-features --locked");
                command::run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
                packages::check_links_to_docs()?;
            }
            Self::Packages => packages::run(true)?,
            Self::Dist => dist::smoke_packages()?,
            Self::Features => features()?,
            Self::PublicApi => return public_api(),
            Self::Release => return release(),
            // The fuzzer itself does not run, because it needs a nightly compiler and time.
            Self::Fuzz => {
                let test = format!("test --manifest-path {FUZZ} --no-default-features --locked --target-dir");
                command::run(command::cargo(&test).arg(command::target()?))?;
            }
            Self::Msrv => return msrv::run(),
            Self::Deny => return deny::run(),
            Self::Command => drop(Sandbox::build(&[])?),
            Self::Prose => prose::run()?,
            Self::PythonStyle => python::style()?,
            Self::Workflows => workflows::run()?,
            Self::Python => python::run()?,
            Self::Engines => engines::run()?,
            Self::Schemathesis => schemathesis::run()?,
            Self::Site => drop(docs::run()?),
            Self::Browser => browser::run()?,
            Self::Demo => command::run(command::command(Sandbox::build(&[])?).arg("demo"))?,
        }
        Ok(Vec::new())
    }
}

/// Returns the parts that a program could not run, which it prints after `SKIPPED: `.
fn skipped_in(part: &'static str, output: &str) -> Vec<Skipped> {
    let reasons = output.lines().filter_map(|line| Some(line.split_once("SKIPPED: ")?.1.to_owned()));
    reasons.map(|reason| Skipped { part, reason }).collect()
}

/// Compares the document with the lock, and with the documentation pages if they are available.
fn verify() -> StepResult {
    command::run_shown(verify::program().arg("verify"))?;
    let Some(pages) = workspace::pages() else {
        let reason = "no documentation pages of the vendor; set ECWID_PAGES to their folder".to_owned();
        return Ok(vec![Skipped { part: "comparison with the pages", reason }]);
    };
    let mut verify = verify::program();
    verify.args(["verify", "--no-types", "--skip-missing-pages", "--pages"]).arg(pages);
    Ok(skipped_in("comparison with the pages", &command::run_shown(&mut verify)?))
}

fn public_api() -> StepResult {
    let unreadable = public_api::run(true)?;
    Ok(unreadable.into_iter().map(|reason| Skipped { part: "the list of the public API", reason }).collect())
}

/// Prepares a release in a copy. The step `packages` packs its archives.
fn release() -> StepResult {
    Ok(release::dry_run()?.into_iter().map(|reason| Skipped { part: "release", reason }).collect())
}

/// Builds the client with each TLS feature, and tests it.
fn features() -> anyhow::Result<()> {
    for features in TLS_FEATURES {
        let choice = format!("--package ecwid-coupons --no-default-features --features={features} --locked");
        // Clippy runs without the dev-dependencies, which could enable a missing feature of a dependency.
        command::run(&mut command::cargo(&format!("clippy {choice} -- -D warnings")))?;
        command::run(&mut command::cargo(&format!("test {choice} --test tls_features")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Returns the outcome of each step if some steps fail: `ok`, `FAILED`, or the reason why it did not run.
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
    fn a_step_runs_unless_a_needed_step_failed() {
        let all = Step::value_variants();
        let without_browser = ends(all, &[Step::Browser], false);
        assert_eq!(without_browser.iter().filter(|end| end.ends_with(": ok")).count(), all.len() - 1);
        assert!(without_browser.contains(&"browser: FAILED".to_owned()));

        let without_command = ends(all, &[Step::Format, Step::Command], false);
        let not_run: Vec<_> = without_command.iter().filter(|end| end.ends_with("`command` failed")).collect();
        assert_eq!(
            not_run,
            ["demo", "site", "browser", "schemathesis", "python", "engines"]
                .map(|it| format!("{it}: `command` failed"))
                .each_ref()
        );
        assert_eq!(without_command.iter().filter(|end| end.ends_with(": ok")).count(), all.len() - 8);
    }

    #[test]
    fn a_needed_step_that_was_not_selected_is_ignored() {
        assert_eq!(ends(&[Step::Demo, Step::Python], &[Step::Demo], false), ["demo: FAILED", "python: ok"]);
    }

    #[test]
    fn nothing_runs_after_the_first_failure_with_fail_fast() {
        let steps = [Step::Format, Step::Generate, Step::Deny];
        assert_eq!(
            ends(&steps, &[Step::Generate], true),
            ["format: ok", "generate: FAILED", "deny: `generate` failed"]
        );
    }

    #[test]
    fn a_step_comes_after_the_step_that_it_needs() {
        let place = |step| Step::value_variants().iter().position(|it| *it == step);
        for step in Step::value_variants() {
            assert!(step.needs().is_none_or(|needed| place(needed) < place(*step)), "{}", step.name());
        }
    }
}
