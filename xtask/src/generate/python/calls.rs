//! `_calls.py`: the calls whose arguments are fields and filters of the API, for both clients.

use std::fmt::Write as _;

use super::{
    classes::{ROW, is_required, object, used_enums},
    docstring::{description, docstring},
};
use crate::generate::{
    document::{Document, Member, ObjectType},
    search,
};

const CREATE: &str = "Creates a coupon.

A failure that leaves open whether the coupon was made is settled by its code, which a store has once: the code is looked up,
and a coupon with what was sent is the outcome ``\"already_exists\"``.

Raises:
    ConflictError: Another coupon of the store has the code, in any letter case; `differences` says in what it differs, where
        that was looked up.
    EcwidError: As every call can fail. When it `may_have_taken_effect`, not even the code could be looked up.

Example:
    >>> coupons.create(name=\"10% OFF\", code=\"TEN\", discount_type=\"PERCENT\", discount=10).outcome
    'created'
    >>> coupons.create(NewCoupon.percent(\"Five percent\", \"FIVE\", 5)).outcome
    'created'
";

const CREATE_OR_GET: &str = "Creates a coupon, or finds the one that is there already with the same content.

To be called again as often as needed: the first call makes the coupon, the others find it.

Raises:
    ConflictError: The coupon with this code is another one; `differences` says in what.
    EcwidError: As every call can fail.

Example:
    >>> made = coupons.create_or_get(name=\"For order 1017\", code=\"THANKS-1017\", discount_type=\"ABS\", discount=5)
    >>> found = coupons.create_or_get(name=\"For order 1017\", code=\"THANKS-1017\", discount_type=\"ABS\", discount=5)
    >>> made.id == found.id, found.outcome
    (True, 'already_exists')
";

const UPDATE: &str = "Changes a coupon: the fields that are given, and no others.

A field that is left out keeps its value, and ``None`` clears it. That null clears a field is assumed: the vendor's pages do not
say how one is cleared.

Raises:
    NotFoundError: There is no such coupon.
    EcwidError: As every call can fail.

Example:
    >>> _ = coupons.create(name=\"5% OFF\", code=\"FIVE\", discount_type=\"PERCENT\", discount=5, total_limit=50)
    >>> coupons.update(\"FIVE\", discount=\"7.50\", total_limit=None).update_count
    1
    >>> coupon = coupons.get(\"FIVE\")
    >>> coupon.discount, coupon.total_limit, coupon.name
    (Decimal('7.50'), None, '5% OFF')
";

const SEARCH_DOC: &str = "A search. Nothing is sent until its coupons are asked for, and it can be used again.

Filters narrow each other down; without any, it is all coupons of the store.

Example:
    >>> _ = coupons.create(name=\"Free shipping\", code=\"SHIP\", discount_type=\"SHIPPING\")
    >>> [coupon.code for coupon in coupons.search(discount_type=\"SHIPPING\")]
    ['SHIP']
";

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let mut classes = String::new();
    for is_async in [false, true] {
        write_class(&mut classes, document, is_async)?;
    }
    // What the calls name, and no more.
    let is_named = |name: &String| classes.contains(name);
    let enums = used_enums(document, models).into_iter().map(|it| format!("{}Value", it.name)).filter(is_named);
    let mut enums: Vec<_> = enums.chain([format!("{ROW}Field")]).collect();
    enums.sort();
    let mut models: Vec<_> = models.iter().map(|it| it.name.clone()).filter(is_named).collect();
    models.sort();
    let (enums, models) = (enums.join(", "), models.join(", "));
    Ok(format!(
        r#""""The calls whose arguments are fields and filters of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, overload

from ._base_client import BaseClient
from ._enums import {enums}
from ._models import {models}
from ._new_coupon import NewCoupon, fields_of
from ._outcomes import CreateOutcome
from ._search import AsyncSearch, Search
from ._types import UNSET, Amount, Instant, Unset


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {{name: value for name, value in values.items() if value is not UNSET}}
{classes}"#
    ))
}

fn write_class(out: &mut String, document: &Document, is_async: bool) -> anyhow::Result<()> {
    let (class, client) = if is_async { ("AsyncCalls", "AsyncClient") } else { ("Calls", "Client") };
    let _ = write!(out, "\n\nclass {class}(BaseClient):\n    \"\"\"The generated part of `{client}`.\"\"\"\n");
    let new = object(document, "NewCoupon")?;
    for (name, doc, existing) in [("create", CREATE, "False"), ("create_or_get", CREATE_OR_GET, "True")] {
        let define = if is_async { "async def" } else { "def" };
        let arguments = new_arguments(new, is_required);
        let needed: String =
            new.members.iter().filter(|it| is_required(it)).map(|it| format!(", {}: None = None", it.field)).collect();
        let _ = write!(
            out,
            "\n    @overload\n    {define} {name}(self, coupon: NewCoupon, *{needed}) -> CreateOutcome: ...\n    @overload\n    \
             {define} {name}(\n        self,\n        coupon: None = None,\n        *,\n{arguments}        \
             extra: Mapping[str, Any] | None = None,\n    ) -> CreateOutcome: ..."
        );
        let arguments = new_arguments(new, |_| false);
        let doc = with_arguments(doc, &new.members, is_async);
        write_call(
            out,
            &Call {
                name,
                subject: "        coupon: NewCoupon | None = None,\n",
                arguments: &arguments,
                result: "CreateOutcome",
                doc: &doc,
                is_async,
            },
            &new.members,
            &format!("self._native.create(fields_of(coupon, values), {existing})"),
        );
    }
    let update = object(document, "CouponUpdate")?;
    let mut arguments = String::new();
    for member in &update.members {
        let _ = writeln!(
            arguments,
            "        {}: {} | Unset | None = UNSET,",
            member.field,
            member.field_type.python_input()
        );
    }
    let doc = with_arguments(UPDATE, &update.members, is_async);
    write_call(
        out,
        &Call {
            name: "update",
            subject: "        coupon: Coupon | int | str,\n",
            arguments: &arguments,
            result: "UpdateResult",
            doc: &doc,
            is_async,
        },
        &update.members,
        "self._native.update(coupon, _given(values))",
    );
    write_search(out, document, is_async)
}

/// The fields of a new coupon as arguments.
pub(super) fn new_arguments(new: &ObjectType, is_needed: impl Fn(&Member) -> bool) -> String {
    let mut arguments = String::new();
    for member in &new.members {
        let type_ = member.field_type.python_input();
        let default = if is_needed(member) { type_ } else { format!("{type_} | None = None") };
        let _ = writeln!(arguments, "        {}: {default},", member.field);
    }
    arguments
}

struct Call<'a> {
    name: &'a str,
    subject: &'a str,
    arguments: &'a str,
    result: &'a str,
    doc: &'a str,
    is_async: bool,
}

fn write_call(out: &mut String, call: &Call<'_>, members: &[Member], body: &str) {
    let Call { name, subject, arguments, result, doc, is_async } = call;
    let (define, wait) = if *is_async { ("async def", "await ") } else { ("def", "") };
    let _ = write!(
        out,
        "\n    {define} {name}(\n        self,\n{subject}        *,\n{arguments}        extra: Mapping[str, Any] | None = None,\n    ) -> {result}:\n{}",
        docstring("        ", doc)
    );
    out.push_str("        values: dict[str, Any] = {\n");
    for member in members {
        let _ = writeln!(out, "            {:?}: {},", member.field, member.field);
    }
    out.push_str("            \"extra\": extra,\n        }\n");
    let _ = writeln!(out, "        result: {result} = {wait}{body}\n        return result");
}

/// The text with what each argument is before what is raised.
fn with_arguments(doc: &str, members: &[Member], is_async: bool) -> String {
    let mut arguments = String::from("Args:\n");
    arguments.push_str(if doc == UPDATE {
        "    coupon: The coupon's id, its code, or the coupon itself.\n"
    } else {
        "    coupon: All fields at once, as a `NewCoupon`, in place of the arguments below.\n"
    });
    for member in members {
        let _ = writeln!(arguments, "    {}: {}", member.field, description(member));
    }
    arguments.push_str("    extra: Fields that this version does not know, by their names in the API.\n\n");
    place(doc, &arguments, is_async)
}

fn place(doc: &str, arguments: &str, is_async: bool) -> String {
    let at = doc.find("Raises:").or_else(|| doc.find("Example:")).unwrap_or(doc.len());
    let text = format!("{}{arguments}{}", &doc[..at], &doc[at..]);
    if !is_async {
        return text;
    }
    // The examples are those of the twin, with an await before each call.
    let lines = text.lines().map(awaited).collect::<Vec<_>>().join("\n");
    lines.replace("[coupon.code for coupon in", "[coupon.code async for coupon in")
}

/// A line of an example with its call awaited; what is read of its result stands behind brackets then.
fn awaited(line: &str) -> String {
    let Some(at) = line.find(">>> ").and_then(|_| line.find("coupons.")).filter(|_| !line.contains("coupons.search"))
    else {
        return line.to_owned();
    };
    let (before, call) = line.split_at(at);
    match call.rsplit_once(").") {
        Some((call, result)) => format!("{before}(await {call})).{result}"),
        None => format!("{before}await {call}"),
    }
}

fn write_search(out: &mut String, document: &Document, is_async: bool) -> anyhow::Result<()> {
    let mut arguments = String::new();
    let mut docs = String::from("Args:\n");
    let mut names = Vec::new();
    for parameter in search::parameters(document)? {
        let name = &parameter.name;
        let type_ = parameter.parameter.field_type.python_input();
        let _ = writeln!(arguments, "        {name}: {type_} | None = None,");
        let text = if name == "fields" {
            "The fields to answer, by name; all of them when left out.".to_owned()
        } else {
            parameter.description()
        };
        let _ = writeln!(docs, "    {name}: {text}");
        names.push(parameter.name);
    }
    docs.push_str(
        "    prefetch: How many pages are asked for at once.\n    after: The `cursor` of a walk over the same search, to go on from.\n    \
         any_order: For a store that does not give its coupons in the order of their ids.\n    \
         skip_unreadable: Skip coupons that cannot be read instead of failing. Each is logged as a warning, and listed in\n        \
         `CouponList.skipped`.\n\n",
    );
    let extra = ["prefetch", "after", "any_order", "skip_unreadable"];
    arguments.push_str(
        "        prefetch: int = 4,\n        after: str | None = None,\n        any_order: bool = False,\n        \
         skip_unreadable: bool = False,\n",
    );
    let query = if is_async { "AsyncSearch" } else { "Search" };
    let doc = place(SEARCH_DOC, &docs, false);
    let doc = if is_async {
        doc.replace("= coupons.create", "= await coupons.create").replace("for coupon in", "async for coupon in")
    } else {
        doc
    };
    let _ = write!(
        out,
        "\n    def search(\n        self,\n        *,\n{arguments}    ) -> {query}:\n{}",
        docstring("        ", &doc)
    );
    let _ = writeln!(out, "        filters: dict[str, Any] = {{");
    for name in names.iter().map(String::as_str).chain(extra) {
        let _ = writeln!(out, "            {name:?}: {name},");
    }
    let _ = writeln!(out, "        }}\n        return {query}(self._native, filters)");
    Ok(())
}
