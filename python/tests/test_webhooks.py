"""The verification of webhook requests: `verify_webhook`."""

from __future__ import annotations

import base64
import hmac
import inspect
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue
from typing import Any

import pytest
from ecwid_coupons import ConfigurationError, WebhookError, WebhookEvent, WebhookEventType, verify_webhook
from ecwid_coupons.testing import Sandbox

HEADER = "X-Ecwid-Webhook-Signature"
SECRET = "a client secret"
EVENT = {
    "eventId": "80aece08-40e8-4145-8764-6c2f0d38678",
    "eventCreated": 1700000000,
    "storeId": 1003,
    "entityId": 162428889,
    "eventType": "discount_coupon.updated",
}
# printf '1700000000.80aece08-40e8-4145-8764-6c2f0d38678' | openssl dgst -sha256 -hmac secret -binary | base64
SIGNATURE = "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU="
HEADERS = {HEADER: SIGNATURE}
BODY = json.dumps(EVENT).encode()


def body(**changes: object) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


def test_a_signature_of_openssl_is_verified() -> None:
    event = verify_webhook("secret", HEADERS, BODY)
    assert event == WebhookEvent(
        id="80aece08-40e8-4145-8764-6c2f0d38678",
        created=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        store_id=1003,
        event_type=WebhookEventType.COUPON_UPDATED,
        coupon_id=162428889,
        entity_id=162428889,
        data=None,
    )
    assert verify_webhook("secret", HEADERS, BODY.decode()) == event
    assert verify_webhook("secret", HEADERS, bytearray(BODY)) == event  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        event.coupon_id = 1  # type: ignore[misc]


def test_a_signature_of_the_standard_library_is_verified() -> None:
    digest = hmac.digest("s€cret".encode(), f"{EVENT['eventCreated']}.ä".encode(), "sha256")
    headers = {HEADER: base64.b64encode(digest).decode()}
    assert verify_webhook("s€cret", headers, body(eventId="ä")).id == "ä"


