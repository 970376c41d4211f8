//! Keeps the control API from web pages: it has no token, and a browser on this machine reaches it for any page it shows.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Uri, header};

use crate::{fidelity::Rule, problem::Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a page of another origin could send, and what was sent to a name that is not this machine's.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    Rule::ControlIsForThisMachine.trace();
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    // A page can have its own name point to this machine; the browser then sends that name.
    let host = text(&header::HOST).unwrap_or_default();
    if !is_of_this_machine(host) {
        return Err(Problem::foreign_origin(&format!(
            "The Host '{host}' is none of this machine; call it as localhost or 127.0.0.1"
        )));
    }
    if let Some(origin) = text(&header::ORIGIN)
        && origin.strip_prefix("http://") != Some(host)
    {
        return Err(Problem::foreign_origin(&format!(
            "Pages of '{origin}' may not control the sandbox; call it from a program, or from a page of its own"
        )));
    }
    match text(&SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Problem::foreign_origin(
            "Pages of other origins may not control the sandbox; call it from a program, or from a page of its own",
        )),
    }
}

/// Whether a Host header names this machine, with whichever port.
fn is_of_this_machine(host: &str) -> bool {
    let Ok(uri) = host.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority().filter(|authority| authority.as_str() == host && !host.contains('@')) else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8025", "127.8.8.8:1", "[::1]:8025", "[::1]"] {
            assert!(is_of_this_machine(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.nip.io",
            "10.0.0.1:8025",
            "a@localhost",
            "0.0.0.0",
            "/",
        ] {
            assert!(!is_of_this_machine(host), "{host}");
        }
    }
}
