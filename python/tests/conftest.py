"""What the tests run against: the sandbox, and servers that do as they are told."""

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

# The command as `cargo build` leaves it, unless another is named.
os.environ.setdefault("ECWID_COUPONS_COMMAND", str(Path(__file__).parents[2] / "target/debug/ecwid-coupons"))

# What is started in the background of a shell ignores Ctrl-C, and so would every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A store of its own for each test."""
    with Sandbox(requests_per_minute=None) as sandbox:
        yield sandbox


@pytest.fixture
def coupons(sandbox: Sandbox) -> Iterator[Client]:
    with Client(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as client:
        yield client


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Client]:
    """Each of the twins, called alike."""
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
    """Runs a program in an interpreter of its own, and fails with all it printed when it fails."""

    def __call__(self, program: str, *arguments: str, timeout: float = 120, check: bool = True) -> str:
        result = self.result(program, *arguments, timeout=timeout)
        if check:
            assert result.returncode == 0, f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def result(self, program: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        # Warnings of a build without optimisation are not what a test asks for.
        command = [sys.executable, "-W", "ignore::RuntimeWarning", "-c", program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.fixture(scope="session")
def run() -> Run:
    return Run()
