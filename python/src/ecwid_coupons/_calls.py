# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

"""The methods whose arguments are fields or filters of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import Any, overload

from ._base_client import BaseClient
from ._deprecated import deprecated, warn_deprecated
from ._enums import ApplicationLimitValue, CouponField, CouponStatusValue, DiscountTypeValue, UsesLimitValue
from ._jobs import resumable
from ._models import CatalogLimit, Coupon, ShippingLimit, UpdateResult
from ._native import JobReport
from ._new_coupon import NewCoupon, fields_of
from ._outcomes import CreateOutcome
from ._search import AsyncSearch, Progress, Search
from ._types import UNSET, Amount, ArrowStream, Instant, Unset


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNSET}


class Calls(BaseClient):
    """The generated methods of `Client`."""

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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
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

        If a failure leaves it unclear whether the coupon was created, the client looks it up by its code, which is unique within a
        store. If the store has a coupon with the same code and content, the outcome is ``"already_exists"``.

        Args:
            coupon: A `NewCoupon` with all fields, instead of the arguments below.
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

        Raises:
            ConflictError: Another coupon of the store has the code, in any letter case. `differences` lists the fields that differ, if
                they could be looked up.
            EcwidError: See `EcwidError` for errors common to all calls. If `may_have_taken_effect` is true, the lookup failed as well.

        Examples:
            >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
            'created'
            >>> coupons.create(NewCoupon.percent("Five percent", "FIVE", 5)).outcome
            'created'
        """
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
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
        """Creates a coupon, or returns the existing one. Raises `ConflictError` if the content differs.

        The call can be repeated. The first call creates the coupon, and later calls find it.

        Args:
            coupon: A `NewCoupon` with all fields, instead of the arguments below.
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

        Raises:
            ConflictError: The store has another coupon with this code. `differences` lists the fields that differ.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> made = coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> found = coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> made.id == found.id, found.outcome
            (True, 'already_exists')
        """
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
        result: CreateOutcome = self._native.create(fields_of(coupon, values), True)
        return result

    @overload
    def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
    def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport: ...
    def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport:
        """Creates many coupons with random codes, as a job that can be interrupted and continued.

        All codes are drawn and written to the file of the job before the first request. The coupons are sent in batches of up to 500. If
        an exception ends the call, such as `KeyboardInterrupt`, `resume` continues the job, and no coupon is created twice. A note on the
        exception says so.

        The file has the codes and the outcome of each row, and no token. Only its owner can read it. Keep it for `Job.report`,
        `Job.verify` and `Job.undo`.

        Args:
            pattern: The pattern of the codes: text with random parts, such as ``"SPRING-[*]"``. ``[N]`` is N random letters and digits that people do not mix up, and ``[*]`` is as many as make the codes hard to guess. ``[N:ALPHABET]`` takes them from ``digits``, ``letters``, or the characters themselves. ``{column}`` is a column of the row. Write ``[[`` and ``{{`` for ``[`` and ``{``.
            job: The path of the job's file, such as ``"spring.job"``. It must not exist.
            count: The number of coupons. Pass either `count` or `rows`.
            rows: Rows that get a coupon each, such as the recipients of a newsletter: a table that exports Arrow data (Polars, pandas, pyarrow, DuckDB), or an iterable of dicts or other mappings, such as a `csv.DictReader`. The values are strings, integers or missing. The report has the columns too.
            allow_guessable: Whether to allow codes that somebody who tries fewer than a million codes would find.
            progress: A function to call after each row, with the number of finished rows and the number of all rows. An `AsyncClient` calls it on another thread.
            name: The name of the coupon, shown on the storefront.
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

        Returns:
            The outcome of every row, as a table.

        Raises:
            InvalidRequestError: A field or the pattern is not valid, the pattern has too few codes, or they are easy to guess. Nothing was
                written or sent.
            InvalidRowsError: Some rows are not valid. Nothing was written or sent.
            JobError: The file exists or cannot be written.
            EcwidError: See `EcwidError` for errors common to all calls. The job can be continued.

        Examples:
            >>> people = [{"email": "ann@example.com"}, {"email": "bob@example.com"}]
            >>> report = coupons.issue(
            ...     "SPRING-[*]", job="spring.job", rows=people, name="Spring", discount_type="PERCENT", discount=10
            ... )
            >>> report
            <JobReport of 2: 2 created>
            >>> [row["email"] for row in report.to_dicts()]
            ['ann@example.com', 'bob@example.com']
        """
        if repeat_customer_only is not None:
            warn_deprecated("repeat_customer_only", "use `applicationLimit`, which takes precedence")
        values: dict[str, Any] = {
            "name": name,
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
        with resumable(job, is_new=True) as path:
            result: JobReport = self._native.issue(pattern, path, count, rows, allow_guessable, progress, values)
        return result

    @overload
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
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | Unset | None,
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult: ...
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
        """Updates the given fields of a coupon.

        An omitted field keeps its value, and ``None`` clears it. To clear a field, the client sends null. This is assumed, because
        Ecwid does not document how a field is cleared.

        Args:
            coupon: The id or the code of the coupon, or the coupon itself.
            name: The name of the coupon, shown on the storefront.
            code: The code that customers enter at checkout. It is unique within the store, regardless of letter case.
            discount_type: The type of the discount. ABS: A fixed amount off the subtotal, in the store's currency. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: Free shipping and a fixed amount off the subtotal, in the store's currency. PERCENT_AND_SHIPPING: Free shipping and a percentage off the subtotal.
            status: Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values. ACTIVE: The coupon can be used. PAUSED: The store owner paused the coupon. EXPIRED: The `expirationDate` has passed. Only the store sets this value. USEDUP: The coupon had a single use and was used. Only the store sets this value.
            discount: The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
            launch_date: The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
            expiration_date: The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
            total_limit: The minimum order subtotal for the coupon, in the store's currency.
            uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once per customer. SINGLE: Once in total.
            application_limit: Which customers can use the coupon. UNLIMITED: All customers. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
            repeat_customer_only: Whether only customers with previous orders can use the coupon. Deprecated: use `applicationLimit`, which takes precedence.
            order_count: The number of orders that used the coupon.
            catalog_limit: The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
            shipping_limit: The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
            extra: Extra fields, which this version does not know, by their names in the API.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.create(name="5% OFF", code="FIVE", discount_type="PERCENT", discount=5, total_limit=50)
            >>> coupons.update("FIVE", discount="7.50", total_limit=None).update_count
            1
            >>> coupon = coupons.get("FIVE")
            >>> coupon.discount, coupon.total_limit, coupon.name
            (Decimal('7.50'), None, '5% OFF')
        """
        if repeat_customer_only is not UNSET:
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
        """Returns a search for the coupons that match all given filters.

        Without filters, all coupons of the store match. The search sends no request until it is iterated, and it can be iterated
        again.

        Args:
            offset: The number of matching coupons to skip before the first one on the page.
            limit: The maximum number of coupons on a page, at most 100.
            code: Matches coupons with this code.
            discount_type: Matches coupons with one of these discount types, given as a single value or a list.
            status: Matches coupons with one of these statuses, given as a single value or a list.
            created_from: Matches coupons created at this time or later. A date without a time means 00:00:00 UTC of that day.
            created_to: Matches coupons created at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            updated_from: Matches coupons last updated at this time or later. A date without a time means 00:00:00 UTC of that day.
            updated_to: Matches coupons last updated at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            fields: The names of the fields to return. Defaults to all fields.
            prefetch: The number of pages to request at the same time.
            after: The `cursor` of an earlier iteration, to continue from there. It has the filters and fields of its search, so
                they need not be passed again.
            any_order: Accept a store that does not return coupons in the order of their ids.
            skip_unreadable: Skip coupons that cannot be decoded instead of raising an error. Each skipped coupon is logged as a warning
                and listed in `CouponList.skipped`.

        Examples:
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
    """The generated methods of `AsyncClient`."""

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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
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

        If a failure leaves it unclear whether the coupon was created, the client looks it up by its code, which is unique within a
        store. If the store has a coupon with the same code and content, the outcome is ``"already_exists"``.

        Args:
            coupon: A `NewCoupon` with all fields, instead of the arguments below.
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

        Raises:
            ConflictError: Another coupon of the store has the code, in any letter case. `differences` lists the fields that differ, if
                they could be looked up.
            EcwidError: See `EcwidError` for errors common to all calls. If `may_have_taken_effect` is true, the lookup failed as well.

        Examples:
            >>> (await coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)).outcome
            'created'
            >>> (await coupons.create(NewCoupon.percent("Five percent", "FIVE", 5))).outcome
            'created'
        """
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
        order_count: int | None = None,
        catalog_limit: CatalogLimit | Mapping[str, Any] | None = None,
        shipping_limit: ShippingLimit | Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreateOutcome: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | None,
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
        """Creates a coupon, or returns the existing one. Raises `ConflictError` if the content differs.

        The call can be repeated. The first call creates the coupon, and later calls find it.

        Args:
            coupon: A `NewCoupon` with all fields, instead of the arguments below.
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

        Raises:
            ConflictError: The store has another coupon with this code. `differences` lists the fields that differ.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> made = await coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> found = await coupons.create_or_get(name="For order 1017", code="THANKS-1017", discount_type="ABS", discount=5)
            >>> made.id == found.id, found.outcome
            (True, 'already_exists')
        """
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
        result: CreateOutcome = await self._native.create(fields_of(coupon, values), True)
        return result

    @overload
    async def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
    async def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport: ...
    async def issue(
        self,
        pattern: str,
        *,
        job: str | PathLike[str],
        count: int | None = None,
        rows: ArrowStream | Iterable[Mapping[str, Any]] | None = None,
        allow_guessable: bool = False,
        progress: Progress | None = None,
        name: str,
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
    ) -> JobReport:
        """Creates many coupons with random codes, as a job that can be interrupted and continued.

        All codes are drawn and written to the file of the job before the first request. The coupons are sent in batches of up to 500. If
        an exception ends the call, such as `KeyboardInterrupt`, `resume` continues the job, and no coupon is created twice. A note on the
        exception says so.

        The file has the codes and the outcome of each row, and no token. Only its owner can read it. Keep it for `Job.report`,
        `Job.verify` and `Job.undo`.

        Args:
            pattern: The pattern of the codes: text with random parts, such as ``"SPRING-[*]"``. ``[N]`` is N random letters and digits that people do not mix up, and ``[*]`` is as many as make the codes hard to guess. ``[N:ALPHABET]`` takes them from ``digits``, ``letters``, or the characters themselves. ``{column}`` is a column of the row. Write ``[[`` and ``{{`` for ``[`` and ``{``.
            job: The path of the job's file, such as ``"spring.job"``. It must not exist.
            count: The number of coupons. Pass either `count` or `rows`.
            rows: Rows that get a coupon each, such as the recipients of a newsletter: a table that exports Arrow data (Polars, pandas, pyarrow, DuckDB), or an iterable of dicts or other mappings, such as a `csv.DictReader`. The values are strings, integers or missing. The report has the columns too.
            allow_guessable: Whether to allow codes that somebody who tries fewer than a million codes would find.
            progress: A function to call after each row, with the number of finished rows and the number of all rows. An `AsyncClient` calls it on another thread.
            name: The name of the coupon, shown on the storefront.
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

        Returns:
            The outcome of every row, as a table.

        Raises:
            InvalidRequestError: A field or the pattern is not valid, the pattern has too few codes, or they are easy to guess. Nothing was
                written or sent.
            InvalidRowsError: Some rows are not valid. Nothing was written or sent.
            JobError: The file exists or cannot be written.
            EcwidError: See `EcwidError` for errors common to all calls. The job can be continued.

        Examples:
            >>> people = [{"email": "ann@example.com"}, {"email": "bob@example.com"}]
            >>> report = await coupons.issue(
            ...     "SPRING-[*]", job="spring.job", rows=people, name="Spring", discount_type="PERCENT", discount=10
            ... )
            >>> report
            <JobReport of 2: 2 created>
            >>> [row["email"] for row in report.to_dicts()]
            ['ann@example.com', 'bob@example.com']
        """
        if repeat_customer_only is not None:
            warn_deprecated("repeat_customer_only", "use `applicationLimit`, which takes precedence")
        values: dict[str, Any] = {
            "name": name,
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
        with resumable(job, is_new=True) as path:
            result: JobReport = await self._native.issue(pattern, path, count, rows, allow_guessable, progress, values)
        return result

    @overload
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
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult: ...
    @overload
    @deprecated("`repeat_customer_only` is deprecated: use `applicationLimit`, which takes precedence")
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
        repeat_customer_only: bool | Unset | None,
        order_count: int | Unset | None = UNSET,
        catalog_limit: CatalogLimit | Mapping[str, Any] | Unset | None = UNSET,
        shipping_limit: ShippingLimit | Mapping[str, Any] | Unset | None = UNSET,
        extra: Mapping[str, Any] | None = None,
    ) -> UpdateResult: ...
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
        """Updates the given fields of a coupon.

        An omitted field keeps its value, and ``None`` clears it. To clear a field, the client sends null. This is assumed, because
        Ecwid does not document how a field is cleared.

        Args:
            coupon: The id or the code of the coupon, or the coupon itself.
            name: The name of the coupon, shown on the storefront.
            code: The code that customers enter at checkout. It is unique within the store, regardless of letter case.
            discount_type: The type of the discount. ABS: A fixed amount off the subtotal, in the store's currency. PERCENT: A percentage off the subtotal. SHIPPING: Free shipping. ABS_AND_SHIPPING: Free shipping and a fixed amount off the subtotal, in the store's currency. PERCENT_AND_SHIPPING: Free shipping and a percentage off the subtotal.
            status: Whether the coupon can be used. Requests can set ACTIVE and PAUSED. Only the store sets the other values. ACTIVE: The coupon can be used. PAUSED: The store owner paused the coupon. EXPIRED: The `expirationDate` has passed. Only the store sets this value. USEDUP: The coupon had a single use and was used. Only the store sets this value.
            discount: The amount of the discount, in the store's currency for ABS and in percent for PERCENT.
            launch_date: The time from which the coupon can be used. The store converts it to UTC. A date without a time means 00:00:00 UTC of that day.
            expiration_date: The time until which the coupon can be used. If absent, the coupon does not expire. The store converts the time to UTC. A date without a time means 23:59:59 UTC of that day.
            total_limit: The minimum order subtotal for the coupon, in the store's currency.
            uses_limit: How often the coupon can be used. UNLIMITED: Any number of times. ONCEPERCUSTOMER: Once per customer. SINGLE: Once in total.
            application_limit: Which customers can use the coupon. UNLIMITED: All customers. NEW_CUSTOMER_ONLY: Customers without an order in the store. REPEAT_CUSTOMER_ONLY: Customers with an order in the store.
            repeat_customer_only: Whether only customers with previous orders can use the coupon. Deprecated: use `applicationLimit`, which takes precedence.
            order_count: The number of orders that used the coupon.
            catalog_limit: The products and categories that the coupon applies to. If absent or empty, it applies to all of them.
            shipping_limit: The shipping methods that the coupon applies to. If absent or empty, it applies to all of them.
            extra: Extra fields, which this version does not know, by their names in the API.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = await coupons.create(name="5% OFF", code="FIVE", discount_type="PERCENT", discount=5, total_limit=50)
            >>> (await coupons.update("FIVE", discount="7.50", total_limit=None)).update_count
            1
            >>> coupon = await coupons.get("FIVE")
            >>> coupon.discount, coupon.total_limit, coupon.name
            (Decimal('7.50'), None, '5% OFF')
        """
        if repeat_customer_only is not UNSET:
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
        """Returns a search for the coupons that match all given filters.

        Without filters, all coupons of the store match. The search sends no request until it is iterated, and it can be iterated
        again.

        Args:
            offset: The number of matching coupons to skip before the first one on the page.
            limit: The maximum number of coupons on a page, at most 100.
            code: Matches coupons with this code.
            discount_type: Matches coupons with one of these discount types, given as a single value or a list.
            status: Matches coupons with one of these statuses, given as a single value or a list.
            created_from: Matches coupons created at this time or later. A date without a time means 00:00:00 UTC of that day.
            created_to: Matches coupons created at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            updated_from: Matches coupons last updated at this time or later. A date without a time means 00:00:00 UTC of that day.
            updated_to: Matches coupons last updated at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            fields: The names of the fields to return. Defaults to all fields.
            prefetch: The number of pages to request at the same time.
            after: The `cursor` of an earlier iteration, to continue from there. It has the filters and fields of its search, so
                they need not be passed again.
            any_order: Accept a store that does not return coupons in the order of their ids.
            skip_unreadable: Skip coupons that cannot be decoded instead of raising an error. Each skipped coupon is logged as a warning
                and listed in `CouponList.skipped`.

        Examples:
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
