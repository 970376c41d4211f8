//! [`StoreConfig`]: a store in a configuration file.

use std::{
    fmt::{self, Display},
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::{
    Client, ClientBuilder, Error,
    client::token::read_token,
    config::resolve,
    text::{
        environment::read_variable,
        input_file::{self, TOKEN_LIMIT, read_certificates},
    },
};

/// A store of a [`Config`](crate::Config): its name, its id, the place of its token, and optional settings.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    name: String,
    store_id: i64,
    token: TokenSource,
    base_url: Option<String>,
    ca_file: Option<PathBuf>,
    proxy: Option<String>,
    requests_per_minute: Option<u32>,
    /// The environment variables with tokens. They are removed from the environment of each `token-command`.
    hidden_variables: Vec<String>,
}

/// The variables with tokens of the command and its sandbox.
const TOKEN_VARIABLES: [&str; 2] = ["ECWID_TOKEN", "ECWID_SANDBOX_TOKEN"];

/// The place of a store's token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenSource {
    /// A file with only the token: `token-file`.
    File(PathBuf),
    /// An environment variable: `token-env`.
    Variable(String),
    /// A program and its arguments: `token-command`. It prints the token. It runs without a shell.
    Command(Vec<String>),
}

impl Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            // Without the arguments, which may contain a secret.
            Self::Command(words) => write!(f, "command {}", words.first().map_or("", String::as_str)),
        }
    }
}

/// The TOML table of a store. [`StoreConfig::new`] checks the values, and its errors do not show them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "a table such as [stores.main]")]
pub(super) struct Table {
    store_id: Option<Spanned<Value>>,
    token_file: Option<Spanned<Value>>,
    token_env: Option<Spanned<Value>>,
    token_command: Option<Spanned<Value>>,
    base_url: Option<Spanned<Value>>,
    ca_file: Option<Spanned<Value>>,
    proxy: Option<Spanned<Value>>,
    requests_per_minute: Option<Spanned<Value>>,
}

/// A problem of a table, and its position in the file.
pub(super) struct Problem {
    pub(super) offset: Option<usize>,
    pub(super) text: String,
}

impl Problem {
    fn at(span: &Range<usize>, text: impl Into<String>) -> Self {
        Self { offset: Some(span.start), text: text.into() }
    }
}

impl StoreConfig {
    pub(super) fn new(name: &str, table: Table, folder: &Path) -> Result<Self, Problem> {
        let store_id = match &table.store_id {
            Some(value) => number(value, "store-id", i64::MAX, 1003)?,
            None => {
                return Err(Problem {
                    offset: None,
                    text: "`store-id` is missing (expected a positive integer such as 1003)".into(),
                });
            }
        };
        let file = text(table.token_file.as_ref(), "token-file", "main.token")?
            .map(|path| TokenSource::File(resolve(folder, &path)));
        let variable = text(table.token_env.as_ref(), "token-env", "MAIN_TOKEN")?.map(TokenSource::Variable);
        let command = table.token_command.as_ref().map(words).transpose()?.map(TokenSource::Command);
        let mut sources = [file, variable, command].into_iter().flatten();
        let (Some(token), None) = (sources.next(), sources.next()) else {
            let text = "expected exactly one of `token-file`, `token-env` and `token-command`";
            return Err(Problem { offset: None, text: text.into() });
        };
        let requests = table.requests_per_minute.as_ref();
        let requests = requests.map(|value| number(value, "requests-per-minute", u32::MAX, 200)).transpose()?;
        Ok(Self {
            name: name.to_owned(),
            store_id,
            token,
            base_url: text(table.base_url.as_ref(), "base-url", "https://app.ecwid.com/api/v3")?,
            ca_file: text(table.ca_file.as_ref(), "ca-file", "certificates.pem")?.map(|path| resolve(folder, &path)),
            proxy: text(table.proxy.as_ref(), "proxy", "http://proxy.example:3128")?,
            requests_per_minute: requests,
            hidden_variables: Vec::new(),
        })
    }

    /// Returns the name of the variable with the token, if the token is in a variable.
    pub(super) fn token_variable(&self) -> Option<&str> {
        match &self.token {
            TokenSource::Variable(name) => Some(name),
            TokenSource::File(_) | TokenSource::Command(_) => None,
        }
    }

    /// Removes these variables from the environment of `token-command`, because they have tokens of other stores.
    pub(super) fn hide_variables(&mut self, names: &[String]) {
        self.hidden_variables.extend_from_slice(names);
    }

    /// Returns the name of the store in the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the id of the store.
    pub fn store_id(&self) -> i64 {
        self.store_id
    }

    /// Returns the place of the token. [`builder`](Self::builder) reads the token.
    pub fn token_source(&self) -> &TokenSource {
        &self.token
    }

