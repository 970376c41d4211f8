//! The parts of an [`object!`](crate::schema::object::object) schema that the derive of `schemars` cannot express.

use schemars::Schema;
use serde_json::{Map, Value};

/// Applies the presence of each field, which is in `x-presence`, to the schema of an object.
///
/// The derive cannot express a null that is read but never written. It marks an `Option` as required in the schema for
/// serialization only, which distinguishes the two schemas.
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

/// Removes the null that an `Option` adds to a schema, in the type or in `anyOf`.
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
        // The description of the field precedes that of its type.
        for (key, value) in inner {
            schema.entry(key).or_insert(value);
        }
    }
}
