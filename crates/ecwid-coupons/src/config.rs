//! [`Config`]: a file with named stores.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy as _;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    Client, Error,
    config::store::StoreConfig,
    schema::place::line_and_column,
    text::{
        environment::read_variable,
        input_file::{self, FILE_LIMIT},
        nearest::UnknownName,
    },
};

pub(crate) mod store;

/// The variable that names the file.
const VARIABLE: &str = "ECWID_CONFIG";

/// A file that shows the form of the configuration, for errors.
const EXAMPLE: &str = "[stores.main] with `store-id = 1003` and `token-file = \"main.token\"`";

/// The stores in a `config.toml` file, each with its name, its id and the place of its token.
///
/// ```toml
/// default = "main"                      # the store to use if none is named
///
/// [stores.main]
/// store-id = 1003
/// token-file = "main.token"             # or token-env = "MAIN_TOKEN"
///                                       # or token-command = ["pass", "show", "ecwid/main"]
///
/// [stores.outlet]
/// store-id = 1004
/// token-env = "OUTLET_TOKEN"
/// requests-per-minute = 200             # optional, as are base-url, ca-file and proxy
/// ```
///
/// The file cannot contain a token. Relative paths start at the folder of the file, and `~/` at the home folder.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("config.toml");
/// # std::fs::write(folder.path().join("main.token"), "secret_token")?;
/// std::fs::write(&path, "[stores.main]\nstore-id = 1003\ntoken-file = \"main.token\"\n")?;
///
/// let config = ecwid_coupons::Config::read(&path)?;
/// let coupons = config.store("main")?.builder()?.build()?;
/// assert_eq!(coupons.store_id(), 1003);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    path: PathBuf,
    default: Option<String>,
    stores: BTreeMap<String, StoreConfig>,
}

/// The TOML document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    default: Option<Spanned<String>>,
    #[serde(default)]
    stores: BTreeMap<String, Spanned<store::Table>>,
}

impl Client {
    /// Creates a client for a store in the user's `config.toml`: the store with this name, or the default store for
    /// `None`.
    ///
    /// See [`Config`] for the file, and [`Config::load`] for its path.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # fn main() -> Result<(), ecwid_coupons::Error> {
    /// let coupons = ecwid_coupons::Client::from_config("outlet")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The file or the store is missing, a setting is invalid, or the token cannot be read.
    pub fn from_config<'a>(store: impl Into<Option<&'a str>>) -> Result<Self, Error> {
        let config = Config::load()?;
        let store = match store.into() {
            Some(name) => config.store(name)?,
            None => config.default_store()?,
        };
        store.builder()?.build()
    }
}

impl Config {
    /// Reads the user's file.
    ///
    /// Its path is the value of the environment variable `ECWID_CONFIG`. If that is not set, it is
    /// `ecwid-coupons/config.toml` in the platform's configuration folder: `$XDG_CONFIG_HOME` or `~/.config` on Linux and
    /// macOS, and `%APPDATA%` on Windows.
    ///
    /// # Errors
    ///
    /// The file does not exist, or cannot be read. The error names the file and the line.
    pub fn load() -> Result<Self, Error> {
        match Self::find()? {
            Some(config) => Ok(config),
            None => {
                let path = Self::user_path()?;
                Err(Error::configuration(format!(
                    "missing configuration file: `{}` (expected {EXAMPLE}; or set `{VARIABLE}` to another file)",
                    path.display()
                )))
            }
        }
    }

    /// Reads the user's file like [`load`](Self::load). Returns `None` if `ECWID_CONFIG` is not set and the file does not
    /// exist.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or the file that `ECWID_CONFIG` names does not exist.
    pub fn find() -> Result<Option<Self>, Error> {
        if let Some(path) = read_variable(VARIABLE)? {
            return Self::read(Path::new(&path)).map(Some);
        }
        let path = Self::user_path()?;
        if path.exists() { Self::read(&path).map(Some) } else { Ok(None) }
    }

