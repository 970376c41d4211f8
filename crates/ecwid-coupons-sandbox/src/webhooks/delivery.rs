//! How an event gets to its URL: one POST, and again for a while where it is not taken.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::{DeliveryState, Event, Target, Webhooks};
use crate::rule::Rule;

/// How many seconds there are before each attempt. The vendor has 27 of them in a day.
const WAITS: [u64; 6] = [0, 1, 2, 4, 8, 16];

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(10);

/// The statuses that say that an event was taken.
const TAKEN: [u16; 5] = [200, 201, 202, 204, 209];

/// What sends events. It follows no redirects and knows no proxies.
pub(super) struct Sender(Client<HttpConnector, Full<Bytes>>);

impl Sender {
    pub(super) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    /// The status of the response of the URL, if there was one.
    async fn send(&self, target: &Target, event: &Event) -> Option<u16> {
        let body = serde_json::to_vec(event).ok()?;
        let request = Request::post(target.uri.clone())
            .header(header::CONTENT_TYPE, "application/json; charset=UTF-8")
            .header("X-Ecwid-Webhook-Signature", event.signature(&target.webhook.client_secret))
            .body(Full::new(Bytes::from(body)));
        let response = tokio::time::timeout(TIMEOUT, self.0.request(request.ok()?)).await.ok()?.ok()?;
        Some(response.status().as_u16())
    }
}

impl Webhooks {
    /// Sends an event until it is taken, not wanted any more, or was sent often enough.
    pub(super) async fn deliver(&self, target: &Arc<Target>, event: &Event) {
        let mut state = DeliveryState::Failed;
        for wait in WAITS {
            if wait > 0 {
                Rule::WebhooksAreSentAgain.trace();
                tokio::time::sleep(Duration::from_secs(wait)).await;
            }
            if !self.is_wanted(target) {
                break;
            }
            let status = self.sender.send(target, event).await;
            self.update(&event.event_id, |delivery| {
                delivery.attempts += 1;
                delivery.status = status;
            });
            Rule::WebhooksAreTaken.trace();
            if status.is_some_and(|status| TAKEN.contains(&status)) {
                state = DeliveryState::Delivered;
                break;
            }
        }
        self.update(&event.event_id, |delivery| delivery.state = state);
    }
}
