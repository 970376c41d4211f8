"""Threads, the GIL, cancellation in asyncio, and logging."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Run
from ecwid_coupons import AsyncClient, Client, CouponList
from ecwid_coupons.testing import Sandbox
from servers import TOKEN, HangingServer


def turns_while(work: threading.Thread) -> int:
    """Counts how often this thread runs while another thread works."""
    work.start()
    turns = 0
    while work.is_alive():
        turns += 1
        time.sleep(0.001)
    return turns


def test_a_waiting_call_releases_the_gil(hanging: HangingServer) -> None:
    def work() -> None:
        with (
            Client(1003, TOKEN, base_url=hanging.base_url, timeout=0.5, max_attempts=1) as coupons,
            pytest.raises(TimeoutError),
        ):
            coupons.get("TEN")

    # If the call held the GIL, this thread would run only at the start and at the end.
    assert turns_while(threading.Thread(target=work)) > 5


def test_parsing_releases_the_gil() -> None:
    page = (
        '{"items":['
        + ",".join(f'{{"id":{number},"name":"Coupon","code":"C{number}"}}' for number in range(400_000))
        + "]}"
    )

    def work() -> None:
        assert len(CouponList.from_json(page)) == 400_000

    # If the parser held the GIL, this thread would run only at the start and at the end.
    assert turns_while(threading.Thread(target=work)) > 5


def test_threads_share_a_client(sandbox: Sandbox) -> None:
    with Client(sandbox.store_id, sandbox.token, base_url=sandbox.base_url, requests_per_minute=1_000_000) as coupons:
        for thread in range(8):
            coupons.create(name=f"Of thread {thread}", code=f"T{thread}", discount=thread + 1)

        def calls(thread: int) -> int:
            right = 0
            for _ in range(1000):
                coupon = coupons.get(f"T{thread}", fields=["code", "discount"])
                right += coupon.code == f"T{thread}" and coupon.discount == thread + 1
            return right

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(calls, range(8))) == [1000] * 8


def test_cancellation_drops_the_request(hanging: HangingServer) -> None:
    async def main() -> None:
        async with AsyncClient(1003, TOKEN, base_url=hanging.base_url) as coupons:
            calls = [coupons.get("TEN"), coupons.search().collect(), coupons.search().first()]
            tasks = [asyncio.ensure_future(call) for call in calls]
            for _ in tasks:
                await asyncio.to_thread(hanging.wait_for_request)
            for task in tasks:
                task.cancel()
            for task in tasks:
                with pytest.raises(asyncio.CancelledError):
                    await task
            # The client is still open, so the requests were dropped.
            for _ in tasks:
                await asyncio.to_thread(hanging.wait_for_hang_up)

    asyncio.run(main())


def test_asyncio_timeouts_end_a_call(hanging: HangingServer) -> None:
    async def main() -> None:
        async with AsyncClient(1003, TOKEN, base_url=hanging.base_url) as coupons:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(coupons.search().collect(), 0.1)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(aiter(coupons.search())), 0.1)

    asyncio.run(main())


def test_many_calls_at_once_in_asyncio(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as coupons:
            await asyncio.gather(*(coupons.create(name="Many", code=f"M{number}") for number in range(100)))
            assert await coupons.search().count() == 100

    asyncio.run(main())


def test_a_client_works_in_several_event_loops(sandbox: Sandbox) -> None:
    coupons = AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url)
    for _ in range(3):
        assert asyncio.run(count(coupons)) == 0


async def count(coupons: AsyncClient) -> int:
    return await coupons.search().count()


LOGGING = """
import logging, sys, threading
records = []
class Keep(logging.Handler):
    def emit(self, record):
        records.append((record.name, record.getMessage()))
logging.basicConfig(level=logging.DEBUG, handlers=[Keep()])
from ecwid_coupons import Client

def work():
    for _ in range(25):
        with Client(1003, sys.argv[2], base_url=sys.argv[1]) as coupons:
            coupons.search().count()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
