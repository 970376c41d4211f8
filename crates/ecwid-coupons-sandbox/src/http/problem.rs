//! [`Problem`]: an error response.

use std::{fmt::Display, path::Path};

use axum::response::{IntoResponse, Response};
use ecwid_coupons::types::ApiError;
use http::{Method, StatusCode, Uri};

use crate::{
    Error,
    http::{error_code::ErrorCode, response::error_response},
    rule::Rule,
};

/// The maximum number of characters in a message. A message can repeat text of any length from the request.
const MESSAGE_LENGTH: usize = 300;

/// An error response with Ecwid's status and error code.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: ErrorCode,
    message: String,
    /// The number of seconds until the request may be sent again.
    retry_after: Option<u64>,
    /// Whether the source of the coupons cannot be read.
    is_of_source: bool,
}

impl Problem {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            status: code.status(),
            code,
            message: shortened(message.into(), MESSAGE_LENGTH),
            retry_after: None,
            is_of_source: false,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the message.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn into_message(self) -> String {
        self.message
    }

    /// An invalid parameter, header or body.
    pub(crate) fn wrong_parameter(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::WrongParameter, message)
    }

    /// A source of coupons that cannot be read.
    pub(crate) fn source(message: impl Into<String>) -> Self {
        Self { is_of_source: true, ..Self::wrong_parameter(message) }
    }

    /// Puts the path of the source in front of the message.
    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self { message: format!("{}: {}", path.display(), self.message), ..self }
    }

    /// Returns the error of loading coupons.
    pub(crate) fn into_load_error(self) -> Error {
        if self.is_of_source { Error::Source(self.message) } else { Error::Load(self.message) }
    }

    /// An invalid value of a parameter or field.
    pub(crate) fn wrong_value(name: &str, value: impl Display, expected: &str) -> Self {
        let value = shortened(value.to_string(), 100);
        Self::wrong_parameter(format!("Wrong parameter '{name}' value '{value}': expected {expected}"))
    }

    pub(crate) fn store_not_found(store_id: i64) -> Self {
        Self::new(ErrorCode::StoreNotFound, format!("Store {store_id} is not found"))
    }

    /// The message is Ecwid's, because the tests of Ecwid's client expect it.
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

    /// A request that may be sent again after this many seconds.
    pub(crate) fn rate_limited(seconds: u64, message: impl Into<String>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(ErrorCode::RateLimited, message) }
    }

    pub(crate) fn internal(error: impl Display) -> Self {
        Self::new(ErrorCode::InternalError, format!("The sandbox failed: {error}"))
    }
}

/// Responds to a path that the sandbox does not serve.
pub(crate) async fn no_such_path(uri: Uri) -> Problem {
    let message = format!(
        "The sandbox does not serve '{}'. The API is below /api/v3/{{storeId}}, the control API is below /_sandbox, and the web page is at /",
        uri.path()
    );
    Problem::new(ErrorCode::NotFound, message)
}

/// Responds to a method that a path does not support.
pub(crate) async fn method_not_allowed(method: Method) -> Problem {
    Problem::new(ErrorCode::MethodNotAllowed, format!("This path does not support the method {method}"))
}

/// Returns the beginning of a text, followed by `…` if the text is longer.
fn shortened(mut text: String, length: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(length) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// An internal error. No request should cause one.
impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = ApiError::default().with_error_message(self.message).with_error_code(<&str>::from(self.code));
        error_response(self.status, &error, self.retry_after)
    }
}
