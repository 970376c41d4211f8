//! Objects as rows of a table: a column for each field, also of inner objects.

use crate::{
    JsonObject, RawJson,
    schema::{Field, Kind},
};

/// Returns the paths to all fields with values, including the fields of inner objects.
pub fn leaves(fields: &'static [Field]) -> Vec<Vec<&'static Field>> {
    let leaves = fields.iter().flat_map(|field| match field.kind {
        Kind::Object(inside) => leaves(inside).into_iter().map(|rest| [vec![field], rest].concat()).collect(),
        _ => vec![vec![field]],
    });
    leaves.collect()
}

/// Returns the names of a path, separated by dots.
pub fn dotted(path: &[&Field]) -> String {
    path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
}

/// Separates the values of the known fields, by their dotted names, from the unknown fields.
///
/// # Errors
///
/// An inner object is not an object.
pub fn flatten(object: JsonObject, fields: &'static [Field]) -> Result<(JsonObject, JsonObject), serde_json::Error> {
    let mut values = JsonObject::new();
    let rest = take(object, fields, "", &mut values)?;
    Ok((values, rest))
}

/// Moves the known fields of an object to `values`, and returns the unknown fields.
fn take(
    mut object: JsonObject,
    fields: &'static [Field],
    prefix: &str,
    values: &mut JsonObject,
) -> Result<JsonObject, serde_json::Error> {
    for field in fields {
        let Some(json) = object.remove(field.name) else { continue };
        let path = format!("{prefix}{}", field.name);
        match field.kind {
            Kind::Object(inside) => {
                let rest = take(json.deserialize()?, inside, &format!("{path}."), values)?;
                if !rest.is_empty() {
                    object.insert(field.name.to_owned(), RawJson::from_value(&rest)?);
                }
            }
            _ => {
                values.insert(path, json);
            }
        }
    }
    Ok(object)
}
