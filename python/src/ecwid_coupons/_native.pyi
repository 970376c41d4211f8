# Generated from crates/ecwid-coupons-python/signatures.pyi by `cargo xtask generate`. Edit the extension instead of this file.

"""The native part of the package. Private: use the names of the package."""

from collections.abc import Awaitable, Iterator, Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, Final, Literal, Self, TypeAlias, Unpack, final, overload

import pandas
import polars
import pyarrow

from ._base_client import ClientSettings
from ._changes import Deletions, Upserts
from ._errors import EcwidError
from ._models import CatalogLimit as CatalogLimit
from ._models import Coupon as Coupon
from ._models import DeletedCoupon as DeletedCoupon
from ._models import DeleteResult as DeleteResult
from ._models import LatestStats as LatestStats
from ._models import ShippingLimit as ShippingLimit
from ._models import UpdateResult as UpdateResult
from ._outcomes import CreationRow, SkippedCoupon
from ._search import Progress

__version__: Final[str]
IS_DEBUG_BUILD: Final[bool]

_Decimals: TypeAlias = Literal["decimal", "float64", "text"]
_Outcome: TypeAlias = Literal["created", "recovered", "already_exists", "failed", "in_flight", "not_attempted"]

def plain_scalar(value: object) -> bool | float:
    """Converts a scalar of another library to a bool, int or float."""
def hide_tokens(text: str) -> str:
    """Removes text that looks like a token."""
def store_names(path: str | PathLike[str] | None = None) -> list[str]:
    """Returns the names of the stores in a configuration file."""
def read_table(
    name: str,
    content: bytes,
    text: bool,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    fields: list[tuple[str, str]],
    decimal: str | None,
    dates: str | None,
    flags: tuple[bool, bool, bool, bool],
) -> FileTable:
    """Reads the content of a file. `flags` are those of `TableOptions`, in their order."""
def verify_webhook(
    secret: str, signatures: list[str], body: bytes
) -> tuple[str, int, int, str, int | None, str | None, str | None]:
    """Verifies a webhook request with these values of the header of the signature."""
def schema() -> CouponSchema:
    """Returns the Arrow schema of a table of coupons without sending a request. Needs neither a store nor a token.

    The columns are those of `Search.to_arrow` and `Search.stream` with their default arguments.

    Examples:
        >>> import pyarrow
        >>> from ecwid_coupons import schema
        >>> pyarrow.schema(schema()) == coupons.search().to_arrow().schema
        True
    """
def job_report(path: str) -> JobReport:
    """Returns the rows of a job."""
def job_status(path: str) -> tuple[int, dict[str, int], bool]:
    """Returns the number of rows, the number of rows with each outcome, and whether no row needs another run."""

@final
class NativeClient:
    """The native part of `Client` and `AsyncClient`."""
    # A client that waits returns the result of a call. Another one returns an awaitable.
    def __new__(
        cls,
        waits: bool,
        store_id: int,
        token: str,
        base_url: str | None = None,
        **settings: Unpack[ClientSettings],
    ) -> Self: ...
    @staticmethod
    def from_env(waits: bool, **settings: Unpack[ClientSettings]) -> NativeClient: ...
    @staticmethod
    def from_config(
        waits: bool,
        store: str | None = None,
        path: str | PathLike[str] | None = None,
        **settings: Unpack[ClientSettings],
    ) -> NativeClient:
        """Makes a client of a store in a configuration file."""
    @property
    def store_id(self) -> int: ...
    @property
    def base_url(self) -> str: ...
    @property
    def is_closed(self) -> bool: ...
    def close(self) -> None:
        """Closes the client. Calls in progress continue."""
    def get(self, coupon: object, fields: Sequence[str] | None) -> Any: ...
    def create(self, values: dict[str, Any], existing: bool) -> Any:
        """Creates a coupon. If `existing` is true, accepts an existing coupon with the same content."""
    def create_many(
        self,
        rows: object,
        existing: bool,
        keep_order_count: bool,
        concurrency: int,
        progress: Progress | None,
        report: CreationReport,
    ) -> Any:
        """Creates many coupons, and fills the report with their outcomes."""
    def issue(
        self,
        pattern: str,
        path: str,
        count: int | None,
        rows: object,
        allow_guessable: bool,
        progress: Progress | None,
        values: dict[str, Any],
    ) -> Any:
        """Writes a job that issues coupons, and runs it."""
    def resume(self, path: str, progress: Progress | None) -> Any: ...
    def verify(self, path: str) -> Any: ...
    def undo(self, path: str, progress: Progress | None) -> Any: ...
    def update(self, coupon: object, values: dict[str, Any]) -> Any: ...
    def delete(self, coupon: object) -> Any: ...
    def delete_if_unused(self, coupon: object) -> Any: ...
    def count(self, filters: dict[str, Any]) -> Any: ...
    def first(self, filters: dict[str, Any]) -> Any: ...
    def preview(self, filters: dict[str, Any]) -> Any:
        """Returns the first coupons and the number of all coupons, with one request."""
    def collect(self, filters: dict[str, Any], concurrency: int, progress: Progress | None) -> Any: ...
    def pages(self, filters: dict[str, Any]) -> Pages: ...
    def deleted(self, deleted_from: object, deleted_to: object) -> Any: ...
    def latest_stats(self) -> Any: ...
    def changes(
        self, cursor: str | None, mode: str, refresh_every: float | timedelta, deletions_if_complete: bool
    ) -> Changes: ...

