"""The errors of calls."""

from __future__ import annotations

import builtins
import pickle
import socket
import traceback
from pathlib import Path
from typing import Any

import duckdb
import ecwid_coupons
import pytest
from ecwid_coupons import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    Client,
    ConfigurationError,
    ConflictError,
    CursorError,
    DecodeError,
    EcwidError,
    InvalidRequestError,
    InvalidRowsError,
    JobError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    SyncError,
    WebhookError,
    sync,
    verify_webhook,
)
from ecwid_coupons.testing import Sandbox
from servers import TOKEN, HangingServer, Response, ScriptedServer

VENDORS = '{"errorMessage": "It is so.", "errorCode": "THE_CODE"}'

BASES: dict[type[EcwidError], type[BaseException]] = {
    ConfigurationError: builtins.ValueError,
    InvalidRequestError: builtins.ValueError,
    InvalidRowsError: InvalidRequestError,
    JobError: EcwidError,
    CursorError: builtins.ValueError,
    SyncError: EcwidError,
    WebhookError: builtins.ValueError,
    APIConnectionError: builtins.ConnectionError,
    APITimeoutError: builtins.TimeoutError,
    DecodeError: builtins.ValueError,
    APIStatusError: EcwidError,
    PermissionDeniedError: builtins.PermissionError,
    PaymentRequiredError: APIStatusError,
    NotFoundError: builtins.LookupError,
    ConflictError: builtins.ValueError,
    RateLimitError: APIStatusError,
    ServerError: APIStatusError,
}


def caught(settings: dict[str, Any]) -> EcwidError:
    """Returns the error of a get."""
    with Client(**settings) as coupons, pytest.raises(EcwidError) as info:
        coupons.get("TEN")
    return info.value


def test_each_class_has_its_base() -> None:
    of_the_package = {it for it in vars(ecwid_coupons).values() if isinstance(it, type) and issubclass(it, EcwidError)}
    assert of_the_package == {*BASES, EcwidError}
    for class_, base in BASES.items():
        assert issubclass(class_, base)
        assert issubclass(class_, EcwidError)


