//! [`Faults`]: failures on demand, which a seed makes repeatable.

mod apply;
mod effect;
mod fault;

use std::sync::Mutex;

use fastrand::Rng;
use serde::Serialize;

pub(crate) use apply::{Break, apply, break_response};
pub use effect::Effect;
pub use fault::Fault;
pub(crate) use fault::operations;

use crate::{Error, http::route::ApiRoute, lock::lock, rule::Rule};

/// The faults of a sandbox, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Faults(Mutex<List>);

#[derive(Default)]
struct List {
    armed: Vec<Armed>,
    /// The number of faults ever added. It is the id of the latest fault.
    added: u64,
}

struct Armed {
    report: FaultReport,
    random: Rng,
}

/// A fault, and how often it fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FaultReport {
    /// The id of the fault. Ids are never reused.
    pub id: u64,
    /// The fault, with its seed.
    pub fault: Fault,
    /// The number of requests to its operations since the fault was added.
    pub matched: u64,
    /// The number of requests that the fault fired for.
    pub fired: u64,
}

/// What happens to a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// The delay before the request, in milliseconds.
    pub(crate) latency: u64,
    /// The effect after the delay, if any.
    pub(crate) effect: Option<Effect>,
}

impl Faults {
    /// Adds faults. If one of them is not valid, none is added.
    pub(crate) fn add(&self, faults: Vec<Fault>) -> Result<(), Error> {
        faults.iter().try_for_each(Fault::check)?;
        let mut list = lock(&self.0);
        for fault in faults {
            list.added += 1;
            let armed = Armed::new(list.added, fault);
            list.armed.push(armed);
        }
        Ok(())
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).armed.clear();
    }

    /// Removes a fault, and returns whether it existed.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let armed = &mut lock(&self.0).armed;
        let before = armed.len();
        armed.retain(|armed| armed.report.id != id);
        armed.len() < before
    }

    pub(crate) fn report(&self) -> Vec<FaultReport> {
        lock(&self.0).armed.iter().map(|armed| armed.report.clone()).collect()
    }

    /// Returns what happens to a request: the sum of all latencies, and the first other effect.
    ///
    /// A request inside a batch has no connection of its own, so effects on connections do not apply to it.
    pub(crate) fn plan(&self, route: ApiRoute, has_connection: bool) -> Plan {
        let mut plan = Plan::default();
        for armed in &mut lock(&self.0).armed {
            let effect = &armed.report.fault.effect;
            let is_latency = matches!(effect, Effect::Latency { .. });
            let is_open = is_latency || plan.effect.is_none() && (has_connection || !effect.is_of_the_connection());
            if !is_open || !armed.report.fault.is_for(route) || !armed.fires() {
                continue;
            }
            Rule::FaultsComeOnDemand.trace();
            match &armed.report.fault.effect {
                Effect::Latency { milliseconds, jitter_milliseconds } => {
                    plan.latency += milliseconds + armed.random.u64(0..=*jitter_milliseconds);
                }
                other => plan.effect = Some(other.clone()),
            }
        }
        plan
    }
}

impl Armed {
    fn new(id: u64, mut fault: Fault) -> Self {
        // Every JSON parser can represent seeds below 2^53 exactly.
        let seed = *fault.seed.get_or_insert_with(|| fastrand::u64(..1 << 53));
        Self { report: FaultReport { id, fault, matched: 0, fired: 0 }, random: Rng::with_seed(seed) }
    }

    /// Counts a request, and returns whether the fault fires for it.
    fn fires(&mut self) -> bool {
        let FaultReport { fault, matched, fired, .. } = &mut self.report;
        *matched += 1;
        let is_left = fault.times.is_none_or(|times| *fired < u64::from(times));
        if *matched <= u64::from(fault.skip) || !is_left {
            return false;
        }
        let fires = self.random.f64() < fault.probability;
        *fired += u64::from(fires);
        fires
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(faults: &Faults, route: ApiRoute) -> Vec<bool> {
        (0..50).map(|_| faults.plan(route, true).effect.is_some()).collect()
    }

    #[test]
    fn a_seed_gives_the_same_faults() {
        let with_seed = |seed: u64| {
            let faults = Faults::default();
            faults.add(vec![Fault::new(Effect::ResetBefore).probability(0.5).seed(seed)]).unwrap();
            fired(&faults, ApiRoute::GetDiscountCoupon)
        };
        assert_eq!(with_seed(7), with_seed(7));
        assert_ne!(with_seed(7), with_seed(8));
        let count = with_seed(7).iter().filter(|fired| **fired).count();
        assert!((10..40).contains(&count), "{count}");

        // The generated seed is reported, so a failure can be reproduced.
        let faults = Faults::default();
        faults.add(vec![Fault::new(Effect::ResetBefore).probability(0.5)]).unwrap();
        let first = fired(&faults, ApiRoute::GetDiscountCoupon);
        let again = Faults::default();
        again.add(vec![faults.report()[0].fault.clone()]).unwrap();
        assert_eq!(fired(&again, ApiRoute::GetDiscountCoupon), first);
    }

    #[test]
    fn faults_are_counted_by_operation() {
        let faults = Faults::default();
        faults.add(vec![Fault::new(Effect::ResetBefore).on(["get_discount_coupon"]).skip(2).times(3)]).unwrap();
        assert!(!fired(&faults, ApiRoute::SearchDiscountCoupons).contains(&true));
        let fired = fired(&faults, ApiRoute::GetDiscountCoupon);
        assert_eq!(fired[..7], [false, false, true, true, true, false, false]);
        assert_eq!((faults.report()[0].matched, faults.report()[0].fired), (50, 3));
        faults.clear();
        assert_eq!(faults.report(), []);
    }

    #[test]
    fn a_fault_is_removed_by_its_id() {
        let faults = Faults::default();
        faults.add(vec![Fault::new(Effect::ResetBefore), Fault::new(Effect::ResetAfter)]).unwrap();
        let ids = |faults: &Faults| faults.report().iter().map(|report| report.id).collect::<Vec<_>>();
        assert_eq!(ids(&faults), [1, 2]);
        assert!(faults.remove(2) && !faults.remove(2));
        faults.add(vec![Fault::new(Effect::Duplicate)]).unwrap();
        assert_eq!(ids(&faults), [1, 3], "ids are not reused");
    }

    #[test]
    fn latencies_add_up_and_the_first_other_effect_applies() {
        let faults = Faults::default();
        let status = |status| Fault::new(Effect::status(status));
        let slow = Fault::new(Effect::Latency { milliseconds: 100, jitter_milliseconds: 50 });
        faults.add(vec![slow.clone(), Fault::new(Effect::ResetAfter), status(500), slow]).unwrap();
        let plan = faults.plan(ApiRoute::GetDiscountCoupon, true);
        assert!((200..=300).contains(&plan.latency) && plan.effect == Some(Effect::ResetAfter), "{plan:?}");
        let plan = faults.plan(ApiRoute::GetDiscountCoupon, false);
        assert_eq!(plan.effect, Some(Effect::status(500)), "a request inside a batch has no connection to reset");
        assert_eq!(faults.report()[2].matched, 1);
    }
}
