//! The proxy for requests.

use std::env;

use reqwest::{ClientBuilder, NoProxy, Proxy, Url};

use crate::{Error, text::environment::read_variable, transport::connect::is_loopback};

/// The supported schemes of a proxy.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

const LOOKS: &str = "http://proxy.example:3128";

/// The choice of a proxy. Its address is never shown, because it may have a password.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum ProxyChoice {
    /// The proxy of the environment or the system, if there is one for the host.
    #[default]
    System,
    /// No proxy.
    Direct,
    /// The proxy with this address.
    Address(String),
}

/// The proxy for a server.
#[derive(Clone)]
pub(crate) enum ResolvedProxy {
    /// The proxy of the system, if it has one.
    System,
    /// No proxy.
    Direct,
    /// This proxy.
    Proxy(Box<Proxy>),
}

impl ResolvedProxy {
    pub(crate) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        match self {
            Self::System => builder,
            Self::Direct => builder.no_proxy(),
            Self::Proxy(proxy) => builder.proxy(Proxy::clone(proxy)),
        }
    }
}

impl ProxyChoice {
    pub(crate) fn resolve(&self, base_url: &Url) -> Result<ResolvedProxy, Error> {
        Ok(match self {
            // A proxy of the environment cannot reach this machine.
            Self::System if is_loopback(base_url) => ResolvedProxy::Direct,
            Self::System => match of_environment(base_url)? {
                Some(proxy) => ResolvedProxy::Proxy(Box::new(proxy)),
                None => ResolvedProxy::System,
            },
            Self::Direct => ResolvedProxy::Direct,
            Self::Address(address) => ResolvedProxy::Proxy(Box::new(proxy(address.trim())?)),
        })
    }

    /// Whether requests to a server on this machine stay on it.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::System | Self::Direct => true,
            Self::Address(address) => Url::parse(address.trim()).is_ok_and(|url| is_loopback(&url)),
        }
    }
}

fn proxy(address: &str) -> Result<Proxy, Error> {
    let shown = if address.contains('@') { String::new() } else { format!("`{address}`: ") };
    read(address).map_err(|why| {
        Error::configuration(format!("invalid proxy: {shown}{why} (expected an address such as `{LOOKS}`)"))
    })
}

fn read(address: &str) -> Result<Proxy, String> {
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(format!("unknown scheme (known: {})", SCHEMES.join(", ")));
    }
    if !url.has_host() {
        return Err("it has no host".to_owned());
    }
    Proxy::all(url).map_err(|_| "it is not an address".to_owned())
}

/// Returns the proxy of the environment for this server.
///
/// The HTTP library reads the same variables, but ignores invalid ones.
fn of_environment(base_url: &Url) -> Result<Option<Proxy>, Error> {
    // In a CGI program, `HTTP_PROXY` is a header of the incoming request. The HTTP library ignores it too.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    let of_scheme =
        if base_url.scheme() == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let no_proxy = first_set(["NO_PROXY", "no_proxy"])?.map(|(_, list)| list).unwrap_or_default();
    let no_proxy = NoProxy::from_string(&understood(&no_proxy, base_url.port_or_known_default()));
    for names in [of_scheme, ["ALL_PROXY", "all_proxy"]] {
        let Some((name, address)) = first_set(names)? else { continue };
        // The scheme defaults to `http`, as in other programs.
        let address = if address.contains(":/") { address } else { format!("http://{address}") };
        let proxy = read(&address).map_err(|why| {
            // The value is not shown, because it may have a password.
            Error::configuration(format!("invalid proxy in `{name}`: {why} (expected an address such as `{LOOKS}`)"))
        })?;
        return Ok(Some(proxy.no_proxy(no_proxy)));
    }
    Ok(None)
}

/// Returns the first of these variables that is set, and its value.
fn first_set(names: [&'static str; 2]) -> Result<Option<(&'static str, String)>, Error> {
    for name in names {
        if let Some(value) = read_variable(name)? {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
}

/// Converts a `NO_PROXY` list for the HTTP library, which supports neither ports nor a leading `*.`.
fn understood(list: &str, port: Option<u16>) -> String {
    let entries = list.split(|next: char| next == ',' || next.is_whitespace()).filter_map(|entry| {
        let (host, only) = split_port(entry);
        let is_meant = !host.is_empty() && (only.is_none() || only == port);
        is_meant.then(|| match host.strip_prefix('*') {
            // The star of the HTTP library matches names only.
            Some("") => "*,0.0.0.0/0,::/0",
            Some(domain) if domain.starts_with('.') => domain,
            _ => host,
        })
    });
    entries.collect::<Vec<_>>().join(",")
}

/// Splits an entry into host and port. An IPv6 address with a port has brackets, as in `[::1]:80`.
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
    fn no_proxy_is_read_like_other_programs_do() {
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
