//! Writes `_calls.py`: the methods of both clients whose arguments are fields or filters of the API.

use std::fmt::Write as _;

use super::{
    classes::{ROW, is_required, object, used_enums},
    deprecated::{self, Argument},
    docstring::{description, docstring},
};
use crate::generate::{
    deprecated::described,
    document::{Document, Member, ObjectType},
    search,
};

const CREATE: &str = "Creates a coupon.

If a failure leaves it unclear whether the coupon was created, the client looks it up by its code, which is unique within a
store. If the store has a coupon with the same code and content, the outcome is ``\"already_exists\"``.

Raises:
    ConflictError: Another coupon of the store has the code, in any letter case. `differences` lists the fields that differ, if
        they could be looked up.
    EcwidError: See `EcwidError` for errors common to all calls. If `may_have_taken_effect` is true, the lookup failed as well.

Examples:
    >>> coupons.create(name=\"10% OFF\", code=\"TEN\", discount_type=\"PERCENT\", discount=10).outcome
    'created'
    >>> coupons.create(NewCoupon.percent(\"Five percent\", \"FIVE\", 5)).outcome
    'created'
";

const CREATE_OR_GET: &str =
    "Creates a coupon, or returns the existing one. Raises `ConflictError` if the content differs.

The call can be repeated. The first call creates the coupon, and later calls find it.

Raises:
    ConflictError: The store has another coupon with this code. `differences` lists the fields that differ.
    EcwidError: See `EcwidError` for errors common to all calls.

Examples:
    >>> made = coupons.create_or_get(name=\"For order 1017\", code=\"THANKS-1017\", discount_type=\"ABS\", discount=5)
    >>> found = coupons.create_or_get(name=\"For order 1017\", code=\"THANKS-1017\", discount_type=\"ABS\", discount=5)
    >>> made.id == found.id, found.outcome
    (True, 'already_exists')
";

const ISSUE: &str = "Creates many coupons with random codes, as a job that can be interrupted and continued.

All codes are drawn and written to the file of the job before the first request. The coupons are sent in batches of up to 500. If
an exception ends the call, such as `KeyboardInterrupt`, `resume` continues the job, and no coupon is created twice. A note on the
exception says so.

The file has the codes and the outcome of each row, and no token. Only its owner can read it. Keep it for `Job.report`,
`Job.verify` and `Job.undo`.

Returns:
    The outcome of every row, as a table.

Raises:
    InvalidRequestError: A field or the pattern is not valid, the pattern has too few codes, or they are easy to guess. Nothing was
        written or sent.
    InvalidRowsError: Some rows are not valid. Nothing was written or sent.
    JobError: The file exists or cannot be written.
    EcwidError: See `EcwidError` for errors common to all calls. The job can be continued.

Examples:
    >>> people = [{\"email\": \"ann@example.com\"}, {\"email\": \"bob@example.com\"}]
    >>> report = coupons.issue(
    ...     \"SPRING-[*]\", job=\"spring.job\", rows=people, name=\"Spring\", discount_type=\"PERCENT\", discount=10
    ... )
    >>> report
    <JobReport of 2: 2 created>
    >>> [row[\"email\"] for row in report.to_dicts()]
    ['ann@example.com', 'bob@example.com']
";

const ISSUE_ARGUMENTS: &str = "    pattern: The pattern of the codes: text with random parts, such as ``\"SPRING-[*]\"``. ``[N]`` is N random letters and \
digits that people do not mix up, and ``[*]`` is as many as make the codes hard to guess. ``[N:ALPHABET]`` takes them from \
``digits``, ``letters``, or the characters themselves. ``{column}`` is a column of the row. Write ``[[`` and ``{{`` for ``[`` and \
``{``.
    job: The path of the job's file, such as ``\"spring.job\"``. It must not exist.
    count: The number of coupons. Pass either `count` or `rows`.
    rows: Rows that get a coupon each, such as the recipients of a newsletter: a table that exports Arrow data (Polars, pandas, \
pyarrow, DuckDB), or an iterable of dicts or other mappings, such as a `csv.DictReader`. The values are strings, integers or \
missing. The report has the columns too.
    allow_guessable: Whether to allow codes that somebody who tries fewer than a million codes would find.
    progress: A function to call after each row, with the number of finished rows and the number of all rows. An `AsyncClient` \
calls it on another thread.
";

const ISSUE_SIGNATURE: &str = "        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
";

const UPDATE: &str = "Updates the given fields of a coupon.

An omitted field keeps its value, and ``None`` clears it. To clear a field, the client sends null. This is assumed, because
Ecwid does not document how a field is cleared.

Raises:
    NotFoundError: There is no such coupon.
    EcwidError: See `EcwidError` for errors common to all calls.

Examples:
    >>> _ = coupons.create(name=\"5% OFF\", code=\"FIVE\", discount_type=\"PERCENT\", discount=5, total_limit=50)
    >>> coupons.update(\"FIVE\", discount=\"7.50\", total_limit=None).update_count
    1
    >>> coupon = coupons.get(\"FIVE\")
    >>> coupon.discount, coupon.total_limit, coupon.name
    (Decimal('7.50'), None, '5% OFF')
";

const SEARCH_DOC: &str = "Returns a search for the coupons that match all given filters.

Without filters, all coupons of the store match. The search sends no request until it is iterated, and it can be iterated
again.

Examples:
    >>> _ = coupons.create(name=\"Free shipping\", code=\"SHIP\", discount_type=\"SHIPPING\")
    >>> [coupon.code for coupon in coupons.search(discount_type=\"SHIPPING\")]
    ['SHIP']
";

const SEARCH_ARGUMENTS: &str = "    prefetch: The number of pages to request at the same time.
    after: The `cursor` of an earlier iteration, to continue from there. It has the filters and fields of its search, so
        they need not be passed again.
    any_order: Accept a store that does not return coupons in the order of their ids.
    skip_unreadable: Skip coupons that cannot be decoded instead of raising an error. Each skipped coupon is logged as a warning
        and listed in `CouponList.skipped`.

";

const SEARCH_SIGNATURE: &str = "        prefetch: int = 4,
        after: str | None = None,
        any_order: bool = False,
        skip_unreadable: bool = False,
";

const EXTRA_OF_CREATE: &str = "        extra: Mapping[str, Any] | None = None,\n    ) -> CreateOutcome: ...";

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let classes = class(document, false)? + &class(document, true)?;
    // Import only the names that the calls use.
    let is_named = |name: &String| classes.contains(name);
    let enums = used_enums(document, models).into_iter().map(|it| format!("{}Value", it.name)).filter(is_named);
    let mut enums: Vec<_> = enums.chain([format!("{ROW}Field")]).collect();
    enums.sort();
    let mut models: Vec<_> = models.iter().map(|it| it.name.clone()).filter(is_named).collect();
    models.sort();
    let (enums, models) = (enums.join(", "), models.join(", "));
    let deprecated = deprecated::import(&classes);
    Ok(format!(
        r#""""The methods whose arguments are fields or filters of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import Any, overload

from ._base_client import BaseClient
{deprecated}from ._enums import {enums}
from ._jobs import resumable
from ._models import {models}
from ._native import JobReport
from ._new_coupon import NewCoupon, fields_of
from ._outcomes import CreateOutcome
from ._search import AsyncSearch, Progress, Search
from ._types import UNSET, Amount, ArrowStream, Instant, Unset


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {{name: value for name, value in values.items() if value is not UNSET}}
{classes}"#
    ))
}

fn class(document: &Document, is_async: bool) -> anyhow::Result<String> {
    let (class, client) = if is_async { ("AsyncCalls", "AsyncClient") } else { ("Calls", "Client") };
    let define = if is_async { "async def" } else { "def" };
    let new = &object(document, "NewCoupon")?.members;
    let mut out = format!("\n\nclass {class}(BaseClient):\n    \"\"\"The generated methods of `{client}`.\"\"\"\n");
    let note = |operation: &str| {
        document.operations.iter().find(|it| it.name == operation).and_then(|it| it.deprecated.as_deref())
    };
    for (name, doc, existing) in [("create", CREATE, "False"), ("create_or_get", CREATE_OR_GET, "True")] {
        let needed: String =
            new.iter().filter(|it| is_required(it)).map(|it| format!(", {}: None = None", it.field)).collect();
        let note = note("create_discount_coupon");
        let mark = deprecated::mark("    ", note);
        let _ = write!(
            out,
            "
    @overload
{mark}    {define} {name}(self, coupon: NewCoupon, *{needed}) -> CreateOutcome: ..."
        );
        let head = format!("{define} {name}(\n        self,\n        coupon: None = None,\n        *,\n");
        out.push_str(&deprecated::overloads(&head, &new_arguments(new, is_required), EXTRA_OF_CREATE, note));
        let call = Call {
            name,
            signature: &format!("{define} {name}(\n        self,\n        coupon: NewCoupon | None = None,"),
            own: "",
            arguments: &new_arguments(new, |_| false),
            note,
            is_overloaded: true,
            result: "CreateOutcome",
            doc,
            described: "    coupon: A `NewCoupon` with all fields, instead of the arguments below.\n",
            within: None,
            native: &format!("create(fields_of(coupon, values), {existing})"),
        };
        call.write(&mut out, new, is_async);
    }
    // The pattern gives the codes.
    let template: Vec<_> = new.iter().filter(|member| member.field != "code").cloned().collect();
    let call = Call {
        name: "issue",
        signature: &format!("{define} issue(\n        self,\n        pattern: str,"),
        own: ISSUE_SIGNATURE,
        arguments: &new_arguments(&template, is_required),
        note: None,
        is_overloaded: false,
        result: "JobReport",
        doc: ISSUE,
        described: ISSUE_ARGUMENTS,
        within: Some("resumable(job, is_new=True) as path"),
        native: "issue(pattern, path, count, rows, allow_guessable, progress, values)",
    };
    call.write(&mut out, &template, is_async);
    let update = &object(document, "CouponUpdate")?.members;
    let argument = |it: &Member| Argument::of(it, " | Unset | None", Some("UNSET"));
    let call = Call {
        name: "update",
        signature: &format!("{define} update(\n        self,\n        coupon: Coupon | int | str,"),
        own: "",
        arguments: &update.iter().map(argument).collect::<Vec<_>>(),
        note: note("update_discount_coupon"),
        is_overloaded: false,
        result: "UpdateResult",
        doc: UPDATE,
        described: "    coupon: The id or the code of the coupon, or the coupon itself.\n",
        within: None,
        native: "update(coupon, _given(values))",
    };
    call.write(&mut out, update, is_async);
    write_search(&mut out, document, is_async)?;
    Ok(out)
}

/// Returns the fields of a new coupon as arguments.
pub(super) fn new_arguments(new: &[Member], is_needed: impl Fn(&Member) -> bool) -> Vec<Argument> {
    let argument = |member: &Member| match is_needed(member) {
        true => Argument::of(member, "", None),
        false => Argument::of(member, " | None", Some("None")),
    };
    new.iter().map(argument).collect()
}

/// A method whose arguments are fields.
struct Call<'a> {
    name: &'a str,
    /// The first lines, up to the arguments with names.
    signature: &'a str,
    /// The lines of the arguments that are no fields.
    own: &'a str,
    arguments: &'a [Argument],
    /// What to use instead of the method, if it is deprecated.
    note: Option<&'a str>,
    /// Whether the overloads are written already.
    is_overloaded: bool,
    result: &'a str,
    doc: &'a str,
    /// The descriptions of the arguments before the fields.
    described: &'a str,
    /// The context manager of the call.
    within: Option<&'a str>,
    /// The call into the extension.
    native: &'a str,
}

impl Call<'_> {
    fn write(&self, out: &mut String, members: &[Member], is_async: bool) {
        let Call { name, signature, own, arguments, note, is_overloaded, result, doc, described, within, native } =
            self;
        let tail = format!("        extra: Mapping[str, Any] | None = None,\n    ) -> {result}:");
        let head = format!("{signature}\n        *,\n{own}");
        if !is_overloaded && deprecated::is_any(arguments) {
            out.push_str(&deprecated::overloads(&head, arguments, &format!("{tail} ..."), *note));
        }
        let mark = if *is_overloaded { String::new() } else { deprecated::mark("    ", *note) };
        let warnings = deprecated::warnings(name, *note, arguments);
        let arguments = deprecated::lines(arguments);
        let wait = if is_async { "await " } else { "" };
        let fields: String = members.iter().map(|it| format!("    {}: {}\n", it.field, description(it))).collect();
        let extra = "    extra: Extra fields, which this version does not know, by their names in the API.\n\n";
        let doc = place(doc, &format!("Args:\n{described}{fields}{extra}"));
        let doc = docstring("        ", &if is_async { doc.lines().map(awaited).collect() } else { doc });
        let values: String = members.iter().map(|it| format!("            {0:?}: {0},\n", it.field)).collect();
        let (within, indent) = match within {
            Some(within) => (format!("        with {within}:\n"), "    "),
            None => (String::new(), ""),
        };
        let _ = write!(
            out,
            r#"
{mark}    {head}{arguments}{tail}
{doc}{warnings}        values: dict[str, Any] = {{
{values}            "extra": extra,
        }}
{within}        {indent}result: {result} = {wait}self._native.{native}
        return result
"#
        );
    }
}

/// Inserts the section of the arguments into a docstring, before the other sections.
fn place(doc: &str, arguments: &str) -> String {
    let at =
        doc.find("Returns:").or_else(|| doc.find("Raises:")).or_else(|| doc.find("Examples:")).unwrap_or(doc.len());
    format!("{}{arguments}{}", &doc[..at], &doc[at..])
}

/// Adds `await` to a line of an example that has a call, with parentheses if an attribute of the result is read.
fn awaited(line: &str) -> String {
    let call = line.find(">>> ").and_then(|_| line.find("coupons."));
    let Some((before, call)) = call.map(|at| line.split_at(at)) else { return format!("{line}\n") };
    match call.rsplit_once(").") {
        Some((call, result)) => format!("{before}(await {call})).{result}\n"),
        None => format!("{before}await {call}\n"),
    }
}

fn write_search(out: &mut String, document: &Document, is_async: bool) -> anyhow::Result<()> {
    let (mut arguments, mut docs, mut values) = (Vec::new(), String::from("Args:\n"), String::new());
    for parameter in search::parameters(document)? {
        let (name, note) = (&parameter.name, parameter.parameter.deprecated.as_deref());
        let text = match name.as_str() {
            "fields" => "The names of the fields to return. Defaults to all fields.".to_owned(),
            _ => parameter.description(),
        };
        arguments.push(Argument {
            name: name.clone(),
            python_type: format!("{} | None", parameter.parameter.field_type.python_input()),
            default: Some("None"),
            note: note.map(str::to_owned),
        });
        let _ = writeln!(docs, "    {name}: {}", described(&text, note));
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
    let head = "def search(\n        self,\n        *,\n";
    let tail = format!("{SEARCH_SIGNATURE}    ) -> {query}:");
    let operation = document.operations.iter().find(|operation| operation.name == search::OPERATION);
    let note = operation.and_then(|operation| operation.deprecated.as_deref());
    if deprecated::is_any(&arguments) {
        out.push_str(&deprecated::overloads(head, &arguments, &format!("{tail} ..."), note));
    }
    let (mark, warnings) = (deprecated::mark("    ", note), deprecated::warnings("search", note, &arguments));
    let arguments = deprecated::lines(&arguments);
    let _ = write!(
        out,
        r#"
{mark}    {head}{arguments}{tail}
{doc}{warnings}        filters: dict[str, Any] = {{
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
