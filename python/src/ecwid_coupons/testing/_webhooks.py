"""What became of the events that a sandbox told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event, and what became of it.

    Example:
        >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> delivery = sandbox.deliveries()[0]
        >>> delivery.event_type, delivery.entity_id == coupons.get("TEN").id
        ('discount_coupon.created', True)
    """

    event_id: str
    """The event's id, the same in all attempts."""
    event_type: str
    """What happened, such as ``"discount_coupon.created"``."""
    store_id: int
    """The store that it happened in."""
    entity_id: int
    """The coupon's id."""
    attempts: int
    """How often it was sent."""
    state: Literal["PENDING", "DELIVERED", "FAILED"] | str
    """Where it stands. A pending one is sent, or waits to be sent again; a failed one is not sent any more."""
    status: int | None = None
    """What the URL answered last; None when it did not."""
