"""The sandbox's process."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import IO, Any

from ._errors import SandboxError

_GREETING = "listening on "

# The time limit of a regular end, in seconds. Then the process is killed.
_PATIENCE = 5.0


class Process:
    """A running sandbox. It ends when `stop` is called, when this object is deleted, and when this process ends.

    In the last case, the system closes the standard input of the sandbox, and the sandbox then stops.
    """

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], *, timeout: float) -> None:
        """Starts the sandbox and waits until it accepts requests."""
        # The sandbox does not need the credentials of a real store, and other processes of this user could read them.
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("ECWID_")}
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [*arguments, "--stop-with-stdin"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**inherited, **environment},
                text=True,
                encoding="utf-8",
                **_apart(),
            )
            try:
                self.base_url = _address(process, timeout)
            except BaseException as error:
                _end(process, os.getpid())
                if isinstance(error, _NotStartedError):
                    errors.seek(0)
                    raise _not_started(str(error), errors, arguments[0]) from None
                raise
        self.pid = process.pid
        self._stop = weakref.finalize(self, _end, process, os.getpid())
        _RUNNING.add(self)
        self._input = process.stdin

    @property
    def is_running(self) -> bool:
        """Whether the sandbox is running."""
        return self._stop.alive

    def stop(self) -> None:
        """Stops the sandbox if it runs."""
        self._stop()

    def let_go(self) -> None:
        """Leaves the sandbox to the parent process. Called in the child of a fork."""
        self._stop.detach()
        if self._input is not None:
            with contextlib.suppress(OSError):
                self._input.close()


class _NotStartedError(Exception):
    """The output of the process is not the expected line."""


def _apart() -> dict[str, Any]:
    """Returns options for a process group of its own, because Ctrl-C ends the whole group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def _address(process: subprocess.Popen[str], timeout: float) -> str:
    """Returns the base URL, which the process prints when it accepts requests."""
    assert process.stdout is not None
    too_late = threading.Event()

    def give_up() -> None:
        too_late.set()
        process.kill()

    timer = threading.Timer(timeout, give_up)
    timer.daemon = True
    timer.start()
    try:
        with process.stdout as out:
            line = out.readline()
    finally:
        timer.cancel()
    if line.startswith(_GREETING):
        return line.removeprefix(_GREETING).strip()
    if too_late.is_set():
        raise _NotStartedError(f"no output for {timeout:g} seconds")
    raise _NotStartedError(
        f"exit status {process.wait(_PATIENCE)}" if not line else f"unexpected output: {line.strip()!r}"
    )


def _not_started(why: str, errors: IO[bytes], command: str) -> SandboxError:
    said = errors.read().decode("utf-8", "replace").strip()
    if "unexpected argument" in said:
        said += "\nhint: upgrade the command with: pip install --upgrade ecwid-coupons-cli"
    return SandboxError(f"the sandbox did not start: {why}; command: `{command}`\n{said}".rstrip())


def _end(process: subprocess.Popen[str], owner: int) -> None:
    if os.getpid() != owner:
        return
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_RUNNING: weakref.WeakSet[Process] = weakref.WeakSet()


def _forked() -> None:
    for process in list(_RUNNING):
        process.let_go()
    _RUNNING.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
