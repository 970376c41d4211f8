"""Reads what was updated, or deleted, since the last batch of a stream."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pyarrow
from pyspark.sql.datasource import DataSourceStreamReader, InputPartition

from ._options import PERIOD, Options
from ._read import StorePartition
from ._table import batches

# The default of the option `settle`, in seconds.
_SETTLE = 60


class CouponStreamReader(DataSourceStreamReader):
    """Reads batches of updates or deletions. The offset has the second of each store that the next batch starts at."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def initialOffset(self) -> dict[str, int]:
        """Returns an offset before all coupons."""
        return {str(store): 0 for store in self._options.stores}

    # Spark before 4.2 passes no arguments.
    def latestOffset(self, start: dict[str, int] | None = None, limit: object = None) -> dict[str, int]:
        """Returns the current second, minus the time in which clocks may differ. Sends no request."""
        start = start or {}
        settle = _SETTLE if self._options.settle is None else self._options.settle
        now = int(time.time()) - settle
        return {str(store): max(start.get(str(store), 0), now) for store in self._options.stores}

    def partitions(self, start: dict[str, int], end: dict[str, int]) -> Sequence[InputPartition]:
        """Returns a partition for each store with new seconds. A store that is new in the options starts at 0."""
        first, last = PERIOD[self._options.table]
        return [
            StorePartition(int(store), {first: start.get(store) or None, last: until - 1})
            for store, until in end.items()
            if until > start.get(store, 0)
        ]

    def read(self, partition: InputPartition) -> Iterator[pyarrow.RecordBatch]:
        """Yields the rows of a store in the period of the partition."""
        assert isinstance(partition, StorePartition)
        yield from batches(self._options, partition.store, {**self._options.filters, **partition.filters})
