//! Sends the requests of all operations: token, rate limit, attempts, deadline, size limit, and error responses.

use std::{
    fmt, mem,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, header};
use hyper::ext::ReasonPhrase;
use reqwest::Request;
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    Attempt, Error, JsonObject,
    schema::operation,
    text::redact::{Redactor, hide_tokens},
    transport::{
        call::{CallGuard, CallObserver, CallState},
        http_clients::HttpClients,
        rate_limit::{Permit, RateLimiter},
        response::{Response, Sent},
        retry::Budget,
        token::{Token, Tokens, is_token_refused},
    },
    types::ApiError,
};

pub(crate) mod attempt;
pub(crate) mod call;
pub(crate) mod connect;
pub(crate) mod http_clients;
mod own_task;
pub(crate) mod proxy;
pub(crate) mod rate_limit;
pub(crate) mod response;
pub(crate) mod retry;
pub(crate) mod tls;
pub(crate) mod token;
pub(crate) mod write_response;

const REQUEST_ID: header::HeaderName = header::HeaderName::from_static("x-ecwid-api-request-id");

/// The function that is called after every attempt.
pub(crate) type Observer = Arc<dyn Fn(&Attempt<'_>) + Send + Sync>;

/// The settings of all requests, and the state that they share. Each part of the state is in an `Arc`, so that a copy
/// with other settings shares it.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) store_id: i64,
    pub(crate) tokens: Arc<Tokens>,
    /// Removes the tokens from text of the server.
    pub(crate) redactor: Redactor,
    pub(crate) http_clients: HttpClients,
    /// The scheme and host of the base URL, for messages.
    pub(crate) host: Arc<str>,
    /// The limit of an attempt.
    pub(crate) timeout: Duration,
    /// The limit of a whole call.
    pub(crate) deadline: Duration,
    pub(crate) max_attempts: u32,
    pub(crate) max_body: usize,
    /// Whether unknown enum values are sent.
    pub(crate) allow_unknown: bool,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    /// Whether the store counts each request of a batch towards the rate limit. Ecwid does not document it, so it is
    /// assumed that the store does not, until it refuses a request of a batch.
    pub(crate) counts_batch_items: Arc<AtomicBool>,
    pub(crate) budget: Arc<Budget>,
    pub(crate) observer: Option<Observer>,
    pub(crate) call_observer: Option<CallObserver>,
}

/// Sends requests. A clone is cheap, because each call makes one.
#[derive(Clone)]
pub(crate) struct Transport {
    pub(crate) settings: Arc<Settings>,
    /// The call that all requests are part of. If there is none, each request is a call of its own.
    pub(crate) call: Option<Arc<CallState>>,
}

impl Transport {
    /// Called by the generated operations.
    pub(crate) fn store_id(&self) -> i64 {
        self.settings.store_id
    }

    /// Returns the current token. Asks the token provider if there is none yet.
    async fn token(&self, left: Duration) -> Result<Token, Error> {
        match self.settings.tokens.current() {
            Some(token) => Ok(token),
            None => {
                let first = timeout(left, self.settings.tokens.first()).await;
                first.unwrap_or_else(|_| Err(Error::token_deadline(self.settings.deadline)))
            }
        }
    }

    /// Returns the token that replaces the one of a failed attempt, if the store refused that one and there is another.
    async fn next_token(&self, token: &Token, error: &Error, left: Duration) -> Result<Option<Token>, Error> {
        if !is_token_refused(error) {
            return Ok(None);
        }
        // Without another token in time, the error of the store is returned.
        timeout(left, self.settings.tokens.after_refusal(token)).await.unwrap_or(Ok(None))
    }

    /// Waits for the rate limit, and returns the duration of the wait. Fails with the required wait if it exceeds the
    /// deadline.
    async fn acquire_slot(&self, left: impl Fn() -> Duration) -> Result<(Permit, Duration), Duration> {
        let rate_limiter = &self.settings.rate_limiter;
        if let Some(permit) = rate_limiter.try_acquire() {
            return Ok((permit, Duration::ZERO));
        }
        let came = Instant::now();
        // A wait that would exceed the deadline is not started.
        if let Some(wait) = rate_limiter.time_until_ready().filter(|wait| *wait > left()) {
            return Err(wait);
        }
        let permit = timeout(left(), rate_limiter.acquire()).await.map_err(|_| left())?;
        Ok((permit, came.elapsed()))
    }

