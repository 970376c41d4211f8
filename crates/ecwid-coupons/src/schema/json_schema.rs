//! What the derive of `schemars` cannot say: the presence of a field of an [`object!`](crate::schema::object::object), and
//! the schemas of types that are read and written by hand.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Number, Value};

use crate::{CommaList, CouponRef, Decimal, EcwidDateTime, Json, Patch, ResponseFields, TimeFilter};

/// Gives types the schemas of those that they are like in JSON.
macro_rules! schemas {
    ($($name:ident $(<$parameter:ident>)?: $json:ty,)*) => { $(
        impl $(<$parameter: JsonSchema>)? JsonSchema for $name $(<$parameter>)? {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$json>::json_schema(generator)
            }
        }
    )* };
}

schemas! {
    CommaList<T>: Vec<T>,
    CouponRef: IntegerOrText,
    Decimal: Number,
    EcwidDateTime: String,
    Json: Value,
    Patch<T>: Option<T>,
    ResponseFields: String,
    TimeFilter: IntegerOrText,
}

// Without a doc comment, which would become the description of the schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code)]
enum IntegerOrText {
    Integer(i64),
    Text(String),
}

/// Makes the schema of an object say of each field what its presence, left there as `x-presence`, means to serde.
///
/// The derive has no attribute for a null that is read and never written. It does take an `Option` for required in the
/// schema of what is written, and only there: that tells the two apart.
pub(crate) fn apply_presence(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let mut required = match object.remove("required") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    let properties = object.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let Some(property) = property.as_object_mut() else { continue };
        let presence = property.remove("x-presence");
        let presence = presence.as_ref().and_then(Value::as_str);
        if presence == Some("optional") && required.iter().any(|known| known == name) {
            remove_null(property);
        }
        if presence != Some("required") {
            required.retain(|known| known != name);
        }
    }
    if !required.is_empty() {
        object.insert("required".to_owned(), required.into());
    }
}

/// Undoes what an `Option` does to the schema of what is in it: null stands beside its type, or beside all of it.
fn remove_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [name] = &mut types[..] {
            let name = name.take();
            schema.insert("type".to_owned(), name);
        }
    }
    if let Some(Value::Array(choices)) = schema.get("anyOf")
        && let [Value::Object(inner), Value::Object(null)] = &choices[..]
        && null.get("type").is_some_and(|name| name == "null")
    {
        let inner = inner.clone();
        schema.remove("anyOf");
        // What the field says of itself goes before what its type says.
        for (key, value) in inner {
            schema.entry(key).or_insert(value);
        }
    }
}
