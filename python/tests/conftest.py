"""Fixtures: sandboxes, clients and scripted servers."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ecwid_coupons import AsyncClient, Client
from ecwid_coupons.testing import Sandbox
from servers import HangingServer, ScriptedServer
from twins import Waiting

# The command that `cargo build` makes, unless the variable is set.
os.environ.setdefault("ECWID_COUPONS_COMMAND", str(Path(__file__).parents[2] / "target/debug/ecwid-coupons"))

# A background job of a shell ignores Ctrl-C, and its child processes inherit this.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A new sandbox for each test."""
    with Sandbox(requests_per_minute=None) as sandbox:
        yield sandbox


@pytest.fixture
def coupons(sandbox: Sandbox) -> Iterator[Client]:
    with Client(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as client:
        yield client


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Client]:
    """A `Client`, and an `AsyncClient` that is called like a `Client`."""
    settings = {"store_id": sandbox.store_id, "token": sandbox.token, "base_url": sandbox.base_url}
    if request.param == "sync":
        with Client(**settings) as client:
            yield client
    else:
        with asyncio.Runner() as runner:
            client = AsyncClient(**settings)
            yield Waiting(client, runner)
            runner.run(client.close())


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def hanging() -> Iterator[HangingServer]:
    with HangingServer() as server:
        yield server


class Run:
    """Runs a program in a new interpreter. Shows its output if it fails."""

    def __call__(self, program: str, *arguments: str, timeout: float = 120, check: bool = True) -> str:
        result = self.result(program, *arguments, timeout=timeout)
        if check:
            assert result.returncode == 0, f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def result(self, program: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        # Ignores the warning about builds without optimization.
        command = [sys.executable, "-W", "ignore::RuntimeWarning", "-c", program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.fixture(scope="session")
def run() -> Run:
    return Run()
