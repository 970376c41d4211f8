//! Plans in files. A plan that was saved is applied only if its coupons are still as they were.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    path::Path,
};

use ecwid_coupons::{
    __private::changes_of,
    Client,
    types::{Coupon, CouponUpdate, NewCoupon},
};
use serde::{Deserialize, Serialize};

use super::{OtherCoupon, Plan, PlanError, Removal};
use crate::{
    PlannedChange, PlannedCoupon,
    wanted::{find, key},
};

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    version: u32,
    store_id: i64,
    base_url: String,
    actions: Vec<Action>,
    unchanged: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    action: Kind,
    code: String,
    /// The new coupon of a create.
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon: Option<Box<NewCoupon>>,
    /// The changes of an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    update: Option<Box<CouponUpdate>>,
    /// The coupon as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<Box<Coupon>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Create,
    Update,
    Pause,
    Delete,
}

impl Plan {
    /// Writes the plan to a file that only its owner can read. It has the coupons as they were, and no token.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlanError> {
        let path = path.as_ref();
        let write = || {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer_pretty(&mut file, &self.saved()).map_err(io::Error::from)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)
        };
        write().map(drop).map_err(|error| PlanError::File { path: path.to_owned(), reason: error.to_string() })
    }

    fn saved(&self) -> Saved {
        let coupons = self.coupons.iter().filter_map(|PlannedCoupon { code, change, stored, .. }| {
            let (action, coupon, update) = match change {
                PlannedChange::Create(new) => (Kind::Create, Some(new.clone()), None),
                PlannedChange::Update { update, .. } => (Kind::Update, None, Some(update.clone())),
                PlannedChange::Unchanged { .. } => return None,
            };
            Some(Action { action, code: code.clone(), coupon, update, stored: stored.clone() })
        });
        let others = self.others.iter().filter_map(|OtherCoupon { code, stored, removal, .. }| {
            let action = match removal {
                Removal::Pause => Kind::Pause,
                Removal::Delete => Kind::Delete,
                Removal::Left | Removal::Refused => return None,
            };
            Some(Action { action, code: code.clone(), coupon: None, update: None, stored: Some(stored.clone()) })
        });
        let actions = coupons.chain(others).collect();
        let Self { store_id, base_url, unchanged, .. } = self;
        Saved { version: VERSION, store_id: *store_id, base_url: base_url.clone(), actions, unchanged: *unchanged }
    }

    /// Reads a plan that was [saved](Self::save), and looks up its coupons.
    ///
    /// Order counts may differ from the plan, unless the coupon is deleted. The API cannot make a change depend on the
    /// state of a coupon, so a change during the next seconds is not noticed.
    ///
    /// # Errors
    ///
    /// - The text is not a plan, or a newer version of this crate made it.
    /// - It is for another store or another server.
    /// - [`PlanError::Changed`]: a coupon is not as it was when the plan was made.
    /// - A request fails: see [`ecwid_coupons::Error`].
    pub async fn load(client: &Client, text: &str) -> Result<Self, PlanError> {
        let Saved { store_id, base_url, actions, unchanged, .. } = parse(text)?;
        if (store_id, base_url.as_str()) != (client.store_id(), client.base_url()) {
            let name = |store_id, base_url: &str| format!("store {store_id} at {base_url}");
            let (wanted, given) = (name(store_id, &base_url), name(client.store_id(), client.base_url()));
            return Err(PlanError::OtherStore { wanted, given });
        }
        let codes: Vec<_> = actions.iter().map(|action| action.code.as_str()).collect();
        let found = find(client, &codes).await?;
        let coupons: Vec<_> = actions.iter().filter_map(|action| changed(action, &found)).collect();
        if !coupons.is_empty() {
            return Err(PlanError::Changed { coupons });
        }
        let mut plan = Self { store_id, base_url, coupons: Vec::new(), others: Vec::new(), unchanged };
        for action in actions {
            plan.add(action)?;
        }
        Ok(plan)
    }

    fn add(&mut self, Action { action, code, coupon, update, stored }: Action) -> Result<(), PlanError> {
        let incomplete = || PlanError::Invalid(format!("the action for `{code}` is incomplete"));
        let id = stored.as_ref().and_then(|stored| stored.id);
        let change = match action {
            Kind::Create => PlannedChange::Create(coupon.ok_or_else(incomplete)?),
            Kind::Update => {
                let (id, update) = (id.ok_or_else(incomplete)?, update.ok_or_else(incomplete)?);
                let differences = stored.as_ref().map(|stored| changes_of(&update, stored)).unwrap_or_default();
                PlannedChange::Update { id, update, differences }
            }
            Kind::Pause | Kind::Delete => {
                let removal = if action == Kind::Pause { Removal::Pause } else { Removal::Delete };
                let (id, stored) = (id.ok_or_else(incomplete)?, stored.ok_or_else(incomplete)?);
                self.others.push(OtherCoupon { code, id, stored, removal });
                return Ok(());
            }
        };
        self.coupons.push(PlannedCoupon { code, change, stored, note: None });
        Ok(())
    }
}

fn parse(text: &str) -> Result<Saved, PlanError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let invalid = |error: serde_json::Error| PlanError::Invalid(error.to_string());
    let Version { version } = serde_json::from_str(text).map_err(invalid)?;
    if version != VERSION {
        return Err(PlanError::Invalid(format!("it has version {version} (expected {VERSION})")));
    }
    serde_json::from_str(text).map_err(invalid)
}

/// Says how a coupon differs from the one that the plan was made for.
fn changed(Action { action, code, stored, .. }: &Action, found: &HashMap<String, Coupon>) -> Option<String> {
    let (before, now) = match (stored, found.get(&key(code))) {
        (None, None) => return None,
        (None, Some(_)) => return Some(format!("`{code}` exists")),
        (Some(_), None) => return Some(format!("`{code}` does not exist")),
        (Some(before), Some(now)) => (before, now),
    };
    if before.id != now.id {
        return Some(format!("`{code}` was deleted and created again"));
    }
    let update = CouponUpdate::between(before, now);
    let mut changes: Vec<_> = changes_of(&update, before)
        .iter()
        .map(|change| {
            let stored = change.stored.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
            let now = if change.sent.as_str() == "null" { "nothing" } else { change.sent.as_str() };
            format!("{} {stored} → {now}", change.field)
        })
        .collect();
    if *action == Kind::Delete && before.order_count != now.order_count {
        changes.push("an order used it".to_owned());
    }
    (!changes.is_empty()).then(|| format!("`{code}`: {}", changes.join(", ")))
}
