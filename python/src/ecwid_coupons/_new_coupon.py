# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

"""The coupon to create."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypedDict, Unpack, overload

from ._arguments import check_type
from ._deprecated import deprecated, warn_deprecated
from ._enums import ApplicationLimitValue, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._models import CatalogLimit, ShippingLimit
from ._types import Amount, Instant

__all__ = ["NewCoupon", "NewCouponFields", "fields_of"]


class NewCouponFields(TypedDict, total=False):
    """The optional fields of the constructors of `NewCoupon`."""

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
    """A coupon to create, for `create`, `create_or_get` and the rows of `create_many`.

    It is a dict of the fields that are set.

    Args:
        name: The name of the coupon, shown on the storefront.
        code: The code that customers enter at checkout. It is unique within the store, regardless of letter case.
        discount_type: The type of the discount. ABS: A fixed amount off the subtotal, in the store's currency. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: Free shipping and a fixed amount off the subtotal, in the store's currency. PERCENT_AND_SHIPPING: Free shipping and a percentage off the subtotal. Defaults to ABS.
        status: Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values. ACTIVE: The coupon can be used. PAUSED: The store owner paused the coupon. EXPIRED: The `expirationDate` has passed. Only the store sets this value. USEDUP: The coupon had a single use and was used. Only the store sets this value. Defaults to ACTIVE.
        discount: The amount of the discount, in the store's currency for ABS and in percent for PERCENT. Defaults to 0.
        launch_date: The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
        expiration_date: The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
        total_limit: The minimum order subtotal for the coupon, in the store's currency.
        uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once per customer. SINGLE: Once in total. Defaults to UNLIMITED.
        application_limit: Which customers can use the coupon. UNLIMITED: All customers. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store. Defaults to UNLIMITED.
        repeat_customer_only: Whether only customers with previous orders can use the coupon. Deprecated: use `applicationLimit`, which takes precedence.
        order_count: The number of orders that used the coupon. Defaults to 0.
        catalog_limit: The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
        shipping_limit: The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
        extra: Extra fields, which this version does not know, by their names in the API.

    Examples:
        >>> ten = NewCoupon.percent("10% OFF", "TEN", 10, uses_limit="SINGLE")
        >>> ten["discount_type"], ten["uses_limit"]
        ('PERCENT', 'SINGLE')
        >>> ten == NewCoupon(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10, uses_limit="SINGLE")
        True
    """

    @overload
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None: ...

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
        """Makes a coupon without sending a request."""
        if repeat_customer_only is not None:
            warn_deprecated("repeat_customer_only", "use `applicationLimit`, which takes precedence")
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
        """Makes a coupon with a percentage off the subtotal.

        Examples:
            >>> coupons.create(NewCoupon.percent("10% OFF", "TEN", 10)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="PERCENT", discount=discount, **fields)

    @classmethod
    def absolute(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon with a fixed amount off the subtotal, in the store's currency.

        Examples:
            >>> coupons.create(NewCoupon.absolute("5 off", "FIVE", "5.00", total_limit=50)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="ABS", discount=discount, **fields)

    @classmethod
    def free_shipping(cls, name: str, code: str, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon with free shipping.

        Examples:
            >>> coupons.create(NewCoupon.free_shipping("Free shipping", "SHIP")).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="SHIPPING", **fields)


def fields_of(coupon: NewCoupon | None, values: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields of a coupon to create, given as a `NewCoupon` or as arguments.

    Raises:
        TypeError: `coupon` is not a `NewCoupon`, or both forms are given.
    """
    if coupon is None:
        return values
    check_type("coupon", coupon, NewCoupon, "a NewCoupon")
    for name, value in values.items():
        if value is not None:
            raise TypeError(f"unexpected argument with a NewCoupon: `{name}`; hint: set it on the NewCoupon")
    return coupon
