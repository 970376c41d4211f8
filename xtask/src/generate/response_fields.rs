//! Writes an enum of field names for each object whose fields a request can select with `responseFields`.

use std::fmt::Write as _;

use heck::ToUpperCamelCase as _;

use super::{
    deprecated::attribute,
    doc_comment::write_doc,
    document::{Document, Member, ObjectType},
    field_type::FieldType,
};

pub(crate) fn write(out: &mut String, document: &Document) {
    for object in objects(document) {
        let name = &object.name;
        out.push_str("\nfield_enum! {\n");
        let _ = writeln!(out, "    /// A field of a [`{name}`], for requests that return selected fields only.");
        let _ = writeln!(out, "    pub enum {name}Field {{");
        write_fields(out, document, object, &mut Vec::new(), None);
        out.push_str("    }\n}\n");
    }
}

pub(crate) fn is_any(document: &Document) -> bool {
    !objects(document).is_empty()
}

/// Returns the objects whose fields can be selected. For a page, these are the objects in its list.
fn objects(document: &Document) -> Vec<&ObjectType> {
    let mut found: Vec<&ObjectType> = Vec::new();
    for operation in &document.operations {
        if !operation.parameters.iter().any(|parameter| parameter.field_type == FieldType::ResponseFields) {
            continue;
        }
        let Some(response) = operation.response.as_ref().and_then(|name| document.object(name)) else { continue };
        let lists = response.members.iter().filter(|member| matches!(member.field_type, FieldType::List(_)));
        let listed = lists.filter_map(|member| document.object(member.field_type.object()?)).next();
        let object = listed.unwrap_or(response);
        if !found.iter().any(|known| known.name == object.name) {
            found.push(object);
        }
    }
    found
}

/// Writes the fields of an object and of its inner objects. `path` holds the fields around the object, and `outer` is the note of
/// one that is deprecated.
fn write_fields<'a>(
    out: &mut String,
    document: &'a Document,
    object: &'a ObjectType,
    path: &mut Vec<&'a str>,
    outer: Option<&str>,
) {
    for Member { name, field_type, description, deprecated, .. } in &object.members {
        let deprecated = deprecated.as_deref().or(outer);
        path.push(name);
        let variant: String = path.iter().map(|name| name.to_upper_camel_case()).collect();
        write_doc(out, "        ", description.as_deref().unwrap_or(&format!("The field `{name}`.")));
        out.push_str(&attribute("        ", deprecated));
        let _ = writeln!(out, "        {variant} = {:?},", path.join("."));
        let inner = match field_type {
            FieldType::Object(name) => document.object(name),
            _ => None,
        };
        // An object that contains itself has endless levels. Requests select fields of the first few levels only.
        if let Some(inner) = inner.filter(|_| path.len() < 3) {
            write_fields(out, document, inner, path, deprecated);
        }
        path.pop();
    }
}
