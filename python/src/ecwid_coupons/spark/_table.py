"""The tables of the data source: coupons and deletions, each after the id of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pyarrow
from ecwid_coupons._client import Client
from ecwid_coupons._native import schema

from ._options import DELETIONS, Options

STORE = "store_id"
"""The column with the id of the store."""


def table_schema(table: str) -> pyarrow.Schema:
    """Returns the columns. Sends no request."""
    if table == DELETIONS:
        columns = pyarrow.schema({"id": pyarrow.int64(), "date": pyarrow.timestamp("us", "UTC")})
    else:
        # The stubs of pyarrow do not know the interface.
        columns = pyarrow.schema(cast("Any", schema()))
    return pyarrow.schema([pyarrow.field(STORE, pyarrow.int64()), *columns])


def batches(options: Options, store: int, filters: dict[str, Any]) -> Iterator[pyarrow.RecordBatch]:
    """Returns the rows of a store that match the filters. Only a few pages of coupons are in memory at once."""
    columns = table_schema(options.table)
    with options.client(store) as client:
        for batch in _deletions(client, filters) if options.table == DELETIONS else _coupons(client, filters):
            ids = pyarrow.repeat(pyarrow.scalar(store, pyarrow.int64()), batch.num_rows)
            yield pyarrow.RecordBatch.from_arrays([ids, *batch.columns], schema=columns)


def _deletions(client: Client, filters: dict[str, Any]) -> Iterator[pyarrow.RecordBatch]:
    yield from pyarrow.RecordBatchReader.from_stream(client.deleted(**filters))


def _coupons(client: Client, filters: dict[str, Any]) -> Iterator[pyarrow.RecordBatch]:
    stream = client.search(**filters).stream()
    try:
        yield from pyarrow.RecordBatchReader.from_stream(stream)
    except pyarrow.ArrowException:
        if stream.error is None:
            raise
        # The error of Arrow has only the message.
        raise stream.error from None
