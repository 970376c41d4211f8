//! Conversion of the HTTP library's errors.

use std::{error::Error as StdError, io, iter, time::Duration};

use super::{Error, ErrorKind, PROXY_CREDENTIALS};
use crate::transport::tls;

impl Error {
    /// An error of the HTTP library before the request was sent.
    pub(crate) fn invalid_http_request(error: reqwest::Error) -> Self {
        // The text of the HTTP library around the cause says only that the request could not be made.
        Self::invalid_request(root(&error.without_url()))
    }

    /// An error of the HTTP library while a request was in progress.
    pub(crate) fn transport(error: reqwest::Error, host: &str, timeout: Duration) -> Self {
        let error = error.without_url();
        // Must come first: the connect timeout is a timeout too, but no request was sent.
        if error.is_connect() {
            let why = if error.is_timeout() { "the connection timed out".to_owned() } else { root(&error) };
            let mut made = Self::new(ErrorKind::Connect, format!("cannot reach {host}: {why}"));
            let permanent = proxy_refusal(&why).or_else(|| tls::permanent_failure(&error));
            made.context.permanent = permanent.is_some();
            made.context.hint =
                Some(permanent.unwrap_or("check the base URL, the network and the proxy settings").to_owned());
            return made;
        }
        if error.is_timeout() {
            // Rounded, because the rest of a deadline is an odd number.
            let seconds = (timeout.as_secs_f64() * 1000.0).round() / 1000.0;
            return Self::new(ErrorKind::Timeout, format!("no complete response from {host} within {seconds} s"));
        }
        if error.is_builder() {
            return Self::invalid_http_request(error);
        }
        // A body that ends too early, whether compressed or not.
        if causes(&error).filter_map(|cause| cause.downcast_ref()).any(is_early_end) {
            return Self::new(ErrorKind::Network, format!("the response from {host} is truncated: {}", root(&error)));
        }
        if error.is_decode() {
            return Self::new(ErrorKind::Decode, format!("cannot decompress the response: {}", root(&error)));
        }
        Self::new(ErrorKind::Network, format!("the connection to {host} broke: {}", chain(&error)))
    }
}

/// The hint for a proxy that refused to connect without credentials. The error type of the HTTP library is private, so
/// the text decides.
fn proxy_refusal(why: &str) -> Option<&'static str> {
    let is_refusal = ["proxy authorization required", "credentials not accepted", "server does not support user/pass"]
        .iter()
        .any(|part| why.contains(part));
    is_refusal.then_some(PROXY_CREDENTIALS)
}

fn is_early_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// Returns an error and its causes, outermost first.
pub(crate) fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        // An I/O error does not return its inner error as `source`.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

/// The text of an error and of its causes.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
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

/// The text of the innermost cause. The errors around it have no details.
fn root(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
