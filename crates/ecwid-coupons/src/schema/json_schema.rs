//! What the derive of `schemars` cannot say of an [`object!`](crate::schema::object::object).

use schemars::Schema;
use serde_json::{Map, Value};

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
