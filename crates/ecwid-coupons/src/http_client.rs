//! The HTTP client that the client makes for itself: its proxy, its TLS, and what it leaves out.

use std::{net::IpAddr, time::Duration};

use reqwest::{ClientBuilder, Proxy, Url};

use crate::{Error, tls::Tls};

/// What a proxy's address may begin with.
const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// How the server is reached.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Connection {
    pub(crate) proxy: ProxyChoice,
    pub(crate) tls: Tls,
}

/// Which proxy requests go through. An address may hold a password, so that it is never shown.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum ProxyChoice {
    /// The one of the environment or the system, if there is one for the host.
    #[default]
    System,
    /// None at all.
    Direct,
    /// The one with this address.
    Address(String),
}

impl Connection {
    /// Makes the HTTP client for this base URL.
    pub(crate) fn http_client(&self, base_url: &Url) -> Result<reqwest::Client, Error> {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("ecwid-coupons/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A redirected write could be done twice, and the store redirects nothing.
            .redirect(reqwest::redirect::Policy::none())
            .gzip(true);
        let builder = self.proxy.apply(builder, base_url)?;
        // A proxy may be reached over TLS where the server is not.
        let direct = self.proxy == ProxyChoice::Direct || self.proxy == ProxyChoice::System && is_loopback(base_url);
        self.tls
            .apply(builder, base_url, direct)?
            .build()
            .map_err(|error| Error::configuration(format!("the HTTP client cannot be set up: {error}")))
    }
}

impl ProxyChoice {
    fn apply(&self, builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
        Ok(match self {
            // A proxy of the environment cannot reach a sandbox on this machine.
            Self::System if is_loopback(base_url) => builder.no_proxy(),
            Self::System => builder,
            Self::Direct => builder.no_proxy(),
            Self::Address(address) => builder.proxy(proxy(address.trim())?),
        })
    }
}

fn proxy(address: &str) -> Result<Proxy, Error> {
    let shown = if address.contains('@') { String::new() } else { format!(" {address:?}") };
    let wrong = |why: &str| {
        Error::configuration(format!("the proxy's address{shown} {why}; it looks like http://proxy.example:3128"))
    };
    let url = Url::parse(address).map_err(|error| wrong(&format!("is not valid ({error})")))?;
    if !PROXY_SCHEMES.contains(&url.scheme()) {
        return Err(wrong(&format!("begins with none of {}", PROXY_SCHEMES.join(", "))));
    }
    if !url.has_host() {
        return Err(wrong("names no host"));
    }
    Proxy::all(url).map_err(|_| wrong("is not valid"))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
