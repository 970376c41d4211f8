"""The settings of a client."""

from __future__ import annotations

from datetime import timedelta
from os import PathLike
from typing import TypedDict


class ClientSettings(TypedDict, total=False):
    """The settings of `Client` and `AsyncClient`, as documented there. None selects the default.

    Examples:
        >>> hasty: ClientSettings = {"timeout": 5, "max_attempts": 1}
        >>> sandbox.client(**hasty).search().count()
        0
    """

    timeout: float | timedelta | None
    deadline: float | timedelta | None
    max_attempts: int | None
    requests_per_minute: int | None
    max_body_size: int | None
    proxy: str | None
    ca_file: str | PathLike[str] | None
    allow_http: bool | None
