//! [`RecordedRequest`] and the journal of the recorded requests.

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

/// The maximum number of requests in the journal.
const KEPT: usize = 1000;

/// The maximum size of all requests together, in bytes.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The maximum size of a recorded body, in bytes.
const KEPT_BODY: usize = 64 * 1024;

/// A request that the sandbox received, and its response.
///
/// Tokens are redacted: the tokens of the sandbox, texts that look like a token of Ecwid, and the values of headers,
/// parameters and fields with a name such as `token` or `cookie`.
///
/// # Example
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
    /// When the request arrived, by the clock of the sandbox.
    #[serde(serialize_with = "to_the_millisecond")]
    pub time: DateTime<Utc>,
    /// The time from reading the head of the request until the response could be sent, by the system time. It includes
    /// receiving the request body and the latency of faults, but not sending the response.
    #[serde(rename = "milliseconds", serialize_with = "in_milliseconds")]
    pub elapsed: Duration,
    /// The method.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The request headers in the order of arrival.
    pub request_headers: Vec<(String, String)>,
    /// The first 64 KiB of the request body, as text.
    pub request_body: String,
    /// The fields of the request body that the sandbox ignored, such as a misspelled `discount_type`. Fields of nested
    /// objects look like `catalogLimit.brands`, and fields inside a batch like `[0].body.discount_type`. At most 100
    /// fields are listed.
    pub ignored_fields: Vec<String>,
    /// The status of the response. It is 0 if a fault closed the connection without a response.
    pub status: u16,
    /// The first 64 KiB of the response body before compression, as text.
    pub response_body: String,
}

/// The journal of the recorded requests.
pub(crate) struct Journal {
    redaction: Arc<Redaction>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    /// The size of all entries, in bytes.
    bytes: usize,
}

/// A recorded request with its bodies as bytes. They are converted to text when they are read. Most bodies are never
/// read, and the conversion takes longer than most responses.
#[derive(Clone)]
struct Entry {
    request: RecordedRequest,
    request_body: Bytes,
    response_body: Bytes,
}

impl Journal {
    /// Creates an empty journal.
    pub(crate) fn new(redaction: Arc<Redaction>) -> Self {
        Self { redaction, kept: Mutex::default() }
    }

    /// Records a request and its bodies. `request` has no bodies and no ignored fields yet.
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

    /// Removes all requests.
    pub(crate) fn clear(&self) {
        *lock(&self.kept) = Kept::default();
    }

    /// Returns the last requests, the oldest first. This takes a while for many requests.
    pub(crate) fn last(&self, count: usize) -> Vec<RecordedRequest> {
        // The entries are copied first, so other requests do not wait for the redaction.
        let kept = lock(&self.kept);
        let surplus = kept.entries.len().saturating_sub(count);
        let entries: Vec<_> = kept.entries.range(surplus..).cloned().collect();
        drop(kept);
        entries.into_iter().map(|entry| entry.shown(&self.redaction)).collect()
    }
}

impl Entry {
    /// Returns the size in bytes.
    fn size(&self) -> usize {
        let RecordedRequest { request_headers, method, target, .. } = &self.request;
        let headers: usize = request_headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        headers + method.len() + target.len() + self.request_body.len() + self.response_body.len()
    }

    /// Returns the request without tokens.
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

/// Returns the part of a body that is recorded. A long body is copied, so the rest of it can be freed.
fn beginning(body: &Bytes) -> Bytes {
    if body.len() > KEPT_BODY { Bytes::copy_from_slice(&body[..KEPT_BODY]) } else { body.clone() }
}

fn to_the_millisecond<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn in_milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_micros() as f64 / 1000.0)
}

/// Converts headers to text.
pub(crate) fn headers_as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
