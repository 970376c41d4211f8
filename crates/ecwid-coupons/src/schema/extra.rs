//! The member `extra` of a request, which has the fields that this version does not know.

use crate::{
    FieldError, JsonObject, RawJson,
    schema::{self, Field, field_path::FieldPath},
    value::json::JsonMembers,
};

/// The problem of a field that is given more than once.
pub(crate) const TWICE: &str = "it is given twice, possibly in two spellings";

/// Replaces the member `extra` of a request by its members. Refuses other unknown fields.
pub(crate) fn unpack(
    unknown: &mut JsonObject,
    fields: &'static [Field],
    object: FieldPath<'_>,
) -> Result<(), FieldError> {
    let extra = unknown.remove("extra");
    let path = object.to_string();
    let prefix = if path.is_empty() { path } else { format!("{path}.") };
    match unknown.keys().next() {
        Some(name) => Err(unknown_field(fields, &prefix, name)),
        None => extra.map_or(Ok(()), |extra| add(unknown, &extra, fields, &prefix)),
    }
}

/// Adds the members of `extra` to the values of an object with these fields. The names of its fields have the prefix.
pub(crate) fn add(
    values: &mut JsonObject,
    extra: &RawJson,
    fields: &'static [Field],
    prefix: &str,
) -> Result<(), FieldError> {
    let wrong = || FieldError::new(format!("{prefix}extra: invalid value (expected a JSON object of unknown fields)"));
    if extra.as_str() == "null" {
        return Ok(());
    }
    // A table has the object as text.
    let text = extra.deserialize::<String>();
    let members = match &text {
        Ok(text) => serde_json::from_str::<JsonMembers>(text),
        Err(_) => extra.deserialize(),
    };
    for (name, value) in members.map_err(|_| wrong())?.0 {
        if schema::find_column(fields, &name).is_some() {
            let problem = format!("{prefix}extra: `{name}` is a known field (expected outside of `extra`)");
            return Err(FieldError::new(problem));
        }
        insert(values, &name, value, prefix)?;
    }
    Ok(())
}

/// Adds an unknown field, which must not be there yet.
pub(crate) fn insert(values: &mut JsonObject, name: &str, value: RawJson, prefix: &str) -> Result<(), FieldError> {
    match values.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(FieldError::new(format!("{prefix}{name}: {TWICE}"))),
    }
}

/// Returns the error of an unknown field.
pub(crate) fn unknown_field(fields: &[Field], prefix: &str, name: &str) -> FieldError {
    let meant = schema::nearest(fields, name).map(|meant| format!(" (did you mean `{meant}`?)"));
    FieldError::unknown(format!("unknown field: `{prefix}{name}`{}", meant.unwrap_or_default()))
}
