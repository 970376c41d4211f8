//! The JSON Schema of each type describes its JSON form.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use ecwid_coupons::{
    CommaList, CouponRef, Decimal, EcwidDateTime, JsonObject, Patch, RawJson, ResponseFields, TimeFilter,
    schema::Field,
    schemars::{Schema, generate::SchemaSettings, schema_for},
    types::{
        ApplicationLimit, BatchMethod, BatchRequestItem, BatchResponseStatus, BatchState, Coupon, CouponStatus,
        CouponUpdate, DiscountType, NewCoupon, UsesLimit, json_schemas,
    },
};
use serde_json::{Value, json};

type Schemas = BTreeMap<&'static str, Schema>;

fn read() -> Schemas {
    json_schemas(SchemaSettings::draft2020_12().for_deserialize())
}

fn written() -> Schemas {
    json_schemas(SchemaSettings::draft2020_12().for_serialize())
}

/// Returns the schema of a field, and whether it allows null.
fn field<'a>(schemas: &'a Schemas, object: &str, name: &str) -> (&'a Value, bool) {
    let schema = &schemas[object].as_value()["properties"][name];
    let null = json!({ "type": "null" });
    let holds = |key, value| schema[key].as_array().is_some_and(|all| all.contains(value));
    (schema, holds("type", &null["type"]) || holds("anyOf", &null))
}

#[test]
fn every_field_has_its_description() {
    let objects: [(_, &[Field]); 4] = [
        ("Coupon", Coupon::FIELDS),
        ("NewCoupon", NewCoupon::FIELDS),
        ("CouponUpdate", CouponUpdate::FIELDS),
        ("BatchRequestItem", BatchRequestItem::FIELDS),
    ];
    for schemas in [read(), written()] {
        for (object, fields) in objects {
            let properties = schemas[object].as_value()["properties"].as_object().unwrap();
            let names: BTreeSet<_> = properties.keys().map(String::as_str).collect();
            assert_eq!(names, fields.iter().map(|field| field.name).collect(), "{object}");
            for Field { name, description, .. } in fields {
                assert_eq!(properties[*name]["description"], *description, "{object}.{name}");
            }
        }
    }
}

#[test]
fn required_fields_are_required() {
    for schemas in [read(), written()] {
        let required: Vec<_> =
            schemas.iter().filter_map(|(name, schema)| Some((*name, schema.get("required")?.clone()))).collect();
        let expected = [("BatchRequestItem", json!(["path", "method"])), ("NewCoupon", json!(["name", "code"]))];
        assert_eq!(required, expected);
    }
}

