//! The arguments of the command: the subcommands, their settings and their help.

use std::{
    ffi::{OsStr, OsString},
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{
    Arg, Args as _, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, error::ErrorKind, parser::ValueSource,
};
use clap_complete::Shell;

use crate::{
    apply, check, config, create, delete, deprecated, examples,
    exit::{self, Failure},
    get, import, issue, job,
    output::{self, Format},
    plan, pull, sandbox, search,
    settings::{Color, Settings},
    sync, update,
};

/// Manage the discount coupons of an Ecwid store (Lightspeed E-Series)
#[derive(Parser, Debug)]
#[command(
    name = "ecwid-coupons",
    bin_name = "ecwid-coupons",
    version = VERSION,
    max_term_width = 100,
    after_help = "Run `ecwid-coupons help COMMAND` for a command with its settings and examples.",
    after_long_help = exit::HELP,
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// A subcommand.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// List the coupons that match all filters, or all coupons if no filter is given
    Search(search::Arguments),
    /// Show a coupon
    Get(get::Arguments),
    /// Create a coupon
    Create(create::Arguments),
    /// Update the given fields of a coupon
    Update(update::Arguments),
    /// Delete coupons
    Delete(delete::Arguments),
    /// Create many coupons with random codes, as a job that can be continued and undone
    Issue(issue::Arguments),
    /// Create or change the coupons of a CSV, JSON Lines or XLSX file
    Import(import::Arguments),
    /// Continue, show or undo a job of `issue`, `import` or `apply`
    Job(job::Arguments),
    /// Print coupons as a declaration: a TOML file for `plan` and `apply`
    Pull(pull::Arguments),
    /// Show what a declaration would change
    Plan(plan::Arguments),
    /// Create, change and remove coupons, so that the store is as declared
    Apply(apply::Arguments),
    /// Print the JSON Schema of declarations, for editors
    Schema,
    /// Keep a copy of the coupons of one or several stores in an SQLite file
    Sync(sync::Arguments),
    /// Check the connection, the token and its access scopes
    Check(check::Arguments),
    /// Show the settings and where they are from
    Config(config::Arguments),
    /// Run a local sandbox for tests and experiments
    Sandbox(sandbox::Arguments),
    /// Run the documented examples against a local sandbox; no account is needed
    #[command(override_usage = "ecwid-coupons demo")]
    Demo,
    /// Print a script that completes the arguments in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages to a folder
    #[command(hide = true)]
    Man {
        /// The folder, which must exist
        folder: PathBuf,
    },
}

/// The version, with the commit and its date if the command was built from a clone.
const VERSION: &str = match option_env!("ECWID_COUPONS_COMMIT") {
    Some(commit) => commit,
    None => env!("CARGO_PKG_VERSION"),
};

/// The subcommands that take only some settings, with the help of the settings that they take.
const USED: [(&str, &[(&str, &str)]); 5] =
    [("sandbox", &sandbox::SHARED), ("demo", &[]), ("schema", &[]), ("completions", &[]), ("man", &[])];

/// Parses the arguments of the process.
///
/// Returns an exit code if the process should end. The help or the error has been printed then.
pub(crate) fn read() -> Result<Arguments, ExitCode> {
    let arguments: Vec<_> = std::env::args_os().collect();
    Color::set_early(&arguments);
    refuse_token(&arguments).map_err(Failure::report)?;
    parse(arguments).map_err(exit::print_clap_error)
}

fn parse(arguments: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let mut command = command();
    let arguments = codes_last(&command, arguments);
    let matches = command.try_get_matches_from_mut(arguments)?;
    let called = matches.subcommand_name().unwrap_or_default();
    if let Some((_, used)) = USED.iter().find(|(name, _)| *name == called) {
        let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let settings = settings();
        let mut ids = settings.get_arguments().map(|setting| setting.get_id().as_str());
        if let Some(id) = ids.find(|id| is_given(id) && help_of(id, used).is_none() && !EVERYWHERE.contains(id)) {
            let flag = id.replace('_', "-");
            let message = format!("`--{flag}` cannot be used with `{called}`, because {}", why_unused(called, id));
            let called = command.find_subcommand_mut(called).expect("clap found it");
            return Err(called.error(ErrorKind::ArgumentConflict, message));
        }
    }
    let mut arguments = Arguments::from_arg_matches(&matches)?;
    let settings = &mut arguments.settings;
    settings.color.set();
    deprecated::warn(&command, &matches);
    if settings.spreadsheet {
        if settings.format != Format::Csv {
            return Err(command.error(ErrorKind::ArgumentConflict, "`--spreadsheet` requires `--format csv`"));
        }
        settings.format = Format::Spreadsheet;
    }
    Ok(arguments)
}

/// Returns the reason why a subcommand does not take a setting.
fn why_unused(called: &str, setting: &str) -> &'static str {
    match (called, setting) {
        ("demo", _) => "`demo` has no settings",
        ("schema" | "completions" | "man", _) => "it prints the same text for every store",
        (_, "spreadsheet") => "it applies to coupons that are printed as CSV",
        _ => "it applies to requests to a store",
    }
}

