"""Marks and warnings of what is deprecated."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(_note: str) -> Any:
        """Marks a function for type checkers. The function itself warns with `warn_deprecated`."""
        return lambda function: function


def warn_deprecated(name: str, note: str) -> None:
    """Warns that a function or an argument is deprecated. The warning is at the line that called this package.

    Args:
        name: The name of the function or the argument.
        note: What to use instead.
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("ecwid_coupons."):
        level, frame = level + 1, frame.f_back
    warnings.warn(f"`{name}` is deprecated: {note}", DeprecationWarning, stacklevel=level)