#[test]
fn null_can_be_read_in_every_field_but_a_required_one() {
    for Field { name, .. } in CouponUpdate::FIELDS {
        assert!(field(&read(), "CouponUpdate", name).1, "{name}");
        serde_json::from_str::<CouponUpdate>(&format!("{{{name:?}:null}}")).unwrap();
    }
    assert!(!field(&read(), "NewCoupon", "name").1);
    serde_json::from_str::<NewCoupon>(r#"{"name":null,"code":"A"}"#).unwrap_err();
}

#[test]
fn null_is_written_in_an_update_and_never_else() {
    for Field { name, .. } in CouponUpdate::FIELDS {
        let null = format!("{{{name:?}:null}}");
        let update: CouponUpdate = serde_json::from_str(&null).unwrap();
        assert_eq!(serde_json::to_string(&update).unwrap(), null);
        assert!(field(&written(), "CouponUpdate", name).1, "{name}");
        assert!(!field(&written(), "Coupon", name).1, "{name}");
    }
}

#[test]
fn a_field_has_the_schema_of_its_type() {
    let schemas = written();
    for (object, name, expected) in [
        ("Coupon", "id", json!({ "type": "integer", "format": "int64" })),
        ("Coupon", "discount", json!({ "type": "number" })),
        ("Coupon", "creationDate", json!({ "type": "string" })),
        ("Coupon", "repeatCustomerOnly", json!({ "type": "boolean", "deprecated": true })),
        ("Coupon", "discountType", json!({ "$ref": "#/$defs/DiscountType" })),
        ("CouponUpdate", "discount", json!({ "type": ["number", "null"] })),
        ("CouponUpdate", "name", json!({ "type": ["string", "null"] })),
        ("CouponUpdate", "catalogLimit", json!({ "anyOf": [{ "$ref": "#/$defs/CatalogLimit" }, { "type": "null" }] })),
        ("CouponPage", "items", json!({ "type": "array", "items": { "$ref": "#/$defs/Coupon" } })),
        ("BatchResponse", "httpBody", json!({})),
        ("BatchResponse", "httpStatusCode", json!({ "type": "integer", "format": "int32" })),
        ("ApiError", "args", json!({ "type": "object", "additionalProperties": true })),
    ] {
        let mut schema = field(&schemas, object, name).0.clone();
        schema.as_object_mut().unwrap().remove("description");
        assert_eq!(schema, expected, "{object}.{name}");
    }
}

#[test]
fn a_parameter_has_the_schema_of_its_type() {
    let integer_or_text = json!([{ "type": "integer", "format": "int64" }, { "type": "string" }]);
    assert_eq!(schema_for!(CouponRef).as_value()["anyOf"], integer_or_text);
    assert_eq!(schema_for!(TimeFilter).as_value()["anyOf"], integer_or_text);
    assert_eq!(schema_for!(ResponseFields).as_value()["type"], "string");
    let list = schema_for!(CommaList<CouponStatus>);
    assert_eq!(list.as_value()["type"], "array");
    assert_eq!(list.as_value()["items"], json!({ "$ref": "#/$defs/CouponStatus" }));
}

#[test]
fn unknown_fields_are_allowed() {
    for schemas in [read(), written()] {
        for (name, schema) in &schemas {
            if schema.get("type").is_some_and(|kind| kind == "object") {
                assert_eq!(schema.as_value()["additionalProperties"], true, "{name}");
            }
        }
    }
    assert_eq!(schema_for!(JsonObject).as_value()["additionalProperties"], true);
    assert!(schema_for!(RawJson).get("type").is_none());
}

#[test]
fn an_enum_lists_its_values_and_takes_any_other_text() {
    fn check<T: Display>(name: &str, known: &[T], description: &str) {
        for schemas in [read(), written()] {
            let schema = schemas[name].as_value();
            assert_eq!(schema["description"], description);
            let (other, values) = schema["anyOf"].as_array().unwrap().split_last().unwrap();
            let values: Vec<_> = values.iter().map(|value| value["const"].as_str().unwrap()).collect();
            assert_eq!(values, known.iter().map(ToString::to_string).collect::<Vec<_>>(), "{name}");
            let other = (&other["type"], other.get("const"), other.get("enum"));
            assert_eq!(other, (&json!("string"), None, None), "{name}");
        }
    }
    check("ApplicationLimit", ApplicationLimit::KNOWN, "Which customers can use a coupon.");
    check("BatchMethod", BatchMethod::KNOWN, "The HTTP method of a request in a batch.");
    check("BatchResponseStatus", BatchResponseStatus::KNOWN, "The outcome of a request in a batch.");
    check("BatchState", BatchState::KNOWN, "The state of a batch.");
    check("CouponStatus", CouponStatus::KNOWN, "Whether a coupon can be used.");
    check("DiscountType", DiscountType::KNOWN, "The type of a discount. Defaults to ABS for a new coupon.");
    check("UsesLimit", UsesLimit::KNOWN, "How often a coupon can be used.");
}

#[test]
fn a_schema_is_complete_and_has_no_internal_marks() {
    fn check(schema: &Value, root: &Value) {
        match schema {
            Value::Array(all) => all.iter().for_each(|inner| check(inner, root)),
            Value::Object(all) => {
                for (key, inner) in all {
                    assert_ne!(key, "x-presence");
                    if key == "$ref" {
                        let target = inner.as_str().unwrap().strip_prefix('#').unwrap();
                        assert!(root.pointer(target).is_some(), "{target}");
                    }
                    check(inner, root);
                }
            }
            _ => {}
        }
    }
    let inlined = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    for schemas in [read(), written(), json_schemas(inlined), json_schemas(SchemaSettings::openapi3())] {
        schemas.values().for_each(|schema| check(schema.as_value(), schema.as_value()));
    }
}

#[test]
fn schemas_of_values_are_written_in_place() {
    let schemas = [
        schema_for!(Vec<CommaList<i64>>),
        schema_for!(Vec<CouponRef>),
        schema_for!(Vec<Decimal>),
        schema_for!(Vec<EcwidDateTime>),
        schema_for!(Vec<Patch<String>>),
        schema_for!(Vec<ResponseFields>),
        schema_for!(Vec<TimeFilter>),
    ];
    for schema in schemas {
        let names: Vec<_> =
            schema.get("$defs").and_then(Value::as_object).into_iter().flatten().map(|it| it.0).collect();
        assert!(names.iter().all(|name| *name == "IntegerOrText"), "{names:?}");
    }
}
