//! Writes the Rust types of the document's enums and objects, as calls of the client's macros.
//!
//! The macros contain the code that all types share. The generated file therefore reads like the document, and a change of the
//! API changes only the lines that it concerns.

use std::fmt::Write as _;

use super::{
    deprecated::{allow, attribute},
    doc_comment::write_doc,
    document::{Document, EnumType, Member, ObjectType, Presence, Role},
    field_type::FieldType,
    response_fields,
};

pub(crate) fn write(document: &Document) -> String {
    let mut out = String::from("//! The types of the requests and responses of the API.\n\n");
    let field_enum = if response_fields::is_any(document) { "field_enum::field_enum, " } else { "" };
    let _ = writeln!(out, "use crate::schema::{{{field_enum}object::object, open_enum::open_enum}};");
    for definition in &document.objects {
        out.push('\n');
        write_object(&mut out, definition);
    }
    for definition in &document.enums {
        out.push('\n');
        write_enum(&mut out, definition);
    }
    response_fields::write(&mut out, document);
    write_json_schemas(&mut out, document);
    out
}

fn write_enum(out: &mut String, definition: &EnumType) {
    let EnumType { name, description, variants } = definition;
    out.push_str("open_enum! {\n");
    write_doc(out, "    ", description);
    let _ = writeln!(out, "    pub enum {name} {{");
    for variant in variants {
        write_doc(out, "        ", &variant.description);
        let _ = writeln!(out, "        {} = {:?},", variant.name, variant.value);
    }
    out.push_str("    }\n}\n");
}

fn write_object(out: &mut String, definition: &ObjectType) {
    let ObjectType { name, description, role, members } = definition;
    let required: Vec<_> = members.iter().filter(|member| member.presence == Presence::Required).collect();

    out.push_str("object! {\n");
    write_doc(out, "    ", description);
    if required.is_empty() {
        out.push_str("    #[derive(Default)]\n");
    }
    let role_name = match role {
        Role::Request => "request",
        Role::Part => "part",
        Role::Response => "response",
    };
    let _ = writeln!(out, "    pub struct {name} as {role_name} {{");
    for member in members {
        let Member { name, field, field_type, description, deprecated, .. } = member;
        write_doc(out, "        ", description.as_deref().unwrap_or(&format!("The field `{name}`.")));
        out.push_str(&attribute("        ", deprecated.as_deref()));
        let presence = match member.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::Patch => "patch",
            Presence::Clearable => "clearable",
        };
        let (rust_type, setters) = (rust_type(field_type), member.setters(*role).join(" "));
        let _ = writeln!(out, "        {presence} {field} [{setters}]: {rust_type} = {name:?},");
    }
    out.push_str("    }\n}\n");
    if !required.is_empty() {
        write_constructor(out, definition, &required);
    }
}

/// Writes a constructor for an object that has no default because it has required members.
fn write_constructor(out: &mut String, definition: &ObjectType, required: &[&Member]) {
    let ObjectType { name, members, .. } = definition;
    let parameters: Vec<_> = required
        .iter()
        .map(|member| format!("{}: impl Into<{}>", member.field, rust_type(&member.field_type)))
        .collect();
    let _ = writeln!(out, "\nimpl {name} {{");
    let _ = writeln!(
        out,
        "    /// Makes a `{name}` with its required fields. All other fields are absent until they are set."
    );
    out.push_str(&allow("    ", members.iter().map(|member| &member.deprecated)));
    let _ = writeln!(out, "    pub fn new({}) -> Self {{", parameters.join(", "));
    out.push_str("        Self {\n");
    for Member { field, presence, .. } in members {
        let value = match presence {
            Presence::Required => format!("{field}.into()"),
            _ => "Default::default()".to_owned(),
        };
        let _ = writeln!(out, "            {field}: {value},");
    }
    out.push_str("            extra: Default::default(),\n        }\n    }\n}\n");
}

/// Returns the name of a type in the generated file, which contains the enums and objects.
fn rust_type(field_type: &FieldType) -> String {
    field_type.rust("crate::", "")
}

/// Writes the function that returns the JSON Schemas of all types.
fn write_json_schemas(out: &mut String, document: &Document) {
    out.push_str(
        r#"
/// Returns the JSON Schema of each type, by the name of the type. Each schema contains the schemas that it refers to.
///
/// The contract in the settings determines whether the schemas describe reading or writing. For example, null is read as an
/// absent field, but an absent field is never written as null.
#[cfg(feature = "schemars")]
pub fn json_schemas(
    settings: schemars::generate::SchemaSettings,
) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
    let generator = || settings.clone().into_generator();
    std::collections::BTreeMap::from([
"#,
    );
    let objects = document.objects.iter().map(|definition| &definition.name);
    for name in objects.chain(document.enums.iter().map(|definition| &definition.name)) {
        let _ = writeln!(out, "        ({name:?}, generator().into_root_schema_for::<{name}>()),");
    }
    out.push_str("    ])\n}\n");
}
