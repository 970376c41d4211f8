//! The web page at `/`: what a person looks at and moves, without a script. No store has it.

mod clock;
mod contents;
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
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;

use crate::{
    control::{self, guard},
    http::{problem::Problem, route::Route, server::App},
};
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

/// Answers a request of the web page.
pub(crate) async fn serve(app: Arc<App>, route: Route, request: Request) -> Response {
    let mut response = match answer(&app, route, request).await {
        Ok(response) => response,
        Err(problem) => html(problem.status(), document::refusal(&app.redaction.text(&problem.into_message()))),
    };
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

async fn answer(app: &Arc<App>, route: Route, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    guard::check_host(&parts, &app.host_names)?;
    match route {
        Route::ShowWebPage => {
            let query = parts.uri.query().unwrap_or_default();
            let view = View::read(app, query)?;
            Ok(html(StatusCode::OK, document::show(app, &view, contents::done(query)).await))
        }
        Route::ShowStyle => Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], document::STYLE).into_response()),
        _ => {
            guard::check_form(&parts, &app.host_names)?;
            let (body, _room) = app.bodies.read(body).await?;
            let form = Form::read(&parts.headers, body).await?;
            submit(app, route, &form).await
        }
    }
}

/// Does what a form asks for by the control API, and shows the page again; with what is wrong where it could not be done.
async fn submit(app: &Arc<App>, route: Route, form: &Form) -> Result<Response, Problem> {
    let view = View::read(app, form.text("view"))?;
    if route == Route::SubmitOrder {
        // Its answer is nowhere else, so that it is shown at once; a browser asks before it sends the form again.
        return Ok(match orders::place(app, &view, form).await {
            Ok(told) => html(StatusCode::OK, document::show(app, &view, Some(Note::Done(told))).await),
            Err(problem) => refused(app, &view, problem).await,
        });
    }
    let called = match route {
        Route::SubmitClock => clock::call(form),
        Route::SubmitFaults => faults::call(form),
        Route::SubmitLimits => limits::call(form),
        Route::SubmitRequests => requests::call(form),
        Route::SubmitWebhook => webhook::call(form),
        Route::SubmitContents => contents::call(form),
        other => Err(Problem::internal(format_args!("{} is no form of the page", other.name()))),
    };
    let done = match called {
        Ok(call) => control::perform(app, call.route, &call.path, &call.body).await.map(drop),
        Err(problem) => Err(problem),
    };
    match done {
        // Shown by another request, so that to load the page anew does nothing anew.
        Ok(()) => {
            let address =
                if route == Route::SubmitContents { contents::address_after(&view, form) } else { view.address() };
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

/// What a form asks of the control API.
struct ControlCall {
    route: Route,
    path: String,
    body: Bytes,
}

impl ControlCall {
    /// A call that has all in its body.
    fn new(route: Route, body: &serde_json::Value) -> Self {
        Self { route, path: String::new(), body: body.to_string().into() }
    }
}

fn html(status: StatusCode, markup: Markup) -> Response {
    (status, Html(markup.into_string())).into_response()
}
