"""The native part of the package. Private: what it has is used by way of the package."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, Literal, Self, TypeAlias, final, overload

import pandas
import polars
import pyarrow

from ._errors import EcwidError
from ._models import CatalogLimit as CatalogLimit
from ._models import Coupon as Coupon
from ._models import DeleteResult as DeleteResult
from ._models import ShippingLimit as ShippingLimit
from ._models import UpdateResult as UpdateResult

__version__: Final[str]
IS_DEBUG_BUILD: Final[bool]

_Decimals: TypeAlias = Literal["decimal", "float64"]
_Outcome: TypeAlias = Literal["created", "already_there", "failed", "under_way", "not_tried"]
_Seconds: TypeAlias = float | timedelta | None

def _forking() -> None: ...
def _forked_in_parent() -> None: ...
def _forked() -> None: ...
def _ending() -> None: ...

@final
class NativeClient:
    """What both `Client` and `AsyncClient` are made of."""

    def __new__(
        cls,
        store_id: int,
        token: str,
        *,
        base_url: str | None = None,
        timeout: _Seconds = None,
        deadline: _Seconds = None,
        max_attempts: int | None = None,
        requests_per_minute: int | None = None,
        max_body_size: int | None = None,
    ) -> Self: ...
    @staticmethod
    def from_env(
        *,
        timeout: _Seconds = None,
        deadline: _Seconds = None,
        max_attempts: int | None = None,
        requests_per_minute: int | None = None,
        max_body_size: int | None = None,
    ) -> NativeClient:
        """One with the store and the token of the environment."""

    @property
    def store_id(self) -> int: ...
    @property
    def base_url(self) -> str: ...
    @property
    def is_closed(self) -> bool: ...
    def close(self) -> None:
        """Lets go of the connections; calls under way come to their end."""

    # Each of these is waited for with True, and is to be awaited with False.
    def get(self, coupon: object, fields: Sequence[str] | None, wait: bool) -> Any: ...
    def create(self, values: dict[str, Any], existing: bool, wait: bool) -> Any: ...
    def create_many(
        self,
        rows: object,
        existing: bool,
        concurrency: int,
        progress: Callable[[int, int | None], object] | None,
        report: CreationReport,
        wait: bool,
    ) -> Any: ...
    def update(self, coupon: object, values: dict[str, Any], wait: bool) -> Any: ...
    def delete(self, coupon: object, wait: bool) -> Any: ...
    def withdraw_if_unused(self, coupon: object, wait: bool) -> Any: ...
    def count(self, filters: dict[str, Any], wait: bool) -> Any: ...
    def first(self, filters: dict[str, Any], wait: bool) -> Any: ...
    def collect(
        self,
        filters: dict[str, Any],
        concurrency: int,
        progress: Callable[[int, int | None], object] | None,
        wait: bool,
    ) -> Any: ...
    def pages(self, filters: dict[str, Any]) -> PageWalk:
        """Begins a walk over all pages of a search."""

@final
class PageWalk:
    """Pages that are asked for in the background and taken one after the other."""

    def next(self) -> CouponList | None:
        """The next page, or None when all were taken."""

    def next_async(self) -> Awaitable[CouponList | None]:
        """The next page, to be awaited."""

    @property
    def cursor(self) -> str | None: ...
    @property
    def total(self) -> int | None: ...
    def close(self) -> None:
        """Stops asking for pages."""

# No `collections.abc.Sequence`, though it has its methods: Polars would take one for a column of objects, not for a table.
@final
class CouponList:
    """Coupons, as an immutable sequence; and as a table, for whatever reads Arrow.

    A slice is another such sequence. Polars, pandas, pyarrow and DuckDB take one as it is.
    """

    @staticmethod
    def from_json(pages: str | bytes | Sequence[str | bytes]) -> CouponList:
        """Reads coupons from the bodies of pages, or from JSON lists, as the API sends them: one, or several in a list.

        Several are read by several threads.
        """

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> Coupon: ...
    @overload
    def __getitem__(self, index: slice, /) -> CouponList: ...
    def __iter__(self) -> Iterator[Coupon]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def index(self, value: object) -> int:
        """The place of the first coupon that equals this one."""

    def count(self, value: object) -> int:
        """How many coupons equal this one."""

    def to_json(self) -> str:
        """The coupons as a JSON list."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """The coupons as dicts."""

    def to_polars(self, *, decimals: _Decimals = "decimal") -> polars.DataFrame:
        """The coupons as a frame of Polars."""

    def to_pandas(self, *, decimals: _Decimals = "decimal") -> pandas.DataFrame:
        """The coupons as a frame of pandas."""

    def to_arrow(self, *, decimals: _Decimals = "decimal") -> pyarrow.Table:
        """The coupons as a table of pyarrow."""

    def table(self, *, decimals: _Decimals = "decimal") -> CouponTable:
        """The coupons as a table: an object that reads as Arrow. `decimals` is "decimal", which is exact, or "float64"."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponTable:
    """A table of coupons."""

    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponStream:
    """The coupons of a search as a table whose pages are asked for while whatever reads Arrow takes it, so that only a few are in
    memory at a time. It can be read again, which asks the store again.
    """

    def __new__(cls, client: NativeClient, filters: dict[str, Any], decimals: _Decimals, batch_size: int) -> Self: ...
    @property
    def error(self) -> BaseException | None:
        """Why the last reading ended early, if it did: Arrow hands an error on as its text alone."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class CouponIterator:
    def __iter__(self) -> Self: ...
    def __next__(self) -> Coupon: ...
    def __length_hint__(self) -> int: ...

@final
class Creation:
    """What became of a create."""

    def __new__(
        cls, *, id: int | None = None, code: str | None = None, outcome: Literal["created", "already_there"]
    ) -> Self: ...
    @property
    def id(self) -> int | None:
        """The coupon's id."""

    @property
    def code(self) -> str | None:
        """The coupon's code, as the store has it."""

    @property
    def outcome(self) -> Literal["created", "already_there"]:
        """`"created"`, or `"already_there"` when the store has the coupon with all that was sent."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

@final
class CreationRow:
    """What became of a row of a `create_many`."""

    @property
    def row(self) -> int:
        """The row, counted from 0."""

    @property
    def id(self) -> int | None:
        """The coupon's id, where it is known."""

    @property
    def code(self) -> str:
        """The code, as it was given."""

    @property
    def outcome(self) -> _Outcome:
        """`"created"`; `"already_there"`, with all that was given; `"failed"`; `"under_way"`, when the run was ended meanwhile;
        or `"not_tried"`.
        """

    @property
    def may_have_taken_effect(self) -> bool:
        """Whether the coupon may be there although the store never said so."""

    @property
    def error(self) -> EcwidError | None:
        """Why it failed, if it did."""

    def __eq__(self, other: object, /) -> bool: ...

