//! Writes `_enums.py`: the values of the API's enums, as constants and as types.

use std::fmt::Write as _;

use heck::ToSnakeCase as _;

use super::{
    classes::{ROW, leaves, used_enums},
    docstring::docstring,
};
use crate::generate::document::{Document, ObjectType};

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> String {
    let mut out = String::from(
        "\"\"\"The known values of the enums of the API. A store can send other values, which are strings too.\"\"\"\n\n\
         from typing import Final, Literal, TypeAlias\n",
    );
    let definitions = used_enums(document, models);
    let names = definitions.iter().flat_map(|it| [it.name.clone(), format!("{}Value", it.name)]);
    let mut names: Vec<_> = names.chain([format!("{ROW}Field")]).collect();
    names.sort();
    let _ =
        write!(out, "\n__all__ = [\n{}]\n", names.iter().map(|name| format!("    {name:?},\n")).collect::<String>());
    for definition in definitions {
        let name = &definition.name;
        let example = definition.variants.first().map(|variant| {
            let constant = variant.name.to_snake_case().to_uppercase();
            format!("\n\nExamples:\n    >>> {name}.{constant}\n    '{}'", variant.value)
        });
        let text = format!("{}{}", definition.description.trim(), example.unwrap_or_default());
        let _ = write!(out, "\n\nclass {name}:\n{}\n", docstring("    ", &text));
        for variant in &definition.variants {
            let constant = variant.name.to_snake_case().to_uppercase();
            let _ = writeln!(out, "    {constant}: Final = {:?}", variant.value);
            out.push_str(&docstring("    ", &variant.description));
        }
        let values: Vec<_> = definition.variants.iter().map(|variant| format!("{:?}", variant.value)).collect();
        let _ = write!(out, "\n\n{name}Value: TypeAlias = Literal[{}] | str\n", values.join(", "));
        out.push_str(&docstring("", &format!("A value of `{name}`, or a string that this version does not know.")));
    }
    write_field_names(&mut out, document);
    out
}

/// Writes the type of the names that the argument `fields` accepts.
fn write_field_names(out: &mut String, document: &Document) {
    let Some(row) = document.object(ROW) else { return };
    let own = row.members.iter().map(|member| member.name.to_snake_case());
    let inner = leaves(document, row).into_iter().filter(|(path, _)| !path.is_empty()).map(|(path, leaf)| {
        path.iter().chain([&leaf]).map(|member| member.name.to_snake_case()).collect::<Vec<_>>().join(".")
    });
    let lines =
        |names: &mut dyn Iterator<Item = String>| -> String { names.map(|it| format!("    {it:?},\n")).collect() };
    let (own, inner) = (lines(&mut own.into_iter()), lines(&mut inner.into_iter()));
    let _ = write!(out, "\n\n{ROW}Field: TypeAlias = Literal[\n{own}] | Literal[\n{inner}]\n");
    out.push_str(&docstring("", "The name of a field to return."));
}
