//! `config`: shows the settings.

use clap::{Args, Subcommand};
use ecwid_coupons::Config;
use serde::Serialize;

use crate::{
    columns::Columns,
    connection::{Connection, Sourced},
    exit::{self, Failure, one_line, redacted},
    output::{self, Format, Rows},
    settings::Settings,
    table,
};

/// The arguments of `config`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// A subcommand of `config`.
#[derive(Subcommand, Debug)]
enum Command {
    /// Show each setting of the store, or of the stores that --store or --all-stores selects, and where it is from. A token is
    /// never shown
    Show,
}

/// A setting.
#[derive(Serialize)]
struct Setting {
    store: String,
    setting: &'static str,
    value: String,
    source: String,
}

pub(crate) fn run(settings: &Settings, arguments: &Arguments) -> Result<(), Failure> {
    let Command::Show = arguments.command;
    let connections = settings.connections().inspect_err(|_| note_file(settings))?;
    let rows: Vec<_> = connections.iter().flat_map(settings_of).collect();
    if settings.format == Format::Table {
        let mut table = table::new_table(["store", "setting", "value", "source"], None);
        for Setting { store, setting, value, source } in &rows {
            let cells = [store, *setting, value, source];
            table.add_row(cells.map(|cell| one_line(cell).into_owned()));
        }
        return output::print(&table.trim_fmt());
    }
    let columns = ["source", "value", "setting", "store"];
    let mut out = Rows::new(
        output::out(),
        settings.format,
        columns.iter().fold(Columns::known(&[]), |all, name| all.led_by(name)),
    )?;
    out.add(rows)?;
    out.finish().map(drop)
}

/// Prints the path of the configuration file, if there is none.
fn note_file(settings: &Settings) {
    if let (Ok(None), Ok(path)) = (settings.config(), Config::user_path()) {
        exit::note(&format!("there is no configuration file `{}`", path.display()));
    }
}

fn settings_of(connection: &Connection) -> Vec<Setting> {
    let Connection { name, store_id, token, base_url, ca_file, allow_http, proxy, requests_per_minute } = connection;
    let store = name.clone().unwrap_or_else(|| store_id.0.to_string());
    let mut rows = Vec::new();
    // The user may have written a token where another value belongs.
    let mut add = |setting, (value, source): (String, String)| {
        rows.push(Setting { store: redacted(&store), setting, value: redacted(&value), source: redacted(&source) });
    };
    add("store id", shown(store_id));
    add("token", (format!("from {}", token.0), token.1.to_string()));
    let or_default = |value: Option<(String, String)>, default: &str| {
        value.unwrap_or_else(|| (default.to_owned(), "default".to_owned()))
    };
    let base_url = base_url.as_ref().map(|(url, source)| (without_password(url), source.to_string()));
    add("base URL", or_default(base_url, "https://app.ecwid.com/api/v3"));
    let ca_file = ca_file.as_ref().map(|(path, source)| (path.display().to_string(), source.to_string()));
    add("CA file", or_default(ca_file, "the system's certificates only"));
    add("allow http", or_default(allow_http.as_ref().map(|source| ("yes".to_owned(), source.to_string())), "no"));
    let proxy = proxy.as_ref().map(|(proxy, source)| (without_password(proxy), source.to_string()));
    add("proxy", or_default(proxy, "that of the environment (`HTTPS_PROXY`), if any"));
    add("requests per minute", or_default(requests_per_minute.as_ref().map(shown), "600"));
    rows
}

fn shown<T: ToString>((value, source): &Sourced<T>) -> (String, String) {
    (value.to_string(), source.to_string())
}

/// Removes the credentials of an address.
fn without_password(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => address.to_owned(),
    }
}
