"""Searches: lazy collections of coupons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._arguments import check_choice, check_type
from ._display import coupons_html
from ._frames import check_dtype_backend
from ._native import CouponList, CouponStream, CouponTable, NativeClient, Pages, hide_tokens

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._models import Coupon

Progress: TypeAlias = Callable[[int, int | None], object]
"""A function that is called with the number of items so far and the number of all items, if it is known."""

Decimals: TypeAlias = Literal["decimal"] | Literal["float64"] | Literal["text"]  # a union at run time too
"""The type of amounts in a table: ``"decimal"`` is exact, ``"float64"`` is the nearest float, and ``"text"`` has all
digits."""

DtypeBackend: TypeAlias = Literal["pyarrow"] | None
"""The types of the columns of a pandas frame: those of Arrow, or those of NumPy."""


class BaseSearch:
    """The common base of both searches."""

    __slots__ = ("_filters", "_native")

    def __init__(self, native: NativeClient, filters: dict[str, Any]) -> None:
        """Called by the `search` method of a client."""
        self._native = native
        self._filters = filters

    def stream(self, *, decimals: Decimals = "decimal", flat: bool = False, batch_size: int = 10_000) -> CouponStream:
        """Returns a stream of Arrow batches that requests pages while it is consumed.

        Only a few pages are in memory at once. Use a stream for large results, and for consumers that take batches,
        such as a Parquet writer or a database. A consumer blocks while it waits for the store. In asyncio, run it on
        another thread.

        Args:
            decimals: The type of amounts, as described at `Decimals`.
            flat: Whether to make columns that CSV and Excel can hold, as described at `CouponList.table`.
            batch_size: The number of coupons in a batch. A batch can be larger by up to one page.

        Examples:
            >>> import polars
            >>> polars.DataFrame(coupons.search().stream()).height
            0
        """
        return CouponStream(self._native, self._filters, decimals, flat, batch_size)

    def pages(self) -> Pages:
        """Returns an iterator over the pages, and starts to prefetch them.

        Examples:
            >>> pages = coupons.search().pages()
            >>> pages.cursor is None
            True
        """
        return self._native.pages(self._filters)

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """Returns the filters that are set."""
        # Compares by identity, because NumPy compares each item of an array.
        given = {name: value for name, value in self._filters.items() if value is not None and value is not False}
        return ((name, value) for name, value in given.items() if (name, value) != ("prefetch", 4))

    def __repr__(self) -> str:
        """Returns the filters that are set, without sending a request."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return hide_tokens(f"<{type(self).__name__}({shown})>")


def check_table(decimals: str, flat: bool) -> None:
    """Refuses invalid arguments of a table before coupons are requested."""
    check_choice("decimals", decimals, ("decimal", "float64", "text"))
    check_type("flat", flat, bool, "True or False")


class Search(BaseSearch):
    """A search for coupons, returned by `Client.search`.

    A search is a lazy collection. It sends requests when it is read, and it can be read any number of times.

    **Pagination does not skip coupons.** Consecutive pages overlap by one coupon. If the overlap is missing, coupons
    were created or deleted meanwhile, and the search goes back to a coupon that it has already returned. A coupon that
    exists during the whole search is returned exactly once.

    This requires that the store sorts its coupons. Ecwid does not document the order, and the search assumes that
    coupons are sorted by id. If they are not, the search raises an `EcwidError`. For a store with another order, pass
    ``any_order=True`` to `Client.search`. The search then keeps the ids of all returned coupons in memory.

    A notebook shows a search as a table of the first 20 coupons and sends one request for it. Elsewhere, such as in a
    debugger, a search is shown by its filters, and no request is sent.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> active = coupons.search(status="ACTIVE")
        >>> [coupon.code for coupon in active], active.count()
        (['TEN'], 1)
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[Coupon]:
        """Iterates over the coupons of all pages."""
        for page in self.pages():
            yield from page

    def _repr_html_(self) -> str:
        """Returns the first coupons and the number of all coupons as an HTML table. Sends one request."""
        coupons, total = self._native.preview(self._filters)
        return coupons_html(repr(self)[1:-1], coupons, total)

    def first(self) -> Coupon | None:
        """Returns the first coupon, or None if no coupon is found. Sends one request.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search(code="TEN").first().discount
            Decimal('10')
            >>> coupons.search(code="ELEVEN").first() is None
            True
        """
        result: Coupon | None = self._native.first(self._filters)
        return result

    def count(self) -> int:
        """Returns the number of coupons that the store finds. Sends one request.

        Examples:
            >>> coupons.search(status="ACTIVE").count()
            0
        """
        result: int = self._native.count(self._filters)
        return result

    def collect(self, *, concurrency: int = 8, progress: Progress | None = None) -> CouponList:
        """Reads all coupons into an immutable sequence.

        Args:
            concurrency: The number of pages that are requested at once.
            progress: A function to call after each page, with the number of coupons so far and the number of all
                coupons.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> found = coupons.search().collect(progress=lambda done, total: print(f"{done} of {total}"))
            1 of 1
            >>> found[0].code
            'TEN'
        """
        result: CouponList = self._native.collect(self._filters, concurrency, progress)
        return result

    def to_dicts(self, *, concurrency: int = 8, progress: Progress | None = None) -> list[dict[str, Any]]:
        """Reads all coupons into a list of dicts. See `collect` for the arguments.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [row["code"] for row in coupons.search().to_dicts()]
            ['TEN']
        """
        return self.collect(concurrency=concurrency, progress=progress).to_dicts()

    def to_polars(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> polars.DataFrame:
        """Reads all coupons into a Polars frame. See `collect` and `CouponList.table` for the arguments.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_polars()["code"].to_list()
            ['TEN']
        """
        check_table(decimals, flat)
        return self.collect(concurrency=concurrency, progress=progress).to_polars(decimals=decimals, flat=flat)

    def to_pandas(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        dtype_backend: DtypeBackend = None,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> pandas.DataFrame:
        """Reads all coupons into a pandas frame. See `collect` and `CouponList.to_pandas` for the arguments.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_pandas(decimals="float64")["discount"].sum().item()
            10.0
        """
        check_table(decimals, flat)
        check_dtype_backend(dtype_backend)
        return self.collect(concurrency=concurrency, progress=progress).to_pandas(
            decimals=decimals, flat=flat, dtype_backend=dtype_backend
        )

    def to_arrow(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> pyarrow.Table:
        """Reads all coupons into a pyarrow table. See `collect` and `CouponList.table` for the arguments.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.search().to_arrow().num_rows
            1
        """
        check_table(decimals, flat)
        return self.collect(concurrency=concurrency, progress=progress).to_arrow(decimals=decimals, flat=flat)

    def table(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> CouponTable:
        """Reads all coupons into a table for any consumer of Arrow data.

        See `collect` and `CouponList.table` for the arguments.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> import polars
            >>> polars.DataFrame(coupons.search().table()).shape[0]
            1
        """
        check_table(decimals, flat)
        return self.collect(concurrency=concurrency, progress=progress).table(decimals=decimals, flat=flat)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Reads all coupons and exports them as Arrow data."""
        return self.collect().__arrow_c_stream__(requested_schema)


