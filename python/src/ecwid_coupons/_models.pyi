# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

"""The objects of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, final, overload

from typing_extensions import deprecated

from ._enums import ApplicationLimitValue, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._types import Amount, Instant

__all__ = ["CatalogLimit", "Coupon", "DeleteResult", "DeletedCoupon", "LatestStats", "ShippingLimit", "UpdateResult"]

@final
class Coupon:
    """A discount coupon. Any field can be absent, because `responseFields` can exclude it.

    Examples:
        >>> Coupon(id=1).id
        1
    """

    __match_args__: ClassVar[tuple[str, str, str, str, str, str, str, str, str, str, str, str, str, str, str, str, str]]
    @overload
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
        creation_date: Instant | None = None,
        update_date: Instant | None = None,
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
        creation_date: Instant | None = None,
        update_date: Instant | None = None,
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def id(self) -> int | None:
        """The id of the coupon, assigned by the store."""

    @property
    def name(self) -> str | None:
        """The name of the coupon, shown on the storefront."""

    @property
    def code(self) -> str | None:
        """The code that customers enter at checkout. It is unique within the store, regardless of letter case."""

    @property
    def discount_type(self) -> DiscountTypeValue | None:
        """The type of the discount."""

    @property
    def status(self) -> CouponStatusValue | None:
        """Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values."""

    @property
    def discount(self) -> Decimal | None:
        """The amount of the discount, in the store's currency for ABS and in percent for PERCENT."""

    @property
    def launch_date(self) -> datetime | None:
        """The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day."""

    @property
    def expiration_date(self) -> datetime | None:
        """The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day."""

    @property
    def total_limit(self) -> Decimal | None:
        """The minimum order subtotal for the coupon, in the store's currency."""

    @property
    def uses_limit(self) -> UsesLimitValue | None:
        """How often the coupon can be used."""

    @property
    def application_limit(self) -> ApplicationLimitValue | None:
        """Which customers can use the coupon."""

    @property
    @deprecated("use `applicationLimit`, which takes precedence")
    def repeat_customer_only(self) -> bool | None:
        """Whether only customers with previous orders can use the coupon. Deprecated: use `applicationLimit`, which takes precedence."""

    @property
    def creation_date(self) -> datetime | None:
        """The time at which the coupon was created."""

    @property
    def update_date(self) -> datetime | None:
        """The time at which the coupon was last updated."""

    @property
    def order_count(self) -> int | None:
        """The number of orders that used the coupon."""

    @property
    def catalog_limit(self) -> CatalogLimit | None:
        """The products and categories that the coupon applies to. If absent or empty, it applies to all of them."""

    @property
    def shipping_limit(self) -> ShippingLimit | None:
        """The shipping methods that the coupon applies to. If absent or empty, it applies to all of them."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> Coupon(id=1).to_json()
            '{"id":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> Coupon:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> Coupon.from_json('{"id":1}') == Coupon(id=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> Coupon(id=1).to_dict()
            {'id': 1}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class CatalogLimit:
    """The products and categories that a coupon applies to.

    Examples:
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
        """The ids of the products."""

    @property
    def categories(self) -> tuple[int, ...] | None:
        """The ids of the categories. Category 0 is the front page of the store."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> CatalogLimit(products=[1]).to_json()
            '{"products":[1]}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> CatalogLimit:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> CatalogLimit.from_json('{"products":[1]}') == CatalogLimit(products=[1])
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> CatalogLimit(products=[1]).to_dict()
            {'products': (1,)}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class ShippingLimit:
    """The shipping methods that a coupon applies to.

    Examples:
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
        """The ids of the shipping methods, such as `18765-8651899366181`."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> ShippingLimit(shipping_methods=["A"]).to_json()
            '{"shippingMethods":["A"]}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> ShippingLimit:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> ShippingLimit.from_json('{"shippingMethods":["A"]}') == ShippingLimit(shipping_methods=["A"])
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> ShippingLimit(shipping_methods=["A"]).to_dict()
            {'shipping_methods': ('A',)}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class UpdateResult:
    """The response to an update request.

    Examples:
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
        """The number of updated coupons, 1 or 0. It can be 0 if the coupon does not exist."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> UpdateResult(update_count=1).to_json()
            '{"updateCount":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> UpdateResult:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> UpdateResult.from_json('{"updateCount":1}') == UpdateResult(update_count=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> UpdateResult(update_count=1).to_dict()
            {'update_count': 1}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class DeleteResult:
    """The response to a delete request.

    Examples:
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
        """The number of deleted coupons, 1 or 0."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> DeleteResult(delete_count=1).to_json()
            '{"deleteCount":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> DeleteResult:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> DeleteResult.from_json('{"deleteCount":1}') == DeleteResult(delete_count=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> DeleteResult(delete_count=1).to_dict()
            {'delete_count': 1}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class DeletedCoupon:
    """A deleted coupon.

    Examples:
        >>> DeletedCoupon(id=1).id
        1
    """

    __match_args__: ClassVar[tuple[str, str]]
    def __new__(
        cls,
        *,
        id: int | None = None,
        date: Instant | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def id(self) -> int | None:
        """The id of the coupon. No other coupon of the store gets this id."""

    @property
    def date(self) -> datetime | None:
        """The time of the deletion."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> DeletedCoupon(id=1).to_json()
            '{"id":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> DeletedCoupon:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> DeletedCoupon.from_json('{"id":1}') == DeletedCoupon(id=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> DeletedCoupon(id=1).to_dict()
            {'id': 1}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...

