"""Conversion of Arrow data to data frames. Each library is imported when it is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ._arguments import check_choice

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._types import ArrowStream


def to_polars(table: ArrowStream) -> polars.DataFrame:
    """Returns a Polars frame."""
    with _required("polars"):
        import polars
    return polars.DataFrame(table)


def check_dtype_backend(dtype_backend: str | None) -> None:
    """Refuses another value than None and ``"pyarrow"``."""
    if dtype_backend is not None:
        check_choice("dtype_backend", dtype_backend, ("pyarrow",))


def to_pandas(table: ArrowStream, dtype_backend: str | None) -> pandas.DataFrame:
    """Returns a pandas frame. Requires pyarrow."""
    check_dtype_backend(dtype_backend)
    with _required("pandas"):
        import pandas
        import pyarrow
    # These types have nulls. Without them, a column of integers with a null becomes a column of rounded floats.
    types = {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.bool_(): pandas.BooleanDtype()}
    frame: pandas.DataFrame = pyarrow.table(table).to_pandas(
        types_mapper=types.get if dtype_backend is None else pandas.ArrowDtype
    )
    assert isinstance(frame, pandas.DataFrame)
    return frame


def to_arrow(table: ArrowStream) -> pyarrow.Table:
    """Returns a pyarrow table."""
    with _required("pyarrow"):
        import pyarrow
    return pyarrow.table(table)


@contextmanager
def _required(name: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        message = f"{name} is not installed; hint: install it with: pip install 'ecwid-coupons[{name}]'"
        raise ImportError(message, name=name) from error