@pytest.mark.parametrize(
    ("status", "class_"),
    [
        (400, APIStatusError),
        (401, PermissionDeniedError),
        (402, PaymentRequiredError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (415, APIStatusError),
        (429, RateLimitError),
        (500, ServerError),
        (502, ServerError),
        (503, ServerError),
    ],
)
def test_a_status_error_has_all_details(scripted: ScriptedServer, status: int, class_: type[EcwidError]) -> None:
    scripted.response(Response(status, VENDORS))
    error = caught(scripted.client_settings())
    assert type(error) is class_
    assert error.operation == "get_discount_coupon"
    assert error.status == status
    assert error.code == "THE_CODE"
    assert error.error_message == "It is so."
    assert error.request_id
    assert any(error.request_id in value for value in scripted.requests[0].headers.values())
    assert error.attempts == 1
    assert 0 < error.elapsed < 60
    assert error.body is None

    assert error.differences == ()
    assert not error.may_have_taken_effect
    assert str(error).startswith(f"get_discount_coupon: {status} ")
    assert "It is so." in str(error)


def test_an_error_has_retry_after(scripted: ScriptedServer) -> None:
    scripted.response(Response(429, VENDORS, {"Retry-After": "7"}))
    error = caught(scripted.client_settings())
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 7


def test_attempts_are_counted(scripted: ScriptedServer) -> None:
    scripted.response(Response(503, VENDORS))
    error = caught(scripted.client_settings(max_attempts=2))
    assert error.attempts == 2
    assert len(scripted.requests) == 2


def test_an_error_shows_the_first_part_of_an_html_page(scripted: ScriptedServer) -> None:
    page = "<html><h1>Bad Gateway</h1>" + "x" * 1_000_000
    scripted.response(Response(502, page, {"Content-Type": "text/html"}))
    error = caught(scripted.client_settings())
    assert isinstance(error, ServerError)
    assert error.code is None
    assert error.body is not None
    assert error.body.startswith("<html><h1>Bad Gateway</h1>")
    assert len(str(error)) < 20_000


@pytest.mark.parametrize("body", ["<html>It works!</html>", "", "[]", '{"id": "seven"}', b"\xff\xfe"])
def test_an_invalid_response_is_a_decode_error(scripted: ScriptedServer, body: str | bytes) -> None:
    scripted.response(Response(200, body))
    error = caught(scripted.client_settings())
    assert isinstance(error, DecodeError)
    assert error.status == 200


def test_a_truncated_body_is_a_connection_error(scripted: ScriptedServer) -> None:
    scripted.response(Response(200, '{"id": 7, "co', broken_off=True))
    error = caught(scripted.client_settings())
    assert isinstance(error, APIConnectionError)


def test_a_body_above_the_size_limit_is_an_error(scripted: ScriptedServer) -> None:
    scripted.response(Response(200, '{"name": "' + "x" * 100_000 + '"}'))
    error = caught(scripted.client_settings(max_body_size=10_000))
    assert "10000" in str(error)


def test_a_refused_connection_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = caught({"store_id": 1, "token": TOKEN, "base_url": f"http://127.0.0.1:{port}", "max_attempts": 1})
    assert isinstance(error, APIConnectionError)
    assert error.status is None


@pytest.mark.parametrize("setting", ["timeout", "deadline"])
def test_a_server_that_hangs_is_a_timeout(hanging: HangingServer, setting: str) -> None:
    settings = {"store_id": 1, "token": TOKEN, "base_url": hanging.base_url, "max_attempts": 1}
    with pytest.raises(TimeoutError) as info, Client(**settings, **{setting: 0.2}) as coupons:
        coupons.get("TEN")
    assert isinstance(info.value, APITimeoutError)


def test_a_create_with_an_unknown_outcome_may_have_taken_effect(hanging: HangingServer) -> None:
    with Client(1, TOKEN, base_url=hanging.base_url, timeout=0.2, max_attempts=1) as coupons:
        with pytest.raises(EcwidError) as info:
            coupons.create(name="Ten", code="TEN")
        assert info.value.may_have_taken_effect


def test_a_missing_coupon_is_a_lookup_error(either: Client) -> None:
    with pytest.raises(LookupError) as info:
        either.get("NONE")
    assert isinstance(info.value, NotFoundError)
    assert info.value.code == "DISCOUNT_COUPON_NOT_FOUND"
    assert "no coupon has the code `NONE`: 404 Not Found" in str(info.value)


def test_a_wrong_token_is_a_permission_error(sandbox: Sandbox) -> None:
    with Client(sandbox.store_id, "secret_another", base_url=sandbox.base_url) as coupons:
        with pytest.raises(PermissionError):
            coupons.get("TEN")
        with pytest.raises(PermissionDeniedError):
            next(iter(coupons.search()))
        with pytest.raises(PermissionDeniedError):
            coupons.search().collect()


def failed_sync() -> EcwidError:
    """Returns the error of a store that has lost its coupons."""
    with Sandbox() as sandbox, sandbox.client() as coupons, duckdb.connect() as connection:
        coupons.create(name="Ten", code="TEN")
        sync(coupons, connection)
        coupons.delete("TEN")
        [summary] = sync(coupons, connection)
    assert summary.error is not None
    return summary.error


def every_error(scripted: ScriptedServer, hanging: HangingServer) -> list[EcwidError]:
    """Returns an error of each class, from a server that echoes the request."""
    errors = []
    for status in (400, 401, 402, 404, 409, 429, 500):
        scripted.response(Response(status, VENDORS))
        errors.append(caught(scripted.client_settings()))
    scripted.response(Response(200, "no JSON"))
    errors.append(caught(scripted.client_settings()))
    scripted.response(Response(200, "{", broken_off=True))
    errors.append(caught(scripted.client_settings()))
    errors.append(caught(scripted.client_settings(base_url=hanging.base_url, timeout=0.1)))
    with Client(**scripted.client_settings()) as coupons, pytest.raises(InvalidRequestError) as invalid:
        coupons.get("")
    errors.append(invalid.value)
    with Client(**scripted.client_settings()) as coupons, pytest.raises(InvalidRowsError) as rows:
        coupons.create_many([{"name": "no code"}])
    errors.append(rows.value)
    with Client(**scripted.client_settings()) as coupons, pytest.raises(JobError) as job:
        coupons.resume("missing.job")
    errors.append(job.value)
    with Client(**scripted.client_settings()) as coupons, pytest.raises(CursorError) as cursor:
        coupons.changes("{}")
    errors.append(cursor.value)
    errors.append(failed_sync())
    with pytest.raises(WebhookError) as webhook:
        verify_webhook("secret", {}, b"{}")
    errors.append(webhook.value)
    with pytest.raises(ConfigurationError) as configuration:
        Client(1003, f"{TOKEN}\n")
    errors.append(configuration.value)
    assert {type(error) for error in errors} == set(BASES)
    return errors


def test_errors_pickle_with_all_details(scripted: ScriptedServer, hanging: HangingServer) -> None:
    for error in every_error(scripted, hanging):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def test_differences_pickle(coupons: Client) -> None:
    coupons.create(name="Ten", code="TEN", discount=10)
    with pytest.raises(ConflictError) as info:
        coupons.create_or_get(name="Ten", code="TEN", discount=11)
    assert pickle.loads(pickle.dumps(info.value)).differences == info.value.differences
    assert info.value.differences[0].stored == "10"


def test_errors_do_not_show_the_token(scripted: ScriptedServer, hanging: HangingServer) -> None:
    for error in every_error(scripted, hanging):
        shown = [
            str(error),
            repr(error),
            repr(vars(error)),
            repr(error.args),
            "".join(traceback.format_exception(error)),
        ]
        for text in shown:
            assert TOKEN not in text
        assert TOKEN.encode() not in pickle.dumps(error)
    # The test is meaningful only if the password was sent.
    assert any(TOKEN in value for value in scripted.requests[0].headers.values())


def test_a_client_does_not_show_the_token(coupons: Client) -> None:
    assert TOKEN not in repr(coupons)
    assert TOKEN not in repr(vars(coupons))
    assert TOKEN not in repr(coupons.search())
    with pytest.raises(TypeError, match=r"Client\.from_env"):
        pickle.dumps(coupons)
    with pytest.raises(TypeError):
        pickle.dumps(coupons.search())


def test_a_proxy_gets_the_requests_and_its_error_keeps_its_password(scripted: ScriptedServer) -> None:
    scripted.response(Response(body='{"total": 7, "count": 0, "items": []}'))
    proxy = scripted.base_url.removesuffix("/api/v3")
    settings = scripted.client_settings(base_url="http://shop.example/api/v3", proxy=proxy, allow_http=True)
    with Client(**settings) as coupons:
        assert coupons.search().count() == 7
    assert scripted.requests[0].path.startswith("http://shop.example/api/v3/1003/")

    for wrong in ("http://user:hunter2@:x", b"http://user:hunter2@proxy.example"):
        with pytest.raises((ConfigurationError, TypeError), match="proxy") as raised:
            Client(1003, TOKEN, proxy=wrong)  # type: ignore[arg-type]
        assert "hunter2" not in str(raised.value)


def test_certificates_are_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    for make in (lambda: Client(1003, TOKEN, ca_file=file), lambda: Client(1003, TOKEN, ca_file=str(file))):
        with pytest.raises(ConfigurationError, match="certificate"):
            make()
    monkeypatch.setenv("ECWID_STORE_ID", "1003")
    monkeypatch.setenv("ECWID_TOKEN", TOKEN)
    monkeypatch.setenv("ECWID_CA_FILE", str(file))
    with pytest.raises(ConfigurationError, match="certificate"):
        Client.from_env()
