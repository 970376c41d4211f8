//! What the HTTP library fails with, as errors of this client.

use std::{error::Error as StdError, io, iter, time::Duration};

use super::{Error, ErrorKind, PROXY_CREDENTIALS};
use crate::transport::tls;

impl Error {
    /// An error of the HTTP library before anything was sent.
    pub(crate) fn invalid_http_request(error: reqwest::Error) -> Self {
        Self::invalid_request(chain(&error.without_url()))
    }

    /// An error of the HTTP library while a request was under way.
    pub(crate) fn transport(error: reqwest::Error, host: &str, timeout: Duration) -> Self {
        let error = error.without_url();
        // First, since the time to connect has a limit of its own, and nothing was sent by then.
        if error.is_connect() {
            let why = if error.is_timeout() { "no connection came about in time".to_owned() } else { root(&error) };
            let mut made = Self::new(ErrorKind::Connect, format!("cannot reach {host}: {why}"));
            let permanent = proxy_refusal(&why).or_else(|| tls::permanent_failure(&error));
            made.context.permanent = permanent.is_some();
            made.context.hint =
                Some(permanent.unwrap_or("check the base URL, the network and the proxy settings").to_owned());
            return made;
        }
        if error.is_timeout() {
            // What is left of a deadline is no round number.
            let seconds = (timeout.as_secs_f64() * 1000.0).round() / 1000.0;
            return Self::new(ErrorKind::Timeout, format!("no whole answer from {host} within {seconds} s"));
        }
        if error.is_builder() {
            return Self::invalid_http_request(error);
        }
        // A body that ends too early, packed or not.
        if causes(&error).filter_map(|cause| cause.downcast_ref()).any(is_early_end) {
            return Self::new(ErrorKind::Network, format!("the answer from {host} is truncated: {}", root(&error)));
        }
        if error.is_decode() {
            return Self::new(ErrorKind::Decode, format!("the answer could not be unpacked: {}", root(&error)));
        }
        Self::new(ErrorKind::Network, format!("the connection to {host} broke: {}", chain(&error)))
    }
}

/// What to try, when a proxy refused to connect for want of a user and a password. Its kind of error is private, so that its text
/// has to tell.
fn proxy_refusal(why: &str) -> Option<&'static str> {
    let is_refusal = ["proxy authorization required", "credentials not accepted", "server does not support user/pass"]
        .iter()
        .any(|part| why.contains(part));
    is_refusal.then_some(PROXY_CREDENTIALS)
}

fn is_early_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// An error and what is behind it, the outermost first.
pub(crate) fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        // An I/O error does not name what it was made of as its source.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

/// The text of an error and of its causes.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    for cause in causes(error) {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
    }
    text
}

/// The text of the innermost cause; those around it only say that there was one.
fn root(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
