//! The coupons section of the page.

use ecwid_coupons::{
    RawJson,
    types::{Coupon, CouponPage, CouponStatus, DiscountType, UsesLimit},
};
use form_urlencoded::Serializer;
use maud::{Markup, html};

use super::{
    shortened::{json, text},
    view::View,
};
use crate::{
    api::coupons,
    app::App,
    http::{parameters::Query, problem::Problem},
};

/// The number of coupons in the list.
const PAGE: i64 = 20;

/// The maximum number of bytes shown of a text in the list, and of a whole coupon.
const SHOWN: usize = 200;
const SHOWN_WHOLE: usize = 64 * 1024;

const HEADINGS: [&str; 8] =
    ["Code", "Name", "Discount", "Status", "Can be used", "Times used", "Valid from", "Valid until"];

/// Shows the coupons of a view, and the selected coupon with all its fields.
pub(super) async fn show(app: &App, view: &View) -> Markup {
    let found = match search(app, view).await {
        Ok(page) => listed(app, view, &page),
        Err(problem) => html! { p.problem role="alert" { (problem.into_message()) } },
    };
    html! {
        section aria-labelledby="coupons" {
            h2 #coupons { "Coupons" }
            (filters(view))
            @if !view.coupon.is_empty() { (whole(app, view).await) }
            (found)
        }
    }
}

async fn search(app: &App, view: &View) -> Result<CouponPage, Problem> {
    coupons::search(&app.store(view.store_id, None), &query(view)?).await?.read()
}

/// Returns the search of the API for a view.
fn query(view: &View) -> Result<Query, Problem> {
    let mut query = Serializer::new(String::new());
    query.append_pair("offset", &view.offset.to_string()).append_pair("limit", &PAGE.to_string());
    query.append_pair("code", &view.code).append_pair("availability", &view.status);
    Query::read(Some(&query.finish()))
}

fn filters(view: &View) -> Markup {
    let plain = view.plain();
    html! {
        form.row method="get" action="/" role="search" {
            input type="hidden" name="store" value=(view.store_id);
            label { "Code" input type="search" name="code" value=(view.code) placeholder="whole code" autocomplete="off"; }
            label {
                "Status"
                select name="status" {
                    option value="" { "any" }
                    @for status in CouponStatus::KNOWN {
                        option value=(status.as_str()) selected[view.status == status.as_str()] { (status_in_words(status)) }
                    }
                }
            }
            button { "Search" }
            @if !view.code.is_empty() || !view.status.is_empty() { a href=(plain.address()) { "Show all" } }
        }
    }
}

fn listed(app: &App, view: &View, page: &CouponPage) -> Markup {
    let total = page.total.unwrap_or_default();
    let items = page.items.as_deref().unwrap_or_default();
    let last = view.offset + i64::try_from(items.len()).unwrap_or_default();
    let to = |offset: i64| View { offset, coupon: String::new(), ..view.clone() }.address();
    if items.is_empty() {
        return html! {
            p.empty { @if total > 0 { "No more coupons. " a href=(to(0)) { "First page" } } @else { "No coupons." } }
        };
    }
    html! {
        div.coupons {
            table {
                thead {
                    tr {
                        @for heading in HEADINGS {
                            th scope="col" { (heading) }
                        }
                    }
                }
                tbody { @for coupon in items { (row(app, view, coupon)) } }
            }
        }
        nav.pages aria-label="Pages of coupons" {
            span { (view.offset + 1) " to " (last) " of " (total) }
            @if view.offset > 0 { a rel="prev" href=(to((view.offset - PAGE).max(0))) { "Previous" } }
            @if last < total { a rel="next" href=(to(last)) { "Next" } }
        }
    }
}

fn row(app: &App, view: &View, coupon: &Coupon) -> Markup {
    let shown = |value: &Option<String>| app.redaction.text(&text(value.as_deref().unwrap_or_default(), SHOWN));
    let id = coupon.id.unwrap_or_default().to_string();
    let status = coupon.status.as_ref().map_or("", CouponStatus::as_str);
    // In a narrow window, each cell shows its heading.
    let cell = |column: usize, class: &str, content: Markup| html! { td class=(class) data-heading=(HEADINGS[column]) { (content) } };
    let address = View { coupon: id.clone(), ..view.clone() }.address();
    html! {
        tr aria-current=[(view.coupon == id).then_some("true")] {
            th scope="row" { a href=(address) { (shown(&coupon.code)) } }
            (cell(1, "name", html! { (shown(&coupon.name)) }))
            (cell(2, "discount", html! { (discount(coupon)) }))
            (cell(3, "", html! { span.status data-status=(status) { (coupon.status.as_ref().map_or("", status_in_words)) } }))
            (cell(4, "", html! { (coupon.uses_limit.as_ref().map_or("", uses_in_words)) }))
            (cell(5, "", html! { (coupon.order_count.unwrap_or_default()) }))
            (cell(6, "date", html! { (day(coupon.launch_date.as_ref())) }))
            (cell(7, "date", html! { (day(coupon.expiration_date.as_ref())) }))
        }
    }
}

fn status_in_words(status: &CouponStatus) -> &str {
    match status {
        CouponStatus::Active => "active",
        CouponStatus::Paused => "paused",
        CouponStatus::Expired => "expired",
        CouponStatus::UsedUp => "used up",
        other => other.as_str(),
    }
}

fn uses_in_words(uses: &UsesLimit) -> &str {
    match uses {
        UsesLimit::Unlimited => "without limit",
        UsesLimit::OncePerCustomer => "once per customer",
        UsesLimit::Single => "once",
        other => other.as_str(),
    }
}

/// Returns the discount as text.
fn discount(coupon: &Coupon) -> String {
    let amount = coupon.discount.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
    match &coupon.discount_type {
        Some(DiscountType::Abs) | None => amount,
        Some(DiscountType::Percent) => format!("{amount} %"),
        Some(DiscountType::Shipping) => "shipping".to_owned(),
        Some(DiscountType::AbsAndShipping) => format!("{amount} + shipping"),
        Some(DiscountType::PercentAndShipping) => format!("{amount} % + shipping"),
        Some(other) => format!("{amount} {}", other.as_str()),
    }
}

/// Returns the day of a date. The time is shown with all the fields.
fn day(date: Option<&ecwid_coupons::EcwidDateTime>) -> String {
    date.map(|date| date.to_string().chars().take(10).collect()).unwrap_or_default()
}

/// Shows a coupon with all its fields.
async fn whole(app: &App, view: &View) -> Markup {
    let close = View { coupon: String::new(), ..view.clone() }.address();
    let shown = match get(app, view).await {
        Ok(coupon) => app.redaction.text(&json(coupon.as_str(), SHOWN_WHOLE)),
        Err(problem) => problem.into_message(),
    };
    html! {
        div.whole {
            h3 { "Coupon " (view.coupon) }
            a href=(close) { "Close" }
            pre tabindex="0" { (shown) }
        }
    }
}

async fn get(app: &App, view: &View) -> Result<RawJson, Problem> {
    coupons::get(&app.store(view.store_id, None), view.coupon.clone(), &Query::read(None)?).await?.read()
}
