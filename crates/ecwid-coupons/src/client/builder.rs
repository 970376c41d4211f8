//! [`ClientBuilder`]: how a client is set up.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::HeaderValue;
use reqwest::Url;
use zeroize::Zeroizing;

use crate::{
    Attempt, Client, Error, TlsVersion,
    client::token::token_problem,
    generated::operations,
    text::{
        environment::{read_switch, read_variable},
        input_file::read_certificates,
        redact::{Redactor, hide_tokens},
    },
    transport::{
        Observer, Transport,
        connect::{Connection, is_loopback},
        proxy::ProxyChoice,
        rate_limit::{DOCUMENTED_LIMIT, RateLimiter},
        retry::Budget,
    },
};

/// The vendor's address.
const BASE_URL: &str = "https://app.ecwid.com/api/v3";

impl Client {
    /// Settings for a client of this store, with the access token of an app.
    pub fn builder(store_id: i64, token: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            store_id,
            token: Zeroizing::new(token.into()),
            base_url: BASE_URL.to_owned(),
            allow_http: false,
            http_client: None,
            connection: Connection::default(),
            timeout: Duration::from_secs(60),
            deadline: Duration::from_secs(180),
            max_attempts: 4,
            requests_per_minute: DOCUMENTED_LIMIT,
            max_body: 32 * 1024 * 1024,
            observer: None,
        }
    }

    /// A client with the settings of the environment: see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

/// The settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    store_id: i64,
    token: Zeroizing<String>,
    base_url: String,
    allow_http: bool,
    http_client: Option<reqwest::Client>,
    connection: Connection,
    timeout: Duration,
    deadline: Duration,
    max_attempts: u32,
    requests_per_minute: u32,
    max_body: usize,
    observer: Option<Observer>,
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
    /// Settings for a client of the store `ECWID_STORE_ID` with the token `ECWID_TOKEN`; at `ECWID_BASE_URL`, and with the root
    /// certificates in the file `ECWID_CA_FILE`, where they are set. `ECWID_ALLOW_HTTP` is [`allow_http`](Self::allow_http).
    ///
    /// # Errors
    ///
    /// When a variable is missing or not valid; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let needed = |name: &str, what: &str| {
            read_variable(name)?.ok_or_else(|| Error::configuration(format!("{name} is not set; set it to {what}")))
        };
        let store_id = needed("ECWID_STORE_ID", "the store's id")?;
        // Without what it is, which may be the token in the wrong place.
        let store_id = store_id.parse().map_err(|_| {
            Error::configuration(
                "ECWID_STORE_ID is no store id; set it to a number such as 1003, and the token as ECWID_TOKEN",
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
                    "the file that ECWID_CA_FILE names cannot be read: {error}; set it to the path of root certificates as PEM"
                ))
            })?;
            builder = builder.add_root_certificates(pem);
        }
        Ok(builder)
    }

    /// The address that the store's paths are below: `https://app.ecwid.com/api/v3` unless set.
    ///
    /// An `http` address has to be on this machine, unless [`allow_http`](Self::allow_http) says otherwise.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Allows a base URL with `http` on another machine. Defaults to `false`.
    ///
    /// Everyone on the way to that machine can read the token and act as the app with it. Without this, an `http` address has
    /// to be `localhost` or a loopback address, and so has the proxy that was named for it.
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

    /// An HTTP client of your own, for what cannot be set here.
    ///
    /// One that follows redirects may send a request twice; the client made here follows none. Its proxy and its TLS are its
    /// own affair: [`build`](Self::build) refuses to set them beside it.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let http_client = || sandbox_http_client();
    /// # fn sandbox_http_client() -> reqwest::Client {
    /// #     let _ = rustls::crypto::ring::default_provider().install_default();
    /// #     reqwest::Client::new()
    /// # }
    /// use ecwid_coupons::Client;
    ///
    /// // Made with the addresses, client certificates and pools that you need.
    /// let http_client: reqwest::Client = http_client();
    /// let coupons = Client::builder(1003, "secret_sandbox").http_client(http_client).base_url(sandbox.base_url()).build()?;
    /// # coupons.search().page().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http_client(mut self, http_client: reqwest::Client) -> Self {
        self.http_client = Some(http_client);
        self
    }

    /// The proxy that every request goes through: `http://proxy.example:3128`, with `https`, `socks5` and `socks5h` too, and
    /// with `user:password@` before the host where the proxy asks for them.
    ///
    /// Unless this is called, it is the proxy of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, but not for the
    /// hosts in `NO_PROXY`), or that of the system on macOS and Windows. A server on this machine is reached without that one.
    /// `NO_PROXY` lists domains, addresses and networks, each also with a port: `example.com, *.example.org, 10.0.0.0/8, host:8080`.
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

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.connection.proxy = ProxyChoice::Direct;
        self
    }

    /// Trusts these certificates too, besides the system's: one or more, as PEM. Calling this again adds to them.
    ///
    /// For a proxy that reads what is sent over TLS, or a server with certificates of its own.
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.tls.root_certificates.push(pem.into());
        self
    }

    /// The oldest version of TLS that is spoken: 1.2 unless set.
    pub fn min_tls_version(mut self, version: TlsVersion) -> Self {
        self.connection.tls.min_version = version;
        self
    }

    /// How long one attempt may take, the reading of its answer included: 60 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a whole call may take, with all its attempts and the waits between them: 180 seconds unless set.
    ///
    /// A page of a search is a call; a stream of pages is as many as it has pages. See [`Client::with_deadline`] for calls
    /// that have another.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How often a request is sent at most: 4 times unless set, and once at least.
    ///
    /// A read, an update or a delete is sent again after a failure of the network or the server. A create is sent again only
    /// when the store surely did nothing with it. Refusals for too many requests (429) do not count: they are waited out
    /// until the deadline. All clones of a client share a budget of retries, so that an outage is not multiplied.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// How many requests are sent in any 60 seconds at most, by all clones together: 600 unless set, as the vendor documents
    /// for a token, and one at least.
    ///
    /// Give several programs with the same token a share each: 200 for three of them. `u32::MAX` is no limit, for a server
    /// that has none.
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = requests.max(1);
        self
    }

    /// What is called after every attempt of every call, for metrics. It must not block.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
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
    /// # }
    /// ```
    pub fn on_attempt(mut self, observer: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The most bytes of an answer that are read, after unpacking: 32 MiB unless set.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// When the store id is not positive, the token is empty or has characters that no header may hold, the base URL or the
    /// proxy (named, or of the environment) is no address, the token would be sent unencrypted, a root certificate cannot be read,
    /// or TLS cannot be set up. No token or password is in the error.
    pub fn build(self) -> Result<Client, Error> {
        let redactor = Redactor::new(&self.token);
        self.make(redactor.clone()).map_err(|error| error.redacted(&redactor))
    }

    /// A text about these settings, without the token and without what looks like one.
    #[doc(hidden)]
    pub fn redact(&self, text: &str) -> String {
        hide_tokens(&Redactor::new(&self.token).redact(text))
    }

    fn make(self, redactor: Redactor) -> Result<Client, Error> {
        let Self { store_id, token, base_url, http_client, connection, .. } = self;
        if store_id <= 0 {
            return Err(Error::configuration(format!("{store_id} is no store id; it is a positive number")));
        }
        let url = check_base_url(base_url.trim())?;
        let is_private = connection.is_private(&url);
        // As it was read, not as it was given: paths are put behind it.
        let base_url = url.as_str().trim_end_matches('/');
        let http_client = match http_client {
            Some(_) if connection != Connection::default() => {
                return Err(Error::configuration(
                    "the proxy and TLS cannot be set beside a `reqwest::Client`; set them when you make that client",
                ));
            }
            Some(http_client) => http_client,
            None => connection.http_client(&url)?,
        };
        if !is_private && !self.allow_http {
            return Err(unencrypted(&url));
        }
        let transport = Arc::new(Transport {
            store_id,
            authorization: authorization(&token)?,
            host: hide_tokens(&redactor.redact(&url.origin().ascii_serialization())),
            redactor,
            timeout: self.timeout,
            deadline: self.deadline,
            max_attempts: self.max_attempts,
            max_body: self.max_body,
            rate_limiter: RateLimiter::new(self.requests_per_minute),
            budget: Arc::new(Budget::new()),
            observer: self.observer,
        });
        Ok(Client { api: operations::Operations::new_with_client(base_url, http_client, transport) })
    }
}

