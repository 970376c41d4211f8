//! The HTTP client that is used unless the caller provides one.

use std::{net::IpAddr, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::Url;

use crate::{
    Error,
    transport::{
        proxy::{ProxyChoice, ResolvedProxy},
        tls::{Tls, TlsConfig},
    },
};

/// The default user agent.
const USER_AGENT: &str = concat!("ecwid-coupons/", env!("CARGO_PKG_VERSION"));

/// The headers that the client or the HTTP library sets, and the setting to use instead, if there is one.
const RESERVED_HEADERS: [(HeaderName, &str); 16] = [
    (header::AUTHORIZATION, "pass the token to `Client::builder`"),
    (header::USER_AGENT, "use `ClientBuilder::user_agent`"),
    (header::PROXY_AUTHORIZATION, "set the credentials in the address of the proxy"),
    (HeaderName::from_static("x-ecwid-api-request-id"), ""),
    (header::ACCEPT, ""),
    (header::ACCEPT_ENCODING, ""),
    (header::CACHE_CONTROL, ""),
    (header::CONNECTION, ""),
    (header::CONTENT_ENCODING, ""),
    (header::CONTENT_LENGTH, ""),
    (header::CONTENT_TYPE, ""),
    (header::EXPECT, ""),
    (header::HOST, ""),
    (header::TE, ""),
    (header::TRANSFER_ENCODING, ""),
    (header::UPGRADE, ""),
];

/// The settings of the connection.
#[derive(Clone, PartialEq)]
pub(crate) struct Connection {
    pub(crate) proxy: ProxyChoice,
    pub(crate) tls: Tls,
    /// What precedes the default user agent.
    pub(crate) user_agent: Option<String>,
    /// The names and values of further headers.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) connect_timeout: Duration,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            proxy: ProxyChoice::default(),
            tls: Tls::default(),
            user_agent: None,
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
        }
    }
}

/// The checked settings of the connections to a server.
#[derive(Clone)]
pub(crate) struct Connector {
    proxy: ResolvedProxy,
    tls: TlsConfig,
    user_agent: HeaderValue,
    headers: HeaderMap,
    connect_timeout: Duration,
}

impl Connection {
    /// Checks the settings, and sets up TLS for a base URL.
    pub(crate) fn connector(&self, base_url: &Url) -> Result<Connector, Error> {
        // A proxy may use TLS although the server does not.
        let direct = self.proxy == ProxyChoice::Direct || self.proxy == ProxyChoice::System && is_loopback(base_url);
        Ok(Connector {
            user_agent: user_agent(self.user_agent.as_deref())?,
            headers: self.headers.iter().map(|(name, value)| header(name, value)).collect::<Result<_, _>>()?,
            proxy: self.proxy.resolve(base_url)?,
            tls: self.tls.set_up(base_url, direct)?,
            connect_timeout: self.connect_timeout,
        })
    }

    /// Whether nobody on the network can read the requests: they are encrypted, or stay on this machine.
    pub(crate) fn is_private(&self, base_url: &Url) -> bool {
        base_url.scheme() == "https" || is_loopback(base_url) && self.proxy.is_loopback()
    }
}

impl Connector {
    /// Returns a builder of an HTTP client with the settings.
    pub(crate) fn http_client_builder(&self) -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder()
            .user_agent(self.user_agent.clone())
            .default_headers(self.headers.clone())
            .connect_timeout(self.connect_timeout)
            // A redirected write could be done twice, and the store does not redirect.
            .redirect(reqwest::redirect::Policy::none())
            .gzip(true);
        self.tls.apply(self.proxy.apply(builder))
    }

    /// Creates an HTTP client with the settings.
    pub(crate) fn http_client(&self) -> Result<reqwest::Client, Error> {
        self.http_client_builder()
            .build()
            .map_err(|error| Error::configuration(format!("cannot set up the HTTP client: {error}")))
    }
}

fn user_agent(own: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(own) = own else { return Ok(HeaderValue::from_static(USER_AGENT)) };
    let text = own.trim();
    if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Error::configuration(format!(
            "invalid user agent: `{text}` (expected printable ASCII characters such as `my-shop/1.0`)"
        )));
    }
    HeaderValue::try_from(format!("{text} {USER_AGENT}"))
        .map_err(|error| Error::configuration(format!("invalid user agent: {error}")))
}

/// Checks a header. Its value is in no message, because it may be secret.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let parsed = HeaderName::try_from(name.trim()).map_err(|_| {
        Error::configuration(format!("invalid header name: `{name}` (expected a name such as `X-Gateway-Key`)"))
    })?;
    if let Some((_, instead)) = RESERVED_HEADERS.iter().find(|(reserved, _)| *reserved == parsed) {
        let error = Error::configuration(format!("invalid header: the client sets `{parsed}` itself"));
        return Err(if instead.is_empty() { error } else { error.with_hint(*instead) });
    }
    let mut value = HeaderValue::try_from(value.trim()).map_err(|_| {
        Error::configuration(format!(
            "invalid value of the header `{parsed}`: it has a line break or a control character"
        ))
    })?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

/// Whether the host is this machine: `localhost`, or any form of a loopback address.
///
/// A name such as `shop.localhost` is not, because some systems look it up with DNS.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
