//! The settings of all subcommands, and the client that is built from them.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use ecwid_coupons::{
    __private::{
        input_file::{self, InputError, TOKEN_LIMIT},
        read_switch, read_variable, token_problem,
    },
    Client,
    types::Coupon,
};
use ecwid_coupons_sandbox::{DEFAULT_STORE_ID, Sandbox};

use crate::{
    exit::{self, Failure},
    output::Format,
};

/// The coupons in the sandbox of `--sandbox`.
const EXAMPLES: &str = r#"[
    {"id": 162428889, "name": "10% OFF", "code": "DISC", "discountType": "ABS", "status": "ACTIVE", "discount": 10,
     "launchDate": "2022-07-28 23:00:00 +0000", "usesLimit": "UNLIMITED", "repeatCustomerOnly": false,
     "applicationLimit": "UNLIMITED", "creationDate": "2022-07-29 15:22:35 +0000",
     "updateDate": "2024-05-01 05:26:28 +0000", "orderCount": 1},
    {"id": 224219782, "name": "Test Coupon", "code": "DISC2", "discountType": "PERCENT", "status": "ACTIVE", "discount": 10,
     "launchDate": "2024-09-01 23:00:00 +0000", "usesLimit": "UNLIMITED", "repeatCustomerOnly": false,
     "applicationLimit": "UNLIMITED", "creationDate": "2024-09-02 07:55:21 +0000",
     "updateDate": "2024-09-02 08:33:26 +0000", "orderCount": 3}
]"#;

/// The settings of a subcommand.
///
/// clap does not read the environment, because a base URL in the environment would conflict with `--sandbox`.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// Use the store with this id [env: ECWID_STORE_ID]
    #[arg(long, global = true, value_name = "ID", help_heading = "Settings")]
    store_id: Option<String>,

    /// Read the access token from this file, or from standard input if PATH is -; overrides the environment [env: ECWID_TOKEN]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    pub(crate) token_file: Option<PathBuf>,

    /// Send requests to this address, which ends with /api/v3, instead of the vendor's [env: ECWID_BASE_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Settings")]
    base_url: Option<String>,

    /// Trust the root certificates in this PEM file in addition to the system's [env: ECWID_CA_FILE]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    ca_file: Option<PathBuf>,

    /// Allow an http base URL on another machine; anyone on the network path can read the token [env: ECWID_ALLOW_HTTP]
    #[arg(long, global = true, help_heading = "Settings")]
    allow_http: bool,

    /// Use a temporary sandbox with the coupons DISC and DISC2 instead of a store
    #[arg(long, global = true, help_heading = "Settings", conflicts_with_all = ["base_url", "ca_file", "token_file", "allow_http"])]
    sandbox: bool,

    /// Print the result as a table with values cut after 1000 characters, as a JSON document, as one JSON object per line, or
    /// as comma-separated values. Spreadsheets execute CSV cells that start with =, +, - or @ as formulas; add --spreadsheet
    /// for a file that is safe to open in a spreadsheet
    #[arg(long, global = true, value_name = "FORMAT", help_heading = "Settings", value_enum, default_value_t)]
    pub(crate) format: Format,

    /// With --format csv, write a byte order mark, and an apostrophe before text that a spreadsheet would execute as a formula.
    /// The original text cannot be restored from such a file
    #[arg(long, global = true, help_heading = "Settings")]
    pub(crate) spreadsheet: bool,

    /// Limit a call with its retries, and each attempt, to this many seconds [default: 180 for a call, 60 for an attempt]
    #[arg(long, global = true, value_name = "SECONDS", help_heading = "Settings", value_parser = seconds)]
    timeout: Option<Duration>,
}

/// A client, and its sandbox if there is one.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) client: Client,
    /// Stops when it is dropped.
    _sandbox: Option<Sandbox>,
}

