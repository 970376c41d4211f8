"""`Search.stream`: constant memory, errors, and Ctrl-C."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run
from ecwid_coupons import APITimeoutError, AsyncClient, Client, DecodeError, PermissionDeniedError
from page_server import PageServer, numbered_pages


def client(server: PageServer, **settings: Any) -> Client:
    return Client(1003, "secret_stream", base_url=server.base_url, requests_per_minute=1_000_000, **settings)


def test_a_stream_equals_the_table_of_the_search() -> None:
    with PageServer(numbered_pages(2_500)) as server, client(server) as coupons:
        search = coupons.search()
        stream = search.stream(batch_size=1_000)
        table = pa.table(stream)
        assert table.equals(search.to_arrow())
        assert [len(batch) for batch in table.to_batches()] == [1090, 1089, 321]  # whole pages
        assert pl.DataFrame(stream).equals(search.to_polars())
        assert duckdb.sql("select count(*), sum(id) from stream").fetchall() == [(2_500, 2_500 * 2_501 // 2)]  # type: ignore[union-attr]
        floats = pa.table(search.stream(decimals="float64"))
        assert floats.schema.field("discount").type == pa.float64()
        assert pa.schema(stream) == table.schema  # type: ignore[arg-type]
        assert stream.error is None


def test_a_stream_sends_no_request_before_it_is_read() -> None:
    with PageServer(numbered_pages(10_000)) as server, client(server) as coupons:
        stream = coupons.search(prefetch=2).stream(batch_size=100)
        assert server.gets == []
        reader = pa.RecordBatchReader.from_stream(stream)
        assert len(next(iter(reader))) == 100
        asked = len(server.gets)
        assert asked <= 6, "no more than is asked for ahead"
        del reader


def test_an_empty_search_keeps_its_columns() -> None:
    with PageServer() as server, client(server) as coupons:
        table = pa.table(coupons.search().stream())
        assert (table.num_rows, table.schema) == (0, coupons.search().to_arrow().schema)


def test_a_stream_keeps_the_exception() -> None:
    def forbidden(offset: int, limit: int) -> tuple[int, str]:
        if offset > 500:
            raise PermissionError
        return numbered_pages(2_000)(offset, limit)

    with PageServer(forbidden) as server, client(server) as coupons:
        stream = coupons.search().stream(batch_size=1)
        reader = pa.RecordBatchReader.from_stream(stream)
        assert sum(len(reader.read_next_batch()) for _ in range(4)) >= 390, "what came before is handed on"
        with pytest.raises(Exception, match=r"search_discount_coupons: 403 Forbidden.*access scope") as raised:
            reader.read_all()
        assert isinstance(stream.error, PermissionDeniedError)
        assert str(stream.error) in str(raised.value)
        with pytest.raises(Exception, match="403 Forbidden"):
            pl.DataFrame(stream)


def test_an_error_names_the_coupon_that_does_not_fit() -> None:
    item = '{"id":7,"code":"LONG","discount":0.12345678901}'
    with PageServer(lambda _offset, _limit: (1, item)) as server, client(server) as coupons:
        stream = coupons.search().stream()
        with pytest.raises(Exception, match=r'invalid discount of the coupon 7 \("LONG"\): `0.12345678901`'):
            pa.table(stream)
        assert isinstance(stream.error, ValueError)
        assert not isinstance(stream.error, DecodeError)
        assert pa.table(coupons.search().stream(decimals="float64"))["discount"].to_pylist() == [0.12345678901]


def test_wrong_settings_are_refused() -> None:
    with PageServer() as server, client(server) as coupons:
        with pytest.raises(ValueError, match="batch_size: `0`"):
            coupons.search().stream(batch_size=0)
        with pytest.raises(ValueError, match="decimals: "):
            coupons.search().stream(decimals="float32")  # type: ignore[arg-type]


CTRL_C = """
import signal, sys, threading
sys.path.insert(0, sys.argv[1])
import pyarrow as pa
from ecwid_coupons import Client
from page_server import PageServer, numbered_pages

held, go_on = threading.Event(), threading.Event()

def page(offset, limit):
    # This page is requested only after the table has taken others, so the signal arrives while it waits.
    if offset > 1_500:
        held.set()
        go_on.wait(20)
    return numbered_pages(2_000)(offset, limit)

def interrupt():
    held.wait(20)
    signal.raise_signal(signal.SIGINT)

