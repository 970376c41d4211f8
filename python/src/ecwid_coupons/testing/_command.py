"""The path of the command."""

from __future__ import annotations

import os
import shutil
import sysconfig

from ._errors import CommandNotFoundError

NAME = "ecwid-coupons"
VARIABLE = "ECWID_COUPONS_COMMAND"


def find_command(given: str | os.PathLike[str] | None = None) -> str:
    """Returns the path of the command.

    Takes the first of: the argument, the environment variable, the scripts of this interpreter, the scripts of this
    user, and ``PATH``.
    """
    named = os.environ.get(VARIABLE)
    if given is not None:
        found = shutil.which(given)
        problem = f"invalid command: `{os.fspath(given)}` (expected the path of a program)"
    elif named:
        found = shutil.which(named)
        problem = f"invalid {VARIABLE}: `{named}` (expected the path of a program); hint: correct it or unset it"
    else:
        folders = [*_script_folders(), None]
        found = next(filter(None, (shutil.which(NAME, path=folder) for folder in folders)), None)
        problem = (
            f"the command `{NAME}` is not installed; hint: install it with: pip install ecwid-coupons-cli, "
            f"or set {VARIABLE} to its path"
        )
    if found is None:
        raise CommandNotFoundError(problem)
    return found


def _script_folders() -> list[str]:
    """Returns the script folders of this interpreter and of this user."""
    return [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))]
