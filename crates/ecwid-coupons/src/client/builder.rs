//! [`ClientBuilder`], the settings of a client.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::Url;
use zeroize::Zeroizing;

use crate::{
    Attempt, Call, Client, Error, TlsVersion,
    generated::operations,
    text::{
        environment::{read_switch, read_variable},
        input_file::read_certificates,
        redact::{Redactor, hide_tokens},
    },
    transport::{
        Observer, Settings, Transport,
        call::CallObserver,
        connect::{Connection, is_loopback},
        http_clients::HttpClients,
        proxy::ProxyChoice,
        rate_limit::{DOCUMENTED_LIMIT, RateLimiter},
        retry::{Budget, DEFAULT_BUDGET},
        token::{TokenProvider, Tokens},
    },
};

#[cfg(feature = "test-util")]
use crate::transport::http_clients::Responder;

/// The default base URL.
const BASE_URL: &str = "https://app.ecwid.com/api/v3";

impl Client {
    /// Returns a builder for a client of this store. The token is the access token of an app.
    ///
    /// The token can be empty if a [`token_provider`](ClientBuilder::token_provider) is set.
    pub fn builder(store_id: i64, token: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            store_id,
            token: Zeroizing::new(token.into()),
            token_provider: None,
            base_url: BASE_URL.to_owned(),
            allow_http: false,
            http_client: None,
            connection: Connection::default(),
            given: Connection::default(),
            #[cfg(feature = "test-util")]
            responder: None,
            timeout: Duration::from_secs(60),
            deadline: Duration::from_secs(180),
            max_attempts: 4,
            requests_per_minute: DOCUMENTED_LIMIT,
            max_body: 32 * 1024 * 1024,
            allow_unknown: false,
            retry_budget: DEFAULT_BUDGET,
            observer: None,
            call_observer: None,
        }
    }

    /// Creates a client with the settings of the environment: see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

