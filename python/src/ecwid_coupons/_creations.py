"""The arguments of `create_many`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from ._arguments import check_choice, check_type
from ._models import Coupon
from ._native import CreationReport
from ._types import ArrowStream

Existing: TypeAlias = Literal["error"] | Literal["accept"]  # a union at run time too
"""What `Client.create_many` does if a coupon with the same code and content exists: fail the row, or accept it."""

Rows: TypeAlias = ArrowStream | Iterable[Mapping[str, Any] | Coupon]
"""The rows of `Client.create_many`: a table that exports Arrow data, or an iterable of dicts, coupons or mappings."""


def accepts_existing(existing: str) -> bool:
    """Returns whether a row succeeds if the store already has its coupon."""
    check_choice("existing", existing, ("error", "accept"))
    return existing == "accept"


@contextmanager
def filled(report: CreationReport | None) -> Iterator[CreationReport]:
    """Yields the user's report, or a new one. Adds its counts as a note to an exception that ends the run."""
    if report is None:
        report = CreationReport()
    check_type("report", report, CreationReport, "a CreationReport")
    try:
        yield report
    except BaseException as error:
        if len(report):
            error.add_note(f"create_many ended early: {report!r}; hint: pass `report=CreationReport()` to get the rows")
        raise
