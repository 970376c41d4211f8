//! [`StoreContext`]: the store that an operation works on.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    clock::Clock,
    store::Database,
    webhooks::{EventType, Webhooks},
};

/// A store with its clock and its webhooks.
pub(crate) struct StoreContext {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) webhooks: Arc<Webhooks>,
}

impl StoreContext {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sends an event about a coupon.
    pub(crate) fn notify(&self, event_type: EventType, coupon_id: i64) {
        self.webhooks.notify(event_type, self.database.store_id(), coupon_id, self.now());
    }
}
