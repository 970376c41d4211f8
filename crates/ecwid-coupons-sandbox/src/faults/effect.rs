//! [`Effect`]: the effect of a fault.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest delay in milliseconds: one hour.
const LONGEST: u64 = 3_600_000;

/// The longest lag of a read in milliseconds.
const LONGEST_LAG: u64 = 60_000;

/// The effect of a fault.
///
/// The form of the web page is generated from the JSON schema of this type. Tests compare the page
/// `docs/reference/sandbox.md` and the Python package with the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// The response is delayed. A delay can be combined with one other fault on the same request.
    Latency {
        /// The length of the delay.
        #[schemars(title = "Delay in milliseconds", example = 1000, range(max = 3_600_000))]
        milliseconds: u64,
        /// The maximum random delay that is added.
        #[serde(default)]
        #[schemars(title = "Random extra delay", range(max = 3_600_000))]
        jitter_milliseconds: u64,
    },
    /// The response is an error.
    Status {
        /// The HTTP status, from 300 to 599.
        #[schemars(title = "HTTP status", example = 503, range(min = 300, max = 599))]
        status: u16,
        /// The `errorCode`.
        #[serde(default)]
        #[schemars(title = "Error code")]
        code: Option<String>,
        /// The `Retry-After` header, in seconds.
        #[serde(default)]
        #[schemars(title = "Retry after, in seconds")]
        retry_after: Option<u64>,
        /// Whether the request takes effect before the error is returned.
        #[serde(default)]
        #[schemars(title = "Perform the request first")]
        after_work: bool,
    },
    /// The connection is reset before the request takes effect.
    ResetBefore,
    /// The connection is reset after the request took effect.
    ResetAfter,
    /// The response body is cut off.
    Truncate {
        /// The number of bytes of the body that are sent.
        #[schemars(title = "Bytes that are sent", example = 10)]
        bytes: usize,
    },
    /// The response declares another content type.
    ContentType {
        /// The content type, such as `text/plain`.
        #[schemars(title = "Content type", example = "text/plain")]
        content_type: String,
    },
    /// The request takes effect, and the response is an HTML page, as from a proxy.
    Html {
        /// The HTTP status, from 200 to 599.
        #[schemars(title = "HTTP status", example = 502, range(min = 200, max = 599))]
        status: u16,
    },
    /// The response body is sent in small parts.
    Drip {
        /// The number of bytes in a part.
        #[schemars(title = "Bytes in a part", example = 10, range(min = 1))]
        bytes: usize,
        /// The delay before each part.
        #[schemars(title = "Milliseconds before a part", example = 1000, range(max = 3_600_000))]
        milliseconds: u64,
    },
    /// The request is processed twice, and the second response is sent.
    Duplicate,
    /// Reads return data from before the last writes of coupons, as if they came from a lagging replica.
    StaleRead {
        /// The lag of reads behind writes, at most 60000.
        #[schemars(title = "Lag in milliseconds", example = 1000, range(max = 60_000))]
        milliseconds: u64,
    },
}

impl Effect {
    /// Returns the effect that responds with this error status. The request does not take effect.
    pub fn status(status: u16) -> Self {
        Self::Status { status, code: None, retry_after: None, after_work: false }
    }

    /// Creates the 429 response of a store that is called too often. `retry_after` is in seconds.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let code = Some("RATE_LIMITED".to_owned());
        Self::Status { status: 429, code, retry_after: Some(retry_after), after_work: false }
    }

    /// Returns whether the effect applies to a connection. A request inside a batch has none of its own.
    pub(super) fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::ResetBefore | Self::ResetAfter | Self::Truncate { .. } | Self::Drip { .. })
    }

    /// Refuses values that are out of range.
    pub(super) fn check(&self) -> Result<(), String> {
        let why = match self {
            Self::Status { status, .. } if !(300..=599).contains(status) => {
                format!("invalid status: `{status}` (expected a status from 300 to 599)")
            }
            Self::Html { status } if !(200..=599).contains(status) || *status == 204 || *status == 304 => {
                format!("invalid status: `{status}` (expected a status from 200 to 599 that has a body)")
            }
            Self::Drip { bytes: 0, .. } => "invalid bytes: `0` (expected at least 1)".to_owned(),
            Self::ContentType { content_type } if http::HeaderValue::from_str(content_type).is_err() => {
                "invalid content type (expected characters that a header can contain)".to_owned()
            }
            Self::StaleRead { milliseconds } if *milliseconds > LONGEST_LAG => {
                format!("invalid milliseconds: `{milliseconds}` (expected a number from 0 to {LONGEST_LAG})")
            }
            Self::Latency { milliseconds, .. } | Self::Drip { milliseconds, .. } if *milliseconds > LONGEST => {
                format!("invalid milliseconds: `{milliseconds}` (expected a number from 0 to {LONGEST})")
            }
            Self::Latency { jitter_milliseconds, .. } if *jitter_milliseconds > LONGEST => {
                format!("invalid jitterMilliseconds: `{jitter_milliseconds}` (expected a number from 0 to {LONGEST})")
            }
            _ => return Ok(()),
        };
        Err(why)
    }
}
