"""Writing of a dump to a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

Path = str | os.PathLike[str]

# What SQLite appends to the name of a database for the files that it keeps beside it.
_BESIDE_DATABASE = ("", "-wal", "-shm", "-journal")


class NamedFile(NamedTuple):
    """A file that an argument names."""

    argument: str
    path: str


def files_of(argument: str, path: Path | None) -> list[NamedFile]:
    """The files that an argument names: a database comes with those beside it."""
    if path is None:
        return []
    resolved = os.path.realpath(path)
    suffixes = _BESIDE_DATABASE if argument == "database" else ("",)
    return [NamedFile(argument, f"{resolved}{suffix}") for suffix in suffixes]


@contextmanager
def replacing(file: Path, inputs: Sequence[NamedFile]) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of another once all is written.

    Raises:
        ValueError: It is one of the inputs.
        OSError: It cannot be written.
    """
    if os.path.exists(file) and not os.path.isfile(file):
        # It takes what is written to it as it comes, such as a pipe.
        with open(file, "wb") as out:
            yield out
        return
    path = os.path.realpath(file)
    for argument, named in inputs:
        if path == named or _is_same(path, named):
            raise ValueError(f"file: {os.fspath(file)!r} is the file of {argument!r} (expected another file)")
    if os.path.exists(path):
        # Replacing a file needs no permission to write to it, which is asked for here all the same.
        os.close(os.open(path, os.O_WRONLY))
    # In the same folder, so that it can be renamed. Only this user can read it.
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


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False
