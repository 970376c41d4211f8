//! The web page at `/`. It works without scripts. Ecwid has no such page.

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

/// The headers of every response of the page: it loads nothing but its style sheet, sends nothing elsewhere, and cannot
/// be framed.
///
/// Without a referrer, a browser sends `Origin: null` with the forms of the page. The policy therefore allows a
/// referrer within the sandbox.
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
        Err(problem) => html(problem.status(), document::refusal(&app.redaction.text(problem.message()))),
    };
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

async fn respond(app: &Arc<App>, route: PageRoute, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    guard::check_host(&parts, &app.allowed_hosts)?;
    match route {
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
        PageRoute::ShowDocument => {
            return Ok(([(header::CONTENT_TYPE, "application/yaml")], document::OPENAPI).into_response());
        }
        _ => guard::check_form(&parts, &app.allowed_hosts)?,
    }
    let (body, _room) = app.body_reader.read(body).await?;
    let form = Form::read(&parts.headers, body).await?;
    let view = View::read(app, form.text("view"))?;
    Ok(match submit(app, route, &view, &form).await {
        Ok(response) => response,
        Err(problem) => {
            let why = Note::NotDone(app.redaction.text(problem.message()));
            html(problem.status(), document::show(app, &view, Some(why)).await)
        }
    })
}

/// Performs the action of a form.
async fn submit(app: &Arc<App>, route: PageRoute, view: &View, form: &Form) -> Result<Response, Problem> {
    if route == PageRoute::SubmitOrder {
        // The result of an order is not stored, so it is shown in this response. A browser asks before it sends the
        // form again.
        let told = orders::place(app, view, form).await?;
        return Ok(html(StatusCode::OK, document::show(app, view, Some(Note::Done(told))).await));
    }
    let call = ControlCall::of(route, form)?;
    control::perform(app, call.route, form.text("id"), None, &call.body).await?;
    // The page is shown by a second request, so reloading it does not repeat the action.
    let is_contents = route == PageRoute::SubmitContents;
    let address = if is_contents { contents::address_after(view, form) } else { view.address() };
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
}

fn html(status: StatusCode, markup: Markup) -> Response {
    (status, Html(markup.into_string())).into_response()
}
