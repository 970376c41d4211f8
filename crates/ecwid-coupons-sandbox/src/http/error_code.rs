//! [`ErrorCode`]: the error codes that the sandbox answers with.

use strum::{IntoStaticStr, VariantArray};

/// An error code, as it stands in `errorCode`. Each has a row in the fidelity ledger.
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
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}