@final
class CreationReport:
    """What became of each row of a `create_many`, in the order of the rows: a sequence, and a table for whatever reads Arrow.

    It fills while the rows are created.
    """

    def __new__(cls) -> Self: ...
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> CreationRow: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[CreationRow]: ...
    def __iter__(self) -> Iterator[CreationRow]: ...
    def index(self, value: object) -> int:
        """The place of the first row that equals this one."""

    def count(self, value: object) -> int:
        """How many rows equal this one."""

    @property
    def counts(self) -> dict[_Outcome, int]:
        """How many rows have each outcome."""

    @property
    def is_complete(self) -> bool:
        """Whether every row's coupon is there: created, or found as it was to be."""

    @property
    def stopped_by(self) -> EcwidError | None:
        """Why rows were not tried, if the run was stopped."""

    def to_polars(self) -> polars.DataFrame:
        """The rows as a frame of Polars."""

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a frame of pandas."""

    def to_arrow(self) -> pyarrow.Table:
        """The rows as a table of pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Withdrawal:
    """What `withdraw_if_unused` found, and did."""

    def __new__(
        cls, *, outcome: Literal["withdrawn", "left_alone", "not_there"], coupon: Coupon | None = None
    ) -> Self: ...
    @property
    def outcome(self) -> Literal["withdrawn", "left_alone", "not_there"]:
        """`"withdrawn"`, `"left_alone"` or `"not_there"`."""

    @property
    def coupon(self) -> Coupon | None:
        """The coupon as it was found."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...
