"""What a client of a sandbox can be told."""

from __future__ import annotations

from datetime import timedelta
from os import PathLike
from typing import TypedDict

__all__ = ["ClientSettings"]


class ClientSettings(TypedDict, total=False):
    """The settings of `Client` and `AsyncClient` that are not the sandbox's own; each is as there unless given.

    Example:
        >>> hasty: ClientSettings = {"timeout": 5, "max_attempts": 1}
        >>> sandbox.client(**hasty).search().count()
        0
    """

    timeout: float | timedelta | None
    """How long one attempt may take, in seconds."""
    deadline: float | timedelta | None
    """How long a whole call may take, in seconds."""
    max_attempts: int | None
    """How often a request is sent at most."""
    requests_per_minute: int
    """How many requests are sent in any 60 seconds at most; as many as the sandbox takes now unless given."""
    max_body_size: int | None
    """The most bytes of an answer that are read."""
    proxy: str | None
    """The address of the proxy that requests go through; none unless given."""
    ca_file: str | PathLike[str] | None
    """A file of root certificates, as PEM, to trust besides the system's."""
    allow_http: bool | None
    """Whether the proxy may be on another machine, to which the token goes unencrypted."""
