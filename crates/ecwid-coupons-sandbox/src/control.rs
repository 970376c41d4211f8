//! The control API below `/_sandbox`: what a test moves and looks at from outside. No store has it.

mod clock;
mod contents;
mod faults;
pub(crate) mod guard;
mod limits;
pub(crate) mod orders;
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

use crate::http::{parameters, problem::Problem, response::Answer, route::Route, server::App};

/// Answers a request of the control API.
pub(crate) async fn serve(app: Arc<App>, route: Route, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match guard::check(&parts, &app.host_names) {
        Err(problem) => Err(problem),
        // It may be of any size.
        Ok(()) if route == Route::DumpStores => Ok(contents::dump(&app)),
        Ok(()) if route == Route::GetRequests => requests::get(app, parts.uri.query()).await.map(Answer::into_response),
        Ok(()) => call(&app, route, &parts, body).await.map(Answer::into_response),
    };
    answer.unwrap_or_else(Problem::into_response)
}

async fn call(app: &App, route: Route, parts: &Parts, body: Body) -> Result<Answer, Problem> {
    let (body, _room) = match parts.method.as_str() {
        // A page of another origin can send a POST without asking first, but not one that says it is JSON.
        "POST" | "PUT" => {
            parameters::check_content_type(&parts.headers)?;
            app.bodies.read(body).await?
        }
        _ => (Bytes::new(), None),
    };
    perform(app, route, parts.uri.path(), &body).await
}

/// Does what a request asks for that may ask for it.
pub(crate) async fn perform(app: &App, route: Route, path: &str, body: &Bytes) -> Result<Answer, Problem> {
    match route {
        Route::GetClock => clock::get(&app.clock),
        Route::SetClock => clock::set(&app.clock, body),
        Route::AdvanceClock => clock::advance(&app.clock, body),
        Route::ResetClock => clock::reset(&app.clock),
        Route::GetLimits => limits::get(&app.rate_limit),
        Route::SetLimits => limits::set(&app.rate_limit, body),
        Route::ForgetRequests => requests::forget(&app.journal),
        Route::PlaceOrder => Answer::of(&orders::place(app, body).await?),
        Route::GetWebhook => webhooks::get(app),
        Route::SetWebhook => webhooks::set(app, body),
        Route::RemoveWebhook => webhooks::remove(app),
        Route::GetFaults => faults::get(&app.faults),
        Route::AddFaults => faults::add(&app.faults, body),
        Route::LoadStores => contents::load(app, body.clone()).await,
        Route::ResetSandbox => contents::reset(app).await,
        Route::ClearFaults => faults::clear(&app.faults),
        Route::RemoveFault => faults::remove(&app.faults, path.rsplit('/').next().unwrap_or_default()),
        other => Err(Problem::internal(format_args!("{} is no route of the control API", other.name()))),
    }
}
