//! The functions that generated operations call, in place of progenitor's run-time crate.
//!
//! Names and signatures are those that progenitor's output expects. Its run-time crate drops the status of an error
//! response that is not JSON, reads bodies of any size, and shows response headers in errors.

use std::{fmt, ops::Deref, time::Duration};

use http::{HeaderMap, StatusCode};
use serde::{Serialize, Serializer, de::DeserializeOwned, ser::Error as _};
use serde_json::Value;

use crate::{
    Error,
    schema::HasKind,
    transport::{
        Transport,
        response::{Response, Sent},
    },
};

/// The state of the generated client, in addition to its HTTP client.
pub(crate) type Inner = Transport;

/// The operation of a request.
pub(crate) struct OperationInfo {
    /// The name of the operation.
    pub(crate) operation_id: &'static str,
}

/// The functions that send a request.
pub(crate) trait ClientHooks<Inner> {
    /// Called before a request is sent.
    async fn pre(&self, _request: &mut reqwest::Request, _info: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }

    /// Sends a request and reads the response. A status other than success is an error.
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> Result<Response, Error>;

    /// Called after a request was sent.
    async fn post(&self, _result: &Result<Response, Error>, _info: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }
}

/// The result of an operation, with the status and headers of the response.
#[derive(Clone)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    sent: Sent,
}

impl<T> ResponseValue<T> {
    /// Returns the result.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns the response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the id of the request.
    pub fn request_id(&self) -> &str {
        &self.sent.request_id
    }

    /// Returns how many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.sent.attempts
    }

    /// Returns the duration of the whole call, including delays.
    pub fn elapsed(&self) -> Duration {
        self.sent.elapsed
    }

    /// Whether an earlier attempt of this write may have taken effect, because its response was lost or unreadable.
    ///
    /// The response describes what the last attempt found. That may be the work of the earlier attempt.
    pub fn is_uncertain(&self) -> bool {
        self.sent.is_uncertain
    }

    pub(crate) fn sent(&self) -> &Sent {
        &self.sent
    }

    /// Returns the error of a response that can be decoded but cannot be correct.
    pub(crate) fn invalid(&self, problem: &str) -> Error {
        self.sent.complete(Error::invalid_response(problem).with_status(self.status))
    }

    /// Adds the data of the call to an error.
    pub(crate) fn complete(&self, error: Error) -> Error {
        self.sent.complete(error)
    }

    /// Returns the error of an update to which the store responded that it updated nothing.
    pub(crate) fn not_updated(&self) -> Error {
        self.sent.complete(Error::not_updated().with_status(self.status))
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    pub(crate) fn from_response(response: Response) -> Result<Self, Error>
    where
        T: HasKind,
    {
        let result = response.read().map_err(|error| response.sent.complete(error));
        if let Some(mut guard) = response.guard {
            guard.finish(result.as_ref().err());
        }
        Ok(Self { value: result?, status: response.status, headers: response.headers, sent: response.sent })
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    /// Omits the headers, which may have secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, status, sent, .. } = self;
        f.debug_struct("ResponseValue")
            .field("value", value)
            .field("status", status)
            .field("request_id", &sent.request_id)
            .finish()
    }
}

/// Encodes a value as one path segment.
///
/// Ecwid's client encodes path segments like query strings: a space is `+`, and a plus is `%2B`.
pub(crate) fn encode_path(segment: &str) -> String {
    form_urlencoded::byte_serialize(segment.as_bytes()).collect()
}

/// An optional query parameter.
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
            // The store ignores an empty filter and finds all coupons.
            Value::String(text) if text.is_empty() => {
                return Err(S::Error::custom(format_args!("the parameter `{}` is empty; omit it", self.name)));
            }
            Value::String(text) => text,
            value @ (Value::Bool(_) | Value::Number(_)) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(S::Error::custom(format_args!("the parameter `{}` is not a single value", self.name)));
            }
        };
        serializer.collect_seq([(self.name, text)])
    }
}