/// The settings of a [`Client`].
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), ecwid_coupons::Error> {
/// use std::time::Duration;
/// use ecwid_coupons::Client;
///
/// let coupons = Client::builder(1003, "secret_token")
///     .user_agent("my-shop/1.0")
///     .header("X-Gateway-Key", "key of the gateway")
///     .connect_timeout(Duration::from_secs(3))
///     .deadline(Duration::from_secs(20))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    store_id: i64,
    token: Zeroizing<String>,
    token_provider: Option<TokenProvider>,
    base_url: String,
    allow_http: bool,
    http_client: Option<reqwest::Client>,
    connection: Connection,
    /// The settings of the connection that `http_client` has.
    given: Connection,
    #[cfg(feature = "test-util")]
    responder: Option<Responder>,
    timeout: Duration,
    deadline: Duration,
    max_attempts: u32,
    requests_per_minute: u32,
    max_body: usize,
    allow_unknown: bool,
    retry_budget: u32,
    observer: Option<Observer>,
    call_observer: Option<CallObserver>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("store_id", &self.store_id)
            .field("base_url", &self.redact(&without_password(&self.base_url)))
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("max_attempts", &self.max_attempts)
            .field("requests_per_minute", &self.requests_per_minute)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Reads the settings from the environment.
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `ECWID_STORE_ID` | The store's id. Required. |
    /// | `ECWID_TOKEN` | The access token. Required. |
    /// | `ECWID_BASE_URL` | [`base_url`](Self::base_url) |
    /// | `ECWID_ALLOW_HTTP` | [`allow_http`](Self::allow_http), as `1` or `0` |
    /// | `ECWID_CA_FILE` | A PEM file for [`add_root_certificates`](Self::add_root_certificates) |
    ///
    /// # Errors
    ///
    /// A variable is missing or invalid. The error names it.
    pub fn from_env() -> Result<Self, Error> {
        let needed = |name: &str, what: &str| {
            read_variable(name)?.ok_or_else(|| Error::configuration(format!("`{name}` is not set (expected {what})")))
        };
        let store_id = needed("ECWID_STORE_ID", "the store's id")?;
        // The value is not shown, because it may be the token.
        let store_id = store_id.parse().map_err(|_| {
            Error::configuration(
                "invalid store id in `ECWID_STORE_ID` (expected a positive integer; the token is `ECWID_TOKEN`)",
            )
        })?;
        let mut builder = Client::builder(store_id, needed("ECWID_TOKEN", "the access token of an app of the store")?);
        if let Some(base_url) = read_variable("ECWID_BASE_URL")? {
            builder = builder.base_url(base_url);
        }
        if let Some(text) = read_variable("ECWID_ALLOW_HTTP")? {
            builder = builder.allow_http(read_switch("ECWID_ALLOW_HTTP", &text)?);
        }
        if let Some(path) = read_variable("ECWID_CA_FILE")? {
            let pem = read_certificates(path.as_ref()).map_err(|error| {
                Error::configuration(format!(
                    "cannot read the file in `ECWID_CA_FILE`: {error} (expected root certificates as PEM)"
                ))
            })?;
            builder = builder.add_root_certificates(pem);
        }
        Ok(builder)
    }

    /// Sets the base URL of the API. Defaults to `https://app.ecwid.com/api/v3`.
    ///
    /// An `http` URL must be on this machine, unless [`allow_http`](Self::allow_http) is set.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Allows an `http` base URL on another machine. Defaults to `false`.
    ///
    /// Everyone on the network path can then read the token and act as the app. If this is not set, the host of an
    /// `http` URL must be `localhost` or a loopback address. A [`proxy`](Self::proxy) must then be on this machine too.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::Client;
    ///
    /// let builder = || Client::builder(1003, "secret_token").base_url("http://gateway.internal/api/v3");
    /// assert!(builder().build().is_err());
    /// assert!(builder().allow_http(true).build().is_ok());
    /// ```
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets whether the client sends enum values that it does not know. Defaults to false.
    ///
    /// By default, a coupon or a filter with an unknown value is refused before anything is sent, because the value is most
    /// likely misspelled. Set this to send a value that is newer than this version. Responses can always have unknown
    /// values.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, coupons| {
    /// use ecwid_coupons::{Client, ErrorKind, types::NewCoupon};
    ///
    /// let coupon = NewCoupon::new("Two for one", "TWO").discount_type("BOGO");
    /// let error = coupons.create(&coupon).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    ///
    /// let builder = Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url());
    /// let coupons = builder.allow_unknown(true).build()?;
    /// // This store does not know the value either.
    /// let error = coupons.create(&coupon).await.unwrap_err();
    /// assert_eq!(error.status(), Some(400));
    /// # Ok(())
    /// # });
    /// ```
    pub fn allow_unknown(mut self, allow: bool) -> Self {
        self.allow_unknown = allow;
        self
    }

    /// Asks this function for a token when the store refuses the current one. Defaults to none.
    ///
    /// The token of [`Client::builder`] is used first. If that token is empty, the function is asked before the first
    /// request. The client keeps the token until the store responds with status 401, or with status 403 and
    /// `INVALID_API_TOKEN` or no code. It then asks the function, and sends the request once more if the token is another
    /// one. This is safe for a create too, because the store did nothing. Concurrent calls ask the function once.
    /// [`max_attempts`](Self::max_attempts) does not prevent this attempt.
    ///
    /// The time of the function counts towards the [deadline](Self::deadline) of the call. If the function fails, the
    /// call fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and the text of its error. The text
    /// is redacted. A call that is dropped drops the future of the function too, and the next call asks again.
    ///
    /// A token that is read from a file may end with a line break: remove it with `trim`. [`from_env`](Self::from_env)
    /// needs a first token in `ECWID_TOKEN`, also with a provider.
    ///
    /// Use [`Client::with_token`] if the program itself knows when the token changes.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, _coupons| {
    /// use ecwid_coupons::Client;
    ///
    /// #[derive(Clone)]
    /// struct Vault;
    ///
    /// impl Vault {
    ///     async fn read(&self, name: &str) -> Result<String, std::io::Error> {
    ///         // Ask a vault, or read a file.
    /// #       let _ = name;
    ///         Ok("secret_sandbox".to_owned())
    ///     }
    /// }
    ///
    /// let vault = Vault;
    /// let coupons = Client::builder(1003, "")
    ///     .token_provider(move || {
    ///         let vault = vault.clone();
    ///         async move { vault.read("ecwid-token").await }
    ///     })
    ///     .base_url(sandbox.base_url())
    ///     .build()?;
    /// assert_eq!(coupons.search().page().await?.total, Some(0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn token_provider<P, F, E>(mut self, provider: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.token_provider = Some(Arc::new(move || {
            let token = provider();
            Box::pin(async { token.await.map_err(Into::into) })
        }));
        self
    }

    /// Uses your own HTTP client, for settings that this builder lacks.
    ///
    /// Create it with [`http_client_builder`](Self::http_client_builder), which has the settings of this builder. An HTTP
    /// client that you create in another way must not follow redirects, because a redirected request may be sent twice.
    /// [`build`](Self::build) refuses settings of the proxy, TLS, the user agent, headers and the connect timeout that
    /// the HTTP client does not have.
    ///
    /// Defaults to an HTTP client for each runtime: see [`Client`](Client#runtimes). Your own HTTP client is used in all
    /// runtimes.
    pub fn http_client(mut self, http_client: reqwest::Client) -> Self {
        self.http_client = Some(http_client);
        self
    }

    /// Returns a builder of an HTTP client with the settings of this builder: the proxy, TLS, the user agent, headers,
    /// the connect timeout, no redirects, and gzip.
    ///
    /// Use it to add settings that this builder lacks, such as DNS or the size of the connection pool. Pass the result to
    /// [`http_client`](Self::http_client). Set [`base_url`](Self::base_url) first, because the proxy depends on it.
    ///
    /// # Errors
    ///
    /// The base URL or a setting of the connection is invalid, or TLS cannot be set up: see [`build`](Self::build).
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, _coupons| {
    /// use ecwid_coupons::Client;
    ///
    /// let mut builder = Client::builder(1003, "secret_sandbox").base_url(sandbox.base_url()).user_agent("my-shop/1.0");
    /// let http_client = builder.http_client_builder()?.pool_max_idle_per_host(4).build()?;
    /// let coupons = builder.http_client(http_client).build()?;
    /// # coupons.search().page().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn http_client_builder(&mut self) -> Result<reqwest::ClientBuilder, Error> {
        let made = check_base_url(self.base_url.trim()).and_then(|url| self.connection.connector(&url));
        let connector = made.map_err(|error| error.redacted(&Redactor::new(&self.token)))?;
        self.given = self.connection.clone();
        Ok(connector.http_client_builder())
    }

    /// Adds the name and version of your program, such as `my-shop/1.0`, in front of the user agent. Defaults to
    /// `ecwid-coupons/` and the version of this crate.
    ///
    /// The text must be printable ASCII.
    pub fn user_agent(mut self, program: impl Into<String>) -> Self {
        self.connection.user_agent = Some(program.into());
        self
    }

    /// Adds a header to every request, for example for a gateway. Defaults to none.
    ///
    /// The value is treated as a secret: it is never shown. [`build`](Self::build) refuses `Authorization`, `User-Agent`
    /// and headers that the client sets itself, such as `Content-Type`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.connection.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the timeout for opening a connection. Defaults to 10 seconds.
    ///
    /// The [timeout](Self::timeout) of the attempt includes this time.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// Lets a function respond to all requests, in place of a store. Defaults to none. Needs the feature `test-util`.
    ///
    /// Retries, pagination, the rate limit and the decoding of responses work as with a store. No connection is opened.
    /// See [`test_util`](crate::test_util) for examples.
    #[cfg(feature = "test-util")]
    pub fn respond_with<B: Into<reqwest::Body>>(
        mut self,
        responder: impl Fn(&reqwest::Request) -> http::Response<B> + Send + Sync + 'static,
    ) -> Self {
        self.responder = Some(Arc::new(move |request: &reqwest::Request| responder(request).into()));
        self
    }

    /// Sends all requests through this proxy, such as `http://proxy.example:3128`.
    ///
    /// The scheme is `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`. Credentials go before the host, as in
    /// `user:password@`.
    ///
    /// Defaults to the proxy of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`), or to that of the system on
    /// macOS and Windows. That default is not used for servers on this machine and for hosts in `NO_PROXY`. `NO_PROXY`
    /// is a list of domains, addresses and networks, each with an optional port: `example.com, *.example.org,
    /// 10.0.0.0/8, host:8080`.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # fn main() -> Result<(), ecwid_coupons::Error> {
    /// use ecwid_coupons::{Client, TlsVersion};
    ///
    /// let company = std::fs::read("company-ca.pem").expect("the certificates of the company's proxy");
    /// let coupons = Client::builder(1003, "secret_token")
    ///     .proxy("http://proxy.example:3128")
    ///     .add_root_certificates(company)
    ///     .min_tls_version(TlsVersion::Tls13)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.connection.proxy = ProxyChoice::Address(address.into());
        self
    }

    /// Uses no proxy and ignores the environment.
    pub fn no_proxy(mut self) -> Self {
        self.connection.proxy = ProxyChoice::Direct;
        self
    }

    /// Trusts these certificates in addition to those of the system. Defaults to none. Each call adds one or more
    /// certificates as PEM.
    ///
    /// Use it for a proxy that decrypts TLS, or for a server with its own certificates.
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.tls.root_certificates.push(pem.into());
        self
    }

    /// Sets the minimum version of TLS. Defaults to TLS 1.2.
    pub fn min_tls_version(mut self, version: TlsVersion) -> Self {
        self.connection.tls.min_version = version;
        self
    }

    /// Sets the timeout of a single attempt, including the response body. Defaults to 60 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the deadline of a whole call with all its attempts and delays. Defaults to 180 seconds.
    ///
    /// Each page of a search is a call. Use [`Client::with_deadline`] to change the deadline of single calls.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the maximum number of times that a request is sent. Defaults to 4. The minimum is 1.
    ///
    /// A response with status 429 is retried until the deadline, whatever this limit is. See [`Client`](Client#retries)
    /// for the requests that are retried.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the maximum number of requests in any 60 seconds, for this client and its clones together. Defaults to 600,
    /// the documented limit of a token. The minimum is 1.
    ///
    /// If several programs use the same token, divide the limit between them. `u32::MAX` disables the limit, for
    /// servers without one.
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = requests.max(1);
        self
    }

    /// Sets the size of the retry budget, which all clones share. Defaults to 20 retries.
    ///
    /// A retry takes 1 from the budget. An empty budget becomes full within a minute, and each successful request
    /// returns a tenth of a retry. While the budget is used up, failed requests are not retried. Retries after a 429
    /// response do not count. 0 disables all other retries, and `u32::MAX` disables the limit.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Calls a function at the end of every call, for metrics. The function must not block.
    ///
    /// It is also called for a call whose future was dropped. See [`Call`] for what is a call.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, _coupons| {
    /// use std::sync::{Arc, Mutex};
    /// use ecwid_coupons::Client;
    ///
    /// let calls = Arc::new(Mutex::new(Vec::new()));
    /// let log = Arc::clone(&calls);
    /// let coupons = Client::builder(1003, "secret_sandbox")
    ///     .base_url(sandbox.base_url())
    ///     .on_call(move |call| log.lock().unwrap().push((call.operation, call.error.map(|error| error.kind()))))
    ///     .build()?;
    /// coupons.search().page().await?;
    /// assert_eq!(*calls.lock().unwrap(), [("search_discount_coupons", None)]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn on_call(mut self, observer: impl Fn(&Call<'_>) + Send + Sync + 'static) -> Self {
        self.call_observer = Some(Arc::new(observer));
        self
    }

    /// Calls a function after every attempt of every call, for metrics. The function must not block.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |sandbox, _coupons| {
    /// use std::sync::{Arc, atomic::{AtomicU32, Ordering}};
    /// use ecwid_coupons::Client;
    ///
    /// let attempts = Arc::new(AtomicU32::new(0));
    /// let count = Arc::clone(&attempts);
    /// let coupons = Client::builder(1003, "secret_sandbox")
    ///     .base_url(sandbox.base_url())
    ///     .on_attempt(move |_| { count.fetch_add(1, Ordering::Relaxed); })
    ///     .build()?;
    /// coupons.search().page().await?;
    /// assert_eq!(attempts.load(Ordering::Relaxed), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub fn on_attempt(mut self, observer: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets the maximum size of a response body after decompression. Defaults to 32 MiB.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// - The store id is not positive, or the token is empty or has characters that a token cannot have.
    /// - The base URL, the proxy, a root certificate, the user agent or a header is invalid. The proxy may be that of the
    ///   environment.
    /// - An HTTP client is set, and it does not have a setting of the connection: see [`http_client`](Self::http_client).
    /// - The token would be sent unencrypted.
    /// - TLS cannot be set up.
    ///
    /// The error has no token and no password.
    pub fn build(self) -> Result<Client, Error> {
        let redactor = Redactor::new(&self.token);
        self.make(redactor.clone()).map_err(|error| error.redacted(&redactor))
    }

    /// Removes the token, and everything that looks like a token, from a text.
    #[doc(hidden)]
    pub fn redact(&self, text: &str) -> String {
        hide_tokens(&Redactor::new(&self.token).redact(text))
    }

    fn make(self, redactor: Redactor) -> Result<Client, Error> {
        let Self { store_id, token, token_provider, base_url, http_client, connection, .. } = self;
        if store_id <= 0 {
            return Err(Error::configuration(format!("invalid store id: `{store_id}` (expected a positive integer)")));
        }
        let url = check_base_url(base_url.trim())?;
        let is_private = connection.is_private(&url);
        // The parsed URL, because paths are appended to it.
        let base_url = url.as_str().trim_end_matches('/');
        let (http_clients, http_client) = match http_client {
            Some(_) if connection != self.given => {
                return Err(Error::configuration(
                    "`http_client` cannot be combined with settings for the proxy, TLS or headers that it does not have",
                )
                .with_hint("create the HTTP client with `ClientBuilder::http_client_builder` after these settings"));
            }
            Some(http_client) => (HttpClients::Given, http_client),
            None => {
                #[cfg(feature = "test-util")]
                let url = if self.responder.is_some() { no_network() } else { url.clone() };
                let connector = connection.connector(&url)?;
                let http_client = connector.http_client()?;
                (HttpClients::of_runtimes(connector), http_client)
            }
        };
        #[cfg(feature = "test-util")]
        let http_clients = self.responder.map_or(http_clients, HttpClients::Responder);
        if !is_private && !self.allow_http {
            return Err(unencrypted(&url));
        }
        let settings = Arc::new(Settings {
            store_id,
            tokens: Arc::new(Tokens::new(&token, token_provider, redactor.clone())?),
            host: hide_tokens(&redactor.redact(&url.origin().ascii_serialization())).into(),
            redactor,
            http_clients,
            timeout: self.timeout,
            deadline: self.deadline,
            max_attempts: self.max_attempts,
            max_body: self.max_body,
            allow_unknown: self.allow_unknown,
            rate_limiter: RateLimiter::new(self.requests_per_minute),
            counts_batch_items: Arc::default(),
            budget: Arc::new(Budget::new(self.retry_budget)),
            observer: self.observer,
            call_observer: self.call_observer,
        });
        let transport = Transport { settings, call: None };
        Ok(Client { api: operations::Operations::new_with_client(base_url, http_client, transport) })
    }
}