impl Settings {
    /// Builds the client from the settings and the environment.
    pub(crate) async fn connect(&self) -> Result<Store, Failure> {
        let sandbox = if self.sandbox { Some(self.start_sandbox().await?) } else { None };
        let mut builder = match &sandbox {
            Some(sandbox) => Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url()),
            None => self.builder()?,
        };
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout).deadline(timeout);
        }
        Ok(Store { client: builder.build()?, _sandbox: sandbox })
    }

    async fn start_sandbox(&self) -> Result<Sandbox, Failure> {
        let store_id = self.store_id()?.unwrap_or(DEFAULT_STORE_ID);
        let sandbox = Sandbox::builder().store_id(store_id).start().await?;
        sandbox.load(serde_json::from_str::<Vec<Coupon>>(EXAMPLES)?).await?;
        Ok(sandbox)
    }

    /// Returns the store id of the flag.
    pub(crate) fn store_id(&self) -> Result<Option<i64>, Failure> {
        self.store_id.as_deref().map(|text| parse_store_id("--store-id", text)).transpose()
    }

    fn builder(&self) -> Result<ecwid_coupons::ClientBuilder, Failure> {
        let store_id = match self.store_id()? {
            Some(id) => Some(id),
            None => read_variable("ECWID_STORE_ID")?.map(|text| parse_store_id("ECWID_STORE_ID", &text)).transpose()?,
        };
        let token = self.token("ECWID_TOKEN")?;
        let (store_id, token) = match (store_id, token) {
            (Some(store_id), Some(token)) => (store_id, token),
            (None, Some(_)) => return Err(missing("missing store id", STORE_ID_HINT)),
            (Some(_), None) => return Err(missing("missing access token", TOKEN_HINT)),
            (None, None) => {
                return Err(missing(
                    "missing store id and access token",
                    &format!("{STORE_ID_HINT}, and {TOKEN_HINT}"),
                ));
            }
        };
        let mut builder = Client::builder(store_id, token);
        if let Some(base_url) = given_or_set(&self.base_url, "ECWID_BASE_URL")? {
            builder = builder.base_url(base_url);
        }
        let allows = || read_switch(ALLOW_HTTP, &read_variable(ALLOW_HTTP)?.unwrap_or_default());
        builder = builder.allow_http(self.allow_http || allows()?);
        if let Some(path) = given_or_set(&self.ca_file, "ECWID_CA_FILE")? {
            // The error does not contain the path, because it can be a token in the wrong place.
            let pem = input_file::read_certificates(&path).map_err(|error| {
                let what = format!("cannot read the file of root certificates: {error}");
                Failure::usage(what, "pass the path of a PEM file to `--ca-file` or `ECWID_CA_FILE`")
            })?;
            builder = builder.add_root_certificates(pem);
        }
        Ok(builder)
    }

    /// Returns the token in the file of `--token-file`, or the value of the variable.
    pub(crate) fn token(&self, variable: &str) -> Result<Option<String>, Failure> {
        match &self.token_file {
            Some(path) => read_token(path).map(Some),
            None => Ok(read_variable(variable)?),
        }
    }
}

/// Returns the value of a flag, or the value of the variable if the flag was not given.
fn given_or_set<T: Clone + From<String>>(given: &Option<T>, variable: &str) -> Result<Option<T>, Failure> {
    Ok(match given {
        Some(given) => Some(given.clone()),
        None => read_variable(variable)?.map(T::from),
    })
}

const ALLOW_HTTP: &str = "ECWID_ALLOW_HTTP";
const STORE_ID_HINT: &str = "set `ECWID_STORE_ID` or pass `--store-id`";
const TOKEN_HINT: &str = "set `ECWID_TOKEN` or pass `--token-file`";

/// Parses a store id. The error does not contain the text, because it can be a token in the wrong place.
fn parse_store_id(place: &str, text: &str) -> Result<i64, Failure> {
    let id = text.trim().parse().ok().filter(|id| *id > 0);
    let message = || format!("invalid store id in `{place}` (expected a positive integer)");
    id.ok_or_else(|| Failure::usage(message(), "use a number such as 1003"))
}

fn missing(what: &str, hint: &str) -> Failure {
    Failure::usage(what, format!("{hint}; to try the command without a store, add `--sandbox`"))
}

/// Reads the token in a file. No error contains the path, because it can be a token in the wrong place.
fn read_token(path: &Path) -> Result<String, Failure> {
    const HINT: &str = "pass `-` for standard input or the path of a file with only the token to `--token-file`";
    let text = read_text(path, TOKEN_LIMIT)
        .map_err(|error| Failure::usage(format!("cannot read the token file: {error}"), HINT))?;
    let token = text.trim();
    if token.is_empty() {
        return Err(Failure::usage("empty token file (expected a token)", HINT));
    }
    if let Some(problem) = token_problem(token) {
        let message = format!("invalid token file: it contains {problem}; it must contain only the token");
        return Err(Failure::usage(
            message,
            "remove names, quotes and other lines from the file that you passed to `--token-file`",
        ));
    }
    exit::hide_token(token);
    warn_of_other_users(path);
    Ok(token.to_owned())
}

/// Prints a warning if other users can read or write the token file.
#[cfg(unix)]
fn warn_of_other_users(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(mode) = path.metadata().ok().filter(|file| file.is_file()).map(|file| file.permissions().mode() & 0o777)
    else {
        return;
    };
    if mode & 0o077 != 0 {
        exit::warn(&format!("other users can access the token file (mode {mode:04o}); run `chmod 600` on it"));
    }
}

#[cfg(not(unix))]
fn warn_of_other_users(_: &Path) {}

/// Reads a text file, or standard input if the path is `-`.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, InputError> {
    if path == Path::new("-") {
        return input_file::read_text(io::stdin().lock(), limit);
    }
    input_file::read_text(input_file::open(path)?, limit)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let duration = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a number above 0, such as 30 or 2.5".to_owned())
}