    /// Returns the path of the file in the platform's configuration folder.
    ///
    /// # Errors
    ///
    /// The home folder of the user is unknown.
    pub fn user_path() -> Result<PathBuf, Error> {
        let strategy = etcetera::choose_base_strategy().map_err(|_| {
            Error::configuration(format!("the home folder is unknown; set `HOME`, or set `{VARIABLE}` to the file"))
        })?;
        Ok(strategy.config_dir().join("ecwid-coupons").join("config.toml"))
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not valid TOML, has an unknown key, or contains a token. The error names the line, but
    /// never shows a value.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = input_file::open(path).and_then(|file| input_file::read_text(file, FILE_LIMIT));
        let text = text.map_err(|error| {
            Error::configuration(format!("cannot read the configuration file `{}`: {error}", path.display()))
                .with_hint("check that the path is a UTF-8 text file that you can read")
        })?;
        let at = |offset: usize, problem: &str| {
            let (line, column) = line_and_column(&text, offset);
            let place = format!("line {line}, column {column}");
            Error::configuration(format!("invalid configuration file `{}`: {place}: {problem}", path.display()))
                .with_hint("correct the file")
        };
        // Only the message of the parser, because its full text shows the line, which may have a token.
        let document: Document = toml::from_str(&text)
            .map_err(|error| at(error.span().map_or(0, |span| span.start), &in_words(error.message())))?;

        let folder = path.parent().unwrap_or(Path::new(""));
        let mut stores = BTreeMap::new();
        for (name, table) in document.stores {
            let offset = table.span().start;
            let store = StoreConfig::new(&name, table.into_inner(), folder).map_err(|problem| {
                at(problem.offset.unwrap_or(offset), &format!("[stores.{name}]: {}", problem.text))
            })?;
            stores.insert(name, store);
        }
        let variables: Vec<_> = stores.values().filter_map(StoreConfig::token_variable).map(str::to_owned).collect();
        stores.values_mut().for_each(|store| store.hide_variables(&variables));
        if let Some(default) = document.default.as_ref().filter(|default| !stores.contains_key(default.get_ref())) {
            let names = names(stores.keys());
            return Err(at(default.span().start, &format!("`default` is not a store of the file (expected {names})")));
        }
        let config = Self { path: path.to_owned(), default: document.default.map(Spanned::into_inner), stores };
        if config.is_open_to_others() {
            tracing::warn!("other users can access the configuration file `{}`; run `chmod 600` on it", path.display());
        }
        Ok(config)
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the stores, sorted by name.
    pub fn stores(&self) -> impl ExactSizeIterator<Item = &StoreConfig> {
        self.stores.values()
    }

    /// Returns the store with this name.
    ///
    /// # Errors
    ///
    /// There is no such store. The error lists the names.
    pub fn store(&self, name: &str) -> Result<&StoreConfig, Error> {
        self.stores.get(name).ok_or_else(|| {
            let names = names(self.stores.keys());
            self.problem(&format!("unknown store: `{name}` (expected {names})"))
        })
    }

    /// Returns the default store: the one that `default` names, or the only one.
    ///
    /// # Errors
    ///
    /// There are several stores but no `default`, or there is no store.
    pub fn default_store(&self) -> Result<&StoreConfig, Error> {
        match (&self.default, self.stores.first_key_value()) {
            (Some(name), _) => self.store(name),
            (None, Some((_, store))) if self.stores.len() == 1 => Ok(store),
            (None, Some(_)) => {
                let names = names(self.stores.keys());
                Err(self.problem(&format!("no store is named, and the file has no `default` (expected {names})")))
            }
            (None, None) => Err(self.problem(&format!("there is no store (expected {EXAMPLE})"))),
        }
    }

    fn problem(&self, text: &str) -> Error {
        Error::configuration(format!("{text} in `{}`", self.path.display()))
            .with_hint("name a store of the file, or correct the file")
    }

    /// Whether users other than the owner of the file can read or change it. Always `false` on Windows.
    pub fn is_open_to_others(&self) -> bool {
        input_file::mode_for_others(&self.path).is_some()
    }
}

/// The problem of a file with a token.
const HAS_TOKEN: &str = "the file cannot contain a token; save it elsewhere, and name the place with `token-file`, \
                         `token-env` or `token-command`";

/// Removes the value from a message of the parser, such as `invalid type: string "…", expected a table`, and suggests a key
/// for an unknown one.
fn in_words(message: &str) -> String {
    match UnknownName::parse(message) {
        Some(UnknownName { name: "token", .. }) => HAS_TOKEN.to_owned(),
        Some(UnknownName { name, meant: Some(meant), .. }) => {
            format!("unknown key: `{name}` (did you mean `{meant}`?)")
        }
        Some(UnknownName { name, expected, .. }) => format!("unknown key: `{name}` (expected {expected})"),
        None => match message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected ")) {
            Some((_, expected)) => format!("invalid type (expected {expected})"),
            None => message.to_owned(),
        },
    }
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "a table such as [stores.main]".to_owned() } else { names.join(", ") }
}

/// Resolves a path in the file. `~/` is the home folder, and a relative path starts at the folder of the file.
fn resolve(folder: &Path, path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(path),
    }
}
