//! Failures of the command: the messages on standard error and the exit codes.

use std::{
    borrow::Cow,
    env, io,
    path::Path,
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use anstyle::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue, ErrorKind as ClapErrorKind};
use ecwid_coupons::{
    __private::{Redactor, hide_tokens, input_file},
    Error, ErrorKind,
};
use ecwid_coupons_jobs::{ChangesError, JobError, SyncError};
use rust_xlsxwriter::XlsxError;

/// Escapes a text from elsewhere, so that it is one line and safe to print.
pub(crate) use ecwid_coupons::__private::escape_untrusted as one_line;

/// The exit codes, for the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  success
  1  other failure
  2  invalid arguments or settings; nothing was changed
  3  coupon or store not found
  4  conflict, for example a code that another coupon has
  5  rate limited
  6  connection failed, response incomplete, or timeout
  7  token refused, or access scope missing
  8  a job is done, but some coupons were refused, are in conflict, or differ
  9  `plan --exit-code`: the store is not as it is declared
  129, 130, 143  stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM during a change";

/// The styles of errors and of hints.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Cyan.on_default().bold();

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Done = 0,
    Other = 1,
    Usage = 2,
    NotFound = 3,
    Conflict = 4,
    RateLimited = 5,
    Network = 6,
    Refused = 7,
    Partial = 8,
    Differs = 9,
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

/// The reason why a command ends early.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    /// The kind of the client's error, or another name for programs.
    kind: Option<&'static str>,
    /// The message and the hint, or `None` if there is nothing to report.
    text: Option<(String, String)>,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, kind: None, text: Some((message.into(), hint.into())) }
    }

    /// Returns a failure without an exit code of its own.
    pub(crate) fn other(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::Other, message, hint)
    }

    /// Returns an exit code without a message.
    pub(crate) fn silent(code: Code) -> Self {
        Self { code, kind: None, text: None }
    }

    /// Returns a failure about invalid arguments or settings.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::Usage, message, hint)
    }

    /// Returns a failure about a coupon that does not exist.
    pub(crate) fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message, hint)
    }

    /// Returns a failure about a signal during a change.
    pub(crate) fn interrupted(code: Code, unfinished: String) -> Self {
        let hint = "look up the coupon before you run the command again";
        Self { kind: Some("interrupted"), ..Self::new(code, format!("interrupted: {unfinished}"), hint) }
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Returns the kind of the client's error, or another name for programs.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        self.kind
    }

    /// Returns the message.
    pub(crate) fn message(&self) -> String {
        self.text.as_ref().map(|(message, _)| redacted(message)).unwrap_or_default()
    }

    /// Returns the message and the hint in one line.
    pub(crate) fn text(&self) -> String {
        let text = self.text.as_ref().map(|(message, hint)| format!("{message}; {hint}"));
        redacted(&text.unwrap_or_default())
    }

    /// Puts the name of the store in front of the message.
    pub(crate) fn of_store(mut self, name: &str) -> Self {
        let prefix = format!("store `{name}`: ");
        // The errors of the configuration name the store themselves.
        if let Some((message, _)) = self.text.as_mut().filter(|(message, _)| !message.starts_with(&prefix)) {
            message.insert_str(0, &prefix);
        }
        self
    }

    /// Appends a note to the message, unless the note is empty.
    pub(crate) fn with_note(mut self, note: String) -> Self {
        if let Some((message, _)) = self.text.as_mut().filter(|_| !note.is_empty()) {
            message.push_str("; ");
            message.push_str(&note);
        }
        self
    }

    /// Prints the failure to standard error and returns its exit code.
    pub(crate) fn report(self) -> ExitCode {
        if let Some((message, hint)) = self.text {
            tell(&format!("{BAD}error:{BAD:#} {}\n{GOOD}hint:{GOOD:#} {}\n", one_line(&message), one_line(&hint)));
        }
        ExitCode::from(self.code as u8)
    }
}

