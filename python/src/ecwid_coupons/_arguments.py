"""What is wrong with arguments, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, NoReturn, TypeVar

from ._native import hide_tokens

__all__ = ["check_choice", "check_type", "naming_arguments", "shown"]

Class = TypeVar("Class", bound=type)

# As in `inspect`, whose import costs more than that of this package.
_CO_COROUTINE = 0x80


def naming_arguments(class_: Class) -> Class:
    """Has the calls of a class say which arguments there are when they are given another one by name."""
    for name, it in list(vars(class_).items()):
        if name == "__init__" or not name.startswith("_"):
            if isinstance(it, FunctionType):
                setattr(class_, name, _naming(it))
            elif isinstance(it, classmethod) and isinstance(it.__func__, FunctionType):
                setattr(class_, name, classmethod(_naming(it.__func__)))
    return class_


def _naming(call: FunctionType) -> Callable[..., Any]:
    names = _names(call)

    @wraps(call)
    def checked(*arguments: Any, **named: Any) -> Any:
        if not named.keys() <= names.keys():
            unknown = _unknown(call, named, names)
            # A traceback can show local variables, and a value may be the token.
            del arguments, named
            raise unknown
        return call(*arguments, **named)

    @wraps(call)
    def checked_init(*arguments: Any, **named: Any) -> None:
        try:
            checked(*arguments, **named)
        except BaseException as error:
            # A traceback can show local variables, and these hold the token.
            del arguments, named
            _raise_without(error, checked_init, checked, call)

    if call.__name__ == "__init__":
        return checked_init

    @wraps(call)
    async def checked_async(*arguments: Any, **named: Any) -> Any:
        return await checked(*arguments, **named)

    # What tells them apart, such as a mock, goes by what a function is and not by what it answers.
    return checked_async if call.__code__.co_flags & _CO_COROUTINE else checked


def _raise_without(error: BaseException, *calls: Any) -> NoReturn:
    """Raises an error anew, without the frames of these functions that it came out of."""
    codes = {call.__code__ for call in calls}
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code in codes:
        traceback = traceback.tb_next
    raise error.with_traceback(traceback)


def _names(call: FunctionType) -> dict[str, None]:
    """The names of a call's arguments but for the first, its object, in their order."""
    code = call.__code__
    return dict.fromkeys(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])


def _unknown(call: FunctionType, named: dict[str, Any], names: dict[str, None]) -> TypeError:
    unknown = hide_tokens(next(name for name in named if name not in names))
    # A client is made by its class's name.
    name = call.__qualname__.split(".")[0] if call.__name__ == "__init__" else call.__name__
    from difflib import get_close_matches  # here, since most programs need it never

    meant = "".join(f" (did you mean {near!r}?)" for near in get_close_matches(unknown, names, n=1))
    extra = "; what this version does not know is given in `extra`" if "extra" in names else ""
    return TypeError(f"{name}() has no argument {unknown!r}; there are {', '.join(names)}{meant}{extra}")


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
