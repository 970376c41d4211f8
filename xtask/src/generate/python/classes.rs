//! The objects and enums of the document that become Python classes, and their docstrings.

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use crate::generate::{
    document::{Document, EnumType, Member, ObjectType, Presence},
    field_type::FieldType,
};

/// The objects that calls return. The objects inside them become Python classes too.
const RESPONSES: &[&str] = &["Coupon", "UpdateResult", "DeleteResult", "DeletedCoupon", "LatestStats"];

/// The object that is a row of a table.
pub(super) const ROW: &str = "Coupon";

/// Returns the objects that become Python classes, in the order of the document.
pub(super) fn models(document: &Document) -> anyhow::Result<Vec<&ObjectType>> {
    let mut names: Vec<&str> = RESPONSES.to_vec();
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
    document.object(name).with_context(|| format!("missing schema: `{name}` (the Python package needs it)"))
}

/// Returns the fields that hold values. A field of an inner object comes with the fields around it.
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

/// Returns the enums that fields of the classes or parameters use, in alphabetical order.
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

/// An object in an example, made with its first field that is a number or a string.
pub(super) struct Example {
    /// The arguments of the constructor.
    pub(super) given: String,
    pub(super) json: String,
    /// The result of `to_dict`.
    pub(super) dict: String,
    /// The field, and the `repr` of its value.
    pub(super) field: (String, &'static str),
}

pub(super) fn example(object: &ObjectType) -> anyhow::Result<Example> {
    let known = object.members.iter().find_map(|member| {
        // The literal, which is the same in Python and JSON, and its `repr`.
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
    let (member, written, shown) = known.with_context(|| {
        format!("cannot write an example for {}: it has no field that is a number or a string", object.name)
    })?;
    Ok(Example {
        given: format!("{}={written}", member.field),
        json: format!("{{\"{}\":{written}}}", member.name),
        dict: format!("{{'{}': {shown}}}", member.field),
        field: (member.field.clone(), shown),
    })
}

/// Returns the docstring of a class, with an example.
pub(super) fn class_doc(object: &ObjectType) -> anyhow::Result<String> {
    let (Example { given, field: (field, shown), .. }, name) = (example(object)?, &object.name);
    Ok(format!("{}\n\nExamples:\n    >>> {name}({given}).{field}\n    {shown}", object.description.trim()))
}

/// Returns the name of the column of an inner field, such as `catalog_limit_products`.
pub(super) fn column_name(path: &[&Member], leaf: &Member) -> String {
    path.iter().chain([&leaf]).map(|member| member.name.to_snake_case()).collect::<Vec<_>>().join("_")
}

pub(super) fn is_required(member: &Member) -> bool {
    member.presence == Presence::Required
}