/// Prints what clap returned in place of arguments: the help, the version or an error.
pub(crate) fn print_clap_error(error: clap::Error) -> ExitCode {
    if error.use_stderr() {
        let error = without_dangerous_tip(error);
        let text = error.render();
        // If an argument contains control characters, for example a code from a file, print everything escaped and without color.
        let is_plain = |text: &str| matches!(one_line(text), Cow::Borrowed(_));
        let text = if env::args_os().all(|argument| is_plain(&argument.to_string_lossy())) {
            text.ansi().to_string()
        } else {
            text.to_string().lines().map(one_line).collect::<Vec<_>>().join("\n")
        };
        // Every message of clap ends with this sentence.
        let text = text.split("\nFor more information").next().unwrap_or_default();
        // The message about a value says what is expected.
        if matches!(error.kind(), ClapErrorKind::InvalidValue | ClapErrorKind::ValueValidation) {
            tell(&format!("{}\n", text.trim_end()));
        } else {
            tell(&format!("{text}\n{GOOD}hint:{GOOD:#} run the command with `--help` for its arguments\n"));
        }
        return exit_code(&error);
    }
    // If standard output is closed, nobody reads the message.
    let _ = error.print();
    exit_code(&error)
}

fn exit_code(error: &clap::Error) -> ExitCode {
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1))
}

/// Removes the tip to pass an unknown flag after `--`. With that, `delete A --dry` would also delete the coupon `--dry`.
fn without_dangerous_tip(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::StyledStrs(mut tips)) = error.remove(ContextKind::Suggested) {
        tips.retain(|tip| !tip.to_string().contains("' as a value, use '"));
        if !tips.is_empty() {
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
        }
    }
    error
}

/// Prints a note to standard error.
pub(crate) fn note(text: &str) {
    tell(&format!("{GOOD}note:{GOOD:#} {}\n", one_line(text)));
}

/// Prints a warning to standard error.
pub(crate) fn warn(text: &str) {
    tell(&format!("{BAD}warning:{BAD:#} {}\n", one_line(text)));
}

/// Writes lines about requests to standard error.
pub(crate) fn log(lines: &str) {
    tell(&lines.lines().map(|line| format!("{}\n", one_line(line))).collect::<String>());
}

/// Prints a question to standard error, without a line break.
pub(crate) fn ask(text: &str) {
    tell(&format!("{} ", one_line(text)));
}

/// Writes to standard error, without tokens, and without color if it is disabled.
fn tell(text: &str) {
    // If standard error is closed, nobody reads the message.
    let _ = io::Write::write_all(&mut anstream::stderr(), redacted(text).as_bytes());
}

/// Redacts the tokens and anything that looks like a token, because a user can pass a token as another argument by mistake.
///
/// All output that repeats an argument, a setting or a line of a file passes this function, on standard output too.
pub(crate) fn redacted(text: &str) -> String {
    let of_environment = ["ECWID_TOKEN", "ECWID_SANDBOX_TOKEN"].map(|name| env::var(name).unwrap_or_default());
    let known = TOKENS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let tokens = of_environment.iter().chain(&known).map(|token| token.trim());
    tokens.fold(hide_tokens(text), |text, token| Redactor::new(token).redact(&text))
}

/// The tokens that were read from files and programs.
static TOKENS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Redacts this token in everything that repeats input from now on.
pub(crate) fn hide_token(token: &str) {
    TOKENS.lock().unwrap_or_else(PoisonError::into_inner).push(token.to_owned());
}

/// Prints a warning if other users can read or change a file.
pub(crate) fn warn_of_other_users(what: &str, path: &Path) {
    if let Some(mode) = input_file::mode_for_others(path) {
        warn(&format!("other users can access {what} (mode {mode:04o}); run `chmod 600` on it"));
    }
}

