//! [`Event`]: the body of a webhook request, and its signature.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use strum::IntoStaticStr;

use crate::rule::Rule;

/// The type of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
pub(crate) enum EventType {
    #[strum(serialize = "discount_coupon.created")]
    Created,
    #[strum(serialize = "discount_coupon.updated")]
    Updated,
    #[strum(serialize = "discount_coupon.deleted")]
    Deleted,
}

/// An event as it is sent.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) event_id: String,
    /// The time as a Unix timestamp.
    pub(super) event_created: i64,
    pub(super) store_id: i64,
    pub(super) entity_id: i64,
    pub(super) event_type: &'static str,
}

impl Event {
    /// Returns the signature. It proves that the sender has the client secret. It covers the id and the time, but not
    /// the rest.
    pub(super) fn signature(&self, client_secret: &str) -> String {
        Rule::WebhooksAreSigned.trace();
        // HMAC accepts a key of any length, so this never fails.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()) else { return String::new() };
        mac.update(format!("{}.{}", self.event_created, self.event_id).as_bytes());
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_matches_openssl() {
        // printf '1700000000.80aece08-40e8-4145-8764-6c2f0d38678' | openssl dgst -sha256 -hmac secret -binary | base64
        let event = Event {
            event_id: "80aece08-40e8-4145-8764-6c2f0d38678".to_owned(),
            event_created: 1_700_000_000,
            store_id: 1003,
            entity_id: 1,
            event_type: EventType::Created.into(),
        };
        assert_eq!(event.signature("secret"), "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU=");
    }
}
