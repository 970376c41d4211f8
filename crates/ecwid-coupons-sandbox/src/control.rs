//! The control API below `/_sandbox`: what a test reads and changes from outside. No store has it.

mod clock;
mod contents;
mod faults;
pub(crate) mod guard;
mod limits;
mod requests;
mod webhooks;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::request::Parts;

use crate::{
    app::App,
    http::{parameters, problem::Problem, response::JsonResponse, route::ControlRoute},
};

/// Serves a request of the control API.
pub(crate) async fn serve(app: Arc<App>, route: ControlRoute, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&app, route, &parts, body).await.unwrap_or_else(Problem::into_response)
}

async fn respond(app: &Arc<App>, route: ControlRoute, parts: &Parts, body: Body) -> Result<Response, Problem> {
    guard::check(parts, &app.host_names)?;
    let (body, _room) = match parts.method.as_str() {
        // A page of another origin can send a POST without asking first, but not one that says it is JSON.
        "POST" | "PUT" => {
            parameters::check_content_type(&parts.headers)?;
            app.body_reader.read(body).await?
        }
        _ => (Bytes::new(), None),
    };
    let id = parts.uri.path().rsplit('/').next().unwrap_or_default();
    perform(app, route, id, parts.uri.query(), &body).await
}

/// Performs a request, which was allowed before. `id` is the last segment of the path.
pub(crate) async fn perform(
    app: &Arc<App>,
    route: ControlRoute,
    id: &str,
    query: Option<&str>,
    body: &Bytes,
) -> Result<Response, Problem> {
    let response = match route {
        ControlRoute::GetClock => clock::get(&app.clock),
        ControlRoute::SetClock => clock::set(&app.clock, body),
        ControlRoute::AdvanceClock => clock::advance(&app.clock, body),
        ControlRoute::ResetClock => clock::reset(&app.clock),
        ControlRoute::GetLimits => limits::get(&app.rate_limit),
        ControlRoute::SetLimits => limits::set(&app.rate_limit, body),
        ControlRoute::GetRequests => requests::get(app, query).await,
        ControlRoute::ClearRequests => requests::clear(&app.journal),
        ControlRoute::PlaceOrder => JsonResponse::new(&app.place_order(parameters::body(body)?).await?),
        ControlRoute::GetWebhook => webhooks::get(app),
        ControlRoute::SetWebhook => webhooks::set(app, body),
        ControlRoute::RemoveWebhook => webhooks::remove(app),
        ControlRoute::GetFaults => faults::get(&app.faults),
        ControlRoute::AddFaults => faults::add(&app.faults, body),
        ControlRoute::ClearFaults => faults::clear(&app.faults),
        ControlRoute::RemoveFault => faults::remove(&app.faults, id),
        // It may be of any size.
        ControlRoute::DumpStores => return Ok(contents::dump(app)),
        ControlRoute::LoadStores => contents::load(app, body.clone()).await,
        ControlRoute::ResetSandbox => contents::reset(app).await,
    };
    Ok(response?.into_response())
}
