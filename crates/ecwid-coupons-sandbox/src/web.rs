//! The web page at `/`: what a person looks at and moves, without a script. No store has it.

mod clock;
mod contents;
mod control_call;
mod coupons;
mod document;
mod faults;
mod form;
mod limits;
mod orders;
mod requests;
mod shortened;
mod view;
mod webhook;

use std::sync::Arc;

use axum::{
    extract::Request,
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;

use crate::{
    app::App,
    control::{self, guard},
    http::{problem::Problem, route::PageRoute},
};
use control_call::ControlCall;
use document::Note;
use form::Form;
use view::View;

/// What goes with every answer: nothing is loaded but the style, nothing is sent elsewhere, and no other page frames it.
///
/// A browser that sends no referrer says of its own forms that they come from nowhere, so that it is told to send one.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Serves a request of the web page.
pub(crate) async fn serve(app: Arc<App>, route: PageRoute, request: Request) -> Response {
    let mut response = match respond(&app, route, request).await {
        Ok(response) => response,
        Err(problem) => html(problem.status(), document::refusal(&app.redaction.text(&problem.into_message()))),
    };
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

/// What a form asks for.
type ReadForm = fn(&Form) -> Result<ControlCall, Problem>;

async fn respond(app: &Arc<App>, route: PageRoute, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    guard::check_host(&parts, &app.host_names)?;
    let read: Option<ReadForm> = match route {
        PageRoute::ShowWebPage => {
            let query = parts.uri.query().unwrap_or_default();
            let view = View::read(app, query)?;
            let note = contents::done(query).map(|text| Note::Done(maud::html! { (text) }));
            return Ok(html(StatusCode::OK, document::show(app, &view, note).await));
        }
        PageRoute::ShowStyle => {
            let style = format!("{}\n{}", document::STYLE, faults::style());
            return Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response());
        }
        PageRoute::SubmitClock => Some(clock::call),
        PageRoute::SubmitFaults => Some(faults::call),
        PageRoute::SubmitLimits => Some(limits::call),
        PageRoute::SubmitRequests => Some(requests::call),
        PageRoute::SubmitWebhook => Some(webhook::call),
        PageRoute::SubmitContents => Some(contents::call),
        PageRoute::SubmitOrder => None,
    };
    guard::check_form(&parts, &app.host_names)?;
    let (body, _room) = app.body_reader.read(body).await?;
    let form = Form::read(&parts.headers, body).await?;
    let view = View::read(app, form.text("view"))?;
    let Some(read) = read else {
        // The response to an order is nowhere else, so it is shown at once. A browser asks before it sends the form again.
        return Ok(match orders::place(app, &view, &form).await {
            Ok(told) => html(StatusCode::OK, document::show(app, &view, Some(Note::Done(told))).await),
            Err(problem) => refused(app, &view, problem).await,
        });
    };
    let done = match read(&form) {
        Ok(ControlCall { route, id, body }) => control::perform(app, route, &id, None, &body).await,
        Err(problem) => Err(problem),
    };
    match done {
        // Shown by another request, so that to load the page anew does nothing anew.
        Ok(_) => {
            let is_contents = route == PageRoute::SubmitContents;
            let address = if is_contents { contents::address_after(&view, &form) } else { view.address() };
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
        }
        Err(problem) => Ok(refused(app, &view, problem).await),
    }
}

/// The page again, with why a form could not be done.
async fn refused(app: &Arc<App>, view: &View, problem: Problem) -> Response {
    let status = problem.status();
    let why = app.redaction.text(&problem.into_message());
    html(status, document::show(app, view, Some(Note::NotDone(why))).await)
}

fn html(status: StatusCode, markup: Markup) -> Response {
    (status, Html(markup.into_string())).into_response()
}
