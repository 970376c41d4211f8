//! [`Shop`]: what an operation works on.

use chrono::{DateTime, Utc};

use crate::{clock::Clock, store::Store};

/// A store as an operation sees it: its coupons and its time.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

impl Shop {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
