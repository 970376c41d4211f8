# Generated from crates/ecwid-coupons-python/signatures.pyi by `cargo xtask generate`. Edit the extension instead of this file.

"""The native part of the package. Private: what it has is used by way of the package."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final, Literal, Self, TypeAlias, Unpack, final, overload

import pandas
import polars
import pyarrow

from ._errors import EcwidError
from ._models import CatalogLimit as CatalogLimit
from ._models import Coupon as Coupon
from ._models import DeleteResult as DeleteResult
from ._models import ShippingLimit as ShippingLimit
from ._models import UpdateResult as UpdateResult
from ._settings import ClientSettings
from ._skipped import SkippedCoupon

__version__: Final[str]
IS_DEBUG_BUILD: Final[bool]

_Decimals: TypeAlias = Literal["decimal", "float64", "text"]
_Outcome: TypeAlias = Literal["created", "already_exists", "failed", "in_flight", "not_attempted"]

def plain_scalar(value: object) -> bool | float:
    """Python's own bool, int or float for a scalar of another library."""
def hide_tokens(text: str) -> str:
    """The text without what looks like a token."""

@final
class NativeClient:
    """What both `Client` and `AsyncClient` are made of."""
    def __new__(
        cls,
        store_id: int,
        token: str,
        base_url: str | None = None,
        **settings: Unpack[ClientSettings],
    ) -> Self: ...
    @staticmethod
    def from_env(**settings: Unpack[ClientSettings]) -> NativeClient:
        """One with the store and the token of the environment."""
    @property
    def store_id(self) -> int:
        """The store's id."""
    @property
    def base_url(self) -> str:
        """The address that the store's paths are below."""
    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
    def close(self) -> None:
        """Lets go of the connections; calls under way come to their end."""
    # Each of these is waited for with True, and is to be awaited with False.
    def get(self, coupon: object, fields: Sequence[str] | None, wait: bool) -> Any:
        """Gets a coupon. Waited for with `wait`, to be awaited without."""
    def create(self, values: dict[str, Any], existing: bool, wait: bool) -> Any:
        """Creates a coupon; with `existing`, one that is there with the same content will do. Waited for with `wait`, to be awaited without."""
    def create_many(
        self,
        rows: object,
        existing: bool,
        keep_order_count: bool,
        concurrency: int,
        progress: Callable[[int, int | None], object] | None,
        report: CreationReport,
        wait: bool,
    ) -> Any:
        """Creates the coupons of many rows; what becomes of them is in the report. Waited for with `wait`, to be awaited without."""
    def update(self, coupon: object, values: dict[str, Any], wait: bool) -> Any:
        """Changes a coupon. Waited for with `wait`, to be awaited without."""
    def delete(self, coupon: object, wait: bool) -> Any:
        """Deletes a coupon. Waited for with `wait`, to be awaited without."""
    def delete_if_unused(self, coupon: object, wait: bool) -> Any:
        """Deletes a coupon that no order has used. Waited for with `wait`, to be awaited without."""
    def count(self, filters: dict[str, Any], wait: bool) -> Any:
        """How many coupons a search finds. Waited for with `wait`, to be awaited without."""
    def first(self, filters: dict[str, Any], wait: bool) -> Any:
        """The first coupon that a search finds. Waited for with `wait`, to be awaited without."""
    def collect(
        self,
        filters: dict[str, Any],
        concurrency: int,
        progress: Callable[[int, int | None], object] | None,
        wait: bool,
    ) -> Any:
        """All coupons that a search finds. Waited for with `wait`, to be awaited without."""
    def pages(self, filters: dict[str, Any]) -> Pages:
        """Starts to request the pages of a search."""

