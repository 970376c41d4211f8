//! [`SandboxBuilder`]: the settings of a sandbox.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
};

use tokio::{
    net::TcpListener,
    runtime::Builder,
    sync::{oneshot, watch},
};

use crate::{
    BatchSettings, ChangeSettings, Config, DEFAULT_STORE_ID, DEFAULT_TOKEN, Error, Fault, Limits, Sandbox,
    StoreSettings, Token, Webhook,
    api::batch::Batches,
    app::App,
    clock::Clock,
    faults::Faults,
    http::problem::Problem,
    http::{access::Access, rate_limit::RateLimit, request_body::BodyReader, server},
    initial_state::InitialState,
    journal::Journal,
    redaction::Redaction,
    store::Database,
    webhooks::Webhooks,
};

/// The settings of a [`Sandbox`].
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Effect, Fault, Sandbox, Token};
/// let sandbox = Sandbox::builder()
///     .store_id(77)
///     .token("secret_of_77")
///     .add_token(Token::new(77, "secret_reader").scopes(["read_discount_coupons"]))
///     .seed(50)
///     .fault(Fault::new(Effect::status(503)).on(["delete_discount_coupon"]))
///     .unlimited()
///     .start()
///     .await?;
/// let reader = sandbox.client_with("secret_reader")?;
/// assert_eq!(reader.search().page().await?.total, Some(50));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SandboxBuilder {
    /// The first token and its store.
    first: Token,
    tokens: Vec<Token>,
    /// The number of generated coupons of the first store.
    seed: Option<u32>,
    address: SocketAddr,
    allowed_hosts: Vec<String>,
    database: Option<PathBuf>,
    batches: BatchSettings,
    changes: ChangeSettings,
    initial: InitialState,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            first: Token::new(DEFAULT_STORE_ID, DEFAULT_TOKEN),
            tokens: Vec::new(),
            seed: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            allowed_hosts: Vec::new(),
            database: None,
            batches: BatchSettings::default(),
            changes: ChangeSettings::default(),
            initial: InitialState::default(),
        }
    }

    /// Sets the id of the first store. Defaults to 1003.
    pub fn store_id(mut self, store_id: i64) -> Self {
        self.first.store_id = store_id;
        self
    }

    /// Sets the first token. Defaults to `secret_sandbox`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.first.token = token.into();
        self
    }

    /// Sets the access scopes of the first token. Defaults to all of [`SCOPES`](crate::SCOPES).
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.first = self.first.scopes(scopes);
        self
    }

    /// Adds a token. Its store is created if it does not exist.
    pub fn add_token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Sets the rate limits. Defaults to the documented limits: 600 requests per minute and token.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.initial.limits = limits;
        self
    }

    /// Sets how batches are treated, as far as Ecwid does not document it.
    pub fn batches(mut self, batches: BatchSettings) -> Self {
        self.batches = batches;
        self
    }

    /// Sets what changes the `updateDate` of a coupon, as far as Ecwid does not document it.
    pub fn changes(mut self, changes: ChangeSettings) -> Self {
        self.changes = changes;
        self
    }

    /// Sets the URL that receives events about created, updated and deleted coupons. Defaults to none.
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.initial.webhook = Some(webhook);
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.initial.faults.push(fault);
        self
    }

    /// Disables the rate limits, for tests that send more requests than a store would accept.
    pub fn unlimited(self) -> Self {
        self.limits(Limits::none())
    }

    /// Adds the settings of a file.
    pub fn config(mut self, config: Config) -> Self {
        for StoreSettings { store_id, token, seed } in config.stores {
            self.tokens.extend(token.map(|token| Token::new(store_id, token)));
            self = self.seed_store(store_id, seed);
        }
        self.tokens.extend(config.tokens);
        let InitialState { limits, webhook, faults, .. } = &mut self.initial;
        *limits = config.limits.unwrap_or(*limits);
        *webhook = config.webhook.or(webhook.take());
        self.batches = config.batches.unwrap_or(self.batches);
        self.changes = config.changes.unwrap_or(self.changes);
        faults.extend(config.faults);
        self.seed = config.seed.or(self.seed);
        self
    }

    /// Sets the address to listen on. Defaults to a free port of `127.0.0.1`.
    ///
    /// Other machines can reach any address that is not a loopback address. The control API needs no token, so they can
    /// read and change everything in the sandbox. Requests to this address are accepted; other names need
    /// [`Self::allow_host`].
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Accepts requests to this host name or address, given without a port, such as the name of a container. Other names
    /// than `localhost`, loopback addresses and the address of [`Self::address`] are refused by default, because a web
    /// page can make its own name resolve to this machine.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Stores the coupons in this file, which is created if it does not exist. Defaults to memory. Several sandboxes
    /// can share a file.
    ///
    /// [`Self::start`] refuses paths that are not regular files, files of other programs, and files with another
    /// version of the schema. It does not change them. To carry the data of an older file over, write a dump
    /// with the old version, and load it with the new one.
    ///
    /// The path always names a file, even `:memory:` and `file:a.sqlite?mode=memory`. Other users of the machine cannot
    /// read a file that is created here, nor the files that SQLite adds to it.
    pub fn database(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = Some(path.into());
        self
    }

    /// Fills the first store with this many generated coupons if it is empty. Defaults to 0. They resemble the coupons
    /// of a store after some years: campaigns, shared and single-use codes, used and expired coupons. The data is
    /// deterministic.
    pub fn seed(mut self, coupons: u32) -> Self {
        self.seed = Some(coupons);
        self
    }

    /// Fills a store with this many generated coupons if it is empty, like [`Self::seed`]. Stores other than the first one
    /// have coupons of their own: their dates, amounts and single-use codes depend on the id of the store. The store
    /// needs a token: see [`Self::add_token`]. For the first store, [`Self::seed`] takes precedence.
    pub fn seed_store(mut self, store_id: i64, coupons: u32) -> Self {
        self.initial.contents.seeds.insert(store_id, coupons);
        self
    }

    /// Loads this file if the first store is empty: a dump, or coupons as a JSON array or JSON Lines. The file is
    /// UTF-8, with or without a byte order mark, and at most 1 GiB.
    pub fn load(mut self, path: impl Into<PathBuf>) -> Self {
        self.initial.contents.load = Some(path.into());
        self
    }

    /// Starts the sandbox. It accepts requests when this function returns.
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is not valid, the address or the database cannot be opened, or the file of coupons
    /// cannot be loaded.
    ///
    /// # Panics
    ///
    /// Panics outside of a Tokio runtime.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let (sandbox, server) = self.prepare().await?;
        tokio::spawn(server);
        Ok(sandbox)
    }

    /// Starts the sandbox on a thread of its own: see [`Sandbox::spawn`]. It accepts requests when this function returns.
    ///
    /// # Errors
    ///
    /// Returns an error for the reasons of [`Self::start`], or [`Error::Thread`] if the system cannot create a thread.
    pub fn spawn(self) -> Result<Sandbox, Error> {
        let (sender, started) = mpsc::sync_channel(1);
        let run = move || {
            let runtime = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return sender.send(Err(Error::Thread(error))),
            };
            runtime.block_on(async {
                let (sandbox, server) = match self.prepare().await {
                    Ok(prepared) => prepared,
                    Err(error) => return sender.send(Err(error)),
                };
                sender.send(Ok(sandbox))?;
                server.await;
                Ok(())
            })
        };
        thread::Builder::new().name("ecwid-sandbox".to_owned()).spawn(run).map_err(Error::Thread)?;
        started.recv().unwrap_or_else(|_| Err(Error::Thread(io::Error::other("it panicked"))))
    }

    /// Returns the sandbox, and the future that serves its requests.
    async fn prepare(self) -> Result<(Sandbox, impl Future<Output = ()> + Send + 'static), Error> {
        let Self { first, tokens, seed, address, mut allowed_hosts, database: file, batches, changes, mut initial } =
            self;
        let faults = Faults::default();
        faults.add(initial.faults.clone())?;
        let webhooks = Arc::new(Webhooks::new(initial.webhook.clone())?);
        let access = Access::new([first.clone()].into_iter().chain(tokens).collect())?;
        let contents = &mut initial.contents;
        contents.stores = access.stores();
        contents.seeds.extend(seed.map(|coupons| (first.store_id, coupons)));
        if let Some(store_id) = contents.seeds.keys().find(|store_id| !contents.stores.contains(store_id)) {
            return Err(Error::Setting(format!("no token for the store {store_id} (expected a token for each store)")));
        }
        contents.seeds.retain(|_, coupons| *coupons > 0);
        let path = file.as_ref().map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string());
        let store_id = first.store_id;
        // Opening waits for a file that is busy.
        let opened = tokio::task::spawn_blocking(move || Database::open(file.as_deref(), store_id, changes)).await;
        let opened = opened.map_err(|error| error.to_string());
        let database = opened.and_then(|opened| opened.map_err(|error| error.to_string()));
        let database = database.map_err(|message| Error::Database { path, message })?;
        if !initial.contents.is_empty() {
            let contents = initial.contents.clone();
            let filled = database.write_much(move |transaction| contents.fill(transaction));
            filled.await.map_err(Problem::into_load_error)?;
        }
        let listen = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let mut reachable = listener.local_addr().map_err(listen)?;
        if reachable.ip().is_unspecified() {
            // It listens on all addresses of this machine, and a request cannot be sent to the unspecified one.
            reachable.set_ip(if reachable.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        allowed_hosts.push(reachable.ip().to_string());
        let base_url = format!("http://{reachable}/api/v3");

        let redaction = Arc::new(Redaction::new(access.initial_texts()));
        let journal = Journal::new(Arc::clone(&redaction));
        let app = Arc::new(App {
            access,
            first_store: first.store_id,
            database,
            clock: Clock::default(),
            webhooks,
            rate_limit: RateLimit::new(initial.limits),
            faults,
            journal,
            redaction,
            allowed_hosts,
            batches: Arc::new(Batches::new(batches)),
            body_reader: BodyReader::default(),
            initial_state: initial,
        });
        let (stop, stopping) = watch::channel(false);
        let (running, stopped) = oneshot::channel();
        let serve = server::run(listener, Arc::clone(&app), stopping);
        let server = async move {
            serve.await;
            drop(running);
        };
        Ok((Sandbox { app, first, base_url, stop, stopped: Some(stopped) }, server))
    }
}
