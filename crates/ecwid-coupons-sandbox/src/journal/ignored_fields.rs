//! The fields of a request body that the sandbox ignores, such as misspelled ones.

use std::fmt;

use ecwid_coupons::{
    RawJson,
    schema::{Field, Kind},
    types::{BatchRequestItem, CouponUpdate, NewCoupon},
};
use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};

/// The maximum number of names for a request, and the maximum number of characters of a name.
const MAX_NAMES: usize = 100;
const NAME_LENGTH: usize = 100;

/// Returns the fields of a body that the sandbox ignores, such as `discount_type`, `catalogLimit.brands` or, inside a
/// batch, `[0].body.discount_type`. The body can be the beginning of a longer one.
pub(super) fn ignored_fields(method: &str, target: &str, body: &str) -> Vec<String> {
    let path = target.split_once("/api/v3/").map_or("", |(_, path)| path);
    let Some((_, path)) = path.split_once('/') else { return Vec::new() };
    let mut names = Vec::new();
    if method == "POST" && without_query(path) == "batch" {
        for (index, item) in members('[', body) {
            let Ok(item) = serde_json::from_str::<BatchRequestItem>(&item) else { break };
            names.extend(item.extra.keys().map(|name| format!("{index}.{}", shortened(name))));
            if let Some(body) = &item.body {
                let body = body.deserialize::<String>().unwrap_or_else(|_| body.to_string());
                let path = item.path.trim_start_matches('/');
                add_of_coupon(item.method.as_str(), path, &body, &format!("{index}.body."), &mut names);
            }
        }
        names.truncate(MAX_NAMES);
    } else {
        add_of_coupon(method, path, body, "", &mut names);
    }
    names
}

fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

fn shortened(name: &str) -> String {
    name.chars().take(NAME_LENGTH).collect()
}

/// Adds the ignored fields of a create or update request. `path` is relative to the store.
fn add_of_coupon(method: &str, path: &str, body: &str, prefix: &str, names: &mut Vec<String>) {
    let segments: Vec<_> = without_query(path).split('/').collect();
    match (method, segments.as_slice()) {
        ("POST", ["discount_coupons"]) => add_unknown(NewCoupon::FIELDS, body, prefix, names),
        ("PUT", ["discount_coupons", _]) => add_unknown(CouponUpdate::FIELDS, body, prefix, names),
        _ => {}
    }
}

/// Adds the members of an object that are not in `fields`.
fn add_unknown(fields: &[Field], object: &str, prefix: &str, names: &mut Vec<String>) {
    for (name, value) in members('{', object) {
        let path = format!("{prefix}{}", shortened(&name));
        match fields.iter().find(|field| field.name == name).map(|field| field.kind) {
            Some(Kind::Object(fields)) => add_unknown(fields, &value, &format!("{path}."), names),
            None if names.len() < MAX_NAMES && !names.contains(&path) => names.push(path),
            _ => {}
        }
    }
}

/// Returns the members of an object by name, or the items of an array by `[index]`, up to the end of the valid JSON.
/// Returns nothing if the JSON does not begin with this bracket.
fn members(bracket: char, json: &str) -> Vec<(String, String)> {
    let mut members = Vec::new();
    if json.trim_start().starts_with(bracket) {
        let _ = serde_json::Deserializer::from_str(json).deserialize_any(Members(&mut members));
    }
    members
}

struct Members<'a>(&'a mut Vec<(String, String)>);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key()? {
            // The name is included even if the value is cut off.
            let value = map.next_value::<RawJson>();
            self.0.push((name, value.as_ref().map(RawJson::to_string).unwrap_or_default()));
            value?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<RawJson>()? {
            self.0.push((format!("[{}]", self.0.len()), item.to_string()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ignored_fields;

    #[test]
    fn ignored_fields_are_listed_by_path() {
        let coupons = "/api/v3/1003/discount_coupons";
        for (method, target, body, expected) in [
            ("POST", coupons, r#"{"name":"N","discount_type":"PERCENT","id":1,"x":[{"y":1}]}"#, "discount_type id x"),
            ("POST", coupons, r#"{"x":1,"x":2,"catalogLimit":{"brands":[1],"products":[1]}}"#, "x catalogLimit.brands"),
            ("POST", coupons, r#"{"catalogLimit":null,"shippingLimit":7,"x":1}"#, "x"),
            ("POST", coupons, r#"{"a":1,"name":"N","b":"cut o"#, "a b"),
            ("PUT", "/api/v3/1003/discount_coupons/A?x=1", r#"{"uses_limit":"SINGLE","name":"N"}"#, "uses_limit"),
            ("POST", coupons, "[1]", ""),
            ("POST", coupons, "", ""),
            ("GET", coupons, r#"{"x":1}"#, ""),
            ("POST", "/api/v3/1003/other", r#"{"x":1}"#, ""),
            (
                "POST",
                "/api/v3/1003/batch?groupId=a",
                r#"[{"method":"POST","path":"/discount_coupons","body":{"a":1}},{"method":"PUT","path":"discount_coupons/1",
                    "body":"{\"b\":1}","bodi":1},{"method":"GET","path":"/x","body":{"c":1}},{"method":"POST","#,
                "[0].body.a [1].bodi [1].body.b",
            ),
        ] {
            assert_eq!(ignored_fields(method, target, body).join(" "), expected, "{body}");
        }
        let many: Vec<_> = (0..10_000).map(|number| format!(r#""{number}":1"#)).collect();
        assert_eq!(ignored_fields("POST", coupons, &format!("{{{}}}", many.join(","))).len(), 100);
    }
}
