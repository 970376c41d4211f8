"""Checks of arguments. Their errors name the argument."""

from __future__ import annotations

from ._native import hide_tokens


def shown(value: object) -> str:
    """Returns the first part of a value for an error message, without tokens that the user passed by mistake."""
    try:
        return hide_tokens(f"{value!r:.100}")
    except ValueError:
        # Python refuses to print integers with many digits.
        if isinstance(value, int):
            return "an integer with too many digits"
        raise


def check_type(name: str, value: object, kinds: type | tuple[type, ...], expected: str) -> None:
    """Refuses a value of another type.

    Raises:
        TypeError: The value has none of these types. A bool is not an int here.
    """
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise TypeError(f"invalid {name}: `{shown(value)}` (expected {expected})")


def check_count(name: str, value: object, least: int, most: int) -> None:
    """Refuses a value that is not an integer in a range.

    Raises:
        TypeError: The value is not an int.
        ValueError: The integer is not in the range.
    """
    expected = f"an integer from {least} to {most}"
    check_type(name, value, int, expected)
    if isinstance(value, int) and not least <= value <= most:
        raise ValueError(f"invalid {name}: `{shown(value)}` (expected {expected})")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuses a value that is not one of these strings.

    Raises:
        TypeError: The value is not a string.
        ValueError: The value is another string.
    """
    expected = " or ".join(f'"{choice}"' for choice in choices)
    check_type(name, value, str, expected)
    if value not in choices:
        raise ValueError(f"invalid {name}: `{shown(value)}` (expected {expected})")
