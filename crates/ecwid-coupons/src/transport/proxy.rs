//! The proxy that requests go through: the one that was named, or that of the environment.

use std::env;

use reqwest::{ClientBuilder, NoProxy, Proxy, Url};

use crate::{Error, text::environment::read_variable, transport::connect::is_loopback};

/// What a proxy's address may begin with.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

const LOOKS: &str = "http://proxy.example:3128";

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

impl ProxyChoice {
    pub(crate) fn apply(&self, builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
        Ok(match self {
            // A proxy of the environment cannot reach a sandbox on this machine.
            Self::System if is_loopback(base_url) => builder.no_proxy(),
            Self::System => match of_environment(base_url)? {
                Some(proxy) => builder.proxy(proxy),
                // The system may name one where the environment does not.
                None => builder,
            },
            Self::Direct => builder.no_proxy(),
            Self::Address(address) => builder.proxy(proxy(address.trim())?),
        })
    }

    /// Whether what is sent to a server on this machine stays on it.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::System | Self::Direct => true,
            Self::Address(address) => Url::parse(address.trim()).is_ok_and(|url| is_loopback(&url)),
        }
    }
}

fn proxy(address: &str) -> Result<Proxy, Error> {
    let shown = if address.contains('@') { String::new() } else { format!(" {address:?}") };
    read(address)
        .map_err(|why| Error::configuration(format!("the proxy's address{shown} {why}; it looks like {LOOKS}")))
}

fn read(address: &str) -> Result<Proxy, String> {
    let url = Url::parse(address).map_err(|error| format!("is not valid ({error})"))?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(format!("begins with none of {}", SCHEMES.join(", ")));
    }
    if !url.has_host() {
        return Err("names no host".to_owned());
    }
    Proxy::all(url).map_err(|_| "is not valid".to_owned())
}

/// The proxy that the environment names for this server.
///
/// The HTTP library reads the same variables, but ignores one that it cannot read.
fn of_environment(base_url: &Url) -> Result<Option<Proxy>, Error> {
    // In a CGI program `HTTP_PROXY` is a header of the request, so that the HTTP library takes no proxy from there.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    let of_scheme =
        if base_url.scheme() == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let no_proxy = first_set(["NO_PROXY", "no_proxy"])?.map(|(_, list)| list).unwrap_or_default();
    let no_proxy = NoProxy::from_string(&understood(&no_proxy, base_url.port_or_known_default()));
    for names in [of_scheme, ["ALL_PROXY", "all_proxy"]] {
        let Some((name, address)) = first_set(names)? else { continue };
        // As other programs do, without a scheme it is http.
        let address = if address.contains(":/") { address } else { format!("http://{address}") };
        let proxy = read(&address).map_err(|why| {
            // Without what it is, which may hold a password.
            Error::configuration(format!("invalid proxy: {name} {why} (expected an address such as {LOOKS})"))
        })?;
        return Ok(Some(proxy.no_proxy(no_proxy)));
    }
    Ok(None)
}

/// The first of these variables that is set, and its value.
fn first_set(names: [&'static str; 2]) -> Result<Option<(&'static str, String)>, Error> {
    for name in names {
        if let Some(value) = read_variable(name)? {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
}

/// A `NO_PROXY` list in the words of the HTTP library, which knows no ports and no `*.` in front of a domain.
fn understood(list: &str, port: Option<u16>) -> String {
    let entries = list.split(|next: char| next == ',' || next.is_whitespace()).filter_map(|entry| {
        let (host, only) = split_port(entry);
        let is_meant = !host.is_empty() && (only.is_none() || only == port);
        is_meant.then(|| match host.strip_prefix('*') {
            // Its own star is for names alone.
            Some("") => "*,0.0.0.0/0,::/0",
            Some(domain) if domain.starts_with('.') => domain,
            _ => host,
        })
    });
    entries.collect::<Vec<_>>().join(",")
}

/// An entry's host and port: `host`, `host:80`, `[::1]:80`, and an IPv6 address without a port also without brackets.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let parts = match entry.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, rest)| (host, rest.strip_prefix(':').unwrap_or(rest))),
        None => entry.split_once(':').filter(|(_, port)| !port.contains(':')),
    };
    match parts {
        Some((host, "")) => (host, None),
        Some((host, port)) => port.parse().map_or((entry, None), |port| (host, Some(port))),
        None => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::understood;

    #[test]
    fn a_list_of_what_goes_past_the_proxy_is_read_as_other_programs_do() {
        for (list, expected) in [
            ("", ""),
            ("example.com", "example.com"),
            (" .example.com,\tb.example ", ".example.com,b.example"),
            ("*", "*,0.0.0.0/0,::/0"),
            ("*.example.com", ".example.com"),
            ("host:443, host:80, other:80", "host"),
            ("*.example.com:443", ".example.com"),
            ("*:443, *:80", "*,0.0.0.0/0,::/0"),
            ("10.0.0.0/8, 10.1.2.3:443, 10.1.2.4:80", "10.0.0.0/8,10.1.2.3"),
            ("[::1], [::2]:443, [::3]:80, ::4, fe80::/10", "::1,::2,::4,fe80::/10"),
            ("host:port, host:", "host:port,host"),
        ] {
            assert_eq!(understood(list, Some(443)), expected, "{list}");
        }
    }
}
