"""The results of a sandbox's methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from . import _wire
from ._wire import Range


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of a sandbox's clock.

    Examples:
        >>> sandbox.set_time("2030-01-01 08:00:00 +0000")
        Clock(now=datetime.datetime(2030, 1, 1, 8, 0, tzinfo=datetime.timezone.utc), is_stopped=True)
    """

    now: datetime
    """The time in UTC."""
    is_stopped: bool
    """Whether the clock is stopped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The rate limits of a sandbox.

    A token that exceeds its requests per minute is blocked until it may send a request again. If it sends too many
    requests while it is blocked, it is blocked for longer. The defaults are the limits in Ecwid's documentation, except
    the length of the longer block, which is assumed.

    Examples:
        >>> sandbox.set_limits(Limits(requests_per_minute=None)).requests_per_minute is None
        True
    """

    requests_per_minute: Annotated[int, Range(0, 2**32 - 1)] | None = 600
    """The maximum number of requests of a token in any 60 seconds, or None for no limit. Further requests fail with a
    `RateLimitError`."""
    requests_per_minute_while_blocked: Annotated[int, Range(0, 2**32 - 1)] = 20
    """The maximum number of requests of a blocked token in any 60 seconds. Further requests start the longer block."""
    requests_while_blocked: Annotated[int, Range(0, 2**32 - 1)] = 600
    """The maximum number of all requests of a blocked token. Further requests start the longer block."""
    longer_block_seconds: Annotated[int, Range(0, 2**32 - 1)] = 600
    """The length of the longer block, in seconds."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notification of a webhook.

    Examples:
        >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> delivery = sandbox.deliveries()[0]
        >>> delivery.event_type, delivery.entity_id == coupons.get("TEN").id
        ('discount_coupon.created', True)
    """

    event_id: str
    """The id of the event, which is the same in all attempts."""
    event_type: str
    """The type of the event, such as ``"discount_coupon.created"``."""
    store_id: int
    """The id of the store."""
    entity_id: int
    """The id of the coupon."""
    attempts: int
    """The number of attempts so far."""
    state: Literal["PENDING", "DELIVERED", "FAILED"] | str
    """The state. A pending notification will be attempted again, and a failed one will not."""
    status: int | None = None
    """The status of the last response. None if there was no response."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that a sandbox received, and its response.

    All texts are redacted: the tokens of the sandbox, text that looks like a token, and headers, parameters and fields
    with the name of a secret.

    Examples:
        >>> coupons.delete("TEN").delete_count
        0
        >>> request = sandbox.received_requests()[-1]
        >>> request.method, request.target, request.status
        ('DELETE', '/api/v3/1003/discount_coupons/TEN', 200)
    """

    time: datetime
    """The time of the request in UTC, by the sandbox's clock."""
    elapsed: timedelta
    """The time until the response, by the machine's clock."""
    method: str
    """The method of the request."""
    target: str
    """The path and query of the request."""
    request_headers: tuple[tuple[str, str], ...]
    """The headers of the request, in the order of arrival."""
    request_body: str
    """The first 64 KiB of the request's body."""
    status: int
    """The status of the response. 0 if a fault closed the connection without a response."""
    response_body: str
    """The first 64 KiB of the response's body."""
    ignored_fields: tuple[str, ...] = ()
    """The first 100 fields in the request's body that the sandbox ignored, such as ``discount_type``."""

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
