//! [`RequestId`]: the id that a call is sent with.

use std::{fmt, ops::Deref};

use http::HeaderValue;

/// Eight random letters and digits, like the vendor's own client sends.
#[derive(Clone, Copy)]
pub(crate) struct RequestId([u8; 8]);

impl RequestId {
    pub(crate) fn random() -> Self {
        Self(std::array::from_fn(|_| fastrand::alphanumeric() as u8))
    }

    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from_str(&self).expect("letters and digits are a valid header")
    }
}

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.0).expect("letters and digits are valid text")
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
