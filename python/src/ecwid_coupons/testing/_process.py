"""The sandbox's process, which ends with this one whatever happens to it."""

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

# How long it has to end in good order, in seconds. It holds nothing that could be lost.
_PATIENCE = 5.0


class Process:
    """A sandbox that runs. It ends when `stop` is called, when nothing refers to it, and when this process ends.

    The last is by its standard input: the system closes this end of it, however this process ends.
    """

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], *, timeout: float) -> None:
        """Starts it, and waits until it takes requests."""
        # The credentials of a real store are none of a sandbox's, and every process of this user could read them there.
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
        """Whether it was not stopped."""
        return self._stop.alive

    def stop(self) -> None:
        """Ends it, if it runs."""
        self._stop()

    def let_go(self) -> None:
        """In a child of a fork: leaves it to the parent, whose end it is to end with."""
        self._stop.detach()
        if self._input is not None:
            with contextlib.suppress(OSError):
                self._input.close()


class _NotStartedError(Exception):
    """It said nothing, or something else."""


def _apart() -> dict[str, Any]:
    """Keeps Ctrl-C, which a terminal sends to a whole group of processes, from the sandbox."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def _address(process: subprocess.Popen[str], timeout: float) -> str:
    """What it says on its first line, once it takes requests."""
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
        raise _NotStartedError(f"it said nothing for {timeout:g} seconds")
    raise _NotStartedError(f"it ended with {process.wait(_PATIENCE)}" if not line else f"it said {line.strip()!r}")


def _not_started(why: str, errors: IO[bytes], command: str) -> SandboxError:
    said = errors.read().decode("utf-8", "replace").strip()
    if "unexpected argument" in said:
        said += "\nhint: the command is of another version; upgrade it with: pip install --upgrade ecwid-coupons-cli"
    return SandboxError(f"the sandbox did not start, {why}: {command}\n{said}".rstrip())


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