names = {name for name, _ in records}
assert names, "nothing was logged"
assert all(name.split(".")[0] == "ecwid_coupons" for name in names), names
assert sys.argv[2] not in repr(records)
print(len(records) >= 200)
"""


def test_logging_while_clients_are_made_in_threads(run: Run, sandbox: Sandbox) -> None:
    assert run(LOGGING, sandbox.base_url, sandbox.token, timeout=60).split() == ["True"]


def test_a_log_level_can_change_after_the_first_call(run: Run, sandbox: Sandbox) -> None:
    program = """
import logging, sys
from ecwid_coupons import Client
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
coupons.search().count()
records = []
logger = logging.getLogger("ecwid_coupons")
logger.addHandler(type("Keep", (logging.Handler,), {"emit": lambda self, record: records.append(record)})())
coupons.search().count()
before = len(records)
logger.setLevel(logging.DEBUG)
coupons.search().count()
print(before, len(records) > 0)
"""
    assert run(program, sandbox.base_url, sandbox.token).split() == ["0", "True"]


def test_a_log_handler_may_make_a_call(run: Run, sandbox: Sandbox) -> None:
    program = """
import logging, sys
from ecwid_coupons import Client
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
counts = []
class Call(logging.Handler):
    def emit(self, record):
        if not counts:
            counts.append(None)
            counts.append(coupons.search().count())
logging.basicConfig(level=logging.DEBUG, handlers=[Call()])
coupons.search().count()
print(counts[1])
"""
    assert run(program, sandbox.base_url, sandbox.token).split() == ["0"]


def test_a_record_names_the_thread_of_the_call_and_sees_its_context(run: Run, sandbox: Sandbox) -> None:
    program = """
import contextvars, logging, sys, threading
from ecwid_coupons import Client

request = contextvars.ContextVar("request")
records = []
class Keep(logging.Handler):
    def emit(self, record):
        records.append((record.threadName, record.thread, request.get(None)))
logging.getLogger("ecwid_coupons").addHandler(Keep())
logging.getLogger("ecwid_coupons").setLevel(logging.DEBUG)
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])

def work(name):
    request.set(name)
    coupons.search().count()
    # All records are emitted when the call returns.
    assert records and set(records) == {(threading.current_thread().name, threading.get_ident(), name)}, records
    records.clear()

work("main")
thread = threading.Thread(target=work, args=["worker"], name="mine")
thread.start()
thread.join()
print("done")
"""
    assert run(program, sandbox.base_url, sandbox.token).split() == ["done"]


def test_a_call_in_a_log_handler_returns(run: Run, sandbox: Sandbox) -> None:
    # The calling thread holds the lock of the handler, which the records of the call need.
    program = """
import logging, sys
from ecwid_coupons import Client
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
counts, names = [], []
class Call(logging.Handler):
    def emit(self, record):
        names.append(record.name)
        if record.name == "mine":
            counts.append(coupons.search().count())
logging.basicConfig(level=logging.DEBUG, handlers=[Call()])
logging.getLogger("mine").warning("what is there?")
print(counts)
"""
    assert run(program, sandbox.base_url, sandbox.token).split() == ["[0]"]


def test_an_exception_of_a_log_filter_does_not_end_a_call(run: Run, sandbox: Sandbox) -> None:
    program = """
import logging, sys
from ecwid_coupons import Client
def refuse(record):
    raise ValueError("refused by the filter")
logging.basicConfig(level=logging.DEBUG)
for name in ("ecwid_coupons", "ecwid_coupons.transport"):
    logging.getLogger(name).addFilter(refuse)
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
print(coupons.create(name="Ten", code="TEN").outcome, len(coupons.search().collect()))
for page in coupons.search().pages():
    print(len(page))
"""
    result = run.result(program, sandbox.base_url, sandbox.token)
    assert (result.returncode, result.stdout.split()) == (0, ["created", "1", "1"]), result.stderr
    assert "ValueError: refused by the filter" in result.stderr
