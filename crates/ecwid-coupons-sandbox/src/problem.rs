//! [`Problem`]: an answer that refuses a request, with the vendor's status and error code.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use ecwid_coupons::types::ApiError;
use http::StatusCode;

use crate::server::json;

/// The most characters of a message, since what it repeats of the request may be of any length.
const MESSAGE_LENGTH: usize = 300;

/// An answer that refuses a request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    /// What is wrong, in words.
    pub(crate) fn into_message(self) -> String {
        self.message
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: shortened(message.into(), MESSAGE_LENGTH) }
    }

    /// A parameter, header or body that is not valid.
    pub(crate) fn wrong_parameter(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "WRONG_PARAMETER", message)
    }

    /// A named parameter or field whose value is not what it should be.
    pub(crate) fn wrong_value(name: &str, value: impl Display, expected: &str) -> Self {
        let value = shortened(value.to_string(), 100);
        Self::wrong_parameter(format!("Wrong parameter '{name}' value '{value}': expected {expected}"))
    }

    pub(crate) fn invalid_token(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "INVALID_API_TOKEN", message)
    }

    pub(crate) fn missing_scope(scope: &str) -> Self {
        let message = format!("The token lacks the access scope '{scope}'");
        Self::new(StatusCode::FORBIDDEN, "INSUFFICIENT_APP_SCOPE", message)
    }

    pub(crate) fn store_not_found(store_id: i64) -> Self {
        Self::new(StatusCode::NOT_FOUND, "STORE_NOT_FOUND", format!("Store {store_id} is not found"))
    }

    /// The text is the vendor's, as its own client's tests read it.
    pub(crate) fn coupon_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "DISCOUNT_COUPON_NOT_FOUND", "Coupon is not found")
    }

    pub(crate) fn ticket_not_found(ticket: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("There is no batch request with the ticket '{ticket}'"))
    }

    pub(crate) fn no_such_path(path: &str) -> Self {
        let message = format!(
            "The sandbox has nothing at '{path}'; it serves discount_coupons and batch below /api/v3/{{storeId}}"
        );
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(crate) fn method_not_allowed(method: &http::Method) -> Self {
        let message = format!("The method {method} is not supported here");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
    }

    pub(crate) fn code_taken(code: &str) -> Self {
        let message = format!("A discount coupon with the code '{code}' already exists");
        Self::new(StatusCode::CONFLICT, "CONSTRAINT_VIOLATION", message)
    }

    pub(crate) fn unsupported_media_type(found: &str) -> Self {
        let message = format!("Unsupported content {found}: expected Content-Type application/json or text/json");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "WRONG_PARAMETER", message)
    }

    pub(crate) fn body_timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", "The body did not arrive in time")
    }

    pub(crate) fn internal(error: impl Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", format!("The sandbox failed: {error}"))
    }
}

/// The first characters of a text, and `…` when there are more.
fn shortened(mut text: String, length: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(length) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        json(self.status, &ApiError::default().error_message(self.message).error_code(self.code))
    }
}
