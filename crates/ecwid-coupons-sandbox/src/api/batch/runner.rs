//! Runs the requests of a batch through the same code as single requests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use ecwid_coupons::types::{ApiError, BatchRequestItem, BatchResponse, BatchResponseStatus};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header, uri::InvalidUri};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::batches::Batch;
use crate::{app::App, rule::Rule};

/// The number of concurrent requests in parallel mode.
const PARALLEL: usize = 100;

/// The number of retries after a 5xx response, and the delay before each retry.
const ATTEMPTS_AFTER_THE_FIRST: usize = 5;
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(3);

pub(super) struct Runner {
    pub(super) router: Router,
    /// The path that the paths of the requests are relative to.
    pub(super) path: String,
    pub(super) authorization: Option<HeaderValue>,
    /// Whether the requests run concurrently.
    pub(super) parallel: bool,
    /// Whether the first failure stops the batch.
    pub(super) stop: bool,
    /// Counts the requests towards the rate limit.
    pub(super) counted: Option<Counted>,
}

/// Counts the requests of a batch towards the rate limit of its token.
pub(super) struct Counted {
    pub(super) app: Arc<App>,
    pub(super) headers: HeaderMap,
}

impl Counted {
    /// Counts a request. Returns the response if the limit is exceeded.
    fn count(&self) -> Option<BatchResponse> {
        let token = self.app.access.token(&self.headers).ok()?;
        self.app.rate_limit.count(&token.token).err()?;
        Rule::BatchItemsCanBeCounted.trace();
        let body = r#"{"errorMessage":"Too many requests with this token","errorCode":"RATE_LIMITED"}"#;
        Some(outcome(StatusCode::TOO_MANY_REQUESTS, body.to_owned()))
    }
}

impl Runner {
    pub(super) async fn run(&self, batch: &Batch, items: Vec<BatchRequestItem>) {
        Rule::BatchesRunInParallel.trace();
        let at_once = if self.parallel { PARALLEL } else { 1 };
        let has_failed = &AtomicBool::new(false);
        futures_util::stream::iter(items.into_iter().enumerate())
            .for_each_concurrent(at_once, |(index, item)| async move {
                if batch.is_completed() {
                    return;
                }
                if self.stop && has_failed.load(Ordering::Relaxed) {
                    Rule::BatchesStopAtAFailure.trace();
                    return;
                }
                let mut response = self.send(&item).await;
                has_failed.fetch_or(response.status == Some(BatchResponseStatus::Failed), Ordering::Relaxed);
                response.id = item.id;
                batch.keep(index, response);
            })
            .await;
    }

    /// Sends a request. After a 5xx response it is retried, unless the first failure stops the batch.
    async fn send(&self, item: &BatchRequestItem) -> BatchResponse {
        let mut response = self.send_once(item).await;
        for _ in 0..if self.stop { 0 } else { ATTEMPTS_AFTER_THE_FIRST } {
            if response.http_status_code.is_none_or(|status| status < 500) {
                break;
            }
            Rule::BatchItemsAreSentAgain.trace();
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
            response = self.send_once(item).await;
        }
        response
    }

    async fn send_once(&self, item: &BatchRequestItem) -> BatchResponse {
        if let Some(refused) = self.counted.as_ref().and_then(Counted::count) {
            return refused;
        }
        let body = item.body.as_ref().map_or_else(String::new, |body| match body.deserialize::<String>() {
            // Ecwid's table says that the body is a string, and its example sends an object. Both are accepted.
            Ok(text) => text,
            Err(_) => body.to_string(),
        });
        let target = match uri(&self.path, item) {
            Ok(target) => target,
            Err(error) => {
                return outcome(
                    StatusCode::BAD_REQUEST,
                    format!(r#"{{"errorMessage":"Wrong path: {error}","errorCode":"WRONG_PARAMETER"}}"#),
                );
            }
        };
        let mut request = Request::builder()
            .method(item.method.as_str())
            .uri(target)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            Rule::BatchItemsNeedTheirScopes.trace();
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let response = match request.body(Body::from(body)) {
            Ok(request) => match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            // The method and the headers were checked before.
            Err(error) => return outcome(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        let status = response.status();
        let bytes = response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        outcome(status, String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Returns the URI of a request of a batch.
pub(super) fn uri(path: &str, item: &BatchRequestItem) -> Result<Uri, InvalidUri> {
    format!("{path}/{}", item.path.trim_start_matches('/')).parse()
}

fn outcome(status: StatusCode, body: String) -> BatchResponse {
    let is_ok = status == StatusCode::OK;
    let message = serde_json::from_str::<ApiError>(&body).ok().and_then(|error| error.error_message).filter(|_| !is_ok);
    BatchResponse::default()
        .with_status(if is_ok { BatchResponseStatus::Completed } else { BatchResponseStatus::Failed })
        .with_http_status_code(i32::from(status.as_u16()))
        .with_http_status_line(message.unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned()))
        .with_escaped_http_body(body)
}
