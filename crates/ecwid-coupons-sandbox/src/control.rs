//! The control API below `/_sandbox`. Tests use it to read and change the state of the sandbox. Ecwid has no such API.

mod clock;
mod contents;
pub(crate) mod guard;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::request::Parts;
use serde_json::json;

use crate::{
    Error, Fault,
    app::App,
    http::{
        error_code::ErrorCode,
        parameters::{self, Query},
        problem::Problem,
        response::{JsonResponse, JsonResult},
        route::ControlRoute,
    },
};

/// Serves a request of the control API.
pub(crate) async fn serve(app: Arc<App>, route: ControlRoute, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&app, route, &parts, body).await.unwrap_or_else(Problem::into_response)
}

async fn respond(app: &Arc<App>, route: ControlRoute, parts: &Parts, body: Body) -> Result<Response, Problem> {
    guard::check(parts, &app.allowed_hosts)?;
    let (body, _room) = match parts.method.as_str() {
        // A web page can send a POST to another origin without a preflight, but not with this content type.
        "POST" | "PUT" => {
            parameters::check_content_type(&parts.headers)?;
            app.body_reader.read(body).await?
        }
        _ => (Bytes::new(), None),
    };
    let id = parts.uri.path().rsplit('/').next().unwrap_or_default();
    perform(app, route, id, parts.uri.query(), &body).await
}

/// Performs a request that has passed the guard. `id` is the last segment of the path.
pub(crate) async fn perform(
    app: &Arc<App>,
    route: ControlRoute,
    id: &str,
    query: Option<&str>,
    body: &Bytes,
) -> Result<Response, Problem> {
    match route {
        ControlRoute::SetClock => clock::set(&app.clock, body)?,
        ControlRoute::AdvanceClock => clock::advance(&app.clock, body)?,
        ControlRoute::ResetClock => app.clock.reset(),
        ControlRoute::SetLimits => app.rate_limit.set(parameters::body(body)?),
        ControlRoute::ClearRequests => app.journal.clear(),
        ControlRoute::AddFaults => add_faults(app, body)?,
        ControlRoute::ClearFaults => app.faults.clear(),
        ControlRoute::RemoveFault if id.parse().is_ok_and(|id| app.faults.remove(id)) => {}
        ControlRoute::RemoveFault => {
            return Err(Problem::new(ErrorCode::NotFound, format!("No fault has the id '{id}'")));
        }
        ControlRoute::SetWebhook => {
            let refused = |error: Error| Problem::wrong_parameter(format!("Wrong parameter 'url': {error}"));
            app.webhooks.set(Some(parameters::body(body)?)).map_err(refused)?;
        }
        ControlRoute::RemoveWebhook => app.webhooks.set(None)?,
        ControlRoute::AddToken => {
            // The body contains a token, so no message shows any of it.
            let hidden = |problem: Problem| Problem::wrong_parameter(app.redaction.text(&problem.into_message()));
            let refused = |error: Error| Problem::wrong_parameter(format!("Wrong body: {error}"));
            app.add_token(parameters::body(body).map_err(hidden)?).map_err(refused)?;
        }
        ControlRoute::LoadStores => app.load(std::io::Cursor::new(body.clone())).await?,
        ControlRoute::ResetSandbox => {
            app.reset().await.map_err(|error| Problem::wrong_parameter(error.to_string()))?;
        }
        // The other routes change nothing.
        _ => {}
    }
    let response = match route {
        ControlRoute::GetHealth => JsonResponse::new(&json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })),
        ControlRoute::GetClock | ControlRoute::SetClock | ControlRoute::AdvanceClock | ControlRoute::ResetClock => {
            clock::state(&app.clock)
        }
        ControlRoute::GetLimits | ControlRoute::SetLimits => JsonResponse::new(&app.rate_limit.limits()),
        ControlRoute::GetRequests | ControlRoute::ClearRequests => requests(app, query).await,
        ControlRoute::PlaceOrder => JsonResponse::new(&app.place_order(parameters::body(body)?).await?),
        ControlRoute::GetFaults | ControlRoute::AddFaults | ControlRoute::ClearFaults | ControlRoute::RemoveFault => {
            JsonResponse::new(&app.faults.report())
        }
        ControlRoute::GetWebhook | ControlRoute::SetWebhook | ControlRoute::RemoveWebhook => {
            let url = app.webhooks.url().map(|url| app.redaction.text(&url));
            JsonResponse::new(&json!({ "url": url, "deliveries": app.webhooks.deliveries() }))
        }
        ControlRoute::AddToken | ControlRoute::LoadStores | ControlRoute::ResetSandbox => contents::count(app).await,
        // A dump can be of any size, so it is streamed.
        ControlRoute::DumpStores => return Ok(contents::dump(app)),
    };
    Ok(response?.into_response())
}

/// Returns the recorded requests, the oldest first: all of them, or the `last` ones.
async fn requests(app: &Arc<App>, query: Option<&str>) -> JsonResult {
    let last = Query::read(query)?.number("last")?.and_then(|last| usize::try_from(last).ok());
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || JsonResponse::new(&app.journal.last(last.unwrap_or(usize::MAX)))).await?
}

/// Adds one fault, or a list of faults.
fn add_faults(app: &App, body: &Bytes) -> Result<(), Problem> {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let added: Vec<Fault> = if is_list { parameters::body(body)? } else { vec![parameters::body(body)?] };
    app.faults.add(added).map_err(|error| Problem::wrong_parameter(format!("Wrong body: {error}")))
}
