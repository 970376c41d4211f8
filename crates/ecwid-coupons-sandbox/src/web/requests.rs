//! The requests section of the page.

use std::{sync::Arc, time::Duration};

use maud::{Markup, html};

use super::{
    shortened::{json, text},
    view::View,
};
use crate::{RecordedRequest, app::App};

/// The maximum number of bytes shown of a body, a path or a header.
const SHOWN: usize = 8_000;

/// The number of requests that "Show more" adds.
const STEP: usize = 80;

/// Shows the last requests, the newest first.
pub(super) async fn show(app: &Arc<App>, view: &View) -> Markup {
    let (app, view) = (Arc::clone(app), view.clone());
    // Redaction takes a while for long requests.
    let shown = tokio::task::spawn_blocking(move || list(&app, &view)).await;
    shown.unwrap_or_else(|error| html! { p.problem role="alert" { "The requests cannot be shown: " (error) } })
}

fn list(app: &App, view: &View) -> Markup {
    // One more request than shown tells whether there are more.
    let recorded = app.journal.last(view.requests.saturating_add(1));
    let is_all = recorded.len() <= view.requests;
    let more = View { requests: view.requests.saturating_add(STEP), ..view.clone() };
    html! {
        section aria-labelledby="requests" {
            h2 #requests { "Last requests" }
            @if recorded.is_empty() { p.empty { "No requests yet." } }
            @for request in recorded.iter().rev().take(view.requests) { (one(request)) }
            @if !recorded.is_empty() {
                form.below method="post" action="/page/requests" {
                    (view.back_to())
                    @if !is_all { a href={ (more.address()) "#requests" } { "Show more" } }
                    button name="do" value="clear" { "Clear" }
                }
            }
        }
    }
}

fn one(request: &RecordedRequest) -> Markup {
    let RecordedRequest {
        time,
        elapsed,
        method,
        target,
        request_headers,
        request_body,
        ignored_fields,
        status,
        response_body,
    } = request;
    html! {
        details.request {
            summary {
                span.response data-class=(status / 100) { @if *status == 0 { "reset" } @else { (status) } }
                span.method { (method) }
                code { (text(target, SHOWN)) }
                span.when {
                    time datetime=(time.to_rfc3339()) title=(time.format("%Y-%m-%d %H:%M:%S%.3f %z")) { (time.format("%H:%M:%S")) }
                    " " span.elapsed { (milliseconds(*elapsed)) }
                }
            }
            p.note { "Received at " (time.format("%Y-%m-%d %H:%M:%S%.3f %z")) " (clock of the sandbox), response after " (milliseconds(*elapsed)) }
            @if !ignored_fields.is_empty() {
                p.problem { "The sandbox ignored these fields: " code { (ignored_fields.join(", ")) } }
            }
            h3 { "Request" }
            pre tabindex="0" {
                @for (name, value) in request_headers { (name) ": " (text(value, SHOWN)) "\n" }
                (body(request_body))
            }
            h3 { "Response" }
            pre tabindex="0" { @if *status == 0 { "No response: the connection was reset" } @else { (body(response_body)) } }
        }
    }
}

/// Returns a duration in milliseconds, with one decimal place if it is short.
fn milliseconds(elapsed: Duration) -> String {
    let milliseconds = elapsed.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}

fn body(body: &str) -> Markup {
    html! { @if body.is_empty() { "\n(no body)" } @else { "\n" (json(body, SHOWN)) } }
}
