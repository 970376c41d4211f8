"""Creates coupons from the rows of a frame."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow
import pyarrow.compute
from ecwid_coupons._errors import EcwidError, InvalidRequestError, InvalidRowsError
from pyspark.sql.datasource import DataSourceArrowWriter, WriterCommitMessage

from ._options import Options
from ._table import STORE

# The maximum number of failed rows that an error names.
_SHOWN = 20

_SUCCESS = {"created", "recovered", "already_exists"}


@dataclass
class Written(WriterCommitMessage):
    """The result of a task. It does not say how many coupons the task created, because a task can run again."""

    rows: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)

    def fail(self, store: int, failures: Sequence[str], failed: int) -> None:
        """Adds failed rows of a store."""
        self.failed += failed
        room = _SHOWN - len(self.failures)
        self.failures += [f"store {store}, {failure}" for failure in failures[:room]]


class CouponWriter(DataSourceArrowWriter):
    """Creates a coupon for each row. A coupon that exists with the same content counts as created.

    So a task that Spark runs again, or twice at once, creates each coupon once.
    """

    def __init__(self, options: Options) -> None:
        self._options = options

    def write(self, iterator: Iterator[Any]) -> WriterCommitMessage:
        """Creates the coupons of a task. Reads all rows first, so that a task that is refused creates none."""
        written = Written()
        read = list(iterator)
        if not read:
            return written
        table = pyarrow.Table.from_batches(read)
        stores: list[Any] = pyarrow.compute.unique(table[STORE]).to_pylist()
        self._check(stores)
        for store in stores:
            rows = table.filter(pyarrow.compute.equal(table[STORE], store)).drop_columns([STORE])
            self._create(store, rows, written)
        return written

    def _check(self, stores: list[Any]) -> None:
        if None in stores:
            raise InvalidRequestError(f"invalid rows: some have no {STORE}; no coupon was created by this task")
        # Tasks that write to the same store share its rate limit.
        if len(stores) > 1 and self._options.tasks_per_store is None:
            named = ", ".join(map(str, sorted(stores)[:5])) + (", …" if len(stores) > 5 else "")
            raise InvalidRequestError(
                f"rows of {len(stores)} stores in one task: {named} (expected one store, because tasks that write to "
                "the same store would exceed its rate limit); no coupon was created by this task; hint: write "
                f'`frame.repartition("{STORE}")` with the option tasksPerStore=1, which also allows the partitions '
                "that Spark combines"
            )

    def _create(self, store: int, rows: pyarrow.Table, written: Written) -> None:
        written.rows += rows.num_rows
        with self._options.client(store) as client:
            try:
                report = client.create_many(rows, existing="accept")
            except InvalidRowsError as error:
                written.fail(store, [str(problem) for problem in error.problems], rows.num_rows)
                return
        # An exception would make Spark repeat the task, which does not help a row.
        failed = [row for row in report if row.outcome not in _SUCCESS]
        reason = report.stopped_by
        written.fail(store, [f"{row.code}: {row.error or reason or row.outcome}" for row in failed], len(failed))

    def commit(self, messages: list[WriterCommitMessage | None]) -> None:
        """Ends the write.

        Raises:
            EcwidError: Some rows failed. The error names them.
        """
        tasks = [message for message in messages if isinstance(message, Written)]
        failed, rows = sum(task.failed for task in tasks), sum(task.rows for task in tasks)
        if failed:
            failures = [failure for task in tasks for failure in task.failures][:_SHOWN]
            more = f"\n  and {failed - len(failures)} more" if failed > len(failures) else ""
            raise EcwidError(
                f"{failed} of {rows} rows failed, and the coupons of the other rows exist:"
                + "".join(f"\n  {failure}" for failure in failures)
                + f"{more}\nhint: correct the rows and write all of them again; existing coupons are accepted"
            )

    def abort(self, messages: list[WriterCommitMessage | None]) -> None:
        """Logs that nothing is undone: coupons that the tasks have created remain."""
        logging.getLogger("ecwid_coupons").warning(
            "the write was aborted; coupons that its tasks have created remain in the stores; hint: write the same "
            "rows again; existing coupons are accepted"
        )
