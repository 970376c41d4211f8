//! [`Beginning`]: what a sandbox starts with, and how it gets back to that.

use std::{collections::BTreeSet, path::PathBuf};

use ecwid_coupons::__private::input_file;

use crate::{Error, Fault, Limits, Webhook, fidelity::Rule, problem::Problem, seed, server::App, store::Coupons};

/// What a sandbox starts with.
pub(crate) struct Beginning {
    pub(crate) contents: Contents,
    pub(crate) limits: Limits,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) faults: Vec<Fault>,
}

/// What is in the stores of a sandbox at first.
#[derive(Clone, Default)]
pub(crate) struct Contents {
    /// The stores that there are.
    pub(crate) stores: BTreeSet<i64>,
    /// A file of coupons.
    pub(crate) load: Option<PathBuf>,
    /// How many coupons of the kind that a store has.
    pub(crate) seed: u32,
}

impl Contents {
    /// Fills a store that has no coupons; one that has stays as it is.
    pub(crate) fn fill_if_empty(&self, coupons: &Coupons<'_>) -> Result<(), Problem> {
        if coupons.is_empty()? { self.fill(coupons) } else { Ok(()) }
    }

    fn fill(&self, coupons: &Coupons<'_>) -> Result<(), Problem> {
        if let Some(path) = &self.load {
            let failed = |why: String| Problem::wrong_parameter(format!("{}: {why}", path.display()));
            let file = input_file::open(path).map_err(|error| failed(error.to_string()))?;
            coupons.load(file, &self.stores).map_err(|problem| failed(problem.into_message()))?;
        }
        if self.seed > 0 {
            Rule::SeedsAreTheSame.trace();
            seed::coupons(self.seed).try_for_each(|coupon| coupons.insert(coupon).map(drop))?;
        }
        Ok(())
    }
}

/// Takes a sandbox back to what it started with. Batches that run are ended, and events that wait are not sent.
pub(crate) async fn reset(app: &App) -> Result<(), Error> {
    let Beginning { contents, limits, webhook, faults } = &app.beginning;
    app.batches.stop().await;
    app.batches.forget();
    app.webhooks.stop().await;
    let contents = contents.clone();
    let emptied = app.store.of(app.first_store).empty(move |coupons| contents.fill(coupons)).await;
    // What can fail comes before what cannot, but a file that cannot be loaded any more leaves the rest as new all the same.
    app.clock.reset();
    app.rate_limit.set(*limits);
    app.faults.clear();
    app.faults.add(faults.clone())?;
    app.webhooks.forget();
    app.webhooks.set(webhook.clone())?;
    app.journal.forget();
    emptied.map_err(|problem| Error::Load(problem.into_message()))
}
