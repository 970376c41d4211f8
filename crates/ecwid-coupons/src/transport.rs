//! How requests are sent: the token, the time limit, the size limit and the reading of errors, for every operation alike.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, header};
use hyper::ext::ReasonPhrase;
use reqwest::Request;
use tracing::Instrument as _;

use crate::{
    Error, Json,
    generated::operations::Client,
    runtime::{ClientHooks, OperationInfo, Response},
    types::ApiError,
};

const REQUEST_ID: header::HeaderName = header::HeaderName::from_static("x-ecwid-api-request-id");

/// What every request needs. A clone shares it.
#[derive(Clone)]
pub(crate) struct Transport(Arc<Settings>);

/// The settings of a transport.
pub(crate) struct Settings {
    pub(crate) store_id: i64,
    /// The whole header, marked as sensitive.
    pub(crate) authorization: HeaderValue,
    /// The scheme and host of the base URL, for messages.
    pub(crate) host: String,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    pub(crate) fn store_id(&self) -> i64 {
        self.0.store_id
    }

    /// A body as text for an error, without the token: a proxy may answer with the request it was sent.
    pub(crate) fn readable(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        match self.0.authorization.to_str().ok().and_then(|header| header.strip_prefix("Bearer ")) {
            Some(token) => text.replace(token, "…"),
            None => text.into_owned(),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("store_id", &self.0.store_id)
            .field("host", &self.0.host)
            .finish_non_exhaustive()
    }
}

impl ClientHooks<Transport> for Client {
    async fn pre(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error> {
        let settings = &self.inner.0;
        let is_read = request.method() == Method::GET;
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, settings.authorization.clone());
        headers.insert(REQUEST_ID, request_id());
        if !is_read {
            // The vendor's examples of writes send it.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        *request.timeout_mut() = Some(settings.timeout);
        Ok(())
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Response, Error> {
        let operation = info.operation_id;
        let request_id: Box<str> =
            request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().into();
        let span = tracing::debug_span!("ecwid", operation, request_id = &*request_id);
        let result = self.send(request, operation, &request_id).instrument(span).await;
        result.map_err(|error| error.on(operation, &request_id))
    }
}

impl Client {
    async fn send(&self, request: Request, operation: &'static str, request_id: &str) -> Result<Response, Error> {
        let settings = &self.inner.0;
        let broken = |error| Error::transport(error, &settings.host, settings.timeout);
        let response = self.client.execute(request).await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let reason = reason(&response);
        tracing::debug!(status = status.as_u16(), "answered");
        let (body, problem) = read_body(response, settings).await;
        if !status.is_success() {
            // What the status says holds, whatever became of the body.
            let text = self.inner.readable(&body);
            let mut answer = read_error(&text);
            if text.trim().is_empty() {
                answer.error_message = reason.map(|reason| self.inner.readable(reason.as_bytes()));
            }
            return Err(Error::api(status, answer, retry_after(&headers), &text));
        }
        if let Some(problem) = problem {
            return Err(problem.after(status, &self.inner.readable(&body)));
        }
        let transport = self.inner.clone();
        Ok(Response { transport, operation, request_id: request_id.into(), status, headers, body })
    }
}

/// Reads a body up to the size limit, which holds for what a compressed body unpacks to; gives what came, and why no more did.
async fn read_body(mut response: reqwest::Response, settings: &Settings) -> (Bytes, Option<Error>) {
    let mut body = BytesMut::new();
    let problem = loop {
        match response.chunk().await {
            Ok(None) => break None,
            Ok(Some(chunk)) if body.len() + chunk.len() > settings.max_body => {
                body.extend_from_slice(&chunk[..settings.max_body - body.len()]);
                break Some(Error::too_large(settings.max_body));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => break Some(Error::transport(error, &settings.host, settings.timeout)),
        }
    };
    (body.freeze(), problem)
}

/// Reads what an error says, member by member, so that an odd one does not hide the others.
fn read_error(text: &str) -> ApiError {
    serde_json::from_str(text).unwrap_or_else(|_| {
        let members: BTreeMap<String, Json> = serde_json::from_str(text).unwrap_or_default();
        let member = |name: &str| members.get(name).map(|json| json.read().unwrap_or_else(|_| json.to_string()));
        let args = members.get("args").and_then(|json| json.read().ok());
        ApiError { error_message: member("errorMessage"), error_code: member("errorCode"), args, ..ApiError::default() }
    })
}

/// The reason in the status line where it is not the usual one: older documentation has errors there, with an empty body.
fn reason(response: &reqwest::Response) -> Option<String> {
    let reason = response.extensions().get::<ReasonPhrase>()?;
    let text = String::from_utf8_lossy(reason.as_bytes()).trim().to_owned();
    (!text.is_empty() && Some(text.as_str()) != response.status().canonical_reason()).then_some(text)
}

/// How long the server asks to wait: seconds as documented, or an HTTP date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some((until.to_utc() - chrono::Utc::now()).to_std().unwrap_or_default())
}

/// Eight random letters and digits, like the vendor's own client sends.
fn request_id() -> HeaderValue {
    let id: String = std::iter::repeat_with(fastrand::alphanumeric).take(8).collect();
    HeaderValue::from_str(&id).expect("letters and digits are a valid header")
}
