"""Warnings for what the OpenAPI document marks as deprecated. `typing/deprecated.py` tests the marks."""

from __future__ import annotations

import asyncio
import copy
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path

import polars
import pytest
from ecwid_coupons import AsyncClient, Client, Coupon, NewCoupon
from ecwid_coupons.testing import Sandbox

MESSAGE = "^`repeat_customer_only` is deprecated: use `applicationLimit`"

CALLS: dict[str, Callable[[Client, Path], object]] = {
    "create": lambda coupons, _: coupons.create(name="Ten", code="TEN", repeat_customer_only=False),
    "create_or_get": lambda coupons, _: coupons.create_or_get(name="Ten", code="TEN", repeat_customer_only=True),
    "issue": lambda coupons, path: coupons.issue("A-[*]", job=path, count=1, name="Ten", repeat_customer_only=True),
    "update": lambda coupons, _: coupons.update("OLD", repeat_customer_only=True),
    "Coupon": lambda *_: Coupon(code="TEN", repeat_customer_only=True),
    "NewCoupon": lambda *_: NewCoupon(name="Ten", code="TEN", repeat_customer_only=True),
    "percent": lambda *_: NewCoupon.percent("Ten", "TEN", 10, repeat_customer_only=True),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_deprecated_argument_warns_once_at_the_call(coupons: Client, tmp_path: Path, call: str) -> None:
    coupons.create(name="Old", code="OLD")
    with pytest.warns(DeprecationWarning, match=MESSAGE) as caught:
        CALLS[call](coupons, tmp_path / "coupons.job")
    assert [warning.filename for warning in caught] == [__file__]


async def update(sandbox: Sandbox) -> None:
    async with AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as coupons:
        await coupons.create(name="Ten", code="TEN")
        await coupons.update("TEN", repeat_customer_only=True)


def test_an_asynchronous_call_warns_where_it_is_awaited(sandbox: Sandbox) -> None:
    with pytest.warns(DeprecationWarning, match=MESSAGE) as caught:
        asyncio.run(update(sandbox))
    assert [warning.filename for warning in caught] == [__file__]


def test_nothing_else_warns(coupons: Client) -> None:
    # Rows are data, which may be those of another store.
    coupons.create_many([{"name": "Ten", "code": "TEN", "repeat_customer_only": True}])
    with warnings.catch_warnings(action="ignore"):
        new = NewCoupon(name="New", code="NEW", repeat_customer_only=True)
    coupons.create(new)
    coupon = coupons.get("TEN")
    assert coupon.repeat_customer_only
    assert coupon.to_dict()["repeat_customer_only"]
    assert "repeat_customer_only=True" in repr(coupon)
    assert pickle.loads(pickle.dumps(coupon)) == copy.copy(coupon)
    assert hash(coupon) == hash(Coupon.from_json(coupon.to_json()))
    assert "repeat_customer_only" in polars.DataFrame(coupons.search().table()).columns
