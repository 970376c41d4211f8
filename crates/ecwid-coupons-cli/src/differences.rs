//! The fields of a coupon that change, in words and in JSON.

use std::collections::BTreeMap;

use ecwid_coupons::{Difference, JsonObject, RawJson};

/// Returns the old and the new values in words, such as `discount: 10 → 12.5`.
pub(crate) fn text(changes: &[Difference]) -> String {
    let shown = changes.iter().map(|Difference { field, sent, stored, .. }| {
        let stored = stored.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
        format!("{field}: {stored} → {}", if sent.as_str() == "null" { "nothing" } else { sent.as_str() })
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Returns an object with the old and the new value of each field.
pub(crate) fn json(changes: &[Difference]) -> Result<RawJson, serde_json::Error> {
    let changes = changes.iter().map(|Difference { field, sent, stored, .. }| {
        let change = [("old", RawJson::from_value(stored)?), ("new", sent.clone())];
        Ok((field.clone(), RawJson::from_value(&BTreeMap::from(change))?))
    });
    RawJson::from_value(&changes.collect::<Result<JsonObject, serde_json::Error>>()?)
}