class AsyncSearch(BaseSearch):
    """The asynchronous form of `Search`, returned by `AsyncClient.search`.

    A notebook shows it by its filters, because a cell's output cannot wait for a request. Show the result of `collect`.

    Examples:
        >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> active = coupons.search(status="ACTIVE")
        >>> [coupon.code async for coupon in active], await active.count()
        (['TEN'], 1)
    """

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[Coupon]:
        """Iterates over the coupons of all pages. Other tasks can run between two pages."""
        async for page in self.pages():
            for coupon in page:
                yield coupon

    async def first(self) -> Coupon | None:
        """The asynchronous form of `Search.first`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search(code="TEN").first()).discount
            Decimal('10')
            >>> await coupons.search(code="ELEVEN").first() is None
            True
        """
        result: Coupon | None = await self._native.first(self._filters)
        return result

    async def count(self) -> int:
        """The asynchronous form of `Search.count`.

        Examples:
            >>> await coupons.search(status="ACTIVE").count()
            0
        """
        result: int = await self._native.count(self._filters)
        return result

    async def collect(self, *, concurrency: int = 8, progress: Progress | None = None) -> CouponList:
        """The asynchronous form of `Search.collect`. Calls `progress` on a thread of its own.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> found = await coupons.search().collect(progress=lambda done, total: print(f"{done} of {total}"))
            1 of 1
            >>> found[0].code
            'TEN'
        """
        result: CouponList = await self._native.collect(self._filters, concurrency, progress)
        return result

    async def to_dicts(self, *, concurrency: int = 8, progress: Progress | None = None) -> list[dict[str, Any]]:
        """The asynchronous form of `Search.to_dicts`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [row["code"] for row in await coupons.search().to_dicts()]
            ['TEN']
        """
        return (await self.collect(concurrency=concurrency, progress=progress)).to_dicts()

    async def to_polars(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> polars.DataFrame:
        """The asynchronous form of `Search.to_polars`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_polars())["code"].to_list()
            ['TEN']
        """
        check_table(decimals, flat)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_polars(decimals=decimals, flat=flat)

    async def to_pandas(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        dtype_backend: DtypeBackend = None,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> pandas.DataFrame:
        """The asynchronous form of `Search.to_pandas`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_pandas(decimals="float64"))["discount"].sum().item()
            10.0
        """
        check_table(decimals, flat)
        check_dtype_backend(dtype_backend)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_pandas(
            decimals=decimals, flat=flat, dtype_backend=dtype_backend
        )

    async def to_arrow(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> pyarrow.Table:
        """The asynchronous form of `Search.to_arrow`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> (await coupons.search().to_arrow()).num_rows
            1
        """
        check_table(decimals, flat)
        return (await self.collect(concurrency=concurrency, progress=progress)).to_arrow(decimals=decimals, flat=flat)

    async def table(
        self,
        *,
        decimals: Decimals = "decimal",
        flat: bool = False,
        concurrency: int = 8,
        progress: Progress | None = None,
    ) -> CouponTable:
        """The asynchronous form of `Search.table`.

        Examples:
            >>> _ = await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> import polars
            >>> polars.DataFrame(await coupons.search().table()).shape[0]
            1
        """
        check_table(decimals, flat)
        return (await self.collect(concurrency=concurrency, progress=progress)).table(decimals=decimals, flat=flat)
