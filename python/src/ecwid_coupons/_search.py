"""Searches: lazy collections of coupons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._arguments import check_choice
from ._native import CouponList, CouponStream, CouponTable, NativeClient, Pages

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._models import Coupon

Progress: TypeAlias = Callable[[int, int | None], object]
"""What is called after each page: with how many coupons are there, and how many there are in all."""

Decimals: TypeAlias = Literal["decimal"] | Literal["float64"] | Literal["text"]  # a union at run time too
"""How amounts stand in a table: as exact decimals, each as the nearest 64-bit float, or as texts with all digits."""

# Looked at before coupons are read, which may take a while.
DECIMALS = ("decimal", "float64", "text")


class BaseSearch:
    """The filters of a search, and what needs no wait."""

    __slots__ = ("_filters", "_native")

    def __init__(self, native: NativeClient, filters: dict[str, Any]) -> None:
        """Made by the `search` of a client."""
        self._native = native
        self._filters = filters

    def stream(self, *, decimals: Decimals = "decimal", batch_size: int = 10_000) -> CouponStream:
        """Returns the coupons as a table that is read from the store while it is consumed, a few pages at a time.

        Use it for more coupons than should be in memory at once, and for a consumer that takes batches as they come,
        such as a writer of Parquet or a database. The consumer waits for the store, so in asyncio it should be on
        another thread. Arrow passes an error on as its text alone; the stream's `error` is the exception itself.

        Args:
            decimals: How amounts stand in the table.
            batch_size: How many coupons a batch has, or up to a page more.

        Example:
            >>> import polars
            >>> polars.DataFrame(coupons.search().stream()).height
            0
        """
        return CouponStream(self._native, self._filters, decimals, batch_size)

    def pages(self) -> Pages:
        """Starts to request the pages, and returns an iterator of them.

        Example:
            >>> pages = coupons.search().pages()
            >>> pages.cursor is None
            True
        """
        return self._native.pages(self._filters)

    def __repr__(self) -> str:
        """The filters that are set."""
        # By identity: an array of NumPy compares its items.
        given = {name: value for name, value in self._filters.items() if value is not None and value is not False}
        shown = ", ".join(f"{name}={value!r}" for name, value in given.items() if (name, value) != ("prefetch", 4))
        return f"<{type(self).__name__}({shown})>"


class Search(BaseSearch):
    """A search through the coupons of a store: a lazy collection of them, which can be gone through again and again.

    Coupons that are created or deleted while it is read move the others between pages; no coupon that was there
    throughout is left out or given twice.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> active = coupons.search(status="ACTIVE")
        >>> [coupon.code for coupon in active], active.count()
        (['TEN'], 1)
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[Coupon]:
        """The coupons, page after page."""
        for page in self.pages():
            yield from page

    def first(self) -> Coupon | None:
        """The first coupon, or None when none is found. One request.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search(code="TEN").first().discount
            Decimal('10')
            >>> coupons.search(code="ELEVEN").first() is None
            True
        """
        result: Coupon | None = self._native.first(self._filters, True)
        return result

    def count(self) -> int:
        """How many coupons are found, as the store counts them. One request.

        Example:
            >>> coupons.search(status="ACTIVE").count()
            0
        """
        result: int = self._native.count(self._filters, True)
        return result

    def collect(self, *, concurrency: int = 8, progress: Progress | None = None) -> CouponList:
        """Reads all coupons.

        Args:
            concurrency: How many pages are asked for at once.
            progress: What is called after each page.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> found = coupons.search().collect(progress=lambda done, total: print(f"{done} of {total}"))
            1 of 1
            >>> found[0].code
            'TEN'
        """
        result: CouponList = self._native.collect(self._filters, concurrency, progress, True)
        return result

    def to_dicts(self, *, concurrency: int = 8, progress: Progress | None = None) -> list[dict[str, Any]]:
        """All coupons as dicts; see `collect`.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [row["code"] for row in coupons.search().to_dicts()]
            ['TEN']
        """
        return self.collect(concurrency=concurrency, progress=progress).to_dicts()

    def to_polars(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> polars.DataFrame:
        """All coupons as a frame of Polars; see `collect`.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_polars()["code"].to_list()
            ['TEN']
        """
        check_choice("decimals", decimals, DECIMALS)
        return self.collect(concurrency=concurrency, progress=progress).to_polars(decimals=decimals)

    def to_pandas(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> pandas.DataFrame:
        """All coupons as a frame of pandas; see `collect`.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_pandas(decimals="float64")["discount"].sum().item()
            10.0
        """
        check_choice("decimals", decimals, DECIMALS)
        return self.collect(concurrency=concurrency, progress=progress).to_pandas(decimals=decimals)

    def to_arrow(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> pyarrow.Table:
        """All coupons as a table of pyarrow; see `collect`.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_arrow().num_rows
            1
        """
        check_choice("decimals", decimals, DECIMALS)
        return self.collect(concurrency=concurrency, progress=progress).to_arrow(decimals=decimals)

    def table(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> CouponTable:
        """All coupons as a table that whatever reads Arrow takes; see `collect`.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> import polars
            >>> polars.DataFrame(coupons.search().table()).shape[0]
            1
        """
        check_choice("decimals", decimals, DECIMALS)
        return self.collect(concurrency=concurrency, progress=progress).table(decimals=decimals)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Reads all coupons and hands them over as Arrow."""
        return self.collect().__arrow_c_stream__(requested_schema)


class AsyncSearch(BaseSearch):
    """A search through the coupons of a store: a lazy collection of them, which can be gone through again and again.

    Coupons that are created or deleted while it is read move the others between pages; no coupon that was there
    throughout is left out or given twice.

    Example:
        >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> active = coupons.search(status="ACTIVE")
        >>> [coupon.code async for coupon in active], await active.count()
        (['TEN'], 1)
    """

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[Coupon]:
        """The coupons, page after page; the event loop is gone through once a page."""
        async for page in self.pages():
            for coupon in page:
                yield coupon

    async def first(self) -> Coupon | None:
        """The first coupon, or None when none is found. One request.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search(code="TEN").first()).discount
            Decimal('10')
            >>> await coupons.search(code="ELEVEN").first() is None
            True
        """
        result: Coupon | None = await self._native.first(self._filters, False)
        return result

    async def count(self) -> int:
        """How many coupons are found, as the store counts them. One request.

        Example:
            >>> await coupons.search(status="ACTIVE").count()
            0
        """
        result: int = await self._native.count(self._filters, False)
        return result

    async def collect(self, *, concurrency: int = 8, progress: Progress | None = None) -> CouponList:
        """Reads all coupons.

        Args:
            concurrency: How many pages are asked for at once.
            progress: What is called after each page, on another thread than the event loop's.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> found = await coupons.search().collect(progress=lambda done, total: print(f"{done} of {total}"))
            1 of 1
            >>> found[0].code
            'TEN'
        """
        result: CouponList = await self._native.collect(self._filters, concurrency, progress, False)
        return result

    async def to_dicts(self, *, concurrency: int = 8, progress: Progress | None = None) -> list[dict[str, Any]]:
        """All coupons as dicts; see `collect`.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [row["code"] for row in await coupons.search().to_dicts()]
            ['TEN']
        """
        return (await self.collect(concurrency=concurrency, progress=progress)).to_dicts()

    async def to_polars(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> polars.DataFrame:
        """All coupons as a frame of Polars; see `collect`.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_polars())["code"].to_list()
            ['TEN']
        """
        check_choice("decimals", decimals, DECIMALS)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_polars(decimals=decimals)

    async def to_pandas(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> pandas.DataFrame:
        """All coupons as a frame of pandas; see `collect`.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_pandas(decimals="float64"))["discount"].sum().item()
            10.0
        """
        check_choice("decimals", decimals, DECIMALS)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_pandas(decimals=decimals)

    async def to_arrow(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> pyarrow.Table:
        """All coupons as a table of pyarrow; see `collect`.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_arrow()).num_rows
            1
        """
        check_choice("decimals", decimals, DECIMALS)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_arrow(decimals=decimals)

    async def table(
        self, *, decimals: Decimals = "decimal", concurrency: int = 8, progress: Progress | None = None
    ) -> CouponTable:
        """All coupons as a table that whatever reads Arrow takes; see `collect`.

        Example:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> import polars
            >>> polars.DataFrame(await coupons.search().table()).shape[0]
            1
        """
        check_choice("decimals", decimals, DECIMALS)
        return (await self.collect(concurrency=concurrency, progress=progress)).table(decimals=decimals)
