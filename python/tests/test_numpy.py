"""NumPy scalars and arrays are accepted like Python values of the same kind."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ecwid_coupons import CatalogLimit, Client, ConfigurationError, CouponList
from ecwid_coupons.testing import Latency, Limits, OrderItem, Sandbox, Shipping, Status
from servers import Response, ScriptedServer

VALUES: list[tuple[str, Any, str]] = [
    ("discount", np.int64(5), "5"),
    ("discount", np.int32(-5), "-5"),
    ("discount", np.uint8(5), "5"),
    ("discount", np.uint64(2**64 - 1), "18446744073709551615"),
    ("discount", np.float64(12.5), "12.5"),
    ("discount", np.float64(0.1), "0.1"),
    ("discount", np.float32(0.1), "0.1"),
    ("discount", np.float32(12.5), "12.5"),
    ("discount", np.float32(1e-5), "0.00001"),
    ("discount", np.float32(16777216), "16777216"),
    ("discount", np.float16(0.1), "0.1"),
    ("discount", np.longdouble("0.1"), "0.1"),
    ("discount", np.array(7), "7"),
    ("discount", np.str_("10.50"), "10.50"),
    ("total_limit", np.int64(5), "5"),
    ("total_limit", np.float32(0.7), "0.7"),
    ("order_count", np.int64(5), "5"),
    ("order_count", np.uint8(5), "5"),
    ("name", np.str_("Ten"), '"Ten"'),
    ("discount_type", np.str_("PERCENT"), '"PERCENT"'),
    ("launch_date", np.str_("2030-01-01 00:00:00 +0000"), '"2030-01-01 00:00:00 +0000"'),
    ("repeat_customer_only", np.bool_(True), "true"),
    ("repeat_customer_only", np.bool_(False), "false"),
    ("catalog_limit", {"products": [np.int64(1), np.int32(2)]}, '{"products":[1,2]}'),
    ("catalog_limit", {"products": np.array([1, 2])}, '{"products":[1,2]}'),
    ("catalog_limit", {"products": pd.Series([1, 2])}, '{"products":[1,2]}'),
    ("catalog_limit", CatalogLimit(products=np.array([1, 2])), '{"products":[1,2]}'),  # type: ignore[arg-type]
    ("shipping_limit", {"shipping_methods": np.array(["18765-1"])}, '{"shippingMethods":["18765-1"]}'),
]

REFUSED: list[tuple[str, Any]] = [
    ("discount", np.bool_(True)),
    ("discount", np.float32("nan")),
    ("discount", np.float64("inf")),
    ("discount", np.complex64(1)),
    ("discount", np.timedelta64(5, "s")),
    ("discount", np.datetime64("2030-01-01")),
    ("discount", np.bytes_(b"10")),
    ("discount", np.array([7])),
    ("discount", True),
    ("order_count", np.bool_(True)),
    ("order_count", np.float32(5)),
    ("order_count", np.float64(5)),
    ("order_count", np.timedelta64(5, "s")),
    ("order_count", np.array([5])),
    ("order_count", True),
    ("repeat_customer_only", np.int64(1)),
    ("name", np.int64(5)),
    ("name", np.bytes_(b"Ten")),
    ("catalog_limit", {"products": np.array([1.5])}),
    ("catalog_limit", {"products": np.array([True])}),
    ("catalog_limit", {"products": np.array([[1], [2]])}),
    ("catalog_limit", {"products": np.array(1)}),
]


def in_api(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


@pytest.mark.filterwarnings("ignore:`repeat_customer_only` is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("field", "value", "expected"), VALUES)
@pytest.mark.parametrize("call", ["create", "update", "create_many"])
def test_a_field_accepts_numpy_scalars(
    scripted: ScriptedServer, call: str, field: str, value: Any, expected: str
) -> None:
    scripted.response(Response(body='{"id":1,"code":"TEN","updateCount":1}'))
    values = {"name": "Some", "code": np.str_("TEN"), field: value}
    with Client(**scripted.client_settings()) as coupons:
        if call == "create":
            coupons.create(**values)
        elif call == "update":
            coupons.update("TEN", **values)
        else:
            coupons.create_many([values], keep_order_count=True)
    # An update of the code looks up the coupon first.
    request = scripted.requests[-1]
    # Compares the digits that were sent.
    assert f'"{in_api(field)}":{expected}' in request.body.decode()


@pytest.mark.filterwarnings("ignore:`repeat_customer_only` is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_a_field_refuses_numpy_scalars_of_another_kind(scripted: ScriptedServer, field: str, value: Any) -> None:
    values = {"name": "Ten", "code": "TEN", field: value}
    with Client(**scripted.client_settings()) as coupons:
        for call in (lambda: coupons.create(**values), lambda: coupons.update("TEN", **values)):
            with pytest.raises(TypeError, match=field):
                call()
        with pytest.raises(ValueError, match=field):
            coupons.create_many([values], keep_order_count=True)
    assert scripted.requests == []


def test_rows_of_a_frame_are_accepted(scripted: ScriptedServer) -> None:
    scripted.response(Response(body='{"id":1,"code":"TEN"}'))
    frame = pd.DataFrame(
        {
            "name": ["Ten"],
            "code": ["TEN"],
            "discount": np.array([0.1], dtype="float32"),
            "order_count": np.array([3], dtype="uint8"),
            "repeat_customer_only": [True],
            "launch_date": pd.to_datetime(["2030-01-01"]).tz_localize("Europe/Berlin"),
        }
    )
    # Not with `to_dict`, which would convert it to 0.10000000149011612.
    rows = [{name: frame[name][0] for name in frame}, frame.astype({"discount": "float64"}).to_dict("records")[0]]
    rows[1]["discount"] = np.float32(rows[1]["discount"])
    with Client(**scripted.client_settings()) as coupons:
        for row in rows:
            assert coupons.create_many([row], keep_order_count=True).is_complete
    for request in scripted.requests:
        sent = json.loads(request.body)
        assert (sent["discount"], sent["orderCount"], sent["repeatCustomerOnly"]) == (0.1, 3, True)
        assert sent["launchDate"] == "2030-01-01 00:00:00 +0100"


def test_extra_fields_accept_numpy_scalars(scripted: ScriptedServer) -> None:
    scripted.response(Response(body='{"id":1,"code":"TEN"}'))
    extra = {"a": np.int64(1), "b": [np.float32(0.1)], "c": {"d": np.bool_(True)}, np.str_("e"): np.str_("f")}
    with Client(**scripted.client_settings()) as coupons:
        coupons.create(name="Ten", code="TEN", extra=extra)
        with pytest.raises(TypeError, match=r"extra\.a"):
            coupons.create(name="Ten", code="TEN", extra={"a": np.datetime64("2030-01-01")})
    sent = json.loads(scripted.requests[0].body)
    assert {name: sent[name] for name in "abce"} == {"a": 1, "b": [0.1], "c": {"d": True}, "e": "f"}


def test_ids_and_counts_accept_numpy_scalars(sandbox: Sandbox) -> None:
    pace = np.int64(100_000)
    settings: dict[str, Any] = {"timeout": np.float32(20), "deadline": np.int64(60), "max_attempts": np.uint8(2)}
    client = Client(
        np.int64(sandbox.store_id), sandbox.token, base_url=sandbox.base_url, requests_per_minute=pace, **settings
    )
    with client as coupons:
        made = [coupons.create(name="One", code=f"C{number}", discount=np.int64(number)).id for number in range(5)]
        first, second, *others = np.array(made)
        assert coupons.get(first, fields=np.array(["code"])).code == "C0"  # type: ignore[arg-type]
        assert coupons.update(second, name="Second").update_count == 1  # type: ignore[arg-type]
        assert coupons.delete_if_unused(second).outcome == "deleted"
        assert coupons.delete(first).delete_count == 1
        search = coupons.search(
            offset=np.int64(1),
            limit=np.uint8(1),
            prefetch=np.int32(2),
            any_order=np.bool_(True),
            created_from=np.int64(0),
        )
        assert "limit" in repr(search)
        found = search.collect(concurrency=np.int16(2))
        assert [coupon.id for coupon in found] == list(others)[1:]
        assert found[np.int64(0)].id == others[1]
        assert len(CouponList.from_json("[]")) == 0
        report = coupons.create_many([{"name": "A", "code": "A"}], concurrency=np.int64(1))
        assert report[np.int64(0)].outcome == "created"
        assert "fields" in repr(coupons.search(fields=np.array(["code"])))  # type: ignore[arg-type]
        for call in (
            lambda: coupons.get(np.bool_(True)),
            lambda: coupons.get(np.float32(1)),
            lambda: coupons.search(limit=np.bool_(True)).collect(),
            lambda: coupons.search(limit=np.float64(1)).collect(),
            lambda: coupons.search(any_order=np.int64(1)).collect(),
            lambda: coupons.search(created_from=np.bool_(True)).collect(),
        ):
            with pytest.raises(TypeError):
                call()
    for value in (np.bool_(True), np.str_("5"), np.timedelta64(5, "s")):
        with pytest.raises(TypeError, match="timeout"):
            Client(1003, "secret_1", timeout=value)
    with pytest.raises(ConfigurationError, match="timeout"):
        Client(1003, "secret_1", timeout=np.float32(-1))


def test_the_sandbox_accepts_numpy_scalars(sandbox: Sandbox) -> None:
    with sandbox.client() as coupons:
        coupons.create(name="Ten", code="TEN", discount_type="PERCENT", discount=10)
        items = [OrderItem(np.int64(1), np.float32(0.1), quantity=np.int32(3), category_ids=np.array([0, 1]))]
        order = sandbox.place_order(items, shipping=Shipping("a", np.int64(4)))
        assert str(order.total) in ("4.3", "4.30")
        sandbox.add_fault(Status(np.int64(503)), times=np.int64(1), probability=np.float32(1), seed=np.uint8(7))
        sandbox.add_fault(Latency(np.int64(1)))
        assert sandbox.faults()[0].fault.effect == Status(503)
        assert sandbox.set_limits(Limits(np.int64(1000))).requests_per_minute == 1000
        with pytest.raises(TypeError, match="amount"):
            sandbox.place_order([OrderItem(1, np.bool_(True))])
    with Sandbox(store_id=np.int64(7), seed=np.int64(3), timeout=np.float32(30)) as other, other.client() as coupons:
        assert (other.store_id, coupons.search().count()) == (7, 3)
