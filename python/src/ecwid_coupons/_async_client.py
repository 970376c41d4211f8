"""The client for asyncio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from os import PathLike
from typing import Self

from ._base_client import name_calls
from ._calls import AsyncCalls
from ._changes import ChangesMode
from ._creations import Existing, Rows, accepts_existing, filled
from ._enums import CouponField
from ._jobs import JobDifference, KeptCoupon, resumable
from ._models import Coupon, DeleteResult, LatestStats
from ._native import Changes, CreationReport, DeletedCouponList, JobReport
from ._outcomes import DeleteOutcome
from ._search import Progress


class AsyncClient(AsyncCalls):
    """A client for the discount coupons of one store, for asyncio.

    It has the calls of `Client`, and each call is awaited. Cancelling a call ends it at once. See `Client` for retries,
    deadlines and the rate limit.

    Examples:
        >>> async with AsyncClient(store_id=1003, token="secret_sandbox", base_url=base_url, timeout=10) as coupons:
        ...     (await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)).outcome
        'created'
    """

    _waits = False

    async def get(self, coupon: Coupon | int | str, *, fields: Sequence[CouponField] | None = None) -> Coupon:
        """The asynchronous form of `Client.get`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.get("TEN")).discount
            Decimal('10')
        """
        result: Coupon = await self._native.get(coupon, fields)
        return result

    async def delete(self, coupon: Coupon | int | str) -> DeleteResult:
        """The asynchronous form of `Client.delete`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.delete("TEN")).delete_count
            1
        """
        result: DeleteResult = await self._native.delete(coupon)
        return result

    async def create_many(
        self,
        rows: Rows,
        *,
        existing: Existing = "error",
        keep_order_count: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
        report: CreationReport | None = None,
    ) -> CreationReport:
        """The asynchronous form of `Client.create_many`. Calls `progress` on a thread of its own.

        Examples:
            >>> rows = [NewCoupon.absolute("Thank you", f"THANKS-{order}", 5) for order in (1017, 1018)]
            >>> await coupons.create_many(rows)
            <CreationReport of 2: 2 created>
        """
        accept = accepts_existing(existing)
        with filled(report) as report:
            await self._native.create_many(rows, accept, keep_order_count, concurrency, progress, report)
        return report

    async def resume(self, job: str | PathLike[str], *, progress: Progress | None = None) -> JobReport:
        """The asynchronous form of `Client.resume`. Calls `progress` on a thread of its own.

        Examples:
            >>> _ = await coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> await coupons.resume("spring.job")
            <JobReport of 2: 2 created>
        """
        with resumable(job) as path:
            result: JobReport = await self._native.resume(path, progress)
        return result

    async def _verify(self, path: str) -> list[JobDifference]:
        return [JobDifference(*it) for it in await self._native.verify(path)]

    async def _undo(self, path: str, progress: Progress | None) -> list[KeptCoupon]:
        with resumable(path, call="Job({path!r}).undo(coupons)"):
            kept: list[tuple[str, str]] = await self._native.undo(path, progress)
        return [KeptCoupon(*it) for it in kept]

    async def delete_if_unused(self, coupon: Coupon | int | str) -> DeleteOutcome:
        """The asynchronous form of `Client.delete_if_unused`.

        Examples:
            >>> _ = await coupons.create(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> (await coupons.delete_if_unused("THANKS-1017")).outcome
            'deleted'
        """
        result: DeleteOutcome = await self._native.delete_if_unused(coupon)
        return result

    async def deleted(
        self,
        *,
        deleted_from: datetime | date | int | str | None = None,
        deleted_to: datetime | date | int | str | None = None,
    ) -> DeletedCouponList:
        """The asynchronous form of `Client.deleted`.

        Examples:
            >>> made = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> _ = await coupons.delete("TEN")
            >>> [deleted.id == made.id for deleted in await coupons.deleted(deleted_from="2024-06-30")]
            [True]
        """
        result: DeletedCouponList = await self._native.deleted(deleted_from, deleted_to)
        return result

    async def latest_stats(self) -> LatestStats:
        """The asynchronous form of `Client.latest_stats`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.latest_stats()).discount_coupons_updated == (await coupons.get("TEN")).update_date
            True
        """
        result: LatestStats = await self._native.latest_stats()
        return result

    def changes(
        self,
        cursor: str | None = None,
        *,
        mode: ChangesMode = "auto",
        refresh_every: float | timedelta = timedelta(hours=24),
        deletions_if_complete: bool = True,
    ) -> Changes:
        """The asynchronous form of `Client.changes`. It is not awaited: iterate with ``async for``.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> changes = coupons.changes()
            >>> [(change.op, len(change.rows)) async for change in changes], changes.is_complete
            ([('upsert', 1)], True)
        """
        return self._native.changes(cursor, mode, refresh_every, deletions_if_complete)

    async def close(self) -> None:
        """The asynchronous form of `Client.close`.

        Examples:
            >>> await coupons.close()
            >>> coupons
            <AsyncClient, closed>
        """
        self._native.close()

    async def __aenter__(self) -> Self:
        """Returns the client."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the client."""
        await self.close()


name_calls(AsyncCalls, AsyncClient)
