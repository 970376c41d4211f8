//! The settings that every command takes, and the client made of them.

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

/// The coupons that `--sandbox` begins with, so that there is something to get, to search and to change.
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

/// The settings of a command.
///
/// The environment is not read by clap: its values would be shown in `--help`, and a base URL from there would clash with
/// `--sandbox`.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// The id of the store [env: ECWID_STORE_ID]
    #[arg(long, global = true, value_name = "ID", help_heading = "Settings")]
    store_id: Option<String>,

    /// A file that holds the access token and wins over the environment, or - for standard input [env: ECWID_TOKEN]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    pub(crate) token_file: Option<PathBuf>,

    /// The address of the API, which ends in /api/v3, if it is not the vendor's [env: ECWID_BASE_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Settings")]
    base_url: Option<String>,

    /// A file of root certificates, as PEM, to trust besides the system's [env: ECWID_CA_FILE]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    ca_file: Option<PathBuf>,

    /// Allow a base URL with http on another machine, to which everyone on the way can read the token [env: ECWID_ALLOW_HTTP]
    #[arg(long, global = true, help_heading = "Settings")]
    allow_http: bool,

    /// Use a sandbox in this process instead of a store; it begins with the coupons DISC and DISC2 and keeps nothing
    #[arg(long, global = true, help_heading = "Settings", conflicts_with_all = ["base_url", "ca_file", "token_file", "allow_http"])]
    sandbox: bool,

    /// How to show the result: as a table for reading, which cuts values after 1000 characters, as one JSON text, as one JSON text a line,
    /// or as comma-separated values. A spreadsheet runs a CSV cell that begins with =, +, - or @ as a formula, so add --spreadsheet if
    /// one is to open it
    #[arg(long, global = true, value_name = "FORMAT", help_heading = "Settings", value_enum, default_value_t)]
    pub(crate) format: Format,

    /// With --format csv, write what is safe to open in a spreadsheet: a byte order mark, and an apostrophe before text that
    /// would run as a formula. Such a file cannot be read back exactly
    #[arg(long, global = true, help_heading = "Settings")]
    pub(crate) spreadsheet: bool,

    /// How long a call may take with its retries, in seconds [default: 180, and 60 for each attempt]
    #[arg(long, global = true, value_name = "SECONDS", help_heading = "Settings", value_parser = seconds)]
    timeout: Option<Duration>,
}

/// A client, and the sandbox it is of when there is one.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) client: Client,
    /// Kept, since a sandbox that is dropped stops.
    _sandbox: Option<Sandbox>,
}

impl Settings {
    /// The client that the settings and the environment describe.
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

    /// The store id that was given as a flag.
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
            (None, Some(_)) => return Err(missing("no store id", STORE_ID_HINT)),
            (Some(_), None) => return Err(missing("no access token", TOKEN_HINT)),
            (None, None) => {
                return Err(missing("no store id and no access token", &format!("{STORE_ID_HINT}, and {TOKEN_HINT}")));
            }
        };
        let mut builder = Client::builder(store_id, token);
        if let Some(base_url) = given_or_set(&self.base_url, "ECWID_BASE_URL")? {
            builder = builder.base_url(base_url);
        }
        let allows = || read_switch(ALLOW_HTTP, &read_variable(ALLOW_HTTP)?.unwrap_or_default());
        builder = builder.allow_http(self.allow_http || allows()?);
        if let Some(path) = given_or_set(&self.ca_file, "ECWID_CA_FILE")? {
            // The path is in no message: it may be the token, given in the wrong place.
            let pem = input_file::read_certificates(&path).map_err(|error| {
                let what = format!("the file of root certificates cannot be read: {error}");
                Failure::usage(what, "give --ca-file or ECWID_CA_FILE the path of a file of certificates, as PEM")
            })?;
            builder = builder.add_root_certificates(pem);
        }
        Ok(builder)
    }

    /// The token in the file that was given, or the one that the variable is set to.
    pub(crate) fn token(&self, variable: &str) -> Result<Option<String>, Failure> {
        match &self.token_file {
            Some(path) => read_token(path).map(Some),
            None => Ok(read_variable(variable)?),
        }
    }
}

/// A setting that was given as a flag, or that the variable is set to.
fn given_or_set<T: Clone + From<String>>(given: &Option<T>, variable: &str) -> Result<Option<T>, Failure> {
    Ok(match given {
        Some(given) => Some(given.clone()),
        None => read_variable(variable)?.map(T::from),
    })
}

const ALLOW_HTTP: &str = "ECWID_ALLOW_HTTP";
const STORE_ID_HINT: &str = "give --store-id or set ECWID_STORE_ID";
const TOKEN_HINT: &str = "set ECWID_TOKEN or give --token-file";

/// A store id. What was given is in no message: it may be the token, given in the wrong place.
fn parse_store_id(place: &str, text: &str) -> Result<i64, Failure> {
    let id = text.trim().parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| Failure::usage(format!("{place} is no store id"), "set it to a number such as 1003"))
}

fn missing(what: &str, hint: &str) -> Failure {
    Failure::usage(what, format!("{hint}; to try without a store, add --sandbox"))
}

/// The token in a file. The path is in no message: it may be the token, given in the wrong place.
fn read_token(path: &Path) -> Result<String, Failure> {
    const HINT: &str =
        "give --token-file the path of a file that holds the token and nothing else, or - for standard input";
    let text = read_text(path, TOKEN_LIMIT)
        .map_err(|error| Failure::usage(format!("the token file cannot be read: {error}"), HINT))?;
    let token = text.trim();
    if token.is_empty() {
        return Err(Failure::usage("the token file is empty", HINT));
    }
    if let Some(problem) = token_problem(token) {
        let hint = "keep the token alone in the file: no name, no quotes, no other line";
        return Err(Failure::usage(format!("the token file holds {problem} (expected the token alone)"), hint));
    }
    exit::hide_token(token);
    warn_of_other_users(path);
    Ok(token.to_owned())
}

/// Warns if other users of this machine can read or replace what is in a token file.
#[cfg(unix)]
fn warn_of_other_users(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(mode) = path.metadata().ok().filter(|file| file.is_file()).map(|file| file.permissions().mode() & 0o777)
    else {
        return;
    };
    if mode & 0o077 != 0 {
        exit::warn(&format!("other users can open the token file (mode {mode:04o}); run `chmod 600` on it"));
    }
}

#[cfg(not(unix))]
fn warn_of_other_users(_: &Path) {}

/// The text of a file, or of standard input for `-`.
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
        .ok_or_else(|| "write a number above 0, such as 30 or 2.5".to_owned())
}
