//! The HTTP server: accepts connections, and counts and records requests.

use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    serve::Listener,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use http_body_util::BodyExt as _;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tower_http::compression::Compression;

use super::{
    connection::{self, Service},
    problem::{Problem, method_not_allowed, no_such_path},
    route::{ApiRoute, ControlRoute, PageRoute, router},
};
use crate::{
    api,
    app::App,
    control::{self, guard},
    faults::Break,
    journal::{RecordedRequest, headers_as_text},
    rule::Rule,
    web,
};

/// How long requests in progress may take after the sandbox was told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves requests until the sandbox stops. Requests in progress then have two seconds to finish.
///
/// `axum::serve` would wait without a limit, so a client that sends half a request could keep the sandbox from
/// stopping.
pub(crate) async fn run(mut listener: TcpListener, app: Arc<App>, stopping: watch::Receiver<bool>) {
    let service = service(&app);
    let mut connections = JoinSet::new();
    let mut stopped = pin!(connection::stopped(stopping.clone()));
    loop {
        tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(connection::serve(stream, service.clone(), stopping.clone()));
            }
            // Ended connections are removed here, because the set would grow without bound otherwise.
            Some(_) = connections.join_next() => {}
            () = &mut stopped => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all_ended).await;
    connections.shutdown().await;
    app.batches.stop().await;
    app.webhooks.stop().await;
}

fn service(app: &Arc<App>) -> Service {
    Rule::ResponsesAreCompressed.trace();
    let api = router(
        |_: ApiRoute| true,
        |app, route, endpoint, request| {
            over_connection(app, request, move |app, request| api::serve(app, route, endpoint, request, true))
        },
    );
    let control =
        router(|_: ControlRoute| true, |app: Arc<App>, route, _, request| control::serve(app, route, request));
    let page = router(|_: PageRoute| true, |app: Arc<App>, route, _, request| web::serve(app, route, request));
    let router = api
        .method_not_allowed_fallback(async |State(app), method: Method, request| {
            over_connection(app, request, async |_, _| method_not_allowed(method).await.into_response()).await
        })
        .fallback(async |State(app), uri: Uri, request| {
            over_connection(app, request, async |_, _| no_such_path(uri).await.into_response()).await
        })
        .merge(control.merge(page).method_not_allowed_fallback(method_not_allowed));
    Compression::new(router.with_state(Arc::clone(app))).gzip(true)
}

/// Responds to a request from a connection. The request is counted and recorded. Requests inside a batch are not.
///
/// The body is read once, for both the journal and the operation.
async fn over_connection<F>(
    app: Arc<App>,
    request: Request,
    respond: impl FnOnce(Arc<App>, Request) -> F + Send,
) -> Response
where
    F: Future<Output = Response> + Send,
{
    let (time, begun) = (app.clock.now(), Instant::now());
    let (parts, body) = request.into_parts();
    let (method, target) = (parts.method.to_string(), parts.uri.to_string());
    let request_headers = headers_as_text(&parts.headers);
    let body = match guard::check_host(&parts, &app.allowed_hosts) {
        Ok(_) => app.body_reader.read(body).await,
        Err(problem) => Err(problem),
    };
    let (request_body, response) = match body {
        Ok((body, _room)) => {
            let response = match count(&app, &parts.headers) {
                Ok(()) => respond(Arc::clone(&app), Request::from_parts(parts, Body::from(body.clone()))).await,
                Err(problem) => problem.into_response(),
            };
            (body, response)
        }
        Err(problem) => {
            let mut response = problem.into_response();
            // The rest of the body is not read, so the connection cannot be used for another request.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            (Bytes::new(), response)
        }
    };
    let (mut parts, body) = response.into_parts();
    let date = httpdate::fmt_http_date(SystemTime::from(app.clock.now()));
    parts.headers.insert(header::DATE, HeaderValue::from_str(&date).expect("a date is a valid header"));
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let is_reset = parts.extensions.get() == Some(&Break::Reset);
    let recorded = RecordedRequest {
        time,
        elapsed: begun.elapsed(),
        method,
        target,
        request_headers,
        request_body: String::new(),
        ignored_fields: Vec::new(),
        status: if is_reset { 0 } else { parts.status.as_u16() },
        response_body: String::new(),
    };
    let response_body = if is_reset { Bytes::new() } else { body.clone() };
    app.journal.add(recorded, &request_body, &response_body);
    Response::from_parts(parts, Body::from(body))
}

/// Refuses a request above the rate limit of its token.
fn count(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    // The operation refuses a request with a missing or unknown token.
    let Ok(token) = app.access.token(headers) else { return Ok(()) };
    app.rate_limit.count(&token.token).map_err(|seconds| {
        let message = format!("Too many requests with this token: the next one is allowed in {seconds} s");
        Problem::rate_limited(seconds, message)
    })
}
