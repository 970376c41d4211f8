//! [`Problem`]: an answer that refuses a request, with the vendor's status and error code.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use ecwid_coupons::types::ApiError;
use http::{Method, StatusCode, Uri, header};

use crate::{
    http::{error_code::ErrorCode, response::error_response},
    rule::Rule,
};

/// The most characters of a message, since what it repeats of the request may be of any length.
const MESSAGE_LENGTH: usize = 300;

/// An answer that refuses a request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: ErrorCode,
    message: String,
    /// The seconds after which the request may be sent again.
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong, in words.
    pub(crate) fn into_message(self) -> String {
        self.message
    }

    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: shortened(message.into(), MESSAGE_LENGTH), retry_after: None }
    }

    /// A parameter, header or body that is not valid.
    pub(crate) fn wrong_parameter(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::WrongParameter, message)
    }

    /// A named parameter or field whose value is not what it should be.
    pub(crate) fn wrong_value(name: &str, value: impl Display, expected: &str) -> Self {
        let value = shortened(value.to_string(), 100);
        Self::wrong_parameter(format!("Wrong parameter '{name}' value '{value}': expected {expected}"))
    }

    pub(crate) fn invalid_token(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::InvalidApiToken, message)
    }

    pub(crate) fn missing_scope(scope: &str) -> Self {
        let message = format!("The token lacks the access scope '{scope}'");
        Self::new(StatusCode::FORBIDDEN, ErrorCode::InsufficientAppScope, message)
    }

    pub(crate) fn public_token() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ErrorCode::InsufficientAppScope,
            "A public token cannot reach discount coupons",
        )
    }

    pub(crate) fn store_not_found(store_id: i64) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::StoreNotFound, format!("Store {store_id} is not found"))
    }

    /// The text is the vendor's, as its own client's tests read it.
    pub(crate) fn coupon_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::DiscountCouponNotFound, "Coupon is not found")
    }

    pub(crate) fn ticket_not_found(ticket: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ErrorCode::NotFound,
            format!("There is no batch request with the ticket '{ticket}'"),
        )
    }

    pub(crate) fn fault_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, format!("There is no fault with the id '{id}'"))
    }

    pub(crate) fn no_such_path(path: &str) -> Self {
        let message = format!(
            "The sandbox has nothing at '{path}'; it serves discount_coupons, batch and latest-stats below /api/v3/{{storeId}}, its control API below /_sandbox, and its web page at /"
        );
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message)
    }

    pub(crate) fn method_not_allowed(method: &Method) -> Self {
        let message = format!("The method {method} is not supported here");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message)
    }

    pub(crate) fn code_taken(code: &str) -> Self {
        let message = format!("A discount coupon with the code '{code}' already exists");
        Self::new(StatusCode::CONFLICT, ErrorCode::ConstraintViolation, message)
    }

    pub(crate) fn unsupported_media_type(found: &str) -> Self {
        let message = format!("Unsupported content {found}: expected Content-Type application/json or text/json");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, message)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Rule::BodiesAreLimited.trace();
        let message = format!("The body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::WrongParameter, message)
    }

    pub(crate) fn body_timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, "The body did not arrive in time")
    }

    pub(crate) fn rate_limited(seconds: u64) -> Self {
        let message = format!("Too many requests with this token; it may call again in {seconds} s");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message);
        Self { retry_after: Some(seconds), ..problem }
    }

    pub(crate) fn too_many_batches() -> Self {
        let message = "The batches that have not finished are too large to take another one; send it when they have";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message);
        Self { retry_after: Some(1), ..problem }
    }

    pub(crate) fn foreign_origin(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::ForeignOrigin, message)
    }

    pub(crate) fn internal(error: impl Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError, format!("The sandbox failed: {error}"))
    }
}

/// The response to a path that the sandbox does not serve.
pub(crate) async fn no_such_path(uri: Uri) -> Problem {
    Problem::no_such_path(uri.path())
}

/// The response to a method that a path does not have.
pub(crate) async fn method_not_allowed(method: Method) -> Problem {
    Problem::method_not_allowed(&method)
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
        let error = ApiError::default().error_message(self.message).error_code(self.code.as_str());
        let mut response = error_response(self.status, &error);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
