"""Coupons as Python objects."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from ecwid_coupons import (
    CatalogLimit,
    Coupon,
    CouponList,
    CreateOutcome,
    DeleteOutcome,
    DeleteResult,
    ShippingLimit,
    UpdateResult,
)

TEXT = (
    '{"id":9007199254740993,"name":"10% 🎉","code":"TEN","discountType":"BRAND_NEW","status":"ACTIVE","discount":10.50,'
    '"launchDate":"2024-06-30 12:00:00 +0200","orderCount":3,"catalogLimit":{"products":[1,2],"vendorsOwn":1.10},'
    '"madeUp":{"deep":[1.00,null]}}'
)


def test_fields_are_python_values() -> None:
    coupon = Coupon.from_json(TEXT)
    assert coupon.id == 9007199254740993
    assert coupon.name == "10% 🎉"
    assert coupon.discount_type == "BRAND_NEW"
    assert repr(coupon.discount) == "Decimal('10.50')"
    assert coupon.launch_date == datetime(2024, 6, 30, 10, tzinfo=UTC)
    assert coupon.catalog_limit is not None
    assert coupon.catalog_limit.products == (1, 2)
    assert coupon.catalog_limit.categories is None
    assert coupon.expiration_date is None


def test_json_round_trips_unchanged() -> None:
    assert Coupon.from_json(TEXT).to_json() == TEXT
    assert Coupon.from_json(TEXT.encode()).to_json() == TEXT


def test_unknown_fields_are_in_extra_with_every_digit() -> None:
    coupon = Coupon.from_json(TEXT)
    assert repr(coupon.extra) == "{'madeUp': {'deep': [Decimal('1.00'), None]}}"
    assert coupon.catalog_limit is not None
    assert repr(coupon.catalog_limit.extra) == "{'vendorsOwn': Decimal('1.10')}"
    assert Coupon().extra == {}


def test_a_dict_has_the_fields_that_are_set() -> None:
    assert Coupon.from_json(TEXT).to_dict() == {
        "id": 9007199254740993,
        "name": "10% 🎉",
        "code": "TEN",
        "discount_type": "BRAND_NEW",
        "status": "ACTIVE",
        "discount": Decimal("10.50"),
        "launch_date": datetime(2024, 6, 30, 10, tzinfo=UTC),
        "order_count": 3,
        "catalog_limit": {"products": (1, 2), "extra": {"vendorsOwn": Decimal("1.10")}},
        "extra": {"madeUp": {"deep": [Decimal("1.00"), None]}},
    }


def test_a_coupon_is_made_from_fields_and_from_a_dict() -> None:
    coupon = Coupon(code="TEN", discount="10.50", catalog_limit={"products": [1]}, extra={"madeUp": [1]})
    assert json.loads(coupon.to_json()) == {
        "code": "TEN",
        "discount": 10.5,
        "catalogLimit": {"products": [1]},
        "madeUp": [1],
    }
    assert Coupon(**coupon.to_dict()) == coupon


OTHERS = [
    Coupon(),
    Coupon(code="TEN", discount=11),
    Coupon(code="ten", discount=10),
    Coupon(code="TEN", discount=10, order_count=0),
    Coupon(code="TEN", discount=10, extra={"madeUp": 1}),
    Coupon(code="TEN", discount=10, catalog_limit=CatalogLimit()),
    CatalogLimit(products=[1]),
    CatalogLimit(products=[1], categories=[]),
    ShippingLimit(shipping_methods=["1"]),
    UpdateResult(update_count=1),
    DeleteResult(delete_count=1),
    CreateOutcome(id=1, code="TEN", outcome="created"),
    CreateOutcome(id=1, code="TEN", outcome="already_exists", status="ACTIVE", order_count=0),
    DeleteOutcome(outcome="kept", coupon=Coupon(code="TEN")),
    DeleteOutcome(outcome="not_found"),
    "TEN",
    None,
]


def test_coupons_are_equal_by_value() -> None:
    coupon = Coupon(code="TEN", discount=10)
    same = Coupon.from_json('{"discount": 10.00, "code": "TEN"}')
    assert coupon == same
    assert hash(coupon) == hash(same)
    assert len({coupon, same}) == 1
    for other in OTHERS:
        assert coupon != other
    assert len(set(OTHERS)) == len(OTHERS)


@pytest.mark.parametrize("value", [it for it in OTHERS if it is not None], ids=repr)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_objects_pickle_and_copy(value: Any, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(value, protocol)) == value
    assert copy.copy(value) == value
    assert copy.deepcopy([value]) == [value]


def test_a_pickled_coupon_keeps_digits_and_unknown_fields() -> None:
    assert pickle.loads(pickle.dumps(Coupon.from_json(TEXT))).to_json() == TEXT
    coupons = CouponList.from_json(f"[{TEXT}, {{}}]")
    assert pickle.loads(pickle.dumps(coupons)) == coupons


@pytest.mark.parametrize("name", ["name", "discount", "extra", "made_up", "__class__"])
def test_a_coupon_is_frozen(name: str) -> None:
    coupon = Coupon(name="Ten")
    with pytest.raises((AttributeError, TypeError)):
        setattr(coupon, name, "other")
    with pytest.raises((AttributeError, TypeError)):
        delattr(coupon, name)
    assert coupon == Coupon(name="Ten")


def test_extra_returns_a_copy() -> None:
    coupon = Coupon.from_json(TEXT)
    coupon.extra["another"] = 1
    assert coupon.to_json() == TEXT


def test_a_class_cannot_be_extended() -> None:
    with pytest.raises(TypeError):
        type("Mine", (Coupon,), {})


def test_a_coupon_is_matched_by_its_fields() -> None:
    match Coupon.from_json(TEXT):
        case Coupon(status="PAUSED"):
            pytest.fail("it is active")
        case Coupon(status="ACTIVE", discount=discount, catalog_limit=CatalogLimit(products=(first, *_))):
            assert (discount, first) == (Decimal("10.5"), 1)
        case _:
            pytest.fail("nothing matched")
    match CatalogLimit(products=[1], categories=[2]):
        case CatalogLimit(products, categories):
            assert (products, categories) == ((1,), (2,))


def test_a_repr_shows_what_is_set_in_python_syntax() -> None:
    assert repr(Coupon()) == "Coupon()"
    assert repr(Coupon(code="it's")) == """Coupon(code="it's")"""
    assert repr(Coupon.from_json(TEXT)) == (
        "Coupon(code='TEN', discount=Decimal('10.50'), discount_type='BRAND_NEW', status='ACTIVE', "
        "id=9007199254740993, name='10% 🎉', "
        "launch_date=datetime.datetime(2024, 6, 30, 10, 0, tzinfo=datetime.timezone.utc), order_count=3, "
        "catalog_limit=CatalogLimit(products=(1, 2), extra={'vendorsOwn': Decimal('1.10')}), "
        "extra={'madeUp': {'deep': [Decimal('1.00'), None]}})"
    )
    assert (
        repr(CreateOutcome(id=1, code="A'B", outcome="created"))
        == """CreateOutcome(outcome='created', id=1, code="A'B", status=None, order_count=None)"""
    )
    assert repr(DeleteOutcome(outcome="not_found")) == "DeleteOutcome(outcome='not_found', coupon=None)"


@pytest.mark.parametrize("text", ["soon", "", "2024-13-01 00:00:00 +0000", "0000-00-00 00:00:00 +0000"])
def test_an_invalid_date_is_an_error_with_the_date(text: str) -> None:
    coupon = Coupon.from_json(json.dumps({"code": "TEN", "launchDate": text}))
    with pytest.raises(ValueError, match="invalid date") as caught:
        _ = coupon.launch_date
    assert text in str(caught.value)
    # All other fields and the original text can be read.
    assert coupon.code == "TEN"
    assert json.loads(coupon.to_json())["launchDate"] == text
    assert repr(coupon) == "Coupon(code='TEN', launch_date=<unreadable>)"
    assert pickle.loads(pickle.dumps(coupon)) == coupon
    assert hash(coupon) == hash(pickle.loads(pickle.dumps(coupon)))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"id": "seven"}', b"\xff", '{"code": "A"} x'])
def test_invalid_json_of_a_coupon_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Coupon.from_json(text)


@pytest.mark.parametrize("value", [None, 5, ["{}"], {"code": "A"}])
def test_json_is_text_or_bytes(value: Any) -> None:
    with pytest.raises(TypeError, match="expected JSON as a string or bytes"):
        Coupon.from_json(value)


def test_dates_far_in_the_past_and_the_future() -> None:
    for date in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC)):
        assert Coupon(launch_date=date).launch_date == date
