"""The calls of both clients."""

from __future__ import annotations

import asyncio
import datetime
import inspect
import json
from decimal import Decimal
from typing import Any

import pytest
from ecwid_coupons import (
    UNSET,
    APIStatusError,
    AsyncClient,
    CatalogLimit,
    Client,
    ConfigurationError,
    ConflictError,
    Coupon,
    CouponList,
    CouponStatus,
    InvalidRequestError,
    NotFoundError,
    ShippingLimit,
)
from ecwid_coupons.testing import Sandbox
from servers import Response, ScriptedServer, codes

# A value for each field that can be set, and the value in the store.
SETTABLE: dict[str, tuple[Any, Any]] = {
    "name": ("Summer", "Summer"),
    "code": ("SUMMER", "SUMMER"),
    "discount_type": ("PERCENT", "PERCENT"),
    "status": ("PAUSED", "PAUSED"),
    "discount": ("12.50", Decimal("12.50")),
    "launch_date": (datetime.date(2024, 6, 30), datetime.datetime(2024, 6, 30, tzinfo=datetime.UTC)),
    "expiration_date": ("2999-12-31 23:59:59 +0100", datetime.datetime(2999, 12, 31, 22, 59, 59, tzinfo=datetime.UTC)),
    "total_limit": (Decimal("99.90"), Decimal("99.90")),
    "uses_limit": ("SINGLE", "SINGLE"),
    "application_limit": ("NEW_CUSTOMER_ONLY", "NEW_CUSTOMER_ONLY"),
    "catalog_limit": ({"products": [1, 2], "categories": []}, CatalogLimit(products=[1, 2], categories=[])),
    "shipping_limit": (
        {"shipping_methods": ["18765-8651899366181"]},
        ShippingLimit(shipping_methods=["18765-8651899366181"]),
    ),
}
CLEARED = {
    "discount": Decimal(0),
    "launch_date": None,
    "expiration_date": None,
    "total_limit": None,
    "catalog_limit": None,
    "shipping_limit": None,
}


def test_a_coupon_is_created_with_all_fields(either: Client) -> None:
    creation = either.create(**{name: given for name, (given, _) in SETTABLE.items()})
    assert (creation.code, creation.outcome) == ("SUMMER", "created")
    coupon = either.get("SUMMER")
    assert coupon.id == creation.id
    assert {name: getattr(coupon, name) for name in SETTABLE} == {name: has for name, (_, has) in SETTABLE.items()}
    assert coupon.order_count == 0
    assert coupon.creation_date is not None
    assert coupon.creation_date.utcoffset() == datetime.timedelta(0)


def test_a_coupon_argument_is_an_id_a_code_or_a_coupon(either: Client) -> None:
    creation = either.create(name="Ten", code="TEN", discount=10)
    by_code = either.get("ten")
    assert creation.id is not None
    assert either.get(creation.id) == by_code == either.get(by_code) == either.get(Coupon(code="TEN"))


def test_fields_are_requested_by_name(either: Client) -> None:
    either.create(name="Ten", code="TEN", discount=10, catalog_limit={"products": [7], "categories": [8]})
    assert either.get("TEN", fields=["code", "catalog_limit.products"]) == Coupon(
        code="TEN", catalog_limit=CatalogLimit(products=[7])
    )
    assert either.search(fields=["code"]).first() == Coupon(code="TEN")
    with pytest.raises(InvalidRequestError, match="codee"):
        either.get("TEN", fields=["codee"])  # type: ignore[list-item]


def test_a_taken_code_is_a_conflict_unless_the_coupon_is_equal(either: Client) -> None:
    first = either.create(name="Ten", code="TEN", discount=10)
    again = either.create_or_get(name="Ten", code="TEN", discount=10)
    assert (again.id, again.outcome) == (first.id, "already_exists")
    with pytest.raises(ConflictError) as caught:
        either.create_or_get(name="Ten", code="TEN", discount=11)
    assert [(it.field, it.sent, it.stored) for it in caught.value.differences] == [("discount", "11", "10")]
    with pytest.raises(ConflictError):
        either.create(name="Another", code="ten")
    assert either.search().count() == 1


@pytest.mark.parametrize("field", SETTABLE)
def test_an_update_sets_a_field_and_keeps_the_others(either: Client, field: str) -> None:
    made = either.create(name="Ten", code="TEN", discount=10, total_limit=5, uses_limit="UNLIMITED")
    before = either.get(made.id or 0)
    given, has = SETTABLE[field]
    unset = {name: UNSET for name in SETTABLE if name != field}
    assert either.update(made.id or 0, **{field: given, **unset}).update_count == 1
    after = either.get(made.id or 0)
    assert getattr(after, field) == has
    for other in {*before.to_dict(), *after.to_dict()} - {field, "update_date"}:
        assert getattr(after, other) == getattr(before, other)


