//! The generated part of the Python package: its classes, the stubs of the extension, the arguments of its calls, and its Arrow
//! columns.

mod calls;
mod enums;
mod extension;
mod models;
pub(super) mod native;
mod new_coupon;

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use super::document::{Document, EnumType, Member, ObjectType, Presence};
use crate::workspace;

const EXTENSION: &str = "crates/ecwid-coupons-python/src/generated.rs";
const PACKAGE: &str = "python/src/ecwid_coupons";

/// The objects that calls answer. What they hold is a class of Python too.
const ANSWERS: &[&str] = &["Coupon", "UpdateResult", "DeleteResult"];

/// The object whose list makes a table.
const ROW: &str = "Coupon";

/// The files, by their paths from the root, without their headers.
pub(super) fn write(document: &Document) -> anyhow::Result<Vec<(String, String)>> {
    let models = models(document)?;
    Ok(vec![
        (EXTENSION.to_owned(), extension::write(document, &models)?),
        (format!("{PACKAGE}/_enums.py"), enums::write(document, &models)),
        (format!("{PACKAGE}/_models.py"), models::write(&models)),
        (format!("{PACKAGE}/_models.pyi"), models::write_stub(document, &models)?),
        (format!("{PACKAGE}/_native.pyi"), native::write(&workspace::root())?),
        (format!("{PACKAGE}/_calls.py"), calls::write(document, &models)?),
        (format!("{PACKAGE}/_new_coupon.py"), new_coupon::write(document, &models)?),
    ])
}

/// The objects that are classes of Python, in the document's order.
fn models(document: &Document) -> anyhow::Result<Vec<&ObjectType>> {
    let mut names: Vec<&str> = ANSWERS.to_vec();
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        next += 1;
        for Member { rust_type, .. } in &object(document, name)?.members {
            if let Some(inner) = inner_object(document, rust_type)
                && !names.contains(&inner.name.as_str())
            {
                names.push(&inner.name);
            }
        }
    }
    Ok(document.objects.iter().filter(|object| names.contains(&object.name.as_str())).collect())
}

fn object<'a>(document: &'a Document, name: &str) -> anyhow::Result<&'a ObjectType> {
    let found = document.objects.iter().find(|object| object.name == name);
    found.with_context(|| format!("the Python package needs the schema {name}, which is not in the document"))
}

/// The object that a type is, or that its list holds.
fn inner_object<'a>(document: &'a Document, rust_type: &str) -> Option<&'a ObjectType> {
    let name = item_type(rust_type).unwrap_or(rust_type).strip_prefix("crate::types::")?;
    document.objects.iter().find(|object| object.name == name)
}

fn item_type(rust_type: &str) -> Option<&str> {
    rust_type.strip_prefix("Vec<")?.strip_suffix('>')
}

/// The fields that hold values, those inside of objects under the names of both.
fn leaves<'a>(document: &'a Document, object: &'a ObjectType) -> Vec<(Vec<&'a Member>, &'a Member)> {
    let mut found = Vec::new();
    for member in &object.members {
        match inner_object(document, &member.rust_type).filter(|_| item_type(&member.rust_type).is_none()) {
            Some(inner) => found.extend(leaves(document, inner).into_iter().map(|(mut path, leaf)| {
                path.insert(0, member);
                (path, leaf)
            })),
            None => found.push((Vec::new(), member)),
        }
    }
    found
}

/// The enums that the classes' fields are of, in alphabetical order.
fn used_enums<'a>(document: &'a Document, models: &[&ObjectType]) -> Vec<&'a EnumType> {
    let is_used = |definition: &&EnumType| {
        let path = format!("crate::types::{}", definition.name);
        let mut types = models.iter().flat_map(|model| &model.members).map(|member| member.rust_type.as_str());
        types.any(|type_| item_type(type_).unwrap_or(type_) == path)
    };
    let mut used: Vec<_> = document.enums.iter().filter(is_used).collect();
    used.sort_by_key(|definition| &definition.name);
    used
}

