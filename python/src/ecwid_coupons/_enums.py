# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

"""The values that the API has names for. A store may send others, which are texts like these."""

from typing import Final, Literal, TypeAlias

__all__ = [
    "ApplicationLimit",
    "ApplicationLimitValue",
    "CouponField",
    "CouponStatus",
    "CouponStatusValue",
    "DiscountType",
    "DiscountTypeValue",
    "UsesLimit",
    "UsesLimitValue",
]


class ApplicationLimit:
    """Which customers can use a coupon.

    Example:
        >>> ApplicationLimit.UNLIMITED
        'UNLIMITED'
    """

    UNLIMITED: Final = "UNLIMITED"
    """Every customer."""
    NEW_CUSTOMER_ONLY: Final = "NEW_CUSTOMER_ONLY"
    """Customers without an order in the store."""
    REPEAT_CUSTOMER_ONLY: Final = "REPEAT_CUSTOMER_ONLY"
    """Customers with an order in the store."""


ApplicationLimitValue: TypeAlias = Literal["UNLIMITED", "NEW_CUSTOMER_ONLY", "REPEAT_CUSTOMER_ONLY"] | str
"""A value of `ApplicationLimit`, or one that this version does not know."""


class CouponStatus:
    """Whether a coupon works.

    Example:
        >>> CouponStatus.ACTIVE
        'ACTIVE'
    """

    ACTIVE: Final = "ACTIVE"
    """The coupon can be used."""
    PAUSED: Final = "PAUSED"
    """The store's owner switched the coupon off."""
    EXPIRED: Final = "EXPIRED"
    """Its `expirationDate` has passed. Set by the store only."""
    USED_UP: Final = "USEDUP"
    """A coupon for a single use was used. Set by the store only."""


CouponStatusValue: TypeAlias = Literal["ACTIVE", "PAUSED", "EXPIRED", "USEDUP"] | str
"""A value of `CouponStatus`, or one that this version does not know."""


class DiscountType:
    """What a coupon takes off. A new coupon that names none is ABS.

    Example:
        >>> DiscountType.ABS
        'ABS'
    """

    ABS: Final = "ABS"
    """A fixed amount of the store's currency off the subtotal."""
    PERCENT: Final = "PERCENT"
    """A percentage off the subtotal."""
    SHIPPING: Final = "SHIPPING"
    """Free shipping."""
    ABS_AND_SHIPPING: Final = "ABS_AND_SHIPPING"
    """A fixed amount of the store's currency off the subtotal, and free shipping."""
    PERCENT_AND_SHIPPING: Final = "PERCENT_AND_SHIPPING"
    """A percentage off the subtotal, and free shipping."""


DiscountTypeValue: TypeAlias = Literal["ABS", "PERCENT", "SHIPPING", "ABS_AND_SHIPPING", "PERCENT_AND_SHIPPING"] | str
"""A value of `DiscountType`, or one that this version does not know."""


class UsesLimit:
    """How often a coupon can be used.

    Example:
        >>> UsesLimit.UNLIMITED
        'UNLIMITED'
    """

    UNLIMITED: Final = "UNLIMITED"
    """Any number of times."""
    ONCE_PER_CUSTOMER: Final = "ONCEPERCUSTOMER"
    """Once by each customer."""
    SINGLE: Final = "SINGLE"
    """Once in all."""


UsesLimitValue: TypeAlias = Literal["UNLIMITED", "ONCEPERCUSTOMER", "SINGLE"] | str
"""A value of `UsesLimit`, or one that this version does not know."""


CouponField: TypeAlias = Literal[
    "id",
    "name",
    "code",
    "discount_type",
    "status",
    "discount",
    "launch_date",
    "expiration_date",
    "total_limit",
    "uses_limit",
    "application_limit",
    "repeat_customer_only",
    "creation_date",
    "update_date",
    "order_count",
    "catalog_limit",
    "shipping_limit",
] | Literal[
    "catalog_limit.products",
    "catalog_limit.categories",
    "shipping_limit.shipping_methods",
]
"""The name of a field, to ask for some and not for all."""
