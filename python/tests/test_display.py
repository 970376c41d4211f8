"""What a REPL, rich and a notebook show."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from ecwid_coupons import AsyncClient, CatalogLimit, Client, Coupon, CouponList, CreationReport
from ecwid_coupons.testing import Sandbox
from rich.console import Console
from rich.pretty import pretty_repr

FULL = Coupon(
    id=7,
    name="Half off",
    code="HALF",
    discount_type="PERCENT",
    status="ACTIVE",
    discount="50.0",
    expiration_date=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    catalog_limit=CatalogLimit(products=[1, 2]),
    extra={"vip": True},
)
NAMES = {"Coupon": Coupon, "Decimal": Decimal, "CatalogLimit": CatalogLimit, "datetime": datetime}
# A tag, a character that reverses the text after it, a line break and a token.
HOSTILE = '<script>alert("x")</script>\u202egpj.exe\n secret_abcdefgh12345678'


class Tables(HTMLParser):
    """The elements and the cells of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        # The sides of the header cells and of the other cells, by their texts.
        self.sides: dict[str, str] = {}
        self.side = ""
        self.rows = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.add(tag)
        self.rows += tag == "tr"
        found = re.search("text-align: ([a-z]+)", dict(attributes).get("style", ""))
        self.side = found[1] if found else ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.sides[data] = self.side


def html(it: Any) -> Tables:
    return Tables(it._repr_html_())


def test_a_repr_can_be_evaluated_and_begins_with_the_discount_and_the_end() -> None:
    text = repr(FULL)
    assert text.startswith("Coupon(code='HALF', discount=Decimal('50.0'), discount_type='PERCENT', expiration_date=")
    assert eval(text, NAMES) == FULL


def test_rich_shows_the_fields_of_the_repr() -> None:
    assert eval(pretty_repr(FULL, max_width=10_000), NAMES) == FULL
    found = CouponList.from_json("[" + ",".join(f'{{"code":"A{number}"}}' for number in range(30)) + "]")
    text = pretty_repr(found, max_width=10_000)
    assert text.startswith("CouponList(total=30, coupons=[Coupon(code='A0'), ")
    assert text.count("Coupon(code") == 20
    # A search shows its filters.
    search = Client(1003, "secret", base_url="http://127.0.0.1:1").search(status="ACTIVE")
    assert pretty_repr(search) == "Search(status='ACTIVE')"
    output = io.StringIO()
    Console(file=output, width=10_000).print(FULL)
    assert eval(output.getvalue(), NAMES) == FULL


def test_a_coupon_is_a_table_of_its_fields() -> None:
    table = html(FULL)
    assert table.texts == [
        *("Coupon", "code", "HALF", "discount", "50.0", "discount_type", "PERCENT"),
        *("expiration_date", "2030-01-01 00:00:00 UTC", "status", "ACTIVE", "id", "7", "name", "Half off"),
        *("catalog_limit", "products: 1, 2", "extra", "{'vip': True}"),
    ]


def test_a_list_shows_its_first_20_coupons() -> None:
    found = CouponList.from_json("[" + ",".join(f'{{"code":"A{number}"}}' for number in range(30)) + "]")
    table = html(found)
    assert table.rows == 1 + 20
    assert table.texts[:3] == ["CouponList: 30 coupons, the first 20", "code", "A0"]
    assert html(found[:20]).texts[0] == "CouponList: 20 coupons"
    assert html(found[:0]).texts == ["CouponList: 0 coupons"]


def test_columns_have_the_order_of_the_repr() -> None:
    # The first coupon has no end.
    found = CouponList.from_json(f'[{{"code":"A","discount":1,"status":"ACTIVE","name":"A"}},{FULL.to_json()}]')
    expected = [name for name, _ in FULL.__rich_repr__()]
    assert html(found).texts[1 : 1 + len(expected)] == expected


def test_columns_of_numbers_are_on_the_right() -> None:
    first = '{"id":7,"code":"ONE","discount":5.5,"orderCount":3,"status":"ACTIVE","repeatCustomerOnly":true}'
    sides = html(CouponList.from_json(f'[{{"code":"TWO"}},{first},{{"discount":1250}}]')).sides
    left = ("code", "ONE", "TWO", "status", "ACTIVE", "repeat_customer_only", "True")
    assert {name: sides[name] for name in left} == dict.fromkeys(left, "left")
    right = ("discount", "5.5", "1250", "order_count", "3", "id", "7")
    assert {name: sides[name] for name in right} == dict.fromkeys(right, "right")


@pytest.mark.parametrize("text", [HOSTILE, "\u2066\u200f\x1b[31m\x00", "</td></table><img src=x onerror=y>", "&lt;"])
def test_text_of_the_store_is_escaped(text: str) -> None:
    coupon = Coupon(name=text, code=text, extra={text: text})
    for it in (coupon, CouponList.from_json(f"[{coupon.to_json()}]")):
        markup = it._repr_html_()
        assert Tables(markup).tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
        assert all(it.isprintable() for it in markup)
        assert "secret_abc" not in markup
        assert "secret_abc" not in repr(it)
    if text == "&lt;":
        assert text in html(coupon).texts


def test_a_long_text_is_cut() -> None:
    assert max(map(len, html(Coupon(name="x" * 10_000)).texts)) == 100


def test_an_unreadable_date_is_named() -> None:
    coupon = Coupon.from_json('{"code":"TEN","launchDate":"soon"}')
    assert html(coupon).texts == ["Coupon", "code", "TEN", "launch_date", "<unreadable>"]
    assert pretty_repr(coupon) == "Coupon(code='TEN', launch_date=<unreadable>)"


def test_a_notebook_shows_a_search_with_one_request() -> None:
    with Sandbox(seed=45) as sandbox, sandbox.client() as coupons:
        search = coupons.search()
        assert (repr(search), pretty_repr(search), str(search)) == ("<Search()>", "Search()", "<Search()>")
        assert len(sandbox.received_requests()) == 0
        table = html(search)
        assert table.rows == 1 + 20
        assert table.texts[0] == "Search(): 45 coupons, the first 20"
        assert len(sandbox.received_requests()) == 1
        assert html(coupons.search(code="no such code")).texts == ["Search(code='no such code'): 0 coupons"]
        # A cell cannot wait for an asynchronous search. It is shown by its filters.
        asynchronous = AsyncClient(1003, "secret_sandbox", base_url=sandbox.base_url).search()
        assert not hasattr(asynchronous, "_repr_html_")


def test_a_report_shows_its_counts_and_its_first_rows() -> None:
    with Sandbox(requests_per_minute=None) as sandbox, sandbox.client() as coupons:
        coupons.create(name="Another", code="C-3")
        report = coupons.create_many({"name": "<b>", "code": f"C-{number}"} for number in range(25))
        table = html(report)
        assert table.texts[0] == "<CreationReport of 25: 24 created, 1 failed>, the first 20"
        assert table.rows == 1 + 20
        assert {"row", "code", "outcome", "id", "error", "failed"} <= set(table.texts)
        assert "CreationReport(created=24, failed=1, rows=[" in pretty_repr(report, max_width=10**6)
        assert html(CreationReport()).texts == ["<CreationReport of 0>"]
