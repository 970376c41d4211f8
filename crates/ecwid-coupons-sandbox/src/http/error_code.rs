//! [`ErrorCode`]: the error codes of the sandbox.

use http::StatusCode;
use strum::{IntoStaticStr, VariantArray};

/// The `errorCode` of an error response. Each has a row in the fidelity ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ErrorCode {
    WrongParameter,
    InvalidApiToken,
    InsufficientAppScope,
    StoreNotFound,
    DiscountCouponNotFound,
    NotFound,
    MethodNotAllowed,
    Timeout,
    ConstraintViolation,
    UnsupportedMediaType,
    RateLimited,
    ForeignOrigin,
    InternalError,
}

impl ErrorCode {
    /// Returns the status of a response with this code.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::WrongParameter => StatusCode::BAD_REQUEST,
            Self::InvalidApiToken | Self::InsufficientAppScope | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::StoreNotFound | Self::DiscountCouponNotFound | Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::ConstraintViolation => StatusCode::CONFLICT,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
