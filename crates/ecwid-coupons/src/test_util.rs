//! Help for the tests of a program that uses this crate. Needs the feature `test-util`.
//!
//! There are three ways to test a program:
//!
//! | Way | Use it for |
//! | --- | --- |
//! | [`ClientBuilder::respond_with`](crate::ClientBuilder::respond_with) | a unit test that says what the store responds |
//! | the crate `ecwid-coupons-sandbox` | a test with the behavior of a store, failures and a clock |
//! | errors ([`error`], [`status_error`], [`conflict`], [`rate_limited`]) and values ([`page`], [`call`], [`attempt`]) | a test of a function that takes such a value |
//!
//! Enable the feature for tests only:
//!
//! ```toml
//! [dev-dependencies]
//! ecwid-coupons = { version = "0.1", default-features = false, features = ["test-util"] }
//! ecwid-coupons-sandbox = "0.1"
//! ```
//!
//! Without its default features, the entry does not change which TLS provider the tests use.
//!
//! # Respond in place of the store
//!
//! The client works as usual, with its retries, pagination and decoding. It opens no connection.
//!
//! ```
//! use ecwid_coupons::{Client, test_util};
//!
//! /// The code under test.
//! async fn status_of_page(coupons: &Client, code: &str) -> u16 {
//!     match coupons.get(code).await {
//!         Ok(_) => 200,
//!         Err(error) if error.is_coupon_not_found() => 404,
//!         Err(_) => 502,
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), ecwid_coupons::Error> {
//! let coupons = Client::builder(1003, "secret_test").respond_with(|_| test_util::coupon_not_found()).build()?;
//! assert_eq!(status_of_page(&coupons, "NO-SUCH-CODE").await, 404);
//! # Ok(())
//! # }
//! ```
//!
//! The function gets each request, so it can respond to each differently:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use ecwid_coupons::{Client, test_util, types::CouponUpdate};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), ecwid_coupons::Error> {
//! let bodies = Arc::new(Mutex::new(Vec::new()));
//! let seen = Arc::clone(&bodies);
//! let coupons = Client::builder(1003, "secret_test")
//!     .respond_with(move |request| match (request.method().as_str(), request.url().path()) {
//!         ("GET", "/api/v3/1003/discount_coupons/FIRST") => test_util::json(200, &json!({"id": 1, "code": "FIRST"})),
//!         ("PUT", _) => {
//!             seen.lock().unwrap().push(request.body().and_then(|body| body.as_bytes()).map(<[u8]>::to_vec));
//!             test_util::json(200, &json!({"updateCount": 1}))
//!         }
//!         _ => test_util::coupon_not_found(),
//!     })
//!     .build()?;
//! assert_eq!(coupons.get("FIRST").await?.id, Some(1));
//! coupons.update("FIRST", &CouponUpdate::default().pause()).await?;
//! assert_eq!(bodies.lock().unwrap()[0].as_deref(), Some(br#"{"status":"PAUSED"}"#.as_slice()));
//! # Ok(())
//! # }
//! ```
//!
//! In a test with `#[tokio::test(start_paused = true)]` (tokio's feature `test-util`), the delays before retries take no time.
//!
//! # Use a sandbox
//!
//! The sandbox behaves like a store and can fail on demand. Start one in each test, or share one between all tests:
//! `Sandbox::spawn` starts it on a thread of its own, so it can be a `static`.

use std::time::Duration;

pub use http;
use http::{Response, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use crate::{
    Attempt, Call, Cursor, Difference, Error, ErrorKind, Page, RawJson, RowProblem,
    text::redact::Redactor,
    types::{ApiError, Coupon},
};

/// Returns a response with a JSON body, for [`ClientBuilder::respond_with`](crate::ClientBuilder::respond_with).
///
/// # Panics
///
/// Panics if the status is not from 100 to 999, or if the value cannot be converted to JSON.
pub fn json(status: u16, body: &impl Serialize) -> Response<Vec<u8>> {
    let body = serde_json::to_vec(body).expect("the body can be converted to JSON");
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json;charset=utf-8");
    response.body(body).expect("the status is from 100 to 999")
}

/// Returns an error response with a message and an `errorCode`, for example
/// `error_response(402, "STORE_IS_SUSPENDED", "The store is suspended")`.
///
/// # Panics
///
/// Panics if the status is not from 100 to 999.
pub fn error_response(status: u16, code: &str, message: &str) -> Response<Vec<u8>> {
    json(status, &json!({"errorMessage": message, "errorCode": code}))
}

/// Returns the response of a store that does not have the coupon.
pub fn coupon_not_found() -> Response<Vec<u8>> {
    error_response(404, "DISCOUNT_COUPON_NOT_FOUND", "Coupon is not found")
}

/// Returns an error of this kind.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{ErrorKind, test_util};
///
/// assert!(test_util::error(ErrorKind::Timeout, "too slow").is_network());
/// ```
pub fn error(kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, message)
}

/// Returns the error of a response with a status other than success, and with an `errorCode` if there is one.
///
/// # Panics
///
/// Panics if the status is not from 100 to 999.
///
/// # Example
///
/// ```
/// use ecwid_coupons::test_util;
///
/// assert!(test_util::status_error(404, Some("DISCOUNT_COUPON_NOT_FOUND")).is_coupon_not_found());
/// assert!(test_util::status_error(429, None).is_rate_limited());
/// ```
pub fn status_error(status: u16, code: Option<&str>) -> Error {
    let status = StatusCode::from_u16(status).expect("the status is from 100 to 999");
    let api_error = ApiError { error_code: code.map(str::to_owned), ..ApiError::default() };
    Error::api(status, api_error, None, "", &Redactor::new(""))
}

/// Returns the error of a store that asks to wait, with status 429.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use ecwid_coupons::test_util;
///
/// let error = test_util::rate_limited(Duration::from_secs(30));
/// assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
/// ```
pub fn rate_limited(retry_after: Duration) -> Error {
    Error::api(StatusCode::TOO_MANY_REQUESTS, ApiError::default(), Some(retry_after), "", &Redactor::new(""))
}

/// Returns the error of a create whose code belongs to another coupon.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{RawJson, test_util};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let difference = test_util::difference("discount", "10".parse()?, Some("20".parse()?));
/// let error = test_util::conflict("FIRST", vec![difference]);
/// assert!(error.is_conflict());
/// assert_eq!(error.differences()[0].field, "discount");
/// # Ok(())
/// # }
/// ```
pub fn conflict(code: &str, differences: Vec<Difference>) -> Error {
    Error::conflict(code, differences)
}

/// Returns a difference between a sent and a stored coupon.
pub fn difference(field: &str, sent: RawJson, stored: Option<RawJson>) -> Difference {
    Difference { field: field.to_owned(), sent, stored }
}

/// Returns a problem with a row of [`Client::create_many`](crate::Client::create_many).
pub fn row_problem(row: usize, field: &'static str, problem: &str) -> RowProblem {
    RowProblem { row, field, problem: problem.to_owned() }
}

/// Returns a page of a search. No coupon of it was skipped. Its fields are public, so a test can change them.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{Page, test_util};
///
/// /// The code under test.
/// fn progress(page: &Page) -> String {
///     format!("{} of {}", page.coupons.len(), page.total.unwrap_or_default())
/// }
///
/// # fn example(cursor: ecwid_coupons::Cursor) {
/// let page = test_util::page(Vec::new(), Some(250), cursor);
/// assert_eq!(progress(&page), "0 of 250");
/// # }
/// ```
pub fn page(coupons: Vec<Coupon>, total: Option<u64>, cursor: Cursor) -> Page {
    Page { coupons, skipped: Vec::new(), total, cursor }
}

/// Returns the first attempt of an operation, with status 200. Its fields are public, so a test can change them.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{ErrorKind, test_util};
///
/// let mut attempt = test_util::attempt("get_discount_coupon");
/// (attempt.status, attempt.failure) = (Some(503), Some(ErrorKind::Status));
/// ```
pub fn attempt<'a>(operation: &'static str) -> Attempt<'a> {
    Attempt {
        operation,
        request_id: "TestTest",
        number: 1,
        queued: Duration::ZERO,
        elapsed: Duration::ZERO,
        status: Some(200),
        failure: None,
    }
}

/// Returns a call of store 1003 that succeeded at the first attempt. Its fields are public, so a test can change them.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{ErrorKind, test_util};
///
/// let error = test_util::error(ErrorKind::Timeout, "too slow");
/// let mut call = test_util::call("get_discount_coupon");
/// call.error = Some(&error);
/// ```
pub fn call<'a>(operation: &'static str) -> Call<'a> {
    Call {
        operation,
        store_id: 1003,
        request_id: "TestTest",
        attempts: 1,
        elapsed: Duration::ZERO,
        error: None,
        is_dropped: false,
    }
}
