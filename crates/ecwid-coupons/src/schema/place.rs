//! [`place_of`]: the position of a value in JSON text.

use serde_json::value::RawValue;

use crate::{schema::is_name_of, value::json::JsonMembers};

/// Returns the line and the column of the value at a path such as `catalogLimit.products[0]`, counted from 1.
///
/// Names have the spellings of [`FieldInput`](crate::FieldInput). If the path leads nowhere, this is the position of the
/// innermost value on the way. `None` if there is no value on the way, or if the text is not JSON.
pub fn place_of(json: &str, path: &str) -> Option<(usize, usize)> {
    let names: Vec<_> = path.split(['.', '[']).map(|name| name.trim_end_matches(']')).collect();
    let root: &RawValue = serde_json::from_str(json).ok()?;
    let value = descend(root, &names).get();
    // The value borrows from the text.
    let offset = (value.as_ptr() as usize).checked_sub(json.as_ptr() as usize)?;
    (!std::ptr::eq(value, root.get())).then(|| line_and_column(json, offset))
}

/// Returns the innermost value on the path of names and indexes.
fn descend<'a>(value: &'a RawValue, names: &[&str]) -> &'a RawValue {
    let inner = if value.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
        let index = names.first().and_then(|index| index.parse::<usize>().ok());
        index.and_then(|index| items.get(index).map(|item| (*item, 1)))
    } else {
        let members = serde_json::from_str::<JsonMembers<&RawValue>>(value.get()).map(|members| members.0);
        let members = members.unwrap_or_default();
        // A name such as `catalog_limit_products` has several parts. If a field is given twice, the last one is wrong.
        (1..=names.len()).find_map(|count| {
            let name = names[..count].concat();
            let is_meant = |given: &str| is_name_of(&given.replace('.', ""), &name);
            members.iter().rev().find(|(given, _)| is_meant(given)).map(|(_, value)| (*value, count))
        })
    };
    inner.map_or(value, |(inner, count)| descend(inner, &names[count..]))
}

/// Returns the line and the column of a byte offset, counted from 1. The column counts characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_path() {
        let json = "{\n \"name\": \"ä\", \"code\": 1,\n \"catalog_limit\": {\"products\": [1,\n  2]},\n \"shipping_limit_shipping_methods\": [3], \"code\": 2}";
        for (path, expected) in [
            ("code", Some((5, 50))),
            ("name", Some((2, 10))),
            ("catalogLimit.products[1]", Some((4, 3))),
            ("catalogLimit.products[7]", Some((3, 32))),
            ("catalogLimit.none", Some((3, 19))),
            ("shippingLimit.shippingMethods[0]", Some((5, 38))),
            ("none", None),
        ] {
            assert_eq!(place_of(json, path), expected, "{path}");
        }
        assert_eq!(place_of("{", "code"), None);
    }
}
