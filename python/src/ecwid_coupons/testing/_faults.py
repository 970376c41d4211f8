"""The faults of a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, get_args

from . import _wire
from ._wire import Range


@dataclass(frozen=True, slots=True)
class Latency:
    """The response is delayed. A delay can be combined with one other fault on the same request.

    Examples:
        >>> _ = sandbox.add_fault(Latency(milliseconds=50, jitter_milliseconds=10))
        >>> coupons.search().count()
        0
    """

    milliseconds: Annotated[int, Range(0, 3600000)]
    """The length of the delay."""
    jitter_milliseconds: Annotated[int, Range(0, 3600000)] = 0
    """The maximum random delay that is added."""


@dataclass(frozen=True, slots=True)
class Status:
    """The response is an error.

    Examples:
        >>> _ = sandbox.add_fault(Status(503, retry_after=1), times=1)
        >>> coupons.search().count(), sandbox.faults()[0].fired  # the client retries the request
        (0, 1)
    """

    status: Annotated[int, Range(300, 599)]
    """The HTTP status, from 300 to 599."""
    code: str | None = None
    """The ``errorCode``."""
    retry_after: Annotated[int, Range(0)] | None = None
    """The ``Retry-After`` header, in seconds."""
    after_work: bool = False
    """Whether the request takes effect before the error is returned."""


@dataclass(frozen=True, slots=True)
class ResetBefore:
    """The connection is reset before the request takes effect.

    Examples:
        >>> _ = sandbox.add_fault(ResetBefore(), times=1)
        >>> coupons.search().count(), sandbox.faults()[0].fired  # the client retries the request
        (0, 1)
    """


@dataclass(frozen=True, slots=True)
class ResetAfter:
    """The connection is reset after the request took effect.

    Examples:
        >>> _ = sandbox.add_fault(ResetAfter(), operations=["create_discount_coupon"], times=1)
        >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
        'recovered'
    """


@dataclass(frozen=True, slots=True)
class Truncate:
    """The response body is cut off.

    Examples:
        >>> _ = sandbox.add_fault(Truncate(bytes=10), times=1)
        >>> coupons.search().count(), sandbox.faults()[0].fired  # the client retries the request
        (0, 1)
    """

    bytes: Annotated[int, Range(0)]
    """The number of bytes of the body that are sent."""


@dataclass(frozen=True, slots=True)
class ContentType:
    """The response declares another content type.

    Examples:
        >>> _ = sandbox.add_fault(ContentType("text/plain"))
        >>> coupons.search().count()  # the client reads it nevertheless
        0
    """

    content_type: str
    """The content type, such as ``text/plain``."""


@dataclass(frozen=True, slots=True)
class Html:
    """The request takes effect, and the response is an HTML page, as from a proxy.

    Examples:
        >>> _ = sandbox.add_fault(Html(status=502), times=1)
        >>> coupons.search().count(), sandbox.faults()[0].fired  # the client retries the request
        (0, 1)
    """

    status: Annotated[int, Range(200, 599)]
    """The HTTP status, from 200 to 599."""


@dataclass(frozen=True, slots=True)
class Drip:
    """The response body is sent in small parts.

    Examples:
        >>> _ = sandbox.add_fault(Drip(bytes=64, milliseconds=1))
        >>> coupons.search().count()
        0
    """

    bytes: Annotated[int, Range(1)]
    """The number of bytes in a part."""
    milliseconds: Annotated[int, Range(0, 3600000)]
    """The delay before each part."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The request is processed twice, and the second response is sent.

    Examples:
        >>> _ = sandbox.add_fault(Duplicate(), operations=["delete_discount_coupon"])
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     print(coupons.delete("TEN").delete_count)
        ... except EcwidError as error:
        ...     type(error).__name__
        0
    """


@dataclass(frozen=True, slots=True)
class StaleRead:
    """Reads return data from before the last writes of coupons, as if they came from a lagging replica.

    Examples:
        >>> _ = sandbox.add_fault(StaleRead(milliseconds=1000))
        >>> coupons.search().count()
        0
    """

    milliseconds: Annotated[int, Range(0, 60000)]
    """The lag of reads behind writes, at most 60000."""


Effect: TypeAlias = (
    Latency | Status | ResetBefore | ResetAfter | Truncate | ContentType | Html | Drip | Duplicate | StaleRead
)
"""The effect of a fault: what happens to a request or its response."""

EFFECTS: tuple[type[Effect], ...] = get_args(Effect)


def _kind(effect: type[Effect]) -> str:
    return effect.__name__[0].lower() + effect.__name__[1:]


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that a sandbox causes on demand.

    Examples:
        >>> fault = sandbox.add_fault(Status(503), operations=["get_discount_coupon"], times=2)
        >>> fault.effect, fault.times
        (Status(status=503, code=None, retry_after=None, after_work=False), 2)
    """

    effect: Effect | Mapping[str, Any]
    """The effect. An effect that this version does not know is a mapping with the names of the control API."""
    operations: Sequence[str] = ()
    """The operations that are affected, such as ``"create_discount_coupon"``. Empty for all operations."""
    skip: Annotated[int, Range(0, 2**32 - 1)] = 0
    """The number of matching requests that are let through first."""
    times: Annotated[int, Range(0, 2**32 - 1)] | None = None
    """The maximum number of times that the fault fires. None for no limit."""
    probability: float = 1.0
    """The probability that the fault fires for a matching request, from 0 to 1."""
    seed: Annotated[int, Range(0, 2**63 - 1)] | None = None
    """The seed of the random choices. The same seed gives the same choices. By default, the sandbox chooses one."""

    def _to_json(self) -> dict[str, Any]:
        effect = self.effect
        sent = effect if isinstance(effect, Mapping) else {"kind": _kind(type(effect)), **_wire.to_json(effect)}
        return {**_wire.to_json(self), "effect": dict(sent)}

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> Fault:
        effect = found["effect"]
        kind = next((kind for kind in EFFECTS if _kind(kind) == effect["kind"]), None)
        return _wire.from_json(
            cls,
            found,
            effect=effect if kind is None else _wire.from_json(kind, effect),
            operations=tuple(found["operations"]),
            probability=float(found["probability"]),
        )


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault and how often it fired.

    Examples:
        >>> _ = sandbox.add_fault(Status(503), times=1)
        >>> coupons.search().count()  # the client retries the request
        0
        >>> [(report.matched, report.fired) for report in sandbox.faults()]
        [(2, 1)]
    """

    fault: Fault
    """The fault, with its seed."""
    matched: int
    """The number of requests that matched the fault."""
    fired: int
    """The number of requests that the fault fired for."""

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> FaultReport:
        return _wire.from_json(cls, found, fault=Fault._from_json(found["fault"]))
