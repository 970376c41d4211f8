"""`create_many`: all rows are checked first, each is created once, and the report has its outcome."""

from __future__ import annotations

import asyncio
import itertools
import json
import pickle
import signal
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from ecwid_coupons import (
    AsyncClient,
    Client,
    ConflictError,
    Coupon,
    CouponList,
    CreationReport,
    InvalidRequestError,
    InvalidRowsError,
    PermissionDeniedError,
    RowProblem,
)
from ecwid_coupons.testing import Sandbox
from page_server import PageServer
from servers import Response


def client(server: PageServer, **settings: Any) -> Client:
    return Client(1003, "secret_many", base_url=server.base_url, **settings)


def rows(count: int) -> list[dict[str, Any]]:
    return [{"name": "Thank you", "code": f"THANKS-{row}", "discount": 5} for row in range(count)]


WHEN = datetime(2030, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
SENT = {
    "name": "Für dich 🎁",
    "code": "A-1",
    "discountType": "PERCENT",
    "discount": Decimal("10.50"),
    "expirationDate": "2030-06-01 10:00:00 +0000",
    "totalLimit": Decimal(50),
    "repeatCustomerOnly": True,
    "catalogLimit": {"products": [1, 9007199254740993]},
    "shippingLimit": {"shippingMethods": ["18-86"]},
}

COLUMNS: dict[str, Any] = {
    "name": ["Für dich 🎁", "Bare"],
    "code": ["A-1", "B-2"],
    "discount_type": ["PERCENT", None],
    "discount": [Decimal("10.50"), None],
    "expiration_date": [WHEN, None],
    "total_limit": [50.0, None],
    "repeat_customer_only": [True, None],
    "catalog_limit_products": [[1, 9007199254740993], None],
    "shippingLimit.shippingMethods": [["18-86"], None],
    "id": [7, 8],
    "creation_date": [WHEN, WHEN],
}


def arrow() -> pa.Table:
    return pa.table(COLUMNS)


def shuffled() -> pa.Table:
    """Returns the same table with other column types."""
    table = arrow()
    types = {
        "name": pa.large_string(),
        "code": pa.dictionary(pa.int8(), pa.string()),
        "discount_type": pa.string_view(),
        "discount": pa.string(),
        "expiration_date": pa.timestamp("ms", "Europe/Berlin"),
        "total_limit": pa.int16(),
        "catalog_limit_products": pa.large_list(pa.int64()),
    }
    for name, type_ in types.items():
        column = table[name]
        if pa.types.is_dictionary(type_):
            column = column.dictionary_encode().cast(type_)
        elif pa.types.is_string_view(type_):
            # Before version 25, pyarrow crashes if it exports a cast to this type.
            column = pa.chunked_array([pa.array(column.to_pylist(), type_)])
        else:
            column = column.cast(type_)
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def struct() -> pa.Table:
    """Returns the same table with a column of structs."""
    limits = pa.array([{"products": [1, 9007199254740993]}, None])
    return arrow().drop_columns(["catalog_limit_products"]).append_column("catalog_limit", limits)


def dicts() -> list[dict[str, Any]]:
    found = []
    for row in range(2):
        row_values = {name: values[row] for name, values in COLUMNS.items()}
        when = row_values["expiration_date"]
        found.append(row_values | {"expiration_date": when and when.astimezone(UTC)})
    return found


TABLES: dict[str, Callable[[], Any]] = {
    "polars": lambda: pl.DataFrame(arrow()),
    "pandas": lambda: arrow().to_pandas(),
    "pandas of arrow": lambda: arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": arrow,
    "record batch reader": lambda: arrow().to_reader(),
    "other types": shuffled,
    "structs": struct,
    "duckdb": lambda: duckdb.sql("select * from arrow_table"),
    "dicts": dicts,
    "generator": lambda: iter(dicts()),
}


def exact(sent: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(sent, default=float))
    return found


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_table_is_sent_unchanged(kind: str) -> None:
    arrow_table = arrow()  # noqa: F841 - DuckDB finds it by its name
    table: Any = duckdb.sql("select * from arrow_table") if kind == "duckdb" else TABLES[kind]()
    with PageServer() as server, client(server) as coupons:
        report = coupons.create_many(table)
    assert [row.outcome for row in report] == ["created", "created"]
    first, second = sorted(server.posts, key=lambda body: body["code"])
    assert first == exact(SENT)
    assert second == {"name": "Bare", "code": "B-2"}


def test_found_coupons_can_be_created_with_other_codes() -> None:
    page = json.dumps(
        {
            "id": 1,
            "code": "OLD",
            "status": "ACTIVE",
            "creationDate": "2024-01-01 00:00:00 +0000",
            "updateDate": "2024-01-01 00:00:00 +0000",
            **exact(SENT),
            "loyalty": {"points": 2},
        }
        | {"code": "OLD"}
    )
    wanted = {**exact(SENT), "status": "ACTIVE", "loyalty": {"points": 2}}
    with PageServer(lambda _offset, _limit: (1, page)) as server, client(server) as coupons:
        found = coupons.search()
        coupons.create_many(found.to_polars().with_columns(code=pl.lit("P")))
        coupons.create_many(found.to_pandas().assign(code="D"))
        coupons.create_many([{**found.collect()[0].to_dict(), "code": "T"}])
        coupons.create_many(found.collect())  # for example, to copy coupons to another store
        coupons.create_many(iter([Coupon.from_json(page.replace("OLD", "C"))]))
        assert len(coupons.create_many(found, existing="accept")) == 1
    sent = server.posts[:5]
    assert [body.pop("code") for body in sent] == ["P", "D", "T", "OLD", "C"]
    assert all(body == {name: wanted[name] for name in wanted if name != "code"} for body in sent)


def problems(table: Any) -> list[tuple[int | None, str | None, str]]:
    with PageServer() as server, client(server) as coupons:
        with pytest.raises(InvalidRowsError) as raised:
            coupons.create_many(table)
        assert server.posts == []
    return list(raised.value.problems)


def test_all_problems_of_all_rows_are_reported() -> None:
    found = problems(
        [
            {"name": "Name", "code": "Zoë"},
            {"code": "B", "discount": "ten", "expiration_date": datetime(2030, 1, 1), "color": "red"},
            {"name": 5, "code": "ZOË", "repeat_customer_only": "yes", "catalog_limit": {"products": ["x"]}},
            17,
            {"name": "Name", "code": " ", "catalog_limit_products": []},
            {"name": "Name", "code": "D", "discountType": "ABS", "discount_type": "ABS", "order_count": 1.5},
            {"name": "Name", "code": "E", "expiration_date": "31.12.2030", "discount": True, "extra": {"code": "F"}},
        ]
    )
    assert [(row, column) for row, column, _ in found] == [
        (1, "discount"),
        (1, "expiration_date"),
        (1, "color"),
        (1, "name"),
        (2, "name"),
        (2, "repeat_customer_only"),
        (2, "catalog_limit"),
        (2, "code"),
        (3, None),
        (3, "name"),
        (3, "code"),
        (4, "code"),
        (4, "catalog_limit"),
        (5, "discount_type"),
        (5, "order_count"),
        (6, "expiration_date"),
        (6, "discount"),
        (6, "extra"),
    ]
    texts = {(row, column): text for row, column, text in found}
    assert "has no time zone" in texts[1, "expiration_date"]
    assert "row 0 has it too" in texts[2, "code"]
    assert "unknown field (expected one of name, code, discount_type," in texts[1, "color"]
    assert "invalid value: `'ten'` (expected a Decimal" in texts[1, "discount"]


def test_a_problem_of_a_column_is_reported_once() -> None:
    frame = pl.DataFrame(
        {
            "code": ["A", "a", None],
            "launch_date": [datetime(2030, 1, 1)] * 3,
            "discount": [True] * 3,
            "color": ["red"] * 3,
            "catalog_limit_products": [1, 2, 3],
            "total_limit": [1.5, float("nan"), None],
        }
    )
    found = problems(frame)
    assert [(row, column) for row, column, _ in found] == [
        (None, "launch_date"),
        (None, "discount"),
        (None, "color"),
        (None, "catalog_limit_products"),
        (0, "name"),
        (1, "total_limit"),
        (1, "name"),
        (1, "code"),
        (2, "name"),
        (2, "code"),
    ]
    assert "has no time zone" in found[0][2]
    assert found[5][2] == "the number is not finite"


def test_the_message_shows_some_problems_and_the_error_has_all() -> None:
    with PageServer() as server, client(server) as coupons, pytest.raises(InvalidRowsError) as raised:
        coupons.create_many([{"code": f"C{row}"} for row in range(500)])
    error = raised.value
    assert isinstance(error, InvalidRequestError)
    assert isinstance(error, ValueError)
    assert len(error.problems) == 500
    begin = "invalid rows: 500 problems in 500 rows, counted from 0; no request was sent:\n  row 0: `name` is missing\n"
    assert str(error).startswith(begin)
    assert str(error).endswith("and 480 more, in `problems`")
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert isinstance(again.problems[0], RowProblem)
    assert not hasattr(error, "report")


@pytest.mark.parametrize("wrong", [{"name": "A", "code": "B"}, "text", b"bytes", 5, None, Coupon(name="A", code="B")])
def test_invalid_rows_are_refused(wrong: Any) -> None:
    with (
        PageServer() as server,
        client(server) as coupons,
        pytest.raises(TypeError, match=r"^invalid rows: .* \(expected a table"),
    ):
        coupons.create_many(wrong)


def test_arguments_are_checked() -> None:
    with PageServer() as server, client(server) as coupons:
        with pytest.raises(ValueError, match='expected "error" or "accept"'):
            coupons.create_many(rows(1), existing="ignore")  # type: ignore[arg-type]
        report = CreationReport()
        coupons.create_many(rows(1), report=report)
        with pytest.raises(ValueError, match="the report belongs to another run"):
            coupons.create_many(rows(2), report=report)
    assert len(server.posts) == 1


def test_no_rows_are_an_empty_report() -> None:
    with PageServer() as server, client(server) as coupons:
        schema = {"name": pl.String, "code": pl.String}
        nothings: tuple[Any, ...] = ([], pl.DataFrame(), pl.DataFrame(schema=schema), CouponList.from_json("[]"))
        for nothing in nothings:
            report = coupons.create_many(nothing)
            assert (len(report), report.is_complete, list(report)) == (0, True, [])
            columns = ["row", "id", "code", "outcome", "status", "order_count", "error", "may_have_taken_effect"]
            assert report.to_polars().columns == columns


def test_a_run_can_be_repeated() -> None:
    with PageServer() as server, client(server) as coupons:
        coupons.create(**rows(9)[3])
        coupons.create(**rows(9)[5] | {"discount": 99})
        report = coupons.create_many(rows(6))
        counts = {"created": 4, "recovered": 0, "already_exists": 0, "failed": 2, "in_flight": 0, "not_attempted": 0}
        assert report.counts == counts
        again = coupons.create_many(pl.DataFrame(rows(9)), existing="accept")
    assert [row.outcome for row in again] == ["already_exists"] * 5 + ["failed"] + ["created"] * 3
    failed = again[5]
    assert isinstance(failed.error, ConflictError)
    assert failed.error.differences[0].field == "discount"
    assert (failed.id, failed.code, failed.may_have_taken_effect) == (None, "THANKS-5", False)
    assert not again.is_complete
    assert again.stopped_by is None


def test_the_report_is_a_sequence_and_a_table() -> None:
    with PageServer() as server, client(server) as coupons:
        coupons.create(**rows(1)[0])
        report = coupons.create_many(rows(3), concurrency=1)
    assert repr(report) == "<CreationReport of 3: 2 created, 1 failed>"
    assert repr(report[1]) == (
        "CreationRow(row=1, id=2, code='THANKS-1', outcome='created', status=None, order_count=None, "
        "may_have_taken_effect=False, error=None)"
    )
    assert [row.row for row in report[1:]] == [1, 2]
    assert report[-1] == report[2] != report[1]
    again = report[0]
    assert again.error is not None
    assert again == report[0]
    assert (again != report[0]) is False
    assert (report.index(again), report.count(again), again in report) == (0, 1, True)
    assert (report.index(report[2]), report.count(report[2]), report[1] in report) == (2, 1, True)
    assert [row.row for row in reversed(report)] == [2, 1, 0]
    with pytest.raises(IndexError):
        report[3]
    expected = {
        "row": [0, 1, 2],
        "id": [None, 2, 3],
        "code": ["THANKS-0", "THANKS-1", "THANKS-2"],
        "outcome": ["failed", "created", "created"],
        "status": [None] * 3,
        "order_count": [None] * 3,
        "may_have_taken_effect": [False] * 3,
    }
    for table in (
        report.to_arrow().to_pydict(),
        report.to_polars().to_dict(as_series=False),
        pl.DataFrame(report).to_dict(as_series=False),
    ):
        assert "the code is taken" in table.pop("error")[0]
        assert table == expected
    assert report.to_pandas()["code"].tolist() == expected["code"]
    counted = duckdb.sql("select outcome, count(*) from report group by 1 order by 1")
    assert counted is not None
    assert counted.fetchall() == [("created", 2), ("failed", 1)]


def forbid_after(count: int) -> PageServer:
    server = PageServer()

    def create(coupon: dict[str, Any]) -> Response:
        return server.store(coupon) if len(server.posts) <= count else Response(403, '{"errorMessage":"No."}')

    server._create = create
    return server


def test_a_token_without_the_scope_stops_the_run() -> None:
    with forbid_after(0) as server, client(server) as coupons:
        report = coupons.create_many(rows(1000))
    assert len(server.posts) == 1
    assert report.counts["not_attempted"] == 999
    assert isinstance(report.stopped_by, PermissionDeniedError)
    assert not report.is_complete


def test_progress_is_called_after_each_row() -> None:
    told: list[tuple[int, int | None]] = []
    with PageServer() as server, client(server) as coupons:
        coupons.create_many(rows(30), progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 30) for done in range(1, 31)]


