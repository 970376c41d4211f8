"""Conversion between dataclasses and the JSON of the control API."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args, get_type_hints

from ecwid_coupons._arguments import check_count, check_type
from ecwid_coupons._native import plain_scalar
from ecwid_coupons._types import Amount, Instant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made", bound="DataclassInstance")

# The maximum number of digits of an amount on either side of the decimal point. The sandbox accepts fewer.
_MOST_DIGITS = 30

# The number of characters of a wrong amount in an error message.
_SHOWN = 60

_FORMAT = "%Y-%m-%d %H:%M:%S %z"


class Range(NamedTuple):
    """The limits of an integer, for the annotation of a field."""

    least: int
    most: int = 2**64 - 1


def json_name(name: str) -> str:
    """Returns the name of a field in JSON."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def to_json(value: DataclassInstance) -> dict[str, Any]:
    """Returns the fields that are not None.

    Raises:
        TypeError: A field that has a `Range` is not an integer.
        ValueError: An integer is outside its `Range`.
    """
    found = {field.name: _value(getattr(value, field.name)) for field in dataclasses.fields(value)}
    for name, hint in get_type_hints(type(value), include_extras=True).items():
        _check(name, found[name], hint)
    return {json_name(name): value for name, value in found.items() if value is not None}


def _check(name: str, value: Any, hint: Any) -> None:
    """Checks an integer with a `Range`, also in a list, and if it may be None."""
    if hasattr(hint, "__metadata__"):
        check_count(name, value, *hint.__metadata__[0])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(f"{name}[{index}]", item, *get_args(hint)[:1])
    elif value is not None:
        for part in get_args(hint):
            _check(name, value, part)


def _value(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        return [_value(item) for item in value]
    return value


def plain(value: Any) -> Any:
    """Converts a scalar of a library such as NumPy to a bool, int or float. Returns other values unchanged."""
    try:
        return plain_scalar(value)
    except TypeError:
        return value


def from_json(kind: type[Made], found: Mapping[str, Any], **given: Any) -> Made:
    """Creates a dataclass from the JSON of the control API. Ignores fields that the dataclass does not have."""
    known = {
        field.name: found[json_name(field.name)]
        for field in dataclasses.fields(kind)
        if field.name not in given and json_name(field.name) in found
    }
    return kind(**known, **given)


def number(amount: Amount) -> float | int:
    """Converts an amount to a number for JSON.

    Raises:
        ValueError: The amount is not a number, or a float cannot hold its digits.
    """
    amount = plain(amount)
    check_type("amount", amount, (Decimal, int, float, str), "a Decimal, an int, a float, or a string such as '10.50'")
    try:
        exact = Decimal(repr(amount) if isinstance(amount, float) else amount)
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite():
        raise ValueError(f"invalid amount: `{_shown(amount)}` (expected a number, or a string such as '10.50')")
    if not exact:
        return 0
    # Checked before the digits are written out, because a short text can stand for many digits.
    if not -_MOST_DIGITS <= exact.adjusted() < _MOST_DIGITS:
        raise ValueError(
            f"invalid amount: `{_shown(amount)}` (expected up to {_MOST_DIGITS} digits on either side of the point)"
        )
    if exact == int(exact):
        return int(exact)
    if Decimal(repr(float(exact))) != exact:
        raise ValueError(f"invalid amount: `{_shown(amount)}` (expected the digits of a float)")
    return float(exact)


def _shown(amount: Amount) -> str:
    # Python refuses to print integers with too many digits.
    text = repr(Decimal(amount) if isinstance(amount, int) else amount)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def instant(time: Instant) -> str:
    """Returns a point in time in the format of the API.

    Raises:
        ValueError: The time is a `datetime` without a time zone, or has fractions of a second.
    """
    if isinstance(time, str):
        return time
    check_type("time", time, date, "a datetime with a time zone, a date (its first second in UTC), or a string")
    if not isinstance(time, datetime):
        return f"{time.isoformat()} 00:00:00 +0000"
    if time.utcoffset() is None:
        raise ValueError(f"the datetime has no time zone: `{time!r}`; hint: set one, such as tzinfo=UTC")
    if time.microsecond:
        raise ValueError(f"invalid time: `{time!r}` (expected whole seconds)")
    # Not with strftime, which prints years before 1000 without leading zeros on some systems.
    utc = time.astimezone(UTC)
    return f"{utc.date().isoformat()} {utc.time().isoformat()} +0000"


def read_instant(text: str) -> datetime:
    """Parses a point in time in the format of the API."""
    return datetime.strptime(text, _FORMAT).astimezone(UTC)


def seconds(step: timedelta) -> int:
    """Returns a length of time in seconds.

    Raises:
        ValueError: The length has fractions of a second.
    """
    check_type("step", step, timedelta, "a timedelta, such as timedelta(days=1)")
    if step.microseconds:
        raise ValueError(f"invalid step: `{step!r}` (expected whole seconds)")
    return step.days * 86_400 + step.seconds
