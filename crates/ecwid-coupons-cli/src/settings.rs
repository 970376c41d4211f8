//! The settings of all subcommands, and the client that is built from them.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use anstream::ColorChoice;
use clap::{Args, ValueEnum};
use ecwid_coupons::{
    __private::{
        input_file::{self, InputError, TOKEN_LIMIT},
        read_variable,
    },
    Client, ClientBuilder, Config,
    types::Coupon,
};
use ecwid_coupons_sandbox::{DEFAULT_STORE_ID, Sandbox};

use crate::{
    connection::Connection,
    exit::{self, Failure},
    logging,
    output::Format,
};

/// The coupons in the sandbox of `--sandbox`.
const EXAMPLES: &str = r#"[
    {"id": 162428889, "name": "10 OFF", "code": "DISC", "discountType": "ABS", "status": "ACTIVE", "discount": 10,
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
    /// Use this store of the configuration file [default: its default store, unless the environment describes a store].
    /// `search` and `check` accept several names
    #[arg(long = "store", global = true, value_name = "NAME,…", help_heading = "Settings", value_delimiter = ',',
        conflicts_with_all = ["all_stores", "store_id", "sandbox"])]
    stores: Vec<String>,

    /// Use all stores of the configuration file; only for `search`, `check` and `config show`
    #[arg(long, global = true, help_heading = "Settings", conflicts_with_all = ["store_id", "token_file", "sandbox"])]
    all_stores: bool,

    /// Read the stores from this file [default: ecwid-coupons/config.toml in the configuration folder] [env: ECWID_CONFIG]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,

    /// Use the store with this id [env: ECWID_STORE_ID]
    #[arg(long, global = true, value_name = "ID", help_heading = "Settings")]
    store_id: Option<String>,

    /// Read the access token from this file, or from standard input if PATH is -; overrides the environment [env: ECWID_TOKEN]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    pub(crate) token_file: Option<PathBuf>,

    /// Send requests to this address, which ends with /api/v3, instead of the vendor's [env: ECWID_BASE_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Settings")]
    pub(crate) base_url: Option<String>,

    /// Trust the root certificates in this PEM file in addition to the system's [env: ECWID_CA_FILE]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Settings")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Allow an http base URL on another machine; anyone on the network path can read the token [env: ECWID_ALLOW_HTTP]
    #[arg(long, global = true, help_heading = "Settings")]
    pub(crate) allow_http: bool,

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

    /// Print each request to standard error; -vv prints all events of the client [env: ECWID_LOG, such as debug]
    #[arg(short, long, global = true, help_heading = "Settings", action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Use colors: if the output is a terminal, always, or never [env: NO_COLOR, CLICOLOR_FORCE]
    #[arg(long, global = true, value_name = "WHEN", help_heading = "Settings", value_enum, default_value_t)]
    pub(crate) color: Color,

    /// Limit a call with its retries, and each attempt, to this many seconds [default: 180 for a call, 60 for an attempt]
    #[arg(long, global = true, value_name = "SECONDS", help_heading = "Settings", value_parser = seconds)]
    timeout: Option<Duration>,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub(crate) fn set(self) {
        match self {
            // The default, which checks the terminal and the environment.
            Self::Auto => {}
            Self::Always => ColorChoice::Always.write_global(),
            Self::Never => ColorChoice::Never.write_global(),
        }
    }

    /// Uses the flag in unparsed arguments, for errors about arguments.
    pub(crate) fn set_early(arguments: &[OsString]) {
        let of = |text: &str| Self::from_str(text, true).ok();
        let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--color") {
                Some("") => arguments.next(),
                Some(rest) => rest.strip_prefix('='),
                None => continue,
            };
            value.and_then(of).unwrap_or_default().set();
        }
    }
}

/// A client of a store, and its sandbox if there is one.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) client: Client,
    /// Stops when it is dropped.
    _sandbox: Option<Sandbox>,
}

impl Settings {
    /// Fails if the token is read from standard input too. `what` is what shall be read, as in "the file".
    pub(crate) fn refuse_token_from_input(&self, what: &str) -> Result<(), Failure> {
        if self.token_file.as_deref() != Some(Path::new("-")) {
            return Ok(());
        }
        let message = format!("{what} and `--token-file` cannot both be read from standard input");
        Err(Failure::usage(message, "pass the path of a file to one of them"))
    }

    /// Returns the client of the one store that the settings name.
    pub(crate) async fn connect(&self) -> Result<Store, Failure> {
        self.connect_to_send(false).await
    }

    /// Returns the client of the one store that the settings name. It sends unknown enum values if `allow_unknown` is true.
    pub(crate) async fn connect_to_send(&self, allow_unknown: bool) -> Result<Store, Failure> {
        if self.is_of_several() {
            let hint = "`search`, `check` and `sync` accept several stores; run this command once for each store";
            return Err(Failure::usage("this command accepts one store", hint));
        }
        match self.connect_each(allow_unknown).await?.pop() {
            Some((_, store)) => store,
            None => Err(Failure::usage("no store is named", "pass the name of a store to `--store`")),
        }
    }

    /// Returns the names and the clients of all stores that the settings name. The name of a store that is not in the
    /// configuration file is its id. A store without a client, for example because its token
    /// cannot be read, does not prevent the others.
    pub(crate) async fn connect_all(&self) -> Result<Vec<(String, Result<Store, Failure>)>, Failure> {
        self.connect_each(false).await
    }

