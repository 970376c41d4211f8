//! Writes `_models.py` and its stub: the types of the extension's classes, for Python's type checkers.

use std::fmt::Write as _;

use super::{
    classes::{Example, class_doc, example, used_enums},
    deprecated::{self, Argument},
    docstring::{description, docstring},
};
use crate::generate::document::{Document, ObjectType};

pub(super) fn write(models: &[&ObjectType]) -> String {
    let mut names: Vec<_> = models.iter().map(|model| model.name.as_str()).collect();
    names.sort_unstable();
    let all = list(&names);
    // ruff ignores the case of imported names only.
    names.sort_by_key(|name| name.to_lowercase());
    let imported = names.join(", ");
    format!("\"\"\"The objects of the API.\"\"\"\n\nfrom ._native import {imported}\n\n__all__ = {all}\n")
}

pub(super) fn write_stub(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let mut out = String::from(
        "\"\"\"The objects of the API.\"\"\"\n\n\
         from collections.abc import Mapping, Sequence\nfrom datetime import datetime\nfrom decimal import Decimal\n\
         from typing import Any, ClassVar, Self, final",
    );
    let mut classes = String::new();
    for model in models {
        write_class(&mut classes, model)?;
    }
    if classes.contains("@overload\n") {
        out.push_str(", overload");
    }
    out.push_str("\n\n");
    if classes.contains("@deprecated(") {
        out.push_str("from typing_extensions import deprecated\n\n");
    }
    let values: Vec<_> = used_enums(document, models).iter().map(|it| format!("{}Value", it.name)).collect();
    let _ = write!(out, "from ._enums import {}\nfrom ._types import Amount, Instant\n", values.join(", "));
    let mut names: Vec<_> = models.iter().map(|model| model.name.as_str()).collect();
    names.sort_unstable();
    let _ = write!(out, "\n__all__ = {}\n", list(&names));
    Ok(out + &classes)
}

fn write_class(out: &mut String, model: &ObjectType) -> anyhow::Result<()> {
    let ObjectType { name, members, .. } = model;
    let _ = write!(out, "\n@final\nclass {name}:\n{}\n", docstring("    ", &class_doc(model)?));
    let names: Vec<_> = members.iter().map(|_| "str").collect();
    let _ = writeln!(out, "    __match_args__: ClassVar[tuple[{}]]", names.join(", "));
    let arguments: Vec<_> = members.iter().map(|it| Argument::of(it, " | None", Some("None"))).collect();
    let head = "def __new__(\n        cls,\n        *,\n";
    let tail = "        extra: Mapping[str, Any] | None = None,\n    ) -> Self: ...";
    if deprecated::is_any(&arguments) {
        let _ = writeln!(out, "{}", deprecated::overloads(head, &arguments, tail, None).trim_start_matches('\n'));
    } else {
        let _ = writeln!(out, "    {head}{}{tail}", deprecated::lines(&arguments));
    }
    for member in members {
        let type_ = member.field_type.python_output();
        let mark = deprecated::mark("    ", member.deprecated.as_deref());
        let _ = write!(
            out,
            "    @property\n{mark}    def {}(self) -> {type_} | None:\n{}\n",
            member.field,
            docstring("        ", &description(member))
        );
    }
    let Example { given, json, dict, .. } = example(model)?;
    let _ = write!(
        out,
        r#"    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> {name}({given}).to_json()
            '{json}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> {name}:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> {name}.from_json('{json}') == {name}({given})
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> {name}({given}).to_dict()
            {dict}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...
"#,
    );
    Ok(())
}

fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("[{}]", names.join(", "))
}