@final
class Changes:
    """The changes of a store, returned by `Client.changes`.

    Use ``for``, or ``async for`` in asyncio. The next change is requested in the background. Requests start when the changes are
    made, and their errors are raised by the iteration.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> changes = coupons.changes()
        >>> for change in changes:
        ...     change.op, len(change.rows)
        ('upsert', 1)
        >>> cursor = changes.cursor
        >>> list(coupons.changes(cursor, mode="incremental"))[0].op
        'upsert'
    """
    def __iter__(self) -> Self: ...
    def __next__(self) -> Upserts | Deletions: ...
    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Awaitable[Upserts | Deletions]: ...
    @property
    def cursor(self) -> str:
        """The cursor after the changes, as text. Save it together with the changes, and pass it to the next `Client.changes`.

        It has no token and no coupon.

        Raises:
            RuntimeError: The changes were not read to their end.

        Examples:
            >>> changes = coupons.changes()
            >>> list(changes)
            []
            >>> changes.cursor
            '{"version":1,"store":1003,...}'
        """
    @property
    def is_complete(self) -> bool:
        """Whether the upserts are all coupons of the store, so that all others in a copy are deleted.

        Raises:
            RuntimeError: The iteration has not begun.

        Examples:
            >>> changes = coupons.changes()
            >>> list(changes), changes.is_complete
            ([], True)
        """
    @property
    def as_of(self) -> datetime | None:
        """When the changes began to be read, on the store's clock. None if the store did not say it. The changes are at least as recent.

        Raises:
            RuntimeError: The iteration has not begun.

        Examples:
            >>> _ = sandbox.set_time("2030-01-01 08:00:00 +0000")
            >>> changes = coupons.changes()
            >>> list(changes), changes.as_of.isoformat()
            ([], '2030-01-01T08:00:00+00:00')
        """
    def close(self) -> None:
        """Stops reading the changes.

        Examples:
            >>> changes = coupons.changes()
            >>> changes.close()
        """

