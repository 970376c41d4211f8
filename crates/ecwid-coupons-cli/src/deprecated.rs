//! The marks of deprecated subcommands and flags in the help, and the warnings if they are used.

use clap::{ArgMatches, Command, builder::StyledStr, parser::ValueSource};
use ecwid_coupons::schema::OPERATIONS;

use crate::exit;

const MARK: &str = " [deprecated: ";

/// Returns the mark for the end of a help text. `note` says what to use instead. The generated flags have this mark too.
pub(crate) fn mark(note: &str) -> String {
    format!("{MARK}{note}]")
}

/// Marks a subcommand that sends one operation, if the operation is deprecated.
pub(crate) fn with_mark(command: Command) -> Command {
    let name = format!("{}_discount_coupon", command.get_name());
    let operation = OPERATIONS.iter().find(|operation| operation.name.trim_end_matches('s') == name);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    match operation.and_then(|operation| operation.deprecated) {
        Some(note) => command.about(about + &mark(note)),
        None => command,
    }
}

/// Warns if a subcommand or a flag with a mark was given.
pub(crate) fn warn(command: &Command, matches: &ArgMatches) {
    for argument in command.get_arguments() {
        let is_given = matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine);
        if let Some(name) = argument.get_long().filter(|_| is_given) {
            warn_of(&format!("--{name}"), argument.get_help());
        }
    }
    let called = matches.subcommand().and_then(|(name, matches)| Some((command.find_subcommand(name)?, matches)));
    if let Some((command, matches)) = called {
        warn_of(command.get_name(), command.get_about());
        warn(command, matches);
    }
}

fn warn_of(name: &str, help: Option<&StyledStr>) {
    let help = help.map(ToString::to_string).unwrap_or_default();
    if let Some((_, note)) = help.strip_suffix(']').and_then(|help| help.split_once(MARK)) {
        exit::warn(&format!("`{name}` is deprecated: {note}"));
    }
}
