"""New coupons: copies, spellings, dates without a time, and the constructors of `NewCoupon`."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from ecwid_coupons import Client, Coupon, InvalidRequestError, InvalidRowsError, NewCoupon
from ecwid_coupons.testing import Sandbox
from page_server import PageServer
from servers import ScriptedServer

USED = (
    '{"id":7,"name":"Used","code":"%s","discountType":"PERCENT","discount":10,"status":"%s","orderCount":3,'
    '"expirationDate":"2024-02-01 00:00:00 +0000","creationDate":"2023-01-01 00:00:00 +0000",'
    '"updateDate":"2023-01-02 00:00:00 +0000"}'
)


def client(server: PageServer) -> Client:
    return Client(1003, "secret_new", base_url=server.base_url)


def sent(rows: Any, **arguments: Any) -> list[dict[str, Any]]:
    with PageServer() as server, client(server) as coupons:
        report = coupons.create_many(rows, concurrency=1, **arguments)
        assert report.is_complete
        return server.posts


COPIES: dict[str, Callable[[Any], Any]] = {
    "coupons": list,
    "list": lambda search: search.collect(),
    "search": lambda search: search,
    "dicts": lambda search: search.to_dicts(),
    "polars": lambda search: search.to_polars(),
    "pandas": lambda search: search.to_pandas(),
    "pyarrow": lambda search: search.to_arrow(),
    "records": lambda search: search.to_pandas().astype(object).where(lambda it: it.notna(), None).to_dict("records"),
}


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("status", ["EXPIRED", "USEDUP", "ACTIVE", "PAUSED"])
def test_a_copy_has_no_order_count(kind: str, status: str) -> None:
    page = USED % ("FIRST", status)
    with PageServer(lambda _offset, _limit: (1, page)) as server, client(server) as coupons:
        rows = COPIES[kind](coupons.search())
        coupons.create_many(rows)
        (body,) = server.posts
    wanted = {"name": "Used", "code": "FIRST", "discountType": "PERCENT", "expirationDate": "2024-02-01 00:00:00 +0000"}
    if status in ("ACTIVE", "PAUSED"):
        wanted["status"] = status
    assert body.pop("discount") == 10
    assert body == wanted


def test_keep_order_count_copies_the_order_count() -> None:
    rows = [{"name": "A", "code": "A", "order_count": 3}, Coupon(name="B", code="B", order_count=4)]
    assert [body.get("orderCount") for body in sent(rows)] == [None, None]
    assert [body.get("orderCount") for body in sent(rows, keep_order_count=True)] == [3, 4]
    frame = pl.DataFrame({"name": ["A"], "code": ["A"], "order_count": [3]})
    assert [body.get("orderCount") for body in sent(frame)] == [None]
    assert [body.get("orderCount") for body in sent(frame, keep_order_count=True)] == [3]
    # A NewCoupon keeps its order count.
    assert [body.get("orderCount") for body in sent([NewCoupon(name="A", code="A", order_count=3)])] == [3]
    with PageServer() as server, client(server) as coupons:
        coupons.create(name="A", code="A", order_count=3)
        coupons.create(NewCoupon.percent("B", "B", 10, order_count=4))
        assert [body["orderCount"] for body in server.posts] == [3, 4]


DAY = date(2099, 12, 5)
START, END = "2099-12-05 00:00:00 +0000", "2099-12-05 23:59:59 +0000"


@pytest.mark.parametrize("day", [DAY, "2099-12-05", " 2099-12-05 ", "2099-12-05 UTC"], ids=repr)
def test_a_date_is_the_first_or_the_last_second_of_the_day(day: Any) -> None:
    with PageServer() as server, client(server) as coupons:
        coupons.create(name="A", code="A", launch_date=day, expiration_date=day)
        coupons.create_or_get(name="B", code="B", launch_date=day, expiration_date=day)
        coupons.create(NewCoupon.percent("C", "C", 10, launch_date=day, expiration_date=day))
        coupons.create_many([{"name": "D", "code": "D", "launch_date": day, "expirationDate": day}])
        coupons.create_many(
            pl.DataFrame({"name": ["E"], "code": ["E"], "launch_date": [day], "expiration_date": [day]})
        )
        coupons.create_many([Coupon(name="F", code="F", launch_date=day, expiration_date=day)])
        assert {(body["launchDate"], body["expirationDate"]) for body in server.posts} == {(START, END)}
        assert len(server.posts) == 6
    with Sandbox() as sandbox, sandbox.client() as coupons:
        coupons.create(name="A", code="A")
        coupons.update("A", launch_date=day, expiration_date=day)
        coupon = coupons.get("A")
        assert coupon.launch_date == datetime(2099, 12, 5, tzinfo=UTC)
        assert coupon.expiration_date == datetime(2099, 12, 5, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("type_", [pa.date32(), pa.date64(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_a_column_of_days(type_: pa.DataType) -> None:
    days = pa.array([str(DAY)]).dictionary_encode() if pa.types.is_dictionary(type_) else pa.array([DAY], type_)
    table = pa.table({"name": ["A"], "code": ["A"], "launch_date": days, "expiration_date": days})
    assert [(body["launchDate"], body["expirationDate"]) for body in sent(table)] == [(START, END)]


@pytest.mark.parametrize(
    "instant", [datetime(2099, 12, 5, tzinfo=UTC), pd.Timestamp("2099-12-05", tz="UTC"), "2099-12-05 00:00:00"], ids=str
)
def test_midnight_is_not_a_date(instant: Any) -> None:
    with PageServer() as server, client(server) as coupons:
        coupons.create(name="A", code="A", expiration_date=instant)
        assert server.posts[0]["expirationDate"] == START


@pytest.mark.parametrize("day", [DAY, "2099-12-05"], ids=repr)
def test_a_date_filter_covers_the_whole_day(day: Any) -> None:
    with PageServer() as server, client(server) as coupons:
        coupons.search(created_from=day, created_to=day, updated_from=day, updated_to=day).count()
        first = int(datetime(2099, 12, 5, tzinfo=UTC).timestamp())
        last = int((datetime(2099, 12, 6, tzinfo=UTC) - timedelta(seconds=1)).timestamp())
        for filter_, seconds in {
            "createdFrom": first,
            "createdTo": last,
            "updatedFrom": first,
            "updatedTo": last,
        }.items():
            assert f"{filter_}={seconds}" in server.gets[0]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("discont", 10, "did you mean `discount`"),
        ("discountTyp", "ABS", "did you mean `discount_type`"),
        ("uses_limits", "SINGLE", "did you mean `uses_limit`"),
        ("products", [1], "did you mean `catalog_limit.products`"),
        ("catalog_limit_product", [1], "did you mean `catalog_limit.products`"),
        ("color", "red", "unknown field (expected one of name,"),
        ("catalog_limit", {"product": [1]}, "did you mean `products`"),
        ("catalog_limit", {"products": [1], "Products": [2]}, "given twice"),
        ("shipping_limit", {"shipping_methods": ["A"], "shippingMethods": ["B"]}, "given twice"),
        ("extra", {"discount_type": "PERCENT"}, "`discount_type` is a known field"),
        ("extra", {"catalog_limit_products": [1]}, "`catalog_limit_products` is a known field"),
        ("discount_type", "percent", "did you mean `PERCENT`"),
        ("discount_type", "Percnt", "did you mean `PERCENT`"),
        ("uses_limit", "ONCE_PER_CUSTOMER", "did you mean `ONCEPERCUSTOMER`"),
        ("application_limit", "new customer only", "did you mean `NEW_CUSTOMER_ONLY`"),
    ],
)
def test_obvious_mistakes_are_refused(scripted: ScriptedServer, field: str, value: Any, problem: str) -> None:
    with Client(**scripted.client_settings()) as coupons:
        with pytest.raises(InvalidRowsError) as raised:
            coupons.create_many([{"name": "A", "code": "A", field: value}])
        assert problem in str(raised.value)
        if field in ("catalog_limit", "shipping_limit", "extra", "discount_type", "uses_limit", "application_limit"):
            for call in (coupons.create, coupons.create_or_get, lambda **fields: coupons.update("A", **fields)):
                with pytest.raises((ValueError, InvalidRequestError), match=problem):
                    call(name="A", code="A", **{field: value})
    assert scripted.requests == []


KNOWN = r"expected one of ABS, PERCENT, SHIPPING, ABS_AND_SHIPPING, PERCENT_AND_SHIPPING"


@pytest.mark.parametrize("value", ["PERCNT", "PCT", "FIXED", "BUY_ONE"])
def test_an_unknown_enum_value_is_refused(scripted: ScriptedServer, value: str) -> None:
    fields: Any = {"name": "A", "code": "A", "discount_type": value}
    with Client(**scripted.client_settings()) as coupons:
        calls: list[Callable[[], object]] = [
            lambda: coupons.create(**fields),
            lambda: coupons.create(NewCoupon(**fields)),
            lambda: coupons.create_or_get(**fields),
            lambda: coupons.update("A", discount_type=value),
            lambda: coupons.search(discount_type=value).count(),
            lambda: coupons.search(discount_type=["ABS", value]).count(),
            lambda: coupons.create_many([fields]),
            lambda: coupons.create_many([NewCoupon(**fields)]),
            lambda: coupons.create_many(pl.DataFrame([fields])),
            lambda: coupons.create_many(pd.DataFrame([fields])),
            lambda: coupons.create_many(pa.Table.from_pylist([fields])),
        ]
        for call in calls:
            with pytest.raises(
                (InvalidRequestError, InvalidRowsError), match=f"unknown value `{value}` \\({KNOWN}"
            ) as raised:
                call()
            assert "`allow_unknown`" in str(raised.value)
            assert "PERCENT" not in value[:3] or "did you mean `PERCENT`?" in str(raised.value)
    assert scripted.requests == []


@pytest.mark.parametrize("value", ["PERCNT", "percent", "BUY_ONE"])
def test_a_client_can_allow_unknown_enum_values(value: str) -> None:
    fields: Any = {"name": "A", "code": "A", "discount_type": value}
    with PageServer() as server, Client(1003, "secret_new", base_url=server.base_url, allow_unknown=True) as coupons:
        coupons.create(**fields)
        coupons.create(NewCoupon(name="B", code="B", discount_type=value))
        coupons.create_many([{**fields, "code": "C"}])
        coupons.create_many(pl.DataFrame([{**fields, "code": "D"}]))
        assert [body["discountType"] for body in server.posts] == [value] * 4
        coupons.search(discount_type=["ABS", value]).count()
        assert "ABS" in server.gets[-1]
        assert value in server.gets[-1]


def test_a_filter_with_commas_has_several_values(scripted: ScriptedServer) -> None:
    with Sandbox() as sandbox, sandbox.client() as coupons:
        coupons.create(name="A", code="A", status="ACTIVE")
        coupons.create(name="B", code="B", status="PAUSED")
        for several in ("ACTIVE,PAUSED", "ACTIVE, PAUSED", ["ACTIVE", "PAUSED"]):
            search = coupons.search(status=several)
            assert [coupon.code for coupon in search] == ["A", "B"], several
    with Client(**scripted.client_settings()) as coupons:
        for wrong, value in (("ACTIVE,PAUSD", "PAUSD"), (["ACTIVE,PAUSED"], "ACTIVE,PAUSED"), ("ACTIVE,", "")):
            with pytest.raises(InvalidRequestError, match=f"`{value}`|is empty"):
                coupons.search(status=wrong).count()
    assert scripted.requests == []


def test_the_constructors_set_the_discount_type() -> None:
    ten = NewCoupon.percent("10% OFF", "TEN", 10, uses_limit="SINGLE", catalog_limit={"products": [1]})
    five = NewCoupon.absolute("5 off", "FIVE", "5.00")
    ship = NewCoupon.free_shipping("Free shipping", "SHIP", total_limit=Decimal(50))
    bodies = sent([ten, five, ship])
    assert [body["discountType"] for body in bodies] == ["PERCENT", "ABS", "SHIPPING"]
    assert bodies[0]["catalogLimit"] == {"products": [1]}
    with PageServer() as server, client(server) as coupons:
        coupons.create(ten)
        coupons.create_or_get(five)
        coupons.create(**ship)
        assert server.posts == bodies
    assert pickle.loads(pickle.dumps(ten)) == ten
    assert type(pickle.loads(pickle.dumps(ten))) is NewCoupon
    with pytest.raises(TypeError, match="discont"):
        NewCoupon.percent("Ten", "TEN", 10, discont=5)  # type: ignore[call-arg]


def test_a_new_coupon_and_fields_exclude_each_other(scripted: ScriptedServer) -> None:
    ten: Any = NewCoupon.percent("10% OFF", "TEN", 10)
    with Client(**scripted.client_settings()) as coupons:
        expected = "unexpected argument with a NewCoupon: `discount`; hint: set it on the NewCoupon"
        with pytest.raises(TypeError, match=expected):
            coupons.create(ten, discount=5)  # type: ignore[call-overload]
        with pytest.raises(TypeError, match=r"invalid coupon: .* \(expected a NewCoupon\)"):
            coupons.create({"name": "Ten", "code": "TEN"})  # type: ignore[call-overload]
    assert scripted.requests == []
