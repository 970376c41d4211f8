"""The source for dlt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

import dlt
import pyarrow
from dlt.extract import DltResource, DltSource

from ._changes import Change, ChangesMode, Deletions
from ._client import Client
from ._errors import ConfigurationError, CursorError
from ._native import schema
from ._sync import check_reading, clients_of

# dlt deletes the rows of the table whose value here is true.
_DELETED = "_deleted"

_KEY = ("store_id", "id")


def ecwid(
    stores: Client | Iterable[Client] | Mapping[str, Client] | None = None,
    *,
    mode: ChangesMode = "auto",
    refresh_every: float | timedelta = timedelta(hours=24),
) -> DltSource:
    """Returns a source of the coupons of stores, for `dlt.Pipeline.run`.

    The table ``coupons`` has the coupons of all stores, with the primary key ``store_id`` and ``id`` and the columns of
    a search. Amounts are exact decimals, and times have a time zone. The source has these resources:

    - ``coupons``: new and changed coupons.
    - ``deletions``: deleted coupons. dlt removes them from the table ``coupons``. Without this resource, the table
      keeps them.

    The tokens need the access scopes ``read_discount_coupons`` and ``read_store_profile``, because the deletions cannot
    be read without the second one.

    The first run reads all coupons, and later runs read the changes, as described at `Client.changes`. dlt saves the
    cursor of each store together with the rows. To read everything again, pass ``refresh="drop_sources"`` to `run`.

    If a store fails, the run fails, and no row and no cursor of any store changes. The next run reads the same changes
    again. To load stores independently of each other, run a pipeline with a name of its own for each of them into the
    same dataset.

    Args:
        stores: A client, an iterable of clients, or a mapping of names to clients, such as `Stores`. By default, the
            stores are those with a token in dlt's secrets: ``sources.ecwid.tokens`` has the tokens by the ids of the
            stores. For these, ``sources.ecwid.base_url`` in dlt's configuration is the base URL of the API, which
            defaults to that of Ecwid.
        mode: What is read, as described at `Client.changes`.
        refresh_every: After how many seconds ``"auto"`` reads all coupons again, as described at `Client.changes`.

    Raises:
        ConfigurationError: There is no token, or a store id or a token is not valid. The error never contains a token.
        ValueError: Two clients have the same store.

    Examples:
        >>> import dlt
        >>> from ecwid_coupons.dlt import ecwid
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> destination = dlt.destinations.duckdb("coupons.duckdb")
        >>> pipeline = dlt.pipeline("coupons", destination=destination, dataset_name="shop")
        >>> _ = pipeline.run(ecwid(coupons))
        >>> with pipeline.sql_client() as client:
        ...     client.execute_sql("SELECT store_id, code, discount FROM coupons")
        [(1003, 'TEN', Decimal('10.000000000'))]
    """
    check_reading(mode, refresh_every)
    clients = _of_secrets() if stores is None else _opened(stores)
    columns = _columns()

    def read() -> Iterator[tuple[int, Change | None]]:
        cursors = dlt.current.resource_state("changes").setdefault("cursors", {})
        for client in clients:
            yield from _read(client, cursors, mode, refresh_every)

    def coupons(item: tuple[int, Change | None]) -> Iterator[pyarrow.Table]:
        store, change = item
        if change is None:
            yield columns.empty_table()
        elif change.op == "upsert":
            yield _table(columns, store, change, is_deleted=False)

    def deletions(item: tuple[int, Change | None]) -> Iterator[pyarrow.Table]:
        store, change = item
        if change is not None and change.op == "delete":
            yield _table(columns, store, change, is_deleted=True)

    @dlt.source(name="ecwid", section="ecwid", max_table_nesting=0)
    def source() -> Iterator[DltResource]:
        changes = dlt.resource(read, name="changes", selected=False)
        # A coupon can be read and deleted in one run. Its deletion then has precedence.
        hints: dict[str, Any] = {
            "table_name": "coupons",
            "write_disposition": {"disposition": "merge", "strategy": "delete-insert"},
            "primary_key": list(_KEY),
            "columns": {_DELETED: {"data_type": "bool", "hard_delete": True, "dedup_sort": "desc"}},
        }
        yield changes | dlt.transformer(coupons, name="coupons", **hints)
        yield changes | dlt.transformer(deletions, name="deletions", **hints)

    return source()


def _read(
    client: Client, cursors: dict[str, str], mode: ChangesMode, refresh_every: float | timedelta
) -> Iterator[tuple[int, Change | None]]:
    """Reads the changes of a store, and saves the cursor after them."""
    store = client.store_id
    cursor = cursors.get(str(store))
    if cursor is None:
        # An empty store has a table too.
        yield store, None
    try:
        changes = client.changes(cursor, mode=mode, refresh_every=refresh_every)
        for change in changes:
            yield store, change
    except CursorError as error:
        error.add_note('to read all coupons again, pass refresh="drop_sources" to pipeline.run')
        raise
    if changes.as_of is None:
        # The changes have no deletions if the store does not report its last change. Without the scope for that report,
        # the deletions cannot be read either, and this raises an error that names the scope.
        yield store, Deletions(client.deleted())
    cursors[str(store)] = changes.cursor


def _columns() -> pyarrow.Schema:
    # A batch with fewer columns, such as one of deletions, would change the types of the others in later runs.
    columns = pyarrow.schema(cast("Any", schema()))
    fields = [pyarrow.field("store_id", pyarrow.int64()), *columns, pyarrow.field(_DELETED, pyarrow.bool_())]
    # dlt warns if a key is nullable.
    return pyarrow.schema([field.with_nullable(field.name not in _KEY) for field in fields])


def _table(columns: pyarrow.Schema, store: int, change: Change, *, is_deleted: bool) -> pyarrow.Table:
    """Returns the rows of a change with all columns."""
    rows = pyarrow.table(cast("Any", change))
    length = rows.num_rows
    given: dict[str, Any] = {"store_id": pyarrow.repeat(store, length), _DELETED: pyarrow.repeat(is_deleted, length)}
    given.update((name, rows[name]) for name in (["id"] if is_deleted else rows.column_names))
    arrays = [given.get(field.name, pyarrow.nulls(length, field.type)) for field in columns]
    return pyarrow.Table.from_arrays(arrays, schema=columns)


def _opened(stores: Client | Iterable[Client] | Mapping[str, Client]) -> list[Client]:
    clients = []
    for _, client in clients_of(stores):
        if not isinstance(client, Client):
            raise client
        clients.append(client)
    return clients


def _of_secrets() -> list[Client]:
    # Without a type, because dlt saves the values of other types than its own for secrets in the trace of a run.
    tokens: Any = dlt.secrets.get("sources.ecwid.tokens")
    if isinstance(tokens, str):
        # An environment variable has JSON.
        with suppress(ValueError):
            tokens = json.loads(tokens)
    if not isinstance(tokens, Mapping) or not tokens:
        raise ConfigurationError(
            "no token: invalid or missing `sources.ecwid.tokens` in dlt's secrets (expected the tokens by the ids of "
            'their stores, such as `1003 = "secret_..."`)'
        )
    base_url = dlt.config.get("sources.ecwid.base_url", str)
    return [_client(store, token, base_url) for store, token in tokens.items()]


def _client(store: str, token: str, base_url: str | None) -> Client:
    # The error does not show the id, because it may be the token.
    if not store.isdecimal():
        raise ConfigurationError(
            "invalid store id in `sources.ecwid.tokens` (expected the ids of stores, each with its token)"
        )
    return Client(int(store), token, base_url=base_url)
