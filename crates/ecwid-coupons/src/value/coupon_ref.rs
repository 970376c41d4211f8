//! [`CouponRef`]: a reference to a coupon.

use std::{convert::Infallible, fmt, str::FromStr};

use crate::{
    types::Coupon,
    value::{message_error, try_from_text},
};

/// The maximum length of a code, according to Ecwid's older documentation.
const CODE_LENGTH: usize = 128;

/// A reference to a coupon by its id or its code.
///
/// An integer is an id, and text is a code. The API takes both in the same place of a path. A code of digits is assumed
/// to be read as an id by the store. The [`Client`](crate::Client) therefore finds such a code with a search, and then
/// uses the coupon's id. Before it changes a coupon by id, it checks that the coupon exists, because the store may read
/// an unknown id as a code.
///
/// A code must be a safe path segment. An empty code, `.`, `..`, `deleted`, a code with a backslash and a code of more
/// than 128 characters are errors. Any other code is encoded so that the store reads it unchanged.
///
/// # Example
///
/// ```
/// use ecwid_coupons::CouponRef;
///
/// assert_eq!(CouponRef::try_from("SUMMER 10%")?, CouponRef::try_from("SUMMER 10%".to_owned())?);
/// assert_eq!(CouponRef::from(162428889).to_string(), "162428889");
/// assert!(CouponRef::try_from("..").unwrap_err().to_string().contains("use the coupon's id"));
/// # Ok::<(), ecwid_coupons::CouponRefError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CouponRef(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Id(i64),
    Code(Box<str>),
}

impl CouponRef {
    /// Creates a reference to the coupon with this code.
    ///
    /// # Errors
    ///
    /// The code is not a safe path segment.
    pub fn code(code: impl Into<String>) -> Result<Self, CouponRefError> {
        let code = code.into();
        let problem = match code.as_str() {
            "" => return Err(CouponRefError("the code is empty (expected the code or the id of a coupon)".to_owned())),
            "." | ".." => "it has only dots",
            "deleted" => "it is the path of another resource",
            text if text.contains('\\') => "it has a backslash",
            text if text.chars().count() > CODE_LENGTH => "it has more than 128 characters",
            _ => return Ok(Self(Repr::Code(code.into_boxed_str()))),
        };
        let shown: String = code.chars().take(40).collect();
        let more = if shown.len() < code.len() { "…" } else { "" };
        let shown = shown.escape_debug();
        Err(CouponRefError(format!(
            "invalid code: \"{shown}{more}\" ({problem}); use the coupon's id, which a search by code returns"
        )))
    }

    /// Returns the code if it looks like a number. The store reads such a code in a path as an id.
    pub(crate) fn numeric_code(&self) -> Option<&str> {
        match &self.0 {
            Repr::Code(code) => {
                // Common parsers of numbers accept a sign and the digits of all scripts.
                let text = code.trim();
                let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
                (!digits.is_empty() && digits.chars().all(char::is_numeric)).then_some(code)
            }
            Repr::Id(_) => None,
        }
    }

    /// Returns the id, if this is a reference by id.
    pub(crate) fn id(&self) -> Option<i64> {
        match self.0 {
            Repr::Id(id) => Some(id),
            Repr::Code(_) => None,
        }
    }

    /// Whether a coupon with this id and code is the referenced one. A missing value does not matter.
    pub(crate) fn fits(&self, id: Option<i64>, code: Option<&str>) -> bool {
        match &self.0 {
            Repr::Id(wanted) => id.is_none_or(|id| id == *wanted),
            Repr::Code(wanted) => code.is_none_or(|code| is_same_code(code, wanted)),
        }
    }
}

/// Whether two codes are the same. Codes are unique within a store in any letter case.
pub(crate) fn is_same_code(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl fmt::Display for CouponRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Id(id) => id.fmt(f),
            Repr::Code(code) => code.fmt(f),
        }
    }
}

message_error! {
    /// The error of a code that cannot be used in the path of a URL, such as `..`.
    CouponRefError
}

impl From<Infallible> for CouponRefError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

macro_rules! from_ids {
    ($($integer:ty)*) => { $(
        impl From<$integer> for CouponRef {
            fn from(id: $integer) -> Self {
                Self(Repr::Id(id.into()))
            }
        }
    )* };
}

from_ids! { i32 i64 u32 }

try_from_text!(CouponRef, CouponRefError: &str, String, &String);

/// Uses the coupon's id, or its code if it has no id.
impl TryFrom<&Coupon> for CouponRef {
    type Error = CouponRefError;

    fn try_from(coupon: &Coupon) -> Result<Self, Self::Error> {
        coupon.id.map_or_else(|| Self::code(coupon.code.as_deref().unwrap_or_default()), |id| Ok(id.into()))
    }
}

impl From<&Self> for CouponRef {
    fn from(reference: &Self) -> Self {
        reference.clone()
    }
}

impl FromStr for CouponRef {
    type Err = CouponRefError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::code(code)
    }
}
