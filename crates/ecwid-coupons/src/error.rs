//! [`Error`], the one error type of the client.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;

use crate::{
    CouponRef, Difference, FieldError,
    schema::{Operation, operation},
    text::{
        escape::escape_untrusted,
        redact::{Redactor, hide_tokens},
    },
    transport::{call::CallState, rate_limit::LONGEST_PAUSE},
    types::ApiError,
};

pub(crate) mod json;
mod transport;

#[cfg(feature = "rustls")]
pub(crate) use transport::causes;
pub(crate) use transport::chain;

/// The error of every call.
///
/// To handle an error, use predicates such as [`is_coupon_not_found`](Self::is_coupon_not_found), or
/// [`kind`](Self::kind) and [`status`](Self::status).
///
/// # Errors common to all calls
///
/// - [`Configuration`](ErrorKind::Configuration): the [token provider](crate::ClientBuilder::token_provider) failed, if
///   there is one.
/// - [`InvalidRequest`](ErrorKind::InvalidRequest): an argument is invalid. No request was sent.
/// - [`Connect`](ErrorKind::Connect): the server or the proxy cannot be reached, or TLS fails.
/// - [`Timeout`](ErrorKind::Timeout): the timeout of an attempt or the deadline of the call passed.
/// - [`RateLimited`](ErrorKind::RateLimited): the client's own rate limit allows the request only after the deadline.
/// - [`Network`](ErrorKind::Network): the connection broke before the response was complete.
/// - [`Status`](ErrorKind::Status): the store refused the request. For example, the token is invalid (403), the store's
///   plan lacks coupons (402), the rate limit is exceeded (429), or the server failed (5xx).
/// - [`Decode`](ErrorKind::Decode): the response is not the documented one.
///
/// The "Errors" section of a call lists its further errors. A web service can map them in this order:
///
/// | predicate | status of the service |
/// | --- | --- |
/// | [`is_coupon_not_found`](Self::is_coupon_not_found) | 404 |
/// | [`is_conflict`](Self::is_conflict) | 409 |
/// | [`is_rate_limited`](Self::is_rate_limited) | 429, with [`retry_after`](Self::retry_after) |
/// | kind [`InvalidRequest`](ErrorKind::InvalidRequest), [`status`](Self::status) 400, or [`is_nothing_updated`](Self::is_nothing_updated) | 422 |
/// | [`is_timeout`](Self::is_timeout) | 504 |
/// | all others, such as a refused token | 502 |
/// [`Client`](crate::Client) describes when a request is
/// retried before its error is returned.
///
/// # Text
///
/// The text of an error has the operation, the problem and a hint. It never has a token or a response header. It is a
/// single line: control characters, direction marks and invisible characters from the server are escaped, as in `\n`
/// and `\u{202e}`. It names the cause, so [`source`](std::error::Error::source) returns `None`. Otherwise, reports that
/// print an error with its sources would print the cause twice.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// let error = coupons.get("NO-SUCH-CODE").await.unwrap_err();
/// assert!(error.is_coupon_not_found());
/// assert_eq!(error.code(), Some("DISCOUNT_COUPON_NOT_FOUND"));
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    context: Box<Context>,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client is invalid, such as the token, the store id or the base URL, or the token provider failed.
    Configuration,
    /// A value of the request is invalid. No request was sent.
    InvalidRequest,
    /// The server could not be reached. No request was sent.
    Connect,
    /// The timeout of an attempt or the deadline of the call passed.
    Timeout,
    /// The rate limit of the client, or a pause that the store asked for, does not allow a request before the deadline.
    /// The request was not sent. A 429 response of the store is a [`Status`](Self::Status).
    RateLimited,
    /// The connection broke before the response was complete.
    Network,
    /// The server responded with a status other than success.
    Status,
    /// The response could not be read.
    Decode,
    /// A lookup after a create found another coupon with the code. A 409 response of the store is a
    /// [`Status`](Self::Status). [`Error::is_conflict`] is true for both.
    Conflict,
}