@final
class Pages:
    """The pages of a search, each a `CouponList`. The next ones are requested in the background.

    An iterator for ``for``, and for ``async for`` if an `AsyncClient` made it.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> for page in coupons.search().pages():
        ...     page.to_polars()["code"].to_list()
        ['TEN']
    """
    def __iter__(self) -> Self: ...
    def __next__(self) -> CouponList: ...
    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Awaitable[CouponList]: ...
    @property
    def cursor(self) -> str | None:
        """The place after the last page that was taken, for `search(after=...)`, in another process too.

        Example:
            >>> for code in ("A", "B", "C"):
            ...     _ = coupons.create(name=code, code=code, discount_type="ABS", discount=10)
            >>> pages = coupons.search(limit=2).pages()
            >>> [coupon.code for coupon in next(pages)]
            ['A', 'B']
            >>> [coupon.code for coupon in coupons.search(limit=2, after=pages.cursor)]
            ['C']
        """
    @property
    def total(self) -> int | None:
        """How many coupons the search finds, as the last page that was taken said.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> pages = coupons.search().pages()
            >>> [(len(page), pages.total) for page in pages]
            [(1, 1)]
        """
    def close(self) -> None:
        """Stops requesting pages.

        Example:
            >>> pages = coupons.search().pages()
            >>> pages.close()
        """

