"""What `create_many` takes, and what it leaves when it is ended early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from ._arguments import check_choice, check_type
from ._models import Coupon
from ._native import CreationReport
from ._types import ArrowStream

Existing: TypeAlias = Literal["error"] | Literal["accept"]  # a union at run time too
"""What a coupon is that was there before with the same content: a failed row, or one that is accepted."""

Rows: TypeAlias = ArrowStream | Iterable[Mapping[str, Any] | Coupon]
"""Coupons to create: a table that reads as Arrow, or an iterable of dicts, coupons or other mappings."""


def accepts_existing(existing: str) -> bool:
    """Whether a coupon that was there before will do."""
    check_choice("existing", existing, ("error", "accept"))
    return existing == "accept"


def report_or_new(report: CreationReport | None) -> CreationReport:
    """The report that was given, or a new one."""
    if report is None:
        return CreationReport()
    check_type("report", report, CreationReport, "a CreationReport; make one for each run")
    return report


@contextmanager
def noted(report: CreationReport) -> Iterator[None]:
    """Adds a note with the counts of the report to the exception that ends a run early."""
    try:
        yield
    except BaseException as error:
        if len(report):
            error.add_note(f"create_many ended early: {report!r} (give `report=CreationReport()` to have the rows)")
        raise
