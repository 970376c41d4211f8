//! Selects the fields of a response that `responseFields` names.

use std::collections::HashMap;

use ecwid_coupons::{RawJson, ResponseFields};
use indexmap::IndexMap;

/// Returns the named fields of a JSON value, unchanged. Unknown names are ignored.
pub(crate) fn select(json: &RawJson, fields: &ResponseFields) -> Result<RawJson, serde_json::Error> {
    Selection::of(fields).part_of(json)
}

/// The named fields in a map, so the number of names does not slow down the selection.
struct Selection<'a>(HashMap<&'a str, Option<Self>>);

impl<'a> Selection<'a> {
    fn of(fields: &'a ResponseFields) -> Self {
        Self(fields.iter().map(|(name, below)| (name, below.map(Self::of))).collect())
    }

    fn part_of(&self, json: &RawJson) -> Result<RawJson, serde_json::Error> {
        match json.as_str().as_bytes().first() {
            Some(b'{') => {
                let mut selected = IndexMap::new();
                for (name, value) in json.deserialize::<IndexMap<String, RawJson>>()? {
                    match self.0.get(name.as_str()) {
                        Some(Some(below)) => selected.insert(name, below.part_of(&value)?),
                        Some(None) => selected.insert(name, value),
                        None => None,
                    };
                }
                RawJson::from_value(&selected)
            }
            Some(b'[') => {
                let items = json.deserialize::<Vec<RawJson>>()?;
                RawJson::from_value(&items.iter().map(|item| self.part_of(item)).collect::<Result<Vec<_>, _>>()?)
            }
            _ => Ok(json.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_select_fields_in_the_order_of_the_response() {
        let page = r#"{"total":2,"items":[{"id":1,"discount":10.00,"catalogLimit":{"products":[1],"categories":[]}}]}"#;
        let select =
            |fields: &str| super::select(&page.parse().unwrap(), &fields.parse().unwrap()).unwrap().to_string();
        assert_eq!(select("items(discount,id)"), r#"{"items":[{"id":1,"discount":10.00}]}"#);
        assert_eq!(select("total,items"), page);
        assert_eq!(select("items(catalogLimit(products))"), r#"{"items":[{"catalogLimit":{"products":[1]}}]}"#);
        assert_eq!(select("nothing"), "{}");
    }
}
