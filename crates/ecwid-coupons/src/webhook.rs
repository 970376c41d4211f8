//! Verification of webhook requests: [`verify_webhook`].

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use serde::Deserialize;
use sha2::Sha256;

use crate::{RawJson, error::json::read_json, schema::open_enum::open_enum, text::escape::escape_untrusted};

/// The header with the signature.
const SIGNATURE: &str = "x-ecwid-webhook-signature";

/// The maximum length of a shown problem, in characters. A problem quotes the body, which anyone can send.
const SHOWN: usize = 200;

/// Verifies the signature of a webhook request, and reads its event.
///
/// `secret` is the client secret of the application whose webhook it is. `headers` and `body` are those of the request.
/// Pass the body as it was received.
///
/// # What the signature covers
///
/// **The signature does not cover the whole body.** It covers the time and the id of the event, which are
/// [`created`](WebhookEvent::created) and [`id`](WebhookEvent::id). The store, the type and the coupon are not signed.
/// Whoever has seen one valid request can send its signature with another coupon. An event is therefore a hint to look.
/// Read the coupon anew by its id, and use what the store returns. Do not act on the event alone, for example on a
/// deletion.
///
/// # Notes
///
/// - Events can arrive in any order. The newest state is the one that the store returns.
/// - An event can arrive more than once, because the store sends it again until a response accepts it. Its id is the same
///   each time.
/// - Signatures do not expire. To refuse old events, compare the time of the event with the clock. The store sends an
///   event again for up to 24 hours.
/// - Signatures are compared in constant time.
///
/// # Errors
///
/// The request has no signature, the signature is wrong, or the body cannot be read. Do not act on such a request. Respond
/// with a status such as 401 or 400. [`WebhookError::EmptySecret`] is a mistake in the settings of the program.
///
/// # Example
///
/// ```
/// use ecwid_coupons::webhook::{WebhookEventType, verify_webhook};
/// use ecwid_coupons::reqwest::header::HeaderMap;
///
/// let body = br#"{"eventId":"80aece08-40e8-4145-8764-6c2f0d38678","eventCreated":1700000000,
///     "storeId":1003,"entityId":162428889,"eventType":"discount_coupon.updated"}"#;
/// let mut headers = HeaderMap::new();
/// headers.insert("X-Ecwid-Webhook-Signature", "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU=".parse()?);
///
/// let event = verify_webhook("secret", &headers, body)?;
/// assert_eq!(event.event_type, WebhookEventType::CouponUpdated);
/// assert_eq!((event.store_id, event.coupon_id), (1003, Some(162428889)));
/// // Now read the coupon with `Client::get`.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_webhook(secret: &str, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
    if secret.is_empty() {
        return Err(WebhookError::EmptySecret);
    }
    let mut signatures = headers.get_all(SIGNATURE).iter();
    let signature = signatures.next().ok_or(WebhookError::MissingSignature)?;
    if signatures.next().is_some() {
        return Err(WebhookError::WrongSignature);
    }
    let signature = BASE64_STANDARD.decode(signature).map_err(|_| WebhookError::WrongSignature)?;
    let read: Body = read_json(body).map_err(|problem| WebhookError::unreadable(&problem))?;
    // HMAC accepts a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| WebhookError::EmptySecret)?;
    mac.update(format!("{}.{}", read.event_created, read.event_id).as_bytes());
    mac.verify_slice(&signature).map_err(|_| WebhookError::WrongSignature)?;
    read.try_into()
}

/// The body of a webhook request. Only the id and the time of the event are signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Body {
    event_id: String,
    event_created: i64,
    store_id: i64,
    event_type: WebhookEventType,
    entity_id: Option<RawJson>,
    data: Option<RawJson>,
}

/// An event of a store. See [`verify_webhook`] for which of its fields are signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The id of the event. The same event has the same id each time that it is sent. It is signed.
    pub id: String,
    /// The time of the event, in whole seconds. It is signed.
    pub created: DateTime<Utc>,
    /// The id of the store. It is not signed.
    pub store_id: i64,
    /// The type of the event. It is not signed.
    pub event_type: WebhookEventType,
    /// The id of the coupon. `None` if the event is about something else, such as an order. It is not signed.
    pub coupon_id: Option<i64>,
    /// The id of the coupon or of the other thing, as it was sent. It is not signed.
    pub entity_id: Option<RawJson>,
    /// The further data of the event. The events of coupons have none. It is not signed.
    pub data: Option<RawJson>,
}

