"""Jobs: many coupons with random codes, whose file continues after every interruption."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import pickle
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import Run
from ecwid_coupons import (
    Client,
    InvalidRequestError,
    InvalidRowsError,
    Job,
    JobDifference,
    JobError,
    JobReport,
    PaymentRequiredError,
)
from ecwid_coupons.testing import Latency, OrderItem, Sandbox, Status

TEN: dict[str, Any] = {"name": "Spring 10% OFF", "discount_type": "PERCENT", "discount": 10, "uses_limit": "SINGLE"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spring.job"


def people(count: int) -> list[dict[str, Any]]:
    return [{"email": f"p{row}@example.com", "name": f"P{row}"} for row in range(count)]


def assert_exactly(sandbox: Sandbox, report: JobReport, count: int) -> None:
    """Checks that the store has exactly the coupons of the report, with their ids."""
    reported = {row["code"]: row["id"] for row in report.to_dicts() if row["outcome"] == "created"}
    with sandbox.client() as coupons:
        stored = {coupon.code: coupon.id for coupon in coupons.search()}
    assert len(report) == len(reported) == count
    assert stored == reported


def refused_job(coupons: Any, path: Path, **changes: Any) -> Exception:
    """Returns the error of a job that is refused before anything is written."""
    arguments = {"pattern": "SPRING-[*]", "count": 3, **TEN, **changes}
    with pytest.raises((ValueError, TypeError)) as raised:
        coupons.issue(job=path, **arguments)
    assert not path.exists()
    assert not hasattr(raised.value, "__notes__")
    return raised.value


def test_recipients_get_codes(either: Any, sandbox: Sandbox, path: Path) -> None:
    file = io.StringIO()
    writer = csv.DictWriter(file, ["name", "email"])
    writer.writeheader()
    writer.writerows(people(1000))
    file.seek(0)
    told: list[tuple[int, int | None]] = []

    report = either.issue(
        "{name}-[*]",
        job=path,
        rows=csv.DictReader(file),
        progress=lambda done, total: told.append((done, total)),
        **TEN,
    )

    assert told == [(done, 1000) for done in range(1, 1001)]
    assert repr(report) == "<JobReport of 1000: 1000 created>"
    assert {name: count for name, count in report.counts.items() if count} == {"created": 1000}
    assert_exactly(sandbox, report, 1000)
    assert len(sandbox.received_requests()) < 40
    polars = report.to_polars()
    assert polars.columns == ["row", "code", "id", "outcome", "error", "name", "email"]
    assert polars.select("email", "name").to_dicts() == people(1000)
    assert polars["row"].to_list() == list(range(1000))
    assert polars["error"].null_count() == 1000
    starts = polars.select(pl.col("code").str.starts_with(pl.col("name") + "-")).to_series()
    assert starts.all()
    for table in (report.to_dicts(), report.to_arrow().to_pylist(), pl.DataFrame(report).to_dicts()):
        assert table == polars.to_dicts()
    pandas = report.to_pandas()
    assert pandas.drop(columns="error").to_dict("records") == polars.drop("error").to_dicts()
    assert pandas["error"].isna().all()
    with pytest.raises(ValueError, match="invalid dtype_backend: `'numpy'`"):
        report.to_pandas(dtype_backend="numpy")
    counted = duckdb.sql("select count(distinct email) from report")
    assert counted is not None
    assert counted.fetchall() == [(1000,)]
    assert "the first 20" in report._repr_html_()
    assert "p19@example.com" in report._repr_html_()
    with sandbox.client() as coupons:
        coupon = coupons.get(report.to_dicts()[0]["code"])
    assert (coupon.name, coupon.discount, coupon.uses_limit) == ("Spring 10% OFF", 10, "SINGLE")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sandbox.token.encode() not in path.read_bytes()


COLUMNS: dict[str, Any] = {"email": ["ann@example.com", None], "id": [9007199254740993, 7], "zip": ["00123", ""]}

TABLES: dict[str, Callable[[], Any]] = {
    "polars": lambda: pl.DataFrame(COLUMNS),
    "pandas": lambda: pd.DataFrame(COLUMNS),
    "duckdb": lambda: duckdb.from_arrow(pa.table(COLUMNS)),
    "pyarrow": lambda: pa.table({**COLUMNS, "email": pa.array(COLUMNS["email"]).dictionary_encode()}),
    "dicts": lambda: [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
    "generator": lambda: iter(pl.DataFrame(COLUMNS).to_dicts()),
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_table_is_carried_unchanged(kind: str, coupons: Client, path: Path) -> None:
    report = coupons.issue("SPRING-[*]", job=path, rows=TABLES[kind](), **TEN)
    # The report has its own column `id`.
    assert report.to_polars().columns[5:] == ["email", "input_id", "zip"]
    assert report.to_polars().drop("row", "code", "id", "outcome", "error").rows() == [
        ("ann@example.com", "9007199254740993", "00123"),
        (None, "7", ""),
    ]


def problems(coupons: Client, path: Path, rows: Iterable[Any]) -> list[tuple[int | None, str | None, str]]:
    error = refused_job(coupons, path, count=None, rows=rows)
    assert isinstance(error, InvalidRowsError)
    return list(error.problems)


def test_all_problems_of_rows_are_reported(sandbox: Sandbox, coupons: Client, path: Path) -> None:
    integer = "(expected a string, an integer or None; hint: convert it to a string)"
    found = problems(coupons, path, [{"email": "a"}, {"email": "b", "age": 1.5}, 17, {None: ["x"]}])
    assert found == [
        (1, "age", f"invalid value: `1.5` {integer}"),
        (2, None, "invalid row: `17` (expected a dict or other mapping)"),
        (3, None, "invalid name of a column: `None` (expected a string)"),
    ]
    frame = pd.DataFrame({"email": ["a", "b"], "customer": [1, None]})
    expected = "(expected a column of strings or integers; hint: convert the column to strings)"
    assert problems(coupons, path, frame) == [(None, "customer", f"invalid type: `Float64` {expected}")]
    assert sandbox.received_requests() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "the template of the coupons: name: "),
        ({"discount": "ten"}, "invalid discount: `'ten'`"),
        ({"pattern": "A-[0]"}, "invalid pattern: `A-[0]`: the length `0` at character 3"),
        ({"pattern": "SPRING"}, "the pattern `SPRING` has no random part"),
        ({"pattern": "{email}-[*]"}, "row 0, counted from 0: the pattern needs the column `email`"),
        ({"pattern": "A-[4]", "count": 10_000}, "with 10 random places); hint: use a longer pattern"),
        ({"count": None, "rows": []}, "the job has no coupons"),
        ({"rows": people(3)}, "expected one of them"),
        ({"count": None}, "expected one of them"),
        ({"count": 1_000_001}, "invalid count: `1000001` (expected an integer from 1 to 1000000)"),
    ],
)
def test_a_refused_plan_writes_and_sends_nothing(
    either: Any, sandbox: Sandbox, path: Path, changes: dict[str, Any], message: str
) -> None:
    assert message in str(refused_job(either, path, **changes))
    assert list(path.parent.iterdir()) == []
    assert sandbox.received_requests() == []


def test_guessable_codes_can_be_allowed(coupons: Client, path: Path) -> None:
    report = coupons.issue("A-[4]", job=path, count=10, allow_guessable=True, **TEN)
    assert all(len(row["code"]) == len("A-") + 4 for row in report.to_dicts())
    error = refused_job(coupons, path.with_name("other.job"), pattern="A-[4]", count=10)
    assert isinstance(error, InvalidRequestError)
    assert error.hint is not None
    assert "allow_guessable=True" in error.hint


# The second batch hangs at the store, so the job is under way when the signal comes.
HANGS = Latency(milliseconds=600_000)

INTERRUPTED = """
import sys, traceback
from ecwid_coupons import Client

