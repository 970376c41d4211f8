# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

"""The known values of the enums of the API. A store can send other values, which are strings too."""

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

    Examples:
        >>> ApplicationLimit.UNLIMITED
        'UNLIMITED'
    """

    UNLIMITED: Final = "UNLIMITED"
    """All customers."""
    NEW_CUSTOMER_ONLY: Final = "NEW_CUSTOMER_ONLY"
    """Customers without an order in the store."""
    REPEAT_CUSTOMER_ONLY: Final = "REPEAT_CUSTOMER_ONLY"
    """Customers with an order in the store."""


ApplicationLimitValue: TypeAlias = Literal["UNLIMITED", "NEW_CUSTOMER_ONLY", "REPEAT_CUSTOMER_ONLY"] | str
"""A value of `ApplicationLimit`, or a string that this version does not know."""


class CouponStatus:
    """Whether a coupon can be used.

    Examples:
        >>> CouponStatus.ACTIVE
        'ACTIVE'
    """

    ACTIVE: Final = "ACTIVE"
    """The coupon can be used."""
    PAUSED: Final = "PAUSED"
    """The store owner paused the coupon."""
    EXPIRED: Final = "EXPIRED"
    """The `expirationDate` has passed. Only the store sets this value."""
    USED_UP: Final = "USEDUP"
    """The coupon had a single use and was used. Only the store sets this value."""


CouponStatusValue: TypeAlias = Literal["ACTIVE", "PAUSED", "EXPIRED", "USEDUP"] | str
"""A value of `CouponStatus`, or a string that this version does not know."""


class DiscountType:
    """The type of a discount. Defaults to ABS for a new coupon.

    Examples:
        >>> DiscountType.ABS
        'ABS'
    """

    ABS: Final = "ABS"
    """A fixed amount off the subtotal, in the store's currency."""
    PERCENT: Final = "PERCENT"
    """A percentage off the subtotal."""
    SHIPPING: Final = "SHIPPING"
    """Free shipping."""
    ABS_AND_SHIPPING: Final = "ABS_AND_SHIPPING"
    """Free shipping and a fixed amount off the subtotal, in the store's currency."""
    PERCENT_AND_SHIPPING: Final = "PERCENT_AND_SHIPPING"
    """Free shipping and a percentage off the subtotal."""


DiscountTypeValue: TypeAlias = Literal["ABS", "PERCENT", "SHIPPING", "ABS_AND_SHIPPING", "PERCENT_AND_SHIPPING"] | str
"""A value of `DiscountType`, or a string that this version does not know."""


class UsesLimit:
    """How often a coupon can be used.

    Examples:
        >>> UsesLimit.UNLIMITED
        'UNLIMITED'
    """

    UNLIMITED: Final = "UNLIMITED"
    """Any number of times."""
    ONCE_PER_CUSTOMER: Final = "ONCEPERCUSTOMER"
    """Once per customer."""
    SINGLE: Final = "SINGLE"
    """Once in total."""


UsesLimitValue: TypeAlias = Literal["UNLIMITED", "ONCEPERCUSTOMER", "SINGLE"] | str
"""A value of `UsesLimit`, or a string that this version does not know."""


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
"""The name of a field to return."""