impl TryFrom<Body> for WebhookEvent {
    type Error = WebhookError;

    fn try_from(body: Body) -> Result<Self, WebhookError> {
        let Body { event_id: id, event_created, store_id, event_type, entity_id, data } = body;
        let created = DateTime::from_timestamp(event_created, 0).ok_or_else(|| {
            WebhookError::unreadable(&format!(
                "eventCreated: invalid time: {event_created} (expected a Unix timestamp)"
            ))
        })?;
        let coupon_id =
            entity_id.as_ref().filter(|_| event_type.is_about_coupon()).and_then(|id| id.deserialize().ok());
        if coupon_id.is_none() && event_type.is_about_coupon() {
            return Err(WebhookError::unreadable(&"entityId: missing or invalid id of a coupon (expected an integer)"));
        }
        Ok(Self { id, created, store_id, event_type, coupon_id, entity_id, data })
    }
}

open_enum! {
    /// The type of a [`WebhookEvent`].
    pub enum WebhookEventType {
        /// A coupon was created.
        CouponCreated = "discount_coupon.created",
        /// A coupon was updated.
        CouponUpdated = "discount_coupon.updated",
        /// A coupon was deleted.
        CouponDeleted = "discount_coupon.deleted",
    }
}

impl WebhookEventType {
    /// Whether an event of this type is about a coupon. An unknown type can be one too.
    fn is_about_coupon(&self) -> bool {
        self.as_str().starts_with("discount_coupon.")
    }
}

/// The error of [`verify_webhook`]. It contains neither the secret nor a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The secret is empty. Anyone could sign with it.
    EmptySecret,
    /// The request has no header `X-Ecwid-Webhook-Signature`.
    MissingSignature,
    /// The signature does not match, is not base64, or is there more than once.
    WrongSignature,
    /// The body is not the JSON of an event.
    UnreadableBody {
        /// The reason, with the field. It can quote the body.
        problem: String,
    },
}

impl WebhookError {
    fn unreadable(problem: &impl ToString) -> Self {
        let problem = problem.to_string();
        let mut shown: String = problem.chars().take(SHOWN).collect();
        if shown.len() < problem.len() {
            shown.push('…');
        }
        Self::UnreadableBody { problem: escape_untrusted(&shown).into_owned() }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySecret => {
                f.write_str("invalid webhook secret: it is empty (expected the application's client secret)")
            }
            Self::MissingSignature => f.write_str("invalid webhook: no header `X-Ecwid-Webhook-Signature`"),
            Self::WrongSignature => f.write_str("invalid webhook: wrong signature; hint: check the client secret"),
            Self::UnreadableBody { problem } => write!(f, "invalid webhook: cannot read the body: {problem}"),
        }
    }
}