# No `collections.abc.Sequence`, though it has its methods: Polars would take one for a column of objects, not for a table.
@final
class CouponList:
    """Coupons, as an immutable sequence; and as a table, for whatever reads Arrow.

    A slice is another such sequence. Polars, pandas, pyarrow and DuckDB take one as it is. Amounts are exact in its table; `table` has
    them as floats too.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> found = coupons.search().collect()
        >>> len(found), found[0].code, found[-1:] == found
        (1, 'TEN', True)
        >>> import polars
        >>> polars.DataFrame(found)["code"].to_list()
        ['TEN']
    """
    @staticmethod
    def from_json(pages: str | bytes | Sequence[str | bytes]) -> CouponList:
        """Reads coupons from the bodies of pages, or from JSON lists, as the API sends them: one, or several in a list.

        Several are read by several threads.

        Raises:
            TypeError: It is neither text nor bytes, nor a list or tuple of them.
            ValueError: It is not such JSON; the error says where.

        Example:
            >>> found = CouponList.from_json(['{"items":[{"code":"A"}]}', '[{"code":"B"}]'])
            >>> [coupon.code for coupon in found]
            ['A', 'B']
        """
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> Coupon: ...
    @overload
    def __getitem__(self, index: slice, /) -> CouponList: ...
    def __iter__(self) -> Iterator[Coupon]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def index(self, value: object) -> int:
        """The place of the first coupon that equals this one.

        Raises:
            ValueError: There is none.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.index(found[1])
            1
        """
    def count(self, value: object) -> int:
        """How many coupons equal this one.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.count(found[1]), found.count("FIVE")
            (1, 0)
        """
    @property
    def skipped(self) -> tuple[SkippedCoupon, ...]:
        """The coupons that the search could not read and skipped. Empty unless it was told to with ``skip_unreadable``, and for a slice.

        Example:
            >>> coupons.search(skip_unreadable=True).collect().skipped
            ()
        """
    def to_json(self) -> str:
        """The coupons as a JSON list, with every digit and unknown field as they came.

        Example:
            >>> CouponList.from_json('{"items":[{"code":"A","discount":10.00}]}').to_json()
            '[{"code":"A","discount":10.00}]'
        """
    def to_dicts(self) -> list[dict[str, Any]]:
        """The coupons as dicts, each as `Coupon.to_dict` makes it.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> CouponList.from_json('[{"code":"A","discount":10}]').to_dicts()
            [{'code': 'A', 'discount': Decimal('10')}]
        """
    def to_polars(self, *, decimals: _Decimals = "decimal") -> polars.DataFrame:
        """The coupons as a frame of Polars.

        Args:
            decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.

        Raises:
            ImportError: Polars is not installed; the error says how to install it.
            ValueError: An amount or a date does not fit into its column; the error names the coupon.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_polars(decimals="float64")["discount"].sum()
            15.0
        """
    def to_pandas(self, *, decimals: _Decimals = "decimal") -> pandas.DataFrame:
        """The coupons as a frame of pandas, which needs pyarrow for it.

        Args:
            decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.

        Raises:
            ImportError: pandas or pyarrow is not installed; the error says how to install it.
            ValueError: An amount or a date does not fit into its column; the error names the coupon.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_pandas(decimals="float64")["discount"].sum().item()
            15.0
        """
    def to_arrow(self, *, decimals: _Decimals = "decimal") -> pyarrow.Table:
        """The coupons as a table of pyarrow.

        Args:
            decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.

        Raises:
            ImportError: pyarrow is not installed; the error says how to install it.
            ValueError: An amount or a date does not fit into its column; the error names the coupon.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_arrow().column("discount")[0].as_py()
            Decimal('10.000000000')
        """
    def table(self, *, decimals: _Decimals = "decimal") -> CouponTable:
        """The coupons as a table: an object that reads as Arrow, for libraries that this package does not know.

        Args:
            decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.

        Example:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> import duckdb
            >>> amounts = found.table(decimals="float64")
            >>> duckdb.sql("select sum(discount) from amounts").fetchall()
            [(15.0,)]
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponTable:
    """A table of coupons, which whatever reads Arrow takes. `CouponList.table` makes one.

    Example:
        >>> import pyarrow
        >>> table = CouponList.from_json('[{"code":"A"},{"code":"B"}]').table()
        >>> len(table), pyarrow.table(table)["code"].to_pylist()
        (2, ['A', 'B'])
    """
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponStream:
    """The coupons of a search as a table whose pages are asked for while whatever reads Arrow takes it, so that only a few are in
    memory at a time. It can be read again, which asks the store again. `Search.stream` makes one.

    Example:
        >>> import pyarrow
        >>> for code in ("A", "B", "C"):
        ...     _ = coupons.create(name=code, code=code)
        >>> stream = coupons.search(limit=2).stream(batch_size=2)
        >>> [batch.num_rows for batch in pyarrow.RecordBatchReader.from_stream(stream)]
        [2, 1]
    """
    def __new__(cls, client: NativeClient, filters: dict[str, Any], decimals: _Decimals, batch_size: int) -> Self: ...
    @property
    def error(self) -> BaseException | None:
        """Why the last reading ended early, if it did: Arrow hands an error on as its text alone.

        Example:
            >>> import pyarrow
            >>> _ = sandbox.add_fault(Status(403))
            >>> stream = coupons.search().stream()
            >>> try:
            ...     pyarrow.table(stream)
            ... except pyarrow.ArrowInvalid:
            ...     type(stream.error).__name__
            'PermissionDeniedError'
        """
    @property
    def skipped(self) -> tuple[SkippedCoupon, ...]:
        """The coupons that the last reading skipped so far, because they cannot be read. Empty unless the search was told to with
        ``skip_unreadable``.

        Example:
            >>> import pyarrow
            >>> stream = coupons.search(skip_unreadable=True).stream()
            >>> pyarrow.table(stream).num_rows, stream.skipped
            (0, ())
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponIterator:
    """The coupons of a list, one after the other."""
    def __iter__(self) -> Self: ...
    def __next__(self) -> Coupon: ...
    def __length_hint__(self) -> int: ...