# Like `CouponList`, not a subclass of `collections.abc.Sequence`.
@final
class DeletedCouponList:
    """Deleted coupons as an immutable sequence and as a table.

    Polars, pandas, pyarrow and DuckDB accept a list as a table. The column ``id`` has integers, and the column ``date`` has times in
    UTC.

    Examples:
        >>> made = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> _ = coupons.delete("TEN")
        >>> deleted = coupons.deleted()
        >>> len(deleted), deleted[0].id == made.id, deleted[-1:] == deleted
        (1, True, True)
        >>> import polars
        >>> polars.DataFrame(deleted).columns
        ['id', 'date']
    """
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> DeletedCoupon: ...
    @overload
    def __getitem__(self, index: slice, /) -> DeletedCouponList: ...
    def __iter__(self) -> Iterator[DeletedCoupon]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Pages:
    """An iterator over the pages of a search. A page is a `CouponList`.

    The next pages are requested in the background. Use ``for``, or ``async for`` in asyncio.

    Examples:
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
        """The cursor after the last returned page, for `search(after=...)`. Another process can use it too.

        Examples:
            >>> for code in ("A", "B", "C"):
            ...     _ = coupons.create(name=code, code=code, discount_type="ABS", discount=10)
            >>> pages = coupons.search(limit=2).pages()
            >>> [coupon.code for coupon in next(pages)]
            ['A', 'B']
            >>> [coupon.code for coupon in coupons.search(after=pages.cursor)]
            ['C']
        """
    @property
    def total(self) -> int | None:
        """The number of coupons that the search finds, according to the last returned page.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> pages = coupons.search().pages()
            >>> [(len(page), pages.total) for page in pages]
            [(1, 1)]
        """
    def close(self) -> None:
        """Stops requesting pages.

        Examples:
            >>> pages = coupons.search().pages()
            >>> pages.close()
        """

# Not a subclass of `collections.abc.Sequence`, because Polars would read it as a column of objects instead of a table.
@final
class CouponList:
    """Coupons as an immutable sequence and as a table.

    A slice is another `CouponList`. Polars, pandas, pyarrow and DuckDB accept a list as a table, with exact amounts. Use `table` for
    amounts of another type.

    Examples:
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
        """Parses one JSON text, or a list of JSON texts in parallel.

        Each text is the body of a page, or an array of coupons.

        Raises:
            TypeError: The argument is not text or bytes, or a list or tuple of them.
            ValueError: A text is not valid. The error says where.

        Examples:
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
    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Returns the number of coupons and the first ones."""
    def _repr_html_(self) -> str:
        """Returns the number of coupons and the first ones as an HTML table."""
    def index(self, value: object) -> int:
        """Returns the index of the first coupon that equals this coupon.

        Raises:
            ValueError: The coupon is not in the list.

        Examples:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.index(found[1])
            1
        """
    def count(self, value: object) -> int:
        """Returns the number of coupons that equal this coupon.

        Examples:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.count(found[1]), found.count("FIVE")
            (1, 0)
        """
    @property
    def skipped(self) -> tuple[SkippedCoupon, ...]:
        """The coupons that the search skipped because they cannot be read. Empty without ``skip_unreadable=True``, and for slices.

        Examples:
            >>> coupons.search(skip_unreadable=True).collect().skipped
            ()
        """
    def to_json(self) -> str:
        """Returns the coupons as a JSON array. All digits and extra fields are preserved.

        Examples:
            >>> CouponList.from_json('{"items":[{"code":"A","discount":10.00}]}').to_json()
            '[{"code":"A","discount":10.00}]'
        """
    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns the coupons as dicts. See `Coupon.to_dict`.

        Raises:
            ValueError: A date is not valid. The error contains the date.

        Examples:
            >>> CouponList.from_json('[{"code":"A","discount":10}]').to_dicts()
            [{'code': 'A', 'discount': Decimal('10')}]
        """
    def to_polars(self, *, decimals: _Decimals = "decimal", flat: bool = False) -> polars.DataFrame:
        """Returns the coupons as a Polars frame. Requires Polars. See `table` for the arguments and the errors.

        Examples:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_polars(decimals="float64")["discount"].sum()
            15.0
        """
    def to_pandas(
        self,
        *,
        decimals: _Decimals = "decimal",
        flat: bool = False,
        dtype_backend: Literal["pyarrow"] | None = None,
    ) -> pandas.DataFrame:
        """Returns the coupons as a pandas frame. Requires pandas and pyarrow. See `table` for the other arguments and the errors.

        Args:
            decimals: The type of amounts.
            flat: Whether to make columns that CSV and Excel can hold.
            dtype_backend: ``"pyarrow"`` keeps the Arrow types of all columns, so that amounts are Arrow decimals. By default, columns
                have NumPy types, and amounts are Python objects.

        Examples:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_pandas(decimals="float64")["discount"].sum().item()
            15.0
        """
    def to_arrow(self, *, decimals: _Decimals = "decimal", flat: bool = False) -> pyarrow.Table:
        """Returns the coupons as a pyarrow table. Requires pyarrow. See `table` for the arguments and the errors.

        Examples:
            >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
            >>> found.to_arrow().column("discount")[0].as_py()
            Decimal('10.000000000')
        """
    def table(self, *, decimals: _Decimals = "decimal", flat: bool = False) -> CouponTable:
        """Returns the coupons as a table for any consumer of Arrow data.

        Args:
            decimals: The type of amounts: ``"decimal"`` is exact, ``"float64"`` is the nearest float, and ``"text"`` has all digits.
            flat: Whether to make columns that CSV and Excel can hold. Lists are joined with ", ", and dates have no time zone. They
                are in UTC. In a CSV file, an amount of the type ``"decimal"`` has 9 digits after the point, and one of the type
                ``"text"`` has the digits that the store sent.

        Raises:
            ValueError: An amount or a date does not fit its column. The error names the coupon.

        Examples:
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
    """A table of coupons for any consumer of Arrow data, returned by `CouponList.table`.

    Examples:
        >>> import pyarrow
        >>> table = CouponList.from_json('[{"code":"A"},{"code":"B"}]').table()
        >>> len(table), pyarrow.table(table)["code"].to_pylist()
        (2, ['A', 'B'])
    """
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponSchema:
    """The Arrow schema of a table of coupons. Returned by `schema`.

    Examples:
        >>> import pyarrow
        >>> from ecwid_coupons import schema
        >>> pyarrow.schema(schema()).field("discount").type
        Decimal128Type(decimal128(38, 9))
    """
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponStream:
    """The coupons of a search as a table that requests its pages while it is consumed. Returned by `Search.stream`.

    Only a few pages are in memory at once. Each reading of the stream sends the requests again.

    Examples:
        >>> import pyarrow
        >>> for code in ("A", "B", "C"):
        ...     _ = coupons.create(name=code, code=code)
        >>> stream = coupons.search(limit=2).stream(batch_size=2)
        >>> [batch.num_rows for batch in pyarrow.RecordBatchReader.from_stream(stream)]
        [2, 1]
    """
    def __new__(
        cls, client: NativeClient, filters: dict[str, Any], decimals: _Decimals, flat: bool, batch_size: int
    ) -> Self: ...
    @property
    def error(self) -> BaseException | None:
        """The exception that ended the last reading. Consumers of Arrow data get only its message.

        Examples:
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
        """The coupons that the last reading skipped because they cannot be read. Empty without ``skip_unreadable=True``.

        Examples:
            >>> import pyarrow
            >>> stream = coupons.search(skip_unreadable=True).stream()
            >>> pyarrow.table(stream).num_rows, stream.skipped
            (0, ())
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponIterator:
    """An iterator over a `CouponList`."""
    def __iter__(self) -> Self: ...
    def __next__(self) -> Coupon: ...
    def __length_hint__(self) -> int: ...