impl std::error::Error for WebhookError {}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const BODY: &str = r#"{"eventId":"80aece08-40e8-4145-8764-6c2f0d38678","eventCreated":1700000000,"storeId":1003,"entityId":162428889,"eventType":"discount_coupon.updated"}"#;
    const SIGNED: &str = "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU=";

    fn signed(signature: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(SIGNATURE), signature.parse().unwrap())])
    }

    #[test]
    fn signatures_match_those_of_openssl() {
        // printf '1700000000.80aece08-40e8-4145-8764-6c2f0d38678' | openssl dgst -sha256 -hmac secret -binary | base64
        for (secret, created, id, signature) in [
            ("secret", 1_700_000_000, "80aece08-40e8-4145-8764-6c2f0d38678", SIGNED),
            (
                "my client secret",
                1_469_429_915,
                "08a78904-4c1a-0aa0-953a-2e33c56236f1",
                "VCttCY+ZkwKoJ1lb6DDu1XjTAMlKzzkzJ4cg7+2z4BE=",
            ),
            ("s€cret", 0, "ä", "mMPDMtCQ4Y0X+vg8wjrZJo8QdzlzdAlPqY19sI2joo8="),
        ] {
            let body = format!(
                r#"{{"eventType":"discount_coupon.deleted","entityId":7,"storeId":1003,"eventCreated":{created},"eventId":"{id}"}}"#
            );
            let event = verify_webhook(secret, &signed(signature), body.as_bytes()).unwrap();
            assert_eq!((event.created.timestamp(), event.id.as_str(), event.store_id), (created, id, 1003));
            assert_eq!((event.event_type, event.coupon_id), (WebhookEventType::CouponDeleted, Some(7)));
        }
    }

    #[test]
    fn another_signature_or_secret_is_wrong() {
        let wrong = Err(WebhookError::WrongSignature);
        assert_eq!(verify_webhook("Secret", &signed(SIGNED), BODY.as_bytes()), wrong);
        let tampered = SIGNED.replace("+v", "+w");
        for signature in [&tampered, "", "no base64!", SIGNED.trim_end_matches('='), &SIGNED[4..], "AAAA"] {
            assert_eq!(verify_webhook("secret", &signed(signature), BODY.as_bytes()), wrong, "{signature}");
        }
        for (signed_text, other) in [("1700000000", "1700000001"), ("80aece08", "90aece08")] {
            assert_eq!(verify_webhook("secret", &signed(SIGNED), BODY.replace(signed_text, other).as_bytes()), wrong);
        }
        let mut twice = signed(SIGNED);
        twice.append(SIGNATURE, HeaderValue::from_static(SIGNED));
        assert_eq!(
            verify_webhook("secret", &twice, BODY.as_bytes()),
            wrong,
            "which of the two the sender means is open"
        );
    }

    #[test]
    fn a_missing_signature_and_an_empty_secret_are_errors_of_their_own() {
        let missing = verify_webhook("secret", &HeaderMap::new(), BODY.as_bytes());
        assert_eq!(missing, Err(WebhookError::MissingSignature));
        // Anyone can compute the signature of an empty secret.
        assert_eq!(verify_webhook("", &signed(SIGNED), BODY.as_bytes()), Err(WebhookError::EmptySecret));
    }

    #[test]
    fn fields_that_are_not_signed_can_be_changed() {
        for (text, other) in [("162428889", "1"), ("1003", "1004"), ("updated", "deleted")] {
            let event = verify_webhook("secret", &signed(SIGNED), BODY.replace(text, other).as_bytes()).unwrap();
            assert_ne!(event, verify_webhook("secret", &signed(SIGNED), BODY.as_bytes()).unwrap());
        }
    }

    #[test]
    fn an_unreadable_body_names_its_field() {
        for (text, other, expected) in [
            (BODY, "", "the text ends before a value at line 1 column 0"),
            (BODY, "[]", "invalid length 0, expected an object at line 1 column 2"),
            (r#""storeId":1003,"#, "", "missing field `storeId`"),
            (
                "1700000000",
                r#""soon""#,
                "eventCreated: invalid type: string \"soon\", expected a whole number of at most 18 digits at line 1 column 70",
            ),
            (r#""eventId""#, r#""eventCreated":1,"eventId""#, "duplicate field `eventCreated`"),
        ] {
            let error = verify_webhook("secret", &signed(SIGNED), BODY.replace(text, other).as_bytes()).unwrap_err();
            let shown = error.to_string();
            assert!(shown.starts_with(&format!("invalid webhook: cannot read the body: {expected}")), "{shown}");
        }
        for entity in [r#""1""#, "null", "1.5", "{}"] {
            let body = BODY.replace("162428889", entity);
            let error = verify_webhook("secret", &signed(SIGNED), body.as_bytes()).unwrap_err().to_string();
            assert_eq!(
                error,
                "invalid webhook: cannot read the body: entityId: missing or invalid id of a coupon (expected an integer)"
            );
        }
        let long = BODY.replace("1700000000", &format!("\"\\n{}\"", "x".repeat(100_000)));
        let error = verify_webhook("secret", &signed(SIGNED), long.as_bytes()).unwrap_err().to_string();
        assert!(error.len() < 300 && !error.contains('\n') && error.ends_with('…'), "{error}");
    }

    #[test]
    fn events_of_other_things_and_unknown_fields_are_accepted() {
        let body = BODY
            .replace("discount_coupon.updated", "order.created")
            .replace("162428889", r#""XJ12H","data":{"orderId":"XJ12H"},"new":1"#);
        let event = verify_webhook("secret", &signed(SIGNED), body.as_bytes()).unwrap();
        assert_eq!(event.event_type, WebhookEventType::Unknown("order.created".to_owned()));
        assert_eq!((event.coupon_id, event.entity_id), (None, Some(r#""XJ12H""#.parse().unwrap())));
        assert_eq!(event.data.unwrap().as_str(), r#"{"orderId":"XJ12H"}"#);
        let body = BODY.replace("discount_coupon.updated", "discount_coupon.restored");
        let event = verify_webhook("secret", &signed(SIGNED), body.as_bytes()).unwrap();
        assert_eq!(event.coupon_id, Some(162_428_889));
    }
}
