//! The settings of a connection to a store: each value, and where it is from.

use std::{fmt, path::PathBuf};

use ecwid_coupons::{
    __private::{input_file, read_switch, read_variable},
    Client, ClientBuilder, Config, StoreConfig, TokenSource,
};

use crate::{
    exit::{self, Failure},
    settings::{Settings, parse_store_id, read_token},
};

/// The place of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Flag(&'static str),
    Variable(&'static str),
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "flag {name}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

/// A value and its source.
pub(crate) type Sourced<T> = (T, Source);

/// The place of the token. The token is read when the client is built.
#[derive(Clone, Debug)]
pub(crate) enum TokenPlace {
    /// A file, or standard input if the path is `-`: `--token-file`.
    File(PathBuf),
    /// The variable `ECWID_TOKEN`.
    Variable,
    /// A place in the configuration file.
    Config(StoreConfig),
}

impl fmt::Display for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Not the path, because it can be a token in the wrong place.
            Self::File(_) => f.write_str("file"),
            Self::Variable => f.write_str("environment variable ECWID_TOKEN"),
            Self::Config(store) => write!(f, "{}", store.token_source()),
        }
    }
}

/// The settings of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    /// The name of the store in the configuration file, if the settings are from there.
    pub(crate) name: Option<String>,
    pub(crate) store_id: Sourced<i64>,
    pub(crate) token: Sourced<TokenPlace>,
    pub(crate) base_url: Option<Sourced<String>>,
    pub(crate) ca_file: Option<Sourced<PathBuf>>,
    pub(crate) allow_http: Option<Source>,
    pub(crate) proxy: Option<Sourced<String>>,
    pub(crate) requests_per_minute: Option<Sourced<u32>>,
}

const STORE_ID_HINT: &str = "set `ECWID_STORE_ID` or pass `--store-id`";
const TOKEN_HINT: &str = "set `ECWID_TOKEN` or pass `--token-file`";

impl Connection {
    /// Returns the settings for a store of the configuration file. The variables that describe another store are not used.
    pub(crate) fn of_store(settings: &Settings, store: &StoreConfig, file: &std::path::Path) -> Result<Self, Failure> {
        let source = || Source::File(file.to_owned());
        let base_url = flag(&settings.base_url, "--base-url");
        let token = match &settings.token_file {
            Some(path) => (TokenPlace::File(path.clone()), Source::Flag("--token-file")),
            None => (TokenPlace::Config(store.clone()), source()),
        };
        let ca_file =
            flag(&settings.ca_file, "--ca-file").map_or_else(|| variable("ECWID_CA_FILE"), |it| Ok(Some(it)))?;
        Ok(Self {
            name: Some(store.name().to_owned()),
            store_id: (store.store_id(), source()),
            token,
            base_url: base_url.or_else(|| store.base_url().map(|url| (url.to_owned(), source()))),
            ca_file: ca_file.or_else(|| store.ca_file().map(|path| (path.to_owned(), source()))),
            allow_http: allow_http(settings)?,
            proxy: store.proxy().map(|proxy| (proxy.to_owned(), source())),
            requests_per_minute: store.requests_per_minute().map(|requests| (requests, source())),
        })
    }

    /// Returns the settings of the flags and the environment.
    ///
    /// # Errors
    ///
    /// The store id or the token is missing, or a value is invalid.
    pub(crate) fn without_config(settings: &Settings) -> Result<Self, Failure> {
        let store_id = match settings.store_id()? {
            Some(id) => Some((id, Source::Flag("--store-id"))),
            None => read_variable("ECWID_STORE_ID")?
                .map(|text| parse_store_id("ECWID_STORE_ID", &text))
                .transpose()?
                .map(|id| (id, Source::Variable("ECWID_STORE_ID"))),
        };
        let token = match &settings.token_file {
            Some(path) => Some((TokenPlace::File(path.clone()), Source::Flag("--token-file"))),
            None => read_variable("ECWID_TOKEN")?.map(|_| (TokenPlace::Variable, Source::Variable("ECWID_TOKEN"))),
        };
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
        let given_or_set = |given: &Option<String>, name, variable_name| match flag(given, name) {
            Some(given) => Ok(Some(given)),
            None => variable(variable_name),
        };
        Ok(Self {
            name: None,
            store_id,
            token,
            base_url: given_or_set(&settings.base_url, "--base-url", "ECWID_BASE_URL")?,
            ca_file: flag(&settings.ca_file, "--ca-file")
                .map_or_else(|| variable("ECWID_CA_FILE"), |it| Ok(Some(it)))?,
            allow_http: allow_http(settings)?,
            proxy: None,
            requests_per_minute: None,
        })
    }

    /// Reads the token, and returns a builder with the settings.
    ///
    /// # Errors
    ///
    /// The token or the root certificates cannot be read.
    pub(crate) fn builder(&self) -> Result<ClientBuilder, Failure> {
        let token = match &self.token.0 {
            TokenPlace::File(path) => read_token(path)?,
            TokenPlace::Variable => read_variable("ECWID_TOKEN")?.unwrap_or_default(),
            TokenPlace::Config(store) => {
                if let TokenSource::File(path) = store.token_source() {
                    exit::warn_of_other_users(&format!("the token file of the store `{}`", store.name()), path);
                }
                store.read_token()?
            }
        };
        exit::hide_token(&token);
        let mut builder = Client::builder(self.store_id.0, token).allow_http(self.allow_http.is_some());
        if let Some((base_url, _)) = &self.base_url {
            builder = builder.base_url(base_url);
        }
        if let Some((path, _)) = &self.ca_file {
            // The error does not contain the path, because it can be a token in the wrong place.
            let pem = input_file::read_certificates(path).map_err(|error| {
                let what = format!("cannot read the file of root certificates: {error}");
                Failure::usage(what, "pass the path of a PEM file to `--ca-file`, `ECWID_CA_FILE` or `ca-file`")
            })?;
            builder = builder.add_root_certificates(pem);
        }
        if let Some((proxy, _)) = &self.proxy {
            builder = builder.proxy(proxy);
        }
        if let Some((requests, _)) = self.requests_per_minute {
            builder = builder.requests_per_minute(requests);
        }
        Ok(builder)
    }
}

fn flag<T: Clone>(value: &Option<T>, name: &'static str) -> Option<Sourced<T>> {
    value.clone().map(|value| (value, Source::Flag(name)))
}

fn variable<T: From<String>>(name: &'static str) -> Result<Option<Sourced<T>>, Failure> {
    Ok(read_variable(name)?.map(|value| (value.into(), Source::Variable(name))))
}

fn allow_http(settings: &Settings) -> Result<Option<Source>, Failure> {
    const VARIABLE: &str = "ECWID_ALLOW_HTTP";
    if settings.allow_http {
        return Ok(Some(Source::Flag("--allow-http")));
    }
    let is_set = read_switch(VARIABLE, &read_variable(VARIABLE)?.unwrap_or_default())?;
    Ok(is_set.then_some(Source::Variable(VARIABLE)))
}

fn missing(what: &str, hint: &str) -> Failure {
    // A variable describes another store than the file.
    if let Ok(Some(config)) = Config::find() {
        let hint = format!("{hint}; or name a store of `{}` with `--store`", config.path().display());
        return Failure::usage(what, hint);
    }
    let file =
        Config::user_path().map_or_else(|_| "a configuration file".to_owned(), |path| format!("`{}`", path.display()));
    Failure::usage(
        what,
        format!("{hint}; or add a store to {file}; to try the command without a store, add `--sandbox`"),
    )
}
