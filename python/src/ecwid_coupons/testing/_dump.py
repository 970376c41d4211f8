"""Writing a dump to a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

Path = str | os.PathLike[str]

# The suffixes of the files of an SQLite database.
_DATABASE_SUFFIXES = ("", "-wal", "-shm", "-journal")


def files_of(argument: str, path: Path | None) -> dict[str, str]:
    """Returns a dict that maps each path of an argument to the argument. A database has several files."""
    if path is None:
        return {}
    suffixes = _DATABASE_SUFFIXES if argument == "database" else ("",)
    return {f"{os.path.realpath(path)}{suffix}": argument for suffix in suffixes}


@contextmanager
def replacing(file: Path, inputs: Mapping[str, str]) -> Iterator[BinaryIO]:
    """Opens a temporary file that replaces another file when it is complete.

    Raises:
        ValueError: The file is one of the inputs.
        OSError: The file cannot be written.
    """
    if os.path.exists(file) and not os.path.isfile(file):
        # A pipe, for example, cannot be replaced.
        with open(file, "wb") as out:
            yield out
        return
    path = os.path.realpath(file)
    for named, argument in inputs.items():
        if path == named or (os.path.exists(path) and os.path.exists(named) and os.path.samefile(path, named)):
            raise ValueError(f"invalid file: `{os.fspath(file)}` (expected another file than that of `{argument}`)")
    if os.path.exists(path):
        # Checks the permission to write to the file, which is not needed to replace it.
        os.close(os.open(path, os.O_WRONLY))
    # In the same folder, because a file can be renamed only within a file system. Only this user can read it.
    descriptor, temporary = tempfile.mkstemp(prefix=".ecwid-coupons-", suffix=".tmp", dir=os.path.dirname(path))
    try:
        with open(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
