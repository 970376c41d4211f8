"""HTML tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from ._native import hide_tokens

if TYPE_CHECKING:
    from ._models import Coupon
    from ._outcomes import CreationRow

LONGEST_CELL = 100
"""The maximum number of characters of a cell."""

CAPTION = '<caption style="text-align: left">'
"""The start of a caption. Notebooks center it by default, which hides it if the table is wide."""


class Unreadable:
    """The type of `UNREADABLE`."""

    def __repr__(self) -> str:
        """Returns the text that a representation shows."""
        return "<unreadable>"


UNREADABLE = Unreadable()
"""What a representation shows for a value that Python cannot represent, such as an invalid date."""


def object_html(shown: Any) -> str:
    """Returns the fields of an object of the API as a table with one row for each field."""
    rows = "".join(f"<tr><th>{escape(name)}</th>{cell(value)}</tr>" for name, value in shown.__rich_repr__())
    return f"<table>{CAPTION}{type(shown).__name__}</caption><tbody>{rows}</tbody></table>"


def coupons_html(title: str, coupons: Iterable[Coupon], total: int | None) -> str:
    """Returns the first coupons of a list or a search as a table, with the number of all coupons."""
    rows = [dict(coupon.__rich_repr__()) for coupon in coupons]
    return table_html(title if total is None else f"{title}: {total} coupons", rows, total)


def report_html(title: str, rows: Sequence[CreationRow], total: int) -> str:
    """Returns the first rows of a creation report as a table, with the counts in the title."""
    return table_html(title, [row._asdict() for row in rows], total)


def table_html(title: str, rows: Sequence[Mapping[str, Any]], total: int | None) -> str:
    """Returns a table with a column for each field that a row sets, in the rows' order. Numbers are on the right."""
    names: list[str] = []
    values: dict[str, object] = {}
    for row in rows:
        found = {name: value for name, value in row.items() if value is not None}
        values |= found
        place = 0
        for name in found:
            if name not in names:
                names.insert(place, name)
            place = names.index(name) + 1
    sides = {name: side_of(values[name]) for name in names}
    head = "".join(f'<th style="text-align: {side}">{escape(name)}</th>' for name, side in sides.items())
    body = "".join(f"<tr>{''.join(cell(row.get(name), side) for name, side in sides.items())}</tr>" for row in rows)
    is_part = total is None or total > len(rows)
    caption = f"{title}, the first {len(rows)}" if rows and is_part else title
    return f"<table>{CAPTION}{shown(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def side_of(value: object) -> str:
    """Returns the side of a column on which a value stands."""
    return "right" if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else "left"


def cell(value: object, side: str = "left") -> str:
    """Returns a cell of a table."""
    return f'<td style="text-align: {side}; white-space: nowrap">{shown(value)}</td>'


def shown(value: object) -> str:
    """Returns a value as HTML. Shows invisible characters, such as those that change the direction, as escapes."""
    text = "".join(it if it.isprintable() else it.encode("unicode_escape").decode() for it in hide_tokens(plain(value)))
    return escape(text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…")


def plain(value: object) -> str:
    """Returns a value as text for people."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, tuple):
        return ", ".join(map(plain, value))
    if hasattr(value, "__rich_repr__"):
        return "; ".join(f"{name}: {plain(inner)}" for name, inner in value.__rich_repr__())
    return str(value)