    async fn connect_each(&self, allow_unknown: bool) -> Result<Vec<(String, Result<Store, Failure>)>, Failure> {
        let build = |builder: ClientBuilder| self.with_timeout(builder).allow_unknown(allow_unknown).build();
        if self.sandbox {
            let sandbox = self.start_sandbox().await?;
            let builder = Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url());
            let name = sandbox.store_id().to_string();
            let client = build(builder)?;
            return Ok(vec![(name, Ok(Store { client, _sandbox: Some(sandbox) }))]);
        }
        let connect = |connection: Connection| {
            let name = connection.name.clone().unwrap_or_else(|| connection.store_id.0.to_string());
            let client = connection.builder().and_then(|builder| Ok(build(builder)?));
            let store = client.map(|client| Store { client, _sandbox: None });
            (name, store)
        };
        Ok(self.connections()?.into_iter().map(connect).collect())
    }

    /// Returns the name of the store, if `--store` names one.
    pub(crate) fn store_name(&self) -> Option<&String> {
        self.stores.first().filter(|_| self.stores.len() == 1)
    }

    /// Whether the settings name more than one store.
    pub(crate) fn is_of_several(&self) -> bool {
        self.all_stores || self.stores.len() > 1
    }

    /// Returns the settings of all stores that the flags, the environment or the configuration file name.
    ///
    /// Flags override the environment, and the environment overrides the file. If `--store` names a store of the file, the
    /// variables that describe another store are not used.
    pub(crate) fn connections(&self) -> Result<Vec<Connection>, Failure> {
        let of = |config: &Config, store| Connection::of_store(self, store, config.path());
        if self.all_stores {
            let config = self.config()?.map_or_else(Config::load, Ok)?;
            if config.stores().len() == 0 {
                config.default_store()?;
            }
            return config.stores().map(|store| of(&config, store)).collect();
        }
        if !self.stores.is_empty() {
            let config = self.config()?.map_or_else(Config::load, Ok)?;
            return self.stores.iter().map(|name| of(&config, config.store(name)?)).collect();
        }
        let is_described = self.store_id.is_some()
            || self.token_file.is_some()
            || read_variable("ECWID_STORE_ID")?.is_some()
            || read_variable("ECWID_TOKEN")?.is_some();
        match self.config()?.filter(|_| !is_described) {
            Some(config) => Ok(vec![of(&config, config.default_store()?)?]),
            None => Ok(vec![Connection::without_config(self)?]),
        }
    }

    /// Reads the configuration file, if there is one.
    pub(crate) fn config(&self) -> Result<Option<Config>, Failure> {
        let config = match &self.config {
            Some(path) => Some(Config::read(path)?),
            None => Config::find()?,
        };
        if let Some(config) = &config {
            let path = config.path();
            exit::warn_of_other_users(&format!("the configuration file `{}`", path.display()), path);
        }
        Ok(config)
    }

    fn with_timeout(&self, mut builder: ClientBuilder) -> ClientBuilder {
        if self.verbose == 1 {
            builder = builder.on_attempt(logging::show);
        }
        match self.timeout {
            Some(timeout) => builder.timeout(timeout).deadline(timeout),
            None => builder,
        }
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

    /// Returns the token in the file of `--token-file`, or the value of the variable.
    pub(crate) fn token(&self, variable: &str) -> Result<Option<String>, Failure> {
        match &self.token_file {
            Some(path) => read_token(path).map(Some),
            None => Ok(read_variable(variable)?),
        }
    }
}

/// Parses a store id. The error contains only a number, because another text can be a token in the wrong place.
pub(crate) fn parse_store_id(place: &str, text: &str) -> Result<i64, Failure> {
    let id = text.trim().parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| {
        let given = text.trim().parse::<i128>().map_or_else(|_| String::new(), |given| format!(": {given}"));
        let message = format!("invalid store id in `{place}`{given} (expected an integer from 1 to {})", i64::MAX);
        Failure::usage(message, "use a number such as 1003")
    })
}

/// Reads the token in a file. No error contains the path, because it can be a token in the wrong place.
pub(crate) fn read_token(path: &Path) -> Result<String, Failure> {
    const HINT: &str = "pass `-` for standard input or the path of a file with only the token to `--token-file`";
    let text = read_text(path, TOKEN_LIMIT)
        .map_err(|error| Failure::usage(format!("cannot read the token file: {error}"), HINT))?;
    if text.trim().is_empty() {
        return Err(Failure::usage("empty token file (expected a token)", HINT));
    }
    let token = ecwid_coupons::__private::read_token(&text).map_err(|problem| {
        let message = format!("invalid token file: it contains {problem}; it must contain only the token");
        Failure::usage(message, "remove names, quotes and other lines from the file that you passed to `--token-file`")
    })?;
    exit::hide_token(&token);
    exit::warn_of_other_users("the token file", path);
    Ok(token)
}

/// Reads a text file, or standard input if the path is `-`.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, InputError> {
    if path == Path::new("-") {
        return input_file::read_text(io::stdin().lock(), limit);
    }
    input_file::read_text(input_file::open(path)?, limit)
}

fn seconds(text: &str) -> Result<Duration, String> {
    // From a millisecond to a year.
    let seconds = text.parse().ok().filter(|seconds| (0.001..=31_536_000.0).contains(seconds));
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "must be a number from 0.001 to 31536000, such as 30 or 2.5".to_owned())
}
