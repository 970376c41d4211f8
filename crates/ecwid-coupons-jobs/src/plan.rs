//! [`Plan`]: what a declaration changes in a store.

mod error;
mod saved;

use std::collections::{HashMap, HashSet};

use ecwid_coupons::{
    Client,
    types::{Coupon, CouponStatus, CouponUpdate},
};

pub use error::PlanError;

use crate::{
    Declaration, PlannedChange, PlannedCoupon, PlannedRow, Row, RowChange,
    wanted::{self, find, key},
};

/// What a declaration changes in a store.
///
/// Making a plan changes nothing. A plan can be saved, read by people and programs, and applied later, if the store is
/// still as it was.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// use ecwid_coupons::types::NewCoupon;
/// use ecwid_coupons_jobs::{Declaration, Plan, Prune};
///
/// coupons.create(&NewCoupon::percent("Old", "SUMMER-OLD", 5)).await?;
/// let declaration = Declaration::parse(
///     r#"
///     scope = ["SUMMER-*"]
///
///     [coupons.SUMMER-10]
///     name = "Summer"
///     discountType = "PERCENT"
///     discount = 10
///     "#,
/// )?;
/// let plan = Plan::new(&coupons, &declaration, Prune::Pause, 10).await?;
/// assert_eq!(plan.to_string(), "1 to create, 0 to change, 1 to remove, 0 as they are");
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    store_id: i64,
    base_url: String,
    coupons: Vec<PlannedCoupon>,
    others: Vec<OtherCoupon>,
    unchanged: usize,
}

/// What happens to the coupons in the scope of a declaration that the declaration does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prune {
    /// Nothing.
    #[default]
    Nothing,
    /// They are paused, so that they can be activated again.
    Pause,
    /// They are deleted, unless an order used them.
    Delete,
}

/// A coupon in the scope of a declaration that the declaration does not have.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OtherCoupon {
    /// The code.
    pub code: String,
    /// The id.
    pub id: i64,
    /// The coupon in the store.
    pub stored: Box<Coupon>,
    /// What happens to it.
    pub removal: Removal,
}

/// What happens to a coupon that a declaration does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is left alone, because that was not asked for or because it cannot be used anyway.
    Left,
    /// It is left alone, although it was to be deleted, because an order used it.
    Refused,
    /// It is paused.
    Pause,
    /// It is deleted.
    Delete,
}

impl Removal {
    /// Whether the coupon is paused or deleted.
    pub fn is_made(self) -> bool {
        matches!(self, Self::Pause | Self::Delete)
    }
}

impl Plan {
    /// Reads the store, and returns what a declaration changes. If it has a scope, all coupons are read. Otherwise, the
    /// coupons are looked up by their codes.
    ///
    /// # Errors
    ///
    /// - A coupon has [problems](crate::problems), or a coupon to create has no name.
    /// - Coupons are to be removed, but the declaration has no scope, or more than `most` would be removed.
    /// - A request fails: see [`ecwid_coupons::Error`].
    pub async fn new(client: &Client, declaration: &Declaration, prune: Prune, most: usize) -> Result<Self, PlanError> {
        declaration.check(client)?;
        if prune != Prune::Nothing && declaration.scope().is_none() {
            return Err(PlanError::NoScope);
        }
        let wanted = declaration.coupons();
        let codes: Vec<_> = wanted.iter().map(|wanted| wanted.code.as_str()).collect();
        let mut others = Vec::new();
        let stored = match declaration.scope() {
            None => find(client, &codes).await?,
            Some(scope) => {
                let keys: HashSet<_> = codes.iter().map(|code| key(code)).collect();
                let mut stored = HashMap::new();
                let mut coupons = client.search().stream();
                while let Some(coupon) = coupons.next().await {
                    let coupon = coupon?;
                    let code = coupon.code.clone().unwrap_or_default();
                    if keys.contains(&key(&code)) {
                        stored.insert(key(&code), coupon);
                    } else if let Some(id) = coupon.id.filter(|_| scope.contains(&code)) {
                        let removal = removal(&coupon, prune);
                        others.push(OtherCoupon { code, id, stored: Box::new(coupon), removal });
                    }
                }
                stored
            }
        };
        let count = others.iter().filter(|other| other.removal.is_made()).count();
        if count > most {
            return Err(PlanError::TooManyRemovals { count, most });
        }
        Ok(Self { others, ..Self::of(client, wanted::plan(wanted, stored)?) })
    }

