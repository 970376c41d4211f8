//! [`Webhooks`]: sends events about coupons to a URL.
//!
//! Nothing is sent unless a URL is set. Redirects are not followed, and no proxy is used.

mod delivery;
mod event;

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use http::Uri;
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet};

use crate::{DEFAULT_CLIENT_SECRET, Error, identifier::new_identifier, lock::lock, redaction::Redaction, rule::Rule};
use delivery::EventClient;
use event::Event;
pub(crate) use event::EventType;

/// The maximum number of deliveries that are kept, and of pending deliveries.
const KEPT: usize = 1000;

/// The URL that receives events, and the secret that signs them. `Debug` does not show the secret.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons::types::NewCoupon;
/// # use ecwid_coupons_sandbox::{DeliveryState, Sandbox, Webhook};
/// # let hook = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let url = format!("http://{}/hook", hook.local_addr()?);
/// # let receiver = axum::Router::new().route("/hook", axum::routing::post(|| async {}));
/// # tokio::spawn(async move { axum::serve(hook, receiver).await });
/// // `url` is the address of your program, such as http://127.0.0.1:3000/hook.
/// let sandbox = Sandbox::builder().webhook(Webhook::new(url).client_secret("client_secret_of_mine")).start().await?;
/// sandbox.client()?.create(&NewCoupon::new("Name", "CODE")).await?;
///
/// sandbox.deliveries_settled().await;
/// let delivery = &sandbox.deliveries()[0];
/// assert_eq!((delivery.event_type, delivery.state), ("discount_coupon.created", DeliveryState::Delivered));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    pub(crate) url: String,
    #[serde(default = "default_client_secret")]
    client_secret: String,
}

fn default_client_secret() -> String {
    DEFAULT_CLIENT_SECRET.to_owned()
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query of a URL can contain a token.
        let url = Redaction::new(std::iter::empty()).text(&self.url);
        f.debug_struct("Webhook").field("url", &url).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Creates a webhook with a URL that begins with `http://`. The secret defaults to [`DEFAULT_CLIENT_SECRET`].
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), client_secret: default_client_secret() }
    }

    /// Sets the client secret that signs the events.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = secret.into();
        self
    }

    /// Parses the URL.
    pub(crate) fn uri(&self) -> Result<Uri, Error> {
        let uri = self.url.parse::<Uri>().ok();
        uri.filter(|uri| uri.scheme_str() == Some("http") && uri.host().is_some()).ok_or_else(|| {
            Error::Setting(
                "invalid webhook URL (expected an http URL such as `http://127.0.0.1:3000/webhook`)".to_owned(),
            )
        })
    }
}

/// An event and the state of its delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// The id of the event. It is the same in all attempts.
    pub event_id: String,
    /// The type of the event, such as `discount_coupon.created`.
    pub event_type: &'static str,
    /// The store of the coupon.
    pub store_id: i64,
    /// The id of the coupon.
    pub entity_id: i64,
    /// The number of attempts.
    pub attempts: u32,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// The status of the last response. `None` if there was no response.
    pub status: Option<u16>,
}

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum DeliveryState {
    /// The event is being sent, or waits for a retry.
    Pending,
    /// The receiver accepted the event.
    Delivered,
    /// The receiver did not accept the event, and it is not sent again.
    Failed,
}

/// The webhooks of a sandbox.
pub(crate) struct Webhooks {
    target: Mutex<Option<Arc<Target>>>,
    deliveries: Mutex<VecDeque<Delivery>>,
    in_flight: Mutex<JoinSet<()>>,
    pending: watch::Sender<usize>,
    client: EventClient,
}

/// The current webhook.
pub(crate) struct Target {
    webhook: Webhook,
    uri: Uri,
}

impl Webhooks {
    pub(crate) fn new(webhook: Option<Webhook>) -> Result<Self, Error> {
        let webhooks = Self {
            target: Mutex::default(),
            deliveries: Mutex::default(),
            in_flight: Mutex::default(),
            pending: watch::Sender::new(0),
            client: delivery::client(),
        };
        webhooks.set(webhook)?;
        Ok(webhooks)
    }

    /// Sets the URL that receives events, or disables events.
    pub(crate) fn set(&self, webhook: Option<Webhook>) -> Result<(), Error> {
        let target =
            webhook.map(|webhook| Ok::<_, Error>(Arc::new(Target { uri: webhook.uri()?, webhook }))).transpose()?;
        *lock(&self.target) = target;
        Ok(())
    }

    /// Returns the URL that receives events.
    pub(crate) fn url(&self) -> Option<String> {
        lock(&self.target).as_ref().map(|target| target.webhook.url.clone())
    }

    /// Returns the latest deliveries, the oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }

    /// Waits until no delivery is pending.
    pub(crate) async fn settled(&self) {
        let _ = self.pending.subscribe().wait_for(|pending| *pending == 0).await;
    }

    /// Stops all pending deliveries.
    pub(crate) async fn stop(&self) {
        *lock(&self.target) = None;
        let mut in_flight = std::mem::take(&mut *lock(&self.in_flight));
        in_flight.shutdown().await;
    }

    /// Removes the deliveries. None may be pending.
    pub(crate) fn clear(&self) {
        lock(&self.deliveries).clear();
        self.pending.send_replace(0);
    }

    /// Sends an event if a webhook is set.
    pub(crate) fn notify(self: &Arc<Self>, event_type: EventType, store_id: i64, entity_id: i64, now: DateTime<Utc>) {
        let Some(target) = lock(&self.target).clone() else { return };
        Rule::WebhooksTellOfCoupons.trace();
        let event_type = event_type.into();
        let event =
            Event { event_id: new_identifier(), event_created: now.timestamp(), store_id, entity_id, event_type };
        let has_room = *self.pending.borrow() < KEPT;
        self.remember(Delivery {
            event_id: event.event_id.clone(),
            event_type,
            store_id,
            entity_id,
            attempts: 0,
            state: if has_room { DeliveryState::Pending } else { DeliveryState::Failed },
            status: None,
        });
        if !has_room {
            return;
        }
        self.pending.send_modify(|pending| *pending += 1);
        let webhooks = Arc::clone(self);
        let mut in_flight = lock(&self.in_flight);
        while in_flight.try_join_next().is_some() {}
        in_flight.spawn(async move {
            webhooks.deliver(&target, &event).await;
            webhooks.pending.send_modify(|pending| *pending -= 1);
        });
    }

    /// Returns whether events are still sent to this target.
    fn is_wanted(&self, target: &Arc<Target>) -> bool {
        lock(&self.target).as_ref().is_some_and(|current| Arc::ptr_eq(current, target))
    }

    fn remember(&self, delivery: Delivery) {
        let mut deliveries = lock(&self.deliveries);
        deliveries.push_back(delivery);
        while deliveries.len() > KEPT {
            deliveries.pop_front();
        }
    }

    fn update(&self, event_id: &str, change: impl FnOnce(&mut Delivery)) {
        if let Some(delivery) = lock(&self.deliveries).iter_mut().rev().find(|delivery| delivery.event_id == event_id) {
            change(delivery);
        }
    }
}
