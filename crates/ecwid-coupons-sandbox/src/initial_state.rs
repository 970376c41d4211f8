//! [`InitialState`]: the state that a sandbox starts with, and returns to after a reset.

use std::{collections::BTreeSet, path::PathBuf};

use ecwid_coupons::__private::input_file;

use crate::{Fault, Limits, Webhook, http::problem::Problem, rule::Rule, seed, store::StoreTransaction};

/// The state that a sandbox starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct InitialState {
    pub(crate) contents: Contents,
    pub(crate) limits: Limits,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) faults: Vec<Fault>,
}

/// The initial contents of the stores.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// The ids of all stores.
    pub(crate) stores: BTreeSet<i64>,
    /// The path of a dump or a file of coupons.
    pub(crate) load: Option<PathBuf>,
    /// The number of coupons to generate.
    pub(crate) seed: u32,
}

impl Contents {
    /// Loads the file, and inserts the generated coupons.
    pub(crate) fn fill(&self, transaction: &StoreTransaction<'_>) -> Result<(), Problem> {
        if let Some(path) = &self.load {
            let file = input_file::open(path).map_err(|error| Problem::source(error.to_string()).in_file(path))?;
            transaction.load(file, &self.stores).map_err(|problem| problem.in_file(path))?;
        }
        if self.seed > 0 {
            Rule::SeedsAreTheSame.trace();
            seed::coupons(self.seed).try_for_each(|coupon| transaction.insert(coupon).map(drop))?;
        }
        Ok(())
    }
}
