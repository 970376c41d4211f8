"""What became of single writes."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ._models import Coupon


class CreateOutcome(NamedTuple):
    """What became of a create.

    Example:
        >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
        >>> made.outcome, made.code, coupons.get(made.id).code
        ('created', 'ten', 'ten')
        >>> found = coupons.create_or_get(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
        >>> found.outcome, found.status, found.order_count
        ('already_exists', 'ACTIVE', 0)
    """

    outcome: Literal["created", "already_exists"]
    """``"created"``, or ``"already_exists"`` when the store has the coupon with all that was sent."""
    id: int | None = None
    """The coupon's id."""
    code: str | None = None
    """The coupon's code, as the store has it."""
    status: str | None = None
    """The status of a coupon that is already there, which can be EXPIRED or USEDUP; None for one that was created."""
    order_count: int | None = None
    """How many orders used a coupon that is already there; None for one that was created."""


class DeleteOutcome(NamedTuple):
    """What `delete_if_unused` found, and did.

    Example:
        >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
        >>> deleted = coupons.delete_if_unused("ten")
        >>> deleted.outcome, deleted.coupon.discount
        ('deleted', Decimal('10'))
        >>> coupons.delete_if_unused("ten").outcome
        'not_found'
    """

    outcome: Literal["deleted", "kept", "not_found"]
    """``"deleted"``, ``"kept"`` or ``"not_found"``."""
    coupon: Coupon | None = None
    """The coupon as it was found, with all that it had; None when it was not there."""
