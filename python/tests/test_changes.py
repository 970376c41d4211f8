"""`deleted`, `latest_stats` and `changes` of both clients."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from conftest import Run
from ecwid_coupons import (
    APIStatusError,
    Client,
    CouponList,
    CursorError,
    DeletedCoupon,
    DeletedCouponList,
    LatestStats,
    PermissionDeniedError,
)
from ecwid_coupons.testing import Sandbox, Status

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.fixture
def three(sandbox: Sandbox, coupons: Client) -> Client:
    """A store with three coupons that were created an hour ago."""
    sandbox.set_time(START)
    for code in ("A", "B", "C"):
        coupons.create(name=code, code=code, discount_type="PERCENT", discount="12.345")
    sandbox.advance(timedelta(hours=1))
    sandbox.clear_requests()
    return coupons


def codes(changes: Any) -> list[str]:
    return [coupon.code for change in changes if change.op == "upsert" for coupon in change.rows]


def gone(changes: Any) -> list[int]:
    return [deleted.id for change in changes if change.op == "delete" for deleted in change.rows]


def resources(sandbox: Sandbox) -> list[str]:
    return [request.target.partition("?")[0].rpartition("/")[2] for request in sandbox.received_requests()]


def test_deleted_coupons_are_a_sequence_and_a_table(sandbox: Sandbox, three: Client, either: Any) -> None:
    ids = {code: three.get(code).id for code in "AB"}
    three.delete("A")
    sandbox.advance(timedelta(days=1))
    three.delete("B")
    deleted = either.deleted()
    assert {it.id: it.date for it in deleted} == {
        ids["A"]: START + timedelta(hours=1),
        ids["B"]: START + timedelta(days=1, hours=1),
    }
    assert isinstance(deleted[0], DeletedCoupon)
    assert deleted[:] == deleted
    assert deleted[:1] != deleted
    assert repr(deleted[:1]) == f"<DeletedCouponList of 1: [{deleted[0]!r}]>"
    with pytest.raises(IndexError, match="deleted coupon index out of range: `2`"):
        deleted[2]
    table = pa.table(deleted)
    assert table.schema == pa.schema({"id": pa.int64(), "date": pa.timestamp("us", "UTC")})
    assert table.to_pylist() == [{"id": it.id, "date": it.date} for it in deleted]
    assert pl.DataFrame(deleted)["id"].to_list() == [it.id for it in deleted]
    assert duckdb.sql("select count(*) from deleted").fetchall() == [(2,)]


def test_the_time_limits_the_deleted_coupons(sandbox: Sandbox, three: Client, either: Any) -> None:
    three.delete("A")
    sandbox.advance(timedelta(days=1))
    last = three.get("B").id
    three.delete("B")
    assert [it.id for it in either.deleted(deleted_from="2026-01-02")] == [last]
    assert last not in [it.id for it in either.deleted(deleted_to=START + timedelta(hours=2))]
    assert len(either.deleted(deleted_from=int(START.timestamp()), deleted_to="2026-01-02")) == 2
    assert pa.table(either.deleted(deleted_to="2025-01-01")).num_rows == 0


def test_latest_stats_have_the_fields_of_the_document(three: Client, either: Any) -> None:
    stats = either.latest_stats()
    assert isinstance(stats, LatestStats)
    assert stats.discount_coupons_updated == START
    assert LatestStats.from_json(stats.to_json()) == stats
    three.update("A", name="Other")
    assert either.latest_stats().discount_coupons_updated == START + timedelta(hours=1)
    with pytest.raises(AttributeError):
        stats.discount_coupons_updated = None


def test_changes_are_read_from_a_cursor(sandbox: Sandbox, three: Client, either: Any) -> None:
    first = either.changes()
    assert sorted(codes(first)) == ["A", "B", "C"]
    assert first.is_complete
    assert first.as_of == START + timedelta(hours=1)
    assert json.loads(first.cursor)["store"] == sandbox.store_id
    sandbox.clear_requests()
    unchanged = either.changes(first.cursor)
    assert (codes(unchanged), unchanged.is_complete) == ([], False)
    assert resources(sandbox) == ["latest-stats"]

    three.update("B", name="Other")
    updated = either.changes(unchanged.cursor, mode="incremental")
    # The search goes back before the last change, because a store may show a change late.
    assert sorted(codes(updated)) == ["A", "B", "C"]
    sandbox.advance(timedelta(days=1))
    deleted = three.get("A").id
    three.delete("A")
    later = list(either.changes(updated.cursor, mode="incremental"))
    assert (codes(later), gone(later)) == (["B"], [deleted])
    assert [change.op for change in later] == ["upsert", "delete"]
    full = either.changes(unchanged.cursor, mode="full", deletions_if_complete=False)
    assert [change.op for change in full] == ["upsert"]
    assert full.is_complete
    assert gone(either.changes(unchanged.cursor)) == [deleted]


def test_parts_of_the_changes_are_tables(three: Client, either: Any) -> None:
    first = either.changes()
    (upserts,) = list(first)
    assert pa.table(upserts).equals(three.search().to_arrow())
    assert pa.table(upserts).schema == pa.table(CouponList.from_json("[]")).schema
    assert isinstance(upserts.rows, CouponList)
    assert repr(upserts) == "<Upserts of 3>"
    three.delete("A")
    deletions = list(either.changes(first.cursor, mode="incremental"))[-1]
    assert pa.table(deletions).equals(pa.table(three.deleted()))
    assert isinstance(deletions.rows, DeletedCouponList)
    assert repr(deletions) == "<Deletions of 1>"
    # DuckDB and Polars read only the schema first.
    assert pa.schema(deletions).names == ["id", "date"]
    assert pa.schema(upserts) == pa.table(upserts).schema


def test_all_coupons_are_read_again(sandbox: Sandbox, three: Client, either: Any) -> None:
    first = either.changes()
    list(first)
    cursor = json.loads(first.cursor)
    # The time is measured with the clock of this machine.
    old = json.dumps({**cursor, "complete": cursor["complete"] - 3700})
    assert codes(either.changes(old)) == []
    assert len(codes(either.changes(old, refresh_every=timedelta(hours=1)))) == 3
    assert len(codes(either.changes(old, refresh_every=3600))) == 3


def test_there_is_no_cursor_before_the_end(three: Client) -> None:
    changes = three.changes()
    for name in ("cursor", "is_complete", "as_of"):
        with pytest.raises(RuntimeError, match="iterate over them first"):
            getattr(changes, name)
    next(changes)
    assert changes.is_complete
    with pytest.raises(RuntimeError, match=r"^the changes have no cursor yet; hint: "):
        _ = changes.cursor
    assert next(changes, None) is None
    assert changes.cursor


def test_there_is_no_cursor_after_a_failure(sandbox: Sandbox, three: Client, either: Any) -> None:
    sandbox.add_fault(Status(403), operations=["search_discount_coupons"])
    changes = either.changes()
    with pytest.raises(PermissionDeniedError, match=r"^search_discount_coupons: 403"):
        list(changes)
    assert list(changes) == []
    with pytest.raises(RuntimeError, match="no cursor"):
        _ = changes.cursor


def test_a_failure_between_two_pages_is_raised(sandbox: Sandbox, coupons: Client, either: Any) -> None:
    coupons.create_many([{"name": "Ten", "code": f"C-{number}"} for number in range(150)])
    sandbox.add_fault(Status(418), operations=["search_discount_coupons"], skip=1)
    changes = either.changes()
    with pytest.raises(APIStatusError, match=r"^search_discount_coupons: 418"):
        list(changes)
    with pytest.raises(RuntimeError, match="no cursor"):
        _ = changes.cursor


def test_a_cursor_that_cannot_be_continued_is_refused(sandbox: Sandbox, three: Client, either: Any) -> None:
    first = either.changes()
    list(first)
    other = json.dumps({**json.loads(first.cursor), "store": 1004})
    with pytest.raises(
        CursorError, match=r"another store: `1004` \(expected `1003`\); hint: use a client of that store"
    ):
        list(either.changes(other))
    with pytest.raises(CursorError, match="unsupported version of a cursor: `2`"):
        either.changes(json.dumps({**json.loads(first.cursor), "version": 2}))
    sandbox.advance(timedelta(days=200))
    three.update("A", name="Other")
    with pytest.raises(CursorError, match=r"200 days.*; hint: pass no cursor"):
        list(either.changes(first.cursor, mode="incremental"))
    # A copy that finds missing coupons itself can continue.
    assert len(codes(either.changes(first.cursor, deletions_if_complete=False))) == 3


def test_closed_changes_end(three: Client) -> None:
    changes = three.changes()
    changes.close()
    list(changes)
    with pytest.raises(RuntimeError):
        _ = changes.cursor


def test_a_closed_client_reads_no_changes(three: Client, sandbox: Sandbox) -> None:
    three.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        three.changes()
    assert sandbox.received_requests() == []


FORK = """
import os, sys
from ecwid_coupons import Client

with Client(1003, sys.argv[2], base_url=sys.argv[1]) as coupons:
    changes = coupons.changes()
    next(changes)
    child = os.fork()
    if child == 0:
        try:
            next(changes)
        except RuntimeError as error:
            assert "the changes belong to the parent process" in str(error)
        changes.close()
        assert sum(len(change.rows) for change in coupons.changes()) == 3
        sys.exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert list(changes) == []
    print(changes.cursor)
"""


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')", reason="there is no fork on this system")
def test_a_forked_child_reads_its_own_changes(three: Client, sandbox: Sandbox, run: Run) -> None:
    assert '"store":1003' in run(FORK, sandbox.base_url, sandbox.token)


def test_the_server_error_of_the_probe_is_raised(sandbox: Sandbox, either: Any) -> None:
    sandbox.add_fault(Status(418), operations=["get_latest_store_update_stats"])
    with pytest.raises(APIStatusError, match=r"get_latest_store_update_stats: 418"):
        list(either.changes())
