//! Keeps the control API and the web page from other web pages: they have no token, and a browser on this machine reaches them for any page it shows.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Uri, header};

use crate::{fidelity::Rule, problem::Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a page of another origin could send, and what was sent to a name that is not this machine's.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let host = check_host(headers)?;
    if let Some(origin) = text(headers, &header::ORIGIN)
        && origin.strip_prefix("http://") != Some(host)
    {
        return Err(Problem::foreign_origin(&format!(
            "Pages of '{origin}' may not control the sandbox; call it from a program, or from a page of its own"
        )));
    }
    match text(headers, &SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Problem::foreign_origin(
            "Pages of other origins may not control the sandbox; call it from a program, or from a page of its own",
        )),
    }
}

/// Refuses what was sent to a name that is not this machine's, and gives the name.
///
/// It is enough for what is only shown: a page of another origin can have it opened, and not read it.
pub(crate) fn check_host(headers: &HeaderMap) -> Result<&str, Problem> {
    Rule::ControlIsForThisMachine.trace();
    // A page can have its own name point to this machine; the browser then sends that name.
    let host = text(headers, &header::HOST).unwrap_or_default();
    if is_of_this_machine(host) {
        return Ok(host);
    }
    Err(Problem::foreign_origin(&format!(
        "The Host '{host}' is none of this machine; call it as localhost or 127.0.0.1"
    )))
}

/// Refuses a form unless a page of this origin says that it sent it.
///
/// What is no JSON could come from any page, so that a browser which does not say where from is not believed.
pub(crate) fn check_form(headers: &HeaderMap) -> Result<(), Problem> {
    if !headers.contains_key(header::ORIGIN) {
        return Err(Problem::foreign_origin("Forms are taken with an Origin alone; a program calls /_sandbox instead"));
    }
    check(headers)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
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
