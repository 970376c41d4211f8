"""Between the classes here and the JSON of the control API."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from ecwid_coupons._arguments import check_type
from ecwid_coupons._native import plain_scalar
from ecwid_coupons._types import Amount, Instant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made", bound="DataclassInstance")

# How many digits an amount has at most, on either side of the point. The sandbox takes fewer.
_MOST_DIGITS = 30

# How much of a wrong amount an error shows, in characters.
_SHOWN = 60

_FORMAT = "%Y-%m-%d %H:%M:%S %z"


def json_name(name: str) -> str:
    """The name that a field has in JSON."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def to_json(value: DataclassInstance) -> dict[str, Any]:
    """The fields that are set."""
    found = {json_name(field.name): getattr(value, field.name) for field in dataclasses.fields(value)}
    return {name: _value(value) for name, value in found.items() if value is not None}


def _value(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_json(value)
    value = plain(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        return [_value(item) for item in value]
    return value


def plain(value: Any) -> Any:
    """Python's own bool, int or float for a scalar of a library such as NumPy; anything else as it is."""
    if isinstance(value, (bool, int, float)):
        return value
    try:
        return plain_scalar(value)
    except TypeError:
        return value


def from_json(kind: type[Made], found: Mapping[str, Any], **given: Any) -> Made:
    """An object of the fields that it knows; those that it does not are left out."""
    known = {
        field.name: found[json_name(field.name)]
        for field in dataclasses.fields(kind)
        if field.name not in given and json_name(field.name) in found
    }
    return kind(**known, **given)


def number(amount: Amount) -> float | int:
    """An amount as a number of JSON.

    Raises:
        ValueError: It is no number, or has more digits than JSON's writer here can keep.
    """
    amount = plain(amount)
    check_type("amount", amount, (Decimal, int, float, str), "a Decimal, an int, a float, or a text such as '10.50'")
    try:
        exact = Decimal(repr(amount) if isinstance(amount, float) else amount)
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite():
        raise ValueError(f"{_shown(amount)} is no amount; give a number, or a text such as '10.50'")
    if not exact:
        return 0
    # Before the digits are written out, of which a short text can have any number.
    if not -_MOST_DIGITS <= exact.adjusted() < _MOST_DIGITS:
        raise ValueError(f"{_shown(amount)} is out of range (expected at most {_MOST_DIGITS} digits on either side)")
    if exact == int(exact):
        return int(exact)
    if Decimal(repr(float(exact))) != exact:
        raise ValueError(f"{_shown(amount)} has too many digits for an amount")
    return float(exact)


def _shown(amount: Amount) -> str:
    # Python refuses to write out an integer of very many digits.
    text = repr(Decimal(amount) if isinstance(amount, int) else amount)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def instant(time: Instant) -> str:
    """A point in time as the API writes it.

    Raises:
        ValueError: It is a `datetime` without a time zone, or not of whole seconds.
    """
    if isinstance(time, str):
        return time
    check_type("time", time, date, "a datetime with a time zone, a date (its first second in UTC), or a text")
    if not isinstance(time, datetime):
        return f"{time.isoformat()} 00:00:00 +0000"
    if time.utcoffset() is None:
        raise ValueError(f"{time!r} has no time zone; give it one, such as tzinfo=UTC")
    if time.microsecond:
        raise ValueError(f"{time!r} is not of whole seconds")
    # Not by strftime, which leaves out the zeros of early years on some systems.
    utc = time.astimezone(UTC)
    return f"{utc.date().isoformat()} {utc.time().isoformat()} +0000"


def read_instant(text: str) -> datetime:
    """A point in time that the API wrote, in UTC."""
    return datetime.strptime(text, _FORMAT).astimezone(UTC)


def seconds(step: timedelta) -> int:
    """A length of time in seconds.

    Raises:
        ValueError: It is not of whole seconds.
    """
    check_type("step", step, timedelta, "a timedelta, such as timedelta(days=1)")
    if step.microseconds:
        raise ValueError(f"{step!r} is not of whole seconds")
    return step.days * 86_400 + step.seconds
