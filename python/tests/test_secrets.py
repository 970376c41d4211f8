"""Tokens are redacted, and text of servers is escaped."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ecwid_coupons
import pytest
from ecwid_coupons import AsyncClient, Client, ConfigurationError, EcwidError
from ecwid_coupons.testing import Sandbox
from servers import Response, ScriptedServer

TOKEN = "secret_do_not_show_1f3a"
# A token that does not have the format of the vendor's tokens.
ODD = '0dd/T0ken"of-mine'

PACKAGE = str(Path(ecwid_coupons.__file__).parent)

# Characters that move the cursor, begin a line, change the reading direction, or are invisible.
HOSTILE = "\x1b[2J\x07\r\n2030-01-01 ERROR all is well\t\x7f\x85\x9b1m\u2028\u202e\u2066\u200f\u061c"
HOSTILE += "\u200b\ufeff\u2060\U000e0041"


def is_plain(text: str) -> bool:
    return all(" " <= char <= "~" or char == "…" for char in text)


def shown_by(error: BaseException) -> str:
    """Returns everything that a report of an error shows, including the local variables of the package."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    locals_ = [str(frame.locals) for frame in report.stack if frame.filename.startswith(PACKAGE)]
    assert report.stack
    return "\n".join([str(error), repr(error), repr(vars(error)), *report.format_exception_only(), *locals_])


@pytest.fixture(params=[Client, AsyncClient])
def class_(request: pytest.FixtureRequest) -> Callable[..., Any]:
    made: Callable[..., Any] = request.param
    return made


class Path_:
    """A path that raises an error."""

    def __fspath__(self) -> str:
        raise RuntimeError("no path")


@pytest.mark.parametrize("token", [TOKEN, ODD])
@pytest.mark.parametrize(
    ("make", "raised"),
    [
        (lambda class_, token: class_(token, 1003), TypeError),
        (lambda class_, token: class_(token.encode(), 1003), TypeError),
        (lambda class_, token: class_(token, token), TypeError),
        (lambda class_, token: class_(store_id=token, token=token), TypeError),
        (lambda class_, token: class_(0, token), ConfigurationError),
        (lambda class_, token: class_(1003, token.encode()), TypeError),
        (lambda class_, token: class_(1003, f"{token}\n"), ConfigurationError),
        (lambda class_, token: class_(1003, token, ca_file=token), ConfigurationError),
        (lambda class_, token: class_(1003, token, ca_file=f"/no/such/folder/{token}"), ConfigurationError),
        (lambda class_, token: class_(1003, token, proxy=token), ConfigurationError),
        (lambda class_, token: class_(1003, token, proxy=f"ftp://{token}@proxy.example"), ConfigurationError),
        (lambda class_, token: class_(1003, token, base_url=token), ConfigurationError),
        (lambda class_, token: class_(1003, token, base_url=f"https://shop.example/?{token}"), ConfigurationError),
        (lambda class_, token: class_(1003, token, timeout=token), TypeError),
        (lambda class_, token: class_(1003, token, max_attempts=token), TypeError),
        (lambda class_, token: class_(1003, token, allow_http=token), TypeError),
        (lambda class_, token: class_(1003, token, timout=10), TypeError),
        (lambda class_, token: class_(1003, token, "https://shop.example"), TypeError),
        (lambda class_, token: class_(token=token), TypeError),
        (lambda class_, token: class_(1003, token, ca_file=Path_()), RuntimeError),
    ],
)
def test_a_failed_constructor_shows_no_token(
    class_: Callable[..., Any], token: str, make: Callable[..., object], raised: type[Exception]
) -> None:
    with pytest.raises(raised) as info:
        make(class_, token)
    shown = shown_by(info.value)
    for hidden in (token, repr(token)[1:-1], json.dumps(token)[1:-1], token[1:-4]):
        assert hidden not in shown


def test_a_failed_subclass_has_a_repr(class_: Any) -> None:
    class Mine(class_):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(1003, TOKEN, base_url="no address")

    with pytest.raises(ConfigurationError) as info:
        Mine()
    report = traceback.TracebackException.from_exception(info.value, capture_locals=True)
    assert TOKEN not in str([frame.locals for frame in report.stack])
    assert "<Mine, closed>" in str([frame.locals for frame in report.stack])


def test_an_exception_of_the_caller_keeps_its_traceback(class_: Callable[..., Any]) -> None:
    with pytest.raises(RuntimeError) as info:
        class_(1003, TOKEN, ca_file=Path_())
    assert [frame.name for frame in traceback.extract_tb(info.value.__traceback__)][-1] == "__fspath__"


