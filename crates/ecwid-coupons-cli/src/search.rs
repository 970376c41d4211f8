//! `search`: coupons by filters, page after page.

use clap::{
    Args,
    builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser},
};
use ecwid_coupons::{
    CommaList, DayBound, ResponseFields, Search, TimeFilter,
    types::{CouponStatus, DiscountType},
};
use futures_util::TryStreamExt as _;

use crate::{
    coupon_flags,
    exit::{self, Failure},
    fields::FieldSelection,
    output::Coupons,
    settings::Settings,
};

/// The most coupons of a page.
const PAGE: u64 = 100;

const TIMES: &str = "\
A TIME is a date such as 2024-06-30, a date and time such as \"2024-06-30 12:00:00\", with or without a zone such as +0200, or \
UNIX seconds. A date without a time is its first second, 00:00:00, for --created-from and --updated-from, and its last second, \
23:59:59, for --created-to and --updated-to. Without a zone it is UTC.";

/// The filters of a search and how much of what it finds is shown.
#[derive(Args, Debug)]
#[command(after_help = TIMES)]
pub(crate) struct Arguments {
    /// Only the coupon with this code
    #[arg(long, value_name = "CODE", value_parser = NonEmptyStringValueParser::new())]
    code: Option<String>,

    /// Only coupons of these discount types
    #[arg(long, value_name = "TYPE,…", value_delimiter = ',', ignore_case = true, value_parser = discount_types())]
    discount_type: Vec<DiscountType>,

    /// Only coupons of these statuses
    #[arg(long, value_name = "STATUS,…", visible_alias = "availability", value_delimiter = ',', ignore_case = true, value_parser = statuses())]
    status: Vec<CouponStatus>,

    /// Only coupons created at this time or later
    #[arg(long, value_name = "TIME")]
    created_from: Option<TimeFilter>,

    /// Only coupons created at this time or earlier
    #[arg(long, value_name = "TIME")]
    created_to: Option<TimeFilter>,

    /// Only coupons last updated at this time or later
    #[arg(long, value_name = "TIME")]
    updated_from: Option<TimeFilter>,

    /// Only coupons last updated at this time or earlier
    #[arg(long, value_name = "TIME")]
    updated_to: Option<TimeFilter>,

    /// Only these fields, such as id,name,catalogLimit.products
    #[arg(long, value_name = "FIELD,…")]
    fields: Option<FieldSelection>,

    /// The most coupons to show in all; pages are asked for as needed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// How many of the coupons found to skip
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    offset: u64,

    /// How many pages to ask for at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    prefetch: u8,

    /// Leave out coupons that cannot be read, and list them on standard error
    #[arg(long)]
    skip_unreadable: bool,
}

fn discount_types() -> impl TypedValueParser<Value = DiscountType> {
    PossibleValuesParser::new(DiscountType::KNOWN.iter().map(|value| value.as_str()))
        .map(|text| text.to_uppercase().into())
}

fn statuses() -> impl TypedValueParser<Value = CouponStatus> {
    PossibleValuesParser::new(CouponStatus::KNOWN.iter().map(|value| value.as_str()))
        .map(|text| text.to_uppercase().into())
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    if let Some(fields) = &arguments.fields {
        fields.note_unknown();
    }
    for (filter, time, bound) in [
        ("--created-from", arguments.created_from, DayBound::Start),
        ("--created-to", arguments.created_to, DayBound::End),
        ("--updated-from", arguments.updated_from, DayBound::Start),
        ("--updated-to", arguments.updated_to, DayBound::End),
    ] {
        if let Some(TimeFilter::Date(day)) = time {
            exit::note(&coupon_flags::sent_as(filter, &bound.of(day)));
        }
    }
    let store = settings.connect().await?;
    let (limit, chosen) = (arguments.limit.unwrap_or(u64::MAX), arguments.fields.clone());
    let search = search(store.client.search(), arguments);
    let mut shown = Coupons::new(settings.format, chosen.as_ref())?;

    let (mut pages, mut left, mut skipped) = (search.pages(), limit, 0_u64);
    while left > 0
        && let Some(page) = pages.try_next().await?
    {
        let mut coupons = page.coupons;
        coupons.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        left -= coupons.len() as u64;
        // Each page is shown when it has come.
        shown.add(coupons)?;
        skipped += page.skipped.len() as u64;
        for unreadable in page.skipped {
            exit::note(&format!("skipped {unreadable}"));
        }
    }
    shown.finish()?;
    if skipped > 0 {
        exit::note(&format!("unreadable coupons skipped: {skipped}"));
    }
    Ok(())
}

fn search(mut search: Search, arguments: Arguments) -> Search {
    let Arguments {
        code,
        discount_type,
        status,
        created_from,
        created_to,
        updated_from,
        updated_to,
        fields,
        limit,
        offset,
        prefetch,
        skip_unreadable,
    } = arguments;
    macro_rules! filters {
        ($($filter:ident)*) => { $(if let Some(value) = $filter { search = search.$filter(value); })* };
    }
    filters! { code created_from created_to updated_from updated_to }
    if !discount_type.is_empty() {
        search = search.discount_type(CommaList::from(discount_type));
    }
    if !status.is_empty() {
        search = search.status(CommaList::from(status));
    }
    if let Some(fields) = fields {
        search = search.response_fields(ResponseFields::from_iter([("items".to_owned(), Some(fields.0))]));
    }
    if let Some(limit) = limit {
        search = search.limit(u32::try_from(limit.min(PAGE)).unwrap_or(u32::MAX));
    }
    if skip_unreadable {
        search = search.skip_unreadable();
    }
    // Not more pages than the limit can need.
    let pages = limit.map_or(u64::MAX, |limit| limit.div_ceil(PAGE)).min(prefetch.into());
    search.offset(offset).prefetch(usize::try_from(pages).unwrap_or(usize::MAX))
}
