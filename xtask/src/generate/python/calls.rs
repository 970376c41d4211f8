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

const SEARCH_ARGUMENTS: &str = "    prefetch: How many pages are asked for at once.
    after: The `cursor` of a walk over the same search, to go on from.
    any_order: For a store that does not give its coupons in the order of their ids.
    skip_unreadable: Skip coupons that cannot be read instead of failing. Each is logged as a warning, and listed in
        `CouponList.skipped`.

";

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let classes = class(document, false)? + &class(document, true)?;
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

fn class(document: &Document, is_async: bool) -> anyhow::Result<String> {
    let (class, client) = if is_async { ("AsyncCalls", "AsyncClient") } else { ("Calls", "Client") };
    let (define, wait) = if is_async { ("async def", "False") } else { ("def", "True") };
    let new = &object(document, "NewCoupon")?.members;
    let mut out = format!("\n\nclass {class}(BaseClient):\n    \"\"\"The generated part of `{client}`.\"\"\"\n");
    for (name, doc, existing) in [("create", CREATE, "False"), ("create_or_get", CREATE_OR_GET, "True")] {
        let needed: String =
            new.iter().filter(|it| is_required(it)).map(|it| format!(", {}: None = None", it.field)).collect();
        let arguments = new_arguments(new, is_required);
        let _ = write!(
            out,
            "
    @overload
    {define} {name}(self, coupon: NewCoupon, *{needed}) -> CreateOutcome: ...
    @overload
    {define} {name}(
        self,
        coupon: None = None,
        *,
{arguments}        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome: ..."
        );
        let call = Call {
            signature: &format!("{define} {name}(\n        self,\n        coupon: NewCoupon | None = None,"),
            arguments: &new_arguments(new, |_| false),
            result: "CreateOutcome",
            doc,
            coupon: "All fields at once, as a `NewCoupon`, in place of the arguments below.",
            native: &format!("create(fields_of(coupon, values), {existing}, {wait})"),
        };
        call.write(&mut out, new, is_async);
    }
    let update = &object(document, "CouponUpdate")?.members;
    let argument =
        |it: &Member| format!("        {}: {} | Unset | None = UNSET,\n", it.field, it.field_type.python_input());
    let call = Call {
        signature: &format!("{define} update(\n        self,\n        coupon: Coupon | int | str,"),
        arguments: &update.iter().map(argument).collect::<String>(),
        result: "UpdateResult",
        doc: UPDATE,
        coupon: "The coupon's id, its code, or the coupon itself.",
        native: &format!("update(coupon, _given(values), {wait})"),
    };
    call.write(&mut out, update, is_async);
    write_search(&mut out, document, is_async)?;
    Ok(out)
}

/// The fields of a new coupon as arguments.
pub(super) fn new_arguments(new: &[Member], is_needed: impl Fn(&Member) -> bool) -> String {
    let argument = |member: &Member| {
        let default = if is_needed(member) { "" } else { " | None = None" };
        format!("        {}: {}{default},\n", member.field, member.field_type.python_input())
    };
    new.iter().map(argument).collect()
}

/// A call whose arguments are fields.
struct Call<'a> {
    /// Its first lines, up to the fields.
    signature: &'a str,
    arguments: &'a str,
    result: &'a str,
    doc: &'a str,
    /// What the argument `coupon` is.
    coupon: &'a str,
    /// The call of the extension.
    native: &'a str,
}

impl Call<'_> {
    fn write(&self, out: &mut String, members: &[Member], is_async: bool) {
        let Call { signature, arguments, result, doc, coupon, native } = self;
        let wait = if is_async { "await " } else { "" };
        let fields: String = members.iter().map(|it| format!("    {}: {}\n", it.field, description(it))).collect();
        let extra = "    extra: Fields that this version does not know, by their names in the API.\n\n";
        let doc = place(doc, &format!("Args:\n    coupon: {coupon}\n{fields}{extra}"));
        let doc = docstring("        ", &if is_async { doc.lines().map(awaited).collect() } else { doc });
        let values: String = members.iter().map(|it| format!("            {0:?}: {0},\n", it.field)).collect();
        let _ = write!(
            out,
            r#"
    {signature}
        *,
{arguments}        extra: Mapping[str, Any] | None = None,
    ) -> {result}:
{doc}        values: dict[str, Any] = {{
{values}            "extra": extra,
        }}
        result: {result} = {wait}self._native.{native}
        return result
"#
        );
    }
}

/// A docstring with what each argument is before what is raised.
fn place(doc: &str, arguments: &str) -> String {
    let at = doc.find("Raises:").or_else(|| doc.find("Example:")).unwrap_or(doc.len());
    format!("{}{arguments}{}", &doc[..at], &doc[at..])
}

/// A line of an example with its call awaited; what is read of its result stands behind brackets then.
fn awaited(line: &str) -> String {
    let call = line.find(">>> ").and_then(|_| line.find("coupons."));
    let Some((before, call)) = call.map(|at| line.split_at(at)) else { return format!("{line}\n") };
    match call.rsplit_once(").") {
        Some((call, result)) => format!("{before}(await {call})).{result}\n"),
        None => format!("{before}await {call}\n"),
    }
}

fn write_search(out: &mut String, document: &Document, is_async: bool) -> anyhow::Result<()> {
    let (mut arguments, mut docs, mut values) = (String::new(), String::from("Args:\n"), String::new());
    for parameter in search::parameters(document)? {
        let name = &parameter.name;
        let text = match name.as_str() {
            "fields" => "The fields to answer, by name; all of them when left out.".to_owned(),
            _ => parameter.description(),
        };
        let _ = writeln!(arguments, "        {name}: {} | None = None,", parameter.parameter.field_type.python_input());
        let _ = writeln!(docs, "    {name}: {text}");
        let _ = writeln!(values, "            {name:?}: {name},");
    }
    let doc = place(SEARCH_DOC, &(docs + SEARCH_ARGUMENTS));
    let (query, doc) = if is_async {
        let doc = doc.replace("= coupons.create", "= await coupons.create");
        ("AsyncSearch", doc.replace("for coupon in", "async for coupon in"))
    } else {
        ("Search", doc)
    };
    let doc = docstring("        ", &doc);
    let _ = write!(
        out,
        r#"
    def search(
        self,
        *,
{arguments}        prefetch: int = 4,
        after: str | None = None,
        any_order: bool = False,
        skip_unreadable: bool = False,
    ) -> {query}:
{doc}        filters: dict[str, Any] = {{
{values}            "prefetch": prefetch,
            "after": after,
            "any_order": any_order,
            "skip_unreadable": skip_unreadable,
        }}
        return {query}(self._native, filters)
"#
    );
    Ok(())
}
