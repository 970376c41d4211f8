"""Orders that are placed in a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ecwid_coupons._types import Amount

from . import _wire


@dataclass(frozen=True, slots=True)
class OrderItem:
    """What is bought of one product.

    Example:
        >>> sandbox.place_order([OrderItem(product_id=1, price=Decimal("12.50"), quantity=2, category_ids=[0])]).total
        Decimal('25.0')
    """

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
    """How an order is shipped.

    Example:
        >>> by_bike = Shipping(shipping_method_id="18765-1", shipping_rate=4)
        >>> sandbox.place_order([OrderItem(product_id=1, price=20)], shipping=by_bike).total
        Decimal('24')
    """

    shipping_method_id: str
    """The shipping method's id; any will do."""
    shipping_rate: Amount
    """What it costs without a coupon, in the store's currency."""

    def _to_json(self) -> dict[str, Any]:
        return {**_wire.to_json(self), "shippingRate": _wire.number(self.shipping_rate)}


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item of an order that was placed.

    Example:
        >>> one = {"products": [1]}
        >>> _ = coupons.create(name="10%", code="TEN", discount_type="PERCENT", discount=10, catalog_limit=one)
        >>> order = sandbox.place_order([OrderItem(1, 20), OrderItem(2, 20)], coupon_code="TEN")
        >>> [(item.product_id, item.coupon_applied, item.coupon_amount) for item in order.items]
        [(1, True, Decimal('2')), (2, False, Decimal('0'))]
    """

    product_id: int
    """The product's id."""
    coupon_applied: bool
    """Whether the coupon covers it."""
    coupon_amount: Decimal
    """What the coupon takes off it, all of its quantity together."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that was placed. Amounts are in the store's currency.

    Example:
        >>> order = sandbox.place_order([OrderItem(product_id=1, price=20)], coupon_code="NONE")
        >>> order.subtotal, order.coupon_discount, order.reason is None
        (Decimal('20'), Decimal('0'), False)
    """

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
