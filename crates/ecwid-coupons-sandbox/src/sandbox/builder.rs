//! [`SandboxBuilder`]: how a sandbox is set up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    Config, DEFAULT_STORE_ID, DEFAULT_TOKEN, Error, Fault, Limits, Sandbox, Token, Webhook,
    api::batch::Batches,
    app::App,
    clock::Clock,
    faults::Faults,
    http::{access::Access, rate_limit::RateLimit, request_body::BodyReader, server},
    initial_state::InitialState,
    journal::Journal,
    redaction::Redaction,
    store::Database,
    webhooks::Webhooks,
};

/// The settings of a [`Sandbox`].
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
    /// The token that is there unless told otherwise, and its store.
    first: Token,
    tokens: Vec<Token>,
    address: SocketAddr,
    host_names: Vec<String>,
    database: Option<PathBuf>,
    initial: InitialState,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            first: Token::new(DEFAULT_STORE_ID, DEFAULT_TOKEN),
            tokens: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            host_names: Vec::new(),
            database: None,
            initial: InitialState::default(),
        }
    }

    /// The store to serve: 1003 unless set.
    pub fn store_id(mut self, store_id: i64) -> Self {
        self.first.store_id = store_id;
        self
    }

    /// The token to take: `secret_sandbox` unless set.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.first.token = token.into();
        self
    }

    /// The access scopes of that token: all of [`SCOPES`](crate::SCOPES) unless set.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.first = self.first.scopes(scopes);
        self
    }

    /// One more token, and with it its store.
    pub fn add_token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// How many requests it takes: as many as the vendor documents unless set, which is 600 a minute for a token.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.initial.limits = limits;
        self
    }

    /// Where to tell of created, updated and deleted coupons: nowhere unless set.
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.initial.webhook = Some(webhook);
        self
    }

    /// One more fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.initial.faults.push(fault);
        self
    }

    /// Takes as many requests as come, for tests that send more in a minute than a store would take.
    pub fn unlimited(self) -> Self {
        self.limits(Limits::none())
    }

    /// What stands in a file of settings, beside what is set here.
    pub fn config(mut self, config: Config) -> Self {
        self.tokens.extend(config.tokens);
        let InitialState { contents, limits, webhook, faults } = &mut self.initial;
        *limits = config.limits.unwrap_or(*limits);
        *webhook = config.webhook.or(webhook.take());
        faults.extend(config.faults);
        contents.seed = config.seed.unwrap_or(contents.seed);
        self
    }

    /// The address to listen on: `127.0.0.1` and any free port unless set. One that other machines can reach is refused by
    /// [`Self::start`].
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Takes requests that were sent to this host name too, without a port: one that a proxy or a container forwards to this machine,
    /// for example. Other names than `localhost` and loopback addresses are refused unless they are set here, because a web page can
    /// make its own name point to this machine.
    pub fn host_name(mut self, name: impl Into<String>) -> Self {
        self.host_names.push(name.into());
        self
    }

    /// The file to keep the coupons in, made when it is not there: in memory unless set. Several sandboxes may share one; a file
    /// of another program is refused by [`Self::start`], and stays as it is, as is what is no regular file.
    ///
    /// The path is that of a file whatever it looks like, `:memory:` and `file:a.sqlite?mode=memory` included. Other users of the
    /// machine cannot read a file that is made here, nor those that SQLite keeps beside it.
    pub fn database(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = Some(path.into());
        self
    }

    /// So many coupons at first, of the kind that a store has after some years: campaigns, codes for all and for one customer
    /// each, what is used up and what is over. They are the same ones each time. A store that has coupons already stays as it is.
    pub fn seed(mut self, coupons: u32) -> Self {
        self.initial.contents.seed = coupons;
        self
    }

    /// What is in this file at first: a dump, or coupons as JSON, in an array or one to a line. A store that has coupons already
    /// stays as it is. The file is UTF-8, with or without a byte order mark, and of 1 GiB at most.
    pub fn load(mut self, path: impl Into<PathBuf>) -> Self {
        self.initial.contents.load = Some(path.into());
        self
    }

    /// Starts the sandbox. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// When a setting is not valid, the address cannot be listened on, the database cannot be opened, or the file of coupons cannot be loaded.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let Self { first, tokens, address, host_names, database: file, mut initial } = self;
        let faults = Faults::default();
        faults.add(initial.faults.clone())?;
        let webhooks = Arc::new(Webhooks::new(initial.webhook.clone())?);
        let access = Access::new([first.clone()].into_iter().chain(tokens).collect())?;
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        let path = file.as_ref().map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string());
        let store_id = first.store_id;
        // A file that is busy is waited for.
        let opened = tokio::task::spawn_blocking(move || Database::open(file.as_deref(), store_id)).await;
        let opened = opened.map_err(|error| error.to_string());
        let database = opened.and_then(|opened| opened.map_err(|error| error.to_string()));
        let database = database.map_err(|message| Error::Database { path, message })?;
        initial.contents.stores = access.stores().collect();
        if initial.contents.load.is_some() || initial.contents.seed > 0 {
            let contents = initial.contents.clone();
            let filled = database.write_much(move |transaction| contents.fill_if_empty(transaction)).await;
            filled.map_err(|problem| Error::Load(problem.into_message()))?;
        }
        let listen = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let base_url = format!("http://{}/api/v3", listener.local_addr().map_err(listen)?);

        let redaction = Arc::new(Redaction::new(access.texts()));
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
            host_names,
            batches: Arc::new(Batches::default()),
            body_reader: BodyReader::default(),
            initial_state: initial,
        });
        let (stop, stopping) = watch::channel(false);
        let server = tokio::spawn(server::run(listener, Arc::clone(&app), stopping));
        Ok(Sandbox { app, first, base_url, stop, server: Some(server) })
    }
}