@final
class LatestStats:
    """The times of the latest changes in a store.

    Examples:
        >>> LatestStats(product_count=1).product_count
        1
    """

    __match_args__: ClassVar[tuple[str, str, str, str, str, str, str, str, str, str, str, str]]
    def __new__(
        cls,
        *,
        products_updated: Instant | None = None,
        orders_updated: Instant | None = None,
        reviews_updated: Instant | None = None,
        domains_updated: Instant | None = None,
        profile_updated: Instant | None = None,
        categories_updated: Instant | None = None,
        discount_coupons_updated: Instant | None = None,
        abandoned_sales_updated: Instant | None = None,
        customers_updated: Instant | None = None,
        subscriptions_updated: Instant | None = None,
        product_count: int | None = None,
        category_count: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Self: ...
    @property
    def products_updated(self) -> datetime | None:
        """The time of the latest change of the products or categories."""

    @property
    def orders_updated(self) -> datetime | None:
        """The time of the latest change of the orders."""

    @property
    def reviews_updated(self) -> datetime | None:
        """The time of the latest change of the product reviews, if `reviewsUpdatesRequired` was sent."""

    @property
    def domains_updated(self) -> datetime | None:
        """The time of the latest change of the domains, if `domainsRequired` was sent."""

    @property
    def profile_updated(self) -> datetime | None:
        """The time of the latest change of the store profile."""

    @property
    def categories_updated(self) -> datetime | None:
        """The time of the latest change of the categories."""

    @property
    def discount_coupons_updated(self) -> datetime | None:
        """The time of the latest change of the discount coupons."""

    @property
    def abandoned_sales_updated(self) -> datetime | None:
        """The time of the latest change of the abandoned carts."""

    @property
    def customers_updated(self) -> datetime | None:
        """The time of the latest change of the customers."""

    @property
    def subscriptions_updated(self) -> datetime | None:
        """The time of the latest change of the subscriptions, if `subscriptionRequired` was sent."""

    @property
    def product_count(self) -> int | None:
        """The number of products, if `productCountRequired` was sent."""

    @property
    def category_count(self) -> int | None:
        """The number of categories, if `categoryCountRequired` was sent."""

    @property
    def extra(self) -> dict[str, Any]:
        """The extra fields, which this version does not know, by their names in the API."""

    def to_json(self) -> str:
        """Returns the object as JSON. All digits and extra fields are preserved.

        Examples:
            >>> LatestStats(product_count=1).to_json()
            '{"productCount":1}'
        """

    @staticmethod
    def from_json(text: str | bytes) -> LatestStats:
        """Reads an object from JSON.

        Raises:
            TypeError: `text` is neither a string nor bytes.
            ValueError: `text` is not the JSON of such an object. The message names the position.

        Examples:
            >>> LatestStats.from_json('{"productCount":1}') == LatestStats(product_count=1)
            True
        """

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields that are set, by name. Extra fields are under ``extra``.

        Raises:
            ValueError: Python cannot represent a date. The message shows the date.

        Examples:
            >>> LatestStats(product_count=1).to_dict()
            {'product_count': 1}
        """

    def __rich_repr__(self) -> list[tuple[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: Any) -> Self: ...
