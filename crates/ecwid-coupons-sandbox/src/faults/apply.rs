//! Applies faults to requests and responses.

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    response::{Html, IntoResponse as _, Response},
};
use bytes::Bytes;
use ecwid_coupons::types::ApiError;
use futures_util::stream;
use http::{HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;

use super::{Effect, Plan};
use crate::http::response::error_response;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head><body><h1>The proxy could not reach the server</h1></body></html>\n";

/// How a response is broken. It travels as an extension of the response to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// The connection is closed without a response.
    Reset,
    Truncate {
        bytes: usize,
    },
    Drip {
        bytes: usize,
        milliseconds: u64,
    },
}

/// Processes a request with `work`, and applies the planned effect. The second argument of `work` is the lag of reads.
pub(crate) async fn apply<F>(plan: Plan, request: Request, work: impl Fn(Request, Option<Duration>) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if plan.latency > 0 {
        tokio::time::sleep(Duration::from_millis(plan.latency)).await;
    }
    let Some(effect) = plan.effect else { return work(request, None).await };
    match effect {
        Effect::Status { status, code, retry_after, after_work } => {
            if after_work {
                work(request, None).await;
            }
            refusal(status, code, retry_after)
        }
        Effect::ResetBefore => broken(StatusCode::SERVICE_UNAVAILABLE.into_response(), Break::Reset),
        Effect::ResetAfter => broken(work(request, None).await, Break::Reset),
        Effect::Truncate { bytes } => broken(work(request, None).await, Break::Truncate { bytes }),
        Effect::Drip { bytes, milliseconds } => broken(work(request, None).await, Break::Drip { bytes, milliseconds }),
        Effect::ContentType { content_type } => {
            let mut response = work(request, None).await;
            if let Ok(content_type) = HeaderValue::from_str(&content_type) {
                response.headers_mut().insert(header::CONTENT_TYPE, content_type);
            }
            response
        }
        Effect::Html { status } => {
            work(request, None).await;
            (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY), Html(PAGE)).into_response()
        }
        Effect::Duplicate => {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            work(Request::from_parts(parts.clone(), Body::from(body.clone())), None).await;
            work(Request::from_parts(parts, Body::from(body)), None).await
        }
        Effect::StaleRead { milliseconds } => work(request, Some(Duration::from_millis(milliseconds))).await,
        // The latency is part of the plan.
        Effect::Latency { .. } => work(request, None).await,
    }
}

fn refusal(status: u16, code: Option<String>, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut error = ApiError::default().with_error_message("This error is a fault of the sandbox");
    error.error_code = code;
    error_response(status, &error, retry_after)
}

fn broken(mut response: Response, how: Break) -> Response {
    response.extensions_mut().insert(how);
    response
}

/// Breaks the body of a response. The connection code closes the connection.
pub(crate) async fn break_response(response: Response) -> Response {
    let Some(how) = response.extensions().get::<Break>().copied() else { return response };
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let body = match how {
        Break::Reset => Body::empty(),
        Break::Truncate { bytes } => truncated(body.slice(..bytes.min(body.len()))),
        Break::Drip { bytes, milliseconds } => dripping(body, bytes, Duration::from_millis(milliseconds)),
    };
    Response::from_parts(parts, body)
}

/// Returns a body that ends before its declared length.
fn truncated(part: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(part), async |part| match part {
        Some(part) => Some((Ok(part), None)),
        None => {
            // This lets the part before it be sent.
            tokio::task::yield_now().await;
            Some((Err(io::Error::other("a fault breaks off the response here")), None))
        }
    }))
}

fn dripping(body: Bytes, bytes: usize, wait: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut body| async move {
        if body.is_empty() {
            return None;
        }
        tokio::time::sleep(wait).await;
        let part = body.split_to(bytes.min(body.len()));
        Some((Ok::<_, io::Error>(part), body))
    }))
}
