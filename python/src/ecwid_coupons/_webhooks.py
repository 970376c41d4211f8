"""The verification of webhook requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from . import _native
from ._arguments import check_type, shown

_SIGNATURE = "x-ecwid-webhook-signature"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WebhookEventType:
    """The type of a `WebhookEvent`.

    Examples:
        >>> WebhookEventType.COUPON_CREATED
        'discount_coupon.created'
    """

    COUPON_CREATED: Final = "discount_coupon.created"
    """A coupon was created."""
    COUPON_UPDATED: Final = "discount_coupon.updated"
    """A coupon was updated."""
    COUPON_DELETED: Final = "discount_coupon.deleted"
    """A coupon was deleted."""


WebhookEventTypeValue: TypeAlias = (
    Literal["discount_coupon.created", "discount_coupon.updated", "discount_coupon.deleted"] | str
)
"""A value of `WebhookEventType`, or a string that this version does not know."""


class WebhookEvent(NamedTuple):
    """An event of a store, as `verify_webhook` returns it. Only `id` and `created` are signed.

    Examples:
        >>> headers = {"X-Ecwid-Webhook-Signature": "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU="}
        >>> body = '''{"eventId": "80aece08-40e8-4145-8764-6c2f0d38678", "eventCreated": 1700000000,
        ...     "storeId": 1003, "entityId": 162428889, "eventType": "discount_coupon.updated"}'''
        >>> event = verify_webhook("secret", headers, body)
        >>> event.created.isoformat(), event.event_type == WebhookEventType.COUPON_UPDATED
        ('2023-11-14T22:13:20+00:00', True)
    """

    id: str
    """The id of the event. The same event has the same id each time that it is sent. It is signed."""
    created: datetime
    """The time of the event in UTC, in whole seconds. It is signed."""
    store_id: int
    """The id of the store. It is not signed."""
    event_type: WebhookEventTypeValue
    """The type of the event, such as ``"discount_coupon.updated"``. It is not signed."""
    coupon_id: int | None
    """The id of the coupon. None if the event is about something else, such as an order. It is not signed."""
    entity_id: Any
    """The id of the coupon or of the other thing, as it was sent. It is not signed."""
    data: Any
    """The further data of the event, as it was sent. None for events about coupons. It is not signed."""


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes | str) -> WebhookEvent:
    """Verifies the signature of a webhook request, and returns its event.

    The signature does not cover the whole body. It covers the time and the id of the event. The store, the type and the
    coupon are not signed. Whoever has seen one valid request can send its signature with another coupon. An event is
    therefore a hint to look. Read the coupon anew by its id, and use what the store returns. Do not act on the event
    alone, for example on a deletion.

    Events can arrive in any order. An event can arrive more than once, because the store sends it again until it is
    accepted. Its id is the same each time. Signatures do not expire. To refuse old events, compare the time of the
    event with the clock. The store sends an event again for up to 24 hours. Signatures are compared in constant time.

    Args:
        secret: The client secret of the application whose webhook it is.
        headers: The headers of the request. Names match in any letter case.
        body: The body of the request, as it was received.

    Raises:
        WebhookError: The request has no signature, the signature is wrong, or the body cannot be read. Do not act on
            such a request. Respond with a status such as 401 or 400.
        ConfigurationError: The secret is empty. Anyone could sign with it.

    Examples:
        >>> headers = {"X-Ecwid-Webhook-Signature": "+vdwGJlnafcdn2vHRxOIc21VVzie2kTFTT84pazNYfU="}
        >>> body = '''{"eventId": "80aece08-40e8-4145-8764-6c2f0d38678", "eventCreated": 1700000000,
        ...     "storeId": 1003, "entityId": 162428889, "eventType": "discount_coupon.updated"}'''
        >>> event = verify_webhook("secret", headers, body)
        >>> event.event_type, event.store_id, event.coupon_id
        ('discount_coupon.updated', 1003, 162428889)
        >>> try:
        ...     coupons.get(event.coupon_id)
        ... except NotFoundError:
        ...     print("deleted")
        deleted
    """
    # The errors do not show the secret.
    if not isinstance(secret, str):
        raise TypeError(f"invalid secret: an object of type `{type(secret).__name__}` (expected a string)")
    check_type("body", body, (bytes, bytearray, str), "bytes or a string")
    if not callable(getattr(headers, "items", None)):
        raise TypeError(f"invalid headers: `{shown(headers)}` (expected a mapping of names to values)")
    # Some mappings of headers repeat a name in their items.
    signatures = [value for name, value in headers.items() if str(name).lower() == _SIGNATURE]
    for value in signatures:
        if not isinstance(value, str):
            raise TypeError(f"invalid headers: a value of type `{type(value).__name__}` (expected a string)")
    # A body that is not valid text is refused as unreadable.
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    event_id, created, store_id, event_type, coupon_id, entity_id, data = _native.verify_webhook(
        secret, signatures, content
    )
    return WebhookEvent(
        event_id,
        _EPOCH + timedelta(seconds=created),
        store_id,
        event_type,
        coupon_id,
        _from_json(entity_id),
        _from_json(data),
    )


def _from_json(text: str | None) -> Any:
    """Reads JSON. The module is imported here, because its import takes longer than that of the package."""
    import json

    return None if text is None else json.loads(text)
