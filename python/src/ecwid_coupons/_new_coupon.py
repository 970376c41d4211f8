# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

"""A coupon to create, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypedDict, Unpack

from ._arguments import check_type
from ._enums import ApplicationLimitValue, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._models import CatalogLimit, ShippingLimit
from ._types import Amount, Instant

__all__ = ["NewCoupon", "NewCouponFields", "fields_of"]


class NewCouponFields(TypedDict, total=False):
    """The fields of a `NewCoupon` that are not in the name of its constructor."""

    status: CouponStatusValue | None
    launch_date: Instant | None
    expiration_date: Instant | None
    total_limit: Amount | None
    uses_limit: UsesLimitValue | None
    application_limit: ApplicationLimitValue | None
    repeat_customer_only: bool | None
    order_count: int | None
    catalog_limit: CatalogLimit | Mapping[str, Any] | None
    shipping_limit: ShippingLimit | Mapping[str, Any] | None
    extra: Mapping[str, Any] | None


class NewCoupon(dict[str, Any]):
    """A coupon to create: for `create` and `create_or_get`, and a row of `create_many`.

    It is a dict of the fields that are set.

    Args:
        name: The coupon's name, shown on the storefront.
        code: The code a customer types at the checkout. Unique in the store, whatever its letter case.
        discount_type: What the coupon takes off. ABS: A fixed amount of the store's currency off the subtotal. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: A fixed amount of the store's currency off the subtotal, and free shipping. PERCENT_AND_SHIPPING: A percentage off the subtotal, and free shipping. Defaults to ABS.
        status: Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others. ACTIVE: The coupon can be used. PAUSED: The store's owner switched the coupon off. EXPIRED: Its `expirationDate` has passed. Set by the store only. USEDUP: A coupon for a single use was used. Set by the store only. Defaults to ACTIVE.
        discount: How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT. Defaults to 0.
        launch_date: From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
        expiration_date: Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
        total_limit: The smallest order subtotal the coupon works for, in the store's currency.
        uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once by each customer. SINGLE: Once in all. Defaults to UNLIMITED.
        application_limit: Which customers can use the coupon. UNLIMITED: Every customer. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store. Defaults to UNLIMITED.
        repeat_customer_only: Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
        order_count: How many orders used the coupon. Defaults to 0.
        catalog_limit: The products and categories the coupon works for; all of them when absent or empty.
        shipping_limit: The shipping methods the coupon works for; all of them when absent or empty.
        extra: Fields that this version does not know, by their names in the API.

    Example:
        >>> ten = NewCoupon.percent("10% OFF", "TEN", 10, uses_limit="SINGLE")
        >>> ten["discount_type"], ten["uses_limit"]
        ('PERCENT', 'SINGLE')
        >>> ten == NewCoupon(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10, uses_limit="SINGLE")
        True
    """

    def __init__(
        self,
        *,
        name: str,
        code: str,
        discount_type: DiscountTypeValue | None = None,
        status: CouponStatusValue | None = None,
        discount: Amount | None = None,
        launch_date: Instant | None = None,
        expiration_date: Instant | None = None,
        total_limit: Amount | None = None,
        uses_limit: UsesLimitValue | None = None,
        application_limit: ApplicationLimitValue | None = None,
        repeat_customer_only: bool | None = None,
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Makes one; nothing is sent."""
        values: dict[str, Any] = {
            "name": name,
            "code": code,
            "discount_type": discount_type,
            "status": status,
            "discount": discount,
            "launch_date": launch_date,
            "expiration_date": expiration_date,
            "total_limit": total_limit,
            "uses_limit": uses_limit,
            "application_limit": application_limit,
            "repeat_customer_only": repeat_customer_only,
            "order_count": order_count,
            "catalog_limit": catalog_limit,
            "shipping_limit": shipping_limit,
            "extra": extra,
        }
        super().__init__((name, value) for name, value in values.items() if value is not None)

    @classmethod
    def percent(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon that takes a percentage off the subtotal.

        Example:
            >>> coupons.create(NewCoupon.percent("10% OFF", "TEN", 10)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="PERCENT", discount=discount, **fields)

    @classmethod
    def absolute(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon that takes an amount of the store's currency off the subtotal.

        Example:
            >>> coupons.create(NewCoupon.absolute("5 off", "FIVE", "5.00", total_limit=50)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="ABS", discount=discount, **fields)

    @classmethod
    def free_shipping(cls, name: str, code: str, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon for free shipping.

        Example:
            >>> coupons.create(NewCoupon.free_shipping("Free shipping", "SHIP")).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="SHIPPING", **fields)


def fields_of(coupon: NewCoupon | None, values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a coupon to create, which are given as a whole or one by one.

    Raises:
        TypeError: It is no `NewCoupon`, or both are given.
    """
    if coupon is None:
        return values
    check_type("coupon", coupon, NewCoupon, "a NewCoupon")
    for name, value in values.items():
        if value is not None:
            raise TypeError(f"{name}: it is given besides a NewCoupon; give it to the NewCoupon")
    return coupon