/// Whether a type is one of the document's enums.
fn is_enum(document: &Document, rust_type: &str) -> bool {
    rust_type.strip_prefix("crate::types::").is_some_and(|name| document.enums.iter().any(|it| it.name == name))
}

/// The type of what Python reads.
fn output_type(document: &Document, rust_type: &str) -> String {
    if let Some(item) = item_type(rust_type) {
        return format!("tuple[{}, ...]", output_type(document, item));
    }
    match rust_type {
        "bool" => "bool".to_owned(),
        "i32" | "i64" => "int".to_owned(),
        "String" => "str".to_owned(),
        "crate::Decimal" => "Decimal".to_owned(),
        "crate::EcwidDateTime" => "datetime".to_owned(),
        other => match other.strip_prefix("crate::types::") {
            Some(name) if is_enum(document, other) => format!("{name}Value"),
            Some(name) => name.to_owned(),
            None => "Any".to_owned(),
        },
    }
}

/// The type of what Python gives.
fn input_type(document: &Document, rust_type: &str) -> String {
    if let Some(item) = item_type(rust_type) {
        return format!("Sequence[{}]", input_type(document, item));
    }
    match rust_type {
        "crate::Decimal" => "Amount".to_owned(),
        "crate::EcwidDateTime" => "Instant".to_owned(),
        other if inner_object(document, other).is_some() => {
            format!("{} | Mapping[str, Any]", output_type(document, other))
        }
        other => output_type(document, other),
    }
}

/// An object as examples show it, by its first field that a number or a text can fill.
struct Example {
    /// The arguments that make it.
    given: String,
    json: String,
    /// What its `to_dict` shows.
    dict: String,
    /// The field, and how Python shows its value.
    field: (String, &'static str),
}

fn example(object: &ObjectType) -> anyhow::Result<Example> {
    let known = object.members.iter().find_map(|member| {
        // As Python and JSON both write it, and as Python shows it.
        let (written, shown) = match member.rust_type.as_str() {
            "i32" | "i64" => ("1", "1"),
            "String" => ("\"A\"", "'A'"),
            "Vec<i32>" | "Vec<i64>" => ("[1]", "(1,)"),
            "Vec<String>" => ("[\"A\"]", "('A',)"),
            _ => return None,
        };
        Some((member, written, shown))
    });
    let (member, written, shown) =
        known.with_context(|| format!("{}: no field of it is a number or a text, for its example", object.name))?;
    Ok(Example {
        given: format!("{}={written}", member.field),
        json: format!("{{\"{}\":{written}}}", member.name),
        dict: format!("{{'{}': {shown}}}", member.field),
        field: (member.field.clone(), shown),
    })
}

/// What a class is, with an example.
fn class_doc(object: &ObjectType) -> anyhow::Result<String> {
    let (Example { given, field: (field, shown), .. }, name) = (example(object)?, &object.name);
    Ok(format!("{}\n\nExample:\n    >>> {name}({given}).{field}\n    {shown}", object.description.trim()))
}

/// A docstring, each line after its indent; `text` may have several lines.
fn docstring(indent: &str, text: &str) -> String {
    let text = text.trim().replace('\\', "\\\\");
    if !text.contains('\n') {
        return format!("{indent}\"\"\"{text}\"\"\"\n");
    }
    let mut out = format!("{indent}\"\"\"");
    for (index, line) in text.lines().enumerate() {
        let indent = if index == 0 || line.is_empty() { "" } else { indent };
        out.push_str(&format!("{indent}{line}\n"));
    }
    format!("{out}{indent}\"\"\"\n")
}

fn description(member: &Member) -> &str {
    member.description.as_deref().unwrap_or("A field of the API.")
}

/// The name in Python of a field inside of others, such as `catalog_limit_products`.
fn column_name(path: &[&Member], leaf: &Member) -> String {
    path.iter().chain([&leaf]).map(|member| member.name.to_snake_case()).collect::<Vec<_>>().join("_")
}

fn is_required(member: &Member) -> bool {
    member.presence == Presence::Required
}
