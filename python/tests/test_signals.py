"""Ctrl-C ends every call while it waits."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import Run
from ecwid_coupons.testing import Sandbox
from servers import HangingServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself Ctrl-C")

# Each call is interrupted while it waits for a server that never responds. Without the signal it would wait for longer
# than `run` does.
CALLS = {
    "get": "coupons.get('TEN')",
    "create": "coupons.create(name='Ten', code='TEN')",
    "count": "coupons.search().count()",
    "first": "coupons.search().first()",
    "collect": "coupons.search().collect()",
    "iteration": "next(iter(coupons.search()))",
    "pages": "next(iter(coupons.search().pages()))",
    "to_dicts": "coupons.search().to_dicts()",
}

# Like Ctrl-C, the signals come from another process, so that no Python thread delays them.
SYNC = """
import os, subprocess, sys
from ecwid_coupons import Client

coupons = Client(1003, "secret_1", base_url=sys.argv[1], timeout=600, deadline=600)
killer = '''
import os, signal, sys, time
time.sleep(0.25)
os.kill(int(sys.argv[1]), signal.SIGINT)
'''
for _ in range(5):
    command = [sys.executable, "-S", "-c", killer, str(os.getpid())]
    process = subprocess.Popen(command)
    try:
        {call}
    except KeyboardInterrupt:
        print("interrupted")
    process.wait()
"""


@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c_ends_a_blocking_call(run: Run, hanging: HangingServer, call: str) -> None:
    output = run(SYNC.replace("{call}", CALLS[call]), hanging.base_url)
    assert output.split() == ["interrupted"] * 5


ASYNC = """
import asyncio, os, signal, sys
from ecwid_coupons import AsyncClient

async def main():
    async with AsyncClient(1003, "secret_1", base_url=sys.argv[1], timeout=600, deadline=600) as coupons:
        asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
        await coupons.get("TEN")

for _ in range(5):
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("interrupted")
"""


def test_ctrl_c_ends_asyncio(run: Run, hanging: HangingServer) -> None:
    assert run(ASYNC, hanging.base_url).split() == ["interrupted"] * 5


AFTER = """
import _thread, sys, threading
from ecwid_coupons import Client

hanging, sandbox, token = sys.argv[1:]
with Client(1003, token, base_url=hanging) as coupons:
    threading.Timer(0.1, _thread.interrupt_main).start()
    try:
        coupons.search().collect()
    except KeyboardInterrupt:
        print("interrupted")
with Client(1003, token, base_url=sandbox) as coupons:
    print(coupons.search().count())
"""


def test_the_interpreter_is_usable_after_ctrl_c(run: Run, hanging: HangingServer, sandbox: Sandbox) -> None:
    output = run(AFTER, hanging.base_url, sandbox.base_url, sandbox.token)
    assert output.split() == ["interrupted", "0"]


def test_an_interrupted_request_is_dropped(run: Run, hanging: HangingServer) -> None:
    program = """
import _thread, sys, threading, time
from ecwid_coupons import Client

coupons = Client(1003, "secret_1", base_url=sys.argv[1])
threading.Timer(0.1, _thread.interrupt_main).start()
try:
    coupons.get("TEN")
except KeyboardInterrupt:
    print("interrupted", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-W", "ignore", "-c", program, hanging.base_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "interrupted\n"
        # The process still runs and has closed the connection.
        hanging.wait_for_hang_up()
        assert process.poll() is None
        process.communicate()


def test_a_signal_handler_that_does_not_raise_does_not_end_a_call(run: Run, hanging: HangingServer) -> None:
    program = """
import os, signal, sys, threading
from ecwid_coupons import APITimeoutError, Client

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGUSR1]).start()
try:
    Client(1003, "secret_1", base_url=sys.argv[1], timeout=0.5, max_attempts=1).get("TEN")
except APITimeoutError:
    print(len(seen))
"""
    assert run(program, hanging.base_url).split() == ["1"]
