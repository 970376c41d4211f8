"""Requests that a sandbox received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import _wire


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that a sandbox received, and its response.

    Tokens are left out of all its texts: those of the sandbox, what looks like one of a store, and the values of
    headers, parameters and fields whose names say that they are secret.

    Example:
        >>> coupons.delete("TEN").delete_count
        0
        >>> request = sandbox.received_requests()[-1]
        >>> request.method, request.target, request.status
        ('DELETE', '/api/v3/1003/discount_coupons/TEN', 200)
    """

    time: datetime
    """When the request came, by the sandbox's clock, in UTC."""
    elapsed: timedelta
    """How long the response took, by the machine's time."""
    method: str
    """The request's method."""
    target: str
    """The request's path and query."""
    request_headers: tuple[tuple[str, str], ...]
    """The request's headers in the order of arrival."""
    request_body: str
    """The request's body, the first 64 KiB of it."""
    status: int
    """The response's status; 0 if a fault closed the connection without a response."""
    response_body: str
    """The response's body, the first 64 KiB of it."""
    ignored_fields: tuple[str, ...] = ()
    """The fields of the request's body that the sandbox ignored, such as ``discount_type``; at most 100 of them."""

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> RecordedRequest:
        return _wire.from_json(
            cls,
            found,
            time=datetime.fromisoformat(found["time"]),
            elapsed=timedelta(milliseconds=float(found["milliseconds"])),
            request_headers=tuple((name, value) for name, value in found["requestHeaders"]),
            ignored_fields=tuple(found.get("ignoredFields", ())),
        )
