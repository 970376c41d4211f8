"""Orders that are placed in a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ecwid_coupons._types import Amount

from . import _wire

__all__ = ["OrderItem", "PlacedItem", "PlacedOrder", "Shipping"]


@dataclass(frozen=True, slots=True)
class OrderItem:
    """What is bought of one product."""

    product_id: int
    """The product's id; any will do."""
    price: Amount
    """The price of one, without tax, in the store's currency."""
    quantity: int = 1
    """How many."""
    category_ids: Sequence[int] = ()
    """The categories that the product is in; 0 is the store's front page."""

    def _to_json(self) -> dict[str, Any]:
        return {**_wire.to_json(self), "price": _wire.number(self.price)}


@dataclass(frozen=True, slots=True)
class Shipping:
    """How an order is shipped."""

    shipping_method_id: str
    """The shipping method's id; any will do."""
    shipping_rate: Amount
    """What it costs without a coupon, in the store's currency."""

    def _to_json(self) -> dict[str, Any]:
        return {**_wire.to_json(self), "shippingRate": _wire.number(self.shipping_rate)}


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item of an order that was placed."""

    product_id: int
    """The product's id."""
    coupon_applied: bool
    """Whether the coupon covers it."""
    coupon_amount: Decimal
    """What the coupon takes off it, all of its quantity together."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that was placed. Amounts are in the store's currency."""

    order_number: int
    """The order's number."""
    store_id: int
    """The store that it was placed in."""
    subtotal: Decimal
    """The items without shipping."""
    coupon_discount: Decimal
    """What the coupon takes off the items."""
    shipping_discount: Decimal
    """What the coupon takes off the shipping."""
    shipping_rate: Decimal
    """What the shipping costs then."""
    total: Decimal
    """What is to be paid."""
    items: Sequence[PlacedItem] = field(default=())
    """What the coupon takes off each item, in the order of the items."""
    coupon_id: int | None = None
    """The id of the coupon that applied; None when none did."""
    coupon_code: str | None = None
    """Its code, as the store writes it."""
    reason: str | None = None
    """Why the coupon did not apply, such as ``"COUPON_EXPIRED"``, when a code was given and it did not."""
    message: str | None = None
    """The same, in words."""

    @classmethod
    def _from_json(cls, found: Mapping[str, Any]) -> PlacedOrder:
        coupon = found.get("discountCoupon") or {}
        names = ("subtotal", "coupon_discount", "shipping_discount", "shipping_rate", "total")
        return _wire.from_json(
            cls,
            found,
            items=tuple(
                _wire.from_json(PlacedItem, item, coupon_amount=Decimal(item["couponAmount"]))
                for item in found["items"]
            ),
            coupon_id=coupon.get("id"),
            coupon_code=coupon.get("code"),
            **{name: Decimal(found[_wire.json_name(name)]) for name in names},
        )
