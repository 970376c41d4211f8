//! [`Seen`]: the coupons that a search has returned.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::Error;

/// How many coupons must be in the order of their ids until the client relies on that order.
const ENOUGH: usize = 1_000;

/// The coupons that a search has returned.
///
/// If the store returns coupons in the order of their ids, the last id is sufficient. Ecwid documents no order, so
/// all ids are kept until the order is evident.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Seen {
    /// All ids, shared with cursors, and their order so far.
    Ids { ids: Arc<BTreeSet<i64>>, last: Option<i64>, direction: Direction },
    /// All coupons up to the last one, in the order of their ids.
    Range { last: i64, count: u64, direction: Direction },
}

/// The order of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Direction {
    /// Too few ids.
    Unknown,
    Rising,
    Falling,
    /// No order, or an order that must not be relied on.
    None,
}

impl Direction {
    /// Returns the order after `next` follows `last`.
    fn then(self, last: i64, next: i64) -> Self {
        let step = if next > last { Self::Rising } else { Self::Falling };
        if self == Self::Unknown || self == step { step } else { Self::None }
    }
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self::Ids { ids: Arc::default(), last: None, direction: Direction::Unknown }
    }

    /// Keeps all further ids, whatever their order.
    pub(crate) fn in_any_order(mut self) -> Self {
        if let Self::Ids { direction, .. } = &mut self {
            *direction = Direction::None;
        }
        self
    }

    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Ids { ids, .. } => ids.len() as u64,
            Self::Range { count, .. } => *count,
        }
    }

    /// Whether the coupon was returned, or is in front of the returned ones.
    pub(crate) fn contains(&self, id: i64) -> bool {
        match self {
            Self::Ids { ids, .. } => ids.contains(&id),
            Self::Range { last, direction: Direction::Falling, .. } => id >= *last,
            Self::Range { last, .. } => id <= *last,
        }
    }

    /// Marks the coupon as returned. Returns whether it is new.
    pub(crate) fn insert(&mut self, id: i64) -> bool {
        if self.contains(id) {
            return false;
        }
        match self {
            Self::Ids { ids, last, direction } => {
                *direction = last.map_or(*direction, |last| direction.then(last, id));
                *last = Some(id);
                Arc::make_mut(ids).insert(id);
            }
            Self::Range { last, count, .. } => {
                *last = id;
                *count += 1;
            }
        }
        self.compact();
        true
    }

    /// Drops the ids once their order is evident.
    fn compact(&mut self) {
        let Self::Ids { ids, last: Some(last), direction } = self else { return };
        if ids.len() >= ENOUGH && matches!(direction, Direction::Rising | Direction::Falling) {
            *self = Self::Range { last: *last, count: ids.len() as u64, direction: *direction };
        }
    }

    /// Whether coupons that are created during the search are found later in the same pass.
    pub(crate) fn meets_new_ones(&self) -> bool {
        !matches!(self, Self::Range { direction: Direction::Falling, .. })
    }

    /// Checks that a page has the expected order.
    pub(crate) fn check_order(&self, page: &[i64]) -> Result<(), Error> {
        let is_in_order = match self {
            Self::Ids { .. } => true,
            Self::Range { direction: Direction::Falling, .. } => page.is_sorted_by(|left, right| left > right),
            Self::Range { .. } => page.is_sorted_by(|left, right| left < right),
        };
        if is_in_order { Ok(()) } else { Err(Error::out_of_order(self.count())) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENOUGH, Seen};

    fn given(ids: impl Iterator<Item = i64>) -> Seen {
        let mut seen = Seen::new();
        ids.for_each(|id| assert!(seen.insert(id)));
        seen
    }

    #[test]
    fn ids_in_order_are_dropped_but_known() {
        let count = ENOUGH as i64;
        for (name, rising, seen) in [
            ("rising", true, given((1..=count).map(|id| id * 10))),
            ("falling", false, given((1..=count).rev().map(|id| id * 10))),
        ] {
            assert!(matches!(seen, Seen::Range { .. }), "{name}");
            assert_eq!(seen.count(), ENOUGH as u64);
            assert!(seen.contains(10) && seen.contains(count * 10) && seen.contains(500), "{name}");
            assert_eq!(seen.contains(count * 10 + 1), !rising, "{name}");
            assert_eq!(seen.contains(9), rising, "{name}");
            assert_eq!(seen.meets_new_ones(), rising);
            assert_eq!(seen.check_order(&[1, 2, 3]).is_ok(), rising, "{name}");
            assert_eq!(seen.check_order(&[3, 2, 1]).is_ok(), !rising, "{name}");
            assert!(seen.check_order(&[1, 3, 2]).is_err() && seen.check_order(&[2, 2]).is_err(), "{name}");
            let again: Seen = serde_json::from_str(&serde_json::to_string(&seen).unwrap()).unwrap();
            assert_eq!((again.count(), again.contains(500)), (ENOUGH as u64, true));
        }
    }

    #[test]
    fn ids_without_an_order_are_kept() {
        let count = 2 * ENOUGH as i64;
        let mut any_order = Seen::new().in_any_order();
        (1..=count).for_each(|id| assert!(any_order.insert(id)));
        for mut seen in [given((1..=count).map(|id| id ^ 1)), given((1..=5).chain((6..=count).rev())), any_order] {
            assert!(matches!(seen, Seen::Ids { .. }), "{seen:?}");
            assert!(!seen.insert(7) && seen.insert(-7) && seen.check_order(&[1, 3, 2]).is_ok());
        }
    }
}
