"""Forks, other processes, and the end of the interpreter."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Run
from ecwid_coupons import Client
from ecwid_coupons.testing import Sandbox
from servers import HangingServer

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")

# The child reports by its exit code. It has a time limit, because failures after a fork hang.
FORK = """
import asyncio, os, sys, time
from ecwid_coupons import AsyncClient, Client

url, token, use = sys.argv[1:]

def sync_call(client): return client.search().count()
def async_call(client):
    async def count(): return await client.search().count()
    return asyncio.run(count())

class_, call = (Client, sync_call) if "async" not in use else (AsyncClient, async_call)
client = class_(1003, token, base_url=url)
if "after" in use:
    call(client)
walk = iter(Client(1003, token, base_url=url).search(limit=1)) if "walk" in use else None
if walk:
    next(walk)
for generation in range(3):
    child = os.fork()
    if child == 0:
        try:
            assert call(client) == 3
            assert call(class_(1003, token, base_url=url)) == 3
            repr(client)
            grandchild = os.fork()
            if grandchild == 0:
                assert call(client) == 3
                sys.exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]) == 7
        except BaseException as error:
            if isinstance(error, SystemExit):
                raise
            import traceback
            traceback.print_exc()
            sys.exit(1)
        # A regular end of the interpreter.
        sys.exit(7)
    deadline = time.monotonic() + 30
    while (status := os.waitpid(child, os.WNOHANG))[0] == 0:
        assert time.monotonic() < deadline, "the child hangs"
        time.sleep(0.005)
    assert os.waitstatus_to_exitcode(status[1]) == 7
    # The parent continues with its own connections.
    assert call(client) == 3
if walk:
    assert len(list(walk)) == 2
print("done")
"""


@pytest.fixture
def filled(sandbox: Sandbox, run: Run) -> Sandbox:
    program = """
import sys
from ecwid_coupons import Client
with Client(1003, sys.argv[2], base_url=sys.argv[1]) as coupons:
    for code in "ABC":
        coupons.create(name=code, code=code)
"""
    run(program, sandbox.base_url, sandbox.token)
    return sandbox


@forks
@pytest.mark.parametrize("use", ["before", "after", "async before", "async after", "after walk"])
def test_a_client_works_in_a_forked_child(run: Run, filled: Sandbox, use: str) -> None:
    assert run(FORK, filled.base_url, filled.token, use).split() == ["done"]


@forks
def test_pages_do_not_continue_in_a_forked_child(run: Run, filled: Sandbox) -> None:
    program = """
import os, sys
from ecwid_coupons import Client
pages = Client(1003, sys.argv[2], base_url=sys.argv[1]).search(limit=2).pages()
read = len(next(pages))
child = os.fork()
if child == 0:
    try:
        next(pages)
        sys.exit(1)
    except RuntimeError as error:
        sys.exit(7 if "belong to the parent process" in str(error) else 2)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), read + sum(map(len, pages)))
"""
    assert run(program, filled.base_url, filled.token).split() == ["7", "3"]


WALKS = """
import faulthandler, os, signal, sys, time
from ecwid_coupons import Client

faulthandler.register(signal.SIGUSR1)
url, token, action = sys.argv[1:]
TOTAL, WALKS = 60, 4
# Small pages, so that requests are in progress at the fork.
settings = {"limit": 2, "prefetch": 4}

def in_child(walks):
    if action == "exit":
        return 7
    if action == "drop":
        walks.clear()
        return 7
    if action == "close":
        for pages in walks: pages.close()
        return 7
    codes = [coupon.code for coupon in Client(1003, token, base_url=url).search(**settings, after=walks[0].cursor)]
    return 7 if len(codes) == TOTAL - taken[0] and walks[0].total == TOTAL else 3

