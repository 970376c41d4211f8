# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

"""The calls whose arguments are fields and filters of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, overload

from ._base_client import BaseClient
from ._enums import ApplicationLimitValue, CouponField, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._models import CatalogLimit, Coupon, ShippingLimit, UpdateResult
from ._new_coupon import NewCoupon, fields_of
from ._outcomes import CreateOutcome
from ._search import AsyncSearch, Search
from ._types import UNSET, Amount, Instant, Unset


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNSET}


class Calls(BaseClient):
    """The generated part of `Client`."""

    @overload
    def create(self, coupon: NewCoupon, *, name: None = None, code: None = None) -> CreateOutcome: ...
    @overload
    def create(
        self,
        coupon: None = None,
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
    ) -> CreateOutcome: ...
    def create(
        self,
        coupon: NewCoupon | None = None,
        *,
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome:
        """Creates a coupon.

        A failure that leaves open whether the coupon was made is settled by its code, which a store has once: the code is looked up,
        and a coupon with what was sent is the outcome ``"already_exists"``.

        Args:
            coupon: All fields at once, as a `NewCoupon`, in place of the arguments below.
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

        Raises:
            ConflictError: Another coupon of the store has the code, in any letter case; `differences` says in what it differs, where
                that was looked up.
            EcwidError: As every call can fail. When it `may_have_taken_effect`, not even the code could be looked up.

        Example:
            >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
            'created'
            >>> coupons.create(NewCoupon.percent("Five percent", "FIVE", 5)).outcome
            'created'
        """
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
        result: CreateOutcome = self._native.create(fields_of(coupon, values), False)
        return result

    @overload
    def create_or_get(self, coupon: NewCoupon, *, name: None = None, code: None = None) -> CreateOutcome: ...
    @overload
    def create_or_get(
        self,
        coupon: None = None,
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
    ) -> CreateOutcome: ...
    def create_or_get(
        self,
        coupon: NewCoupon | None = None,
        *,
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome:
        """Creates a coupon, or finds the one that is there already with the same content.

        To be called again as often as needed: the first call makes the coupon, the others find it.

        Args:
            coupon: All fields at once, as a `NewCoupon`, in place of the arguments below.
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

        Raises:
            ConflictError: The coupon with this code is another one; `differences` says in what.
            EcwidError: As every call can fail.

        Example:
            >>> made = coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> found = coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> made.id == found.id, found.outcome
            (True, 'already_exists')
        """
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
        result: CreateOutcome = self._native.create(fields_of(coupon, values), True)
        return result

    def update(
        self,
        coupon: Coupon | int | str,
        *,
        name: str | Unset | None = UNSET,
        code: str | Unset | None = UNSET,
        discount_type: DiscountTypeValue | Unset | None = UNSET,
        status: CouponStatusValue | Unset | None = UNSET,
        discount: Amount | Unset | None = UNSET,
        launch_date: Instant | Unset | None = UNSET,
        expiration_date: Instant | Unset | None = UNSET,
        total_limit: Amount | Unset | None = UNSET,
        uses_limit: UsesLimitValue | Unset | None = UNSET,
        application_limit: ApplicationLimitValue | Unset | None = UNSET,
        repeat_customer_only: bool | Unset | None = UNSET,
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult:
        """Changes a coupon: the fields that are given, and no others.

        A field that is left out keeps its value, and ``None`` clears it. That null clears a field is assumed: the vendor's pages do not
        say how one is cleared.

        Args:
            coupon: The coupon's id, its code, or the coupon itself.
            name: The coupon's name, shown on the storefront.
            code: The code a customer types at the checkout. Unique in the store, whatever its letter case.
            discount_type: What the coupon takes off. ABS: A fixed amount of the store's currency off the subtotal. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: A fixed amount of the store's currency off the subtotal, and free shipping. PERCENT_AND_SHIPPING: A percentage off the subtotal, and free shipping.
            status: Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others. ACTIVE: The coupon can be used. PAUSED: The store's owner switched the coupon off. EXPIRED: Its `expirationDate` has passed. Set by the store only. USEDUP: A coupon for a single use was used. Set by the store only.
            discount: How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT.
            launch_date: From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
            expiration_date: Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
            total_limit: The smallest order subtotal the coupon works for, in the store's currency.
            uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once by each customer. SINGLE: Once in all.
            application_limit: Which customers can use the coupon. UNLIMITED: Every customer. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
            repeat_customer_only: Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
            order_count: How many orders used the coupon.
            catalog_limit: The products and categories the coupon works for; all of them when absent or empty.
            shipping_limit: The shipping methods the coupon works for; all of them when absent or empty.
            extra: Fields that this version does not know, by their names in the API.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="5% OFF", code="FIVE", discount_type="PERCENT", discount=5, total_limit=50)
            >>> coupons.update("FIVE", discount="7.50", total_limit=None).update_count
            1
            >>> coupon = coupons.get("FIVE")
            >>> coupon.discount, coupon.total_limit, coupon.name
            (Decimal('7.50'), None, '5% OFF')
        """
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
        result: UpdateResult = self._native.update(coupon, _given(values))
        return result

    def search(
        self,
        *,
        offset: int | None = None,
        limit: int | None = None,
        code: str | None = None,
        discount_type: DiscountTypeValue | Sequence[DiscountTypeValue] | None = None,
        status: CouponStatusValue | Sequence[CouponStatusValue] | None = None,
        created_from: datetime | date | int | str | None = None,
        created_to: datetime | date | int | str | None = None,
        updated_from: datetime | date | int | str | None = None,
        updated_to: datetime | date | int | str | None = None,
        fields: Sequence[CouponField] | None = None,
        prefetch: int = 4,
        after: str | None = None,
        any_order: bool = False,
        skip_unreadable: bool = False,
    ) -> Search:
        """A search. Nothing is sent until its coupons are asked for, and it can be used again.

        Filters narrow each other down; without any, it is all coupons of the store.

        Args:
            offset: How many found coupons to skip before the first one answered.
            limit: The most coupons to answer in one page, 100 at most.
            code: Only coupons with this code.
            discount_type: Only coupons of these discount types; one, or several in a list.
            status: Only coupons whose `status` is one of these; one, or several in a list.
            created_from: Only coupons created at this time or later. A date without a time is its first second, 00:00:00 UTC.
            created_to: Only coupons created at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            updated_from: Only coupons last updated at this time or later. A date without a time is its first second, 00:00:00 UTC.
            updated_to: Only coupons last updated at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            fields: The fields to answer, by name; all of them when left out.
            prefetch: How many pages are asked for at once.
            after: The `cursor` of a walk over the same search, to go on from.
            any_order: For a store that does not give its coupons in the order of their ids.
            skip_unreadable: Skip coupons that cannot be read instead of failing. Each is logged as a warning, and listed in
                `CouponList.skipped`.

        Example:
            >>> _ = coupons.create(name="Free shipping", code="SHIP", discount_type="SHIPPING")
            >>> [coupon.code for coupon in coupons.search(discount_type="SHIPPING")]
            ['SHIP']
        """
        filters: dict[str, Any] = {
            "offset": offset,
            "limit": limit,
            "code": code,
            "discount_type": discount_type,
            "status": status,
            "created_from": created_from,
            "created_to": created_to,
            "updated_from": updated_from,
            "updated_to": updated_to,
            "fields": fields,
            "prefetch": prefetch,
            "after": after,
            "any_order": any_order,
            "skip_unreadable": skip_unreadable,
        }
        return Search(self._native, filters)


class AsyncCalls(BaseClient):
    """The generated part of `AsyncClient`."""

    @overload
    async def create(self, coupon: NewCoupon, *, name: None = None, code: None = None) -> CreateOutcome: ...
    @overload
    async def create(
        self,
        coupon: None = None,
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
    ) -> CreateOutcome: ...
    async def create(
        self,
        coupon: NewCoupon | None = None,
        *,
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome:
        """Creates a coupon.

        A failure that leaves open whether the coupon was made is settled by its code, which a store has once: the code is looked up,
        and a coupon with what was sent is the outcome ``"already_exists"``.

        Args:
            coupon: All fields at once, as a `NewCoupon`, in place of the arguments below.
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

        Raises:
            ConflictError: Another coupon of the store has the code, in any letter case; `differences` says in what it differs, where
                that was looked up.
            EcwidError: As every call can fail. When it `may_have_taken_effect`, not even the code could be looked up.

        Example:
            >>> (await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)).outcome
            'created'
            >>> (await coupons.create(NewCoupon.percent("Five percent", "FIVE", 5))).outcome
            'created'
        """
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
        result: CreateOutcome = await self._native.create(fields_of(coupon, values), False)
        return result

    @overload
    async def create_or_get(self, coupon: NewCoupon, *, name: None = None, code: None = None) -> CreateOutcome: ...
    @overload
    async def create_or_get(
        self,
        coupon: None = None,
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
    ) -> CreateOutcome: ...
    async def create_or_get(
        self,
        coupon: NewCoupon | None = None,
        *,
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome:
        """Creates a coupon, or finds the one that is there already with the same content.

        To be called again as often as needed: the first call makes the coupon, the others find it.

        Args:
            coupon: All fields at once, as a `NewCoupon`, in place of the arguments below.
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

        Raises:
            ConflictError: The coupon with this code is another one; `differences` says in what.
            EcwidError: As every call can fail.

        Example:
            >>> made = await coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> found = await coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> made.id == found.id, found.outcome
            (True, 'already_exists')
        """
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
        result: CreateOutcome = await self._native.create(fields_of(coupon, values), True)
        return result

    async def update(
        self,
        coupon: Coupon | int | str,
        *,
        name: str | Unset | None = UNSET,
        code: str | Unset | None = UNSET,
        discount_type: DiscountTypeValue | Unset | None = UNSET,
        status: CouponStatusValue | Unset | None = UNSET,
        discount: Amount | Unset | None = UNSET,
        launch_date: Instant | Unset | None = UNSET,
        expiration_date: Instant | Unset | None = UNSET,
        total_limit: Amount | Unset | None = UNSET,
        uses_limit: UsesLimitValue | Unset | None = UNSET,
        application_limit: ApplicationLimitValue | Unset | None = UNSET,
        repeat_customer_only: bool | Unset | None = UNSET,
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult:
        """Changes a coupon: the fields that are given, and no others.

        A field that is left out keeps its value, and ``None`` clears it. That null clears a field is assumed: the vendor's pages do not
        say how one is cleared.

        Args:
            coupon: The coupon's id, its code, or the coupon itself.
            name: The coupon's name, shown on the storefront.
            code: The code a customer types at the checkout. Unique in the store, whatever its letter case.
            discount_type: What the coupon takes off. ABS: A fixed amount of the store's currency off the subtotal. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: A fixed amount of the store's currency off the subtotal, and free shipping. PERCENT_AND_SHIPPING: A percentage off the subtotal, and free shipping.
            status: Whether the coupon works. Only ACTIVE and PAUSED can be set; the store sets the others. ACTIVE: The coupon can be used. PAUSED: The store's owner switched the coupon off. EXPIRED: Its `expirationDate` has passed. Set by the store only. USEDUP: A coupon for a single use was used. Set by the store only.
            discount: How much the coupon takes off, in the store's currency for ABS and in percent for PERCENT.
            launch_date: From when on the coupon works. Converted to UTC by the store. A date without a time is its first second, 00:00:00 UTC.
            expiration_date: Until when the coupon works; no end when absent. Converted to UTC by the store. A date without a time is its last second, 23:59:59 UTC.
            total_limit: The smallest order subtotal the coupon works for, in the store's currency.
            uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once by each customer. SINGLE: Once in all.
            application_limit: Which customers can use the coupon. UNLIMITED: Every customer. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
            repeat_customer_only: Deprecated. Whether only customers with orders can use the coupon. Use `applicationLimit`, which wins over it.
            order_count: How many orders used the coupon.
            catalog_limit: The products and categories the coupon works for; all of them when absent or empty.
            shipping_limit: The shipping methods the coupon works for; all of them when absent or empty.
            extra: Fields that this version does not know, by their names in the API.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: As every call can fail.

        Example:
            >>> _ = await coupons.create(name="5% OFF", code="FIVE", discount_type="PERCENT", discount=5, total_limit=50)
            >>> (await coupons.update("FIVE", discount="7.50", total_limit=None)).update_count
            1
            >>> coupon = await coupons.get("FIVE")
            >>> coupon.discount, coupon.total_limit, coupon.name
            (Decimal('7.50'), None, '5% OFF')
        """
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
        result: UpdateResult = await self._native.update(coupon, _given(values))
        return result

    def search(
        self,
        *,
        offset: int | None = None,
        limit: int | None = None,
        code: str | None = None,
        discount_type: DiscountTypeValue | Sequence[DiscountTypeValue] | None = None,
        status: CouponStatusValue | Sequence[CouponStatusValue] | None = None,
        created_from: datetime | date | int | str | None = None,
        created_to: datetime | date | int | str | None = None,
        updated_from: datetime | date | int | str | None = None,
        updated_to: datetime | date | int | str | None = None,
        fields: Sequence[CouponField] | None = None,
        prefetch: int = 4,
        after: str | None = None,
        any_order: bool = False,
        skip_unreadable: bool = False,
    ) -> AsyncSearch:
        """A search. Nothing is sent until its coupons are asked for, and it can be used again.

        Filters narrow each other down; without any, it is all coupons of the store.

        Args:
            offset: How many found coupons to skip before the first one answered.
            limit: The most coupons to answer in one page, 100 at most.
            code: Only coupons with this code.
            discount_type: Only coupons of these discount types; one, or several in a list.
            status: Only coupons whose `status` is one of these; one, or several in a list.
            created_from: Only coupons created at this time or later. A date without a time is its first second, 00:00:00 UTC.
            created_to: Only coupons created at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            updated_from: Only coupons last updated at this time or later. A date without a time is its first second, 00:00:00 UTC.
            updated_to: Only coupons last updated at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            fields: The fields to answer, by name; all of them when left out.
            prefetch: How many pages are asked for at once.
            after: The `cursor` of a walk over the same search, to go on from.
            any_order: For a store that does not give its coupons in the order of their ids.
            skip_unreadable: Skip coupons that cannot be read instead of failing. Each is logged as a warning, and listed in
                `CouponList.skipped`.

        Example:
            >>> _ = await coupons.create(name="Free shipping", code="SHIP", discount_type="SHIPPING")
            >>> [coupon.code async for coupon in coupons.search(discount_type="SHIPPING")]
            ['SHIP']
        """
        filters: dict[str, Any] = {
            "offset": offset,
            "limit": limit,
            "code": code,
            "discount_type": discount_type,
            "status": status,
            "created_from": created_from,
            "created_to": created_to,
            "updated_from": updated_from,
            "updated_to": updated_to,
            "fields": fields,
            "prefetch": prefetch,
            "after": after,
            "any_order": any_order,
            "skip_unreadable": skip_unreadable,
        }
        return AsyncSearch(self._native, filters)
