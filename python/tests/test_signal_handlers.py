"""An exception of a signal handler ends a call, even if the call is busy and logs records."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from conftest import Run
from page_server import PageServer, numbered_pages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself a signal")

# None of these calls ends before the signal: the searches have more coupons than can be read before `run` gives up,
# and the report of `create_many` shows what was not attempted. None is a `while True` loop: if a `try` starts with
# one, Python 3.11 can raise the exception of a signal handler outside of the `try`.
CALLS = {
    "create_many": "coupons.create_many({'name': 'Many', 'code': f'{os.getpid()}-{next(run)}'} for _ in range(20_000))",
    "collect": "coupons.search().collect()",
    "to_dicts": "coupons.search().to_dicts()",
    "to_arrow": "coupons.search().to_arrow()",
    "iteration": "for coupon in coupons.search(): pass",
    "count": "for _ in run: coupons.search().count()",
    "create": "for number in run: coupons.create(name='One', code=f'{os.getpid()}-{number}')",
}

# The exception, the signal, its handler and the log level. `logging` suppresses a TimeoutError that is raised in it.
SIGNALS = {
    "SIGINT": ("KeyboardInterrupt", "signal.SIGINT", "signal.default_int_handler", "CRITICAL"),
    "SIGINT, logged": ("KeyboardInterrupt", "signal.SIGINT", "signal.default_int_handler", "DEBUG"),
    "SIGALRM, logged": ("TimeoutError", "signal.SIGALRM", "time_out", "DEBUG"),
}

PROGRAM = """
import itertools, logging, os, signal, subprocess, sys
from ecwid_coupons import Client

logging.basicConfig(level=logging.{level}, stream=open(os.devnull, "w"))

def time_out(number, frame):
    raise TimeoutError("time is over")

signal.signal({signal}, {handler})
run = itertools.count()
killer = '''
import os, sys, time
time.sleep(0.2)
os.kill(int(sys.argv[1]), int(sys.argv[2]))
'''
coupons = Client(1003, "secret_1", base_url=sys.argv[1], requests_per_minute=1_000_000_000)
for _ in range(3):
    command = [sys.executable, "-S", "-c", killer, str(os.getpid()), str(int({signal}))]
    process = subprocess.Popen(command)
    try:
        {call}
    except {exception} as error:
        print("ended")
        if (report := getattr(error, "report", None)) is not None:
            counts = report.counts
            assert counts["created"] and counts["not_attempted"], counts
            assert sum(counts.values()) == len(report) == 20_000, counts
    process.wait()
# The client is still usable.
assert coupons.search().count() == 1_000_000_000
"""


@pytest.fixture(scope="module")
def busy() -> Iterator[PageServer]:
    """A store that responds immediately."""
    with PageServer(numbered_pages(1_000_000_000)) as server:
        yield server


@pytest.mark.parametrize("kind", SIGNALS)
@pytest.mark.parametrize("call", CALLS)
def test_an_exception_of_a_signal_handler_ends_a_call(run: Run, busy: PageServer, call: str, kind: str) -> None:
    exception, number, handler, level = SIGNALS[kind]
    program = PROGRAM.replace("{level}", level).replace("{call}", CALLS[call])
    program = program.replace("{exception}", exception).replace("{signal}", number).replace("{handler}", handler)
    assert run(program, busy.base_url).split() == ["ended"] * 3


ASYNC = """
import asyncio, itertools, logging, os, signal, sys, threading, time
from ecwid_coupons import AsyncClient
logging.basicConfig(level=logging.DEBUG, stream=open(os.devnull, "w"))
run = itertools.count()

async def main(call):
    async with AsyncClient(1003, "secret_1", base_url=sys.argv[1], requests_per_minute=1_000_000_000) as coupons:
        threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
        await call(coupons)

async def iterate(coupons):
    async for coupon in coupons.search(): pass

rows = [{"name": "Many", "code": f"{os.getpid()}-{row}"} for row in range(20_000)]
for call in (lambda coupons: coupons.create_many(rows), lambda coupons: coupons.search().collect(), iterate):
    try:
        asyncio.run(main(call))
    except KeyboardInterrupt as error:
        notes = getattr(error.__context__, "__notes__", [])
        print("interrupted", any("CreationReport of 20000" in note for note in notes))
"""


def test_ctrl_c_ends_a_busy_call_in_asyncio(run: Run, busy: PageServer) -> None:
    output = run(ASYNC, busy.base_url).splitlines()
    assert output == ["interrupted True", "interrupted False", "interrupted False"]


def test_another_thread_continues(run: Run, busy: PageServer) -> None:
    program = """
import logging, os, signal, sys, threading
from ecwid_coupons import Client
logging.basicConfig(level=logging.DEBUG, stream=open(os.devnull, "w"))
coupons = Client(1003, "secret_1", base_url=sys.argv[1], requests_per_minute=1_000_000_000)
found = []
pages = coupons.search(offset=999_990_000).pages()
other = threading.Thread(target=lambda: found.append(sum(map(len, pages))))
other.start()
threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT]).start()
try:
    coupons.search().collect()
except KeyboardInterrupt:
    print("interrupted")
other.join()
print(found)
"""
    assert run(program, busy.base_url).split() == ["interrupted", "[10000]"]


def test_an_interrupted_progress_function_ends_the_call(run: Run, busy: PageServer) -> None:
    program = """
import signal, sys
from ecwid_coupons import Client
coupons = Client(1003, "secret_1", base_url=sys.argv[1], requests_per_minute=1_000_000_000)
def progress(done, total):
    if done > 500:
        signal.raise_signal(signal.SIGINT)
try:
    coupons.search().collect(progress=progress)
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(program, busy.base_url).split() == ["interrupted"]


ROWS = """
import datetime, signal, sys, types
from collections import UserDict
from decimal import Decimal
from zoneinfo import ZoneInfo
from ecwid_coupons import Client

def time_out(number, frame):
    raise TimeoutError("time is over")

class Zone(datetime.tzinfo):
    def utcoffset(self, time):
        return datetime.timedelta(hours=1)

class Amount:
    def __index__(self):
        return 5

signal.signal(signal.SIGALRM, time_out)
coupons = Client(1003, "secret_1", base_url=sys.argv[1])
launch = datetime.datetime(2030, 1, 1, tzinfo=Zone())
row = {"name": "Ten", "code": "TEN", "launch_date": launch, "order_count": Amount(), "discount": Decimal(10)}
for kind in (dict, UserDict, types.MappingProxyType):
    rows = [kind(row)] * 100_000
    for attempt in range(10):
        signal.setitimer(signal.ITIMER_REAL, 0.002 * (attempt + 1))
        try:
            coupons.create_many(rows)
        except TimeoutError:
            print("ended")
"""


def test_an_exception_of_a_signal_handler_is_not_a_problem_of_a_row(run: Run, busy: PageServer) -> None:
    result = run.result(ROWS, busy.base_url)
    assert (result.stdout.split(), result.stderr) == (["ended"] * 30, "")
