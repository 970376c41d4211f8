//! What the generated operations call: progenitor's run-time crate, as this project needs it.
//!
//! The names and signatures are those that progenitor's output expects. The crate it expects them from loses the status
//! of a failed answer that is not JSON, reads bodies of any size, and shows response headers in its errors.

use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};
use serde::{Serialize, Serializer, de::DeserializeOwned, ser::Error as _};
use serde_json::Value;

use crate::{
    Error,
    schema::HasKind,
    transport::{
        Transport,
        response::{Call, Response},
    },
};

/// What the generated client holds besides its HTTP client.
pub(crate) type Inner = Arc<Transport>;

/// What a call is of.
pub(crate) struct OperationInfo {
    /// The operation's name.
    pub(crate) operation_id: &'static str,
}

/// How the client sends a request.
pub(crate) trait ClientHooks<Inner> {
    /// Completes a request.
    async fn pre(&self, _request: &mut reqwest::Request, _info: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }

    /// Sends a request and reads the answer, which is an error unless its status is a success.
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> Result<Response, Error>;

    /// Looks at what came of a request.
    async fn post(&self, _result: &Result<Response, Error>, _info: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }
}

/// The value that an operation answered, with the answer's status and headers.
#[derive(Clone)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    call: Call,
}

impl<T> ResponseValue<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The answer's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id that the request was sent with.
    pub fn request_id(&self) -> &str {
        &self.call.request_id
    }

    /// How often the request was sent. An update or a delete that was sent twice may have been done twice, which makes no
    /// difference to the store, but the second finds that the first was there.
    pub fn attempts(&self) -> u32 {
        self.call.attempts
    }

    /// How long the call took in all, delays between attempts included.
    pub fn elapsed(&self) -> Duration {
        self.call.elapsed
    }

    /// Whether an earlier attempt of this write may have taken effect, because its response was lost or unreadable. This
    /// response then describes what the last attempt found, which may be the work of the earlier one.
    pub fn is_uncertain(&self) -> bool {
        self.call.is_uncertain
    }

    /// The error of a response that can be read and is not the result that was asked for.
    pub(crate) fn invalid(&self, problem: &str) -> Error {
        self.call.complete(Error::invalid_response(problem).with_status(self.status))
    }

    /// The error with what is known of the call.
    pub(crate) fn complete(&self, error: Error) -> Error {
        self.call.complete(error)
    }

    /// The error of an update that the store says it did not do.
    pub(crate) fn not_updated(&self) -> Error {
        self.call.complete(Error::not_updated().with_status(self.status))
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    pub(crate) fn from_response(response: Response) -> Result<Self, Error>
    where
        T: HasKind,
    {
        match response.read() {
            Ok(value) => Ok(Self { value, status: response.status, headers: response.headers, call: response.call }),
            Err(error) => Err(response.call.complete(error)),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    /// Without the headers, which may hold what should not be shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, status, call, .. } = self;
        f.debug_struct("ResponseValue")
            .field("value", value)
            .field("status", status)
            .field("request_id", &call.request_id)
            .finish()
    }
}

/// A value as one path segment.
///
/// The store reads path segments the way query strings are read, so a space is `+` and a plus is `%2B`
/// (seen in the vendor's own client).
pub(crate) fn encode_path(segment: &str) -> String {
    form_urlencoded::byte_serialize(segment.as_bytes()).collect()
}

/// A query parameter that may be left out.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = match serde_json::to_value(self.value).map_err(S::Error::custom)? {
            Value::Null => return serializer.collect_seq(std::iter::empty::<(&str, &str)>()),
            // The store takes an empty value for none, so that a filter by it would find everything.
            Value::String(text) if text.is_empty() => {
                return Err(S::Error::custom(format_args!(
                    "the parameter {} is empty; leave it out instead",
                    self.name
                )));
            }
            Value::String(text) => text,
            value @ (Value::Bool(_) | Value::Number(_)) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(S::Error::custom(format_args!("the query parameter {} is no single value", self.name)));
            }
        };
        serializer.collect_seq([(self.name, text)])
    }
}
