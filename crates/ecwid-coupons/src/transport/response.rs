//! [`Response`]: a response whose body has been received.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde::de::DeserializeOwned;

use crate::{
    Error,
    error::json::{JsonProblem, read_json},
    schema::{HasKind, Kind, lenient::read_lenient},
    text::redact::Redactor,
    transport::call::{CallGuard, CallState},
    types::{Coupon, CouponPage},
};

/// A response whose body has been received.
pub(crate) struct Response {
    pub(crate) redactor: Redactor,
    pub(crate) sent: Sent,
    /// The call, unless the request is a part of another call.
    pub(crate) guard: Option<CallGuard>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What was sent until a response or an error.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    operation: &'static str,
    pub(crate) request_id: Arc<str>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// Whether an attempt before the last one may have taken effect.
    pub(crate) is_uncertain: bool,
}

impl Sent {
    pub(crate) fn new(call: &CallState, is_uncertain: bool) -> Self {
        Self {
            operation: call.operation,
            request_id: Arc::clone(&call.request_id),
            attempts: call.attempts(),
            elapsed: call.start.elapsed(),
            is_uncertain,
        }
    }

    /// Returns what was sent until the error of a batch, for one of its requests.
    pub(crate) fn of_item_after(error: &Error, operation: &'static str) -> Self {
        let request_id = error.request_id().unwrap_or_default().into();
        Self { operation, request_id, attempts: 1, elapsed: error.elapsed(), is_uncertain: false }
    }

    /// Returns what was sent until the response to a request of a batch.
    pub(crate) fn of_item(&self, operation: &'static str) -> Self {
        Self { operation, attempts: 1, is_uncertain: false, ..self.clone() }
    }

    /// Adds the data of the requests to an error.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let error = if self.attempts > 0 { error.with_request_id(&self.request_id) } else { error };
        error
            .with_operation(self.operation)
            .with_attempts(self.attempts, self.elapsed)
            .with_uncertain_attempt(self.is_uncertain)
    }
}

impl Response {
    /// Decodes the body.
    pub(crate) fn read<T: DeserializeOwned + HasKind>(&self) -> Result<T, Error> {
        read_lenient(&self.body, &T::KIND).map_err(|problem| {
            let error = self.decode_error(&explain(described(&self.body, &problem), &self.headers));
            let is_page = T::KIND == Kind::Object(CouponPage::FIELDS);
            let is_of_coupon = problem.coupon.is_some() && (is_page || T::KIND == Kind::Object(Coupon::FIELDS));
            let error = if is_of_coupon { error.of_one_coupon() } else { error };
            if is_page { error.with_whole_body(self.body.clone()) } else { error }
        })
    }

    /// Returns the error of a body that is not the documented one.
    pub(crate) fn decode_error(&self, problem: &str) -> Error {
        let Self { redactor, status, body, .. } = self;
        Error::decode(*status, redactor.redact(problem), &redactor.redact_body(body))
    }
}

/// Adds the headers that explain a body that is not JSON. It is probably the page of a proxy.
fn explain(problem: String, headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).map(|it: &HeaderValue| String::from_utf8_lossy(it.as_bytes()).into_owned());
    // The HTTP library removes this header when it decompresses a body.
    if let Some(encoding) = text(CONTENT_ENCODING) {
        return format!("its encoding is {encoding:?}, which was not requested ({problem})");
    }
    match text(CONTENT_TYPE).filter(|kind| !kind.to_ascii_lowercase().contains("json")) {
        Some(kind) => format!("it is {kind:?}, not JSON ({problem})"),
        None => problem,
    }
}

/// Reads JSON.
///
/// # Errors
///
/// The text is not JSON, or its value is not a `T`. The error names the field and the position.
pub fn read_response<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    read_json(body).map_err(|problem| described(body, &problem))
}

fn described(body: &[u8], problem: &JsonProblem) -> String {
    match problem {
        _ if body.is_empty() => "it is empty".to_owned(),
        _ if problem.is_truncated => format!("it is truncated: {problem}"),
        _ => problem.to_string(),
    }
}
