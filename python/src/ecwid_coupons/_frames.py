"""Tables of coupons in the libraries that have frames. They are imported when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._types import ArrowStream


def to_polars(table: ArrowStream) -> polars.DataFrame:
    """A frame of Polars."""
    try:
        import polars
    except ImportError as error:
        raise _missing("polars") from error
    return polars.DataFrame(table)


def to_pandas(table: ArrowStream) -> pandas.DataFrame:
    """A frame of pandas, which needs pyarrow for it."""
    try:
        import pandas
        import pyarrow
    except ImportError as error:
        raise _missing("pandas") from error
    # Those of pandas that have nulls: a whole number would be a float beside one, and rounded.
    types = {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.bool_(): pandas.BooleanDtype()}
    frame: pandas.DataFrame = pyarrow.table(table).to_pandas(types_mapper=types.get)
    assert isinstance(frame, pandas.DataFrame)
    return frame


def to_arrow(table: ArrowStream) -> pyarrow.Table:
    """A table of pyarrow."""
    try:
        import pyarrow
    except ImportError as error:
        raise _missing("pyarrow") from error
    return pyarrow.table(table)


def _missing(name: str) -> ImportError:
    return ImportError(f"{name} is not installed; it comes with: pip install 'ecwid-coupons[{name}]'", name=name)
