# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

"""The objects of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, final

from ._enums import ApplicationLimitValue, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._types import Amount, Instant

__all__ = ["CatalogLimit", "Coupon", "DeleteResult", "ShippingLimit", "UpdateResult"]

@final
class Coupon:
    """A discount coupon. Every field may be missing, since `responseFields` can leave any of them out.

    Example:
        >>> Coupon(id=1).id
        1
    """

    __match_args__: ClassVar[tuple[str, str, str, str, str, str, str, str, str, str, str, str, str, str, str, str, str]]
    def __new__(
        cls,
        *,
        id: int | None = None,
        name: str | None = None,
        code: str | None = None,
        discount_type: DiscountTypeValue | None = None,
        status: CouponStatusValue | None = None,
        discount: Amount | None = None,
        launch_date: Instant | None = None,
        expiration_date: Instant | None = None,
        total_limit: Amount | None = None,
        uses_limit: UsesLimitValue | None = None,
        application_limit: ApplicationLimitValue | None = None,
        repeat_customer_only: bool | None = None,
        creation_date: Instant | None = None,
        update_date: Instant | None = None,
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def id(self) -> int | None:
        """The coupon's id, given by the store."""

    @property
    def name(self) -> str | None:
        """The coupon's name, shown on the storefront."""

    @property
    def code(self) -> str | None:
        """The code a customer types at the checkout. Unique in the store, whatever its letter case."""

    @property
    def discount_type(self) -> DiscountTypeValue | None:
        """What the coupon takes off."""

    @property
    def status(self) -> CouponStatusValue | None:
        """Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others."""

    @property
    def discount(self) -> Decimal | None:
        """How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT."""

    @property
    def launch_date(self) -> datetime | None:
        """From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC."""

    @property
    def expiration_date(self) -> datetime | None:
        """Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC."""

    @property
    def total_limit(self) -> Decimal | None:
        """The smallest order subtotal the coupon works for, in the store's currency."""

    @property
    def uses_limit(self) -> UsesLimitValue | None:
        """How often the coupon can be used."""

    @property
    def application_limit(self) -> ApplicationLimitValue | None:
        """Which customers can use the coupon."""

    @property
    def repeat_customer_only(self) -> bool | None:
        """Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it."""

    @property
    def creation_date(self) -> datetime | None:
        """When the coupon was created."""

    @property
    def update_date(self) -> datetime | None:
        """When the coupon was last changed."""

    @property
    def order_count(self) -> int | None:
        """How many orders used the coupon."""

    @property
    def catalog_limit(self) -> CatalogLimit | None:
        """The products and categories the coupon works for; all of them when absent or empty."""

    @property
    def shipping_limit(self) -> ShippingLimit | None:
        """The shipping methods the coupon works for; all of them when absent or empty."""

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """The object as JSON, with every digit and unknown field as they came.

        Example:
            >>> Coupon(id=1).to_json()
            '{"id":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> Coupon:
        """Reads one from JSON.

        Raises:
            TypeError: It is neither text nor bytes.
            ValueError: It is no JSON of one; the error says where.

        Example:
            >>> Coupon.from_json('{"id":1}') == Coupon(id=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, by name; the unknown ones under ``extra``.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> Coupon(id=1).to_dict()
            {'id': 1}
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class CatalogLimit:
    """The products and categories a coupon works for.

    Example:
        >>> CatalogLimit(products=[1]).products
        (1,)
    """

    __match_args__: ClassVar[tuple[str, str]]
    def __new__(
        cls,
        *,
        products: Sequence[int] | None = None,
        categories: Sequence[int] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def products(self) -> tuple[int, ...] | None:
        """Ids of the products."""

    @property
    def categories(self) -> tuple[int, ...] | None:
        """Ids of the categories. Category 0 is the store's front page."""

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """The object as JSON, with every digit and unknown field as they came.

        Example:
            >>> CatalogLimit(products=[1]).to_json()
            '{"products":[1]}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> CatalogLimit:
        """Reads one from JSON.

        Raises:
            TypeError: It is neither text nor bytes.
            ValueError: It is no JSON of one; the error says where.

        Example:
            >>> CatalogLimit.from_json('{"products":[1]}') == CatalogLimit(products=[1])
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, by name; the unknown ones under ``extra``.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> CatalogLimit(products=[1]).to_dict()
            {'products': (1,)}
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class ShippingLimit:
    """The shipping methods a coupon works for.

    Example:
        >>> ShippingLimit(shipping_methods=["A"]).shipping_methods
        ('A',)
    """

    __match_args__: ClassVar[tuple[str]]
    def __new__(
        cls,
        *,
        shipping_methods: Sequence[str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def shipping_methods(self) -> tuple[str, ...] | None:
        """Ids of the shipping methods, such as `18765-8651899366181`."""

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """The object as JSON, with every digit and unknown field as they came.

        Example:
            >>> ShippingLimit(shipping_methods=["A"]).to_json()
            '{"shippingMethods":["A"]}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> ShippingLimit:
        """Reads one from JSON.

        Raises:
            TypeError: It is neither text nor bytes.
            ValueError: It is no JSON of one; the error says where.

        Example:
            >>> ShippingLimit.from_json('{"shippingMethods":["A"]}') == ShippingLimit(shipping_methods=["A"])
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, by name; the unknown ones under ``extra``.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> ShippingLimit(shipping_methods=["A"]).to_dict()
            {'shipping_methods': ('A',)}
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class UpdateResult:
    """What the store answers to an update.

    Example:
        >>> UpdateResult(update_count=1).update_count
        1
    """

    __match_args__: ClassVar[tuple[str]]
    def __new__(
        cls,
        *,
        update_count: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def update_count(self) -> int | None:
        """1 when the coupon was updated, 0 when not, which can mean that it is not there."""

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """The object as JSON, with every digit and unknown field as they came.

        Example:
            >>> UpdateResult(update_count=1).to_json()
            '{"updateCount":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> UpdateResult:
        """Reads one from JSON.

        Raises:
            TypeError: It is neither text nor bytes.
            ValueError: It is no JSON of one; the error says where.

        Example:
            >>> UpdateResult.from_json('{"updateCount":1}') == UpdateResult(update_count=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, by name; the unknown ones under ``extra``.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> UpdateResult(update_count=1).to_dict()
            {'update_count': 1}
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class DeleteResult:
    """What the store answers to a delete.

    Example:
        >>> DeleteResult(delete_count=1).delete_count
        1
    """

    __match_args__: ClassVar[tuple[str]]
    def __new__(
        cls,
        *,
        delete_count: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def delete_count(self) -> int | None:
        """1 when the coupon was deleted, 0 when not."""

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """The object as JSON, with every digit and unknown field as they came.

        Example:
            >>> DeleteResult(delete_count=1).to_json()
            '{"deleteCount":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> DeleteResult:
        """Reads one from JSON.

        Raises:
            TypeError: It is neither text nor bytes.
            ValueError: It is no JSON of one; the error says where.

        Example:
            >>> DeleteResult.from_json('{"deleteCount":1}') == DeleteResult(delete_count=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, by name; the unknown ones under ``extra``.

        Raises:
            ValueError: A date is none that Python has; the error shows it.

        Example:
            >>> DeleteResult(delete_count=1).to_dict()
            {'delete_count': 1}
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...
