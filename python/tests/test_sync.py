"""`sync`: copies of stores in DuckDB."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import Run
from ecwid_coupons import (
    AsyncClient,
    Client,
    ConfigurationError,
    NewCoupon,
    PermissionDeniedError,
    Stores,
    SyncError,
    sync,
)
from ecwid_coupons.testing import OrderItem, Sandbox, Status

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
OTHER_TOKEN = "secret_other_store"
RECIPE = Path(__file__).parents[1] / "examples" / "copy_to_duckdb.py"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def outlet(sandbox: Sandbox) -> Iterator[Client]:
    """A client of a second store."""
    sandbox.add_token(1004, OTHER_TOKEN)
    with Client(1004, OTHER_TOKEN, base_url=sandbox.base_url) as client:
        yield client


def fill(coupons: Client, count: int = 3) -> None:
    coupons.create_many([NewCoupon.percent(f"Coupon {number}", f"C-{number}", "12.345") for number in range(count)])


def rows(connection: duckdb.DuckDBPyConnection, select: str) -> list[Any]:
    return connection.execute(select).fetchall()


def difference(connection: duckdb.DuckDBPyConnection, client: Client, without: str = "") -> list[Any]:
    """Returns the rows that are only in the copy, and those that are only in the store."""
    # A table, because older versions of DuckDB read Arrow data once.
    connection.register("found", client.search().collect())
    connection.execute("CREATE OR REPLACE TEMP TABLE store AS SELECT * FROM found")
    connection.unregister("found")
    names = [name for name, *_ in rows(connection, "DESCRIBE store") if name not in without.split()]
    copy = f"SELECT {', '.join(names)} FROM current_coupons WHERE store_id = {client.store_id}"
    there = f"SELECT {', '.join(names)} FROM store"
    return rows(connection, f"({copy} EXCEPT {there}) UNION ALL ({there} EXCEPT {copy})")


def test_a_copy_has_all_columns_of_all_coupons(connection: duckdb.DuckDBPyConnection) -> None:
    with Sandbox(seed=250, requests_per_minute=None) as seeded, seeded.client() as source:
        (summary,) = sync(source, connection)
        assert (summary.read, summary.new, summary.deleted, summary.coupons) == (250, 250, 0, 250)
        assert (summary.error, summary.is_complete, summary.store_id, summary.name) == (None, True, 1003, None)
        assert difference(connection, source) == []
    types = dict(row[:2] for row in rows(connection, "DESCRIBE coupons"))
    assert types["discount"] == "DECIMAL(38,9)"
    assert types["launch_date"] == types["first_seen"] == types["deleted_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["catalog_limit_products"] == "BIGINT[]"
    assert list(types)[:2] == ["store_id", "id"]


def test_a_second_sync_has_the_changes(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    sandbox.set_time(START)
    fill(coupons)
    (first,) = sync(coupons, connection)
    assert first.as_of == START
    sandbox.advance(timedelta(hours=1))
    (unchanged,) = sync(coupons, connection)
    # The last change was in the second of the first sync, so the store may have changed again in that second.
    assert (unchanged.read, unchanged.new, unchanged.deleted) == (3, 0, 0)
    sandbox.clear_requests()
    (unchanged,) = sync(coupons, connection)
    assert (unchanged.read, unchanged.is_complete, unchanged.coupons) == (0, False, 3)
    assert len(sandbox.received_requests()) == 1

    coupons.delete("C-0")
    coupons.update("C-1", discount="7.5")
    coupons.create(NewCoupon.absolute("New", "NEW", 5))
    (changed,) = sync(coupons, connection)
    assert (changed.read, changed.new, changed.deleted, changed.coupons) == (3, 1, 1, 3)
    assert difference(connection, coupons) == []
    seen = "SELECT code, epoch(first_seen), epoch(as_of), epoch(deleted_at) FROM coupons ORDER BY code"
    begin, now = START.timestamp(), (START + timedelta(hours=1)).timestamp()
    assert rows(connection, seen) == [
        ("C-0", begin, now, now),
        ("C-1", begin, now, None),
        ("C-2", begin, now, None),
        ("NEW", now, now, None),
    ]
    assert rows(connection, "SELECT store_id, coupons, error, epoch(as_of), cursor IS NOT NULL FROM sync_state") == [
        (1003, 3, None, now, True)
    ]


def test_incremental_changes_are_applied(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    sandbox.set_time(START)
    fill(coupons)
    sync(coupons, connection)
    sandbox.advance(timedelta(days=1))
    deleted = coupons.get("C-0").id
    coupons.delete("C-0")
    coupons.create(NewCoupon.absolute("Again", "C-0", 5))
    sandbox.advance(timedelta(hours=1))
    (summary,) = sync(coupons, connection, mode="incremental")
    assert (summary.is_complete, summary.new, summary.deleted, summary.coupons) == (False, 1, 1, 3)
    assert difference(connection, coupons) == []
    gone = "SELECT id, epoch(deleted_at) FROM coupons WHERE deleted_at IS NOT NULL"
    assert rows(connection, gone) == [(deleted, (START + timedelta(days=1)).timestamp())]


def test_the_view_shows_what_has_expired(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    coupons.create(NewCoupon.percent("Old", "OLD", 5, expiration_date="2020-01-01"))
    coupons.create(NewCoupon.percent("New", "NEW", 5, expiration_date="2999-01-01"))
    fill(coupons, 1)
    sync(coupons, connection)
    shown = rows(connection, "SELECT code, expired_now FROM current_coupons ORDER BY code")
    assert shown == [("C-0", False), ("NEW", False), ("OLD", True)]


def test_several_stores_are_in_one_table(
    coupons: Client, outlet: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    fill(coupons, 3)
    fill(outlet, 2)
    summaries = sync({"main": coupons, "outlet": outlet}, connection)
    assert [(it.store_id, it.name, it.coupons) for it in summaries] == [(1003, "main", 3), (1004, "outlet", 2)]
    counts = "SELECT store_id, count(*) FROM current_coupons GROUP BY ALL ORDER BY ALL"
    assert rows(connection, counts) == [(1003, 3), (1004, 2)]
    assert rows(connection, "SELECT store_id, name FROM sync_state ORDER BY ALL") == [(1003, "main"), (1004, "outlet")]
    outlet.delete("C-0")
    assert [it.deleted for it in sync([coupons, outlet], connection)] == [0, 1]
    assert difference(connection, coupons) == difference(connection, outlet) == []


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_store_that_fails_does_not_stop_the_others(
    sandbox: Sandbox, coupons: Client, outlet: Client, connection: duckdb.DuckDBPyConnection, concurrency: int
) -> None:
    fill(coupons)
    sync([coupons], connection)
    fill(outlet, 1)
    coupons.delete("C-0")
    with Client(1003, "secret_wrong_token", base_url=sandbox.base_url) as wrong:
        summaries = sync([wrong, outlet], connection, concurrency=concurrency)
    assert [(it.store_id, it.coupons) for it in summaries] == [(1003, None), (1004, 1)]
    assert isinstance(summaries[0].error, PermissionDeniedError)
    ((error, failed, cursor),) = rows(
        connection, "SELECT error, failed_at IS NOT NULL, cursor IS NOT NULL FROM sync_state WHERE store_id = 1003"
    )
    assert error == str(summaries[0].error)
    assert (failed, cursor) == (True, True)
    assert "secret_wrong_token" not in error
    # The copy is unchanged, and the next sync repairs it.
    assert rows(connection, "SELECT count(*) FROM current_coupons WHERE store_id = 1003") == [(3,)]
    sync([coupons], connection)
    assert rows(connection, "SELECT error, failed_at FROM sync_state WHERE store_id = 1003") == [(None, None)]
    assert difference(connection, coupons) == []


def test_a_failure_between_two_pages_changes_nothing(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    fill(coupons, 150)
    sync(coupons, connection)
    before = rows(connection, "SELECT * EXCLUDE (launch_date, creation_date, update_date) FROM coupons ORDER BY id")
    state = rows(connection, "SELECT cursor FROM sync_state")
    coupons.update("C-0", name="Other")
    sandbox.add_fault(Status(418), operations=["search_discount_coupons"], skip=1)
    (summary,) = sync(coupons, connection, mode="full")
    assert "418" in str(summary.error)
    after = rows(connection, "SELECT * EXCLUDE (launch_date, creation_date, update_date) FROM coupons ORDER BY id")
    assert (after, rows(connection, "SELECT cursor FROM sync_state")) == (before, state)
    assert rows(connection, "SELECT count(*) FROM duckdb_tables() WHERE temporary") == [(0,)]


def test_the_client_of_a_store_that_cannot_be_made_is_a_failure(
    sandbox: Sandbox,
    coupons: Client,
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOKEN_MAIN", sandbox.token)
    config = tmp_path / "config.toml"
    config.write_text(
        f"[stores.lost]\nstore-id = 1005\ntoken-env = 'TOKEN_LOST'\nbase-url = '{sandbox.base_url}'\n"
        f"[stores.main]\nstore-id = 1003\ntoken-env = 'TOKEN_MAIN'\nbase-url = '{sandbox.base_url}'\n"
    )
    fill(coupons)
    with Stores.from_config(config) as stores:
        lost, main = sync(stores, connection)
    assert (lost.store_id, lost.name) == (None, "lost")
    assert isinstance(lost.error, ConfigurationError)
    assert (main.name, main.coupons, main.error) == ("main", 3, None)


def test_many_missing_coupons_are_not_deleted(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    fill(coupons, 30)
    sync(coupons, connection)
    for number in range(21):
        coupons.delete(f"C-{number}")
    (summary,) = sync(coupons, connection)
    assert isinstance(summary.error, SyncError)
    assert "no longer has 21 of 30 coupons, and at most 20 may be deleted at once" in str(summary.error)
    assert rows(connection, "SELECT count(*) FROM current_coupons") == [(30,)]
    (summary,) = sync(coupons, connection, max_delete=0.7)
    assert (summary.error, summary.deleted, summary.coupons) == (None, 21, 9)
    for coupon in coupons.search():
        coupons.delete(coupon)
    assert "9 of 9 coupons, and at most 1 " in str(sync(coupons, connection)[0].error)
    assert sync(coupons, connection, max_delete=1)[0].deleted == 9


def test_columns_of_new_fields_are_added(coupons: Client, connection: duckdb.DuckDBPyConnection) -> None:
    fill(coupons)
    sync(coupons, connection)
    connection.execute("DROP VIEW current_coupons")
    connection.execute("ALTER TABLE coupons DROP COLUMN uses_limit")
    sync(coupons, connection, mode="full")
    assert difference(connection, coupons) == []


def test_tables_of_other_programs_are_left_alone(coupons: Client, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE coupons AS SELECT 1 AS mine")
    with pytest.raises(ValueError, match=r"^invalid connection: another program made .*; hint: select another schema"):
        sync(coupons, connection)
    assert rows(connection, "SHOW TABLES") == [("coupons",)]
    connection.execute("CREATE SCHEMA ecwid; USE ecwid")
    fill(coupons)
    assert sync(coupons, connection)[0].error is None
    assert rows(connection, "SELECT count(*) FROM ecwid.current_coupons") == [(3,)]
    assert rows(connection, "SELECT * FROM main.coupons") == [(1,)]


def test_a_sync_of_another_connection_is_noticed(
    sandbox: Sandbox, coupons: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(coupons)
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as connection:
        sync(coupons, connection)
        coupons.delete("C-0")
        changes = coupons.changes
        other = connection.cursor()

        def slow(*arguments: Any, **named: Any) -> Any:
            # The other sync ends while this one reads the changes.
            monkeypatch.setattr(Client, "changes", lambda _self, *given, **rest: changes(*given, **rest))
            assert sync(coupons, other)[0].error is None
            return changes(*arguments, **named)

        monkeypatch.setattr(Client, "changes", lambda _self, *given, **rest: slow(*given, **rest))
        (summary,) = sync(coupons, connection)
        assert isinstance(summary.error, SyncError)
        assert "another sync has changed the copy" in str(summary.error)
        assert difference(connection, coupons) == []


def test_a_transaction_of_the_caller_is_refused(coupons: Client, connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    with pytest.raises(duckdb.Error, match="transaction"):
        sync(coupons, connection)


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"mode": "partial"}, ValueError, "invalid mode: `'partial'`"),
        ({"max_delete": 2}, ValueError, r"invalid max_delete: `2` \(expected a number from 0 to 1\)"),
        ({"max_delete": float("nan")}, ValueError, "invalid max_delete"),
        ({"max_delete": "20%"}, TypeError, "invalid max_delete"),
        ({"concurrency": 0}, ValueError, "invalid concurrency: `0`"),
        ({"concurrency": True}, TypeError, "invalid concurrency"),
        ({"refresh_every": -1}, ValueError, "invalid refresh_every: `-1`"),
        ({"refresh_every": "daily"}, TypeError, "invalid refresh_every"),
        (
            {"stores": 5},
            TypeError,
            r"invalid stores: `5` \(expected a client, or an iterable or a mapping of clients\)",
        ),
        ({"stores": ["main"]}, TypeError, "invalid stores: `'main'`"),
    ],
)
def test_an_invalid_argument_is_refused(
    coupons: Client,
    connection: duckdb.DuckDBPyConnection,
    given: dict[str, Any],
    error: type[Exception],
    match: str,
) -> None:
    with pytest.raises(error, match=match):
        sync(**{"stores": coupons, "connection": connection, **given})
    assert rows(connection, "SHOW TABLES") == []


def test_two_clients_of_a_store_are_refused(
    sandbox: Sandbox, coupons: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    with sandbox.client() as twin, pytest.raises(ValueError, match="two clients of the store `1003`"):
        sync([coupons, twin], connection)
    with pytest.raises(TypeError, match="expected clients of the class Client"):
        sync([AsyncClient(1003, "secret_1")], connection)  # type: ignore[list-item]
    assert sync([], connection) == []


CTRL_C = """
import signal, sys, threading
sys.path.insert(0, sys.argv[1])
import duckdb
from ecwid_coupons import Client, sync
from page_server import PageServer, numbered_pages

