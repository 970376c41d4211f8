//! The fields that an answer can be asked for in part, one enum for each object that such an answer holds.

use std::fmt::Write as _;

use heck::ToUpperCamelCase as _;
use openapiv3::{OpenAPI, ReferenceOr, StatusCode};

use super::{
    document::{Document, Member, ObjectType},
    types::write_doc,
};

/// The parameter that asks for a part of an answer.
const PARAMETER: &str = "response_fields";

/// Writes the enums of all objects that are answered in part.
pub(crate) fn write(out: &mut String, document: &Document) {
    for object in objects(document) {
        let name = &object.name;
        out.push_str("\nfield_enum! {\n");
        let _ = writeln!(out, "    /// A field of a [`{name}`], to ask for some fields and not for all.");
        let _ = writeln!(out, "    pub enum {name}Field {{");
        write_fields(out, document, object, &mut Vec::new());
        out.push_str("    }\n}\n");
    }
}

/// Whether there is any such object.
pub(crate) fn is_any(document: &Document) -> bool {
    !objects(document).is_empty()
}

/// The objects that are answered in part. Of a page, that is what stands in its list.
fn objects(document: &Document) -> Vec<&ObjectType> {
    let find = |type_: &str| {
        let name = type_.strip_prefix("crate::types::").unwrap_or(type_);
        document.objects.iter().find(|object| object.name == name)
    };
    let mut found: Vec<&ObjectType> = Vec::new();
    for operation in &document.operations {
        if !operation.arguments.iter().any(|(argument, _)| argument == PARAMETER) {
            continue;
        }
        let Some(answer) = answer(&document.api, &operation.path, &operation.method).and_then(find) else { continue };
        let listed = answer.members.iter().find_map(|member| find(item_type(&member.rust_type)?));
        let object = listed.unwrap_or(answer);
        if !found.iter().any(|known| known.name == object.name) {
            found.push(object);
        }
    }
    found
}

fn item_type(rust_type: &str) -> Option<&str> {
    rust_type.strip_prefix("Vec<")?.strip_suffix('>')
}

/// The name of the schema that an operation answers.
fn answer<'a>(api: &'a OpenAPI, path: &str, method: &str) -> Option<&'a str> {
    let item = api.paths.paths.get(path)?.as_item()?;
    let (_, operation) = item.iter().find(|(known, _)| known.eq_ignore_ascii_case(method))?;
    let response = operation.responses.responses.get(&StatusCode::Code(200))?.as_item()?;
    match response.content.get("application/json")?.schema.as_ref()? {
        ReferenceOr::Reference { reference } => reference.strip_prefix("#/components/schemas/"),
        ReferenceOr::Item(_) => None,
    }
}

/// Writes the fields of an object and then those of the objects in it; `path` is where the object stands.
fn write_fields<'a>(out: &mut String, document: &'a Document, object: &'a ObjectType, path: &mut Vec<&'a str>) {
    for Member { name, rust_type, description, .. } in &object.members {
        path.push(name);
        let variant: String = path.iter().map(|name| name.to_upper_camel_case()).collect();
        write_doc(out, "        ", description.as_deref().unwrap_or(&format!("The field `{name}`.")));
        let _ = writeln!(out, "        {variant} = {:?},", path.join("."));
        // An object that is in itself would have no end of fields; the first few levels are those that are asked for.
        let inner =
            document.objects.iter().find(|object| rust_type.strip_prefix("crate::types::") == Some(&object.name));
        if let Some(inner) = inner.filter(|_| path.len() < 3) {
            write_fields(out, document, inner, path);
        }
        path.pop();
    }
}