coupons = Client(1003, sys.argv[2], base_url=sys.argv[1], timeout=600, deadline=600)
try:
    coupons.issue("SPRING-[*]", job=sys.argv[3], count=700, name="Spring")
except KeyboardInterrupt:
    traceback.print_exc(file=sys.stdout)
"""


def wait_for_fault(sandbox: Sandbox) -> None:
    """Waits until the last fault has fired."""
    for _ in range(100_000):
        if sandbox.faults()[-1].fired:
            return
    raise AssertionError("the fault did not fire")


@contextmanager
def killed_on_failure(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        process.kill()
        raise


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send another one Ctrl-C")
def test_ctrl_c_leaves_a_job_that_can_be_continued(sandbox: Sandbox, coupons: Client, path: Path) -> None:
    sandbox.add_fault(HANGS, operations=["create_batch_request"], skip=1)
    command = [sys.executable, "-W", "ignore", "-c", INTERRUPTED, sandbox.base_url, sandbox.token, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, killed_on_failure(process):
        wait_for_fault(sandbox)
        with pytest.raises(JobError, match=rf"another process \({process.pid}\) runs the job `.*`; hint: ") as raised:
            coupons.resume(path)
        assert raised.value.path == str(path)
        assert not hasattr(raised.value, "__notes__")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert output.splitlines()[-1] == f"the job can be continued: coupons.resume({str(path)!r})"
    sandbox.clear_faults()
    status = Job(path).status()
    assert (status.rows, status.is_complete, status.counts["created"]) == (700, False, 1)
    planned = [row["code"] for row in Job(path).report().to_dicts()]

    told: list[int] = []
    report = coupons.resume(path, progress=lambda done, _total: told.append(done))

    assert told == list(range(2, 701))
    assert_exactly(sandbox, report, 700)
    assert [row["code"] for row in report.to_dicts()] == planned
    assert Job(path).status().is_complete
    before = len(sandbox.received_requests())
    assert len(coupons.resume(path)) == 700
    assert len(sandbox.received_requests()) == before


def test_an_exception_of_progress_leaves_a_job_that_can_be_continued(either: Any, sandbox: Sandbox, path: Path) -> None:
    def progress(done: int, _total: int | None) -> None:
        if done == 300:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        either.issue("SPRING-[*]", job=path, count=700, progress=progress, **TEN)
    assert raised.value.__notes__ == [f"the job can be continued: coupons.resume({str(path)!r})"]
    assert_exactly(sandbox, either.resume(path), 700)


def test_a_canceled_job_can_be_continued_at_once(sandbox: Sandbox, path: Path) -> None:
    async def main() -> JobReport:
        sandbox.add_fault(HANGS, operations=["create_batch_request"], skip=1)
        async with sandbox.async_client() as coupons:
            task = asyncio.create_task(coupons.issue("SPRING-[*]", job=path, count=700, **TEN))
            await asyncio.to_thread(wait_for_fault, sandbox)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            assert "coupons.resume(" in raised.value.__notes__[0]
            sandbox.clear_faults()
            return await coupons.resume(path)

    assert_exactly(sandbox, asyncio.run(main()), 700)


def test_a_failed_request_keeps_its_class(either: Any, sandbox: Sandbox, path: Path) -> None:
    sandbox.add_fault(Status(402), operations=["create_batch_request"])
    with pytest.raises(PaymentRequiredError) as raised:
        either.issue("SPRING-[*]", job=path, count=3, **TEN)
    assert raised.value.__notes__ == [f"the job can be continued: coupons.resume({str(path)!r})"]
    sandbox.clear_faults()
    # The store does not repeat such a request by itself.
    sandbox.add_fault(Status(408), operations=["create_discount_coupon"])
    with pytest.raises(Exception, match="408") as failed:
        either.resume(path)
    assert failed.value.__notes__[0] == "the number of coupons that could not be created in three attempts: 3"
    sandbox.clear_faults()
    assert_exactly(sandbox, either.resume(path), 3)


def test_refused_rows_are_in_the_report(coupons: Client, sandbox: Sandbox, path: Path) -> None:
    sandbox.add_fault(Status(400, code="WRONG_PARAMETER"), operations=["create_discount_coupon"], times=1)
    report = coupons.issue("SPRING-[*]", job=path, rows=people(3), **TEN)
    assert (report.counts["created"], report.counts["refused"]) == (2, 1)
    refused = report.to_dicts()[0]
    assert (refused["id"], refused["outcome"], refused["email"]) == (None, "refused", "p0@example.com")
    assert "400" in refused["error"]
    assert Job(path).status().is_complete


def test_a_file_that_is_not_usable_is_named(coupons: Client, sandbox: Sandbox, path: Path) -> None:
    coupons.issue("SPRING-[*]", job=path, count=2, **TEN)
    with pytest.raises(JobError, match="it exists already") as exists:
        coupons.issue("SPRING-[*]", job=path, count=2, **TEN)
    assert not hasattr(exists.value, "__notes__")
    text = path.with_name("text")
    text.write_text("no job")
    missing = path.with_name("missing.job")
    not_a_job = "is not a job file: .*; hint: pass a file that `issue` made"
    for file, message in ((text, not_a_job), (missing, "cannot use")):
        for call in (coupons.resume, lambda it: Job(it).status(), lambda it: Job(it).report()):
            with pytest.raises(JobError, match=message) as raised:
                call(file)
            assert raised.value.path == str(file)
            assert str(file) in str(raised.value)
            again = pickle.loads(pickle.dumps(raised.value))
            assert (type(again), str(again), vars(again)) == (JobError, str(raised.value), vars(raised.value))
    assert text.read_text() == "no job"
    assert not missing.exists()
    sandbox.add_token(1004, "secret_other")
    with Client(1004, "secret_other", base_url=sandbox.base_url) as other:
        for of_store in (other.resume, lambda it: Job(it).undo(other), lambda it: Job(it).verify(other)):
            with pytest.raises(JobError, match=r"is for store 1003 at .* and not for store 1004 at .*; hint: use"):
                of_store(path)


def test_another_call_of_the_process_is_named(sandbox: Sandbox, coupons: Client, path: Path) -> None:
    def resume(done: int, _total: int | None) -> None:
        with pytest.raises(JobError, match=rf"another part of this process \({os.getpid()}\) runs the job"):
            Job(path).status()

    coupons.issue("SPRING-[*]", job=path, count=1, progress=resume, **TEN)
    assert Job(path).status().is_complete


def test_unused_coupons_are_undone(sandbox: Sandbox, coupons: Client, path: Path) -> None:
    codes = [row["code"] for row in coupons.issue("SPRING-[*]", job=path, count=600, **TEN).to_dicts()]
    sandbox.place_order([OrderItem(1, 50)], coupon_code=codes[7])
    coupons.update(codes[8], discount=99)
    job = Job(str(path))
    assert repr(job) == f"Job({str(path)!r})"
    changed = [JobDifference(8, codes[8], "`discount` is 99 (created: 10)")]
    assert job.verify(coupons) == changed

    async def verify() -> list[JobDifference]:
        async with sandbox.async_client() as twin:
            return await job.verify(twin)

    assert asyncio.run(verify()) == changed

    def fail(done: int, total: int | None) -> None:
        raise ZeroDivisionError(done, total)

    with pytest.raises(ZeroDivisionError) as raised:
        job.undo(coupons, progress=fail)
    assert raised.value.args == (500, 600)
    assert raised.value.__notes__ == [f"the job can be continued: Job({str(path)!r}).undo(coupons)"]
    told: list[tuple[int, int | None]] = []

    async def undo() -> list[tuple[str, str]]:
        async with sandbox.async_client() as twin:
            return [*await job.undo(twin, progress=lambda done, total: told.append((done, total)))]

    assert asyncio.run(undo()) == [(codes[7], "1 order used it")]
    assert told[-1] == (600, 600)
    assert [coupon.code for coupon in coupons.search()] == [codes[7]]
    counts = job.status().counts
    assert (counts["undone"], counts["created"]) == (599, 1)
    undone = [row["code"] for row in job.report().to_dicts() if row["outcome"] == "undone"]
    assert undone == [code for code in codes if code != codes[7]]
    # Repeated, it finds the same.
    assert job.undo(coupons) == [(codes[7], "1 order used it")]


def test_threads_run_several_jobs_with_one_client(sandbox: Sandbox, coupons: Client, tmp_path: Path) -> None:
    def issue(thread: int) -> JobReport:
        return coupons.issue("SPRING-[*]", job=tmp_path / f"{thread}.job", count=100, **TEN)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(issue, range(4)))
    assert [report.counts["created"] for report in reports] == [100] * 4
    assert coupons.search().count() == 400


def test_many_jobs_at_once_in_asyncio(sandbox: Sandbox, tmp_path: Path) -> None:
    async def main() -> list[JobReport]:
        async with sandbox.async_client() as coupons:
            jobs = [coupons.issue("SPRING-[*]", job=tmp_path / f"{job}.job", count=100, **TEN) for job in range(4)]
            return await asyncio.gather(*jobs)

    assert [report.counts["created"] for report in asyncio.run(main())] == [100] * 4


FORK = """
import os, sys, threading
from ecwid_coupons import Client, Job, JobError

