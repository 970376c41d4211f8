//! [`CouponRef`]: which coupon is meant.

use std::{convert::Infallible, fmt, str::FromStr};

/// A coupon by its id or its code.
///
/// Made from an integer, it is an id; made from text, a code. The store reads a code of digits alone as an id first
/// (assumed; the vendor does not say), since nothing in the request tells the two apart.
///
/// A code that cannot stand in a URL as one safe path segment is refused: nothing, `.`, `..`, one with a backslash,
/// and `deleted`, which is the address of another resource. Every other code is sent so that the store reads back what was given.
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
    /// A coupon by its code.
    ///
    /// # Errors
    ///
    /// When the code cannot stand in a URL as one safe path segment.
    pub fn code(code: impl Into<String>) -> Result<Self, CouponRefError> {
        let code = code.into();
        match code.as_str() {
            "" => Err(CouponRefError { code, reason: "an empty code" }),
            "." | ".." => Err(CouponRefError { code, reason: "a code of dots alone" }),
            "deleted" => Err(CouponRefError { code, reason: "the code of another resource's address" }),
            text if text.contains('\\') => Err(CouponRefError { code, reason: "a code with a backslash" }),
            _ => Ok(Self(Repr::Code(code.into_boxed_str()))),
        }
    }
}

impl fmt::Display for CouponRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Id(id) => id.fmt(f),
            Repr::Code(code) => code.fmt(f),
        }
    }
}

/// A code that cannot stand in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouponRefError {
    code: String,
    reason: &'static str,
}

impl fmt::Display for CouponRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, reason } = self;
        write!(
            f,
            "{code:?} is {reason}, which no URL can carry safely; use the coupon's id, which a search by code tells"
        )
    }
}

impl std::error::Error for CouponRefError {}

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

impl TryFrom<&str> for CouponRef {
    type Error = CouponRefError;

    fn try_from(code: &str) -> Result<Self, Self::Error> {
        Self::code(code)
    }
}

impl TryFrom<String> for CouponRef {
    type Error = CouponRefError;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::code(code)
    }
}

impl TryFrom<&String> for CouponRef {
    type Error = CouponRefError;

    fn try_from(code: &String) -> Result<Self, Self::Error> {
        Self::code(code.as_str())
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