/// Replaces the settings of the client in a hint by the flags of the command.
fn with_flags(hint: &str) -> String {
    let flags = [
        ("`allow_http`", "`--allow-http`"),
        ("`skip_unreadable` of a search", "`--skip-unreadable` of `search`"),
        ("set a longer deadline", "set a longer `--timeout`"),
    ];
    flags.iter().fold(hint.to_owned(), |hint, (setting, flag)| hint.replace(setting, flag))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match error.kind() {
            _ if error.is_coupon_not_found() || error.is_store_not_found() => Code::NotFound,
            _ if error.is_conflict() => Code::Conflict,
            _ if error.is_rate_limited() => Code::RateLimited,
            _ if error.is_network() => Code::Network,
            _ if matches!(error.status(), Some(401..=403)) => Code::Refused,
            ErrorKind::Configuration | ErrorKind::InvalidRequest => Code::Usage,
            _ => Code::Other,
        };
        let is_other_server = code == Code::Other && error.status() == Some(404);
        let hint = error.hint().filter(|_| !is_other_server);
        let hint = hint.unwrap_or(match error.kind() {
            ErrorKind::Configuration => "run `ecwid-coupons --help` for a list of settings",
            ErrorKind::InvalidRequest => "run the command with `--help` for its arguments",
            ErrorKind::Decode => "check the base URL and try again",
            _ if is_other_server => "check the base URL (expected an address that ends with `/api/v3`)",
            _ => "give the request id to the vendor's support",
        });
        Self { kind: Some(error.kind().as_str()), ..Self::new(code, error.summary(), with_flags(hint)) }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Request(error) => error.into(),
            JobError::Unresolved { rows, last } => {
                let failure = Self::from(*last);
                failure.with_note(format!("{rows} coupons could not be created in three attempts"))
            }
            JobError::File { .. } => {
                let hint =
                    "check the path and its permissions; `ecwid-coupons job run FILE` continues a job that exists";
                Self::usage(error.to_string(), hint)
            }
            JobError::NotAJob { .. } => Self::usage(error.to_string(), "pass a file that `ecwid-coupons issue` made"),
            JobError::Running { .. } => Self::other(error.to_string(), "wait until that process ends, or stop it"),
            JobError::OtherStore { .. } => {
                Self::usage(error.to_string(), "use the settings of that store, for example with `--store`")
            }
            JobError::Guessable { .. } => {
                Self::usage(error.to_string(), "use a longer pattern such as `SPRING-[*]`, or add `--allow-guessable`")
            }
            _ => Self::usage(error.to_string(), "run `ecwid-coupons help issue` for the parts of a pattern"),
        }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Changes(ChangesError::Request(error)) => error.into(),
            SyncError::File { .. } => {
                Self::usage(error.to_string(), "pass a file in a folder that you can write to `--to`")
            }
            SyncError::NotACopy { .. } => {
                Self::usage(error.to_string(), "pass a file that `ecwid-coupons sync` made, or a new file, to `--to`")
            }
            SyncError::TooManyDeletions { .. } => {
                let hint = "look at the store; if the coupons were deleted on purpose, repeat with `--max-delete 100%`";
                Self::new(Code::Conflict, error.to_string(), hint)
            }
            _ => Self::other(error.to_string(), "run one sync at a time, or start a new copy in another file"),
        }
    }
}

impl From<ecwid_coupons_sandbox::Error> for Failure {
    fn from(error: ecwid_coupons_sandbox::Error) -> Self {
        use ecwid_coupons_sandbox::Error;

        match error {
            Error::Listen { address, source } => {
                let hint = "choose another port with `--port`, or any free port with `--port 0`";
                Self::other(format!("cannot listen on {address}: {source}"), hint)
            }
            Error::Database { path, message } => {
                let hint = "pass a database of this version of the sandbox to `--db`, or a new file in a folder that you can \
                            write to";
                Self::other(format!("cannot open the database `{path}`: {message}"), hint)
            }
            Error::Load(message) => {
                let hint = "correct the file that you passed to `--load`; `ecwid-coupons sandbox --seed 2 --dump -` prints an example";
                Self::other(format!("cannot load coupons: {message}"), hint)
            }
            Error::Source(message) => {
                let hint = "pass the path of a UTF-8 text file that you can read to `--load`";
                Self::other(format!("cannot read coupons: {message}"), hint)
            }
            Error::Dump(error) => error.into(),
            Error::Setting(message) => {
                Self::usage(message, "run `ecwid-coupons sandbox --help` for a list of settings")
            }
            other => Self::other(other.to_string(), "run `ecwid-coupons sandbox --help` for a list of settings"),
        }
    }
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        Self::other(format!("cannot write the workbook: {error}"), "check the disk")
    }
}

impl From<io::Error> for Failure {
    /// Converts an error of writing the output. A closed pipe is not a failure: a reader such as `head` has read enough.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::silent(Code::Done);
        }
        Self::other(format!("cannot write the output: {error}"), "check the disk, or the program that reads the output")
    }
}

impl From<::csv::Error> for Failure {
    fn from(error: ::csv::Error) -> Self {
        match error.into_kind() {
            ::csv::ErrorKind::Io(error) => error.into(),
            other => io::Error::other(format!("{other:?}")).into(),
        }
    }
}

impl From<serde_json::Error> for Failure {
    /// Converts an error of JSON that the command has already parsed once. Only a bug in the command causes it.
    fn from(error: serde_json::Error) -> Self {
        Self::other(format!("cannot format a coupon: {error}"), "try `--format jsonl`, and report this bug")
    }
}
