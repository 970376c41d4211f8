"""Reads several stores, with one task for each store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow
from pyspark.sql.datasource import DataSourceReader, InputPartition

from ._options import Options
from ._table import batches


class StorePartition(InputPartition):
    """The rows of one store."""

    def __init__(self, store: int, filters: dict[str, Any]) -> None:
        self.store: int = store
        self.filters: dict[str, Any] = filters


class CouponReader(DataSourceReader):
    """Reads the stores and filters of the options."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.stores: list[int] = list(options.stores)
        self.filters: dict[str, Any] = dict(options.filters)

    def partitions(self) -> list[InputPartition]:
        """Returns a partition for each store."""
        return [StorePartition(store, self.filters) for store in self.stores]

    def read(self, partition: InputPartition) -> Iterator[pyarrow.RecordBatch]:
        """Yields the rows of a store."""
        # Spark passes a partition of its own if there are none.
        if isinstance(partition, StorePartition):
            yield from batches(self._options, partition.store, partition.filters)
