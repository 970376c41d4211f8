//! [`Fault`]: what is to go wrong, and with which requests.

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use crate::{
    Error,
    http::route::{Area, Route},
    redaction::shown_name,
};

/// The longest of a time, in milliseconds: an hour.
const LONGEST: u64 = 3_600_000;

/// The oldest that a read can be, in milliseconds.
pub(crate) const OLDEST_READ: u64 = 60_000;

/// What goes wrong, and with which requests: all of them, until it is told otherwise.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
/// let sandbox = Sandbox::start().await?;
/// let slow = Effect::Latency { milliseconds: 20, jitter_milliseconds: 10 };
/// sandbox.add_fault(Fault::new(slow).on(["search_discount_coupons"]))?;
/// sandbox.add_fault(Fault::new(Effect::status(503)).times(1))?;
///
/// // The client sends it again, and gets through.
/// assert!(sandbox.client()?.search().page().await.is_ok());
/// assert_eq!(sandbox.faults()[1].fired, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// The operations that it is for, such as `create_discount_coupon`; all of them when there are none.
    #[serde(default)]
    pub operations: Vec<String>,
    /// How many of their requests go well first: none unless set.
    #[serde(default)]
    pub skip: u32,
    /// How often it comes about; without end unless set.
    #[serde(default)]
    pub times: Option<u32>,
    /// How likely it is for each request, from 0 to 1: certain unless set.
    #[serde(default = "certain")]
    pub probability: f64,
    /// What its chances are drawn from; the same seed gives the same faults. One is chosen and told unless set.
    #[serde(default)]
    pub seed: Option<u64>,
    /// What goes wrong.
    pub effect: Effect,
}

fn certain() -> f64 {
    1.0
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// The answer comes later; another effect may come on top.
    Latency {
        /// How much later.
        milliseconds: u64,
        /// The most that is added to it, by chance.
        #[serde(default)]
        jitter_milliseconds: u64,
    },
    /// The answer is this refusal.
    Status {
        /// Its status, from 300 to 599.
        status: u16,
        /// Its `errorCode`; none unless set.
        #[serde(default)]
        code: Option<String>,
        /// The seconds of its `Retry-After`; none unless set.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Whether the work was done all the same.
        #[serde(default)]
        after_work: bool,
    },
    /// The connection is reset, and nothing was done. The journal has the status 0 for it.
    ResetBefore,
    /// The connection is reset after the work was done.
    ResetAfter,
    /// The answer breaks off after so many bytes of its body.
    Truncate {
        /// How many bytes come.
        bytes: usize,
    },
    /// The answer says that it is of another type.
    ContentType {
        /// The type that it says.
        content_type: String,
    },
    /// The work is done, and the answer is a page of HTML, as one from a proxy.
    Html {
        /// Its status, from 200 to 599.
        status: u16,
    },
    /// The body comes in small parts.
    Drip {
        /// How many bytes come at a time.
        bytes: usize,
        /// How long after the part before.
        milliseconds: u64,
    },
    /// The request arrives twice, and the second answer is given.
    Duplicate,
    /// Reads do not see the last writes of coupons, as if from a copy that lags behind.
    StaleRead {
        /// How far it lags behind, a minute at most.
        milliseconds: u64,
    },
}

impl Effect {
    /// A refusal with this status, before any work is done.
    pub fn status(status: u16) -> Self {
        Self::Status { status, code: None, retry_after: None, after_work: false }
    }

    /// The refusal of a store that is called too often, with so many seconds to wait.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let code = Some("RATE_LIMITED".to_owned());
        Self::Status { status: 429, code, retry_after: Some(retry_after), after_work: false }
    }

    /// Whether it happens to the connection, which a request inside a batch does not have.
    pub(super) fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::ResetBefore | Self::ResetAfter | Self::Truncate { .. } | Self::Drip { .. })
    }
}

impl Fault {
    /// Every request of every operation.
    pub fn new(effect: Effect) -> Self {
        Self { operations: Vec::new(), skip: 0, times: None, probability: 1.0, seed: None, effect }
    }

    /// Requests of these operations alone, such as `create_discount_coupon`.
    #[must_use]
    pub fn on(mut self, operations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operations = operations.into_iter().map(Into::into).collect();
        self
    }

    /// So many requests go well first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// So often and no more.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// How likely it is for each request, from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// What its chances are drawn from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    pub(super) fn is_for(&self, route: Route) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| name == route.name())
    }

    /// Refuses what cannot come about.
    pub(super) fn check(&self) -> Result<(), Error> {
        let names: Vec<_> = operations().collect();
        if let Some(unknown) = self.operations.iter().find(|name| !names.contains(&name.as_str())) {
            let unknown = shown_name(unknown);
            return refused(format!("there is no operation {unknown:?}; there are {}", names.join(", ")));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return refused(format!("the probability {} is not from 0 to 1", self.probability));
        }
        match &self.effect {
            Effect::Status { status, .. } if !(300..=599).contains(status) => {
                refused(format!("the status {status} is not from 300 to 599"))
            }
            Effect::Html { status } if !(200..=599).contains(status) || *status == 204 || *status == 304 => {
                refused(format!("the status {status} is none from 200 to 599 that has a body"))
            }
            Effect::Drip { bytes: 0, .. } => refused("parts of 0 bytes never come to an end".to_owned()),
            Effect::ContentType { content_type } if http::HeaderValue::from_str(content_type).is_err() => {
                refused("its content type has characters that no header can hold".to_owned())
            }
            Effect::StaleRead { milliseconds } if *milliseconds > OLDEST_READ => {
                refused(format!("a read lags behind by {OLDEST_READ} ms at most"))
            }
            Effect::Latency { milliseconds, jitter_milliseconds }
                if *milliseconds.max(jitter_milliseconds) > LONGEST =>
            {
                refused(format!("a wait is {LONGEST} ms at most"))
            }
            Effect::Drip { milliseconds, .. } if *milliseconds > LONGEST => {
                refused(format!("a wait is {LONGEST} ms at most"))
            }
            _ => Ok(()),
        }
    }
}

/// The names of the operations that a fault can be for.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    let operations = Route::VARIANTS.iter().filter(|route| route.place().is_some_and(|place| place.area == Area::Api));
    operations.map(|route| route.name())
}

fn refused(why: String) -> Result<(), Error> {
    Err(Error::Setting(format!("the fault cannot be: {why}")))
}