url, token, path = sys.argv[1:]
coupons = Client(1003, token, base_url=url, timeout=600, deadline=600)
coupons.search().count()
forked = threading.Event()

def progress(done, total):
    # The other thread runs the job meanwhile.
    if done == 1:
        under_way.set()
        forked.wait(60)

under_way = threading.Event()
thread = threading.Thread(target=lambda: coupons.issue("A-[*]", job=path, count=300, name="A", progress=progress))
thread.start()
under_way.wait(60)
child = os.fork()
if child == 0:
    try:
        try:
            coupons.resume(path)
        except JobError as error:
            assert f"another process ({os.getppid()}) runs the job" in str(error), error
        else:
            sys.exit(1)
        assert len(coupons.issue("B-[*]", job=path + "2", count=300, name="B")) == 300
        assert Job(path + "2").status().is_complete
    except BaseException:
        import traceback
        traceback.print_exc()
        os._exit(1)
    sys.exit(7)
exited = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
forked.set()
thread.join()
print(exited, Job(path).status().counts["created"], coupons.search().count())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_child_runs_its_own_jobs(run: Run, sandbox: Sandbox, path: Path) -> None:
    assert run(FORK, sandbox.base_url, sandbox.token, str(path)).split() == ["7", "300", "600"]


def test_a_closed_client_refuses_a_job(either: Any, path: Path) -> None:
    either.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        either.issue("SPRING-[*]", job=path, count=2, **TEN)
    assert not path.exists()
