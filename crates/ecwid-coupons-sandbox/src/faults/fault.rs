//! [`Fault`]: an effect, and the requests that it applies to.

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::Effect;
use crate::{
    Error,
    http::route::{ApiRoute, Route as _},
    redaction::shown_name,
};

/// An effect, and the requests that it applies to. Defaults to every request of every operation.
///
/// # Example
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
/// // The client retries the request, and the retry succeeds.
/// assert!(sandbox.client()?.search().page().await.is_ok());
/// assert_eq!(sandbox.faults()[1].fired, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// The names of the operations, such as `create_discount_coupon`. Empty means all operations.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The number of matching requests that are let through first. Defaults to 0.
    #[serde(default)]
    pub skip: u32,
    /// The maximum number of times that the fault fires. Defaults to no limit.
    #[serde(default)]
    pub times: Option<u32>,
    /// The probability for each request, from 0 to 1. Defaults to 1.
    #[serde(default = "certain")]
    pub probability: f64,
    /// The seed of the random choices. The same seed gives the same choices. Defaults to a random seed, which
    /// [`FaultReport::fault`](crate::FaultReport::fault) contains.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The effect.
    pub effect: Effect,
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    /// Creates a fault that applies to every request.
    pub fn new(effect: Effect) -> Self {
        Self { operations: Vec::new(), skip: 0, times: None, probability: 1.0, seed: None, effect }
    }

    /// Limits the fault to these operations, such as `create_discount_coupon`.
    #[must_use]
    pub fn on(mut self, operations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operations = operations.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the number of matching requests that are let through first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Sets the maximum number of times that the fault fires.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Sets the probability for each request, from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Sets the seed of the random choices.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    pub(super) fn is_for(&self, route: ApiRoute) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| name == route.name())
    }

    /// Refuses values that are out of range.
    pub(super) fn check(&self) -> Result<(), Error> {
        let names: Vec<_> = operations().collect();
        if let Some(unknown) = self.operations.iter().find(|name| !names.contains(&name.as_str())) {
            let unknown = shown_name(unknown);
            return Err(refused(format!("unknown operation: `{unknown}` (expected one of {})", names.join(", "))));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(refused(format!(
                "invalid probability: `{}` (expected a number from 0 to 1)",
                self.probability
            )));
        }
        self.effect.check().map_err(refused)
    }
}

/// Returns the names of the operations that faults can apply to.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    ApiRoute::VARIANTS.iter().filter(|route| route.endpoint().is_some()).map(|route| route.name())
}

fn refused(why: String) -> Error {
    Error::Setting(format!("invalid fault: {why}"))
}