/// Moves codes such as `-5OFF` behind `--`, so that clap does not parse them as flags.
///
/// Only arguments that cannot be flags are moved. If every argument with a hyphen were accepted as a code, a misspelled flag
/// would be one too: `delete --dry-run A` would delete the coupon `A`.
fn codes_last(command: &clap::Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let behind: Vec<_> = arguments.drain(end..).skip(1).collect();
    let mut codes = Vec::new();
    let mut is_value = false;
    arguments.retain(|argument| {
        let is_code = !is_value
            && matches!(argument.as_encoded_bytes(), [b'-', next, ..] if *next != b'-' && !next.is_ascii_alphabetic());
        if is_code {
            codes.push(argument.clone());
        }
        is_value = takes_value(command, argument);
        !is_code
    });
    codes.extend(behind);
    if !codes.is_empty() {
        arguments.push("--".into());
        arguments.extend(codes);
    }
    arguments
}

/// Returns whether this is a flag whose value is the next argument.
fn takes_value(command: &clap::Command, argument: &OsStr) -> bool {
    let Some(name) = argument.to_str().and_then(|argument| argument.strip_prefix("--")) else { return false };
    let flags = command.get_subcommands().chain([command]).flat_map(clap::Command::get_arguments);
    flags.filter(|flag| flag.get_action().takes_values()).any(|flag| {
        flag.get_long() == Some(name) || flag.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
    })
}

fn command() -> clap::Command {
    let all = Arguments::command().mut_subcommands(|command| {
        // A code may begin with a hyphen.
        command.mut_args(
            |argument| if argument.get_id() == "code" { argument.allow_hyphen_values(true) } else { argument },
        )
    });
    all.mut_subcommands(|command| {
        let used = USED.iter().find(|(name, _)| *name == command.get_name()).map(|(_, used)| *used);
        // An argument with the same id replaces the global argument in this subcommand.
        // Manual pages have the long help of an argument that the short help hides.
        let in_long_help = |setting: &Arg| {
            let help = setting.get_help().cloned().unwrap_or_default();
            setting.clone().hide_short_help(true).long_help(help)
        };
        let own = |setting: &Arg| match used.map(|used| help_of(setting.get_id().as_str(), used)) {
            _ if EVERYWHERE.contains(&setting.get_id().as_str()) => in_long_help(setting),
            None => in_long_help(setting),
            Some(Some(help)) => setting.clone().help(help),
            Some(None) => setting.clone().hide(true),
        };
        let command = with_examples(deprecated::with_mark(command));
        command.args(settings().get_arguments().map(own))
    })
}

/// The settings that every subcommand takes.
const EVERYWHERE: [&str; 1] = ["color"];

/// Adds the examples to the long help, and moves the text after the arguments there.
fn with_examples(command: clap::Command) -> clap::Command {
    let examples: String = examples::of(command.get_name()).iter().map(|line| format!("\n  {line}")).collect();
    if examples.is_empty() {
        return command;
    }
    let text = command.get_after_help().map_or_else(String::new, |text| format!("{text}\n\n"));
    let name = command.get_name().to_owned();
    command
        .after_long_help(format!("{text}Examples:{examples}"))
        .after_help(format!("Run `ecwid-coupons help {name}` for all settings and for examples."))
}

/// Prints a completion script.
pub(crate) fn print_completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "ecwid-coupons", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if shell == Shell::Bash {
        // clap_complete uses two names for a command with a hyphen, so that no subcommand would be completed.
        script = script.replace("ecwid__subcmd__coupons", "ecwid__coupons");
    }
    let mut out = output::out();
    out.write_all(script.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes a manual page for the command and for each subcommand.
pub(crate) fn write_man_pages(folder: &Path) -> Result<(), Failure> {
    let hint = "pass a folder that exists and that you can write to";
    clap_mangen::generate_to(command(), folder)
        .map_err(|error| Failure::other(format!("cannot write to `{}`: {error}", folder.display()), hint))
}

fn settings() -> clap::Command {
    Settings::augment_args(clap::Command::new("settings"))
}

fn help_of(setting: &str, used: &[(&str, &'static str)]) -> Option<&'static str> {
    used.iter().find(|(id, _)| *id == setting).map(|(_, help)| *help)
}

/// Refuses `--token`, because other users can see command-line arguments and the shell keeps them in its history.
fn refuse_token(arguments: &[OsString]) -> Result<(), Failure> {
    let mut options = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    if !options.any(|argument| argument == "--token" || argument.as_encoded_bytes().starts_with(b"--token=")) {
        return Ok(());
    }
    Err(Failure::usage(
        "unknown flag: `--token`; other users could see a token on the command line, and the shell would keep it",
        "set `ECWID_TOKEN` (`ECWID_SANDBOX_TOKEN` for `sandbox`), or pass a path or `-` to `--token-file`",
    ))
}

#[cfg(test)]
mod tests {
    use super::{codes_last, command};

    #[test]
    fn codes_with_a_hyphen_are_moved_behind_two_hyphens() {
        let last =
            |arguments: &[&str]| codes_last(&command(), arguments.iter().map(|argument| (*argument).into()).collect());
        for (arguments, expected) in [
            (
                &["x", "delete", "-5OFF", "A", "--format", "csv"][..],
                &["x", "delete", "A", "--format", "csv", "--", "-5OFF"][..],
            ),
            (&["x", "delete", "A", "-½", "--", "-B", "--"], &["x", "delete", "A", "--", "-½", "-B", "--"]),
            (
                &["x", "--sandbox", "get", "--fields", "-1", "-2"],
                &["x", "--sandbox", "get", "--fields", "-1", "--", "-2"],
            ),
            (
                &["x", "search", "--availability", "-1", "--code=a", "-"],
                &["x", "search", "--availability", "-1", "--code=a", "-"],
            ),
            (&["x", "delete", "--dry-run", "-n", "A"], &["x", "delete", "--dry-run", "-n", "A"]),
        ] {
            assert_eq!(last(arguments), expected);
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }
}