/// Returns a base URL for an HTTP client that builds requests and sends none. It needs no certificates of the system.
#[cfg(feature = "test-util")]
fn no_network() -> Url {
    Url::parse("http://localhost").expect("the URL is valid")
}

/// Parses a base URL. A URL with an `@` is in no message, because it may have a password.
fn check_base_url(text: &str) -> Result<Url, Error> {
    let shown = if text.contains('@') { String::new() } else { format!("`{text}`: ") };
    let wrong = |why: &str| {
        Error::configuration(format!("invalid base URL: {shown}{why} (expected a URL such as `{BASE_URL}`)"))
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("it is not an HTTP address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it has a user name or a password, which the store does not use"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it has a query or a fragment"));
    }
    Ok(url)
}

/// The error for a token that would be sent unencrypted.
fn unencrypted(base_url: &Url) -> Error {
    let what = if is_loopback(base_url) { " through a proxy on another machine" } else { "" };
    Error::configuration(format!(
        "the base URL `{}` would send the token unencrypted{what} (expected https)",
        base_url.as_str()
    ))
    .with_hint("use https, or allow http with `allow_http`, or with `ECWID_ALLOW_HTTP=1` if the settings are read from the environment")
}

/// Removes the credentials of a base URL.
fn without_password(base_url: &str) -> String {
    match base_url.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => base_url.to_owned(),
    }
}