held = threading.Event()

def page(offset, limit):
    if offset > 1_500:
        held.set()
        threading.Event().wait(60)
    return numbered_pages(2_000)(offset, limit)

def interrupt():
    held.wait(20)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

connection = duckdb.connect()
with PageServer(page) as server:
    clients = [Client(1003 + number, "secret_x", base_url=server.base_url) for number in range(int(sys.argv[2]))]
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        sync(clients, connection)
    except KeyboardInterrupt:
        print("interrupted", *connection.execute("select count(*) from coupons").fetchall())
        print("state", *connection.execute("select count(*) from sync_state").fetchall(), flush=True)
    import os
    os._exit(0)  # the server's threads wait
"""


@pytest.mark.skipif("sys.platform == 'win32'", reason="a thread gets no signals on this system")
@pytest.mark.parametrize("stores", [1, 3])
def test_ctrl_c_ends_a_sync(run: Run, stores: int) -> None:
    result = run.result(CTRL_C, str(Path(__file__).parent), str(stores), timeout=30)
    assert result.stdout == "interrupted (0,)\nstate (0,)\n", result.stderr


class Interrupted:
    """A connection that is interrupted by Ctrl-C in the first statement that stores coupons."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *given: Any) -> Any:
        if not statement.startswith("INSERT INTO ecwid_staged"):
            return self._connection.execute(statement, *given)
        signals = (threading.main_thread().ident, signal.SIGINT)
        threading.Timer(0.3, signal.pthread_kill, signals).start()
        return self._connection.execute("SELECT count(*) FROM range(2_000_000) AS a, range(100_000) AS b").fetchall()


