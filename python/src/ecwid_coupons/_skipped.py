"""Coupons that a search could not read."""

from __future__ import annotations

from typing import NamedTuple


class SkippedCoupon(NamedTuple):
    """A coupon that a search with ``skip_unreadable`` could not read and skipped.

    Example:
        >>> for skipped in coupons.search(skip_unreadable=True).collect().skipped:
        ...     print(skipped.id, skipped.code, skipped.field, skipped.problem)
    """

    id: int | None
    """The coupon's id; None when that is what cannot be read."""
    code: str | None
    """The coupon's code; None when that is what cannot be read."""
    field: str | None
    """The field that cannot be read, such as ``"catalogLimit.products[0]"``; None when it is the coupon as a whole."""
    problem: str
    """What is wrong with it."""
    json: str
    """The coupon as the store sent it."""
