//! The fields of a request's body that the sandbox does not read, such as misspelt ones.

use std::fmt;

use ecwid_coupons::{
    Json,
    schema::{Field, Kind},
    types::{BatchRequestItem, CouponUpdate, NewCoupon},
};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The most names that are told of a request, and the most characters of each.
const MAX_NAMES: usize = 100;
const NAME_LENGTH: usize = 100;

/// The fields of a body that the sandbox ignores, such as `discount_type`, `catalogLimit.brands` or, inside a batch,
/// `[0].body.discount_type`. The body may be the beginning of a longer one.
pub(super) fn ignored_fields(method: &str, target: &str, body: &str) -> Vec<String> {
    let path = target.split_once("/api/v3/").map_or("", |(_, path)| path);
    let Some((_, path)) = path.split_once('/') else { return Vec::new() };
    let mut names = Vec::new();
    if method == "POST" && without_query(path) == "batch" {
        // What is wrong with a body its answer says; here counts what was read until then.
        let _ = serde_json::Deserializer::from_str(body).deserialize_seq(Items(&mut names));
        names.truncate(MAX_NAMES);
    } else {
        add_of_coupon(method, path, body, String::new(), &mut names);
    }
    names
}

fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Adds the ignored fields of a create or an update, whose path is below that of the store.
fn add_of_coupon(method: &str, path: &str, body: &str, prefix: String, names: &mut Vec<String>) {
    let segments: Vec<_> = without_query(path).split('/').collect();
    let fields = match (method, segments.as_slice()) {
        ("POST", ["discount_coupons"]) => NewCoupon::FIELDS,
        ("PUT", ["discount_coupons", _]) => CouponUpdate::FIELDS,
        _ => return,
    };
    let unknown = Unknown { fields, prefix, names };
    let _ = unknown.deserialize(&mut serde_json::Deserializer::from_str(body));
}

/// Collects the names of the fields that an object does not have. What is no object has none.
struct Unknown<'a> {
    fields: &'static [Field],
    prefix: String,
    names: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Unknown<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Unknown<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let field = self.fields.iter().find(|field| field.name == name);
            let path = format!("{}{}", self.prefix, name.chars().take(NAME_LENGTH).collect::<String>());
            match field.map(|field| field.kind) {
                None => {
                    if self.names.len() < MAX_NAMES && !self.names.contains(&path) {
                        self.names.push(path);
                    }
                    map.next_value::<IgnoredAny>()?;
                }
                Some(Kind::Object(fields)) => {
                    let prefix = format!("{path}.");
                    // It may be null, or what the answer refuses.
                    let inside = map.next_value::<Json>()?;
                    let mut deserializer = serde_json::Deserializer::from_str(inside.as_str());
                    let _ = Unknown { fields, prefix, names: self.names }.deserialize(&mut deserializer);
                }
                Some(_) => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Collects the names of the ignored fields of the requests of a batch.
struct Items<'a>(&'a mut Vec<String>);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of requests")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(item) = items.next_element::<BatchRequestItem>()? {
            let of_item = item.extra.keys().map(|name| name.chars().take(NAME_LENGTH).collect::<String>());
            self.0.extend(of_item.map(|name| format!("[{index}].{name}")));
            if let Some(body) = &item.body {
                let body = body.deserialize::<String>().unwrap_or_else(|_| body.to_string());
                let (path, prefix) = (item.path.trim_start_matches('/'), format!("[{index}].body."));
                add_of_coupon(item.method.as_str(), path, &body, prefix, self.0);
            }
            if self.0.len() >= MAX_NAMES {
                break;
            }
            index += 1;
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ignored_fields;

    #[test]
    fn fields_that_are_not_read_are_told_by_their_paths() {
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
