//! The Rust types of the document's enums and objects, written as calls of the client's macros.
//!
//! The macros hold what is alike in all types (how they are read, written, kept open), so that the generated file reads
//! like the document and a change of the API is a change of the lines it is about.

use std::fmt::Write as _;

use super::{
    answer_fields,
    doc_comment::write_doc,
    document::{Document, EnumType, Member, ObjectType, Presence},
    field_type::FieldType,
};

pub(crate) fn write(document: &Document) -> String {
    let mut out = String::from("//! The types of the API's requests and answers.\n\n");
    let field_enum = if answer_fields::is_any(document) { "field_enum::field_enum, " } else { "" };
    let _ = writeln!(out, "use crate::schema::{{{field_enum}object::object, open_enum::open_enum}};");
    for definition in &document.objects {
        out.push('\n');
        write_object(&mut out, definition);
    }
    for definition in &document.enums {
        out.push('\n');
        write_enum(&mut out, definition);
    }
    answer_fields::write(&mut out, document);
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
    let ObjectType { name, description, members } = definition;
    let required: Vec<_> = members.iter().filter(|member| member.presence == Presence::Required).collect();

    out.push_str("object! {\n");
    write_doc(out, "    ", description);
    if required.is_empty() {
        out.push_str("    #[derive(Default)]\n");
    }
    let _ = writeln!(out, "    pub struct {name} {{");
    for member in members {
        let Member { name, field, field_type, description, .. } = member;
        write_doc(out, "        ", description.as_deref().unwrap_or(&format!("The field `{name}`.")));
        let presence = match member.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::Patch => "patch",
            Presence::Clearable => "clearable",
        };
        let rust_type = rust_type(field_type);
        let _ = writeln!(out, "        {presence} {field}: {rust_type} = {name:?},");
    }
    out.push_str("    }\n}\n");
    if !required.is_empty() {
        write_constructor(out, definition, &required);
    }
}

/// An object with required members has no default; this is how one is made.
fn write_constructor(out: &mut String, definition: &ObjectType, required: &[&Member]) {
    let ObjectType { name, members, .. } = definition;
    let parameters: Vec<_> = required
        .iter()
        .map(|member| format!("{}: impl Into<{}>", member.field, rust_type(&member.field_type)))
        .collect();
    let _ = writeln!(out, "\nimpl {name} {{");
    let _ = writeln!(out, "    /// Makes one with what every `{name}` has; all else is left out until it is set.");
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

/// A type as this file calls it, which has the enums and objects.
fn rust_type(field_type: &FieldType) -> String {
    field_type.rust("crate::", "")
}

/// What hands out the JSON Schema of every type, so that none is forgotten.
fn write_json_schemas(out: &mut String, document: &Document) {
    out.push_str(
        r#"
/// The JSON Schema of each type, by the type's name; all that a schema refers to is in it.
///
/// The settings' contract decides whether they are of what is read or of what is written: a null that is read as absent
/// is never written.
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
