"""The function `on_attempt` is called for every attempt, and its failures do not affect the call."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Run
from ecwid_coupons import AsyncClient, Attempt, Client
from ecwid_coupons.testing import Sandbox, Status


def test_every_attempt_is_observed_before_the_call_returns(sandbox: Sandbox) -> None:
    attempts: list[Attempt] = []
    with sandbox.client(on_attempt=attempts.append) as coupons:
        sandbox.add_fault(Status(503), operations=["search_discount_coupons"], times=1)
        assert coupons.search().count() == 0
        first, second = attempts
        assert first.operation == second.operation == "search_discount_coupons"
        assert (first.number, first.status, first.failure) == (1, 503, "status")
        assert (second.number, second.status, second.failure) == (2, 200, None)
        assert first.request_id == second.request_id
        assert first.queued >= 0
        assert 0 < first.elapsed < 60
        coupons.create_many({"name": "Many", "code": f"C-{number}"} for number in range(8))
        assert len(attempts) == 10
        with (
            Client(1003, "secret_1", base_url="http://127.0.0.1:1", max_attempts=1, on_attempt=attempts.append) as none,
            pytest.raises(ConnectionError),
        ):
            none.search().count()
        assert (attempts[-1].status, attempts[-1].failure) == (None, "connect")


async def observed(client: AsyncClient) -> None:
    async with client:
        assert await client.search().count() == 0


def test_asyncio_observes_attempts_outside_of_the_loop(sandbox: Sandbox) -> None:
    threads: list[int] = []
    settings: dict[str, Any] = {
        "base_url": sandbox.base_url,
        "on_attempt": lambda _: threads.append(threading.get_ident()),
    }
    asyncio.run(observed(AsyncClient(sandbox.store_id, sandbox.token, **settings)))
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_it_runs_in_the_context_of_the_call(sandbox: Sandbox) -> None:
    name = contextvars.ContextVar("name", default="")
    seen: list[str] = []
    with sandbox.client(on_attempt=lambda _: seen.append(name.get())) as coupons:
        name.set("report")
        coupons.search().count()
    assert seen == ["report"]


def test_it_can_make_a_call(sandbox: Sandbox) -> None:
    found: list[int] = []
    with (
        sandbox.client() as other,
        sandbox.client(on_attempt=lambda _: found.append(other.search().count())) as coupons,
    ):
        assert coupons.search().count() == 0
    assert found == [0]


@pytest.mark.parametrize("waits", [True, False])
def test_an_exception_is_reported_and_does_not_end_the_call(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    reported: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda it: reported.append((type(it.exc_value), it.object)))

    def fail(attempt: Attempt) -> None:
        raise ValueError(attempt.operation)

    if waits:
        with sandbox.client(on_attempt=fail) as coupons:
            assert coupons.search().count() == 0
    else:
        settings: dict[str, Callable[[Attempt], object]] = {"on_attempt": fail}
        client = AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url, **settings)  # type: ignore[arg-type]
        asyncio.run(observed(client))
    assert reported == [(ValueError, fail)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_in_it_ends_the_call(sandbox: Sandbox, error: type[BaseException]) -> None:
    def interrupt(_: Attempt) -> None:
        raise error

    with sandbox.client(on_attempt=interrupt) as coupons, pytest.raises(error):
        coupons.search().count()


ASYNC_INTERRUPT = """
import asyncio, sys
from ecwid_coupons import AsyncClient

def interrupt(_):
    raise KeyboardInterrupt

async def main():
    coupons = AsyncClient(1003, "secret_sandbox", base_url=sys.argv[1], on_attempt=interrupt)
    await coupons.search().count()
    await asyncio.sleep(60)

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interrupt_in_it_reaches_asyncio(sandbox: Sandbox, run: Run) -> None:
    assert run(ASYNC_INTERRUPT, sandbox.base_url) == "interrupted\n"


BLOCKED = """
import signal, sys, threading
from ecwid_coupons import Client

entered, go_on = threading.Event(), threading.Event()

def block(_):
    entered.set()
    go_on.wait(60)

def interrupt():
    entered.wait(60)
    signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=interrupt, daemon=True).start()
coupons = Client(1003, "secret_sandbox", base_url=sys.argv[1], on_attempt=block)
try:
    while True:
        coupons.search().count()
except KeyboardInterrupt:
    print("interrupted")
go_on.set()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself a signal")
def test_ctrl_c_ends_a_call_whose_function_blocks(sandbox: Sandbox, run: Run) -> None:
    assert run(BLOCKED, sandbox.base_url) == "interrupted\n"
