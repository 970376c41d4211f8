"""The columns of the data source: those of a table of coupons, after the id of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pyarrow
from ecwid_coupons._native import schema

from ._options import Options

STORE = "store_id"
"""The column with the id of the store."""


def table_schema() -> pyarrow.Schema:
    """Returns the columns. Sends no request."""
    # The stubs of pyarrow do not know the interface.
    columns = pyarrow.schema(cast("Any", schema()))
    return pyarrow.schema([pyarrow.field(STORE, pyarrow.int64()), *columns])


def batches(options: Options, store: int, filters: dict[str, Any]) -> Iterator[pyarrow.RecordBatch]:
    """Returns the coupons of a store that match the filters. Only a few pages are in memory at once."""
    columns = table_schema()
    with options.client(store) as client:
        stream = client.search(**filters).stream()
        try:
            for batch in pyarrow.RecordBatchReader.from_stream(stream):
                ids = pyarrow.repeat(pyarrow.scalar(store, pyarrow.int64()), batch.num_rows)
                yield pyarrow.RecordBatch.from_arrays([ids, *batch.columns], schema=columns)
        except pyarrow.ArrowException:
            if stream.error is None:
                raise
            # The error of Arrow has only the message.
            raise stream.error from None
