"""Checks of arguments, whose errors name them."""

from __future__ import annotations

from ._native import hide_tokens


def shown(value: object) -> str:
    """A value as it stands in an error: its first part, and no token, which may be in the wrong place."""
    return hide_tokens(f"{value!r:.100}")


def check_type(name: str, value: object, kinds: type | tuple[type, ...], expected: str) -> None:
    """Refuses a value of another type.

    Raises:
        TypeError: It is of none of these types, or a bool, which Python takes for a number.
    """
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise TypeError(f"{name}: {shown(value)} is not {expected}")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuses what is none of these texts.

    Raises:
        TypeError: It is no text.
        ValueError: It is another text.
    """
    expected = " or ".join(f'"{choice}"' for choice in choices)
    check_type(name, value, str, expected)
    if value not in choices:
        raise ValueError(f"{name}: {shown(value)} is not {expected}")