@pytest.mark.skipif("sys.platform == 'win32'", reason="a thread gets no signals on this system")
def test_ctrl_c_during_a_statement_ends_a_sync(coupons: Client, connection: duckdb.DuckDBPyConnection) -> None:
    fill(coupons)
    with pytest.raises(KeyboardInterrupt):
        sync(coupons, Interrupted(connection))  # type: ignore[arg-type]
    assert rows(connection, "SELECT * FROM sync_state") == []
    assert sync(coupons, connection)[0].coupons == 3


def test_copies_follow_random_changes(
    sandbox: Sandbox, coupons: Client, outlet: Client, connection: duckdb.DuckDBPyConnection
) -> None:
    draw = random.Random(18)
    sandbox.set_time(START)
    for step in range(120):
        client = draw.choice([coupons, outlet])
        codes = [coupon.code for coupon in client.search()]
        match draw.choice(["create", "create", "update", "delete", "order", "time", "sync", "failed sync"]):
            case "create":
                client.create(NewCoupon.percent(f"Coupon {step}", f"C-{step}", 10, expiration_date="2026-02-01"))
            case "update" if codes:
                client.update(draw.choice(codes), discount=draw.randrange(1, 90))
            case "delete" if codes:
                client.delete(draw.choice(codes))
            case "order" if client is coupons and codes:
                sandbox.place_order([OrderItem(1, 10)], coupon_code=draw.choice(codes))
            case "time":
                sandbox.advance(timedelta(hours=draw.randrange(1, 40)))
            case "sync":
                mode = draw.choice(["auto", "full", "incremental"])
                assert [it.error for it in sync([coupons, outlet], connection, mode=mode, max_delete=1)] == [None] * 2
                volatile = "" if mode == "full" else "status order_count"
                for it in (coupons, outlet):
                    assert difference(connection, it, without=volatile) == [], (step, mode)
            case "failed sync":
                sandbox.add_fault(Status(418), operations=["search_discount_coupons"], probability=0.5, seed=step)
                sync([coupons, outlet], connection, max_delete=1)
                sandbox.clear_faults()
    assert [it.error for it in sync([coupons, outlet], connection, mode="full", max_delete=1)] == [None, None]
    for it in (coupons, outlet):
        assert difference(connection, it) == []
        deleted = f"SELECT count(*) FROM coupons WHERE store_id = {it.store_id} AND deleted_at IS NOT NULL"
        assert rows(connection, deleted)[0][0] > 0


