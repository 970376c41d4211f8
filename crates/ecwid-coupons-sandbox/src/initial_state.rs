//! [`InitialState`]: the state that a sandbox starts with, and returns to after a reset.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

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
    /// The number of coupons to generate in each store, by the id of the store.
    pub(crate) seeds: BTreeMap<i64, u32>,
}

impl Contents {
    /// Returns whether all stores are empty at first.
    pub(crate) fn is_empty(&self) -> bool {
        self.load.is_none() && self.seeds.is_empty()
    }

    /// Loads the file if the store of the transaction is empty, and inserts generated coupons into the stores that are
    /// empty.
    pub(crate) fn fill(&self, transaction: &StoreTransaction<'_>) -> Result<(), Problem> {
        // The file can have coupons of all stores, so the empty ones are found first.
        let mut seeds = Vec::new();
        for (store_id, count) in &self.seeds {
            if transaction.in_store(*store_id, |store| store.len())? == 0 {
                seeds.push((*store_id, *count));
            }
        }
        if let Some(path) = &self.load
            && transaction.len()? == 0
        {
            let file = input_file::open(path).map_err(|error| Problem::source(error.to_string()).in_file(path))?;
            transaction.load(file, &self.stores).map_err(|problem| problem.in_file(path))?;
        }
        for (store_id, count) in seeds {
            Rule::SeedsAreTheSame.trace();
            // The coupons of the first store do not depend on its id.
            let salt = if store_id == transaction.store_id() { 0 } else { store_id.unsigned_abs() };
            transaction.in_store(store_id, |store| {
                seed::coupons(count, salt).try_for_each(|coupon| store.insert(coupon).map(drop))
            })?;
        }
        Ok(())
    }
}
