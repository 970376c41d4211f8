//! The layout of the page.

use std::sync::Arc;

use maud::{DOCTYPE, Markup, html};

use super::{clock, contents, coupons, faults, limits, orders, requests, view::View, webhook};
use crate::app::App;

/// The style sheet of the page.
pub(super) const STYLE: &str = include_str!("style.css");

/// The OpenAPI document. `cargo xtask generate` copies it, because a package contains only files below its folder.
pub(super) const OPENAPI: &str = include_str!("openapi.yaml");

/// The result of a form.
pub(super) enum Note {
    Done(Markup),
    NotDone(String),
}

/// Returns the page, with the result of a form.
pub(super) async fn show(app: &Arc<App>, view: &View, note: Option<Note>) -> Markup {
    let coupons = coupons::show(app, view).await;
    let requests = requests::show(app, view).await;
    page(html! {
        header {
            h1 { a href=(view.plain().address()) { "Ecwid sandbox" } }
            (stores(app, view))
            a.button href=(view.address()) { "Reload" }
        }
        @match note {
            Some(Note::Done(told)) => { p.done role="status" { (told) } }
            Some(Note::NotDone(why)) => { p.problem role="alert" { strong { "The action failed. " } (why) } }
            None => {}
        }
        div.columns {
            main {
                (coupons)
                (requests)
            }
            aside aria-label="Controls" {
                (clock::show(app, view))
                (orders::show(view))
                (faults::show(app, view))
                (limits::show(app, view))
                (webhook::show(app, view))
                (contents::show(app, view))
            }
        }
    })
}

/// Returns a page that shows an error only.
pub(super) fn refusal(message: &str) -> Markup {
    page(html! {
        header { h1 { a href="/" { "Ecwid sandbox" } } }
        p.problem role="alert" { (message) }
    })
}

fn page(body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Ecwid sandbox" }
                link rel="stylesheet" href="/page/style.css";
            }
            body { (body) }
        }
    }
}

/// Shows the list of stores.
fn stores(app: &App, view: &View) -> Markup {
    html! {
        nav aria-label="Stores" {
            @for store_id in app.access.stores() {
                a href=(view.of_store(app, store_id).address()) aria-current=[(store_id == view.store_id).then_some("page")] {
                    "Store " (store_id)
                }
            }
        }
    }
}
