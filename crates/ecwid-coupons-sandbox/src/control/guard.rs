//! Protects the control API and the web page from other web pages. They need no token, so without these checks any page
//! in a browser on this machine could call them.

use std::net::{IpAddr, Ipv6Addr};

use http::{HeaderMap, HeaderName, header, request::Parts};

use crate::{
    http::{error_code::ErrorCode, problem::Problem},
    rule::Rule,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses requests from pages of other origins, and requests to host names that are not accepted.
pub(crate) fn check(request: &Parts, names: &[String]) -> Result<(), Problem> {
    let host = check_host(request, names)?;
    Rule::ControlIsForThisMachine.trace();
    let headers = &request.headers;
    if let Some(origin) = text(headers, &header::ORIGIN)
        && origin.strip_prefix("http://") != Some(host)
    {
        return Err(foreign_origin(format!(
            "Web pages of '{origin}' must not call the sandbox; use a program or the web page of the sandbox"
        )));
    }
    match text(headers, &SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(foreign_origin(
            "Web pages of other origins must not call the sandbox; use a program or the web page of the sandbox",
        )),
    }
}

/// Returns the `Host` header, and refuses a host that is neither this machine nor one of `names`.
///
/// This check is enough for requests that need a token or only return a page, because a page of another origin cannot
/// read the response.
pub(crate) fn check_host<'a>(request: &'a Parts, names: &[String]) -> Result<&'a str, Problem> {
    Rule::OnlyNamesOfThisMachine.trace();
    let mut hosts = request.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Problem::wrong_parameter("The request must have exactly one Host header"));
    };
    // A web page can make its own host name resolve to this machine. The browser then sends that name.
    let host = host.to_str().unwrap_or_default();
    let name = name_of(host).filter(|name| {
        is_of_this_machine(name) || names.iter().any(|known| known.trim_end_matches('.').eq_ignore_ascii_case(name))
    });
    if name.is_none() {
        return Err(foreign_origin(format!(
            "The Host '{host}' is not accepted; use localhost or 127.0.0.1, or add the name with --allow-host"
        )));
    }
    // A request in the form for proxies has a second host in its target.
    match request.uri.authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => Err(Problem::wrong_parameter(format!(
            "The target has the host '{authority}', but the Host header is '{host}'"
        ))),
        _ => Ok(host),
    }
}

/// Refuses a form unless its `Origin` header names this sandbox.
///
/// A form is not JSON, so any page could send it. A request without an `Origin` header is therefore refused.
pub(crate) fn check_form(request: &Parts, names: &[String]) -> Result<(), Problem> {
    if !request.headers.contains_key(header::ORIGIN) {
        return Err(foreign_origin("A form needs an Origin header; a program can call /_sandbox instead"));
    }
    check(request, names)
}

fn foreign_origin(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ForeignOrigin, message)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// Returns the name or address in a `Host` header without the port, or `None` if the header is not valid.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(address) => address.split_once(']').filter(|(address, _)| address.parse::<Ipv6Addr>().is_ok())?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    is_port.then(|| name.strip_suffix('.').unwrap_or(name))
}

/// Returns whether a name or address refers to this machine only.
fn is_of_this_machine(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_are_recognized() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8025", "127.8.8.8:1", "[::1]:8025", "[::1]"] {
            assert!(name_of(host).is_some_and(is_of_this_machine), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.nip.io",
            "10.0.0.1:8025",
            "a@localhost",
            "localhost:x",
            "localhost:8025:1",
            "[127.0.0.1]",
            "[::1",
            "::1",
            "0.0.0.0",
            "/",
        ] {
            assert!(!name_of(host).is_some_and(is_of_this_machine), "{host}");
        }
    }
}
