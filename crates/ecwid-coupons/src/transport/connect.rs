//! The HTTP client that the client makes for itself: its proxy, its TLS, and what it leaves out.

use std::{net::IpAddr, time::Duration};

use reqwest::Url;

use crate::{
    Error,
    transport::{proxy::ProxyChoice, tls::Tls},
};

/// How the server is reached.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Connection {
    pub(crate) proxy: ProxyChoice,
    pub(crate) tls: Tls,
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

    /// Whether nobody on the way to the server can read what is sent: it is encrypted, or stays on this machine.
    pub(crate) fn is_private(&self, base_url: &Url) -> bool {
        base_url.scheme() == "https" || is_loopback(base_url) && self.proxy.is_loopback()
    }
}

/// Whether the host is this machine: `localhost`, or an address that is a loopback address in any of its forms.
///
/// A name such as `shop.localhost` is none, because some systems ask the DNS for it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