@final
class CreationRow:
    """What became of a row of a `create_many`.

    Example:
        >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
        >>> row = report[0]
        >>> row.row, row.code, row.outcome, coupons.get(row.id).code
        (0, 'TEN', 'created', 'TEN')
    """
    @property
    def row(self) -> int:
        """The row, counted from 0.

        Example:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report[-1].row
            1
        """
    @property
    def id(self) -> int | None:
        """The coupon's id, where it is known.

        Example:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report[0].id == coupons.get("TEN").id
            True
        """
    @property
    def code(self) -> str:
        """The code, as it was given.

        Example:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> [row.code for row in report]
            ['TEN', 'FIVE']
        """
    @property
    def outcome(self) -> _Outcome:
        """`"created"`; `"already_exists"`, with all that was given; `"failed"`; `"in_flight"`, when the run was ended meanwhile; or
        `"not_attempted"`.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> [row.outcome for row in report]
            ['failed', 'created']
        """
    @property
    def status(self) -> str | None:
        """The status of a coupon that is already there, which can be EXPIRED or USEDUP; None for one that was created.

        Example:
            >>> rows = [{"name": "Ten", "code": "TEN"}]
            >>> _ = coupons.create_many(rows)
            >>> coupons.create_many(rows, existing="accept")[0].status
            'ACTIVE'
        """
    @property
    def order_count(self) -> int | None:
        """How many orders used a coupon that is already there; None for one that was created.

        Example:
            >>> rows = [{"name": "Ten", "code": "TEN"}]
            >>> _ = coupons.create_many(rows)
            >>> coupons.create_many(rows, existing="accept")[0].order_count
            0
        """
    @property
    def may_have_taken_effect(self) -> bool:
        """Whether the coupon may be there although the store never said so.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> any(row.may_have_taken_effect for row in report)
            False
        """
    @property
    def error(self) -> EcwidError | None:
        """Why it failed, if it did.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> type(report[0].error).__name__, report[1].error
            ('ConflictError', None)
        """
    def __eq__(self, other: object, /) -> bool: ...

@final
class CreationReport:
    """What became of each row of a `create_many`, in the order of the rows: a sequence, and a table for whatever reads Arrow.

    It fills while the rows are created.

    Example:
        >>> report = CreationReport()
        >>> rows = [NewCoupon.absolute("Thank you", f"THANKS-{order}", 5) for order in (1017, 1018)]
        >>> _ = coupons.create_many(rows, report=report)
        >>> report
        <CreationReport of 2: 2 created>
        >>> [(row.row, row.code, row.outcome) for row in report[:1]]
        [(0, 'THANKS-1017', 'created')]
    """
    def __new__(cls) -> Self: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> CreationRow: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[CreationRow]: ...
    def __iter__(self) -> Iterator[CreationRow]: ...
    def index(self, value: object) -> int:
        """The place of the first row that equals this one.

        Raises:
            ValueError: There is none.

        Example:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.index(report[1])
            1
        """
    def count(self, value: object) -> int:
        """How many rows equal this one.

        Example:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.count(report[1])
            1
        """
    @property
    def counts(self) -> dict[_Outcome, int]:
        """How many rows have each outcome.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.counts["created"], report.counts["failed"]
            (1, 1)
        """
    @property
    def is_complete(self) -> bool:
        """Whether every row's coupon is there: created, or found as it was to be.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.is_complete
            False
        """
    @property
    def stopped_by(self) -> EcwidError | None:
        """Why rows were not attempted, if the run was stopped.

        Example:
            >>> _ = sandbox.add_fault(Status(402))
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report[1].outcome, type(report.stopped_by).__name__
            ('not_attempted', 'PaymentRequiredError')
        """
    def to_polars(self) -> polars.DataFrame:
        """The rows as a frame of Polars: row, id, code, outcome, status, order_count, error and may_have_taken_effect.

        Raises:
            ImportError: Polars is not installed; the error says how to install it.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_polars()["outcome"].to_list()
            ['failed', 'created']
        """
    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a frame of pandas: row, id, code, outcome, status, order_count, error and may_have_taken_effect.

        Raises:
            ImportError: pandas or pyarrow is not installed; the error says how to install it.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_pandas()["outcome"].to_list()
            ['failed', 'created']
        """
    def to_arrow(self) -> pyarrow.Table:
        """The rows as a table of pyarrow: row, id, code, outcome, status, order_count, error and may_have_taken_effect.

        Raises:
            ImportError: pyarrow is not installed; the error says how to install it.

        Example:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_arrow()["outcome"].to_pylist()
            ['failed', 'created']
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
