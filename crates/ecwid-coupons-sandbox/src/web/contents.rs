//! The contents section of the page: download, load and reset.

use maud::{Markup, html};

use super::{form::Form, view::View};
use crate::{app::App, http::parameters::Query};

pub(super) fn show(app: &App, view: &View) -> Markup {
    let stores = app.access.stores().len();
    html! {
        section aria-labelledby="contents" {
            h2 #contents { "Contents" }
            p { a.button href="/_sandbox/dump" download="ecwid-sandbox.json" { "Download a dump" } }
            form method="post" action="/page/contents" enctype="multipart/form-data" {
                (view.back_to())
                label {
                    "Dump, or coupons as JSON (at most 4 MiB)"
                    input type="file" name="file" required accept=".json,.jsonl,.ndjson,application/json";
                }
                @if stores > 1 { p.note { "Coupons without a store are loaded into store " (app.first_store) "." } }
                button name="do" value="load" { "Load the file" }
            }
            details.danger {
                summary { "Reset the sandbox" }
                form method="post" action="/page/contents" {
                    (view.back_to())
                    p {
                        @if stores > 1 { "All " (stores) " stores return" } @else { "The store returns" }
                        " to the initial state. The following is deleted:"
                    }
                    ul {
                        li { "all coupons except the seeded and loaded ones, also those that the database file had before" }
                        li { "orders, and which customers have ordered before" }
                        li { "deletions, batches, events and recorded requests" }
                        li { "changes to the clock, the faults, the limits and the webhook" }
                    }
                    label.check { input type="checkbox" name="sure" value="yes" required; "Delete all of this" }
                    button.danger name="do" value="reset" { "Reset" }
                }
            }
        }
    }
}

/// Returns the address to show after a form. The view before a reset may show coupons that no longer exist.
pub(super) fn address_after(view: &View, form: &Form) -> String {
    match form.text("do") {
        "reset" => view.plain().address_after("reset"),
        _ => view.address_after("load"),
    }
}

/// Returns the message about the form that led to this address.
pub(super) fn done(query: &str) -> Option<&'static str> {
    match Query::read(Some(query)).ok()?.text("done")? {
        "reset" => Some("The sandbox has been reset."),
        "load" => Some("The file has been loaded."),
        _ => None,
    }
}
