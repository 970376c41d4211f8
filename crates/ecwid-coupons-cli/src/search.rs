//! `search`: lists coupons, page by page.

use std::io::{self, Write as _};

use clap::Args;
use ecwid_coupons::{ResponseFields, Search, TimeFilter, types::Coupon};

use crate::{
    coupon_flags,
    exit::{self, Failure},
    fields::FieldSelection,
    generated::Filters,
    number,
    output::{self, Format, Rows},
    settings::Settings,
    table,
};

/// The maximum number of coupons on a page.
const PAGE: u64 = 100;

const TIMES: &str = "\
A TIME is a date such as 2024-06-30, a date and time such as \"2024-06-30 12:00:00\" with an optional zone such as +0200, or a \
Unix timestamp in seconds. A time without a zone is in UTC. A date without a time is the first second of that day, 00:00:00, for \
flags that end with -from. It is the last second, 23:59:59, for flags that end with -to.";

/// The arguments of `search`.
#[derive(Args, Debug)]
#[command(after_help = TIMES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filters: Filters,

    /// Show only these fields, such as id,name,catalogLimit.products
    #[arg(long, value_name = "FIELD,…")]
    fields: Option<FieldSelection>,

    /// Show at most this many coupons [default: all]
    #[arg(long, value_name = "N", value_parser = number::at_least(1_u64))]
    limit: Option<u64>,

    /// Skip this many coupons
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::within(0..=i64::MAX as u64))]
    offset: u64,

    /// Request this many pages at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = number::within(1..=16_u8))]
    prefetch: u8,

    /// Skip coupons that cannot be parsed, and list them on standard error
    #[arg(long)]
    skip_unreadable: bool,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    if let Some(fields) = &arguments.fields {
        fields.note_unknown();
    }
    for (filter, time, bound) in arguments.filters.times() {
        if let Some(TimeFilter::Date(day)) = time {
            exit::note(&coupon_flags::sent_as(filter, &bound.of(day)));
        }
    }
    let store = settings.connect().await?;
    let chosen = arguments.fields.clone();
    let (mut left, mut skipped) = (arguments.limit.unwrap_or(u64::MAX), 0_u64);
    let mut pages = search(store.client.search(), arguments).pages();
    let mut rows = Rows::new(settings.format, output::columns(chosen.as_ref()))?;
    while left > 0
        && let Some(page) = pages.try_next().await?
    {
        let mut coupons = page.coupons;
        coupons.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        left -= coupons.len() as u64;
        // Show each page when it arrives.
        rows.add(coupons)?;
        skipped += page.skipped.len() as u64;
        for unreadable in page.skipped {
            exit::note(&format!("skipped {unreadable}"));
        }
    }
    let coupons = rows.finish()?;
    if settings.format == Format::Table {
        show_table(&coupons, chosen.as_ref())?;
    }
    if skipped > 0 {
        exit::note(&format!("coupons skipped because they cannot be parsed: {skipped}"));
    }
    Ok(())
}

fn show_table(coupons: &[Coupon], chosen: Option<&FieldSelection>) -> Result<(), Failure> {
    let (table, left_out) = match chosen {
        Some(_) => (table::of_columns(&output::columns(chosen), coupons)?, Vec::new()),
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

fn search(mut search: Search, arguments: Arguments) -> Search {
    let Arguments { filters, fields, limit, offset, prefetch, skip_unreadable } = arguments;
    search = filters.set(search);
    if let Some(fields) = fields {
        search = search.response_fields(ResponseFields::from_iter([("items".to_owned(), Some(fields.0))]));
    }
    if let Some(limit) = limit {
        search = search.limit(u32::try_from(limit.min(PAGE)).unwrap_or(u32::MAX));
    }
    if skip_unreadable {
        search = search.skip_unreadable();
    }
    // Do not request more pages than the limit needs.
    let pages = limit.map_or(u64::MAX, |limit| limit.div_ceil(PAGE)).min(prefetch.into());
    search.offset(offset).prefetch(usize::try_from(pages).unwrap_or(usize::MAX))
}
