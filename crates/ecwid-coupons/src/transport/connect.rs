//! The HTTP client that is used unless the caller provides one.

use std::{net::IpAddr, time::Duration};

use reqwest::Url;

use crate::{
    Error,
    transport::{proxy::ProxyChoice, tls::Tls},
};

/// The settings of the connection.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Connection {
    pub(crate) proxy: ProxyChoice,
    pub(crate) tls: Tls,
}

impl Connection {
    /// Creates the HTTP client for a base URL.
    pub(crate) fn http_client(&self, base_url: &Url) -> Result<reqwest::Client, Error> {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("ecwid-coupons/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A redirected write could be done twice, and the store does not redirect.
            .redirect(reqwest::redirect::Policy::none())
            .gzip(true);
        let builder = self.proxy.apply(builder, base_url)?;
        // A proxy may use TLS although the server does not.
        let direct = self.proxy == ProxyChoice::Direct || self.proxy == ProxyChoice::System && is_loopback(base_url);
        self.tls
            .apply(builder, base_url, direct)?
            .build()
            .map_err(|error| Error::configuration(format!("cannot set up the HTTP client: {error}")))
    }

    /// Whether nobody on the network can read the requests: they are encrypted, or stay on this machine.
    pub(crate) fn is_private(&self, base_url: &Url) -> bool {
        base_url.scheme() == "https" || is_loopback(base_url) && self.proxy.is_loopback()
    }
}

/// Whether the host is this machine: `localhost`, or any form of a loopback address.
///
/// A name such as `shop.localhost` is not, because some systems look it up with DNS.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
