"""Sends conditions of a query to the stores as filters. Requires PySpark 4.1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ecwid_coupons._enums import CouponStatus, DiscountType
from pyspark.sql.datasource import EqualTo, Filter, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual

from ._read import CouponReader
from ._table import STORE

# A store refuses values that it does not know, while a query with them has no rows.
_KNOWN = {
    name: {value for key, value in vars(enum).items() if key.isupper()}
    for name, enum in {"status": CouponStatus, "discount_type": DiscountType}.items()
}

_DATES = {"update_date": "updated", "creation_date": "created"}


class PushdownReader(CouponReader):
    """A reader that narrows its requests by the conditions of the query.

    Spark refuses readers with this method unless ``spark.sql.python.filterPushdown.enabled`` is true, so it is a class
    of its own.
    """

    def pushFilters(self, filters: list[Filter]) -> Iterable[Filter]:
        """Narrows the requests, and returns all conditions, because Spark has to check the rows for exact results."""
        for condition in filters:
            match condition:
                case EqualTo((column,), value):
                    self._narrow(column, [value])
                case In((column,), values):
                    self._narrow(column, list(values))
                case GreaterThan((column,), value) | GreaterThanOrEqual((column,), value):
                    self._bound(column, "from", value)
                case LessThan((column,), value) | LessThanOrEqual((column,), value):
                    self._bound(column, "to", value)
        return filters

    def _narrow(self, column: str, values: list[Any]) -> None:
        if column == STORE:
            self.stores = [store for store in self.stores if store in values]
        elif column in _KNOWN and column not in self.filters and set(values) <= _KNOWN[column]:
            self.filters[column] = values

    def _bound(self, column: str, end: str, value: Any) -> None:  # noqa: ANN401 - a value of any type
        if column in _DATES and isinstance(value, datetime) and value.tzinfo is not None:
            # The filters have whole seconds and include the given one.
            self.filters.setdefault(f"{_DATES[column]}_{end}", int(value.timestamp()))
