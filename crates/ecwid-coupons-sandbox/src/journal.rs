//! [`RecordedRequest`]: what tests and demonstrations look at.

mod ignored_fields;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, HeaderValue};
use serde::{Serialize, Serializer};

use crate::{lock::lock, redaction::Redaction};
use ignored_fields::ignored_fields;

/// How many requests are kept.
const KEPT: usize = 1000;

/// The most of all requests that is kept, in bytes.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The most of a body that is kept, in bytes.
const KEPT_BODY: usize = 64 * 1024;

/// A request that the sandbox received, and its response.
///
/// Tokens are left out of all its texts: those of the sandbox, what looks like one of a store, and the values of headers, parameters
/// and fields whose names say that they are secret.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::Sandbox;
/// let sandbox = Sandbox::start().await?;
/// let _ = sandbox.client()?.get("NOTHING").await;
///
/// let request = &sandbox.received_requests()[0];
/// assert_eq!((request.method.as_str(), request.status), ("GET", 404));
/// assert_eq!(request.target, "/api/v3/1003/discount_coupons/NOTHING");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecordedRequest {
    /// When the request came, by the clock of the sandbox.
    #[serde(serialize_with = "to_the_millisecond")]
    pub time: DateTime<Utc>,
    /// How long the response took by the machine's time: from when the request's head was read until the response could be sent. It
    /// has the time that the request's body took to come, and that of a fault of latency, but not that of the way to the client.
    #[serde(rename = "milliseconds", serialize_with = "in_milliseconds")]
    pub elapsed: Duration,
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub target: String,
    /// The request's headers in the order of arrival.
    pub request_headers: Vec<(String, String)>,
    /// The request's body as text, the first 64 KiB of it.
    pub request_body: String,
    /// The fields of the request's body that the sandbox ignored, such as a misspelt `discount_type`; inside of objects
    /// `catalogLimit.brands`, and inside of a batch `[0].body.discount_type`. At most 100 of them.
    pub ignored_fields: Vec<String>,
    /// The response's status; 0 if a fault closed the connection without a response.
    pub status: u16,
    /// The response's body before it was packed, the first 64 KiB of it.
    pub response_body: String,
}

/// The last requests.
pub(crate) struct Journal {
    redaction: Arc<Redaction>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    /// The size of them all.
    bytes: usize,
}

/// A recorded request with its bodies as bytes. They are converted to text when they are read, because most never are, and the
/// conversion takes longer than most responses.
#[derive(Clone)]
struct Entry {
    request: RecordedRequest,
    request_body: Bytes,
    response_body: Bytes,
}

impl Journal {
    /// A journal that shows no tokens.
    pub(crate) fn new(redaction: Arc<Redaction>) -> Self {
        Self { redaction, kept: Mutex::default() }
    }

    /// Keeps an request, which has no bodies and ignored fields yet, and its bodies.
    pub(crate) fn add(&self, request: RecordedRequest, request_body: &Bytes, response_body: &Bytes) {
        let entry = Entry { request, request_body: beginning(request_body), response_body: beginning(response_body) };
        let mut kept = lock(&self.kept);
        kept.bytes += entry.size();
        kept.entries.push_back(entry);
        while kept.entries.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.bytes -= oldest.size();
        }
    }

    /// Removes all of them.
    pub(crate) fn clear(&self) {
        *lock(&self.kept) = Kept::default();
    }

    /// The last ones, the oldest first. It takes a while where there are many.
    pub(crate) fn last(&self, count: usize) -> Vec<RecordedRequest> {
        // Copied first, so that no request waits until all are looked through.
        let kept = lock(&self.kept);
        let surplus = kept.entries.len().saturating_sub(count);
        let entries: Vec<_> = kept.entries.range(surplus..).cloned().collect();
        drop(kept);
        entries.into_iter().map(|entry| entry.shown(&self.redaction)).collect()
    }
}

impl Entry {
    /// How many bytes it holds.
    fn size(&self) -> usize {
        let RecordedRequest { request_headers, method, target, .. } = &self.request;
        let headers: usize = request_headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        headers + method.len() + target.len() + self.request_body.len() + self.response_body.len()
    }

    /// The request as it is shown, without tokens.
    fn shown(self, redaction: &Redaction) -> RecordedRequest {
        let Self { mut request, request_body, response_body } = self;
        let body = |bytes: &Bytes| {
            let text = String::from_utf8_lossy(bytes);
            if bytes.len() == KEPT_BODY { redaction.cut_text(&text) } else { redaction.text(&text) }
        };
        let ignored = ignored_fields(&request.method, &request.target, &String::from_utf8_lossy(&request_body));
        request.ignored_fields = ignored.iter().map(|name| redaction.text(name)).collect();
        request.request_body = body(&request_body);
        request.response_body = body(&response_body);
        request.method = redaction.text(&request.method);
        request.target = redaction.text(&request.target);
        for (name, value) in &mut request.request_headers {
            *value = redaction.header(name, value);
        }
        request
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
