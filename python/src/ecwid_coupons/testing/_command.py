"""Where the command is."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

from ._errors import CommandNotFoundError

NAME = "ecwid-coupons"
VARIABLE = "ECWID_COUPONS_COMMAND"


def find_command(given: str | os.PathLike[str] | None = None) -> str:
    """The command's path.

    It is the one that is given, what the environment names, that of this interpreter's environment, or the first of
    PATH.
    """
    if given is not None:
        found = shutil.which(given)
        if found is None:
            message = f"command: {os.fspath(given)!r} is no program; correct it, or leave it out to have it looked for"
            raise CommandNotFoundError(message)
        return found
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            message = f"{VARIABLE} names {named!r}, which is no program; correct it, or unset it"
            raise CommandNotFoundError(message)
        return found
    for folder in _script_folders():
        found = shutil.which(NAME, path=folder)
        if found is not None:
            return found
    found = shutil.which(NAME)
    if found is None:
        message = (
            f"the command {NAME} is not installed; it comes with: pip install ecwid-coupons-cli "
            f"(or set {VARIABLE} to its path)"
        )
        raise CommandNotFoundError(message)
    return found


def _script_folders() -> list[str]:
    """Where pip puts commands: for this interpreter, and for this user."""
    user = sysconfig.get_preferred_scheme("user")
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", user)]
    return [folder for folder in folders if folder and Path(folder).is_dir()]