def test_an_exception_of_progress_ends_the_run_and_leaves_the_report() -> None:
    def progress(done: int, _total: int | None) -> None:
        if done == 3:
            raise ZeroDivisionError

    report = CreationReport()
    with PageServer() as server, client(server) as coupons, pytest.raises(ZeroDivisionError) as raised:
        coupons.create_many(rows(100), concurrency=1, progress=progress, report=report)
    assert report.counts["created"] == 3
    assert report.counts["not_attempted"] >= 96
    assert "3 created" in raised.value.__notes__[0]


class Held:
    """A server that responds to the first creates and holds the others until it is released."""

    def __init__(self, responded: int) -> None:
        self.go_on, self.held = threading.Event(), threading.Event()
        self.server = PageServer(create=self._create)
        self._responded = responded
        self._asked = itertools.count()

    def _create(self, coupon: dict[str, Any]) -> Response:
        # Counts here, because two concurrent requests would read the same number of posts.
        if next(self._asked) >= self._responded:
            self.held.set()
            self.go_on.wait(20)
        return self.server.store(coupon)


def test_ctrl_c_leaves_the_report() -> None:
    held = Held(5)

    def interrupt() -> None:
        held.held.wait(20)
        signal.raise_signal(signal.SIGINT)

    report = CreationReport()
    with held.server as server, client(server) as coupons:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt) as raised:
            coupons.create_many(rows(50), concurrency=1, report=report)
        held.go_on.set()
    assert "5 created, 1 in_flight, 44 not_attempted" in raised.value.__notes__[0]
    counts = {"created": 5, "recovered": 0, "already_exists": 0, "failed": 0, "in_flight": 1, "not_attempted": 44}
    assert report.counts == counts
    assert report[5].may_have_taken_effect
    assert not report[6].may_have_taken_effect