impl ErrorKind {
    /// Returns the name of the kind in snake case, such as `rate_limited`. It does not change in later versions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Network => "network",
            Self::Status => "status",
            Self::Decode => "decode",
            Self::Conflict => "conflict",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[derive(Clone, Default)]
struct Context {
    operation: Option<&'static Operation>,
    request_id: Option<Box<str>>,
    status: Option<StatusCode>,
    api_error: ApiError,
    /// Ecwid's `errorCode` as it was received, for decisions. A part of it may equal the token, so it is never shown.
    received_code: Option<Box<str>>,
    retry_after: Option<Duration>,
    body: Option<Box<str>>,
    /// The whole body of a page with unreadable coupons, for searches that skip them.
    whole_body: Option<Bytes>,
    hint: Option<String>,
    /// Whether another attempt would fail in the same way.
    permanent: bool,
    /// Whether an attempt before the failed one may have taken effect.
    uncertain_attempt: bool,
    /// Whether a lookup after the last attempt showed that it had no effect.
    had_no_effect: bool,
    /// Whether the retry budget did not allow a retry.
    used_up_budget: bool,
    /// Whether the store reported that it updated nothing.
    not_updated: bool,
    attempts: u32,
    elapsed: Duration,
    differences: Vec<Difference>,
}

/// Ecwid's `errorCode` for a coupon that does not exist.
const COUPON_NOT_FOUND: &str = "DISCOUNT_COUPON_NOT_FOUND";

/// The hint for an unknown enum value.
pub(crate) const UNKNOWN_VALUE_HINT: &str =
    "correct the value, or allow values that are newer than this version with `allow_unknown`";

/// The hint for a proxy that requires credentials.
const PROXY_CREDENTIALS: &str = "set the user name and the password of the proxy in its address, such as \
     `http://user:password@proxy.example:3128` (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, or the `proxy` setting)";

/// The maximum length of [`Error::body`], in characters.
const BODY_EXCERPT: usize = 500;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), context: Box::default() }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.context.hint = Some(hint.into());
        self
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        // The caller may have passed a token as another setting.
        Self::new(ErrorKind::Configuration, hide_tokens(&message.into()))
    }

    pub(crate) fn invalid_field(error: &FieldError) -> Self {
        let refused = Self::invalid_request(error.to_string());
        if error.is_unknown() { refused.with_hint(UNKNOWN_VALUE_HINT) } else { refused }
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, hide_tokens(&message.into()))
    }

    /// Removes the token from the message and from the values of the store.
    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        self.message = redactor.redact(&self.message);
        for difference in &mut self.context.differences {
            difference.stored = difference.stored.as_ref().map(|stored| redactor.redact_json(stored));
        }
        self
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(ErrorKind::Decode, format!("the response is larger than {limit} bytes"))
    }

    pub(crate) fn conflict(code: &str, differences: Vec<Difference>) -> Self {
        let shown: Vec<_> = differences
            .iter()
            .map(|Difference { field, sent, stored }| {
                let stored = stored.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
                format!("`{field}` is {stored} (sent: {sent})")
            })
            .collect();
        let message = format!("another coupon has the code `{code}`: {}", shown.join("; "));
        let mut error =
            Self::new(ErrorKind::Conflict, message).with_hint("choose another code, or update the existing coupon");
        error.context.differences = differences;
        error
    }

    /// A call that would have to wait for the rate limit until after its deadline. The wait is zero if it is not known.
    pub(crate) fn client_rate_limit(wait: Duration, deadline: Duration) -> Self {
        let shown = deadline.as_secs_f64();
        let message = if wait.is_zero() {
            format!("rate limited: earlier requests took the whole {shown} s deadline; no request was sent")
        } else {
            let wait = wait.as_secs_f64();
            format!(
                "rate limited: the next request is allowed in {wait:.1} s, which exceeds the {shown} s deadline; no request \
                 was sent"
            )
        };
        let mut error = Self::new(ErrorKind::RateLimited, message)
            .with_hint("set a longer deadline, or send fewer requests with this token");
        error.context.retry_after = Some(wait).filter(|wait| !wait.is_zero());
        error
    }

    /// A call whose deadline passed before a request was sent.
    pub(crate) fn deadline_passed(deadline: Duration) -> Self {
        let message = format!("the {} s deadline passed; no request was sent", deadline.as_secs_f64());
        Self::new(ErrorKind::Timeout, message).with_hint("set a longer deadline")
    }

    /// A token provider that took longer than the deadline of the call.
    pub(crate) fn token_deadline(deadline: Duration) -> Self {
        let deadline = deadline.as_secs_f64();
        let message =
            format!("the token provider did not respond within the {deadline} s deadline; no request was sent");
        Self::new(ErrorKind::Timeout, message).with_hint("check the token provider, or set a longer deadline")
    }

    /// Replaces the hint, if the store refused a public token.
    pub(crate) fn with_public_token(self) -> Self {
        match self.status() {
            Some(401 | 403) => self.with_hint(
                "use the secret token of the app, which starts with `secret_`, because a public token cannot read or change \
                 coupons",
            ),
            _ => self,
        }
    }

    /// Adds the status, and the part of the body that was received.
    pub(crate) fn with_response(self, status: StatusCode, body: &str) -> Self {
        self.with_status(status).with_body(body)
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.context.status = Some(status);
        self
    }

    pub(crate) fn not_updated() -> Self {
        let message = "the store responded that it updated nothing";
        let hint = "check the coupon's id or code, and that the store accepts the values of the update";
        let mut error = Self::new(ErrorKind::Status, message).with_hint(hint);
        error.context.not_updated = true;
        error
    }

    /// A response that can be decoded but cannot be correct.
    pub(crate) fn invalid_response(problem: &str) -> Self {
        Self::new(ErrorKind::Decode, format!("invalid response: {problem}"))
    }

    /// A code that no coupon has, according to a search.
    pub(crate) fn no_coupon_with_code(code: &CouponRef) -> Self {
        let hint = "pass an integer if you mean an id, because text is a code";
        Self::no_coupon(no_coupon_with(code), hint)
    }

    /// An id that no coupon has, although a coupon has it as its code.
    pub(crate) fn no_coupon_with_id(id: i64) -> Self {
        let hint = "pass text if you mean the code, because a coupon has this number as its code";
        Self::no_coupon(no_coupon_with(&id.into()), hint)
    }

    /// Names the coupon of the call, if the store reported that it does not exist.
    pub(crate) fn with_coupon(mut self, coupon: &CouponRef) -> Self {
        if self.is_coupon_not_found() {
            self.message = format!("{}: {}", no_coupon_with(coupon), self.message);
        }
        self
    }

    fn no_coupon(message: String, hint: &str) -> Self {
        let mut error = Self::new(ErrorKind::Status, message).with_hint(hint);
        error.context.api_error.error_code = Some(COUPON_NOT_FOUND.to_owned());
        error.context.received_code = Some(COUPON_NOT_FOUND.into());
        error
    }

    pub(crate) fn unstable_pages() -> Self {
        let message = "the coupons changed faster than they could be read, or there are fewer than their `total`";
        Self::new(ErrorKind::Decode, message).with_hint("repeat the search when fewer coupons change, or add filters")
    }

    pub(crate) fn out_of_order(given: u64) -> Self {
        let message =
            format!("the coupons are not in the order of their ids, as the first {given} were; some could be missed");
        Self::new(ErrorKind::Decode, message)
            .with_hint("repeat the search with `any_order`, which keeps all ids in memory")
    }

    /// A response with a status other than success.
    pub(crate) fn api(
        status: StatusCode,
        api_error: ApiError,
        retry_after: Option<Duration>,
        body: &str,
        redactor: &Redactor,
    ) -> Self {
        let received_code = api_error.error_code.as_deref().map(Into::into);
        let is_not_found = api_error.error_message.as_deref().is_some_and(|text| text.contains("Coupon is not found"));
        let api_error = redactor.redact_response(api_error);
        let reason = status.canonical_reason().unwrap_or("unknown status");
        let mut message = format!("{} {reason}", status.as_u16());
        if let Some(text) = &api_error.error_message {
            message.push_str(": ");
            message.push_str(text);
        }
        if let Some(code) = &api_error.error_code {
            message.push_str(&format!(" ({code})"));
        }
        let mut error = Self::new(ErrorKind::Status, message);
        let readable = api_error != ApiError::default();
        error.context.status = Some(status);
        error.context.api_error = api_error;
        error.context.retry_after = retry_after;
        error.context.received_code = received_code;
        if status == StatusCode::NOT_FOUND && error.context.received_code.is_none() && is_not_found {
            // The message of Ecwid's server, from `CouponsTest` of ecwid-java-api-client.
            error.context.received_code = Some(COUPON_NOT_FOUND.into());
        }
        if readable { error } else { error.with_body(&redactor.redact(body)) }
    }

    /// A response whose body is not the documented one.
    pub(crate) fn decode(status: StatusCode, problem: impl fmt::Display, body: &str) -> Self {
        Self::new(ErrorKind::Decode, format!("cannot read the response: {problem}")).with_response(status, body)
    }

    /// Adds the hint for a response in which a single coupon is unreadable. The message names the coupon.
    pub(crate) fn of_one_coupon(self) -> Self {
        self.with_hint("select other fields, or skip the coupon with `skip_unreadable` of a search")
    }

    pub(crate) fn with_whole_body(mut self, body: Bytes) -> Self {
        self.context.whole_body = Some(body);
        self
    }

    pub(crate) fn take_whole_body(&mut self) -> Option<Bytes> {
        self.context.whole_body.take()
    }

    fn with_body(mut self, body: &str) -> Self {
        let excerpt: String = body.chars().take(BODY_EXCERPT).collect();
        self.context.body = (!excerpt.trim().is_empty()).then(|| excerpt.into_boxed_str());
        self
    }

    /// Adds the operation, and its default hint unless the error has one.
    pub(crate) fn with_operation(mut self, name: &'static str) -> Self {
        self.context.operation = operation(name);
        self.context.hint = self.context.hint.take().or_else(|| self.default_hint());
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: &str) -> Self {
        self.context.request_id = Some(request_id.into());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, elapsed: Duration) -> Self {
        (self.context.attempts, self.context.elapsed) = (attempts, elapsed);
        self
    }

    /// Completes the error of a call that consists of several requests. The error of a lookup keeps its own id and
    /// attempts.
    pub(crate) fn of_call(mut self, call: &CallState) -> Self {
        self.context.elapsed = call.start.elapsed();
        if self.operation() == Some(call.operation) {
            self.context.attempts = call.attempts();
            if call.attempts() > 0 {
                self.context.request_id = Some((*call.request_id).into());
            }
        }
        self
    }

    pub(crate) fn with_uncertain_attempt(mut self, is_uncertain: bool) -> Self {
        self.context.uncertain_attempt = is_uncertain;
        self
    }

    /// The error of a create in a batch whose results cannot be read.
    pub(crate) fn of_lost_creates(self) -> Self {
        let mut error = self.with_operation("create_discount_coupon").with_uncertain_attempt(true);
        error.context.attempts = 1;
        error
    }

    pub(crate) fn has_uncertain_attempt(&self) -> bool {
        self.context.uncertain_attempt
    }

    pub(crate) fn with_used_up_budget(mut self) -> Self {
        self.context.used_up_budget = true;
        self
    }

    /// A failed create, after a lookup that found no coupon with the code.
    ///
    /// If the server responded, it has processed the request, so the create had no effect. If the response was lost, the
    /// store may still be processing it.
    pub(crate) fn without_coupon(mut self) -> Self {
        self.context.had_no_effect = self.has_response_of_store();
        let may_still = self.may_have_taken_effect();
        self.with_hint(if may_still {
            "no coupon has the code yet, but the store may still create it; look up the code again before retrying"
        } else {
            "no coupon has the code, so the coupon was not created; try again later"
        })
    }

    /// Whether the store itself responded. A gateway responds with 502 or 504 while the store processes the request.
    pub(crate) fn has_response_of_store(&self) -> bool {
        self.status().is_some_and(|status| !matches!(status, 502 | 504))
            && !matches!(self.kind, ErrorKind::Timeout | ErrorKind::Network)
    }

    /// Whether the failure follows from what the caller asked for, rather than from the store, the network or a setting.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(self.kind, ErrorKind::InvalidRequest | ErrorKind::Conflict)
            || matches!(self.status(), Some(400 | 404 | 409))
            || self.is_coupon_not_found()
            || self.is_nothing_updated()
    }

    /// Returns how many times the request of [`operation`](Self::operation) was sent during the whole call. 0 means that
    /// it was not sent.
    pub fn attempts(&self) -> u32 {
        self.context.attempts
    }

    /// Returns the duration of the whole call, including delays.
    pub fn elapsed(&self) -> Duration {
        self.context.elapsed
    }

    pub(crate) fn is_permanent(&self) -> bool {
        self.context.permanent
    }

    /// Whether the store responded to an update that it updated nothing, with status 200. Either the coupon does not
    /// exist, or the store ignores all fields of the update.
    pub fn is_nothing_updated(&self) -> bool {
        self.context.not_updated
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the coupon does not exist. A 404 response for another reason, such as a wrong base URL or store id, does
    /// not count.
    pub fn is_coupon_not_found(&self) -> bool {
        self.received_code() == Some(COUPON_NOT_FOUND)
    }

    /// Whether the store does not exist. Check the store id.
    pub fn is_store_not_found(&self) -> bool {
        self.received_code() == Some("STORE_NOT_FOUND")
    }

    fn received_code(&self) -> Option<&str> {
        self.context.received_code.as_deref()
    }

    /// Whether the request conflicts with the store's data. For example, another coupon has the code.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409) || self.kind == ErrorKind::Conflict
    }

    /// Returns the fields in which the existing coupon differs from the one to create. Empty unless the existing coupon
    /// was looked up.
    pub fn differences(&self) -> &[Difference] {
        &self.context.differences
    }

    /// Whether the rate limit is exceeded: the store responded with status 429, or the client did not send the request.
    ///
    /// [`retry_after`](Self::retry_after) returns the time to wait, if it is known.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429) || self.kind == ErrorKind::RateLimited
    }

    /// Whether the token is missing, invalid or revoked. Use another token.
    ///
    /// The status is 401, or 403 with the code `INVALID_API_TOKEN`, as Ecwid responds.
    pub fn is_unauthorized(&self) -> bool {
        match self.status() {
            Some(401) => true,
            Some(403) => self.received_code() == Some("INVALID_API_TOKEN"),
            _ => false,
        }
    }

    /// Whether the token is not allowed to do this, with status 403: the app lacks an access scope, or coupons are
    /// disabled in the store.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403) && !self.is_unauthorized()
    }

    /// Whether the store's plan lacks the API or coupons, or the store is suspended. The status is 402.
    pub fn is_payment_required(&self) -> bool {
        self.status() == Some(402)
    }

    /// Whether the timeout of an attempt or the deadline of the call passed.
    pub fn is_timeout(&self) -> bool {
        self.kind == ErrorKind::Timeout
    }

    /// Whether the server could not be reached, or its response was late or incomplete.
    pub fn is_network(&self) -> bool {
        matches!(self.kind, ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Network)
    }

    /// Whether the write may have taken effect in spite of the error. For example, a create may have made a coupon.
    ///
    /// This is the case if the response was lost or unreadable, or if the server failed, in this attempt or an earlier
    /// one.
    ///
    /// A [create](crate::Client::create) looks up the code after such an attempt. If no coupon has the code, and the
    /// store responded to the attempt, the create had no effect. If the response was lost (a timeout, a broken
    /// connection, or a 502 or 504 of a gateway), the store may still be processing the request, so the create may still
    /// take effect.
    pub fn may_have_taken_effect(&self) -> bool {
        let Context { attempts, uncertain_attempt, had_no_effect, .. } = *self.context;
        self.is_write() && attempts > 0 && (uncertain_attempt || self.leaves_outcome_unknown() && !had_no_effect)
    }

    /// Whether a write with this error may have taken effect. The response is lost or unreadable, or the server failed.
    pub(crate) fn leaves_outcome_unknown(&self) -> bool {
        match self.kind {
            ErrorKind::Timeout | ErrorKind::Network | ErrorKind::Decode => true,
            ErrorKind::Status => matches!(self.status(), Some(408 | 500..=599)),
            ErrorKind::Configuration
            | ErrorKind::InvalidRequest
            | ErrorKind::Connect
            | ErrorKind::RateLimited
            | ErrorKind::Conflict => false,
        }
    }

    /// Returns how long to wait before the next request, as the server asked or as the rate limit of the client requires.
    pub fn retry_after(&self) -> Option<Duration> {
        self.context.retry_after
    }

    /// Returns the HTTP status of the response, if there was a response.
    pub fn status(&self) -> Option<u16> {
        self.context.status.map(|status| status.as_u16())
    }

    /// Returns Ecwid's `errorCode`, such as `DISCOUNT_COUPON_NOT_FOUND`.
    pub fn code(&self) -> Option<&str> {
        self.context.api_error.error_code.as_deref()
    }

    /// Returns the error object of the response, without changes other than redaction.
    pub fn api_error(&self) -> &ApiError {
        &self.context.api_error
    }

    /// Returns the id of the request, sent as `X-Ecwid-Api-Request-Id`. Ecwid's support can look it up.
    pub fn request_id(&self) -> Option<&str> {
        self.context.request_id.as_deref()
    }

    /// Returns the name of the operation, such as `get_discount_coupon`.
    pub fn operation(&self) -> Option<&str> {
        self.context.operation.map(|operation| operation.name)
    }

    /// Returns the start of the body, if the body is not Ecwid's error object.
    pub fn body(&self) -> Option<&str> {
        self.context.body.as_deref()
    }

    /// Returns a suggestion of what to try next, if there is one.
    pub fn hint(&self) -> Option<&str> {
        self.context.hint.as_deref()
    }

    /// Returns the text of the error without the hint. It is a single line.
    pub fn summary(&self) -> String {
        escape_untrusted(&self.unescaped_summary()).into_owned()
    }

    fn unescaped_summary(&self) -> String {
        let Context { request_id, body, uncertain_attempt, used_up_budget, attempts, elapsed, .. } = &*self.context;
        let mut text = self.operation().map_or_else(String::new, |operation| format!("{operation}: "));
        text.push_str(&self.message);
        if let Some(body) = body {
            text.push_str(&format!("; the body starts with {body:?}"));
        }
        if *uncertain_attempt {
            text.push_str("; an earlier attempt may have taken effect");
        }
        if *attempts > 1 {
            text.push_str(&format!("; after {attempts} attempts in {:.1} s", elapsed.as_secs_f64()));
        }
        if *used_up_budget {
            text.push_str("; not retried, because the retry budget is used up");
        }
        if let Some(id) = request_id {
            text.push_str(&format!(" [request {id}]"));
        }
        text
    }

    fn is_write(&self) -> bool {
        self.context.operation.is_some_and(|operation| operation.method != "GET")
    }

    /// The hint that follows from the kind, the status and the operation.
    fn default_hint(&self) -> Option<String> {
        let is_create = self.context.operation.is_some_and(|operation| operation.method == "POST");
        let is_unknown = self.leaves_outcome_unknown();
        let text = match (self.kind, self.status()) {
            _ if is_unknown && is_create => "the coupon may have been created; look up its code before retrying",
            _ if is_unknown && self.is_write() => "the write may have taken effect; retrying it is safe",
            (ErrorKind::Decode, _) => "check the base URL and the proxy: the response may be from another server",
            _ if is_unknown => "try again later",
            (ErrorKind::Status, Some(300..=399)) => "check the base URL: the server redirects the request",
            (ErrorKind::Status, Some(400)) => "check the value that the message names",
            (ErrorKind::Status, Some(402)) => {
                "check that the store's plan includes the API and coupons, and that the store is not suspended"
            }
            (ErrorKind::Status, Some(401 | 403)) => return Some(self.access_hint()),
            (ErrorKind::Status, Some(404)) if self.is_store_not_found() => "check the store id",
            (ErrorKind::Status, Some(404)) => "check the coupon's id or code, and the base URL",
            (ErrorKind::Status, Some(409)) => "choose another code, or update the coupon that has this code",
            (ErrorKind::Status, Some(407)) => PROXY_CREDENTIALS,
            (ErrorKind::Status, Some(429)) => return Some(self.rate_limit_hint()),
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn access_hint(&self) -> String {
        let scopes = self.context.operation.map_or(&[][..], |operation| operation.scopes).join("`, `");
        match self.received_code() {
            _ if scopes.is_empty() => "check that the token is valid and belongs to this store".to_owned(),
            Some("INSUFFICIENT_APP_SCOPE") => format!("give the app the access scope `{scopes}`"),
            _ => format!("check that the token is valid, belongs to this store, and has the access scope `{scopes}`"),
        }
    }

    fn rate_limit_hint(&self) -> String {
        let wait = match self.retry_after() {
            Some(wait) if wait > LONGEST_PAUSE => {
                return format!(
                    "wait: the server asks for {} s, and the client tests it with a single request after {} minutes",
                    wait.as_secs(),
                    LONGEST_PAUSE.as_secs() / 60
                );
            }
            Some(wait) => format!("{} s", wait.as_secs()),
            None => "a minute".to_owned(),
        };
        format!("wait {wait} before the next request, because earlier requests extend the wait")
    }
}

/// Returns the message for a coupon that does not exist. The caller may have passed a token as the code.
fn no_coupon_with(coupon: &CouponRef) -> String {
    let name = if coupon.id().is_some() { "id" } else { "code" };
    hide_tokens(&format!("no coupon has the {name} `{coupon}`"))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        if let Some(hint) = self.hint() {
            write!(f, "; hint: {}", escape_untrusted(hint))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("text", &self.to_string())
            .finish()
    }
}

impl std::error::Error for Error {}

impl From<crate::CouponRefError> for Error {
    fn from(error: crate::CouponRefError) -> Self {
        Self::invalid_request(error.to_string())
    }
}
