"""The synchronous client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from os import PathLike
from typing import Self

from ._base_client import name_calls
from ._calls import Calls
from ._changes import ChangesMode
from ._creations import Existing, Rows, accepts_existing, filled
from ._enums import CouponField
from ._jobs import JobDifference, KeptCoupon, resumable
from ._models import Coupon, DeleteResult, LatestStats
from ._native import Changes, CreationReport, DeletedCouponList, JobReport
from ._outcomes import DeleteOutcome
from ._search import Progress


class Client(Calls):
    """A client for the discount coupons of one store.

    Each call blocks until its result is available. The GIL is released meanwhile, and Ctrl-C interrupts the call.
    `AsyncClient` has the same calls for asyncio.

    Threads can share a client, and it can be used after a fork. It cannot be pickled, because it holds a token. In
    another process, make a client with `from_env`.

    **A retry never creates a second coupon.** Reads, updates and deletes are retried after a failure of the network or
    the server, with growing delays, until they have been attempted `max_attempts` times. A create is retried only if
    the store did not process it, or if a lookup shows that no coupon has its code. A client has a limited budget of
    retries, so that retries do not multiply the load during an outage. Successful calls refill the budget.

    **The deadline covers all attempts and delays of a call.** `timeout` limits one attempt, and `deadline` limits the
    whole call. The client does not start a delay that would exceed the deadline. In a search, each page has the
    deadline of one call.

    **The client stays within the rate limit.** Ecwid allows 600 requests per token in any 60 seconds. When they
    are used up, calls wait. A request counts until 60 seconds after its response. If several programs use the same
    token, give each a share with `requests_per_minute`. After a 429 response, the client pauses for as long as the
    store asks for, but at most five minutes.

    Examples:
        >>> with Client(store_id=1003, token="secret_sandbox", base_url=base_url, timeout=10) as coupons:
        ...     coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
        'created'
    """

    _waits = True

    def get(self, coupon: Coupon | int | str, *, fields: Sequence[CouponField] | None = None) -> Coupon:
        """Returns the coupon with this id or code.

        Args:
            coupon: The coupon's id (an int), its code (a str), or a `Coupon`.
            fields: The names of the fields to request. Defaults to all fields.

        Raises:
            NotFoundError: The coupon does not exist.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.get("TEN").discount
            Decimal('10')
            >>> coupons.get("TEN", fields=["code", "catalog_limit.products"])
            Coupon(code='TEN')
        """
        result: Coupon = self._native.get(coupon, fields)
        return result

    def delete(self, coupon: Coupon | int | str) -> DeleteResult:
        """Deletes a coupon.

        Args:
            coupon: The coupon's id (an int), its code (a str), or a `Coupon`.

        Returns:
            The number of deleted coupons, as `delete_count`: 1, or 0 if the coupon does not exist. It is None if the
            response to an attempt was lost and the retry did not find the coupon. The coupon is then gone, but may have
            been deleted by another program.

        Raises:
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.delete("TEN").delete_count, coupons.delete("TEN").delete_count
            (1, 0)
        """
        result: DeleteResult = self._native.delete(coupon)
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
        """Creates many coupons and reports the outcome of every row.

        The rows are sent in batches of up to 500. If the store does not accept batches, each row is a single request.

        All rows are checked before the first request is sent. A row that fails does not stop the others. The run stops
        when no further row can succeed: if the token or the store's plan does not allow it, if the store asks to wait
        for longer than the deadline, or if 20 consecutive rows could not reach a working store. The reason is then in
        `stopped_by` of the report, and the remaining rows are ``"not_attempted"``.

        Each row is resolved by its coupon code, like a single create. A run that was interrupted or failed in part can
        therefore be repeated with ``existing="accept"``. If an exception ends the run, such as `KeyboardInterrupt`,
        the report that was passed as `report` has the outcomes so far, and a note on the exception has their counts.

        Args:
            rows: A table that exports Arrow data (Polars, pandas, pyarrow, DuckDB, `CouponList`, `Search`), or an
                iterable of dicts, coupons or other mappings. Columns have the names of the arguments of `create`. A
                field inside an object can have its own column, such as ``catalog_limit_products``. None, null and
                values that only the store sets are ignored, so the result of a search can be created again with other
                codes. The store sets ids, creation dates, update dates, `order_count`, and the statuses EXPIRED and
                USEDUP.
            existing: What to do if a coupon with the same code and content exists. ``"error"`` fails the row,
                ``"accept"`` gives it the outcome ``"already_exists"``. If the content differs, the row always fails.
            keep_order_count: Whether to set the `order_count` of the rows. A `NewCoupon` always keeps its own.
            concurrency: The number of single requests that are sent at once. They are sent if there are no more rows
                than this, or if the store does not accept batches. The first coupon is always created alone.
            progress: A function to call after each row, with the number of finished rows and the number of all rows.
            report: A new `CreationReport` to fill. Pass one to read it during the run, or after an interrupted run.

        Returns:
            The outcome of every row, as a sequence and as a table.

        Raises:
            InvalidRowsError: Some rows are not valid, and no request was sent. `problems` lists the problems of all
                rows.

        Examples:
            >>> rows = [NewCoupon.absolute("Thank you", f"THANKS-{order}", 5) for order in (1017, 1018)]
            >>> report = coupons.create_many(rows)
            >>> report
            <CreationReport of 2: 2 created>
            >>> [row.code for row in report if row.outcome == "created"]
            ['THANKS-1017', 'THANKS-1018']
            >>> coupons.create_many(rows, existing="accept").counts["already_exists"]
            2
        """
        accept = accepts_existing(existing)
        with filled(report) as report:
            self._native.create_many(rows, accept, keep_order_count, concurrency, progress, report)
        return report

    def resume(self, job: str | PathLike[str], *, progress: Progress | None = None) -> JobReport:
        """Continues a job of `issue` that was interrupted.

        Creates the coupons that do not exist yet. If the outcome of a coupon is not known, the client looks it up. If
        the job is complete, nothing is sent.

        Args:
            job: The path of the job's file.
            progress: A function to call after each row, with the number of finished rows and the number of all rows.

        Returns:
            The outcome of every row, as a table.

        Raises:
            JobError: The file is not a job, the job is of another store, or another process runs it.
            EcwidError: See `EcwidError` for errors common to all calls. The job can be continued.

        Examples:
            >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> coupons.resume("spring.job")
            <JobReport of 2: 2 created>
        """
        with resumable(job) as path:
            result: JobReport = self._native.resume(path, progress)
        return result

    def _verify(self, path: str) -> list[JobDifference]:
        return [JobDifference(*it) for it in self._native.verify(path)]

    def _undo(self, path: str, progress: Progress | None) -> list[KeptCoupon]:
        with resumable(path, call="Job({path!r}).undo(coupons)"):
            kept: list[tuple[str, str]] = self._native.undo(path, progress)
        return [KeptCoupon(*it) for it in kept]

    def delete_if_unused(self, coupon: Coupon | int | str) -> DeleteOutcome:
        """Deletes a coupon if no order has used it and its status is ACTIVE or PAUSED.

        The API has no conditional delete, so the client looks up the coupon before it deletes it. The coupon is deleted
        even if an order uses it between these two requests.

        Raises:
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> coupons.delete_if_unused("THANKS-1017").outcome
            'deleted'
            >>> coupons.delete_if_unused("THANKS-1017").outcome
            'not_found'
        """
        result: DeleteOutcome = self._native.delete_if_unused(coupon)
        return result

    def deleted(
        self,
        *,
        deleted_from: datetime | date | int | str | None = None,
        deleted_to: datetime | date | int | str | None = None,
    ) -> DeletedCouponList:
        """Returns the deleted coupons: their ids and the times of their deletion.

        Ecwid keeps deletions for six months. A coupon that is created again with the same code has a new id. The token
        needs the access scopes ``read_discount_coupons`` and ``read_store_profile``.

        Args:
            deleted_from: Finds coupons deleted at this time or later. A date without a time means 00:00:00 UTC of that
                day.
            deleted_to: Finds coupons deleted at this time or earlier. A date without a time means 23:59:59 UTC of that
                day.

        Raises:
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> made = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> _ = coupons.delete("TEN")
            >>> [deleted.id == made.id for deleted in coupons.deleted(deleted_from="2024-06-30")]
            [True]
        """
        result: DeletedCouponList = self._native.deleted(deleted_from, deleted_to)
        return result

    def latest_stats(self) -> LatestStats:
        """Returns the times of the latest changes in the store. Sends one request.

        `discount_coupons_updated` is the time when a coupon was last created, updated or deleted. It is unknown whether
        an order that uses a coupon and the expiry of a coupon count as an update. The token needs the access scope
        ``read_store_profile``.

        Raises:
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.latest_stats().discount_coupons_updated == coupons.get("TEN").update_date
            True
        """
        result: LatestStats = self._native.latest_stats()
        return result

    def changes(
        self,
        cursor: str | None = None,
        *,
        mode: ChangesMode = "auto",
        refresh_every: float | timedelta = timedelta(hours=24),
        deletions_if_complete: bool = True,
    ) -> Changes:
        """Reads what changed in the store since a cursor, for a copy of its coupons.

        Apply the changes in their order, and save the cursor after them together with the copy, best in one
        transaction. If a run fails, the copy and the old cursor are still valid, and the next run repeats it.

        An unchanged store costs one request. A store of 10,000 coupons that is read completely costs 102 requests. The
        requests are sent in the background.

        It is unknown whether an order that uses a coupon and the expiry of a coupon change the coupon's `update_date`.
        If they do not, only a complete read shows the new `order_count` and `status`.

        Args:
            cursor: The `Changes.cursor` of the last run. Without one, all coupons are read.
            mode: What is read. ``"auto"`` reads nothing if the store reports no change and the last complete read is
                recent. It reads all coupons if the store has at most 20,000, if the last complete read is not recent,
                or if only a complete read shows all changes. It reads the changed coupons and the deletions otherwise.
                ``"full"`` reads all coupons. ``"incremental"`` reads the changed coupons and the deletions, or nothing
                if the store reports no change.
            refresh_every: After how many seconds ``"auto"`` reads all coupons again, even if the store reports no
                change. The time is measured with the clock of this machine.
            deletions_if_complete: Whether deletions are listed if all coupons are read. If False, the copy deletes the
                coupons that were not returned. See `Changes.is_complete`.

        Raises:
            CursorError: The cursor is not valid. The iteration raises it if the cursor is of another store, or if it is
                older than six months and the deletions since then cannot be listed.
            EcwidError: Raised by the iteration. If the token lacks the access scope ``read_store_profile``, all coupons
                are read each time. See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> first = coupons.changes()
            >>> copy = {coupon.id: coupon for change in first for coupon in change.rows}
            >>> _ = coupons.delete("TEN")
            >>> later = coupons.changes(first.cursor)
            >>> for change in later:
            ...     if change.op == "upsert":
            ...         copy.update({coupon.id: coupon for coupon in change.rows})
            ...     else:
            ...         for deleted in change.rows:
            ...             _ = copy.pop(deleted.id, None)
            >>> copy
            {}
        """
        return self._native.changes(cursor, mode, refresh_every, deletions_if_complete)

    def close(self) -> None:
        """Closes the client and its connections. Later calls raise `RuntimeError`.

        Examples:
            >>> coupons.close()
            >>> coupons
            <Client, closed>
        """
        self._native.close()

    def __enter__(self) -> Self:
        """Returns the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the client."""
        self.close()


name_calls(Calls, Client)
