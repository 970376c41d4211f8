//! [`App`]: the state that all requests share.

use std::{io::BufRead, sync::Arc, time::Duration};

use crate::{
    Error, Token,
    api::{batch::Batches, store_context::StoreContext},
    checkout::{self, Order, PlacedOrder},
    clock::Clock,
    faults::Faults,
    http::{access::Access, problem::Problem, rate_limit::RateLimit, request_body::BodyReader},
    initial_state::InitialState,
    journal::Journal,
    redaction::Redaction,
    store::{Database, Dump},
    webhooks::Webhooks,
};

/// The state that all requests share.
pub(crate) struct App {
    pub(crate) access: Access,
    /// The store of the first token.
    pub(crate) first_store: i64,
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) rate_limit: RateLimit,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) redaction: Arc<Redaction>,
    /// The accepted host names besides localhost and loopback addresses.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) batches: Arc<Batches>,
    pub(crate) initial_state: InitialState,
    pub(crate) body_reader: BodyReader,
}

impl App {
    /// Returns a store. If `lag` is set, its reads return the state of that long ago.
    pub(crate) fn store(&self, store_id: i64, lag: Option<Duration>) -> StoreContext {
        StoreContext {
            database: self.database.for_store(store_id).with_lag(lag),
            clock: self.clock.clone(),
            webhooks: Arc::clone(&self.webhooks),
        }
    }

    /// Adds a token. Its store is created if it does not exist.
    pub(crate) fn add_token(&self, token: Token) -> Result<(), Error> {
        let text = token.token.clone();
        self.access.add(token)?;
        self.redaction.add(&text);
        Ok(())
    }

    /// Places an order in its store. Defaults to the first store.
    pub(crate) async fn place_order(&self, order: Order) -> Result<PlacedOrder, Problem> {
        let store_id = order.store_id.unwrap_or(self.first_store);
        if !self.access.has_store(store_id) {
            return Err(Problem::store_not_found(store_id));
        }
        checkout::place(&self.store(store_id, None), order).await
    }

    /// Starts a dump of all stores.
    pub(crate) fn dump(&self) -> Dump {
        Dump::begin(self.access.stores().into_iter().map(|store_id| self.database.for_store(store_id)).collect())
    }

    /// Loads a dump, or loads coupons into the first store.
    pub(crate) async fn load(&self, source: impl BufRead + Send + 'static) -> Result<(), Problem> {
        let stores = self.access.stores();
        let database = self.database.for_store(self.first_store);
        database.write_much(move |transaction| transaction.load(source, &stores)).await
    }

    /// Returns to the initial state. Running batches are stopped, and pending events are not sent.
    pub(crate) async fn reset(&self) -> Result<(), Error> {
        let InitialState { contents, limits, webhook, faults } = &self.initial_state;
        self.batches.stop().await;
        self.batches.clear();
        self.webhooks.stop().await;
        let contents = contents.clone();
        let database = self.database.for_store(self.first_store);
        let emptied = database.empty(move |transaction| contents.fill(transaction)).await;
        self.access.reset();
        // The database is emptied first, because loading the file can fail. The rest is reset even then.
        self.clock.reset();
        self.rate_limit.set(*limits);
        self.faults.clear();
        self.faults.add(faults.clone())?;
        self.webhooks.clear();
        self.webhooks.set(webhook.clone())?;
        self.journal.clear();
        emptied.map_err(Problem::into_load_error)
    }
}