    /// Waits before a retry after this error, for at least as long as the server asks, and returns the error.
    ///
    /// # Errors
    ///
    /// The deadline or the retry budget does not allow a retry.
    pub(crate) async fn wait_for_retry(&self, error: Error, attempts: u32, start: Instant) -> Result<Error, Error> {
        let wait = retry::backoff(attempts).max(error.retry_after().unwrap_or_default());
        if wait >= self.time_left(start) {
            return Err(error);
        }
        if !self.settings.budget.take() {
            return Err(error.with_used_up_budget());
        }
        sleep(wait).await;
        Ok(error)
    }

    /// Begins a call, whose end is reported.
    pub(crate) fn begin(&self, operation: &'static str) -> CallGuard {
        CallGuard::new(
            CallState::new(operation, self.settings.store_id, Instant::now()),
            self.settings.call_observer.clone(),
        )
    }

    /// Returns the rest of the deadline of a call that started at `start`.
    pub(crate) fn time_left(&self, start: Instant) -> Duration {
        self.settings.deadline.saturating_sub(start.elapsed())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("store_id", &self.settings.store_id)
            .field("host", &self.settings.host)
            .finish_non_exhaustive()
    }
}

impl Transport {
    /// Sends the request of an operation, with retries, and reads the response. A status other than success is an
    /// error.
    pub(crate) async fn send(
        &self,
        http: &reqwest::Client,
        mut request: Request,
        operation: &'static str,
    ) -> Result<Response, Error> {
        let is_read = request.method() == Method::GET;
        let headers = request.headers_mut();
        if !is_read {
            // Ecwid's examples of writes have this header.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        let (call, mut guard) = match &self.call {
            Some(call) if call.operation == operation => (Arc::clone(call), None),
            // A lookup within a call has its own id and attempts, but the same deadline.
            Some(call) => (Arc::new(CallState::new(operation, self.settings.store_id, call.start)), None),
            None => {
                let guard = self.begin(operation);
                (Arc::clone(&guard.state), Some(guard))
            }
        };
        let mut is_uncertain = false;
        let span = call.span.clone();
        let result = self.attempts(http, request, &call, &mut is_uncertain).instrument(span).await;
        let sent = Sent::new(&call, is_uncertain);
        match result {
            Ok(response) => Ok(Response { sent, guard, ..response }),
            Err(error) => {
                let error = sent.complete(error);
                if let Some(guard) = &mut guard {
                    guard.finish(Some(&error));
                }
                Err(error)
            }
        }
    }

