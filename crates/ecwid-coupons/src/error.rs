//! [`Error`]: the one error of the client.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;

use crate::{
    Difference,
    schema::{OPERATIONS, Operation},
    text::{
        escape::escape_untrusted,
        redact::{Redactor, hide_tokens},
    },
    transport::rate_limit::LONGEST_PAUSE,
    types::ApiError,
};

pub(crate) mod json;
mod transport;

#[cfg(feature = "rustls")]
pub(crate) use transport::causes;

/// What went wrong, of all that can go wrong with a call.
///
/// The text says what happened, on which operation, and what to try. A token or a response header is never in it. It is one
/// line: control characters, marks of direction and invisible characters that a server sent are escaped, as in `\n` and `\u{202e}`.
/// To act on an error, ask it: [`is_not_found`](Self::is_not_found), [`is_conflict`](Self::is_conflict),
/// [`is_rate_limited`](Self::is_rate_limited), and for all else [`kind`](Self::kind) and [`status`](Self::status).
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
/// # let coupons = sandbox.client()?;
/// let error = coupons.get("NO-SUCH-CODE").await.unwrap_err();
/// assert!(error.is_not_found());
/// assert_eq!(error.code(), Some("DISCOUNT_COUPON_NOT_FOUND"));
/// # Ok(())
/// # }
/// ```
pub struct Error {
    kind: ErrorKind,
    message: String,
    context: Box<Context>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's settings are not valid: a token, a store id, a base URL.
    Configuration,
    /// A value of the request is not valid, and nothing was sent.
    InvalidRequest,
    /// The server could not be reached, and nothing was sent.
    Connect,
    /// The time for the call ran out.
    Timeout,
    /// The connection broke before the whole answer was there.
    Network,
    /// The server answered with another status than success.
    Status,
    /// The server's answer could not be read.
    Decode,
    /// The code is that of a coupon which is not the one that was to be created.
    Conflict,
}

#[derive(Default)]
struct Context {
    operation: Option<&'static Operation>,
    request_id: Option<Box<str>>,
    status: Option<StatusCode>,
    api_error: ApiError,
    retry_after: Option<Duration>,
    body: Option<Box<str>>,
    /// All of a body in which some coupons cannot be read, for a search that goes on without them.
    whole_body: Option<Bytes>,
    hint: Option<String>,
    /// Whether another attempt fails in the same way.
    permanent: bool,
    /// Whether an attempt before the one that failed may have taken effect.
    uncertain_attempt: bool,
    /// Whether the store says that it updated nothing.
    not_updated: bool,
    attempts: u32,
    elapsed: Duration,
    differences: Vec<Difference>,
}

/// The vendor's `errorCode` of a coupon that is not there.
const COUPON_NOT_FOUND: &str = "DISCOUNT_COUPON_NOT_FOUND";

/// What to try when a proxy refused to let anything pass.
const PROXY_CREDENTIALS: &str = "the proxy asks for a user name and a password: check those in its address, or put them there, as in \
     http://user:password@proxy.example:3128 (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, or the `proxy` setting)";

