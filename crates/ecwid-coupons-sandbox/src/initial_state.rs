//! [`InitialState`]: what a sandbox starts with, and returns to when it is reset.

use std::{collections::BTreeSet, path::PathBuf};

use ecwid_coupons::__private::input_file;

use crate::{Fault, Limits, Webhook, http::problem::Problem, rule::Rule, seed, store::StoreTransaction};

/// What a sandbox starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct InitialState {
    pub(crate) contents: Contents,
    pub(crate) limits: Limits,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) faults: Vec<Fault>,
}

/// What is in the stores at first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// All stores.
    pub(crate) stores: BTreeSet<i64>,
    /// A file of coupons.
    pub(crate) load: Option<PathBuf>,
    /// How many coupons to generate.
    pub(crate) seed: u32,
}

impl Contents {
    /// Fills a store that has no coupons, and leaves any other as it is.
    pub(crate) fn fill_if_empty(&self, transaction: &StoreTransaction<'_>) -> Result<(), Problem> {
        if transaction.len()? == 0 { self.fill(transaction) } else { Ok(()) }
    }

    /// Inserts the coupons of the file and those of the seed.
    pub(crate) fn fill(&self, transaction: &StoreTransaction<'_>) -> Result<(), Problem> {
        if let Some(path) = &self.load {
            let failed = |why: String| Problem::wrong_parameter(format!("{}: {why}", path.display()));
            let file = input_file::open(path).map_err(|error| failed(error.to_string()))?;
            transaction.load(file, &self.stores).map_err(|problem| failed(problem.into_message()))?;
        }
        if self.seed > 0 {
            Rule::SeedsAreTheSame.trace();
            seed::coupons(self.seed).try_for_each(|coupon| transaction.insert(coupon).map(drop))?;
        }
        Ok(())
    }
}