with PageServer(page) as server, Client(1003, "secret_x", base_url=server.base_url) as coupons:
    stream = coupons.search().stream(batch_size=100)
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        try:
            pa.table(stream)
        except pa.ArrowException:
            pass
        # Python raises it at the next check for signals, after the error of the consumer.
        for _ in range(1_000):
            pass
    except KeyboardInterrupt:
        print("interrupted")
    go_on.set()
    assert isinstance(stream.error, KeyboardInterrupt), stream.error
    print("ended")
"""


def test_ctrl_c_ends_a_stream(run: Run) -> None:
    # In a new process, because the exception can be raised anywhere after the consumer's error.
    result = run.result(CTRL_C, str(Path(__file__).parent), timeout=15)
    assert "ended" in result.stdout, result.stderr


def test_an_exception_of_a_signal_handler_ends_it(run: Run) -> None:
    program = """
import logging, os, signal, sys
sys.path.insert(0, sys.argv[1])
import pyarrow as pa
from ecwid_coupons import Client
from page_server import PageServer, numbered_pages
logging.basicConfig(level=logging.DEBUG, stream=open(os.devnull, "w"))

def time_out(number, frame):
    raise TimeoutError("time is over")

asked = []

def page(offset, limit):
    asked.append(offset)
    if len(asked) == 50:
        os.kill(os.getpid(), signal.SIGALRM)
    return numbered_pages(200_000)(offset, limit)

signal.signal(signal.SIGALRM, time_out)
with PageServer(page) as server:
    coupons = Client(1003, "secret_x", base_url=server.base_url, requests_per_minute=1_000_000)
    stream = coupons.search().stream(batch_size=100)
    try:
        pa.table(stream)
    except (pa.ArrowException, OSError) as error:
        print("time is over" in str(error), type(stream.error).__name__, len(asked) < 1_000)
"""
    assert run(program, str(Path(__file__).parent)).split() == ["True", "TimeoutError", "True"]


def test_a_deadline_is_a_timeout_error() -> None:
    go_on = threading.Event()

    def page(_offset: int, _limit: int) -> tuple[int, str]:
        go_on.wait(20)
        return 0, ""

    with PageServer(page) as server, client(server, deadline=0.2) as coupons:
        stream = coupons.search().stream()
        with pytest.raises(Exception, match=r"no complete response from .* within 0\.\d+ s"):
            pa.table(stream)
        go_on.set()
        assert isinstance(stream.error, APITimeoutError)


def test_an_async_search_returns_a_stream() -> None:
    import asyncio

    async def run() -> int:
        with PageServer(numbered_pages(1_000)) as server:
            async with AsyncClient(1003, "secret", base_url=server.base_url) as coupons:
                stream = coupons.search().stream()
                table = await asyncio.to_thread(pa.table, stream)
                return int(table.num_rows)

    assert asyncio.run(run()) == 1_000


WRITE = """
import sys
import pyarrow as pa, pyarrow.parquet as pq
from ecwid_coupons import Client

def most():
    # In MiB. The values of getrusage include the parent of this process.
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(status["VmHWM"].split()[0]) / 1024

base_url, path, how = sys.argv[1:]
client = Client(1003, "secret", base_url=base_url, requests_per_minute=1_000_000)
stream = client.search().stream()
before = most()
if how == "pyarrow":
    reader = pa.RecordBatchReader.from_stream(stream)
    with pq.ParquetWriter(path, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
else:
    import duckdb
    reader = pa.RecordBatchReader.from_stream(stream)
    duckdb.execute("set threads = 1")
    duckdb.execute("set enable_progress_bar = false")
    duckdb.execute(f"copy (from reader) to '{path}' (format parquet)")
print(before, most())
"""


def peak(count: int, how: str, path: Path) -> tuple[float, float]:
    """Returns the initial and the maximum memory in MiB of writing this number of coupons to a Parquet file."""
    with PageServer(numbered_pages(count)) as server:
        arguments = [sys.executable, "-c", WRITE, server.base_url, str(path), how]
        output = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=1_200).stdout
    written = pq.read_table(path, columns=["id"])["id"].to_numpy()
    assert len(written) == count
    assert (written == range(1, count + 1)).all()
    before, most = output.split()
    return float(before), float(most)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("how", ["pyarrow", "duckdb"])
def test_a_million_coupons_need_no_more_memory_than_a_hundred_thousand(how: str, tmp_path: Path) -> None:
    fewer = peak(100_000, how, tmp_path / "fewer.parquet")
    more = peak(1_000_000, how, tmp_path / "more.parquet")
    print(json.dumps({"how": how, "100,000": fewer, "1,000,000": more}))
    # 900,000 coupons in memory would be 130 MiB as Arrow data.
    assert more[1] - fewer[1] < 40