def test_the_recipe_runs(sandbox: Sandbox, coupons: Client, outlet: Client, tmp_path: Path) -> None:
    tokens = {"main": (1003, sandbox.token), "outlet": (1004, OTHER_TOKEN), "lost": (1005, "secret_wrong_token")}
    config = "".join(
        f"[stores.{name}]\nstore-id = {store}\ntoken-env = 'TOKEN_{store}'\nbase-url = '{sandbox.base_url}'\n"
        for name, (store, _) in tokens.items()
    )
    (tmp_path / "config.toml").write_text(config)
    (tmp_path / "config.toml").chmod(0o600)
    environment = {f"TOKEN_{store}": token for store, token in tokens.values()}
    environment = {**os.environ, **environment, "ECWID_CONFIG": str(tmp_path / "config.toml")}
    fill(coupons, 3)
    fill(outlet, 2)

    def copy() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "ignore::RuntimeWarning", str(RECIPE)]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    first = copy()
    assert first.stdout == "main: 3 coupons, 3 new, 0 deleted\noutlet: 2 coupons, 2 new, 0 deleted\n"
    assert first.returncode == 1
    assert re.fullmatch(r"lost: get_latest_store_update_stats: 403 .*\n", first.stderr)
    assert "secret_wrong_token" not in first.stderr
    outlet.delete("C-0")
    assert copy().stdout.splitlines()[-1] == "outlet: 1 coupons, 0 new, 1 deleted"
    exported = duckdb.read_parquet(str(tmp_path / "coupons.parquet"))
    assert exported.aggregate("store_id, count(*)").order("store_id").fetchall() == [(1003, 3), (1004, 1)]
    assert dict(zip(exported.columns, map(str, exported.types), strict=True))["discount"] == "DECIMAL(38,9)"
    if os.name == "posix":
        for name in ("coupons.duckdb", "coupons.parquet"):
            assert (tmp_path / name).stat().st_mode & 0o077 == 0
