//! `sync`: keeps a copy of the coupons of stores in an SQLite file.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use ecwid_coupons_jobs::{ChangesMode, SqliteCopy, SyncError, SyncOptions, SyncSummary};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use crate::{
    columns::Columns,
    exit::{Failure, one_line, redacted},
    output::{self, Format, Rows},
    settings::{Settings, Store},
    store_failures::StoreFailures,
    table,
};

/// How many stores are synced at the same time.
const AT_ONCE: usize = 16;

const HELP: &str = "\
The first sync of a store reads all coupons. Later ones read nothing if the store reports no change, all coupons if the store has \
up to 20,000, and only the changes otherwise. An order and an expiry may change a coupon without being reported, so all coupons are \
read once in --refresh-every.\n\n\
The coupons are in the view `current_coupons` of the file, and with the deleted ones in the table `coupons`. `sync_state` says for \
each store how recent its copy is, and the error of the last sync if it failed. A store that fails keeps its copy, and does not stop \
the others.";

/// The arguments of `sync`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// The SQLite file of the copy, which is created if it is missing
    #[arg(long, value_name = "FILE")]
    to: PathBuf,

    /// What to read
    #[arg(long, value_enum, default_value_t)]
    mode: Mode,

    /// Read all coupons of a store again after this time, such as 24h or 7d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = humantime::parse_duration)]
    refresh_every: Duration,

    /// Fail for a store if more of its coupons than this are missing at once, such as 20% or 100%
    #[arg(long, value_name = "PERCENT", default_value = "20%", value_parser = share)]
    max_delete: f64,
}

/// What to read.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Mode {
    /// What is necessary
    #[default]
    Auto,
    /// All coupons
    Full,
    /// Only the changes since the last sync
    Incremental,
}

impl From<Mode> for ChangesMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => Self::Auto,
            Mode::Full => Self::Full,
            Mode::Incremental => Self::Incremental,
        }
    }
}

/// Reads a percentage as a share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let share = number.filter(|number| (0.0..=100.0).contains(number)).map(|number| number / 100.0);
    share.ok_or_else(|| "must be a percentage from 0% to 100%".to_owned())
}

/// The result of a store, for output.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    store: String,
    result: &'static str,
    coupons: Option<i64>,
    read: Option<i64>,
    new: Option<i64>,
    deleted: Option<i64>,
    as_of: Option<String>,
    error: Option<String>,
}

const COLUMNS: [&str; 8] = ["store", "result", "coupons", "read", "new", "deleted", "asOf", "error"];

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let stores = settings.connect_all().await?;
    refuse_twice(&stores)?;
    let copy = SqliteCopy::open(&arguments.to)?;
    let (copy, arguments) = (&copy, &arguments);
    let mut failures = StoreFailures::of(stores.len());
    let is_of_several = settings.is_of_several();
    let mut rows = Rows::new(output::out(), settings.format, Columns::named(COLUMNS.iter()))?;
    let order: Vec<_> = stores.iter().map(|(name, _)| redacted(name)).collect();
    let syncs = stores.into_iter().map(|(name, store)| async move {
        let result = match store {
            Ok(store) => sync(copy, &name, &store, arguments).await.map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        (name, result)
    });
    let mut syncs = stream::iter(syncs).buffer_unordered(AT_ONCE);
    while let Some((name, result)) = syncs.next().await {
        match result {
            Ok(summary) => rows.add([done(&name, &summary)])?,
            Err(failure) => {
                rows.add([failed(&name, &failure)])?;
                failures.add(failure, is_of_several.then_some(&name))?;
            }
        }
    }
    let mut lines = rows.finish()?;
    if settings.format == Format::Table {
        lines.sort_by_key(|line| order.iter().position(|name| *name == line.store));
        show_table(&lines)?;
    }
    failures.finish("their copies were not changed")
}

/// Refuses two names of one store, because the two syncs would disturb each other.
fn refuse_twice(stores: &[(String, Result<Store, Failure>)]) -> Result<(), Failure> {
    let mut names = BTreeMap::new();
    for (name, store) in stores {
        let Ok(store) = store else { continue };
        if let Some(first) = names.insert(store.client.store_id(), name) {
            let id = store.client.store_id();
            let message = format!("two names of the same store: `{first}` and `{name}` have the id {id}");
            return Err(Failure::usage(
                message,
                "name each store once, or remove one of them from the configuration file",
            ));
        }
    }
    Ok(())
}

async fn sync(copy: &SqliteCopy, name: &str, store: &Store, arguments: &Arguments) -> Result<SyncSummary, SyncError> {
    let options = SyncOptions {
        name: Some(name.to_owned()),
        mode: arguments.mode.into(),
        refresh_every: arguments.refresh_every,
        max_delete: arguments.max_delete,
    };
    copy.sync(&store.client, &options).await
}

fn done(name: &str, summary: &SyncSummary) -> Line {
    Line {
        store: redacted(name),
        result: match summary.is_complete {
            true => "all coupons read",
            false if summary.is_unchanged => "unchanged",
            false => "changes read",
        },
        coupons: Some(summary.coupons),
        read: Some(summary.read),
        new: Some(summary.new),
        deleted: Some(summary.deleted),
        as_of: Some(summary.as_of_text()),
        error: None,
    }
}

fn failed(name: &str, failure: &Failure) -> Line {
    Line {
        store: redacted(name),
        result: "FAILED",
        coupons: None,
        read: None,
        new: None,
        deleted: None,
        as_of: None,
        error: Some(failure.message()),
    }
}

fn show_table(lines: &[Line]) -> Result<(), Failure> {
    let mut table = table::new_table(["store", "result", "coupons", "read", "new", "deleted", "as of"], None);
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    for Line { store, result, coupons, read, new, deleted, as_of, .. } in lines {
        table.add_row([
            one_line(store).into_owned(),
            (*result).to_owned(),
            number(*coupons),
            number(*read),
            number(*new),
            number(*deleted),
            as_of.clone().unwrap_or_default(),
        ]);
    }
    output::print(&table.trim_fmt())
}
