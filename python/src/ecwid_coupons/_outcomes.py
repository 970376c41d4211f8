"""The outcomes of writes, and coupons that a search skipped."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ._errors import EcwidError
from ._models import Coupon


class CreateOutcome(NamedTuple):
    """The outcome of `Client.create` and `Client.create_or_get`.

    Examples:
        >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
        >>> made.outcome, made.code, coupons.get(made.id).code
        ('created', 'ten', 'ten')
        >>> found = coupons.create_or_get(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
        >>> found.outcome, found.status, found.order_count
        ('already_exists', 'ACTIVE', 0)
    """

    outcome: Literal["created", "recovered", "already_exists"]
    """``"created"``; ``"recovered"`` if the response was lost and a lookup found the coupon; or ``"already_exists"`` if
    the store had a coupon with the same code and content before the call."""
    id: int | None = None
    """The coupon's id."""
    code: str | None = None
    """The coupon's code, as the store returns it."""
    status: str | None = None
    """The status of an existing coupon, which can be EXPIRED or USEDUP. None if the coupon was created."""
    order_count: int | None = None
    """The number of orders that used an existing coupon. None if the coupon was created."""


class CreationRow(NamedTuple):
    """The outcome of one row of `Client.create_many`.

    Examples:
        >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
        >>> row = report[0]
        >>> row.row, row.code, row.outcome, coupons.get(row.id).code
        (0, 'TEN', 'created', 'TEN')
    """

    row: int
    """The number of the row. The first row is 0."""
    id: int | None
    """The coupon's id, if it is known."""
    code: str
    """The code in the row."""
    outcome: Literal["created", "recovered", "already_exists", "failed", "in_flight", "not_attempted"]
    """The outcome. ``"recovered"`` means that a lookup found the coupon with the content of the row, created by the run
    or at most five seconds before it. ``"in_flight"`` means that the run ended before the response was read."""
    status: str | None
    """The status of an existing coupon, which can be EXPIRED or USEDUP. None if the coupon was created."""
    order_count: int | None
    """The number of orders that used an existing coupon. None if the coupon was created."""
    may_have_taken_effect: bool
    """Whether the coupon may exist although the store did not confirm it."""
    error: EcwidError | None
    """The error of a failed row."""

    def __eq__(self, other: object) -> bool:
        """Compares all values except the error, which is a new object in each `CreationRow`."""
        return isinstance(other, CreationRow) and self[:-1] == other[:-1]

    def __ne__(self, other: object) -> bool:
        """Compares like ``==``."""
        return not self == other


class DeleteOutcome(NamedTuple):
    """The outcome of `Client.delete_if_unused`.

    Examples:
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
    """The coupon as it was before the call. None if it was not found."""


class SkippedCoupon(NamedTuple):
    """A coupon that a search with ``skip_unreadable=True`` could not read and skipped.

    Examples:
        >>> for skipped in coupons.search(skip_unreadable=True).collect().skipped:
        ...     print(skipped.id, skipped.code, skipped.field, skipped.problem)
    """

    id: int | None
    """The coupon's id. None if the id cannot be read."""
    code: str | None
    """The coupon's code. None if the code cannot be read."""
    field: str | None
    """The field that cannot be read, such as ``"catalogLimit.products[0]"``. None if the whole coupon is unreadable."""
    problem: str
    """The reason why it cannot be read."""
    json: str
    """The JSON of the coupon."""