/// Reads a base URL; what holds an `@` is in no message, since it may hold a password.
fn check_base_url(text: &str) -> Result<Url, Error> {
    let shown = if text.contains('@') { String::new() } else { format!(" {text:?}") };
    let wrong = |why: &str| Error::configuration(format!("the base URL{shown} {why}; it looks like {BASE_URL}"));
    let url = Url::parse(text).map_err(|error| wrong(&format!("is not valid ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("is no HTTP address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name or a password, and the token alone is what the store takes"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or a fragment"));
    }
    Ok(url)
}

/// A token that others could read on its way.
fn unencrypted(base_url: &Url) -> Error {
    let what = if is_loopback(base_url) { " by a proxy on another machine" } else { "" };
    Error::configuration(format!(
        "the base URL {:?} would send the token unencrypted{what}; use https, or allow http with `allow_http`, the command's \
         `--allow-http`, or ECWID_ALLOW_HTTP=1 where the environment is read",
        base_url.as_str()
    ))
}

/// A base URL as it can be shown.
fn without_password(base_url: &str) -> String {
    match base_url.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => base_url.to_owned(),
    }
}

fn authorization(token: &str) -> Result<HeaderValue, Error> {
    if token.is_empty() {
        return Err(Error::configuration("the token is empty"));
    }
    if let Some(problem) = token_problem(token) {
        return Err(Error::configuration(format!("the token holds {problem} (expected the token alone)")));
    }
    if token.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "the token holds a space, a line break or another character that no token has; check how it was copied or read",
        ));
    }
    // Every copy of the header shares these bytes, which are overwritten with zeros when the last one goes.
    let bytes = Bytes::from_owner(Zeroizing::new(format!("Bearer {token}").into_bytes()));
    let mut header =
        HeaderValue::from_maybe_shared(bytes).map_err(|_| Error::configuration("the token is no header value"))?;
    header.set_sensitive(true);
    Ok(header)
}
