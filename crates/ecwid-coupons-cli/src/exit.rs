//! What went wrong: the two lines on standard error, and the exit code.

use std::{borrow::Cow, env, io, process::ExitCode, sync::OnceLock};

use anstyle::{AnsiColor, Style};
use ecwid_coupons::{
    __private::{Redactor, hide_tokens},
    Error, ErrorKind,
};

/// The text as one line that can be shown: names and messages come from elsewhere.
pub(crate) use ecwid_coupons::__private::escape_untrusted as one_line;

/// The exit codes, for the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  any other failure
  2  the arguments or settings are not valid; nothing was sent
  3  there is no such coupon, or no such store
  4  conflict, such as a code that another coupon has
  5  too many requests
  6  the store could not be reached, or did not answer in full and in time
  7  the token was refused, or lacks an access scope
  129, 130, 143  stopped by a signal (HUP, INT as by Ctrl-C, TERM) while something was being changed";

/// The styles of what went wrong and of what to try.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Cyan.on_default().bold();

/// What an exit code says.
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
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    /// What happened and what to try; nothing for an end that is none to speak of.
    text: Option<(String, String)>,
}

impl Failure {
    fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, text: Some((message.into(), hint.into())) }
    }

    /// A failure that no other exit code is for.
    pub(crate) fn other(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::Other, message, hint)
    }

    /// Arguments or settings that are not valid.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::Usage, message, hint)
    }

    /// A coupon that is not there.
    pub(crate) fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message, hint)
    }

    /// A signal to stop while something was being changed.
    pub(crate) fn interrupted(code: Code, unfinished: String) -> Self {
        Self::new(code, format!("interrupted: {unfinished}"), "look it up before you run the command again")
    }

    /// The failure with one thing more to know, unless that is nothing.
    pub(crate) fn with_note(mut self, note: String) -> Self {
        if let Some((message, _)) = self.text.as_mut().filter(|_| !note.is_empty()) {
            message.push_str("; ");
            message.push_str(&note);
        }
        self
    }

    /// Writes what happened to standard error.
    pub(crate) fn report(self) -> ExitCode {
        if let Some((message, hint)) = self.text {
            tell(&format!("{BAD}error:{BAD:#} {}\n{GOOD}hint:{GOOD:#} {}\n", one_line(&message), one_line(&hint)));
        }
        ExitCode::from(self.code as u8)
    }
}

/// Answers what clap ends with: a question for help or the version, or arguments that it cannot read.
pub(crate) fn answer(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = error.render();
        // With an argument that could bring colours of its own, as a code out of a file could, there are none.
        let is_plain = |text: &str| matches!(one_line(text), Cow::Borrowed(_));
        let text = if env::args_os().all(|argument| is_plain(&argument.to_string_lossy())) {
            text.ansi().to_string()
        } else {
            text.to_string().lines().map(one_line).collect::<Vec<_>>().join("\n")
        };
        // All errors end in the same way.
        let text = text.split("\nFor more information").next().unwrap_or_default();
        tell(&format!("{text}\n{GOOD}hint:{GOOD:#} `--help` after the command lists what it takes\n"));
    } else {
        // Where standard output is closed there is nobody to tell.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1))
}

/// Says what is worth knowing and no failure.
pub(crate) fn note(text: &str) {
    tell(&format!("{GOOD}note:{GOOD:#} {}\n", one_line(text)));
}

/// Warns of what goes on all the same.
pub(crate) fn warn(text: &str) {
    tell(&format!("{BAD}warning:{BAD:#} {}\n", one_line(text)));
}

/// Writes to standard error, without colour where it is not wanted.
fn tell(text: &str) {
    // Where it is closed there is nobody to tell.
    let _ = io::Write::write_all(&mut anstream::stderr(), without_tokens(text).as_bytes());
}

/// Removes the token from the text, and anything that has the form of one, because a user may pass it as another argument.
fn without_tokens(text: &str) -> String {
    let of_environment = ["ECWID_TOKEN", "ECWID_SANDBOX_TOKEN"].map(|name| env::var(name).unwrap_or_default());
    let of_file = TOKEN_OF_FILE.get().map_or("", |token| token);
    let tokens = of_environment.iter().map(|token| token.trim()).chain([of_file]);
    tokens.fold(hide_tokens(text), |text, token| Redactor::new(token).redact(&text))
}

/// The token that was read from `--token-file`.
static TOKEN_OF_FILE: OnceLock<String> = OnceLock::new();

/// Removes this token from everything that is written to standard error from now on.
pub(crate) fn hide_token(token: &str) {
    TOKEN_OF_FILE.get_or_init(|| token.to_owned());
}

/// Whether it is the coupon or the store that is not there, and not the address.
fn is_missing(error: &Error) -> bool {
    error.is_not_found() && error.code().is_some_and(|code| code.ends_with("_NOT_FOUND"))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match error.kind() {
            _ if is_missing(&error) => Code::NotFound,
            _ if error.is_conflict() => Code::Conflict,
            _ if error.is_rate_limited() => Code::RateLimited,
            _ if error.is_network() => Code::Network,
            _ if error.is_forbidden() => Code::Refused,
            ErrorKind::Configuration | ErrorKind::InvalidRequest => Code::Usage,
            _ => Code::Other,
        };
        let hint = error.hint().filter(|_| !error.is_not_found() || is_missing(&error));
        let hint = hint.unwrap_or(match error.kind() {
            ErrorKind::Configuration => "`ecwid-coupons --help` lists the settings",
            ErrorKind::InvalidRequest => "`--help` after the command says what it takes",
            ErrorKind::Decode => "try again, and check the base URL",
            _ if error.is_not_found() => "check the base URL: it ends in /api/v3",
            _ => "the vendor's support can find the request by its id",
        });
        Self::new(code, error.summary(), hint)
    }
}

impl From<ecwid_coupons_sandbox::Error> for Failure {
    fn from(error: ecwid_coupons_sandbox::Error) -> Self {
        use ecwid_coupons_sandbox::Error;

        match error {
            Error::Listen { address, source } => {
                let hint = "choose another port with --port, or --port 0 for any that is free";
                Self::other(format!("cannot listen on {address}: {source}"), hint)
            }
            Error::Database { path, message } => {
                let hint = "give --db a file that a sandbox made, or one that is not there yet in a folder that can be \
                            written to";
                Self::other(format!("cannot open the database {path}: {message}"), hint)
            }
            Error::Load(message) => {
                let hint = "the README of the sandbox says what --load takes; `sandbox --dump -` shows such a file";
                Self::other(format!("cannot put a coupon in: {message}"), hint)
            }
            Error::Dump(error) => error.into(),
            Error::Setting(message) => Self::usage(message, "`ecwid-coupons sandbox --help` lists the settings"),
            other => Self::other(other.to_string(), "`ecwid-coupons sandbox --help` lists the settings"),
        }
    }
}

impl From<io::Error> for Failure {
    /// An error of writing the output. A reader that has seen enough, such as `head`, is no failure.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { code: Code::Done, text: None };
        }
        Self::other(format!("cannot write the output: {error}"), "check the disk or the program that reads it")
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
    /// JSON that was read once is written and read again, so only a mistake of ours gets here.
    fn from(error: serde_json::Error) -> Self {
        Self::other(format!("a coupon cannot be shown: {error}"), "try `--format jsonl`, and report this")
    }
}
