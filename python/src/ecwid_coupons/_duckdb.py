"""The tables of a copy in DuckDB."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from ._changes import Change, ChangesMode
from ._client import Client
from ._errors import EcwidError, SyncError
from ._native import Changes, CouponList, hide_tokens
from ._sync import SyncSummary
from ._types import ArrowStream

if TYPE_CHECKING:
    import duckdb

# How many coupons may always be missing at once, unless all are.
_FEW = 20

# The name under which the connection reads a table of this package.
_BATCH = "ecwid_batch"

_STATE = """
CREATE TABLE IF NOT EXISTS sync_state (
    store_id BIGINT PRIMARY KEY,
    name VARCHAR,
    cursor VARCHAR,
    as_of TIMESTAMPTZ,
    complete_as_of TIMESTAMPTZ,
    coupons BIGINT,
    finished_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ,
    error VARCHAR
)"""

_VIEW = """
CREATE OR REPLACE VIEW current_coupons AS
SELECT coupons.store_id, {columns}, coupons.first_seen,
    greatest(coupons.as_of, coalesce(sync_state.complete_as_of, coupons.as_of)) AS as_of,
    coalesce(coupons.expiration_date < now(), false) AS expired_now
FROM coupons LEFT JOIN sync_state ON sync_state.store_id = coupons.store_id
WHERE coupons.deleted_at IS NULL"""

# The coupons that the copy has and the store has not.
_MISSING = """store_id = $store AND deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM {stage} AS staged WHERE staged.id = coupons.id)"""


class Copy:
    """A copy of the coupons of stores in a DuckDB database. Threads can share it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        mode: ChangesMode,
        refresh_every: float | timedelta,
        max_delete: float,
    ) -> None:
        """Creates the tables, and adds the columns of new fields."""
        self._connection = connection
        self._mode = mode
        self._refresh_every = refresh_every
        self._max_delete = max_delete
        # A connection runs one statement at a time.
        self._lock = Lock()
        self._reading: set[Changes] = set()
        self._is_stopped = False
        with _registered(connection, CouponList.from_json("[]")):
            described = connection.execute(f"DESCRIBE SELECT * FROM {_BATCH}").fetchall()
        self._columns: dict[str, str] = {name: kind for name, kind, *_ in described}
        with _transaction(connection):
            self._create_tables()

    def _create_tables(self) -> None:
        find = """SELECT table_name FROM information_schema.tables
            WHERE table_catalog = current_database() AND table_schema = current_schema()
            AND table_name IN ('coupons', 'sync_state')"""
        if len(self._connection.execute(find).fetchall()) == 1:
            raise ValueError(
                "invalid connection: another program made a table `coupons` or `sync_state`"
                " (expected both of them or none); hint: select another schema with USE"
            )
        self._connection.execute(_STATE)
        columns = ", ".join(f"{name} {kind}" for name, kind in self._columns.items() if name != "id")
        self._connection.execute(
            f"""CREATE TABLE IF NOT EXISTS coupons (store_id BIGINT NOT NULL, id BIGINT NOT NULL, {columns},
            first_seen TIMESTAMPTZ NOT NULL, as_of TIMESTAMPTZ NOT NULL, deleted_at TIMESTAMPTZ)"""
        )
        known = {name for name, *_ in self._connection.execute("DESCRIBE coupons").fetchall()}
        for name in self._columns.keys() - known:
            self._connection.execute(f"ALTER TABLE coupons ADD COLUMN {name} {self._columns[name]}")
        self._connection.execute(_VIEW.format(columns=", ".join(f"coupons.{name}" for name in self._columns)))

    def sync(self, name: str | None, client: Client | EcwidError) -> SyncSummary:
        """Brings the copy of a store up to date. A failure is a part of the result and of `sync_state`."""
        if isinstance(client, EcwidError):
            return SyncSummary(None, name, error=client)
        store = client.store_id
        try:
            return self._sync(name, client)
        except Exception as error:
            if self._is_stopped:
                raise
            self._record_failure(store, name, error)
            return SyncSummary(store, name, error=error)

    def stop(self) -> None:
        """Ends the work in other threads: the reading of changes, and a statement that runs."""
        self._is_stopped = True
        for changes in list(self._reading):
            changes.close()
        self._connection.interrupt()

    def _sync(self, name: str | None, client: Client) -> SyncSummary:
        store = client.store_id
        with self._lock:
            before = self._cursor(store)
        changes = client.changes(
            before, mode=self._mode, refresh_every=self._refresh_every, deletions_if_complete=False
        )
        self._reading.add(changes)
        try:
            with self._lock:
                stage = _Stage(self._connection, store, self._columns)
            for change in changes:
                with self._lock:
                    stage.add(change)
            if self._is_stopped:
                raise InterruptedError("the sync was stopped")
            with self._lock, _transaction(self._connection):
                if self._cursor(store) != before:
                    raise SyncError(
                        f"another sync has changed the copy of the store {store} in the meantime; nothing was changed"
                    )
                return self._apply(name, store, changes, stage)
        finally:
            self._reading.discard(changes)
            changes.close()
            with self._lock:
                _Stage.drop(self._connection, store)

    def _apply(self, name: str | None, store: int, changes: Changes, stage: _Stage) -> SyncSummary:
        cursor = changes.cursor
        if changes.is_complete:
            self._check_missing(store, stage)
        # Without the store's time, that of this machine is the best estimate.
        as_of = changes.as_of or datetime.now(UTC)
        given = {"store": store, "as_of": as_of.isoformat()}
        count = "SELECT count(*) FROM coupons WHERE store_id = $store"
        before = self._number(count, store)
        ((read,),) = self._connection.execute(f"SELECT count(*) FROM {stage.coupons}").fetchall()
        names = ", ".join(self._columns)
        updates = ", ".join(f"{column} = staged.{column}" for column in self._columns if column != "id")
        self._connection.execute(
            f"""MERGE INTO coupons USING {stage.coupons} AS staged
            ON coupons.store_id = $store AND coupons.id = staged.id
            WHEN MATCHED THEN UPDATE SET {updates}, as_of = $as_of::TIMESTAMPTZ, deleted_at = NULL
            WHEN NOT MATCHED THEN INSERT (store_id, {names}, first_seen, as_of)
            VALUES ($store, {", ".join(f"staged.{column}" for column in self._columns)},
                $as_of::TIMESTAMPTZ, $as_of::TIMESTAMPTZ)""",
            given,
        )
        new = self._number(count, store) - before
        exist = f"{count} AND deleted_at IS NULL"
        before = self._number(exist, store)
        self._connection.execute(
            f"""UPDATE coupons SET deleted_at = coalesce(staged.date, $as_of::TIMESTAMPTZ), as_of = $as_of::TIMESTAMPTZ
            FROM {stage.deletions} AS staged
            WHERE coupons.store_id = $store AND coupons.deleted_at IS NULL AND coupons.id = staged.id""",
            given,
        )
        if changes.is_complete:
            self._connection.execute(
                f"""UPDATE coupons SET deleted_at = $as_of::TIMESTAMPTZ, as_of = $as_of::TIMESTAMPTZ
                WHERE {_MISSING.format(stage=stage.coupons)}""",
                given,
            )
        exists = self._number(exist, store)
        self._connection.execute(
            """INSERT INTO sync_state (store_id, name, cursor, as_of, complete_as_of, coupons, finished_at)
            VALUES ($store, $name, $cursor, $as_of::TIMESTAMPTZ, if($complete, $as_of::TIMESTAMPTZ, NULL), $coupons,
            now())
            ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, cursor = excluded.cursor, as_of = excluded.as_of,
            complete_as_of = coalesce(excluded.complete_as_of, complete_as_of), coupons = excluded.coupons,
            finished_at = excluded.finished_at, failed_at = NULL, error = NULL""",
            {**given, "name": name, "cursor": cursor, "complete": changes.is_complete, "coupons": exists},
        )
        return SyncSummary(store, name, as_of, changes.is_complete, read, new, before - exists, exists)

    def _check_missing(self, store: int, stage: _Stage) -> None:
        """Refuses to delete many coupons at once."""
        exist = self._number("SELECT count(*) FROM coupons WHERE store_id = $store AND deleted_at IS NULL", store)
        missing = _MISSING.format(stage=stage.coupons)
        missing_count = self._number(f"SELECT count(*) FROM coupons WHERE {missing}", store)
        share = math.floor(exist * self._max_delete)
        limit = share if missing_count == exist else max(share, _FEW)
        if missing_count > limit:
            raise SyncError(
                f"the store {store} no longer has {missing_count} of {exist} coupons, and at most {limit} may be"
                " deleted at once; nothing was changed; hint: pass a larger max_delete if the coupons were deleted"
            )

    def _cursor(self, store: int) -> str | None:
        rows = self._connection.execute("SELECT cursor FROM sync_state WHERE store_id = $1", [store]).fetchall()
        return rows[0][0] if rows else None

    def _number(self, select: str, store: int) -> int:
        ((number,),) = self._connection.execute(select, {"store": store}).fetchall()
        return int(number)

    def _record_failure(self, store: int, name: str | None, error: Exception) -> None:
        with self._lock:
            self._connection.execute(
                """INSERT INTO sync_state (store_id, name, failed_at, error) VALUES ($1, $2, now(), $3)
                ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, failed_at = excluded.failed_at,
                error = excluded.error""",
                [store, name, hide_tokens(str(error))],
            )