coupons = Client(1003, token, base_url=url, requests_per_minute=2**32 - 1)
walks = [coupons.search(**settings).pages() for _ in range(WALKS)]
taken = [0] * WALKS
for _ in range(25):
    for index, pages in enumerate(walks):
        taken[index] += len(next(pages))
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        sys.exit(in_child(walks))
    while (status := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > began + 20:
            # The child prints where it hangs. It must end, because it has the output of this process.
            os.kill(child, signal.SIGUSR1)
            time.sleep(1)
            os.kill(child, signal.SIGKILL)
            sys.exit("the child hangs")
        time.sleep(0.002)
    assert os.waitstatus_to_exitcode(status[1]) == 7, status
for index, pages in enumerate(walks):
    taken[index] += sum(len(page) for page in pages)
print(taken == [TOTAL] * WALKS)
"""


@forks
@pytest.mark.parametrize("action", ["exit", "drop", "close", "go on"])
def test_a_forked_child_drops_the_pages_of_its_parent(run: Run, sandbox: Sandbox, action: str) -> None:
    with Client(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as coupons:
        for number in range(60):
            coupons.create(name="Ten", code=f"C{number}")
    assert run(WALKS, sandbox.base_url, sandbox.token, action).split() == ["True"]


SLOW_FORK = """
import logging, os, sys, threading, time

is_late, late = False, []

def take_a_second():
    global is_late
    time.sleep(1)  # threads that are in Python finish
    is_late = True
    time.sleep(0.5)
    is_late = False

# Hooks run in reverse order, so this one runs after that of the package.
os.register_at_fork(before=take_a_second)
from ecwid_coupons import Client

class Handler(logging.Handler):
    def emit(self, record):
        records.set()
        if is_late:
            late.append(record)

records = threading.Event()
logging.basicConfig(level=logging.DEBUG, handlers=[Handler()])
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1], requests_per_minute=2**32 - 1)

def walk():
    while True:
        for _ in coupons.search(limit=1, prefetch=8).pages():
            pass

for _ in range(3):
    threading.Thread(target=walk, daemon=True).start()
records.wait()
child = os.fork()
if child == 0:
    os._exit(7)
records.clear()
# The threads continue after the fork.
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(late), records.wait(30), flush=True)
os._exit(0)
"""


@forks
def test_no_thread_enters_python_during_a_slow_fork(run: Run, filled: Sandbox) -> None:
    # A thread that enters holds a lock of the interpreter, and a copy of the lock would make the child hang.
    assert run(SLOW_FORK, filled.base_url, filled.token).split() == ["7", "0", "True"]


FORK_IN_FUNCTION = """
import os, sys, threading
from ecwid_coupons import Client

is_called, is_forked = threading.Event(), threading.Event()
found = []

def on_attempt(attempt):
    is_called.set()
    # Waits for the thread that forks.
    found.append(is_forked.wait(5))
    other = os.fork()
    if other == 0:
        os._exit(0)
    os.waitpid(other, 0)
    found.append("forked here too")

coupons = Client(1003, sys.argv[2], base_url=sys.argv[1], on_attempt=on_attempt)
call = threading.Thread(target=lambda: found.append(coupons.search().count()))
call.start()
is_called.wait()
child = os.fork()
if child == 0:
    os._exit(7)
is_forked.set()
found.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
call.join()
coupons.close()
print(*sorted(map(str, found)), sep="\\n")
"""


@forks
def test_a_fork_does_not_wait_for_the_functions_of_a_program(run: Run, filled: Sandbox) -> None:
    found = run(FORK_IN_FUNCTION, filled.base_url, filled.token).splitlines()
    assert found == ["3", "7", "True", "forked here too"]


@forks
def test_async_pages_do_not_continue_in_a_forked_child(run: Run, filled: Sandbox) -> None:
    program = """
import asyncio, os, signal, sys
from ecwid_coupons import AsyncClient

async def begin():
    coupons = AsyncClient(1003, sys.argv[2], base_url=sys.argv[1])
    pages = coupons.search(limit=2).pages()
    return coupons, pages, len(await anext(pages))

async def go_on(pages):
    return sum([len(page) async for page in pages])

async def from_here(coupons, cursor):
    return [coupon.code async for coupon in coupons.search(limit=2, after=cursor)]

loop = asyncio.new_event_loop()
coupons, pages, read = loop.run_until_complete(begin())
child = os.fork()
if child == 0:
    signal.alarm(30)
    try:
        asyncio.run(go_on(pages))
        os._exit(1)
    except RuntimeError as error:
        # Follows the hint of the error.
        assert "search(after=pages.cursor)" in str(error)
    # Skips the regular end, in which the copy of the event loop would close descriptors of the parent's loop.
    os._exit(7 if asyncio.run(from_here(coupons, pages.cursor)) == ["C"] else 2)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), read + loop.run_until_complete(go_on(pages)))