def test_a_cancelled_run_leaves_its_report_and_can_be_repeated() -> None:
    async def run() -> tuple[dict[str, int], CreationReport]:
        held = Held(5)
        with held.server as server:
            async with AsyncClient(1003, "secret", base_url=server.base_url) as coupons:
                report = CreationReport()
                task = asyncio.create_task(coupons.create_many(rows(20), concurrency=2, report=report))
                await asyncio.to_thread(held.held.wait, 20)
                # The response to the previous row may have been sent but not read.
                async with asyncio.timeout(20):
                    while report.counts["created"] < 5:  # noqa: ASYNC110 - it has no event
                        await asyncio.sleep(0.001)
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as raised:
                    await task
                assert "5 created" in raised.value.__notes__[0]
                # Reads the report before the server continues, because the calls end shortly after the task.
                known = report.counts
                held.go_on.set()
                return known, await coupons.create_many(rows(20), existing="accept")

    known, again = asyncio.run(run())
    assert known["created"] == 5
    assert 1 <= known["in_flight"] <= 2
    assert again.is_complete


def test_the_async_client_creates_many() -> None:
    async def run() -> None:
        with PageServer() as server:
            async with AsyncClient(1003, "secret", base_url=server.base_url) as coupons:
                report = await coupons.create_many(pl.DataFrame(rows(30)))
                assert report.is_complete
                assert len(report) == len(server.posts) == 30
                with pytest.raises(InvalidRowsError):
                    await coupons.create_many([{}])

    asyncio.run(run())


