"""Coupons with undocumented values are read if the meaning is clear. Otherwise, they are named or skipped."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from ecwid_coupons import (
    AsyncClient,
    Client,
    Coupon,
    CouponList,
    DecodeError,
    InvalidRowsError,
    SkippedCoupon,
    UpdateResult,
)
from page_server import PageServer

EVEN = '"discount":"10.00"'
ODD = {1: '"discount":"ten"', 3: '"catalogLimit":{"products":[1,"x"]}', 4: '"orderCount":1.5'}


def odd_pages(total: int = 6) -> Callable[[int, int], tuple[int, str]]:
    """The pages of a store with unreadable coupons."""

    def page(offset: int, limit: int) -> tuple[int, str]:
        numbers = range(offset, min(offset + limit, total))
        items = (f'{{"id":{number},"code":"C{number}",{ODD.get(number, EVEN)}}}' for number in numbers)
        return total, ",".join(items)

    return page


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ('"discount":"10.00"', '"discount":10.00'),
        ('"orderCount":1.0', '"orderCount":1'),
        ('"orderCount":"5"', '"orderCount":5'),
        ('"orderCount":1e0', '"orderCount":1'),
        ('"catalogLimit":[]', '"catalogLimit":{}'),
        ('"code":9418', '"code":"9418"'),
    ],
)
def test_odd_values_with_a_clear_meaning_are_read(odd: str, plain: str) -> None:
    with PageServer(lambda _offset, _limit: (1, f'{{"id":1,{odd}}}')) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        assert [coupon.to_json() for coupon in client.search()] == [f'{{"id":1,{plain}}}']
    assert Coupon.from_json(f'{{"id":1,{odd}}}').to_json() == f'{{"id":1,{plain}}}'
    assert CouponList.from_json(f'[{{"id":1,{odd}}}]').to_json() == f'[{{"id":1,{plain}}}]'
    assert CouponList.from_json(f'{{"items":[{{"id":1,{odd}}}]}}').to_json() == f'[{{"id":1,{plain}}}]'


def test_an_unreadable_coupon_is_named() -> None:
    with PageServer(odd_pages()) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        for read in (list, lambda search: search.collect(), lambda search: search.to_polars(), pl.DataFrame):
            with pytest.raises(DecodeError, match=r'coupon 1 \(code "C1"\): items\[1\]\.discount: '):
                read(client.search())
        # The number of coupons is known nevertheless.
        assert client.search(limit=1, offset=1).count() == 6
    with pytest.raises(ValueError, match=r'coupon 7 \(code "X"\): discount: '):
        Coupon.from_json('{"id":7,"code":"X","discount":"ten"}')
    with pytest.raises(ValueError, match=r"coupon 7: \[1\]\.discount: "):
        CouponList.from_json('[{},{"id":7,"discount":"ten"}]')
    with pytest.raises(ValueError, match="updateCount: "):
        UpdateResult.from_json('{"updateCount":"some"}')
    assert UpdateResult.from_json('{"updateCount":"1"}').update_count == 1


def test_a_search_skips_unreadable_coupons(caplog: pytest.LogCaptureFixture) -> None:
    with PageServer(odd_pages()) as server, caplog.at_level(logging.WARNING):
        search = Client(1003, "secret", base_url=server.base_url).search(skip_unreadable=True, limit=2)
        found = search.collect()
        assert [coupon.id for coupon in found] == [0, 2, 5]
        assert [(skipped.id, skipped.code, skipped.field) for skipped in found.skipped] == [
            (1, "C1", "discount"),
            (3, "C3", "catalogLimit.products[1]"),
            (4, "C4", "orderCount"),
        ]
        first = found.skipped[0]
        assert isinstance(first, SkippedCoupon)
        assert "a number" in first.problem
        assert json.loads(first.json) == {"id": 1, "code": "C1", "discount": "ten"}
        assert found[:2].skipped == ()
        messages = [record.getMessage() for record in caplog.records if "skipped an unreadable" in record.getMessage()]
        assert len(messages) == 3, caplog.text
        assert 'coupon 1 (code "C1"): discount: ' in messages[0]

        pages = list(search.pages())
        assert [coupon.id for page in pages for coupon in page] == [0, 2, 5]
        assert [skipped.id for page in pages for skipped in page.skipped] == [1, 3, 4]
        assert [coupon.id for coupon in search] == [0, 2, 5]
        assert search.to_polars()["id"].to_list() == [0, 2, 5]
        stream = search.stream(batch_size=1)
        for _ in range(2):
            assert pa.table(stream)["id"].to_pylist() == [0, 2, 5]
            assert [skipped.id for skipped in stream.skipped] == [1, 3, 4]
        done: list[tuple[int, int | None]] = []
        search.collect(progress=lambda read, total: done.append((read, total)))
        assert done[-1] == (6, 6)


def test_first_skips_unreadable_coupons() -> None:
    with PageServer(lambda offset, limit: odd_pages()(offset + 3, limit)) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        with pytest.raises(DecodeError):
            client.search().first()
        first = client.search(skip_unreadable=True).first()
        assert first is not None
        assert first.id == 5

    async def run(base_url: str) -> tuple[list[int | None], list[int | None]]:
        async with AsyncClient(1003, "secret", base_url=base_url) as coupons:
            found = await coupons.search(skip_unreadable=True).collect()
            return [coupon.id for coupon in found], [skipped.id for skipped in found.skipped]

    with PageServer(odd_pages()) as server:
        assert asyncio.run(run(server.base_url)) == ([0, 2, 5], [1, 3, 4])


def test_unknown_json_has_no_line_breaks() -> None:
    text = '[{"id":1,"new":{\n "a" : 1.50 ,\r\n "b": "x  \\n"\r}}]'
    compact = '{"id":1,"new":{"a":1.50,"b":"x  \\n"}}'
    found = CouponList.from_json(text)
    assert found.to_json() == f"[{compact}]"
    assert found[0].to_json() == compact
    assert pa.table(found)["extra"].to_pylist() == ['{"new":{"a":1.50,"b":"x  \\n"}}']
    deep = "[ " * 60_000 + "]\n" * 60_000
    assert len(CouponList.from_json(f'[{{"new":{deep}}}]')[0].to_json()) == 120_008


FLOATS = [(0.1 * 3, "0.3"), (1.1 * 1.1, "1.21"), (-0.1 - 0.2, "-0.3"), (100_000_000.1 * 3, "300000000.3")]


@pytest.mark.parametrize(("number", "meant"), FLOATS)
def test_a_float_with_a_rounding_error_is_refused(number: float, meant: str) -> None:
    with PageServer() as server:
        client = Client(1003, "secret", base_url=server.base_url)
        for field in ("discount", "total_limit"):
            values: dict[str, Any] = {"name": "A", "code": "X", field: number}
            attempts: list[Callable[[], object]] = [
                lambda values=values: client.create(**values),
                lambda values=values: client.create_or_get(**values),
                lambda field=field: client.update("X", **{field: number}),
                lambda values=values: Coupon(**values),
            ]
            for attempt in attempts:
                expected = rf"^invalid {field}: .* has rounding errors \(did you mean `{meant}`\?\); hint: pass Dec"
                with pytest.raises(ValueError, match=expected):
                    attempt()
            frame = {name: [value] for name, value in values.items()}
            for rows in ([values], pl.DataFrame(frame), pd.DataFrame(frame), pa.table(frame)):
                with pytest.raises(InvalidRowsError) as caught:
                    client.create_many(rows)  # type: ignore[arg-type]
                (problem,) = caught.value.problems
                assert (problem.row, problem.column) == (0, field)
                assert f"did you mean `{meant}`" in problem.problem
                assert f'pass Decimal("{meant}") or "{meant}"' in problem.problem
        assert server.posts == []


def test_the_intended_digits_of_numbers_are_sent() -> None:
    with PageServer() as server:
        client = Client(1003, "secret", base_url=server.base_url)
        for index, number in enumerate(["0.30000000000000004", Decimal("0.1234567890123"), 0.1, np.float64(0.1), 1e16]):
            client.create(name="A", code=f"X{index}", discount=number)  # type: ignore[arg-type]
        client.create_many(pa.table({"name": ["A"], "code": ["Y"], "discount": pa.array([0.1], pa.float32())}))
        sent = [post["discount"] for post in server.posts]
        assert sent == [0.30000000000000004, 0.1234567890123, 0.1, 0.1, 1e16, 0.1]
        with pytest.raises(InvalidRowsError, match=r"did you mean `48\.3`"):
            client.create_many(
                pa.table({"name": ["A"], "code": ["Z"], "discount": pa.array([np.float32(16.1) * 3], pa.float32())})
            )
        # The user most likely did not mean all digits of a float.
        with pytest.raises(ValueError, match=r"did you mean `0\.1`"):
            client.create(name="A", code="Z", discount=Decimal.from_float(0.1))
        with pytest.raises(ValueError, match=r"did you mean `0\.3`"):
            client.create(name="A", code="Z", discount=Decimal.from_float(0.1 * 3))
        client.create(name="A", code="W", discount=Decimal.from_float(0.5))


def test_amounts_as_text_keep_all_digits() -> None:
    numbers = ["0.30000000000000004", "1e-10", "10.00", "1234567890123456789012345678901234567890"]
    found = CouponList.from_json([f'[{{"id":{index},"discount":{text}}}]' for index, text in enumerate(numbers)])
    with pytest.raises(ValueError, match=r'invalid discount of the coupon 0: `0.30000000000000004`.*decimals="text"'):
        found.to_polars()
    assert found.to_polars(decimals="text")["discount"].to_list() == numbers
    assert found.to_arrow(decimals="text")["discount"].to_pylist() == numbers
    assert found.to_pandas(decimals="text")["discount"].to_list() == numbers
    assert pl.DataFrame(found.table(decimals="text"))["total_limit"].to_list() == [None] * 4
    with PageServer(lambda _offset, _limit: (1, '{"id":1,"discount":0.30000000000000004}')) as server:
        search = Client(1003, "secret", base_url=server.base_url).search()
        assert search.to_polars(decimals="text")["discount"].to_list() == ["0.30000000000000004"]
        assert pa.table(search.stream(decimals="text"))["discount"].to_pylist() == ["0.30000000000000004"]
        with pytest.raises(ValueError, match="of the coupon 1: "):
            pl.DataFrame(search)
    # Such a table can be passed to create_many.
    with PageServer() as server:
        client = Client(1003, "secret", base_url=server.base_url)
        rows = found.to_polars(decimals="text").with_columns(name=pl.lit("N"), code=pl.format("C{}", pl.col("id")))
        client.create_many(rows[:3], concurrency=1)
        assert [post["discount"] for post in server.posts] == [0.30000000000000004, 1e-10, 10.0]


def test_a_limit_with_a_null_cannot_be_read() -> None:
    with PageServer(lambda _offset, _limit: (1, '{"id":1,"code":"A","catalogLimit":{"products":[1,null]}}')) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        with pytest.raises(DecodeError, match=r'coupon 1 \(code "A"\): items\[0\]\.catalogLimit\.products\[1\]'):
            list(client.search())
        assert [skipped.id for skipped in client.search(skip_unreadable=True).collect().skipped] == [1]


@pytest.mark.parametrize("date", ["", "garbage", "0000-00-00 00:00:00 +0000", "x\\n\\u001b[31m\\u202esecret_abc"])
def test_an_invalid_date_does_not_prevent_reading(date: str) -> None:
    odd = f'{{"id":2,"code":"B","launchDate":"{date}"}}'
    with PageServer(lambda _offset, _limit: (2, f'{{"id":1,"code":"A"}},{odd}')) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        search = client.search(skip_unreadable=True)
        assert search.to_arrow()["code"].to_pylist() == ["A"]
        assert [row["code"] for row in search.to_dicts()] == ["A"]
        (skipped,) = search.collect().skipped
        assert (skipped.id, skipped.field) == (2, "launchDate")
        # Without skipping, reading the attribute raises an error.
        coupon = list(client.search())[1]
        with pytest.raises(ValueError, match="invalid date") as caught:
            _ = coupon.launch_date
        text = str(caught.value)
        assert "secret_abc" not in text
        assert text.isprintable()


def test_a_skipped_coupon_shows_no_token(caplog: pytest.LogCaptureFixture) -> None:
    token = "0dd-t0ken-of-mine"
    item = f'{{"id":1,"code":"{token}","orderCount":"Bearer {token}"}}'
    with PageServer(lambda _offset, _limit: (1, item)) as server, caplog.at_level(logging.WARNING):
        client = Client(1003, token, base_url=server.base_url)
        (skipped,) = client.search(skip_unreadable=True).collect().skipped
        assert token not in f"{skipped.problem} {skipped.code}"
    assert "skipped an unreadable coupon" in caplog.text
    assert token not in caplog.text
