"""The changes of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ._native import CouponList, DeletedCouponList


class Upserts:
    """Coupons that are new or may have changed. A part of `Client.changes`.

    It is a table of `rows`, with the columns of a search.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> upserts = next(coupons.changes())
        >>> upserts.op, upserts.rows[0].code
        ('upsert', 'TEN')
        >>> import polars
        >>> polars.DataFrame(upserts)["code"].to_list()
        ['TEN']
    """

    __slots__ = ("_rows",)
    op: Literal["upsert"] = "upsert"

    def __init__(self, rows: CouponList) -> None:
        """Called by the iteration over the changes."""
        self._rows = rows

    @property
    def rows(self) -> CouponList:
        """The coupons, which replace those of a copy.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [coupon.code for change in coupons.changes() for coupon in change.rows]
            ['TEN']
        """
        return self._rows

    def __repr__(self) -> str:
        """Returns the number of coupons."""
        return f"<Upserts of {len(self._rows)}>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Exports the coupons as Arrow data."""
        return self._rows.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Exports the columns of a table of coupons."""
        return self._rows.__arrow_c_schema__()


class Deletions:
    """Coupons that were deleted. A part of `Client.changes`. They come after all upserts.

    It is a table of `rows`, with the columns ``id`` and ``date``. Some of the coupons may not be in a copy.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> before = coupons.changes()
        >>> _ = list(before), coupons.delete("TEN")
        >>> deletions = next(coupons.changes(before.cursor))
        >>> deletions.op, len(deletions.rows)
        ('delete', 1)
        >>> import polars
        >>> polars.DataFrame(deletions).columns
        ['id', 'date']
    """

    __slots__ = ("_rows",)
    op: Literal["delete"] = "delete"

    def __init__(self, rows: DeletedCouponList) -> None:
        """Called by the iteration over the changes."""
        self._rows = rows

    @property
    def rows(self) -> DeletedCouponList:
        """The ids of the deleted coupons and the times of their deletion.

        Examples:
            >>> made = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> before = coupons.changes()
            >>> _ = list(before), coupons.delete("TEN")
            >>> next(coupons.changes(before.cursor)).rows[0].id == made.id
            True
        """
        return self._rows

    def __repr__(self) -> str:
        """Returns the number of deleted coupons."""
        return f"<Deletions of {len(self._rows)}>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Exports the deleted coupons as Arrow data."""
        return self._rows.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Exports the columns of a table of deleted coupons."""
        return self._rows.__arrow_c_schema__()


Change: TypeAlias = Upserts | Deletions
"""A part of the changes of a store."""

ChangesMode: TypeAlias = Literal["auto"] | Literal["full"] | Literal["incremental"]  # a union at run time too
"""What `Client.changes` reads."""
