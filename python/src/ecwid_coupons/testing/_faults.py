"""What a sandbox makes go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, get_args

from . import _wire

__all__ = [
    "ContentType",
    "Drip",
    "Duplicate",
    "Effect",
    "Fault",
    "FaultReport",
    "Html",
    "Latency",
    "ResetAfter",
    "ResetBefore",
    "StaleRead",
    "Status",
    "Truncate",
]


@dataclass(frozen=True, slots=True)
class Latency:
    """The response is delayed. Another effect can be added to it.

    Example:
        >>> _ = sandbox.add_fault(Latency(milliseconds=50, jitter_milliseconds=10))
        >>> coupons.search().count()
        0
    """

    kind: ClassVar[str] = "latency"
    milliseconds: int
    """How long the delay is."""
    jitter_milliseconds: int = 0
    """The largest random delay that is added."""


@dataclass(frozen=True, slots=True)
class Status:
    """The response is an error.

    Example:
        >>> _ = sandbox.add_fault(Status(503, retry_after=1))
        >>> try:
        ...     coupons.search().count()
        ... except EcwidError as error:
        ...     type(error).__name__
        'ServerError'
    """

    kind: ClassVar[str] = "status"
    status: int
    """The HTTP status, from 300 to 599."""
    code: str | None = None
    """The ``errorCode``."""
    retry_after: int | None = None
    """The ``Retry-After`` header, in seconds."""
    after_work: bool = False
    """Whether the request takes effect."""


@dataclass(frozen=True, slots=True)
class ResetBefore:
    """The connection is reset before the request takes effect.

    Example:
        >>> _ = sandbox.add_fault(ResetBefore())
        >>> try:
        ...     coupons.search().count()
        ... except EcwidError as error:
        ...     type(error).__name__
        'APIConnectionError'
    """

    kind: ClassVar[str] = "resetBefore"


@dataclass(frozen=True, slots=True)
class ResetAfter:
    """The connection is reset after the request took effect.

    Example:
        >>> _ = sandbox.add_fault(ResetAfter(), operations=["create_discount_coupon"], times=1)
        >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
        'already_exists'
    """

    kind: ClassVar[str] = "resetAfter"


@dataclass(frozen=True, slots=True)
class Truncate:
    """The response body is cut off.

    Example:
        >>> _ = sandbox.add_fault(Truncate(bytes=10))
        >>> try:
        ...     coupons.search().count()
        ... except EcwidError as error:
        ...     type(error).__name__
        'APIConnectionError'
    """

    kind: ClassVar[str] = "truncate"
    bytes: int
    """How many bytes of the body are sent."""


@dataclass(frozen=True, slots=True)
class ContentType:
    """The response declares another content type.

    Example:
        >>> _ = sandbox.add_fault(ContentType("text/plain"))
        >>> coupons.search().count()  # read all the same
        0
    """

    kind: ClassVar[str] = "contentType"
    content_type: str
    """The content type, such as ``text/plain``."""


@dataclass(frozen=True, slots=True)
class Html:
    """The request takes effect, and the response is an HTML page, as from a proxy.

    Example:
        >>> _ = sandbox.add_fault(Html(status=502))
        >>> try:
        ...     coupons.search().count()
        ... except EcwidError as error:
        ...     type(error).__name__
        'ServerError'
    """

    kind: ClassVar[str] = "html"
    status: int
    """The HTTP status, from 200 to 599."""


@dataclass(frozen=True, slots=True)
class Drip:
    """The response body is sent in small parts.

    Example:
        >>> _ = sandbox.add_fault(Drip(bytes=64, milliseconds=1))
        >>> coupons.search().count()
        0
    """

    kind: ClassVar[str] = "drip"
    bytes: int
    """How many bytes a part has."""
    milliseconds: int
    """The delay before each part."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The request is processed twice, and the second response is sent.

    Example:
        >>> _ = sandbox.add_fault(Duplicate(), operations=["delete_discount_coupon"])
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     print(coupons.delete("TEN").delete_count)
        ... except EcwidError as error:
        ...     type(error).__name__
        0
    """

    kind: ClassVar[str] = "duplicate"


@dataclass(frozen=True, slots=True)
class StaleRead:
    """Reads do not see the last writes of coupons, as from a replica that lags behind.

    Example:
        >>> _ = sandbox.add_fault(StaleRead(milliseconds=1000))
        >>> coupons.search().count()
        0
    """

    kind: ClassVar[str] = "staleRead"
    milliseconds: int
    """How far reads lag behind, at most 60000."""


Effect: TypeAlias = (
    Latency | Status | ResetBefore | ResetAfter | Truncate | ContentType | Html | Drip | Duplicate | StaleRead
)
"""What goes wrong."""

_KINDS: dict[str, type[Effect]] = {kind.kind: kind for kind in get_args(Effect)}

EFFECTS = (*_KINDS.values(), Mapping)
"""The classes of effects; one that this version does not know is as the control API has it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and with which requests.

    Example:
        >>> fault = sandbox.add_fault(Status(503), operations=["get_discount_coupon"], times=2)
        >>> fault.effect, fault.times
        (Status(status=503, code=None, retry_after=None, after_work=False), 2)
    """

    effect: Effect | Mapping[str, Any]
    """What goes wrong. One that this version does not know is as the control API has it."""
    operations: Sequence[str] = ()
    """The operations that it is for, such as ``"create_discount_coupon"``; all of them when there are none."""
    skip: int = 0
    """How many of their requests go well first."""
    times: int | None = None
    """How often it comes about; without end unless set."""
    probability: float = 1.0
    """How likely it is for each request, from 0 to 1."""
    seed: int | None = None
    """What its chances are drawn from; the same seed gives the same faults. One is chosen and told unless set."""

    def _to_json(self) -> dict[str, Any]:
        effect = self.effect
        told = dict(effect) if isinstance(effect, Mapping) else {"kind": effect.kind, **_wire.to_json(effect)}
        return {**_wire.to_json(self), "effect": told}

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> Fault:
        effect = found["effect"]
        kind = _KINDS.get(effect["kind"])
        return _wire.from_json(
            cls,
            found,
            effect=effect if kind is None else _wire.from_json(kind, effect),
            operations=tuple(found["operations"]),
            probability=float(found["probability"]),
        )


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault, and how often it came about.

    Example:
        >>> _ = sandbox.add_fault(Status(503), times=1)
        >>> coupons.search().count()  # sent again by the client
        0
        >>> [(report.matched, report.fired) for report in sandbox.faults()]
        [(2, 1)]
    """

    fault: Fault
    """The fault, with the seed that it has."""
    matched: int
    """How many requests it could have been for."""
    fired: int
    """How many it was for."""

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> FaultReport:
        return _wire.from_json(cls, found, fault=Fault._from_json(found["fault"]))
