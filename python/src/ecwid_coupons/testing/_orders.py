"""The orders of a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

from ecwid_coupons._types import Amount

from . import _wire
from ._wire import Range


@dataclass(frozen=True, slots=True)
class OrderItem:
    """An item of an order to place.

    Examples:
        >>> sandbox.place_order([OrderItem(product_id=1, price=Decimal("12.50"), quantity=2, category_ids=[0])]).total
        Decimal('25.0')
    """

    product_id: Annotated[int, Range(-(2**63), 2**63 - 1)]
    """The product's id. Any id is accepted."""
    price: Amount
    """The price of one piece without tax, in the store's currency."""
    quantity: Annotated[int, Range(1, 1_000_000)] = 1
    """The number of pieces."""
    category_ids: Sequence[Annotated[int, Range(-(2**63), 2**63 - 1)]] = ()
    """The ids of the product's categories. Category 0 is the store's front page."""

    def _to_json(self) -> dict[str, Any]:
        return {**_wire.to_json(self), "price": _wire.number(self.price)}


@dataclass(frozen=True, slots=True)
class Shipping:
    """The shipping of an order to place.

    Examples:
        >>> by_bike = Shipping(shipping_method_id="18765-1", shipping_rate=4)
        >>> sandbox.place_order([OrderItem(product_id=1, price=20)], shipping=by_bike).total
        Decimal('24')
    """

    shipping_method_id: str
    """The shipping method's id. Any id is accepted."""
    shipping_rate: Amount
    """The price without a coupon, in the store's currency."""

    def _to_json(self) -> dict[str, Any]:
        return {**_wire.to_json(self), "shippingRate": _wire.number(self.shipping_rate)}


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item of a placed order.

    Examples:
        >>> one = {"products": [1]}
        >>> _ = coupons.create(name="10%", code="TEN", discount_type="PERCENT", discount=10, catalog_limit=one)
        >>> order = sandbox.place_order([OrderItem(1, 20), OrderItem(2, 20)], coupon_code="TEN")
        >>> [(item.product_id, item.coupon_applied, item.coupon_amount) for item in order.items]
        [(1, True, Decimal('2')), (2, False, Decimal('0'))]
    """

    product_id: int
    """The product's id."""
    coupon_applied: bool
    """Whether the coupon applies to the item."""
    coupon_amount: Decimal
    """The discount on all pieces of the item."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """A placed order. Amounts are in the store's currency.

    Examples:
        >>> order = sandbox.place_order([OrderItem(product_id=1, price=20)], coupon_code="NONE")
        >>> order.subtotal, order.coupon_discount, order.reason is None
        (Decimal('20'), Decimal('0'), False)
    """

    order_number: int
    """The order's number."""
    store_id: int
    """The store's id."""
    subtotal: Decimal
    """The price of the items without shipping and discount."""
    coupon_discount: Decimal
    """The discount on the items."""
    shipping_discount: Decimal
    """The discount on the shipping."""
    shipping_rate: Decimal
    """The price of the shipping after the discount."""
    total: Decimal
    """The amount to pay."""
    items: Sequence[PlacedItem] = field(default=())
    """The items, in the order of the arguments."""
    coupon_id: int | None = None
    """The id of the applied coupon. None if no coupon applied."""
    coupon_code: str | None = None
    """The code of the applied coupon, as the store returns it."""
    reason: str | None = None
    """The reason why the coupon did not apply, such as ``"COUPON_EXPIRED"``."""
    message: str | None = None
    """The reason as a sentence."""

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
