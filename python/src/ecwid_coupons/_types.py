"""The types of arguments, and of what a client passes to a function."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple, Protocol, TypeAlias, final

Amount: TypeAlias = Decimal | int | float | str
"""An amount of money or a percentage.

A string such as ``"10.50"`` keeps its digits. A float has the digits that Python prints. Numbers of NumPy and similar
libraries are accepted too.
"""

Instant: TypeAlias = datetime | date | str
"""A point in time, in whole seconds.

A `datetime` must have a time zone. A `numpy.datetime64` has none and is refused. A string has the format of the API,
such as ``"2024-06-30 12:00:00 +0200"``, or the format of RFC 3339. A string without a time zone is in UTC. A date
without a time is the first second of the day in UTC, or the last second if it ends a period, as `expiration_date` does.
"""


class ArrowStream(Protocol):
    """A table that exports Arrow data, such as a table of Polars, pandas, pyarrow, DuckDB or this package.

    Examples:
        >>> import polars
        >>> coupons.create_many(polars.DataFrame({"name": ["Ten"], "code": ["TEN"]})).counts["created"]
        1
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None, /) -> object:
        """Returns the capsule of an Arrow stream."""


class Attempt(NamedTuple):
    """An attempt to send a request, for the setting `on_attempt` of a client.

    Examples:
        >>> attempts: list[Attempt] = []
        >>> sandbox.client(on_attempt=attempts.append).search().count()
        0
        >>> [(attempt.operation, attempt.number, attempt.status) for attempt in attempts]
        [('search_discount_coupons', 1, 200)]
    """

    operation: str
    """The name of the operation, such as ``"get_discount_coupon"``."""
    request_id: str
    """The id of the request. All attempts of a call have the same id."""
    number: int
    """The number of the attempt within its call, from 1."""
    queued: float
    """How long the attempt waited for the rate limit, in seconds."""
    elapsed: float
    """How long the attempt took, including the response body, in seconds."""
    status: int | None
    """The HTTP status, if there was a response."""
    failure: str | None
    """The kind of error, such as ``"timeout"`` or ``"status"``, if the attempt failed."""


@final
class Unset:
    """The type of `UNSET`.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> coupons.update("TEN", name="Ten", discount=UNSET).update_count
        1
        >>> coupons.get("TEN").discount
        Decimal('10')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Returns the name of the only instance."""
        return "UNSET"

    def __bool__(self) -> bool:
        """Returns False, like None."""
        return False

    def __reduce__(self) -> str:
        """Pickles the name of the only instance."""
        return "UNSET"


UNSET: Final = Unset()
"""The value of an argument of `Client.update` that leaves the field unchanged."""
