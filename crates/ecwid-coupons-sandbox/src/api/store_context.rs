//! [`Shop`]: what an operation works on.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    clock::Clock,
    store::Store,
    webhooks::{EventType, Webhooks},
};

/// A store as an operation sees it: its coupons, its time, and who is told of changes.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) webhooks: Arc<Webhooks>,
}

impl Shop {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Tells of what happened to a coupon.
    pub(crate) fn tell(&self, event_type: EventType, coupon_id: i64) {
        self.webhooks.tell(event_type, self.store.id(), coupon_id, self.now());
    }
}