    /// Sends a request until it succeeds, or until retries or the deadline are exhausted.
    async fn attempts(
        &self,
        http: &reqwest::Client,
        mut request: Request,
        call: &CallState,
        is_uncertain: &mut bool,
    ) -> Result<Response, Error> {
        let CallState { operation, request_id, start, .. } = call;
        let left = || self.time_left(*start);
        let mut token = self.token(left()).await?;
        let mut may_replace_token = true;
        let (mut tries, mut failed) = (0, None);
        loop {
            request.headers_mut().insert(header::AUTHORIZATION, token.authorization.clone());
            let (permit, queued) = match self.acquire_slot(left).await {
                Ok(turn) => turn,
                Err(wait) => {
                    return Err(failed.unwrap_or_else(|| Error::client_rate_limit(wait, self.settings.deadline)));
                }
            };
            let sent = Instant::now();
            let time_left = self.settings.deadline.saturating_sub(sent - *start);
            if time_left.is_zero() {
                return Err(failed.unwrap_or_else(|| Error::deadline_passed(self.settings.deadline)));
            }
            tries += 1;
            let number = call.next_attempt();
            if let Some(error) = failed.take() {
                tracing::debug!(%error, number, "retrying");
            }
            let spare = request.try_clone().ok_or_else(|| Error::invalid_request("the body cannot be sent twice"))?;
            let mut attempt = mem::replace(&mut request, spare);
            attempt
                .headers_mut()
                .insert(REQUEST_ID, HeaderValue::from_str(request_id).expect("letters and digits are a valid header"));
            let timeout = self.settings.timeout.min(time_left);
            *attempt.timeout_mut() = Some(timeout);

            let span = self.attempt_span(&attempt, operation, number, queued);
            let result = self.attempt(http, attempt, timeout).instrument(span.clone()).await;
            let result = match result {
                Ok(response) => write_response::check(operation, &response).map(|()| response),
                Err(error) if token.is_public() => Err(error.with_public_token()),
                failed => failed,
            };
            let refused = result.as_ref().err().filter(|error| error.status() == Some(429)).map(|error| {
                // All clones wait, because further requests of a blocked token extend the block.
                let wait = error.retry_after().unwrap_or(retry::DEFAULT_RETRY_AFTER).max(retry::backoff(tries));
                self.settings.rate_limiter.pause(wait);
                wait
            });
            drop(permit);
            let (status, failure) = match &result {
                Ok(response) => (Some(response.status.as_u16()), None),
                Err(error) => (error.status(), Some(error.kind())),
            };
            if let Some(failure) = failure {
                let kind = status.map_or_else(|| failure.to_string(), |status| status.to_string());
                span.record("error.type", kind);
            }
            if let Some(observer) = &self.settings.observer {
                let elapsed = sent.elapsed();
                observer(&Attempt { operation, request_id, number, queued, elapsed, status, failure });
            }
            let error = match result {
                Ok(response) => {
                    self.settings.budget.refund();
                    return Ok(response);
                }
                Err(error) => error,
            };
            if may_replace_token && let Some(next) = self.next_token(&token, &error, left()).await? {
                may_replace_token = false;
                // The store did nothing, so this attempt does not count towards the maximum.
                tries -= 1;
                (token, failed) = (next, Some(error));
                continue;
            }
            failed = Some(match refused {
                Some(wait) if wait >= left() => return Err(error),
                // This call waits for the full time, which may be longer than the pause of the other calls.
                Some(wait) => {
                    sleep(wait).await;
                    error
                }
                // A server that fails may send `Retry-After` too.
                None => {
                    if !retry::is_retryable(request.method(), &error) || tries >= self.settings.max_attempts {
                        return Err(error);
                    }
                    let is_unknown = *request.method() != Method::GET && error.leaves_outcome_unknown();
                    let error = self.wait_for_retry(error, tries, *start).await?;
                    *is_uncertain |= is_unknown;
                    error
                }
            });
        }
    }

    /// Returns the span of an attempt. The fields are those of OpenTelemetry for HTTP clients, without the URL, because
    /// it has codes of coupons.
    fn attempt_span(&self, request: &Request, name: &str, number: u32, queued: Duration) -> Span {
        let address =
            |url: &reqwest::Url| hide_tokens(&self.settings.redactor.redact(url.host_str().unwrap_or_default()));
        tracing::debug_span!(
            "attempt",
            number,
            ?queued,
            "otel.kind" = "client",
            "http.request.method" = request.method().as_str(),
            "http.request.resend_count" = number - 1,
            "url.template" = operation(name).map(|operation| operation.path),
            "server.address" = address(request.url()),
            "server.port" = request.url().port_or_known_default(),
            "http.response.status_code" = Empty,
            "error.type" = Empty,
        )
    }

    /// Sends a request once.
    async fn attempt(&self, http: &reqwest::Client, request: Request, timeout: Duration) -> Result<Response, Error> {
        let broken = |error| Error::transport(error, &self.settings.host, timeout);
        let mut response = self.settings.http_clients.execute(http, request, broken).await?;
        let (status, headers) = (response.status(), mem::take(response.headers_mut()));
        let reason = reason(&response);
        Span::current().record("http.response.status_code", status.as_u16());
        tracing::debug!(status = status.as_u16(), "received a response");
        let (body, problem) = read_body(response, self, timeout).await;
        if !status.is_success() {
            // The status decides, even if the body is incomplete.
            let text = String::from_utf8_lossy(&body);
            // Read first, because a part of the text may equal the token.
            let mut api_error = read_error(&text);
            if text.trim().is_empty() {
                api_error.error_message = reason;
            }
            let retry_after = retry_after(&headers, SystemTime::now());
            return Err(Error::api(status, api_error, retry_after, &text, &self.settings.redactor));
        }
        if let Some(problem) = problem {
            return Err(problem.with_response(status, &self.settings.redactor.redact_body(&body)));
        }
        Ok(Response {
            redactor: self.settings.redactor.clone(),
            sent: Sent::default(),
            guard: None,
            status,
            headers,
            body,
        })
    }
}

