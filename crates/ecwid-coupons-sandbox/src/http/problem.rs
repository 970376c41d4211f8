//! [`Problem`]: an answer that refuses a request, with the vendor's status and error code.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use ecwid_coupons::types::ApiError;
use http::{Method, StatusCode, Uri};

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
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: code.status(), code, message: shortened(message.into(), MESSAGE_LENGTH), retry_after: None }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong, in words.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn into_message(self) -> String {
        self.message
    }

    /// A parameter, header or body that is not valid.
    pub(crate) fn wrong_parameter(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::WrongParameter, message)
    }

    /// A named parameter or field whose value is not what it should be.
    pub(crate) fn wrong_value(name: &str, value: impl Display, expected: &str) -> Self {
        let value = shortened(value.to_string(), 100);
        Self::wrong_parameter(format!("Wrong parameter '{name}' value '{value}': expected {expected}"))
    }

    pub(crate) fn store_not_found(store_id: i64) -> Self {
        Self::new(ErrorCode::StoreNotFound, format!("Store {store_id} is not found"))
    }

    /// The text is the vendor's, as its own client's tests read it.
    pub(crate) fn coupon_not_found() -> Self {
        Self::new(ErrorCode::DiscountCouponNotFound, "Coupon is not found")
    }

    pub(crate) fn unsupported_media_type(found: &str) -> Self {
        let message = format!("Unsupported content {found}: expected Content-Type application/json or text/json");
        Self::new(ErrorCode::UnsupportedMediaType, message)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Rule::BodiesAreLimited.trace();
        let problem = Self::wrong_parameter(format!("The body is larger than {limit} bytes"));
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, ..problem }
    }

    /// A request that may be sent again after some seconds.
    pub(crate) fn rate_limited(seconds: u64, message: impl Into<String>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(ErrorCode::RateLimited, message) }
    }

    pub(crate) fn internal(error: impl Display) -> Self {
        Self::new(ErrorCode::InternalError, format!("The sandbox failed: {error}"))
    }
}

/// The response to a path that the sandbox does not serve.
pub(crate) async fn no_such_path(uri: Uri) -> Problem {
    let message = format!(
        "The sandbox has nothing at '{}'; it serves discount_coupons, batch and latest-stats below /api/v3/{{storeId}}, its control API below /_sandbox, and its web page at /",
        uri.path()
    );
    Problem::new(ErrorCode::NotFound, message)
}

/// The response to a method that a path does not have.
pub(crate) async fn method_not_allowed(method: Method) -> Problem {
    Problem::new(ErrorCode::MethodNotAllowed, format!("The method {method} is not supported here"))
}

/// The first characters of a text, and `…` when there are more.
fn shortened(mut text: String, length: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(length) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// An error that no request should cause.
impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = ApiError::default().error_message(self.message).error_code(<&str>::from(self.code));
        error_response(self.status, &error, self.retry_after)
    }
}
