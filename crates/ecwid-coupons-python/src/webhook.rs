//! The verification of webhook requests.

use ecwid_coupons::{
    RawJson,
    reqwest::header::{HeaderMap, HeaderName, HeaderValue},
    webhook,
};
use pyo3::{prelude::*, pybacked::PyBackedBytes};

use crate::to_python::errors;

const SIGNATURE: HeaderName = HeaderName::from_static("x-ecwid-webhook-signature");

/// The fields of an event, in the order of `WebhookEvent`. The last two are JSON.
type Event = (String, i64, i64, String, Option<i64>, Option<String>, Option<String>);

/// Verifies a webhook request with these values of the header of the signature.
#[pyfunction]
pub(crate) fn verify_webhook(secret: &str, signatures: Vec<String>, body: PyBackedBytes) -> PyResult<Event> {
    // Text that cannot be in a header is not a signature either.
    let value = |text: String| HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""));
    let headers = signatures.into_iter().map(|text| (SIGNATURE, value(text))).collect::<HeaderMap>();
    let event = webhook::verify_webhook(secret, &headers, &body).map_err(|error| errors::of_webhook(&error))?;
    let json = |value: Option<RawJson>| value.map(|json| json.to_string());
    Ok((
        event.id,
        event.created.timestamp(),
        event.store_id,
        event.event_type.to_string(),
        event.coupon_id,
        json(event.entity_id),
        json(event.data),
    ))
}
