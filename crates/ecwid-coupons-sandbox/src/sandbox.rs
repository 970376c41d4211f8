//! [`Sandbox`]: a running sandbox, and how one is set up.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use ecwid_coupons::{Client, types::Coupon};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    DEFAULT_STORE_ID, DEFAULT_TOKEN, Exchange, SCOPES,
    access::Access,
    batch::Batches,
    journal::Journal,
    server::{self, App},
    store::Store,
};

/// Why a sandbox could not be started or filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is taken or may not be used.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for any that is free")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The address can be reached from other machines.
    #[error("{0} is no loopback address; a sandbox serves this machine alone")]
    NotLoopback(SocketAddr),
    /// The database cannot be opened.
    #[error(
        "cannot open the database {path}: {message}; name a new file, or one of a sandbox, in a folder that can be written to"
    )]
    Database {
        /// The file, or `:memory:`.
        path: String,
        /// What SQLite said.
        message: String,
    },
    /// A setting is not valid.
    #[error("{0}")]
    Setting(String),
    /// A coupon cannot be put in.
    #[error("cannot put a coupon in: {0}")]
    Load(String),
}

/// A running sandbox. Dropping it stops it in the background, as [`Sandbox::stop`] does.
pub struct Sandbox {
    app: Arc<App>,
    base_url: String,
    stop: watch::Sender<bool>,
    /// Nothing once it has been waited for.
    server: Option<JoinHandle<()>>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .field("store_id", &self.store_id())
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox in memory on a free port of this machine. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// When no port can be listened on.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Settings for a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            store_id: DEFAULT_STORE_ID,
            token: DEFAULT_TOKEN.to_owned(),
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            database: None,
        }
    }

    /// The address for a client, such as `http://127.0.0.1:8025/api/v3`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The store it serves.
    pub fn store_id(&self) -> i64 {
        self.app.access.store_id
    }

    /// The token it takes.
    pub fn token(&self) -> &str {
        &self.app.access.token
    }

    /// A client of its store, which sends as many requests as it is asked to: the sandbox has no limit of them.
    ///
    /// # Errors
    ///
    /// When its token is one that no client takes.
    pub fn client(&self) -> Result<Client, ecwid_coupons::Error> {
        let builder = Client::builder(self.store_id(), self.token()).base_url(self.base_url());
        builder.requests_per_minute(u32::MAX).build()
    }

    /// Puts coupons in as they are, their ids and dates included; one without an id gets one. All are put in, or none.
    ///
    /// # Errors
    ///
    /// When a coupon has no code, or one or an id that is taken.
    pub async fn load(&self, coupons: impl IntoIterator<Item = Coupon>) -> Result<(), Error> {
        let coupons: Vec<_> = coupons.into_iter().collect();
        if let Some(coupon) = coupons.iter().find(|coupon| coupon.code.as_deref().is_none_or(str::is_empty)) {
            return Err(Error::Load(format!("it has no code (its id: {:?})", coupon.id)));
        }
        let done =
            self.app.store.write(move |store| coupons.iter().try_for_each(|coupon| store.insert(coupon).map(drop)));
        done.await.map_err(|problem| Error::Load(problem.into_message()))
    }

    /// The last requests and answers, a thousand and 4 MiB at most, the oldest first. A request stands here once it is answered.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.app.journal.all()
    }

    /// Waits until the sandbox has stopped.
    pub async fn stopped(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.await;
            self.server = None;
        }
    }

    /// Takes no more requests, answers those under way within two seconds, and stops.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        self.stopped().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Ending the task instead would leave the connections that are open.
        let _ = self.stop.send(true);
    }
}

/// The settings of a [`Sandbox`].
#[derive(Clone)]
#[must_use]
pub struct SandboxBuilder {
    store_id: i64,
    token: String,
    scopes: Vec<String>,
    address: SocketAddr,
    database: Option<PathBuf>,
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("store_id", &self.store_id)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl SandboxBuilder {
    /// The store to serve: 1003 unless set.
    pub fn store_id(mut self, store_id: i64) -> Self {
        self.store_id = store_id;
        self
    }

    /// The token to take: `secret_sandbox` unless set.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// The access scopes of the token: all of [`SCOPES`] unless set.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The address to listen on, of this machine alone: `127.0.0.1` and any free port unless set.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The file to keep the coupons in, made when it is not there: in memory unless set.
    pub fn database(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = Some(path.into());
        self
    }

    /// Starts the sandbox. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// When a setting is not valid, the address cannot be listened on, or the database cannot be opened.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let Self { store_id, token, scopes, address, database } = self;
        if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(Error::Setting(format!(
                "there is no access scope {unknown:?}; there are {}",
                SCOPES.join(", ")
            )));
        }
        if store_id <= 0 {
            return Err(Error::Setting(format!("{store_id} is no store id; it is a positive number")));
        }
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Setting(
                "a token is of letters, digits and signs without spaces, and not empty".to_owned(),
            ));
        }
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        let path = database.as_ref().map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string());
        let failed = |message| Error::Database { path, message };
        // A file that is busy is waited for.
        let opened = tokio::task::spawn_blocking(move || Store::open(database.as_deref())).await;
        let store = match opened {
            Ok(Ok(store)) => store,
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(error) => return Err(failed(error.to_string())),
        };
        let listen = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let base_url = format!("http://{}/api/v3", listener.local_addr().map_err(listen)?);

        let access = Access { store_id, token, scopes: scopes.into_iter().collect() };
        let app = Arc::new(App { access, store, journal: Journal::default(), batches: Arc::new(Batches::default()) });
        let (stop, stopping) = watch::channel(false);
        let server = tokio::spawn(server::run(listener, Arc::clone(&app), stopping));
        Ok(Sandbox { app, base_url, stop, server: Some(server) })
    }
}