class _Stage:
    """The changes of a store in temporary tables, so that the transaction is short."""

    _COUPONS = "ecwid_staged_coupons_"
    _DELETIONS = "ecwid_staged_deletions_"

    def __init__(self, connection: duckdb.DuckDBPyConnection, store: int, columns: dict[str, str]) -> None:
        self._connection = connection
        self.coupons = f"{self._COUPONS}{store}"
        self.deletions = f"{self._DELETIONS}{store}"
        definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {self.coupons} ({definitions})")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {self.deletions} (id BIGINT, date TIMESTAMPTZ)")

    def add(self, change: Change) -> None:
        table = self.coupons if change.op == "upsert" else self.deletions
        with _registered(self._connection, change):
            self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {_BATCH}")

    @classmethod
    def drop(cls, connection: duckdb.DuckDBPyConnection, store: int) -> None:
        for table in (cls._COUPONS, cls._DELETIONS):
            connection.execute(f"DROP TABLE IF EXISTS {table}{store}")


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, table: ArrowStream) -> Iterator[None]:
    """Lets the connection read a table as `_BATCH`."""
    connection.register(_BATCH, table)
    try:
        yield
    finally:
        connection.unregister(_BATCH)


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def run(copy: Copy, clients: list[tuple[str | None, Client | EcwidError]], concurrency: int) -> list[SyncSummary]:
    """Copies the stores, several at once.

    Also a single store is copied in another thread, because a statement of DuckDB in the main thread can replace
    KeyboardInterrupt by another exception.
    """
    pool = ThreadPoolExecutor(min(concurrency, max(len(clients), 1)), thread_name_prefix="ecwid-coupons-sync")
    try:
        return list(pool.map(lambda named: copy.sync(*named), clients))
    finally:
        # Nothing is left to stop, unless an exception such as KeyboardInterrupt ends the call.
        copy.stop()
        pool.shutdown(cancel_futures=True)