"""
    assert run(program, filled.base_url, filled.token).split() == ["7", "3"]


MULTIPROCESSING = """
import multiprocessing, os, sys
from ecwid_coupons import Client, CreateOutcome, NotFoundError

def get(code):
    with Client.from_env() as coupons:
        return coupons.get(code)

def create(number):
    with Client.from_env() as coupons:
        return coupons.create(name="Made", code=f"M{number}")

def missing(number):
    with Client.from_env() as coupons:
        coupons.get("NONE")

if __name__ == "__main__":
    with Client.from_env() as coupons, multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        coupons.search().count()
        assert [it.code for it in pool.map(get, "ABC")] == ["A", "B", "C"]
        assert {it.code for it in pool.map(create, range(4))} == {"M0", "M1", "M2", "M3"}
        try:
            pool.map(missing, [1])
        except NotFoundError as error:
            assert error.status == 404
        assert coupons.search().count() == 7
    print("done")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(filled: Sandbox, method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"there is no {method} on this system")
    monkeypatch.setenv("ECWID_STORE_ID", "1003")
    monkeypatch.setenv("ECWID_TOKEN", filled.token)
    monkeypatch.setenv("ECWID_BASE_URL", filled.base_url)
    # A file, because spawned processes import the program.
    program = tmp_path / "program.py"
    program.write_text(MULTIPROCESSING)
    command = [sys.executable, "-W", "ignore", str(program), method]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (result.returncode, result.stdout) == (0, "done\n"), result.stderr


PREFORK = """
import os, signal, socket, sys, threading
from ecwid_coupons import Client

# The master loads the application and makes a call. Forked workers then share its socket.
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
coupons.search().count()
listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]

def serve():
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(str(coupons.search().count()).encode())

workers = []
for _ in range(4):
    worker = os.fork()
    if worker == 0:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
        threads = [threading.Thread(target=serve, daemon=True) for _ in range(4)]
        for thread in threads: thread.start()
        signal.pause()
    workers.append(worker)
responses = []
for _ in range(100):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        responses.append(connection.recv(10))
for worker in workers:
    os.kill(worker, signal.SIGTERM)
codes = [os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) for worker in workers]
print(set(responses), codes)
"""


@forks
def test_forked_workers_of_a_server(run: Run, filled: Sandbox) -> None:
    assert run(PREFORK, filled.base_url, filled.token).strip() == "{b'3'} [0, 0, 0, 0]"


EXITS = {
    "tasks of asyncio": """
import asyncio, sys, os
from ecwid_coupons import AsyncClient
async def main():
    coupons = AsyncClient(1003, sys.argv[2], base_url=sys.argv[1])
    global tasks
    tasks = [asyncio.ensure_future(coupons.search().count()) for _ in range(40)]
    await asyncio.sleep(0.02)
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
# The tasks still run at the end, neither cancelled nor closed.
""",
    "asyncio.run": """
import asyncio, sys
from ecwid_coupons import AsyncClient
async def main():
    coupons = AsyncClient(1003, sys.argv[2], base_url=sys.argv[1])
    for _ in range(40):
        asyncio.ensure_future(coupons.search().collect())
    await asyncio.sleep(0.02)
asyncio.run(main())
""",
    "daemon threads": """
import sys, threading, time
from ecwid_coupons import Client
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
def work():
    while True:
        try:
            coupons.search().count()
        except Exception:
            pass
for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.02)
""",
    "walks": """
import sys, logging
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
from ecwid_coupons import Client
coupons = Client(1003, sys.argv[2], base_url=sys.argv[1])
walks = [coupons.search(prefetch=4).pages() for _ in range(20)]
""",
}


@pytest.mark.parametrize("server", ["hanging", "answering"])
@pytest.mark.parametrize("kind", EXITS)
def test_the_interpreter_ends_while_tasks_run(
    run: Run, kind: str, server: str, hanging: HangingServer, sandbox: Sandbox
) -> None:
    url = hanging.base_url if server == "hanging" else sandbox.base_url
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run.result(EXITS[kind], url, sandbox.token), range(60)))
    failed = [(it.returncode, it.stderr) for it in results if it.returncode != 0 or "panicked" in it.stderr]
    assert not failed, failed[0]
