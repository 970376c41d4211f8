//! What is in the stores, as a file to keep or to put in, and the way back to how the sandbox began.

use maud::{Markup, html};

use super::{form::Form, view::View};
use crate::{app::App, http::parameters::Query};

pub(super) fn show(app: &App, view: &View) -> Markup {
    let stores = app.access.stores().count();
    html! {
        section aria-labelledby="contents" {
            h2 #contents { "Contents" }
            p { a.button href="/_sandbox/dump" download="ecwid-sandbox.json" { "Download all as JSON" } }
            form method="post" action="/page/contents" enctype="multipart/form-data" {
                (view.back_to())
                label {
                    "A download, or coupons as JSON, 4 MiB at most"
                    input type="file" name="file" required accept=".json,.jsonl,.ndjson,application/json";
                }
                @if stores > 1 { p.note { "Coupons without a store in the file go into store " (app.first_store) "." } }
                button name="do" value="load" { "Put the file in" }
            }
            details.danger {
                summary { "Reset the sandbox" }
                form method="post" action="/page/contents" {
                    (view.back_to())
                    p {
                        @if stores > 1 { "All " (stores) " stores go" } @else { "The store goes" }
                        " back to what the sandbox started with, and ids begin anew. Lost are:"
                    }
                    ul {
                        li { "all coupons but those that it started with, and in a database those that were there before" }
                        li { "orders, and with them which customers are known" }
                        li { "deletions, batches, events and the last requests" }
                        li { "what was done to the clock, the faults, the limits and the webhook" }
                    }
                    label.check { input type="checkbox" name="sure" value="yes" required; "All of that may go" }
                    button.danger name="do" value="reset" { "Reset" }
                }
            }
        }
    }
}

/// Where a form comes back to; what was chosen before a reset may be gone.
pub(super) fn address_after(view: &View, form: &Form) -> String {
    match form.text("do") {
        "reset" => view.plain().address_after("reset"),
        _ => view.address_after("load"),
    }
}

/// What a form did that brought a browser here.
pub(super) fn done(query: &str) -> Option<&'static str> {
    match Query::read(Some(query)).ok()?.text("done")? {
        "reset" => Some("The sandbox is as it was at first."),
        "load" => Some("The file is in."),
        _ => None,
    }
}
