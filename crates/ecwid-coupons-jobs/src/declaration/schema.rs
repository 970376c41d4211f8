//! The JSON Schema of declarations, for editors.

use std::{borrow::Cow, collections::BTreeMap};

use ecwid_coupons::{
    schema::{Field, Kind},
    types::{Coupon, CouponUpdate},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::{Value, json};

use super::read::NONE;

/// Returns the JSON Schema of a [`Declaration`](crate::Declaration), for editors that complete and check TOML.
///
/// # Example
///
/// ```
/// let schema = ecwid_coupons_jobs::declaration_schema();
/// let fields = &schema.as_value()["$defs"]["fields"];
/// assert_eq!(fields["additionalProperties"], false);
/// assert_eq!(fields["properties"]["usesLimit"]["enum"][1], "ONCEPERCUSTOMER");
/// ```
pub fn declaration_schema() -> Schema {
    schema_for!(Document)
}

/// The coupons of an Ecwid store
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Coupons of an Ecwid store")]
#[allow(dead_code)]
struct Document {
    /// The codes that this file is about, such as SUMMER-*. Other coupons with such a code can be removed. Without a scope,
    /// nothing is ever removed.
    #[schemars(length(min = 1))]
    scope: Option<Vec<String>>,
    /// Fields of all coupons that do not set them.
    defaults: Option<Fields>,
    /// The coupons by code. A field that is not named is left as it is.
    #[schemars(default)]
    coupons: BTreeMap<String, Fields>,
}

/// The fields of a coupon, from the list of fields.
struct Fields;

impl JsonSchema for Fields {
    fn schema_name() -> Cow<'static, str> {
        "fields".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let is_declared = |field: &&Field| !matches!(field.name, "code" | "orderCount");
        object(CouponUpdate::FIELDS.iter().filter(is_declared), |field| field.clearable)
    }
}

fn object<'a>(fields: impl Iterator<Item = &'a Field>, can_be_cleared: impl Fn(&Field) -> bool) -> Schema {
    let properties: serde_json::Map<String, Value> = fields
        .map(|field| {
            let mut schema = schema(field, &field.kind);
            if can_be_cleared(field) && !matches!(field.kind, Kind::DateTime) {
                schema = json!({ "anyOf": [schema, { "const": NONE }] });
            }
            schema["description"] = field.description.into();
            if field.deprecated.is_some() {
                schema["deprecated"] = true.into();
            }
            (field.name.to_owned(), schema)
        })
        .collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn schema(field: &Field, kind: &Kind) -> Value {
    match kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Decimal => json!({ "type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$" }),
        Kind::Enum(known) => {
            let is_declared = |value: &&&str| {
                let json = ecwid_coupons::RawJson::from_value(value).expect("text is JSON");
                !Coupon::is_set_by_store(field.name, &json)
            };
            json!({ "enum": known.iter().filter(is_declared).collect::<Vec<_>>() })
        }
        Kind::List(item) => json!({ "type": "array", "items": schema(field, item), "minItems": 1 }),
        Kind::Object(fields) => object(fields.iter(), |_| true).to_value(),
        // Also a date, which may be a date of TOML.
        _ => json!({ "type": "string" }),
    }
}
