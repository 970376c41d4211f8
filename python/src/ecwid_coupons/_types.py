"""What the calls take for a field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol, TypeAlias, final

Amount: TypeAlias = Decimal | int | float | str
"""An amount of money or a percentage. A text such as ``"10.50"`` is taken as it stands, a float as it is printed.

Numbers of NumPy and of similar libraries are accepted too, each with the digits of its own type.
"""

Instant: TypeAlias = datetime | date | str
"""A point in time, in whole seconds.

A `datetime` needs a time zone. A `numpy.datetime64` has none and is refused. A text is in the API's format, such as
``"2024-06-30 12:00:00 +0200"``, in that of RFC 3339, or without a zone, which is UTC. A `date`, and a text without a
time, is the first second of that day in UTC, and for an end, such as `expiration_date`, the last second, 23:59:59.
"""


class ArrowStream(Protocol):
    """A table that reads as Arrow: of Polars, pandas, pyarrow, DuckDB, or this package.

    Example:
        >>> import polars
        >>> coupons.create_many(polars.DataFrame({"name": ["Ten"], "code": ["TEN"]})).counts["created"]
        1
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None, /) -> object:
        """The capsule of its stream."""


@final
class Unset:
    """The type of `UNSET`.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> coupons.update("TEN", name="Ten", discount=UNSET).update_count
        1
        >>> coupons.get("TEN").discount
        Decimal('10')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """The name that it is used by."""
        return "UNSET"

    def __bool__(self) -> bool:
        """False, as for None."""
        return False

    def __reduce__(self) -> str:
        """There is one in each process."""
        return "UNSET"


UNSET: Final = Unset()
"""Of an update: the field keeps its value."""
