"""Invalid fields raise an error that names the field. No request is sent."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from ecwid_coupons import Client, ConfigurationError, Coupon, EcwidError, InvalidRequestError
from servers import ScriptedServer

NAIVE = datetime.datetime(2024, 6, 30, 12)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", 5, TypeError),
        ("name", b"Ten", TypeError),
        ("name", "lone \ud800 surrogate", TypeError),
        ("name", ["Ten"], TypeError),
        ("status", 1, TypeError),
        ("discount", True, TypeError),
        ("discount", float("nan"), TypeError),
        ("discount", float("inf"), TypeError),
        ("discount", Decimal("NaN"), TypeError),
        ("discount", Decimal("Infinity"), TypeError),
        ("discount", "ten", TypeError),
        ("discount", "", TypeError),
        ("discount", b"10", TypeError),
        ("discount", 10j, TypeError),
        ("total_limit", [], TypeError),
        ("order_count", 2**70, ValueError),
        ("order_count", -(2**63) - 1, ValueError),
        ("order_count", 1.0, TypeError),
        ("order_count", "1", TypeError),
        ("order_count", True, TypeError),
        ("repeat_customer_only", 1, TypeError),
        ("repeat_customer_only", "yes", TypeError),
        ("launch_date", NAIVE, ValueError),
        ("launch_date", "yesterday", ValueError),
        ("launch_date", "2024-02-30", ValueError),
        ("launch_date", 1719748800, TypeError),
        ("expiration_date", datetime.time(12), TypeError),
        ("catalog_limit", [1, 2], TypeError),
        ("catalog_limit", "1", TypeError),
        ("catalog_limit", Coupon(code="TEN"), TypeError),
        ("catalog_limit", {"products": "12"}, TypeError),
        ("catalog_limit", {"products": b"12"}, TypeError),
        ("catalog_limit", {"products": {1: 2}}, TypeError),
        ("catalog_limit", {"products": 1}, TypeError),
        ("catalog_limit", {"products": [1, "two"]}, TypeError),
        ("catalog_limit", {"products": [None]}, TypeError),
        ("catalog_limit", {"product": [1]}, ValueError),
        ("catalog_limit", {5: [1]}, TypeError),
        ("shipping_limit", {"shipping_methods": "18765-1"}, TypeError),
        ("shipping_limit", {"shipping_methods": [18765]}, TypeError),
        ("extra", [("madeUp", 1)], TypeError),
        ("extra", {1: 2}, TypeError),
        ("extra", {"madeUp": object()}, TypeError),
        ("extra", {"madeUp": float("nan")}, TypeError),
        ("extra", {"name": "Ten"}, ValueError),
    ],
)
@pytest.mark.filterwarnings("ignore:`repeat_customer_only` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("call", ["create", "create_or_get", "update", "model"])
def test_a_field_of_the_wrong_kind_is_named(
    scripted: ScriptedServer, call: str, field: str, value: Any, error: type[Exception]
) -> None:
    values = {"name": "Ten", "code": "TEN", field: value}
    with Client(**scripted.client_settings()) as coupons:
        calls: dict[str, Callable[[], object]] = {
            "create": lambda: coupons.create(**values),
            "create_or_get": lambda: coupons.create_or_get(**values),
            "update": lambda: coupons.update("TEN", **values),
            "model": lambda: Coupon(**values),
        }
        with pytest.raises(error) as caught:
            calls[call]()
    assert not isinstance(caught.value, EcwidError)
    assert field in str(caught.value)
    assert scripted.requests == []


@pytest.mark.parametrize("call", ["create", "create_or_get", "update", "search"])
def test_an_unknown_keyword_is_an_error(scripted: ScriptedServer, call: str) -> None:
    with Client(**scripted.client_settings()) as coupons, pytest.raises(TypeError, match="discont"):
        getattr(coupons, call)(*["TEN"] * (call == "update"), discont=10)
    with pytest.raises(TypeError, match="discont"):
        Coupon(discont=10)  # type: ignore[call-arg]


@pytest.mark.parametrize("field", ["name", "code"])
def test_a_required_field_cannot_be_none(scripted: ScriptedServer, field: str) -> None:
    values: dict[str, Any] = {"name": "Ten", "code": "TEN", field: None}
    with Client(**scripted.client_settings()) as coupons, pytest.raises(ValueError, match=field):
        coupons.create(**values)
    assert scripted.requests == []


@pytest.mark.parametrize("coupon", [None, True, 1.5, b"TEN", ["TEN"], object()], ids=repr)
@pytest.mark.parametrize("call", ["get", "update", "delete", "delete_if_unused"])
def test_an_invalid_coupon_argument_is_a_type_error(scripted: ScriptedServer, call: str, coupon: Any) -> None:
    with (
        Client(**scripted.client_settings()) as coupons,
        pytest.raises(TypeError, match=r"invalid coupon: .* \(expected an id, a code or a Coupon\)"),
    ):
        getattr(coupons, call)(coupon, **({"name": "Ten"} if call == "update" else {}))
    assert scripted.requests == []


@pytest.mark.parametrize("code", ["", ".", ".."])
def test_a_code_that_cannot_be_a_path_segment_is_refused(scripted: ScriptedServer, code: str) -> None:
    with Client(**scripted.client_settings()) as coupons, pytest.raises(InvalidRequestError):
        coupons.delete(code)
    assert scripted.requests == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("store_id", 0),
        ("store_id", -1),
        ("token", ""),
        ("token", "with blank"),
        ("token", "with\nbreak"),
        ("base_url", "no address"),
        ("timeout", -1),
        ("deadline", datetime.timedelta(-1)),
        ("max_attempts", 0),
    ],
)
def test_an_error_names_the_invalid_setting(setting: str, value: Any) -> None:
    settings: dict[str, Any] = {"store_id": 1003, "token": "secret_1", setting: value}
    with pytest.raises(ConfigurationError) as caught:
        Client(**settings)
    assert setting.replace("_", " ") in str(caught.value).replace("_", " ").replace("base URL", "base url")
    assert "blank" not in str(caught.value)