/// Reads a body up to the size limit, after decompression. Returns the received part, and the error if it is
/// incomplete.
async fn read_body(
    mut response: reqwest::Response,
    transport: &Transport,
    timeout: Duration,
) -> (Bytes, Option<Error>) {
    // A body in a single chunk is not copied.
    let (mut body, mut pieces) = (Bytes::new(), BytesMut::new());
    let problem = loop {
        let length = body.len() + pieces.len();
        match response.chunk().await {
            Ok(None) => break None,
            Ok(Some(chunk)) => {
                let room = transport.settings.max_body - length;
                let part = chunk.slice(..chunk.len().min(room));
                if length == 0 {
                    body = part;
                } else {
                    pieces.extend_from_slice(&mem::take(&mut body));
                    pieces.extend_from_slice(&part);
                }
                if chunk.len() > room {
                    break Some(Error::too_large(transport.settings.max_body));
                }
            }
            Err(error) => break Some(Error::transport(error, &transport.settings.host, timeout)),
        }
    };
    (if pieces.is_empty() { body } else { pieces.freeze() }, problem)
}

/// Reads an error object. Each member is read on its own, so that an invalid one does not hide the others.
pub fn read_error(text: &str) -> ApiError {
    serde_json::from_str(text).unwrap_or_else(|_| {
        let members: JsonObject = serde_json::from_str(text).unwrap_or_default();
        let member = |name: &str| members.get(name).map(|json| json.deserialize().unwrap_or_else(|_| json.to_string()));
        let args = members.get("args").and_then(|json| json.deserialize().ok());
        ApiError { error_message: member("errorMessage"), error_code: member("errorCode"), args, ..ApiError::default() }
    })
}

/// Returns the reason phrase if it is not the usual one. In older documentation, errors are in that phrase and the body
/// is empty.
fn reason(response: &reqwest::Response) -> Option<String> {
    let reason = response.extensions().get::<ReasonPhrase>()?;
    let text = String::from_utf8_lossy(reason.as_bytes()).trim().to_owned();
    (!text.is_empty() && Some(text.as_str()) != response.status().canonical_reason()).then_some(text)
}

/// Returns the delay that the server asks for, in seconds or as an HTTP date.
///
/// A date is compared with the `Date` of the response, because the clock of this machine may differ.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let wait = text(header::RETRY_AFTER)?;
    if !wait.is_empty() && wait.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too large means a very long delay.
        return Some(Duration::from_secs(wait.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(wait).ok()?;
    let now = text(header::DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_has_several_forms() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:07 GMT").unwrap();
        let read = |wait: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, wait.parse().unwrap());
            if let Some(date) = date {
                headers.insert(header::DATE, date.parse().unwrap());
            }
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        for (wait, date, expected) in [
            ("30", None, Some(30)),
            (" 30 ", Some("Sun, 06 Nov 1994 08:49:07 GMT"), Some(30)),
            ("999999999999999999999", None, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None, Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None, Some(30)),
            ("Sun Nov  6 08:49:37 1994", None, Some(30)),
            // The server's clock is an hour ahead, and a day behind.
            ("Sun, 06 Nov 1994 09:49:37 GMT", Some("Sun, 06 Nov 1994 09:49:07 GMT"), Some(30)),
            ("Saturday, 05-Nov-94 08:49:37 GMT", Some("Sat Nov  5 08:49:07 1994"), Some(30)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some("not a date"), Some(30)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", None, Some(0)),
            ("-30", None, None),
            ("1.5", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            assert_eq!(read(wait, date), expected, "{wait:?}, {date:?}");
        }
    }
}