@pytest.mark.parametrize("token", [TOKEN, ODD])
def test_a_token_in_another_variable_is_not_shown(
    class_: type[Client], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = {"ECWID_STORE_ID": "1003", "ECWID_TOKEN": token, "ECWID_BASE_URL": "https://shop.example/api/v3"}
    for wrong in ("ECWID_STORE_ID", "ECWID_BASE_URL", "ECWID_CA_FILE", "ECWID_ALLOW_HTTP", "HTTPS_PROXY"):
        with monkeypatch.context() as patched:
            for name, value in {**right, wrong: f"ftp://{token}" if wrong == "HTTPS_PROXY" else token}.items():
                patched.setenv(name, value)
            with pytest.raises(ConfigurationError) as info:
                class_.from_env()
        assert token not in shown_by(info.value)


def test_a_token_in_the_base_url_is_redacted(class_: Callable[..., Any]) -> None:
    for token in (TOKEN, "public_do_not_show", "0dd-T0ken-of-mine"):
        client = class_(1003, token, base_url=f"https://shop.example/{token}/api/v3")
        assert token not in repr(client)
        assert "https://shop.example/" in repr(client)


@pytest.mark.parametrize("token", [TOKEN, ODD])
def test_an_encoded_token_in_a_response_is_redacted(scripted: ScriptedServer, token: str) -> None:
    escaped = "".join(f"\\u{ord(char):04x}" for char in token)
    percent = "".join(f"%{ord(char):02X}" for char in token)
    for form in (json.dumps(token)[1:-1], escaped, percent):
        for body in (
            f'{{"errorMessage": "{form} is no token", "errorCode": "{form}", "args": {{"{form}": "{form}"}}}}',
            f"<pre>{form}</pre>",
        ):
            scripted.response(Response(403, body))
            with Client(**scripted.client_settings(token=token)) as coupons, pytest.raises(EcwidError) as info:
                coupons.get("TEN")
            shown = shown_by(info.value)
            assert "…" in shown
            for hidden in (token, repr(token)[1:-1], form):
                assert hidden not in shown


def test_an_error_message_is_one_escaped_line_and_its_attributes_are_exact(scripted: ScriptedServer) -> None:
    vendors = json.dumps({"errorMessage": HOSTILE, "errorCode": HOSTILE}, ensure_ascii=False)
    for response in (Response(400, vendors), Response(502, HOSTILE), Response(200, HOSTILE)):
        scripted.response(response)
        with Client(**scripted.client_settings()) as coupons, pytest.raises(EcwidError) as info:
            coupons.get("TEN")
        error = info.value
        assert is_plain(str(error)), ascii(str(error))
        assert is_plain("".join(traceback.format_exception_only(error)).rstrip("\n"))
        if response.body == vendors:
            assert error.error_message == error.code == HOSTILE
        else:
            assert error.body == HOSTILE


def test_a_log_message_is_one_escaped_line(scripted: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    scripted.response(Response(503, json.dumps({"errorMessage": HOSTILE, "errorCode": HOSTILE}, ensure_ascii=False)))
    caplog.set_level(logging.DEBUG, "ecwid_coupons")
    with Client(**scripted.client_settings(max_attempts=2)) as coupons, pytest.raises(EcwidError):
        coupons.get("TEN")
    lines = [record.getMessage() for record in caplog.records]
    assert any("retrying" in line and "all is well" in line for line in lines)
    for line in lines:
        assert is_plain(line), ascii(line)


def test_http_to_another_machine_requires_allow_http(class_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for elsewhere in ("http://shop.example/api/v3", "http://app.ecwid.com./api/v3", "http://0.0.0.0:8025/api/v3"):
        for settings in ({}, {"allow_http": False}, {"allow_http": None}):
            with pytest.raises(ConfigurationError, match="unencrypted"):
                class_(1003, TOKEN, base_url=elsewhere, **settings)
        assert class_(1003, TOKEN, base_url=elsewhere, allow_http=True).store_id == 1003
    with pytest.raises(ConfigurationError, match="unencrypted"):
        class_(1003, TOKEN, base_url="http://127.0.0.1:8025/api/v3", proxy="http://proxy.example:3128")
    assert class_(1003, TOKEN, base_url="http://127.0.0.1:8025/api/v3").store_id == 1003

    monkeypatch.setenv("ECWID_STORE_ID", "1003")
    monkeypatch.setenv("ECWID_TOKEN", TOKEN)
    monkeypatch.setenv("ECWID_BASE_URL", "http://shop.example/api/v3")
    with pytest.raises(ConfigurationError, match="unencrypted"):
        class_.from_env()
    assert class_.from_env(allow_http=True).store_id == 1003
    monkeypatch.setenv("ECWID_ALLOW_HTTP", "1")
    assert class_.from_env().store_id == 1003
    with pytest.raises(ConfigurationError, match="unencrypted"):
        class_.from_env(allow_http=False)


def test_a_proxy_that_requires_a_password_has_a_hint(scripted: ScriptedServer) -> None:
    scripted.response(Response(407, "<html>"))
    proxy = scripted.base_url.removesuffix("/api/v3")
    for base_url in ("http://shop.example/api/v3", "https://shop.example/api/v3"):
        settings = scripted.client_settings(base_url=base_url, proxy=proxy, allow_http=True)
        with Client(**settings) as coupons, pytest.raises(EcwidError) as info:
            coupons.get("TEN")
        assert info.value.hint is not None
        assert "user name and the password" in info.value.hint


def test_a_sandbox_shows_no_token_in_the_wrong_place() -> None:
    make: Any = Sandbox
    for settings in ({"store_id": TOKEN}, {"scopes": TOKEN}, {"requests_per_minute": TOKEN}, {"seed": TOKEN}):
        with pytest.raises((TypeError, ValueError)) as info:
            make(**settings)
        assert TOKEN not in str(info.value)
