//! [`Webhooks`]: tells a URL of what happens to coupons.
//!
//! Nothing is sent anywhere unless a URL was given, and then to that URL alone: redirects are not followed, and no proxy is used.

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
use delivery::Sender;
use event::Event;
pub(crate) use event::EventType;

/// How many deliveries are remembered, and how many may be under way.
const KEPT: usize = 1000;

/// Where events go, and what they are signed with. `Debug` does not show the secret.
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
/// // `url` is that of your program, such as http://127.0.0.1:3000/hook.
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
        // It may have a token in its query.
        let url = Redaction::new(std::iter::empty()).text(&self.url);
        f.debug_struct("Webhook").field("url", &url).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Events go to this URL, which begins with `http://`. They are signed with [`DEFAULT_CLIENT_SECRET`] unless told otherwise.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), client_secret: default_client_secret() }
    }

    /// The client secret of the app, which events are signed with.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = secret.into();
        self
    }

    /// The URL as one that can be sent to.
    pub(crate) fn uri(&self) -> Result<Uri, Error> {
        let uri = self.url.parse::<Uri>().ok();
        uri.filter(|uri| uri.scheme_str() == Some("http") && uri.host().is_some()).ok_or_else(|| {
            Error::Setting(
                "the URL of a webhook is one like http://127.0.0.1:3000/webhook; the sandbox has no https".to_owned(),
            )
        })
    }
}

/// An event, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// The event's id, the same in all attempts.
    pub event_id: String,
    /// What happened, such as `discount_coupon.created`.
    pub event_type: &'static str,
    /// The store that it happened in.
    pub store_id: i64,
    /// The coupon's id.
    pub entity_id: i64,
    /// How often it was sent.
    pub attempts: u32,
    /// Where it stands.
    pub state: DeliveryState,
    /// The status that the URL answered last; nothing when it did not answer.
    pub status: Option<u16>,
}

/// Where the delivery of an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is sent, or waits to be sent again.
    Pending,
    /// The URL took it.
    Delivered,
    /// It was not taken, and is not sent any more.
    Failed,
}

/// The webhooks of a sandbox.
pub(crate) struct Webhooks {
    target: Mutex<Option<Arc<Target>>>,
    deliveries: Mutex<VecDeque<Delivery>>,
    in_flight: Mutex<JoinSet<()>>,
    pending: watch::Sender<usize>,
    sender: Sender,
}

/// A webhook that is there now.
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
            sender: Sender::new(),
        };
        webhooks.set(webhook)?;
        Ok(webhooks)
    }

    /// Sends to another URL from now on, or to none.
    pub(crate) fn set(&self, webhook: Option<Webhook>) -> Result<(), Error> {
        let target =
            webhook.map(|webhook| Ok::<_, Error>(Arc::new(Target { uri: webhook.uri()?, webhook }))).transpose()?;
        *lock(&self.target) = target;
        Ok(())
    }

    /// Where events go.
    pub(crate) fn url(&self) -> Option<String> {
        lock(&self.target).as_ref().map(|target| target.webhook.url.clone())
    }

    /// The last deliveries, the oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }

    /// Waits until no delivery is pending.
    pub(crate) async fn settled(&self) {
        let _ = self.pending.subscribe().wait_for(|pending| *pending == 0).await;
    }

    /// Ends what is under way.
    pub(crate) async fn stop(&self) {
        *lock(&self.target) = None;
        let mut in_flight = std::mem::take(&mut *lock(&self.in_flight));
        in_flight.shutdown().await;
    }

    /// Forgets the deliveries, of which none is under way any more.
    pub(crate) fn clear(&self) {
        lock(&self.deliveries).clear();
        self.pending.send_replace(0);
    }

    /// Sends an event, if there is a webhook.
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

    /// Whether events still go there.
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
