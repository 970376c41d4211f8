//! `search`: lists the coupons of a store, or of several stores at once, page by page.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::Args;
use ecwid_coupons::{Error, Page, ResponseFields, Search, TimeFilter};
use futures_util::{
    StreamExt as _,
    future::join_all,
    stream::{self, BoxStream},
};
use serde::Serialize;

use crate::{
    columns::Columns,
    coupon_flags,
    exit::{self, Failure, one_line, redacted},
    fields::FieldSelection,
    generated::Filters,
    number,
    output::{self, Format, Rows},
    output_file::{self, OutputFile},
    progress::Progress,
    settings::Settings,
    store_failures::StoreFailures,
    table::{self, Row},
};

/// The maximum number of coupons on a page.
const PAGE: u64 = 100;

/// What is wrong if stores failed.
const MISSING: &str = "the coupons are missing or incomplete";

const HELP: &str = "\
A TIME is a date such as 2024-06-30, a date and time such as \"2024-06-30 12:00:00\" with an optional zone such as +0200, or a \
Unix timestamp in seconds. A time without a zone is in UTC. A date without a time is the first second of that day, 00:00:00, for \
flags that end with -from. It is the last second, 23:59:59, for flags that end with -to.\n\n\
With several stores, JSON and CSV rows are written when \
their page arrives, so the rows of the stores are mixed. The column `store` says whose row it is. A table is sorted by store, in \
the order in which the stores were named.";

/// The arguments of `search`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filters: Filters,

    /// Show only these fields, such as id,name,catalogLimit.products
    #[arg(long, value_name = "FIELD,…")]
    fields: Option<FieldSelection>,

    /// Show at most this many coupons of each store [default: all]
    #[arg(long, value_name = "N", value_parser = number::within(1..=i64::MAX as u64))]
    limit: Option<u64>,

    /// Skip this many coupons of each store
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::within(0..=i64::MAX as u64))]
    offset: u64,

    /// Request this many pages at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = number::within(1..=16_u8))]
    prefetch: u8,

    /// Skip coupons that cannot be parsed, and list them on standard error
    #[arg(long)]
    skip_unreadable: bool,

    /// Print only the number of coupons that match the filters, for each store
    #[arg(long, conflicts_with_all = ["fields", "limit", "offset", "output"])]
    count: bool,

    /// Write the coupons to this file instead of standard output. Its ending says the format: .csv, .jsonl, .json or .xlsx. The
    /// file is replaced when all coupons are written
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let format = output_file::format_of(arguments.output.as_deref(), settings.format)?;
    for (filter, time, bound) in arguments.filters.times() {
        if let Some(TimeFilter::Date(day)) = time {
            exit::note(&coupon_flags::sent_as(filter, &bound.of(day)));
        }
    }
    if arguments.count {
        return count(settings, &arguments).await;
    }
    let stores = settings.connect_all().await?;
    if let Some(fields) = &arguments.fields {
        fields.check()?;
    }
    let is_of_several = settings.is_of_several();
    let chosen = arguments.fields.clone();
    let columns = output::columns(chosen.as_ref());
    let columns = if is_of_several { columns.led_by("store") } else { columns };
    let file = arguments.output.as_deref().map(OutputFile::create).transpose()?;
    let out = file.as_ref().map_or_else(|| Ok(output::out()), OutputFile::out)?;
    let mut rows = Rows::new(out, format, columns.clone())?;
    let mut failures = StoreFailures::of(stores.len());
    let mut searches = Vec::new();
    let mut open = Vec::new();
    for (name, store) in stores {
        match store {
            Ok(store) => {
                let left = arguments.limit.unwrap_or(u64::MAX);
                searches.push(pages_of(search(store.client.search(), &arguments), left, open.len()));
                open.push((name, store));
            }
            Err(failure) => failures.add(failure, is_of_several.then_some(&name))?,
        }
    }
    let mut skipped = 0_u64;
    let mut totals = vec![0; open.len()];
    let progress = Progress::new(u64::MAX, format);
    let mut pages = stream::select_all(searches);
    while let Some((at, page)) = pages.next().await {
        let name = &open[at].0;
        let store = is_of_several.then_some(name);
        match page {
            Ok(page) => {
                totals[at] = page.total.unwrap_or_default().min(arguments.limit.unwrap_or(u64::MAX));
                progress.set_length(totals.iter().sum());
                progress.add(page.coupons.len() as u64);
                // Show each page when it arrives.
                rows.add(page.coupons.into_iter().map(|coupon| Row { store: store.cloned(), coupon }))?;
                skipped += page.skipped.len() as u64;
                for unreadable in page.skipped {
                    let of = store.map_or_else(String::new, |name| format!(" of store `{name}`"));
                    progress.hidden(|| exit::note(&format!("skipped {unreadable}{of}")));
                }
            }
            Err(error) => progress.hidden(|| failures.add(error.into(), store))?,
        }
    }
    progress.finish();
    let mut coupons = rows.finish()?;
    if format == Format::Table {
        // The pages of several stores arrive in any order.
        coupons.sort_by_key(|row| open.iter().position(|(name, _)| Some(name) == row.store.as_ref()));
        show_table(&coupons, chosen.as_ref().map(|_| &columns))?;
    }
    if skipped > 0 {
        exit::note(&format!("coupons skipped because they cannot be parsed: {skipped}"));
    }
    failures.finish(MISSING)?;
    file.map_or(Ok(()), OutputFile::finish)
}

