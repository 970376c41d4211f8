//! [`Exchange`]: what was asked and answered, for tests and demonstrations to look at.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, HeaderValue, header};
use serde::{Serialize, Serializer};

/// How many exchanges are kept.
const KEPT: usize = 1000;

/// The most of all exchanges that is kept, in bytes.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The most of a body that is kept, in bytes.
const KEPT_BODY: usize = 64 * 1024;

/// A request that the sandbox got, and its answer. The token is left out wherever it stood.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::Sandbox;
/// let sandbox = Sandbox::start().await?;
/// let _ = sandbox.client()?.get("NOTHING").await;
///
/// let exchange = &sandbox.exchanges()[0];
/// assert_eq!((exchange.method.as_str(), exchange.status), ("GET", 404));
/// assert_eq!(exchange.target, "/api/v3/1003/discount_coupons/NOTHING");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Exchange {
    /// When the request came, by the clock of the sandbox.
    #[serde(serialize_with = "to_the_millisecond")]
    pub time: DateTime<Utc>,
    /// How long the answer took by the machine's time: from when the request's head was read until the answer could be sent. It
    /// has the time that the request's body took to come, and that of a fault of latency, but not that of the way to the client.
    #[serde(rename = "milliseconds", serialize_with = "in_milliseconds")]
    pub took: Duration,
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub target: String,
    /// The request's headers in the order of arrival.
    pub request_headers: Vec<(String, String)>,
    /// The request's body as text, the first 64 KiB of it.
    pub request_body: String,
    /// The answer's status; 0 where a fault closed the connection without one.
    pub status: u16,
    /// The answer's body before it was packed, the first 64 KiB of it.
    pub response_body: String,
}

/// The last exchanges.
pub(crate) struct Journal {
    /// What is shown of none of them.
    tokens: Vec<String>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    /// The size of them all.
    bytes: usize,
}

/// An exchange with its bodies as they came: most are never looked at, and to make them texts takes longer than most answers.
struct Entry {
    exchange: Exchange,
    request_body: Bytes,
    response_body: Bytes,
}

impl Journal {
    /// A journal that shows none of these tokens.
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a str>) -> Self {
        Self { tokens: tokens.map(str::to_owned).collect(), kept: Mutex::default() }
    }

    /// Keeps an exchange, which has no bodies yet, and its bodies.
    pub(crate) fn add(&self, exchange: Exchange, request_body: &Bytes, response_body: &Bytes) {
        let entry = Entry { exchange, request_body: beginning(request_body), response_body: beginning(response_body) };
        let mut kept = self.kept();
        kept.bytes += entry.size();
        kept.entries.push_back(entry);
        while kept.entries.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.bytes -= oldest.size();
        }
    }

    /// Forgets all of them.
    pub(crate) fn forget(&self) {
        *self.kept() = Kept::default();
    }

    /// The last ones, the newest first.
    pub(crate) fn last(&self, count: usize) -> Vec<Exchange> {
        self.kept().entries.iter().rev().take(count).map(|entry| entry.shown(&self.tokens)).collect()
    }

    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.kept().entries.iter().map(|entry| entry.shown(&self.tokens)).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// How many bytes it holds.
    fn size(&self) -> usize {
        let Exchange { request_headers, method, target, .. } = &self.exchange;
        let headers: usize = request_headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        headers + method.len() + target.len() + self.request_body.len() + self.response_body.len()
    }

    /// The exchange with `…` wherever a token stood; one that is not valid may be one of a real store, so it goes too.
    fn shown(&self, tokens: &[String]) -> Exchange {
        let mut exchange = Exchange {
            request_body: String::from_utf8_lossy(&self.request_body).into_owned(),
            response_body: String::from_utf8_lossy(&self.response_body).into_owned(),
            ..self.exchange.clone()
        };
        for (name, value) in &mut exchange.request_headers {
            if name == header::AUTHORIZATION.as_str() {
                let scheme = value.split(' ').next().filter(|scheme| scheme.len() < value.len()).unwrap_or_default();
                *value = format!("{scheme} …").trim_start().to_owned();
            }
        }
        let texts = [&mut exchange.target, &mut exchange.request_body, &mut exchange.response_body];
        for text in texts.into_iter().chain(exchange.request_headers.iter_mut().map(|(_, value)| value)) {
            for token in tokens {
                if text.contains(token) {
                    *text = text.replace(token, "…");
                }
            }
        }
        exchange
    }
}

/// What is kept of a body. A long one is copied, so that the rest of it is not kept too.
fn beginning(body: &Bytes) -> Bytes {
    if body.len() > KEPT_BODY { Bytes::copy_from_slice(&body[..KEPT_BODY]) } else { body.clone() }
}

fn to_the_millisecond<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn in_milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_micros() as f64 / 1000.0)
}

/// Headers as text.
pub(crate) fn headers_as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
