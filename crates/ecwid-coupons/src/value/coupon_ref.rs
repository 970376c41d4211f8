//! [`CouponRef`]: which coupon is meant.

use std::{convert::Infallible, fmt, str::FromStr};

use crate::{types::Coupon, value::try_from_text};

/// The most characters of a code, by the vendor's older documentation.
const CODE_LENGTH: usize = 128;

/// A coupon by its id or its code.
///
/// Made from an integer, it is an id; made from text, a code. Nothing in the path of a request tells the two apart, and the
/// store reads a code of digits alone as an id first (assumed; the vendor does not say). [`Client`](crate::Client) therefore
/// looks such a code up with a search, and then uses the id of the coupon that it found. Before it changes a coupon by an id, it
/// sees that there is one, because the store may take an id that no coupon has for a code.
///
/// A code that cannot stand in a URL as one safe path segment is refused: nothing, `.`, `..`, one with a backslash,
/// `deleted`, which is the address of another resource, and more than 128 characters. Every other code is sent so that
/// the store reads back what was given.
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
        let problem = match code.as_str() {
            "" => "an empty code",
            "." | ".." => "a code of dots alone",
            "deleted" => "the code of another resource's address",
            text if text.contains('\\') => "a code with a backslash",
            text if text.chars().count() > CODE_LENGTH => "longer than the 128 characters that a code can have",
            _ => return Ok(Self(Repr::Code(code.into_boxed_str()))),
        };
        Err(CouponRefError { code, problem })
    }

    /// The code, if it reads like a number. In a path the store takes such a code for an id.
    pub(crate) fn numeric_code(&self) -> Option<&str> {
        match &self.0 {
            Repr::Code(code) => {
                // What common parsers of numbers take: a sign, and digits of any script.
                let text = code.trim();
                let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
                (!digits.is_empty() && digits.chars().all(char::is_numeric)).then_some(code)
            }
            Repr::Id(_) => None,
        }
    }

    /// The id, if it is one.
    pub(crate) fn id(&self) -> Option<i64> {
        match self.0 {
            Repr::Id(id) => Some(id),
            Repr::Code(_) => None,
        }
    }

    /// Whether a coupon that was found is the one that is meant. An id or code that it lacks is no contradiction.
    pub(crate) fn fits(&self, id: Option<i64>, code: Option<&str>) -> bool {
        match &self.0 {
            Repr::Id(wanted) => id.is_none_or(|id| id == *wanted),
            Repr::Code(wanted) => code.is_none_or(|code| is_same_code(code, wanted)),
        }
    }
}

/// Whether two codes name one coupon. A store has a code once in any letter case.
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

/// A code that cannot stand in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouponRefError {
    code: String,
    problem: &'static str,
}

impl fmt::Display for CouponRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, problem } = self;
        let shown: String = code.chars().take(40).collect();
        let more = if shown.len() < code.len() { "…" } else { "" };
        write!(f, "\"{}{more}\" is {problem}, which no URL can carry safely; ", shown.escape_debug())?;
        f.write_str("use the coupon's id, which a search by code tells")
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

try_from_text!(CouponRef, CouponRefError: &str, String, &String);

/// By the coupon's id, or by its code if it has no id.
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
