"""The client that waits."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ._calls import Calls
from ._creations import Existing, Rows, accepts_existing, noted, report_or_new
from ._enums import CouponField
from ._models import Coupon, DeleteResult
from ._native import CreationReport
from ._outcomes import DeleteOutcome
from ._search import Progress


class Client(Calls):
    """The discount coupons of one store.

    Every call waits for its answer, with the GIL released; Ctrl-C ends the wait at once. A failed read, update or
    delete is sent again, with growing waits; a create only when that can make no second coupon. At most 600 requests
    are sent in any 60 seconds, which is the store's limit for a token.

    It can be shared by threads, and used after a fork. It does not pickle, since it holds a token: make one where it is
    used, with `from_env`.

    Example:
        >>> with Client(store_id=1003, token="secret_sandbox", base_url=base_url, timeout=10) as coupons:
        ...     coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
        'created'
    """

    def get(self, coupon: Coupon | int | str, *, fields: Sequence[CouponField] | None = None) -> Coupon:
        """Gets a coupon.

        Args:
            coupon: The coupon's id (an int), its code (a str), or the coupon itself.
            fields: The fields to answer, by name; all of them when left out.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.get("TEN").discount
            Decimal('10')
            >>> coupons.get("TEN", fields=["code", "catalog_limit.products"])
            Coupon(code='TEN')
        """
        result: Coupon = self._native.get(coupon, fields, True)
        return result

    def delete(self, coupon: Coupon | int | str) -> DeleteResult:
        """Deletes a coupon.

        Args:
            coupon: The coupon's id (an int), its code (a str), or the coupon itself.

        Returns:
            How many were deleted: 0 when there was no such coupon. `delete_count` is None if the coupon is gone and it
            is not known whether this call deleted it: the response to a first attempt was lost, and the second found
            no coupon.

        Raises:
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.delete("TEN").delete_count, coupons.delete("TEN").delete_count
            (1, 0)
        """
        result: DeleteResult = self._native.delete(coupon, True)
        return result

    def create_many(
        self,
        rows: Rows,
        *,
        existing: Existing = "error",
        keep_order_count: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
        report: CreationReport | None = None,
    ) -> CreationReport:
        """Creates many coupons, several at once, and says what became of each.

        All rows are checked before the first request. A row that fails does not hold up the others. The run stops when
        no row can be created any more: when the token or the store's plan does not allow it, when the store refuses
        requests for longer than a call may take, and when twenty rows in succession found no store that works. The
        report's `stopped_by` says why, and rows that were not begun are ``"not_attempted"``.

        Each row is settled by its code, so that a run that was ended, or failed in part, can be repeated with
        ``existing="accept"``. If something ends the run early, such as Ctrl-C or a `progress` that raises, the
        report that was given as `report` has what is known of each row, and a note on the exception has the counts.

        Args:
            rows: A table that reads as Arrow (of Polars, pandas, pyarrow, DuckDB, a `CouponList`, a search), or an
                iterable of dicts, coupons or other mappings. Its columns are the arguments of `create`, those inside of
                an object also under names such as ``catalog_limit_products``. None and null are left out; so is what
                the store sets, so that what a search gave can be given back with other codes: ids, dates of creation
                and update, `order_count`, and the statuses EXPIRED and USEDUP.
            existing: What a coupon is that was there before with the same content: ``"error"``, a failed row, or
                ``"accept"``, ``"already_exists"``. One with other content is a failed row in any case.
            keep_order_count: Sets the `order_count` of the rows too, so that the coupons begin as used as they are
                there. A `NewCoupon` keeps its own in any case.
            concurrency: How many are created at once. The first one goes alone.
            progress: What is called after each row, with how many are settled, and how many there are.
            report: A `CreationReport` to fill. Give one to look at it during the run, or after a run that ended early.

        Returns:
            What became of each row, as a sequence and as a table.

        Raises:
            InvalidRowsError: Rows are not valid. `problems` has all problems of all rows; nothing was sent.

        Example:
            >>> rows = [NewCoupon.absolute("Thank you", f"THANKS-{order}", 5) for order in (1017, 1018)]
            >>> report = coupons.create_many(rows)
            >>> report
            <CreationReport of 2: 2 created>
            >>> [row.code for row in report if row.outcome == "created"]
            ['THANKS-1017', 'THANKS-1018']
            >>> coupons.create_many(rows, existing="accept").counts["already_exists"]
            2
        """
        report = report_or_new(report)
        accept = accepts_existing(existing)
        with noted(report):
            self._native.create_many(rows, accept, keep_order_count, concurrency, progress, report, True)
        return report

    def delete_if_unused(self, coupon: Coupon | int | str) -> DeleteOutcome:
        """Deletes a coupon that no order has used, and whose status is ACTIVE or PAUSED; leaves any other alone.

        The API has no delete with a condition, so this is a look and then a delete. An order that is placed between the
        two uses the coupon and does not save it.

        Raises:
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> coupons.delete_if_unused("THANKS-1017").outcome
            'deleted'
            >>> coupons.delete_if_unused("THANKS-1017").outcome
            'not_found'
        """
        result: DeleteOutcome = self._native.delete_if_unused(coupon, True)
        return result

    def close(self) -> None:
        """Lets go of the connections. A call after that is a `RuntimeError`.

        Example:
            >>> coupons.close()
            >>> coupons
            <Client, closed>
        """
        self._native.close()

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None:
        """Closes the client."""
        self.close()