    /// Returns the base URL, if the file sets it.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// Returns the path of the root certificates, if the file sets it.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// Returns the address of the proxy, if the file sets it. It may contain a password.
    pub fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Returns the rate limit, if the file sets it.
    pub fn requests_per_minute(&self) -> Option<u32> {
        self.requests_per_minute
    }

    /// Reads the token, and returns a builder with the settings of the store.
    ///
    /// # Errors
    ///
    /// The token or the root certificates cannot be read. The error names the store, and contains no secret.
    pub fn builder(&self) -> Result<ClientBuilder, Error> {
        let mut builder = Client::builder(self.store_id, self.read_token()?);
        if let Some(base_url) = &self.base_url {
            builder = builder.base_url(base_url);
        }
        if let Some(path) = &self.ca_file {
            let pem = read_certificates(path).map_err(|error| self.problem(&format!("invalid `ca-file`: {error}")))?;
            builder = builder.add_root_certificates(pem);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy);
        }
        if let Some(requests) = self.requests_per_minute {
            builder = builder.requests_per_minute(requests);
        }
        Ok(builder)
    }

    /// Reads the token of the store.
    ///
    /// # Errors
    ///
    /// The token cannot be read. The error names the store, and contains no secret.
    pub fn read_token(&self) -> Result<String, Error> {
        match &self.token {
            TokenSource::File(path) => {
                let text = input_file::open(path).and_then(|file| input_file::read_text(file, TOKEN_LIMIT));
                let text = text.map_err(|error| {
                    let problem = format!("cannot read the token file `{}`: {error}", path.display());
                    self.problem(&problem).with_hint("check that the path is a UTF-8 text file that you can read")
                })?;
                read_token(&text).map_err(|problem| {
                    self.problem(&format!("invalid token file `{}`: it contains {problem}", path.display()))
                })
            }
            TokenSource::Variable(name) => {
                let unset = || self.problem(&format!("`{name}` is not set (`token-env`)"));
                read_variable(name)?.ok_or_else(|| unset().with_hint(format!("set `{name}`")))
            }
            TokenSource::Command(words) => self.run(words),
        }
    }

    /// Runs a program and reads the token from its standard output.
    fn run(&self, words: &[String]) -> Result<String, Error> {
        let (program, arguments) = words.split_first().map_or(("", words), |(first, rest)| (first.as_str(), rest));
        let mut command = Command::new(program);
        // It may ask the user for a password.
        command.args(arguments).stderr(Stdio::inherit()).stdin(Stdio::inherit());
        for name in TOKEN_VARIABLES.into_iter().chain(self.hidden_variables.iter().map(String::as_str)) {
            command.env_remove(name);
        }
        let output = command.output();
        let output =
            output.map_err(|error| self.problem(&format!("`token-command` cannot run `{program}`: {error}")))?;
        if !output.status.success() {
            return Err(self.problem(&format!("the `token-command` `{program}` failed with {}", output.status)));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| self.problem(&format!("the `token-command` `{program}` printed text that is not UTF-8")))?;
        read_token(&text).map_err(|problem| self.problem(&format!("the `token-command` `{program}` printed {problem}")))
    }

    fn problem(&self, text: &str) -> Error {
        Error::configuration(format!("store `{}`: {text}", self.name))
            .with_hint("correct the store in the configuration file")
    }
}

/// Reads a string that is not blank.
fn text(value: Option<&Spanned<Value>>, key: &str, example: &str) -> Result<Option<String>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
    let problem = || {
        let expected = format!("expected a string that is not empty, such as \"{example}\"");
        Problem::at(&value.span(), format!("invalid `{key}` ({expected})"))
    };
    text.map(|text| Some(text.to_owned())).ok_or_else(problem)
}

/// Reads a positive number. Only a number is shown in the error, because a text can be a token.
fn number<T: TryFrom<i64> + Display>(value: &Spanned<Value>, key: &str, most: T, example: u32) -> Result<T, Problem> {
    let given = value.get_ref().as_integer();
    let number = given.filter(|number| *number > 0).and_then(|number| number.try_into().ok());
    number.ok_or_else(|| {
        let given = given.map_or_else(String::new, |given| format!(": {given}"));
        let expected = format!("expected an integer from 1 to {most}, such as {example}");
        Problem::at(&value.span(), format!("invalid `{key}`{given} ({expected})"))
    })
}

/// Reads a program and its arguments.
fn words(value: &Spanned<Value>) -> Result<Vec<String>, Problem> {
    let words = value
        .get_ref()
        .as_array()
        .and_then(|list| list.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
    words.filter(|words| words.first().is_some_and(|program| !program.is_empty())).ok_or_else(|| {
        let text = "invalid `token-command` (expected a list of a program and its arguments, such as [\"pass\", \"show\", \"ecwid\"])";
        Problem::at(&value.span(), text)
    })
}
