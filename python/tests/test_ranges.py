"""Integers and lengths of time outside their range: the error names the argument, the value and both limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import TIMEOUT_MAX
from typing import Any

import numpy as np
import polars as pl
import pytest
from ecwid_coupons import CatalogLimit, Client, Coupon, InvalidRowsError
from ecwid_coupons.testing import (
    Drip,
    Effect,
    Html,
    Latency,
    Limits,
    OrderItem,
    Sandbox,
    StaleRead,
    Status,
    Truncate,
)
from servers import ScriptedServer

MOST = 2**63 - 1
COUNT = 2**32 - 1
MANY_DIGITS = -(10**5000)
SECONDS = ("seconds above 0", "86399999999999")
# pytest cannot print the integer.
MANY = pytest.param(MANY_DIGITS, id="many digits")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def coupons(scripted: ScriptedServer) -> Iterator[Client]:
    with Client(**scripted.client_settings()) as coupons:
        yield coupons
    assert scripted.requests == []


def check(call: Callable[[Any], object], name: str, value: Any, limits: tuple[object, object]) -> None:
    with pytest.raises(ValueError, match=f"^invalid {re.escape(name)}: `") as raised:
        call(value)
    message = str(raised.value)
    shown = "an integer with too many digits" if value == MANY_DIGITS else f"{value!r:.100}"
    assert f"invalid {name}: `{shown}` (expected " in message
    between = " and up to " if limits[0] == SECONDS[0] else f" from {limits[0]} to "
    assert f"{between}{limits[1]}" in message
    assert str(limits[0]) in message


SETTINGS: list[tuple[str, int, int]] = [
    ("max_attempts", 1, COUNT),
    ("requests_per_minute", 1, COUNT),
    ("max_body_size", 1, COUNT),
]


@pytest.mark.parametrize(("name", "least", "most"), SETTINGS)
def test_a_setting_outside_its_range(scripted: ScriptedServer, name: str, least: int, most: int) -> None:
    for value in (least - 1, most + 1, 2**63, 2**64, -(2**63) - 1, 10**400, MANY_DIGITS):
        check(lambda value: Client(**scripted.client_settings(**{name: value})), name, value, (least, most))
    Client(**scripted.client_settings(**{name: most})).close()


@pytest.mark.parametrize("value", [0, -1, 2**63, 10**400, MANY])
def test_a_store_id_outside_its_range(value: int) -> None:
    check(lambda value: Client(value, "secret_1"), "store_id", value, (1, MOST))


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize(
    "value", [0, -1, 86_400_000_000_000, 2**64, 1e300, float("inf"), 10**400, MANY, timedelta(0), timedelta(-1)]
)
def test_a_length_of_time_outside_its_range(scripted: ScriptedServer, name: str, value: Any) -> None:
    check(lambda value: Client(**scripted.client_settings(**{name: value})), name, value, SECONDS)


@pytest.mark.parametrize("longest", [timedelta.max, 86_399_999_999_999])
def test_the_longest_timeout_is_accepted(sandbox: Sandbox, longest: Any) -> None:
    with sandbox.client(timeout=longest, deadline=longest) as coupons:
        assert coupons.search().count() == 0


CALLS: list[tuple[str, Callable[[Client, Any], object], int, int]] = [
    ("offset", lambda coupons, value: coupons.search(offset=value).first(), 0, MOST),
    ("limit", lambda coupons, value: coupons.search(limit=value).first(), 1, 100),
    ("prefetch", lambda coupons, value: coupons.search(prefetch=value).first(), 1, COUNT),
    ("concurrency", lambda coupons, value: coupons.search().collect(concurrency=value), 1, COUNT),
    ("concurrency", lambda coupons, value: coupons.search().to_polars(concurrency=value), 1, COUNT),
    ("concurrency", lambda coupons, value: coupons.create_many([], concurrency=value), 1, COUNT),
    ("batch_size", lambda coupons, value: coupons.search().stream(batch_size=value), 1, COUNT),
    *(
        (name, lambda coupons, value, name=name: coupons.search(**{name: value}).first(), -(2**63), MOST)
        for name in ("created_from", "created_to", "updated_from", "updated_to")
    ),
    *(
        ("order_count", call, -(2**63), MOST)
        for call in (
            lambda coupons, value: coupons.create(name="A", code="A", order_count=value),
            lambda coupons, value: coupons.create_or_get(name="A", code="A", order_count=value),
            lambda coupons, value: coupons.update("A", order_count=value),
            lambda _, value: Coupon(order_count=value),
        )
    ),
    ("id", lambda _, value: Coupon(id=value), -(2**63), MOST),
    ("products[1]", lambda _, value: CatalogLimit(products=[1, value]), -(2**63), MOST),
    ("catalog_limit.products[0]", lambda c, value: c.update("A", catalog_limit={"products": [value]}), -(2**63), MOST),
]


@pytest.mark.parametrize(("name", "call", "least", "most"), CALLS, ids=[call[0] for call in CALLS])
def test_an_argument_outside_its_range(
    coupons: Client, name: str, call: Callable[[Client, Any], object], least: int, most: int
) -> None:
    for value in (least - 1, most + 1, 2**63, 2**64, -(2**63) - 1, 10**400, MANY_DIGITS, np.uint64(2**63)):
        check(lambda value: call(coupons, value), name, value, (least, most))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**400, MANY])
@pytest.mark.parametrize("call", ["get", "delete", "delete_if_unused", "update"])
def test_an_id_outside_its_range(coupons: Client, call: str, value: int) -> None:
    fields = {"name": "A"} if call == "update" else {}
    check(lambda value: getattr(coupons, call)(value, **fields), "coupon", value, (1, MOST))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, MANY])
def test_a_row_with_a_value_outside_its_range(coupons: Client, value: int) -> None:
    shown = "an integer with too many digits" if value == MANY_DIGITS else str(value)
    with pytest.raises(InvalidRowsError) as raised:
        coupons.create_many([{"name": "A", "code": "A", "order_count": value}])
    expected = f"row 0, order_count: invalid value: `{shown}` (expected an integer from {-(2**63)} to {MOST})"
    assert expected in str(raised.value)


def test_a_column_with_a_value_outside_its_range(coupons: Client) -> None:
    table = pl.DataFrame(
        {"name": ["A"], "code": ["A"], "order_count": [2**63]}, schema_overrides={"order_count": pl.UInt64}
    )
    with pytest.raises(InvalidRowsError) as raised:
        coupons.create_many(table, keep_order_count=True)
    expected = f"row 0, order_count: invalid value: number `{2**63}`, expected a whole number of at most 18 digits"
    assert expected in str(raised.value)


def test_an_index_outside_its_range(sandbox: Sandbox) -> None:
    with sandbox.client() as coupons:
        found, report = coupons.search().collect(), coupons.create_many([])
    for index in (0, -1, 2**63, -(2**63) - 1, 10**400, MANY_DIGITS):
        shown = "an integer with too many digits" if index == MANY_DIGITS else f"{index!r:.100}"
        for sequence in (found, report):
            with pytest.raises(IndexError) as raised:
                sequence[index]
            assert f"index out of range: `{shown}` (the length is 0)" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "least", "most"), [("store_id", 1, MOST), ("seed", 0, COUNT), ("requests_per_minute", 1, COUNT)]
)
def test_an_argument_of_a_sandbox_outside_its_range(name: str, least: int, most: int) -> None:
    for value in (least - 1, most + 1, 10**400, MANY_DIGITS):
        check(lambda value: Sandbox(**{name: value}), name, value, (least, most))


@pytest.mark.parametrize("value", [0, -1, TIMEOUT_MAX * 2, float("inf"), 10**400, MANY])
def test_a_timeout_of_a_sandbox_outside_its_range(value: Any) -> None:
    check(lambda value: Sandbox(timeout=value), "timeout", value, ("seconds above 0", f"{TIMEOUT_MAX:.0f}"))


@pytest.mark.parametrize(
    ("name", "call", "least", "most"),
    [
        ("store_id", lambda sandbox, value: sandbox.add_token(value, "secret_2"), 1, MOST),
        ("last", lambda sandbox, value: sandbox.received_requests(value), 0, MOST),
        ("skip", lambda sandbox, value: sandbox.add_fault(Status(503), skip=value), 0, COUNT),
        ("times", lambda sandbox, value: sandbox.add_fault(Status(503), times=value), 0, COUNT),
        ("seed", lambda sandbox, value: sandbox.add_fault(Status(503), seed=value), 0, MOST),
    ],
)
def test_an_argument_of_a_call_of_a_sandbox_outside_its_range(
    sandbox: Sandbox, name: str, call: Callable[[Sandbox, Any], object], least: int, most: int
) -> None:
    for value in (least - 1, most + 1, 10**400, MANY_DIGITS):
        check(lambda value: call(sandbox, value), name, value, (least, most))


HOUR = 3_600_000
UNSIGNED = 2**64 - 1


def add(effect: Callable[[Any], Effect]) -> Callable[[Sandbox, Any], object]:
    return lambda sandbox, value: sandbox.add_fault(effect(value))


def order(**fields: Any) -> Callable[[Sandbox, Any], object]:
    (name,) = fields

    def place(sandbox: Sandbox, value: Any) -> object:
        return sandbox.place_order([OrderItem(**{"product_id": 1, "price": 1, name: fields[name](value)})])

    return place


def limit(name: str) -> Callable[[Sandbox, Any], object]:
    return lambda sandbox, value: sandbox.set_limits(Limits(**{name: value}))


FIELDS: list[tuple[str, Callable[[Sandbox, Any], object], int, int]] = [
    ("milliseconds", add(Latency), 0, HOUR),
    ("jitter_milliseconds", add(lambda value: Latency(1, value)), 0, HOUR),
    ("status", add(Status), 300, 599),
    ("retry_after", add(lambda value: Status(503, retry_after=value)), 0, UNSIGNED),
    ("bytes", add(Truncate), 0, UNSIGNED),
    ("status", add(Html), 200, 599),
    ("bytes", add(lambda value: Drip(value, 1)), 1, UNSIGNED),
    ("milliseconds", add(lambda value: Drip(1, value)), 0, HOUR),
    ("milliseconds", add(StaleRead), 0, 60_000),
    ("product_id", order(product_id=lambda value: value), -(2**63), MOST),
    ("quantity", order(quantity=lambda value: value), 1, 1_000_000),
    ("category_ids[1]", order(category_ids=lambda value: [0, value]), -(2**63), MOST),
    *(
        (name, limit(name), 0, COUNT)
        for name in (
            "requests_per_minute",
            "requests_per_minute_while_blocked",
            "requests_while_blocked",
            "longer_block_seconds",
        )
    ),
]


@pytest.mark.parametrize(("name", "call", "least", "most"), FIELDS, ids=[field[0] for field in FIELDS])
def test_a_field_of_a_sandbox_object_outside_its_range(
    sandbox: Sandbox, name: str, call: Callable[[Sandbox, Any], object], least: int, most: int
) -> None:
    sandbox.clear_faults()
    before = sandbox.limits()
    for value in (least - 1, most + 1, 2**64, 10**400, MANY_DIGITS):
        check(lambda value: call(sandbox, value), name, value, (least, most))
    for wrong in (True, 1.5, "1"):
        expected = f"invalid {name}: `{wrong!r}` (expected an integer from {least} to {most})"
        with pytest.raises(TypeError, match=f"^{re.escape(expected)}$"):
            call(sandbox, wrong)
    assert (sandbox.faults(), sandbox.limits()) == ([], before)
    # The sandbox accepts both limits.
    call(sandbox, least)
    call(sandbox, most)
    sandbox.clear_faults()
    sandbox.set_limits(Limits())