    /// Returns the plan of coupons that were [compared](crate::compare). It removes nothing.
    pub fn of(client: &Client, coupons: Vec<PlannedCoupon>) -> Self {
        let is_unchanged = |planned: &&PlannedCoupon| matches!(planned.change, PlannedChange::Unchanged { .. });
        let unchanged = coupons.iter().filter(is_unchanged).count();
        let (store_id, base_url) = (client.store_id(), client.base_url().to_owned());
        Self { store_id, base_url, coupons, others: Vec::new(), unchanged }
    }

    /// Returns the coupons of the declaration, in its order. A plan that was saved has those that need a change.
    pub fn coupons(&self) -> &[PlannedCoupon] {
        &self.coupons
    }

    /// Returns the coupons in the scope that the declaration does not have. A plan that was saved has those that are
    /// removed.
    pub fn others(&self) -> &[OtherCoupon] {
        &self.others
    }

    /// Whether the store is as it is declared, except for coupons that are left alone.
    pub fn is_empty(&self) -> bool {
        let [create, change, remove] = self.counts();
        create + change + remove == 0
    }

    /// Returns the changes as the rows of a [`Job`](crate::Job): creates first, then updates, pauses and deletes.
    pub fn rows(&self) -> Vec<PlannedRow> {
        let changed = self.coupons.iter().filter_map(|PlannedCoupon { code, change, .. }| {
            let change = match change {
                PlannedChange::Create(new) => RowChange::Create((**new).clone()),
                PlannedChange::Update { id, update, .. } => RowChange::Update { id: *id, update: (**update).clone() },
                PlannedChange::Unchanged { .. } => return None,
            };
            Some((code, change))
        });
        let removed = self.others.iter().filter_map(|OtherCoupon { code, id, removal, .. }| {
            let change = match removal {
                Removal::Pause => RowChange::Update { id: *id, update: CouponUpdate::default().pause() },
                Removal::Delete => RowChange::Delete { id: *id },
                Removal::Left | Removal::Refused => return None,
            };
            Some((code, change))
        });
        let row = |(code, change): (&String, _)| PlannedRow { code: code.clone(), change, columns: Row::default() };
        let mut rows: Vec<_> = changed.chain(removed).map(row).collect();
        rows.sort_by_key(|row| match row.change {
            RowChange::Create(_) => 0,
            RowChange::Delete { .. } => 2,
            _ => 1,
        });
        rows
    }

    /// Returns how many coupons are created, changed and removed.
    fn counts(&self) -> [usize; 3] {
        let is_new = |planned: &&PlannedCoupon| matches!(planned.change, PlannedChange::Create(_));
        let is_changed = |planned: &&PlannedCoupon| matches!(planned.change, PlannedChange::Update { .. });
        let is_removed = |other: &&OtherCoupon| other.removal.is_made();
        [
            self.coupons.iter().filter(is_new).count(),
            self.coupons.iter().filter(is_changed).count(),
            self.others.iter().filter(is_removed).count(),
        ]
    }
}

/// Says how many coupons are created, changed, removed, and as they are declared.
impl std::fmt::Display for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ([create, change, remove], unchanged) = (self.counts(), self.unchanged);
        write!(f, "{create} to create, {change} to change, {remove} to remove, {unchanged} as they are")
    }
}

/// Returns what happens to a coupon that the declaration does not have.
fn removal(coupon: &Coupon, prune: Prune) -> Removal {
    match prune {
        Prune::Pause if coupon.status == Some(CouponStatus::Active) => Removal::Pause,
        Prune::Nothing | Prune::Pause => Removal::Left,
        Prune::Delete if coupon.order_count == Some(0) => Removal::Delete,
        Prune::Delete => Removal::Refused,
    }
}
