"""Results and errors describe exactly what the store did or may have done."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ecwid_coupons import Client, ConflictError, Coupon, CreateOutcome, CreationReport, DecodeError, NotFoundError
from ecwid_coupons.testing import ResetAfter, ResetBefore, Sandbox, Status
from servers import HangingServer, Response, ScriptedServer

WRITES = ["create_discount_coupon", "update_discount_coupon", "delete_discount_coupon"]

CALLS: dict[str, Callable[[Client], Any]] = {
    "get": lambda coupons: coupons.get("X"),
    "get one field": lambda coupons: coupons.get("X", fields=["id"]),
    "create": lambda coupons: coupons.create(name="A", code="A"),
    "create_or_get": lambda coupons: coupons.create_or_get(name="A", code="A"),
    "update": lambda coupons: coupons.update("A", discount=5),
    "delete": lambda coupons: coupons.delete("A"),
    "delete_if_unused": lambda coupons: coupons.delete_if_unused("A"),
    "list": lambda coupons: list(coupons.search()),
    "collect": lambda coupons: coupons.search().collect(),
    "to_arrow": lambda coupons: coupons.search().to_arrow(),
    "count": lambda coupons: coupons.search().count(),
    "first": lambda coupons: coupons.search().first(),
}


@pytest.mark.parametrize("body", ["{}", '{"status":"maintenance"}', '{"updateCount":null,"deleteCount":null}'])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_success_status_alone_is_not_a_result(
    scripted: ScriptedServer, call: Callable[[Client], Any], body: str
) -> None:
    scripted.response(Response(body=body))
    with Client(**scripted.client_settings()) as coupons, pytest.raises(DecodeError) as caught:
        call(coupons)
    is_write = caught.value.operation in WRITES
    assert caught.value.may_have_taken_effect == is_write
    assert caught.value.elapsed > 0
    assert caught.value.attempts == 1


def test_a_search_does_not_end_at_an_invalid_page(scripted: ScriptedServer) -> None:
    items = [{"id": number, "code": f"C{number}"} for number in range(1, 101)]
    page = {"total": 250, "count": 100, "offset": 0, "limit": 100, "items": items}
    scripted.response(Response(body=json.dumps(page)), Response(body='{"status":"maintenance"}'))
    with Client(**scripted.client_settings()) as coupons:
        found = iter(coupons.search())
        assert [next(found).code for _ in range(100)] == [f"C{number}" for number in range(1, 101)]
        with pytest.raises(DecodeError):
            next(found)


def test_a_response_with_another_coupon_is_a_decode_error(scripted: ScriptedServer) -> None:
    scripted.response(Response(body='{"id":7,"code":"OTHER"}'))
    with Client(**scripted.client_settings()) as coupons:
        for coupon in ("C1", 8, Coupon(id=8), Coupon(code="C1")):
            with pytest.raises(DecodeError, match="OTHER"):
                coupons.get(coupon)


def test_a_row_without_an_id_is_not_created(scripted: ScriptedServer) -> None:
    report = CreationReport()
    with Client(**scripted.client_settings()) as coupons:
        coupons.create_many([{"name": "A", "code": "A"}], report=report)
    assert (report[0].outcome, report[0].may_have_taken_effect) == ("failed", True)


def test_a_lost_response_of_a_write_is_resolved(either: Client, sandbox: Sandbox) -> None:
    either.create(name="A", code="OLD")
    sandbox.add_fault(ResetAfter(), operations=WRITES, times=1)
    assert either.update("OLD", code="NEW").update_count == 1
    sandbox.add_fault(ResetAfter(), operations=WRITES, times=1)
    assert either.delete("NEW").delete_count is None
    assert either.delete("NEW").delete_count == 0


def test_text_is_a_code_and_an_int_is_an_id(either: Client, sandbox: Sandbox) -> None:
    sandbox.load([Coupon(id=9418, name="Gift card", code="GIFT500"), Coupon(id=77, name="Other", code="9418")])
    assert either.get(9418).code == "GIFT500"
    assert either.get("9418").id == 77
    either.update("9418", name="Changed")
    assert either.get("GIFT500").name == "Gift card"
    assert either.delete_if_unused("77").outcome == "not_found"
    assert either.delete("9418").delete_count == 1
    assert either.delete("9418").delete_count == 0
    with pytest.raises(NotFoundError, match="no coupon has the code `9418`"):
        either.get("9418")
    assert either.get(9418).code == "GIFT500"
    # A missing id is not looked up as a code.
    either.create(name="Third", code="500")
    assert either.delete(500).delete_count == 0
    with pytest.raises(NotFoundError, match="no coupon has the id `500`"):
        either.update(500, name="Changed")
    assert either.get("500").name == "Third"


@pytest.mark.parametrize(
    ("field", "theirs"),
    [
        ("status", {"status": "PAUSED"}),
        ("catalogLimit.products", {"catalog_limit": {"products": [1]}}),
        ("applicationLimit", {"application_limit": "NEW_CUSTOMER_ONLY"}),
        ("totalLimit", {"total_limit": 1000}),
        ("launchDate", {"launch_date": datetime(2099, 1, 1, tzinfo=UTC)}),
        ("expirationDate", {"expiration_date": datetime(2099, 1, 1, tzinfo=UTC)}),
        ("usesLimit", {"uses_limit": "SINGLE"}),
        ("discountType", {"discount_type": "PERCENT"}),
    ],
)
def test_an_existing_coupon_with_more_fields_is_a_conflict(coupons: Client, field: str, theirs: dict[str, Any]) -> None:
    coupons.create(**{"name": "A", "code": "A", "discount": 5, **theirs})
    with pytest.raises(ConflictError) as caught:
        coupons.create_or_get(name="A", code="A", discount=5)
    assert [difference.field for difference in caught.value.differences] == [field]
    row = coupons.create_many([{"name": "A", "code": "A", "discount": 5}], existing="accept")[0]
    assert row.outcome == "failed"


def test_an_existing_coupon_has_its_status_and_order_count(coupons: Client, sandbox: Sandbox) -> None:
    used = Coupon(id=7, name="A", code="A", discount=5, uses_limit="SINGLE", status="USEDUP", order_count=1)
    sandbox.load([used])
    wanted = {"name": "A", "code": "A", "discount": 5, "uses_limit": "SINGLE"}
    found = coupons.create_or_get(**wanted)
    assert found == CreateOutcome(id=7, code="A", outcome="already_exists", status="USEDUP", order_count=1)
    assert pickle.loads(pickle.dumps(found)) == found
    report = coupons.create_many([wanted], existing="accept")
    assert (report[0].status, report[0].order_count) == ("USEDUP", 1)
    table = report.to_arrow()
    assert (table["status"].to_pylist(), table["order_count"].to_pylist()) == (["USEDUP"], [1])


def test_a_coupon_with_the_new_code_is_not_taken_for_an_update(either: Client, sandbox: Sandbox) -> None:
    either.create(name="A", code="MINE", discount=1)
    either.create(name="B", code="OTHER", discount=9)
    for fault in (Status(502), ResetAfter(), ResetBefore()):
        sandbox.add_fault(fault, operations=WRITES, times=1)
        with pytest.raises(ConflictError) as caught:
            either.update("MINE", code="OTHER")
        assert not caught.value.may_have_taken_effect
        sandbox.add_fault(fault, operations=WRITES, times=1)
        with pytest.raises(NotFoundError):
            either.update("NONE", code="OTHER")
    assert sorted(coupon.code or "" for coupon in either.search()) == ["MINE", "OTHER"]


def test_a_conflict_shows_no_token(scripted: ScriptedServer) -> None:
    token = "0dd-t0ken-of-mine"
    page = {"total": 1, "items": [{"id": 1, "code": "B", "name": f"Bearer {token}", "discount": 3}]}
    scripted.response(Response(status=409), Response(body=json.dumps(page)))
    with Client(**scripted.client_settings(token=token)) as coupons, pytest.raises(ConflictError) as caught:
        coupons.create_or_get(name="a", code="b", discount=1)
    assert {difference.field for difference in caught.value.differences} == {"discount", "name"}
    assert token not in repr(caught.value.differences)
    assert token.encode() not in pickle.dumps(caught.value)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ('coupons.create(name="A", code="A")', "create"),
        ('coupons.create_or_get(name="A", code="A")', "create"),
        ('coupons.update("A", discount=5)', "update"),
        ('coupons.delete("A")', "delete"),
    ],
)
def test_an_interrupted_write_has_a_note(hanging: HangingServer, call: str, what: str) -> None:
    program = f"""
import os, signal, sys, threading
from ecwid_coupons import Client
signal.signal(signal.SIGINT, signal.default_int_handler)
coupons = Client(1003, "secret_1", base_url=sys.argv[1])
threading.Thread(target=lambda: (sys.stdin.readline(), os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()
try:
    {call}
except KeyboardInterrupt as error:
    print(error.__notes__)
"""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-c", program, hanging.base_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    hanging.wait_for_request()
    out, _ = process.communicate("go\n", timeout=60)
    assert f"the {what} was in progress and may have taken effect" in out