class Repeated(Mapping[str, str]):
    """A mapping that repeats a name in its items, like those of web frameworks."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> str:
        return dict(self._pairs)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._pairs))

    def __len__(self) -> int:
        return len(dict(self._pairs))

    def items(self) -> Any:
        return list(self._pairs)


def test_names_of_headers_match_in_any_letter_case() -> None:
    message = Message()
    message[HEADER.lower()] = SIGNATURE
    for headers in ({HEADER.lower(): SIGNATURE}, {"Other": "x", HEADER.upper(): SIGNATURE}, message):
        assert verify_webhook("secret", headers, BODY).store_id == 1003  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("secret", "headers", "content", "reason"),
    [
        ("secret", {}, BODY, "missing_signature"),
        ("secret", {"X-Signature": SIGNATURE}, BODY, "missing_signature"),
        ("Secret", HEADERS, BODY, "wrong_signature"),
        ("secret", {HEADER: SIGNATURE.replace("+v", "+w")}, BODY, "wrong_signature"),
        ("secret", {HEADER: ""}, BODY, "wrong_signature"),
        ("secret", {HEADER: "no base64!"}, BODY, "wrong_signature"),
        ("secret", {HEADER: "ä\n"}, BODY, "wrong_signature"),
        ("secret", {HEADER: SIGNATURE.rstrip("=")}, BODY, "wrong_signature"),
        ("secret", Repeated((HEADER, SIGNATURE), (HEADER.lower(), SIGNATURE)), BODY, "wrong_signature"),
        ("secret", HEADERS, body(eventCreated=1700000001), "wrong_signature"),
        ("secret", HEADERS, body(eventId="another"), "wrong_signature"),
        ("secret", HEADERS, b"", "unreadable_body"),
        ("secret", HEADERS, BODY[:-1], "unreadable_body"),
        ("secret", HEADERS, b"[]", "unreadable_body"),
        ("secret", HEADERS, b"\xff", "unreadable_body"),
        ("secret", HEADERS, "\ud800", "unreadable_body"),
        ("secret", HEADERS, body(eventCreated="soon"), "unreadable_body"),
        ("secret", HEADERS, body(eventCreated=10**17), "wrong_signature"),
        ("secret", HEADERS, body(entityId="162428889"), "unreadable_body"),
        ("secret", HEADERS, body(storeId=None), "unreadable_body"),
    ],
)
def test_an_invalid_request_has_a_reason(
    secret: str, headers: Mapping[str, str], content: bytes | str, reason: str
) -> None:
    with pytest.raises(WebhookError) as raised:
        verify_webhook(secret, headers, content)
    assert raised.value.reason == reason
    assert str(raised.value).startswith("invalid webhook: ")
    assert SIGNATURE not in str(raised.value)


def test_fields_that_are_not_signed_can_be_changed() -> None:
    event = verify_webhook("secret", HEADERS, body(entityId=1, storeId=2, eventType="discount_coupon.deleted"))
    assert (event.coupon_id, event.store_id, event.event_type) == (1, 2, WebhookEventType.COUPON_DELETED)


def test_an_event_about_something_else_is_returned() -> None:
    data = {"orderId": "XJ12H"}
    event = verify_webhook("secret", HEADERS, body(eventType="order.created", entityId="XJ12H", data=data, new=1))
    assert (event.event_type, event.coupon_id, event.entity_id, event.data) == ("order.created", None, "XJ12H", data)


def test_an_empty_secret_is_a_mistake_in_the_settings() -> None:
    digest = hmac.digest(b"", f"{EVENT['eventCreated']}.{EVENT['eventId']}".encode(), "sha256")
    with pytest.raises(ConfigurationError, match="secret"):
        verify_webhook("", {HEADER: base64.b64encode(digest).decode()}, BODY)


WRONG: dict[str, list[object]] = {
    "secret": [None, 5, b"a client secret"],
    "headers": [None, HEADER, [(HEADER, SIGNATURE)], {HEADER: None}, {HEADER: [SIGNATURE]}, {HEADER: b"x"}],
    "body": [None, 5, EVENT],
}


@pytest.mark.parametrize(("argument", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_arguments_are_named(argument: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"invalid {argument}") as raised:
        verify_webhook(**{"secret": SECRET, "headers": HEADERS, "body": BODY, argument: value})
    assert SECRET not in str(raised.value)


def test_each_argument_has_wrong_values() -> None:
    assert list(WRONG) == list(inspect.signature(verify_webhook).parameters)


def test_the_events_of_a_sandbox_are_verified(sandbox: Sandbox) -> None:
    requests: SimpleQueue[tuple[Message, bytes]] = SimpleQueue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.put((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server, sandbox.client() as coupons:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            sandbox.set_webhook(f"http://127.0.0.1:{server.server_port}/hook", client_secret=SECRET)
            coupon_id = coupons.create(name="Ten", code="TEN", discount=10).id
            created = requests.get(timeout=20)
            coupons.update("TEN", name="Other")
            updated = requests.get(timeout=20)
            coupons.delete("TEN")
            deleted = requests.get(timeout=20)
        finally:
            server.shutdown()
            thread.join()
    events = []
    for headers, content in (created, updated, deleted):
        event = verify_webhook(SECRET, headers, content)  # type: ignore[arg-type]
        assert (event.store_id, event.coupon_id) == (sandbox.store_id, coupon_id)
        events.append(event)
    known = [WebhookEventType.COUPON_CREATED, WebhookEventType.COUPON_UPDATED, WebhookEventType.COUPON_DELETED]
    assert [event.event_type for event in events] == known
    assert len({event.id for event in events}) == 3
    with pytest.raises(WebhookError) as raised:
        verify_webhook("another secret", dict(created[0]), created[1])
    assert raised.value.reason == "wrong_signature"
    with pytest.raises(WebhookError) as raised:
        verify_webhook(SECRET, dict(created[0]), updated[1])
    assert raised.value.reason == "wrong_signature"