/// The longest part of a body that an error keeps, in characters.
const BODY_EXCERPT: usize = 500;

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), context: Box::default() }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.context.hint = Some(hint.into());
        self
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        // The user may have passed a token as another setting.
        Self::new(ErrorKind::Configuration, hide_tokens(&message.into()))
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, hide_tokens(&message.into()))
    }

    /// The same error without the token in its text and in the values of the store.
    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        self.message = redactor.redact(&self.message);
        for difference in &mut self.context.differences {
            difference.stored = difference.stored.as_ref().map(|stored| redactor.redact_json(stored));
        }
        self
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(ErrorKind::Decode, format!("the answer is larger than {limit} bytes"))
    }

    /// A create whose code another coupon has.
    pub(crate) fn conflict(code: &str, differences: Vec<Difference>) -> Self {
        let shown: Vec<_> = differences
            .iter()
            .map(|Difference { field, sent, stored }| {
                let stored = stored.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
                format!("{field} is {stored} there, {sent} here")
            })
            .collect();
        let message = format!("the store has a coupon {code:?} that is not this one: {}", shown.join("; "));
        let mut error = Self::new(ErrorKind::Conflict, message).with_hint("choose another code, or update that coupon");
        error.context.differences = differences;
        error
    }

    /// A call whose turn would come too late.
    pub(crate) fn rate_limit_deadline(wait: Duration, deadline: Duration) -> Self {
        let shown = deadline.as_secs_f64();
        let message = if wait.is_zero() {
            format!("nothing was sent: the {shown} s that the call has are over")
        } else {
            let wait = wait.as_secs_f64();
            format!(
                "nothing was sent: the store's limit of requests leaves room only in {wait:.1} s, and the call has {shown} s in all"
            )
        };
        Self::new(ErrorKind::Timeout, message)
            .with_hint("give the call a longer deadline, or send fewer requests with this token")
    }

    /// The same error with the status and the part of the body that had come.
    pub(crate) fn with_response(self, status: StatusCode, body: &str) -> Self {
        self.with_status(status).with_body(body)
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.context.status = Some(status);
        self
    }

    /// An update that the store says it did not do.
    pub(crate) fn not_updated() -> Self {
        let message = "the store answered that it updated nothing";
        let mut error = Self::new(ErrorKind::Status, message).with_hint("check the coupon's id or code");
        error.context.not_updated = true;
        error
    }

    /// An answer that can be read and cannot be true.
    pub(crate) fn invalid_response(problem: &str) -> Self {
        Self::new(ErrorKind::Decode, format!("the store answered {problem}"))
    }

    /// A code that no coupon of the store has, as a search found.
    pub(crate) fn no_coupon_with_code(code: &str) -> Self {
        let hint = "a number as text is a code; check whether it was meant as an id";
        Self::no_coupon(format!("no coupon has the code {code:?}"), hint)
    }

    /// An id that no coupon of the store has, although one has it as its code.
    pub(crate) fn no_coupon_with_id(id: i64) -> Self {
        let hint = "a coupon has this number as its code; check whether the code was meant";
        Self::no_coupon(format!("no coupon has the id {id}"), hint)
    }

    fn no_coupon(message: String, hint: &str) -> Self {
        let mut error = Self::new(ErrorKind::Status, message).with_hint(hint);
        error.context.api_error.error_code = Some(COUPON_NOT_FOUND.to_owned());
        error
    }

    /// Pages that could not be read whole.
    pub(crate) fn unstable_pages() -> Self {
        let message =
            "the pages do not hold as many coupons as the store says, or changed faster than they could be read";
        Self::new(ErrorKind::Decode, message)
            .with_hint("search when fewer coupons are created and deleted, or narrow the search down")
    }

    /// A page that is not in the order that all pages before were in.
    pub(crate) fn out_of_order(given: u64) -> Self {
        let message = format!(
            "the coupons do not come in the order of their ids, as the {given} before did, so that some could be missed"
        );
        Self::new(ErrorKind::Decode, message)
            .with_hint("begin the search again with `any_order`, which keeps all ids in memory")
    }

    /// An answer with a status that is no success.
    pub(crate) fn api(status: StatusCode, api_error: ApiError, retry_after: Option<Duration>, body: &str) -> Self {
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
        if readable { error } else { error.with_body(body) }
    }

    /// An answer whose body is not what the operation answers.
    pub(crate) fn decode(status: StatusCode, problem: impl fmt::Display, body: &str) -> Self {
        Self::new(ErrorKind::Decode, format!("the answer could not be read: {problem}")).with_response(status, body)
    }

    /// The same of a response in which one coupon cannot be read, which the message names.
    pub(crate) fn of_one_coupon(self) -> Self {
        self.with_hint(
            "leave the field out of the response, or let a search continue without the coupon by `skip_unreadable`",
        )
    }

    /// The same with all of the body, in which other coupons may be readable.
    pub(crate) fn with_whole_body(mut self, body: Bytes) -> Self {
        self.context.whole_body = Some(body);
        self
    }

    /// All of the body, where it was kept.
    pub(crate) fn take_whole_body(&mut self) -> Option<Bytes> {
        self.context.whole_body.take()
    }

    fn with_body(mut self, body: &str) -> Self {
        let excerpt: String = body.chars().take(BODY_EXCERPT).collect();
        self.context.body = (!excerpt.trim().is_empty()).then(|| excerpt.into_boxed_str());
        self
    }

    /// Says which operation the error is of.
    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.context.operation = OPERATIONS.iter().find(|known| known.name == operation);
        self.context.hint = self.context.hint.take().or_else(|| self.default_hint());
        self
    }

    /// Says which call the error is of, once one was made.
    pub(crate) fn with_request(mut self, operation: &'static str, request_id: &str) -> Self {
        self.context.request_id = Some(request_id.into());
        self.with_operation(operation)
    }

    /// Says how often the request was sent, and how long the call took in all.
    pub(crate) fn with_attempts(mut self, attempts: u32, elapsed: Duration) -> Self {
        (self.context.attempts, self.context.elapsed) = (attempts, elapsed);
        self
    }

    /// Says whether an attempt before the one that failed may have taken effect.
    pub(crate) fn with_uncertain_attempt(mut self, is_uncertain: bool) -> Self {
        self.context.uncertain_attempt = is_uncertain;
        self
    }

    /// Whether an attempt before the one that failed may have taken effect.
    pub(crate) fn has_uncertain_attempt(&self) -> bool {
        self.context.uncertain_attempt
    }

    /// How often the request was sent: 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.context.attempts
    }

    /// How long the call took in all, waits included.
    pub fn elapsed(&self) -> Duration {
        self.context.elapsed
    }

    /// Whether another attempt would surely fail in the same way.
    pub(crate) fn is_permanent(&self) -> bool {
        self.context.permanent
    }

    /// Whether it is an update that the store says it did not do.
    pub(crate) fn is_not_updated(&self) -> bool {
        self.context.not_updated
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether there is no such coupon, or no such store.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) || self.code() == Some(COUPON_NOT_FOUND)
    }

    /// Whether the store says that it has no such coupon: by its code, or by the words of the vendor's server
    /// (ecwid-java-api-client, `CouponsTest`).
    pub(crate) fn is_coupon_not_found(&self) -> bool {
        let words =
            || self.api_error().error_message.as_deref().is_some_and(|text| text.contains("Coupon is not found"));
        self.code() == Some(COUPON_NOT_FOUND) || self.status() == Some(404) && self.code().is_none() && words()
    }

    /// Whether the request does not fit what the store has, such as a code that another coupon has.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409) || self.kind == ErrorKind::Conflict
    }

    /// In what the coupon that has the code differs from the one that was to be created, where that was looked up.
    pub fn differences(&self) -> &[Difference] {
        &self.context.differences
    }

    /// Whether the token sent too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether the token is not valid, or lacks a scope, or the store's plan lacks the feature.
    pub fn is_forbidden(&self) -> bool {
        matches!(self.status(), Some(401..=403))
    }

    /// Whether the server could not be reached or did not answer in full and in time.
    pub fn is_network(&self) -> bool {
        matches!(self.kind, ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Network)
    }

    /// Whether the request may have done its work all the same: a create may have made a coupon that this program knows
    /// nothing of. It is so when the answer is missing or cannot be read, when the server failed, and when that was so of an
    /// earlier attempt, whatever the last one was answered.
    pub fn may_have_taken_effect(&self) -> bool {
        let Context { attempts, uncertain_attempt, .. } = *self.context;
        self.is_write() && attempts > 0 && (uncertain_attempt || self.leaves_outcome_unknown())
    }

    /// Whether a write that failed so may have been done: its response is missing or unreadable, or the server failed.
    pub(crate) fn leaves_outcome_unknown(&self) -> bool {
        match self.kind {
            ErrorKind::Timeout | ErrorKind::Network | ErrorKind::Decode => true,
            ErrorKind::Status => matches!(self.status(), Some(408 | 500..=599)),
            ErrorKind::Configuration | ErrorKind::InvalidRequest | ErrorKind::Connect | ErrorKind::Conflict => false,
        }
    }

    /// How long the server asked to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.context.retry_after
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.context.status.map(|status| status.as_u16())
    }

    /// The vendor's `errorCode`, such as `DISCOUNT_COUPON_NOT_FOUND`.
    pub fn code(&self) -> Option<&str> {
        self.context.api_error.error_code.as_deref()
    }

    /// What the server said of the error, as it said it.
    pub fn api_error(&self) -> &ApiError {
        &self.context.api_error
    }

    /// The id that the request was sent with, as `X-Ecwid-Api-Request-Id`. The vendor's support can find it.
    pub fn request_id(&self) -> Option<&str> {
        self.context.request_id.as_deref()
    }

    /// The operation, such as `get_discount_coupon`.
    pub fn operation(&self) -> Option<&str> {
        self.context.operation.map(|operation| operation.name)
    }

    /// The first part of a body that is not the vendor's error.
    pub fn body(&self) -> Option<&str> {
        self.context.body.as_deref()
    }

    /// What to try.
    pub fn hint(&self) -> Option<&str> {
        self.context.hint.as_deref()
    }

    /// The text without the hint, for programs that show the two apart. It is one line, too.
    pub fn summary(&self) -> String {
        escape_untrusted(&self.unescaped_summary()).into_owned()
    }

    fn unescaped_summary(&self) -> String {
        let Context { request_id, body, uncertain_attempt, attempts, elapsed, .. } = &*self.context;
        let mut text = self.operation().map_or_else(String::new, |operation| format!("{operation}: "));
        text.push_str(&self.message);
        if let Some(body) = body {
            text.push_str(&format!("; the body begins {body:?}"));
        }
        if *uncertain_attempt {
            text.push_str("; an earlier attempt may have taken effect");
        }
        if *attempts > 1 {
            text.push_str(&format!("; after {attempts} attempts in {:.1} s", elapsed.as_secs_f64()));
        }
        if let Some(id) = request_id {
            text.push_str(&format!(" [request {id}]"));
        }
        text
    }

    fn is_write(&self) -> bool {
        self.context.operation.is_some_and(|operation| operation.method != "GET")
    }

    /// What to try, by the kind of the error, its status and its operation.
    fn default_hint(&self) -> Option<String> {
        let is_create = self.context.operation.is_some_and(|operation| operation.method == "POST");
        let is_unknown = self.leaves_outcome_unknown();
        let text = match (self.kind, self.status()) {
            _ if is_unknown && is_create => {
                "it is not known whether this took effect: look the code up before you send it again"
            }
            _ if is_unknown && self.is_write() => {
                "it is not known whether this took effect: look at the coupon, or send it again, which does no harm"
            }
            (ErrorKind::Decode, _) => "something between this program and the store may have answered in its place",
            _ if is_unknown => "try again later",
            (ErrorKind::Status, Some(300..=399)) => "check the base URL: the server sent the request elsewhere",
            (ErrorKind::Status, Some(400)) => "check the value that the message names",
            (ErrorKind::Status, Some(402)) => {
                "the store's plan must include the API and coupons, and the store must not be suspended"
            }
            (ErrorKind::Status, Some(401 | 403)) => return Some(self.access_hint()),
            (ErrorKind::Status, Some(404)) if self.code() == Some("STORE_NOT_FOUND") => "check the store id",
            (ErrorKind::Status, Some(404)) => "check the coupon's id or code, and the base URL",
            (ErrorKind::Status, Some(409)) => {
                "another coupon has this code: choose another code, or update that coupon"
            }
            (ErrorKind::Status, Some(407)) => PROXY_CREDENTIALS,
            (ErrorKind::Status, Some(429)) => return Some(self.rate_limit_hint()),
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn access_hint(&self) -> String {
        let scopes = self.context.operation.map_or(&[][..], |operation| operation.scopes).join("`, `");
        match self.code() {
            _ if scopes.is_empty() => "check that the token is valid and is of this store".to_owned(),
            Some("INSUFFICIENT_APP_SCOPE") => format!("give the app the access scope `{scopes}`"),
            _ => format!("check that the token is valid, is of this store, and has the access scope `{scopes}`"),
        }
    }

    fn rate_limit_hint(&self) -> String {
        let wait = match self.retry_after() {
            Some(wait) if wait > LONGEST_PAUSE => {
                return format!(
                    "the server asks to wait for {} s; after {} minutes the client finds out with one request whether it still does",
                    wait.as_secs(),
                    LONGEST_PAUSE.as_secs() / 60
                );
            }
            Some(wait) => format!("{} s", wait.as_secs()),
            None => "a minute".to_owned(),
        };
        format!("wait {wait} before the next request; calling on makes the wait longer")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        if let Some(hint) = self.hint() {
            write!(f, "; {}", escape_untrusted(hint))?;
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

// The text already names the cause, so there is no `source` that a report would print a second time.
impl std::error::Error for Error {}

impl From<crate::CouponRefError> for Error {
    fn from(error: crate::CouponRefError) -> Self {
        Self::invalid_request(error.to_string())
    }
}