def test_dates_are_points_in_time() -> None:
    frame = pl.DataFrame(
        {
            "name": ["N"] * 2,
            "code": ["A", "B"],
            "launch_date": [date(2030, 1, 1), None],
            "expiration_date": [
                datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
                datetime(1970, 1, 1, tzinfo=UTC),
            ],
        }
    )
    with PageServer() as server, client(server) as coupons:
        coupons.create_many(frame, concurrency=1)
    assert [(body.get("launchDate"), body["expirationDate"]) for body in server.posts] == [
        ("2030-01-01 00:00:00 +0000", "2999-12-31 23:59:59 +0000"),
        (None, "1970-01-01 00:00:00 +0000"),
    ]


def test_progress_bars_work() -> None:
    import io

    from rich.progress import track
    from tqdm import tqdm

    out = io.StringIO()
    with PageServer() as server, client(server) as coupons, tqdm(total=12, file=out) as bar:
        report = coupons.create_many(rows(12), progress=lambda done, _total: bar.update(done - bar.n))
        assert bar.n == 12
    assert len(list(tqdm(report, file=out))) == 12
    assert "12/12" in out.getvalue()
    assert len(list(track(report, disable=True))) == 12


def test_many_rows_are_sent_in_batches(sandbox: Sandbox) -> None:
    with sandbox.client() as coupons:
        report = coupons.create_many(rows(600))
        assert report.counts["created"] == 600
        assert coupons.search().count() == 600
    assert len(sandbox.received_requests()) < 20