@final
class CreationReport:
    """The outcome of each row of `Client.create_many`, as a sequence and as a table.

    It is updated while the rows are created.

    Examples:
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
    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Returns the counts and the first rows."""
    def _repr_html_(self) -> str:
        """Returns the counts and the first rows as an HTML table."""
    def index(self, value: object) -> int:
        """Returns the index of this row.

        Raises:
            ValueError: The row is not in the report.

        Examples:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.index(report[1])
            1
        """
    def count(self, value: object) -> int:
        """Returns 1 if this row is in the report, and 0 otherwise.

        Examples:
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.count(report[1])
            1
        """
    @property
    def counts(self) -> dict[_Outcome, int]:
        """The number of rows with each outcome.

        Examples:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.counts["created"], report.counts["failed"]
            (1, 1)
        """
    @property
    def is_complete(self) -> bool:
        """Whether all rows were created or already exist.

        Examples:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.is_complete
            False
        """
    @property
    def stopped_by(self) -> EcwidError | None:
        """The error that stopped the run, if rows were not attempted.

        Examples:
            >>> _ = sandbox.add_fault(Status(402))
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report[1].outcome, type(report.stopped_by).__name__
            ('not_attempted', 'PaymentRequiredError')
        """
    def to_polars(self) -> polars.DataFrame:
        """Returns the rows as a Polars frame. Requires Polars. The columns are the attributes of `CreationRow`.

        Examples:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_polars()["outcome"].to_list()
            ['failed', 'created']
        """
    def to_pandas(self, *, dtype_backend: Literal["pyarrow"] | None = None) -> pandas.DataFrame:
        """Returns the rows as a pandas frame. Requires pandas and pyarrow. See `to_polars` for the columns, and
        `CouponList.to_pandas` for the argument.

        Examples:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_pandas()["outcome"].to_list()
            ['failed', 'created']
        """
    def to_arrow(self) -> pyarrow.Table:
        """Returns the rows as a pyarrow table. Requires pyarrow. See `to_polars` for the columns.

        Examples:
            >>> _ = coupons.create(name="Another", code="TEN")
            >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
            >>> report.to_arrow()["outcome"].to_pylist()
            ['failed', 'created']
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class FileTable:
    """The rows of a CSV, JSON Lines or XLSX file, as a table. Returned by `read_table`.

    Examples:
        >>> from ecwid_coupons import read_table
        >>> from pathlib import Path
        >>> _ = Path("coupons.csv").write_text("code;name;discount\\n00123;Ten;12,50\\n")
        >>> table = read_table("coupons.csv")
        >>> len(table), table.to_polars()["code"].to_list()
        (1, ['00123'])
    """
    def __len__(self) -> int: ...
    @property
    def notes(self) -> tuple[str, ...]:
        """What was read in another way than it is written, such as codes with spaces around them, and which discounts have no type.

        Examples:
            >>> from ecwid_coupons import read_table
            >>> from pathlib import Path
            >>> _ = Path("coupons.csv").write_text("code,name\\n TEN ,Ten\\n")
            >>> read_table("coupons.csv").notes
            ('spaces around a code were removed in line 2',)
        """
    def to_polars(self) -> polars.DataFrame:
        """Returns the rows as a Polars frame. Requires Polars.

        Examples:
            >>> from ecwid_coupons import read_table
            >>> from pathlib import Path
            >>> _ = Path("coupons.csv").write_text("code,name\\n00123,Ten\\n")
            >>> read_table("coupons.csv").to_polars()["code"].to_list()
            ['00123']
        """
    def to_pandas(self, *, dtype_backend: Literal["pyarrow"] | None = None) -> pandas.DataFrame:
        """Returns the rows as a pandas frame. Requires pandas and pyarrow. See `CouponList.to_pandas` for the argument.

        Examples:
            >>> from ecwid_coupons import read_table
            >>> from pathlib import Path
            >>> _ = Path("coupons.csv").write_text("code,name\\n00123,Ten\\n")
            >>> read_table("coupons.csv").to_pandas()["code"].to_list()
            ['00123']
        """
    def to_arrow(self) -> pyarrow.Table:
        """Returns the rows as a pyarrow table. Requires pyarrow.

        Examples:
            >>> from ecwid_coupons import read_table
            >>> from pathlib import Path
            >>> _ = Path("coupons.csv").write_text("code,name\\n00123,Ten\\n")
            >>> read_table("coupons.csv").to_arrow()["code"].to_pylist()
            ['00123']
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class JobReport:
    """The outcome of each row of a job, as a table.

    The columns are `row`, `code`, `id`, `outcome` and `error`, and then the columns of the rows that were passed to
    `Client.issue`. One of these that has the name of a column of the report has the prefix ``input_``.

    The outcome of a row of `Client.issue` is ``"created"``, ``"refused"`` if the store refused the coupon,
    ``"conflict"`` if other coupons have all codes that were drawn, or ``"undone"`` after `Job.undo`. If the job is not
    complete, it can also be ``"not_attempted"``, or ``"in_flight"`` if the coupon was sent and the result is not known
    yet. Jobs of the command also have ``"already_exists"``, ``"updated"`` and ``"deleted"``.

    Examples:
        >>> people = [{"email": "ann@example.com"}, {"email": "bob@example.com"}]
        >>> report = coupons.issue("SPRING-[*]", job="spring.job", rows=people, name="Spring")
        >>> report
        <JobReport of 2: 2 created>
        >>> report.to_polars()["email"].to_list()
        ['ann@example.com', 'bob@example.com']
    """
    def __len__(self) -> int: ...
    def _repr_html_(self) -> str:
        """Returns the counts and the first rows as an HTML table."""
    @property
    def counts(self) -> dict[str, int]:
        """The number of rows with each outcome.

        Examples:
            >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> report.counts["created"], report.counts["refused"]
            (2, 0)
        """
    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns the rows as a list of dicts.

        Examples:
            >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> [(row["row"], row["outcome"]) for row in report.to_dicts()]
            [(0, 'created'), (1, 'created')]
        """
    def to_polars(self) -> polars.DataFrame:
        """Returns the rows as a Polars frame. Requires Polars.

        Examples:
            >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> report.to_polars()["outcome"].to_list()
            ['created', 'created']
        """
    def to_pandas(self, *, dtype_backend: Literal["pyarrow"] | None = None) -> pandas.DataFrame:
        """Returns the rows as a pandas frame. Requires pandas and pyarrow. See `CouponList.to_pandas` for the argument.

        Examples:
            >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> report.to_pandas()["outcome"].to_list()
            ['created', 'created']
        """
    def to_arrow(self) -> pyarrow.Table:
        """Returns the rows as a pyarrow table. Requires pyarrow.

        Examples:
            >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> report.to_arrow()["outcome"].to_pylist()
            ['created', 'created']
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
