//! Delivers an event with a POST request, and retries if it is not accepted.

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

/// The delay before each attempt, in seconds. Ecwid makes 27 attempts within a day.
const WAITS: [u64; 6] = [0, 1, 2, 4, 8, 16];

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(10);

/// The statuses that accept an event.
const TAKEN: [u16; 5] = [200, 201, 202, 204, 209];

/// The client for events. It does not follow redirects and does not use proxies.
pub(super) type EventClient = Client<HttpConnector, Full<Bytes>>;

pub(super) fn client() -> EventClient {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    Client::builder(TokioExecutor::new()).build(connector)
}

impl Webhooks {
    /// Sends an event until it is accepted, the target changes, or all attempts have failed.
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
            let status = self.send(target, event).await;
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

    /// Sends an event, and returns the status of the response, if there was one.
    async fn send(&self, target: &Target, event: &Event) -> Option<u16> {
        let body = serde_json::to_vec(event).ok()?;
        let request = Request::post(target.uri.clone())
            .header(header::CONTENT_TYPE, "application/json; charset=UTF-8")
            .header("X-Ecwid-Webhook-Signature", event.signature(&target.webhook.client_secret))
            .body(Full::new(Bytes::from(body)));
        let response = tokio::time::timeout(TIMEOUT, self.client.request(request.ok()?)).await.ok()?.ok()?;
        Some(response.status().as_u16())
    }
}
