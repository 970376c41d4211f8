"""What the tests with Spark run in its tasks. The variable `ENGINES_FOLDER` names a folder that the test reads."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ecwid_coupons.spark import CouponDataSource
from ecwid_coupons.spark._write import CouponWriter, Written


def folder() -> Path:
    return Path(os.environ["ENGINES_FOLDER"])


def token_of_store(store: int) -> str:
    """A function for the option tokenProvider."""
    return os.environ[f"ECWID_TOKEN_{store}"]


def token_when_two_tasks_run(store: int) -> str:
    """Returns the token as soon as two tasks have asked for it."""
    (folder() / f"meeting-{os.getpid()}").touch()
    deadline = time.monotonic() + 60
    while len(list(folder().glob("meeting-*"))) < 2:
        if time.monotonic() > deadline:
            raise TimeoutError("no other task asked for a token")
        time.sleep(0.01)
    return token_of_store(store)


class KilledOnce(CouponDataSource):
    """A data source that kills the process of its first task after the task has created its coupons."""

    @classmethod
    def name(cls) -> str:
        return "killed_once"

    def writer(self, schema: Any, overwrite: bool) -> CouponWriter:
        return KillingWriter(super().writer(schema, overwrite)._options)


class KillingWriter(CouponWriter):
    def write(self, iterator: Iterator[Any]) -> Any:
        written = super().write(iterator)
        assert isinstance(written, Written)
        try:
            with (folder() / "killed").open("x") as file:
                file.write(f"{written.rows} rows, {written.failed} failed")
        except FileExistsError:
            return written
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("the process is killed")