/// Prints how many coupons each store has that match the filters.
async fn count(settings: &Settings, arguments: &Arguments) -> Result<(), Failure> {
    let stores = settings.connect_all().await?;
    let is_of_several = settings.is_of_several();
    let mut failures = StoreFailures::of(stores.len());
    let counts = stores.into_iter().map(|(name, store)| async {
        let count = match store {
            Ok(store) => search(store.client.search(), arguments).count().await.map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        (name, count)
    });
    let columns = Columns::named(["store", "count"].iter());
    let mut rows = Rows::new(output::out(), settings.format, columns)?;
    for (store, count) in join_all(counts).await {
        let name = store.clone();
        match count {
            Ok(count) if settings.format != Format::Table => rows.add([Count { store: redacted(&store), count }])?,
            Ok(count) if is_of_several => output::print(&redacted(&format!("{}: {count}", one_line(&store))))?,
            Ok(count) => output::print(&count.to_string())?,
            Err(failure) => failures.add(failure, is_of_several.then_some(&name))?,
        }
    }
    rows.finish()?;
    failures.finish(MISSING)
}

/// The number of coupons of a store.
#[derive(Serialize)]
struct Count {
    store: String,
    count: u64,
}

/// Returns the pages of a search with at most this many coupons, each with the position of its store.
fn pages_of(search: Search, limit: u64, store: usize) -> BoxStream<'static, (usize, Result<Page, Error>)> {
    let pages = search.pages();
    let limited = stream::unfold((pages, limit), move |(mut pages, left)| async move {
        if left == 0 {
            return None;
        }
        match pages.next().await? {
            Ok(mut page) => {
                page.coupons.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left - page.coupons.len() as u64;
                Some(((store, Ok(page)), (pages, left)))
            }
            Err(error) => Some(((store, Err(error)), (pages, 0))),
        }
    });
    limited.boxed()
}

fn show_table(coupons: &[Row], chosen: Option<&Columns>) -> Result<(), Failure> {
    let (table, left_out) = match chosen {
        Some(columns) => (table::of_columns(columns, coupons)?, Vec::new()),
        None => table::of_coupons(coupons, None),
    };
    if !coupons.is_empty() {
        output::print(&table.trim_fmt())?;
    }
    let mut line = if coupons.len() == 1 { "1 coupon".to_owned() } else { format!("{} coupons", coupons.len()) };
    if !left_out.is_empty() {
        line.push_str(&format!("; columns hidden because the terminal is too narrow: {}", left_out.join(", ")));
    }
    // The line is not part of the result, so ignore a closed standard error.
    let _ = writeln!(io::stderr(), "{line}");
    Ok(())
}

fn search(mut search: Search, arguments: &Arguments) -> Search {
    let Arguments { filters, fields, limit, offset, prefetch, skip_unreadable, .. } = arguments;
    search = filters.clone().set(search);
    if let Some(fields) = fields {
        search = search.response_fields(ResponseFields::from_iter([("items".to_owned(), Some(fields.fields.clone()))]));
    }
    if let Some(limit) = limit {
        search = search.limit(u32::try_from((*limit).min(PAGE)).unwrap_or(u32::MAX));
    }
    if *skip_unreadable {
        search = search.skip_unreadable();
    }
    // Do not request more pages than the limit needs.
    let pages = limit.map_or(u64::MAX, |limit| limit.div_ceil(PAGE)).min((*prefetch).into());
    search.offset(*offset).prefetch(usize::try_from(pages).unwrap_or(usize::MAX))
}