@pytest.mark.filterwarnings("ignore:`repeat_customer_only` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("field", [*SETTABLE, "repeat_customer_only", "order_count"])
def test_none_is_sent_as_null_and_clears_what_the_store_can_clear(either: Client, field: str) -> None:
    either.create(**{name: given for name, (given, _) in SETTABLE.items()})
    if field in CLEARED:
        assert either.update("SUMMER", **{field: None}).update_count == 1
        assert getattr(either.get("SUMMER"), field) == CLEARED[field]
    else:
        # The error of the store shows that null was sent.
        with pytest.raises(APIStatusError, match="value 'null'"):
            either.update("SUMMER", **{field: None})


def test_an_update_without_a_change_is_refused(either: Client) -> None:
    either.create(name="Ten", code="TEN")
    with pytest.raises(InvalidRequestError, match="changes no field"):
        either.update("TEN", name=UNSET)


def test_unknown_fields_are_sent(scripted: ScriptedServer) -> None:
    scripted.response(Response(body='{"updateCount": 1}'), Response(body='{"id": 7, "code": "TEN"}'))
    with Client(**scripted.client_settings()) as coupons:
        coupons.update("TEN", extra={"madeUp": [1, {"deep": True}]})
        coupons.create(name="Ten", code="TEN", extra={"madeUp": None})
    update, create = scripted.requests
    assert (update.method, json.loads(update.body)) == ("PUT", {"madeUp": [1, {"deep": True}]})
    assert (create.method, json.loads(create.body)) == ("POST", {"name": "Ten", "code": "TEN", "madeUp": None})


def test_a_coupon_is_deleted_once(either: Client) -> None:
    either.create(name="Ten", code="TEN")
    assert [either.delete("TEN").delete_count for _ in range(2)] == [1, 0]
    with pytest.raises(NotFoundError):
        either.get("TEN")
    with pytest.raises(NotFoundError):
        either.update("TEN", name="Eleven")


def test_delete_if_unused_deletes_an_unused_coupon(either: Client) -> None:
    either.create(name="Ten", code="TEN")
    either.create(name="Old", code="OLD", expiration_date="2020-01-01")
    deleted = either.delete_if_unused("TEN")
    assert deleted.outcome == "deleted"
    assert deleted.coupon is not None
    assert deleted.coupon.code == "TEN"
    assert either.delete_if_unused("TEN").outcome == "not_found"
    left = either.delete_if_unused("OLD")
    assert left.outcome == "kept"
    assert left.coupon is not None
    assert left.coupon.status == CouponStatus.EXPIRED


@pytest.fixture
def many(either: Client) -> Client:
    """A client of a store with the coupons C00 to C24. Every fifth coupon is paused."""
    for number in range(25):
        status = "PAUSED" if number % 5 == 0 else "ACTIVE"
        either.create(name=f"Number {number}", code=f"C{number:02}", status=status, discount=number + 1)
    return either


ALL = [f"C{number:02}" for number in range(25)]


def test_a_search_can_be_read_again(many: Client) -> None:
    query = many.search(limit=10)
    assert codes(list(query)) == ALL
    assert codes(list(query)) == ALL
    assert query.count() == 25
    first = query.first()
    assert first is not None
    assert first.code == "C00"


def test_filters_narrow_a_search_down(many: Client) -> None:
    paused = ["C00", "C05", "C10", "C15", "C20"]
    assert codes(list(many.search(status="PAUSED"))) == paused
    assert codes(list(many.search(status=["PAUSED", "ACTIVE"]))) == ALL
    assert codes(list(many.search(status=CouponStatus.PAUSED, offset=3))) == paused[3:]
    assert codes(list(many.search(code="c07"))) == ["C07"]
    assert many.search(discount_type="SHIPPING").first() is None
    assert many.search(discount_type="SHIPPING").count() == 0
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    assert many.search(created_from=tomorrow).count() == 0
    assert many.search(created_to=tomorrow, updated_from=datetime.date(2020, 1, 1), updated_to=tomorrow).count() == 25
    assert many.search(created_from=int(tomorrow.timestamp())).count() == 0


def test_pages_are_lists_of_a_known_length(many: Client) -> None:
    pages = many.search(limit=10).pages()
    assert (pages.cursor, pages.total) == (None, None)
    sizes = []
    for page in pages:
        assert isinstance(page, CouponList)
        sizes.append(len(page))
        assert pages.total == 25
    assert sum(sizes) == 25
    assert max(sizes) <= 10


def test_a_search_continues_from_a_cursor(many: Client) -> None:
    pages = many.search(limit=10).pages()
    first = next(iter(pages))
    cursor = pages.cursor
    pages.close()
    rest = list(many.search(after=cursor))
    assert codes(first) + codes(rest) == ALL
    # The cursor has the filters and fields of its search. The same filters may be passed again.
    pages = many.search(status=["PAUSED", "ACTIVE"], fields=["code"], limit=10).pages()
    next(iter(pages))
    for again in ({}, {"status": ["ACTIVE", "PAUSED"]}, {"limit": 5, "prefetch": 1}):
        rest = list(many.search(after=pages.cursor, **again))
        assert [coupon.to_dict() for coupon in rest] == [{"code": code} for code in ALL[10:]]
    for other in ({"status": "PAUSED"}, {"code": "CODE"}):
        with pytest.raises(InvalidRequestError, match="filters of a resumed search cannot be changed"):
            list(many.search(after=pages.cursor, **other))


def test_closed_pages_end(many: Client) -> None:
    pages = many.search(limit=2, prefetch=1).pages()
    next(iter(pages))
    pages.close()
    # Pages that were already requested may still arrive.
    assert len(list(pages)) < 24


def test_any_order_finds_the_same_coupons(many: Client) -> None:
    assert sorted(codes(list(many.search(any_order=True, limit=7)))) == ALL


def test_collect_reports_progress(many: Client) -> None:
    told: list[tuple[int, int | None]] = []
    found = many.search(limit=10).collect(concurrency=3, progress=lambda done, total: told.append((done, total)))
    assert codes(found) == ALL
    assert told[-1] == (25, 25)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert [row["code"] for row in many.search(status="PAUSED").to_dicts()] == ["C00", "C05", "C10", "C15", "C20"]


def test_an_exception_of_progress_ends_collect(many: Client) -> None:
    with pytest.raises(ZeroDivisionError):
        many.search().collect(progress=lambda done, total: done / 0)


def test_progress_may_make_a_call(coupons: Client) -> None:
    coupons.create(name="Ten", code="TEN", discount=10)
    seen: list[Coupon] = []
    coupons.search().collect(progress=lambda done, total: seen.append(coupons.get("TEN")))
    assert codes(seen) == ["TEN"]


def test_progress_may_make_a_call_while_asyncio_waits(sandbox: Sandbox, coupons: Client) -> None:
    coupons.create(name="Ten", code="TEN", discount=10)
    seen: list[Coupon] = []

    async def collect() -> None:
        async with AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as client:
            await client.search().collect(progress=lambda done, total: seen.append(coupons.get("TEN")))

    asyncio.run(collect())
    assert codes(seen) == ["TEN"]


@pytest.mark.parametrize("class_", [Client, AsyncClient])
def test_from_env_makes_a_client(
    class_: type[Client | AsyncClient], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ECWID_STORE_ID", "ECWID_TOKEN", "ECWID_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match="ECWID_STORE_ID"):
        class_.from_env()
    monkeypatch.setenv("ECWID_STORE_ID", str(sandbox.store_id))
    with pytest.raises(ConfigurationError, match="ECWID_TOKEN"):
        class_.from_env()
    monkeypatch.setenv("ECWID_TOKEN", sandbox.token)
    monkeypatch.setenv("ECWID_BASE_URL", sandbox.base_url)
    client = class_.from_env(timeout=5, deadline=datetime.timedelta(seconds=10), max_attempts=2)
    assert client.store_id == sandbox.store_id
    assert repr(client) == f"{class_.__name__}(store_id=1003, base_url={sandbox.base_url!r})"


def test_a_closed_client_makes_no_call(either: Client) -> None:
    either.close()
    with pytest.raises(RuntimeError, match="closed"):
        either.get("TEN")
    with pytest.raises(RuntimeError, match="closed"):
        either.search().count()
    assert "closed" in repr(either)


def test_twins_have_the_same_calls() -> None:
    def calls(class_: type) -> dict[str, object]:
        public = {name: it for name, it in inspect.getmembers(class_, callable) if not name.startswith("_")}
        return {name: list(inspect.signature(it).parameters.items()) for name, it in public.items()}

    assert calls(Client) == calls(AsyncClient)
