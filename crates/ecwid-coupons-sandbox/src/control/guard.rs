//! Keeps the control API and the web page from other web pages: they have no token, and a browser on this machine reaches them for any page it shows.

use std::net::{IpAddr, Ipv6Addr};

use http::{HeaderMap, HeaderName, header, request::Parts};

use crate::{
    http::{error_code::ErrorCode, problem::Problem},
    rule::Rule,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a page of another origin could send, and what was sent to a name that is not this machine's.
pub(crate) fn check(request: &Parts, names: &[String]) -> Result<(), Problem> {
    let host = check_host(request, names)?;
    Rule::ControlIsForThisMachine.trace();
    let headers = &request.headers;
    if let Some(origin) = text(headers, &header::ORIGIN)
        && origin.strip_prefix("http://") != Some(host)
    {
        return Err(foreign_origin(format!(
            "Pages of '{origin}' may not control the sandbox; call it from a program, or from a page of its own"
        )));
    }
    match text(headers, &SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(foreign_origin(
            "Pages of other origins may not control the sandbox; call it from a program, or from a page of its own",
        )),
    }
}

/// Returns the Host of a request, and refuses one that is neither this machine's nor one of these names.
///
/// It is enough for what is only shown, because a page of another origin can have it opened but cannot read it, and for what needs
/// a token.
pub(crate) fn check_host<'a>(request: &'a Parts, names: &[String]) -> Result<&'a str, Problem> {
    Rule::OnlyNamesOfThisMachine.trace();
    let mut hosts = request.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Problem::wrong_parameter("A request has one Host header, not none or several"));
    };
    // A page can have its own name point to this machine; the browser then sends that name.
    let host = host.to_str().unwrap_or_default();
    let name = name_of(host).filter(|name| {
        is_of_this_machine(name) || names.iter().any(|known| known.trim_end_matches('.').eq_ignore_ascii_case(name))
    });
    if name.is_none() {
        return Err(foreign_origin(format!(
            "The Host '{host}' is none of this machine; call it as localhost or 127.0.0.1, or start it with --host-name"
        )));
    }
    // The target of a request to a proxy has a name of its own.
    match request.uri.authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => Err(Problem::wrong_parameter(format!(
            "The target names the host '{authority}', and the Host header '{host}'"
        ))),
        _ => Ok(host),
    }
}

/// Refuses a form unless a page of this origin says that it sent it.
///
/// What is no JSON could come from any page, so that a browser which does not say where from is not believed.
pub(crate) fn check_form(request: &Parts, names: &[String]) -> Result<(), Problem> {
    if !request.headers.contains_key(header::ORIGIN) {
        return Err(foreign_origin("Forms are taken with an Origin alone; a program calls /_sandbox instead"));
    }
    check(request, names)
}

fn foreign_origin(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ForeignOrigin, message)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// The name or address in a Host header, without its port; nothing where it is none.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(address) => address.split_once(']').filter(|(address, _)| address.parse::<Ipv6Addr>().is_ok())?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    is_port.then(|| name.strip_suffix('.').unwrap_or(name))
}

/// Whether this machine alone has a name or an address.
fn is_of_this_machine(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known() {
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
