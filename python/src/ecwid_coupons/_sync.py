"""Copies of the coupons of stores in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ._arguments import check_choice, check_count, check_type, shown
from ._changes import ChangesMode
from ._client import Client
from ._errors import EcwidError

if TYPE_CHECKING:
    import duckdb


class SyncSummary(NamedTuple):
    """The result of `sync` for one store.

    Examples:
        >>> import duckdb
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> (summary,) = sync(coupons, duckdb.connect())
        >>> summary.store_id, summary.coupons, summary.new, summary.deleted, summary.error
        (1003, 1, 1, 0, None)
    """

    store_id: int | None
    """The store's id. None if the client of the store could not be made."""
    name: str | None = None
    """The name of the store in the mapping of stores."""
    as_of: datetime | None = None
    """When the sync began, on the store's clock. None if the sync failed."""
    is_complete: bool = False
    """Whether all coupons were read."""
    read: int = 0
    """The number of coupons that were read."""
    new: int = 0
    """The number of coupons that the copy did not have."""
    deleted: int = 0
    """The number of coupons that were deleted since the last sync."""
    coupons: int | None = None
    """The number of coupons in the copy that exist. None if the sync failed."""
    error: Exception | None = None
    """The reason why the sync failed. The copy of the store is then unchanged."""


def sync(
    stores: Client | Iterable[Client] | Mapping[str, Client],
    connection: duckdb.DuckDBPyConnection,
    *,
    mode: ChangesMode = "auto",
    refresh_every: float | timedelta = timedelta(hours=24),
    max_delete: float = 0.2,
    concurrency: int = 8,
) -> list[SyncSummary]:
    """Brings the copy of the coupons of stores in a DuckDB database up to date. Requires DuckDB.

    The tables are in the current schema of the connection, and are created by the first sync:

    - The view ``current_coupons`` has the coupons that exist, as of the last sync. Its column ``as_of`` is not older
      than the last complete read, and ``expired_now`` is computed from the expiration date.
    - The table ``coupons`` also has the deleted coupons, whose ``deleted_at`` is not null. Its columns are
      ``store_id``, those of a search, ``first_seen``, ``as_of`` and ``deleted_at``. Amounts are exact decimals, and
      times have a time zone. The column ``first_seen`` has the time of the sync that found the coupon first, and
      ``as_of`` the time of the sync that read it last.
    - The table ``sync_state`` has for each store the cursor, the last successful and the last failed sync.

    The coupons and the cursor of a store change in one transaction. If a store fails, its copy is unchanged, its row in
    ``sync_state`` has the error, and the other stores are copied. See `Client.changes` for the requests and for the
    fields that an update date may not show.

    Args:
        stores: A client, an iterable of clients, or a mapping of names to clients, such as `Stores`.
        connection: The connection of the database, without a transaction. Do not use it elsewhere during the call.
        mode: What is read, as described at `Client.changes`.
        refresh_every: After how many seconds ``"auto"`` reads all coupons again, as described at `Client.changes`.
        max_delete: The share of a store's coupons in the copy that may be missing at once, from 0 to 1. If more are
            missing from a complete read, the store fails, because it may have sent an incomplete list. Up to 20 coupons
            may always be missing, unless these are all.
        concurrency: The number of stores that are read at once.

    Returns:
        The result of each store, in the order of the stores. Check `SyncSummary.error`.

    Raises:
        ValueError: An argument is not valid, two clients have the same store, or another program made a table.
        duckdb.Error: The tables cannot be created.

    Examples:
        >>> import duckdb
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> connection = duckdb.connect("coupons.duckdb")
        >>> for summary in sync(coupons, connection):
        ...     summary.new, summary.deleted, summary.error
        (1, 0, None)
        >>> connection.sql("SELECT store_id, code, discount FROM current_coupons").fetchall()
        [(1003, 'TEN', Decimal('10.000000000'))]
    """
    check_reading(mode, refresh_every)
    check_type("max_delete", max_delete, (int, float), "a number from 0 to 1")
    if not 0 <= max_delete <= 1:
        raise ValueError(f"invalid max_delete: `{shown(max_delete)}` (expected a number from 0 to 1)")
    check_count("concurrency", concurrency, 1, 1_000)
    clients = clients_of(stores)

    # Imported here, because most programs need neither DuckDB nor threads.
    from ._duckdb import Copy, run

    copy = Copy(connection, mode=mode, refresh_every=refresh_every, max_delete=max_delete)
    return run(copy, clients, concurrency)


def check_reading(mode: str, refresh_every: float | timedelta) -> None:
    """Refuses invalid arguments of `Client.changes` before the first store is read."""
    check_choice("mode", mode, ("auto", "full", "incremental"))
    expected = "a number of seconds above 0, or a timedelta above 0"
    check_type("refresh_every", refresh_every, (int, float, timedelta), expected)
    seconds = refresh_every.total_seconds() if isinstance(refresh_every, timedelta) else refresh_every
    if not seconds > 0:
        raise ValueError(f"invalid refresh_every: `{shown(refresh_every)}` (expected {expected})")


def clients_of(
    stores: Client | Iterable[Client] | Mapping[str, Client],
) -> list[tuple[str | None, Client | EcwidError]]:
    """Returns the clients with their names, or the error of a client that cannot be made."""
    clients: list[tuple[str | None, Client | EcwidError]] = []
    if isinstance(stores, Client):
        clients.append((None, stores))
    elif isinstance(stores, Mapping):
        for name in stores:
            try:
                clients.append((name, stores[name]))
            except EcwidError as error:
                clients.append((name, error))
    else:
        check_type("stores", stores, Iterable, "a client, or an iterable or a mapping of clients")
        clients.extend((None, client) for client in stores)
    seen = set()
    for _, client in clients:
        if isinstance(client, EcwidError):
            continue
        check_type("stores", client, Client, "clients of the class Client")
        if client.store_id in seen:
            raise ValueError(
                f"invalid stores: two clients of the store `{client.store_id}` (expected one of each store)"
            )
        seen.add(client.store_id)
    return clients
