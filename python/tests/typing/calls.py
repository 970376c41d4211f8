"""The types of all public calls and attributes. Type checkers read this file. It is never run."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, assert_type

import duckdb
import pandas
import polars
import pyarrow
from ecwid_coupons import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ApplicationLimitValue,
    AsyncClient,
    AsyncSearch,
    CatalogLimit,
    Changes,
    Client,
    ConfigurationError,
    ConflictError,
    Coupon,
    CouponList,
    CouponStatus,
    CouponStatusValue,
    CouponTable,
    CreateOutcome,
    DecodeError,
    DeletedCouponList,
    DeleteOutcome,
    DeleteResult,
    Deletions,
    Difference,
    DiscountTypeValue,
    EcwidError,
    InvalidRequestError,
    Job,
    JobDifference,
    JobError,
    JobReport,
    JobStatus,
    KeptCoupon,
    LatestStats,
    NewCoupon,
    NotFoundError,
    Pages,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    Search,
    ServerError,
    ShippingLimit,
    Stores,
    SyncSummary,
    Unset,
    UpdateResult,
    Upserts,
    UsesLimitValue,
    WebhookError,
    WebhookEvent,
    WebhookEventTypeValue,
    __version__,
    sync,
    verify_webhook,
)


def client() -> None:
    coupons = Client(
        1003, "secret_1", base_url="https://app.ecwid.com/api/v3", timeout=5, deadline=timedelta(minutes=1)
    )
    assert_type(Client.from_env(max_attempts=2, requests_per_minute=100, max_body_size=1), Client)
    assert_type(coupons.store_id, int)
    with coupons as entered:
        assert_type(entered, Client)
    assert_type(coupons.get(7), Coupon)
    assert_type(coupons.get("TEN", fields=["code", "catalog_limit.products"]), Coupon)
    assert_type(coupons.get(Coupon(id=7)), Coupon)
    assert_type(coupons.create(name="Ten", code="TEN", discount="10.50", launch_date=date(2024, 6, 30)), CreateOutcome)
    assert_type(coupons.create_or_get(name="Ten", code="TEN", discount=Decimal(10), total_limit=5.5), CreateOutcome)
    assert_type(coupons.update("TEN", name=UNSET, expiration_date=None, status=CouponStatus.PAUSED), UpdateResult)
    assert_type(coupons.delete("TEN"), DeleteResult)
    assert_type(coupons.delete_if_unused("TEN"), DeleteOutcome)
    assert_type(coupons.deleted(deleted_from=date(2024, 6, 30), deleted_to=0), DeletedCouponList)
    assert_type(coupons.latest_stats(), LatestStats)
    assert_type(coupons.latest_stats().discount_coupons_updated, datetime | None)
    assert_type(coupons.search(status=["ACTIVE", "A_NEW_ONE"], created_from=datetime.now(UTC)), Search)
    coupons.close()

    coupons.get("TEN", fields=["codee"])  # type: ignore[list-item]
    coupons.get(1.5)  # type: ignore[arg-type]
    coupons.create(name="Ten")  # type: ignore[call-overload]
    coupons.create(name="Ten", code="TEN", order_count="1")  # type: ignore[call-overload]
    ten = NewCoupon.percent("Ten", "TEN", 10, expiration_date=date(2024, 6, 30))
    assert_type(ten, NewCoupon)
    assert_type(NewCoupon.absolute("Ten", "TEN", "10.50"), NewCoupon)
    assert_type(NewCoupon.free_shipping("Ten", "TEN"), NewCoupon)
    assert_type(coupons.create(ten), CreateOutcome)
    assert_type(coupons.create_or_get(ten), CreateOutcome)
    coupons.create_many([ten], keep_order_count=True)
    NewCoupon.percent("Ten", "TEN", 10, discont=5)  # type: ignore[call-arg]
    NewCoupon.percent("Ten", "TEN", 10, total_limit=[])  # type: ignore[arg-type]
    coupons.update("TEN", discont=10)  # type: ignore[call-overload]
    coupons.search(limit="10")  # type: ignore[arg-type]


def changes(coupons: Client) -> None:
    changes = coupons.changes("cursor", mode="full", refresh_every=60, deletions_if_complete=False)
    assert_type(changes, Changes)
    for change in changes:
        if change.op == "upsert":
            assert_type(change, Upserts)
            assert_type(change.rows, CouponList)
        else:
            assert_type(change, Deletions)
            assert_type(change.rows[0].id, int | None)
    assert_type(changes.cursor, str)
    assert_type(changes.is_complete, bool)
    assert_type(changes.as_of, datetime | None)
    coupons.changes(mode="partial")  # type: ignore[arg-type]


def copies(coupons: Client, stores: Stores) -> None:
    assert_type(sync(coupons, duckdb.connect()), list[SyncSummary])
    assert_type(sync(stores, duckdb.connect(), mode="full", refresh_every=timedelta(hours=1)), list[SyncSummary])
    (summary,) = sync([coupons], duckdb.connect(), max_delete=0.5, concurrency=4)
    assert_type(summary.error, Exception | None)
    sync("main", duckdb.connect())  # type: ignore[arg-type]


def query(search: Search) -> None:
    for coupon in search:
        assert_type(coupon, Coupon)
    assert_type(search.first(), Coupon | None)
    assert_type(search.count(), int)
    assert_type(search.collect(concurrency=4, progress=lambda done, total: print(done, total)), CouponList)
    assert_type(search.to_dicts(), list[dict[str, Any]])
    assert_type(search.to_polars(decimals="float64"), polars.DataFrame)
    assert_type(search.to_pandas(), pandas.DataFrame)
    assert_type(search.to_arrow(), pyarrow.Table)
    assert_type(search.table(), CouponTable)
    assert_type(search.pages(), Pages)
    for page in search.pages():
        assert_type(page, CouponList)
    assert_type(search.pages().cursor, str | None)
    assert_type(search.pages().total, int | None)
    search.pages().close()
    search.to_polars(decimals="float32")  # type: ignore[arg-type]


async def async_client() -> None:
    coupons = AsyncClient(1003, "secret_1", timeout=timedelta(seconds=5))
    assert_type(AsyncClient.from_env(), AsyncClient)
    assert_type(coupons.store_id, int)
    async with coupons as entered:
        assert_type(entered, AsyncClient)
    assert_type(await coupons.get(7, fields=["code"]), Coupon)
    assert_type(await coupons.create(name="Ten", code="TEN"), CreateOutcome)
    assert_type(await coupons.create_or_get(name="Ten", code="TEN"), CreateOutcome)
    assert_type(await coupons.update("TEN", discount=None), UpdateResult)
    assert_type(await coupons.delete("TEN"), DeleteResult)
    assert_type(await coupons.delete_if_unused("TEN"), DeleteOutcome)
    assert_type(await coupons.deleted(), DeletedCouponList)
    assert_type(await coupons.latest_stats(), LatestStats)
    async for change in coupons.changes():
        assert_type(change, Upserts | Deletions)
    assert_type(coupons.search(code="TEN"), AsyncSearch)
    await coupons.close()


async def async_query(search: AsyncSearch) -> None:
    async for coupon in search:
        assert_type(coupon, Coupon)
    assert_type(await search.first(), Coupon | None)
    assert_type(await search.count(), int)
    assert_type(await search.collect(), CouponList)
    assert_type(await search.to_dicts(), list[dict[str, Any]])
    assert_type(await search.to_polars(), polars.DataFrame)
    assert_type(await search.to_pandas(), pandas.DataFrame)
    assert_type(await search.to_arrow(), pyarrow.Table)
    assert_type(await search.table(), CouponTable)
    pages = search.pages()
    assert_type(pages, Pages)
    async for page in pages:
        assert_type(page, CouponList)
    assert_type(pages.cursor, str | None)
    assert_type(pages.total, int | None)
    pages.close()


def models(coupon: Coupon) -> None:
    assert_type(coupon.id, int | None)
    assert_type(coupon.name, str | None)
    assert_type(coupon.code, str | None)
    assert_type(coupon.discount_type, DiscountTypeValue | None)
    assert_type(coupon.status, CouponStatusValue | None)
    assert_type(coupon.discount, Decimal | None)
    assert_type(coupon.launch_date, datetime | None)
    assert_type(coupon.expiration_date, datetime | None)
    assert_type(coupon.total_limit, Decimal | None)
    assert_type(coupon.uses_limit, UsesLimitValue | None)
    assert_type(coupon.application_limit, ApplicationLimitValue | None)
    assert_type(coupon.repeat_customer_only, bool | None)
    assert_type(coupon.creation_date, datetime | None)
    assert_type(coupon.update_date, datetime | None)
    assert_type(coupon.order_count, int | None)
    assert_type(coupon.catalog_limit, CatalogLimit | None)
    assert_type(coupon.shipping_limit, ShippingLimit | None)
    assert_type(coupon.extra, dict[str, Any])
    assert_type(coupon.to_json(), str)
    assert_type(Coupon.from_json(b"{}"), Coupon)
    assert_type(coupon.to_dict(), dict[str, Any])
    assert_type(hash(coupon), int)
    assert_type(CatalogLimit(products=[1]).products, tuple[int, ...] | None)
    assert_type(CatalogLimit().categories, tuple[int, ...] | None)
    assert_type(ShippingLimit(shipping_methods=["1"]).shipping_methods, tuple[str, ...] | None)
    assert_type(UpdateResult(update_count=1).update_count, int | None)
    assert_type(DeleteResult(delete_count=1).delete_count, int | None)
    match coupon:
        case Coupon(code=code):
            assert_type(code, str | None)
    coupon.name = "Eleven"  # type: ignore[misc]


def results(creation: CreateOutcome, deletion: DeleteOutcome) -> None:
    assert_type(creation.id, int | None)
    assert_type(creation.code, str | None)
    if creation.outcome == "created" or creation.outcome == "already_exists":
        print(creation)
    assert_type(deletion.coupon, Coupon | None)
    if deletion.outcome == "deleted":
        print(deletion)


async def jobs(coupons: Client, twin: AsyncClient, job: Job) -> None:
    people = [{"email": "ann@example.com"}]
    assert_type(coupons.issue("SPRING-[*]", job="spring.job", rows=people, name="Spring", discount=10), JobReport)
    assert_type(await twin.issue("SPRING-[*]", job=Path("spring.job"), count=5, name="Spring"), JobReport)
    assert_type(coupons.resume("spring.job", progress=lambda done, total: print(done, total)), JobReport)
    assert_type(await twin.resume("spring.job"), JobReport)
    assert_type(job.status(), JobStatus)
    assert_type(job.status().counts["created"], int)
    assert_type(job.report(), JobReport)
    assert_type(job.report().to_dicts(), list[dict[str, Any]])
    assert_type(job.report().to_polars(), polars.DataFrame)
    assert_type(job.verify(coupons), list[JobDifference])
    assert_type(await job.verify(twin), list[JobDifference])
    assert_type(job.undo(coupons), list[KeptCoupon])
    assert_type(await job.undo(twin, progress=print), list[KeptCoupon])
    assert_type(JobError("").path, str | None)
    coupons.issue("SPRING-[*]", count=5, name="Spring")  # type: ignore[call-overload]
    coupons.issue("SPRING-[*]", job="spring.job", count=5, name="Spring", code="A")  # type: ignore[call-overload]


def webhooks() -> None:
    event = verify_webhook("secret", {"X-Ecwid-Webhook-Signature": ""}, b"{}")
    assert_type(event, WebhookEvent)
    assert_type(verify_webhook("secret", {}, "{}").id, str)
    assert_type(event.created, datetime)
    assert_type(event.store_id, int)
    assert_type(event.coupon_id, int | None)
    assert_type(event.event_type, WebhookEventTypeValue)
    assert_type(WebhookError("").reason, Literal["missing_signature", "wrong_signature", "unreadable_body"] | None)
    verify_webhook(b"secret", {}, b"")  # type: ignore[arg-type]


def lists(coupons: CouponList) -> None:
    assert_type(len(coupons), int)
    assert_type(coupons[0], Coupon)
    assert_type(coupons[1:], CouponList)
    assert_type(iter(coupons), Iterator[Coupon])
    assert_type(CouponList.from_json(["[]", b"[]"]), CouponList)
    assert_type(coupons.to_json(), str)
    assert_type(coupons.to_dicts(), list[dict[str, Any]])
    assert_type(coupons.to_polars(), polars.DataFrame)
    assert_type(coupons.to_pandas(), pandas.DataFrame)
    assert_type(coupons.to_arrow(), pyarrow.Table)
    assert_type(coupons.table(decimals="float64"), CouponTable)
    assert_type(len(coupons.table()), int)


def errors(error: EcwidError) -> None:
    assert_type(error.operation, str | None)
    assert_type(error.status, int | None)
    assert_type(error.code, str | None)
    assert_type(error.error_message, str | None)
    assert_type(error.request_id, str | None)
    assert_type(error.attempts, int)
    assert_type(error.elapsed, float)
    assert_type(error.retry_after, float | None)
    assert_type(error.hint, str | None)
    assert_type(error.body, str | None)
    assert_type(error.may_have_taken_effect, bool)
    assert_type(error.differences, tuple[Difference, ...])
    for difference in error.differences:
        assert_type(difference.field, str)
        assert_type(difference.sent, str)
        assert_type(difference.stored, str | None)
    looked_up: LookupError = NotFoundError("")
    timed_out: TimeoutError = APITimeoutError("")
    refused: PermissionError = PermissionDeniedError("")
    values: list[ValueError] = [ConfigurationError(""), InvalidRequestError(""), DecodeError(""), ConflictError("")]
    broken: ConnectionError = APIConnectionError("")
    responses: list[APIStatusError] = [RateLimitError(""), ServerError(""), PaymentRequiredError("")]
    print(looked_up, timed_out, refused, values, broken, responses)


assert_type(UNSET, Unset)
assert_type(__version__, str)
