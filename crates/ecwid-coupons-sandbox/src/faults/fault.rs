//! [`Fault`]: what is to go wrong, and with which requests.

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::Effect;
use crate::{
    Error,
    http::route::{ApiRoute, Route as _},
    redaction::shown_name,
};

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

    pub(super) fn is_for(&self, route: ApiRoute) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| name == route.name())
    }

    /// Refuses what cannot come about.
    pub(super) fn check(&self) -> Result<(), Error> {
        let names: Vec<_> = operations().collect();
        if let Some(unknown) = self.operations.iter().find(|name| !names.contains(&name.as_str())) {
            let unknown = shown_name(unknown);
            return Err(refused(format!("there is no operation {unknown:?}; there are {}", names.join(", "))));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(refused(format!("the probability {} is not from 0 to 1", self.probability)));
        }
        self.effect.check().map_err(refused)
    }
}

/// The names of the operations that a fault can be for.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    ApiRoute::VARIANTS.iter().filter(|route| route.endpoint().is_some()).map(|route| route.name())
}

fn refused(why: String) -> Error {
    Error::Setting(format!("the fault cannot be: {why}"))
}
