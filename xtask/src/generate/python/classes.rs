//! Which objects and enums of the document are classes of Python, and what is said of them.

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use crate::generate::{
    document::{Document, EnumType, Member, ObjectType, Presence},
    field_type::FieldType,
};

/// The objects that calls answer. What they hold is a class of Python too.
const ANSWERS: &[&str] = &["Coupon", "UpdateResult", "DeleteResult"];

/// The object whose list makes a table.
pub(super) const ROW: &str = "Coupon";

/// The objects that are classes of Python, in the document's order.
pub(super) fn models(document: &Document) -> anyhow::Result<Vec<&ObjectType>> {
    let mut names: Vec<&str> = ANSWERS.to_vec();
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        next += 1;
        let members = object(document, name)?.members.iter();
        for inner in members.filter_map(|member| member.field_type.object()) {
            if !names.contains(&inner) {
                names.push(inner);
            }
        }
    }
    Ok(document.objects.iter().filter(|object| names.contains(&object.name.as_str())).collect())
}

pub(super) fn object<'a>(document: &'a Document, name: &str) -> anyhow::Result<&'a ObjectType> {
    document
        .object(name)
        .with_context(|| format!("the Python package needs the schema {name}, which is not in the document"))
}

/// The fields that hold values, those inside of objects under the names of both.
pub(super) fn leaves<'a>(document: &'a Document, object: &'a ObjectType) -> Vec<(Vec<&'a Member>, &'a Member)> {
    let mut found = Vec::new();
    for member in &object.members {
        let inner = match &member.field_type {
            FieldType::Object(name) => document.object(name),
            _ => None,
        };
        match inner {
            Some(inner) => found.extend(leaves(document, inner).into_iter().map(|(mut path, leaf)| {
                path.insert(0, member);
                (path, leaf)
            })),
            None => found.push((Vec::new(), member)),
        }
    }
    found
}

/// The enums that fields of the classes, and parameters, are of, in alphabetical order.
pub(super) fn used_enums<'a>(document: &'a Document, models: &[&ObjectType]) -> Vec<&'a EnumType> {
    let is_used = |definition: &&EnumType| {
        let members = models.iter().flat_map(|model| &model.members).map(|member| &member.field_type);
        let parameters =
            document.operations.iter().flat_map(|operation| &operation.parameters).map(|it| &it.field_type);
        members.chain(parameters).any(|field_type| field_type.enumeration() == Some(&definition.name))
    };
    let mut used: Vec<_> = document.enums.iter().filter(is_used).collect();
    used.sort_by_key(|definition| &definition.name);
    used
}

/// An object as examples show it, by its first field that a number or a text can fill.
pub(super) struct Example {
    /// The arguments that make it.
    pub(super) given: String,
    pub(super) json: String,
    /// What its `to_dict` shows.
    pub(super) dict: String,
    /// The field, and how Python shows its value.
    pub(super) field: (String, &'static str),
}

pub(super) fn example(object: &ObjectType) -> anyhow::Result<Example> {
    let known = object.members.iter().find_map(|member| {
        // As Python and JSON both write it, and as Python shows it.
        let (written, shown) = match &member.field_type {
            FieldType::Int32 | FieldType::Int64 => ("1", "1"),
            FieldType::Text => ("\"A\"", "'A'"),
            FieldType::List(item) => match **item {
                FieldType::Int32 | FieldType::Int64 => ("[1]", "(1,)"),
                FieldType::Text => ("[\"A\"]", "('A',)"),
                _ => return None,
            },
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
pub(super) fn class_doc(object: &ObjectType) -> anyhow::Result<String> {
    let (Example { given, field: (field, shown), .. }, name) = (example(object)?, &object.name);
    Ok(format!("{}\n\nExample:\n    >>> {name}({given}).{field}\n    {shown}", object.description.trim()))
}

/// The name in Python of a field inside of others, such as `catalog_limit_products`.
pub(super) fn column_name(path: &[&Member], leaf: &Member) -> String {
    path.iter().chain([&leaf]).map(|member| member.name.to_snake_case()).collect::<Vec<_>>().join("_")
}

pub(super) fn is_required(member: &Member) -> bool {
    member.presence == Presence::Required
}
