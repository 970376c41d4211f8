"""The examples of the docstrings run, each on a store of its own; those that await too."""

from __future__ import annotations

import ast
import asyncio
import builtins
import doctest
import inspect
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import ecwid_coupons
import pytest
from ecwid_coupons import AsyncClient, Client
from servers import Sandbox

PUBLIC = {name: it for name, it in vars(ecwid_coupons).items() if not name.startswith("_")}
CLASSES = {name: it for name, it in PUBLIC.items() if inspect.isclass(it)}
# What is called on a store: each needs an example.
CALLED = ["Client", "AsyncClient", "CouponQuery", "AsyncCouponQuery", "Pages", "AsyncPages"]


def members(class_: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, those of private bases too."""
    for name in dir(class_):
        if not name.startswith("_") and (inspect.isroutine(it := getattr(class_, name)) or isinstance(it, property)):
            yield name, it


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(recurse=False)
    found = finder.find(ecwid_coupons, "ecwid_coupons")
    for class_name, class_ in CLASSES.items():
        found += finder.find(class_, class_name, module=False)
        for name, it in members(class_):
            found += finder.find(it, f"{class_name}.{name}", module=False)
    return [it for it in found if it.examples]


EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it.name)
def test_an_example_runs(example: doctest.DocTest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, Any] = {"store_id": sandbox.store_id, "token": sandbox.token, "base_url": sandbox.base_url}
    monkeypatch.setenv("ECWID_STORE_ID", str(sandbox.store_id))
    monkeypatch.setenv("ECWID_TOKEN", sandbox.token)
    monkeypatch.setenv("ECWID_BASE_URL", sandbox.base_url)
    is_async = example.name.startswith("Async")
    client = (AsyncClient if is_async else Client)(**settings)
    example.globs.update(vars(ecwid_coupons), coupons=client, base_url=sandbox.base_url, Decimal=Decimal)
    with asyncio.Runner() as runner, awaiting(runner, monkeypatch):
        results = doctest.DocTestRunner().run(example, clear_globs=False)
    assert results.attempted > 0
    assert results.failed == 0


class awaiting:
    """Lets doctest run an `await` outside of a function, as the interpreter of `python -m asyncio` does."""

    def __init__(self, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
        self._runner = runner
        self._monkeypatch = monkeypatch

    def __enter__(self) -> None:
        def compile_awaiting(source: str, name: str, mode: str, flags: int, *rest: Any) -> Any:
            return compile(source, name, mode, flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, *rest)

        def execute(code: Any, names: dict[str, Any]) -> None:
            result = eval(code, names)
            if inspect.iscoroutine(result):
                self._runner.run(result)

        # The two names that doctest looks up for what it runs.
        for name, function in {"compile": compile_awaiting, "exec": execute}.items():
            self._monkeypatch.setattr(doctest, name, function, raising=False)

    def __exit__(self, *error: object) -> None:
        for name in ("compile", "exec"):
            self._monkeypatch.setattr(doctest, name, getattr(builtins, name), raising=False)


@pytest.mark.parametrize("class_name", CALLED)
def test_each_call_has_an_example(class_name: str) -> None:
    have = {it.name for it in EXAMPLES}
    missing = [name for name, it in members(CLASSES[class_name]) if f"{class_name}.{name}" not in have]
    assert missing == []


@pytest.mark.parametrize("class_name", CLASSES)
def test_each_class_and_each_member_is_described(class_name: str) -> None:
    class_ = CLASSES[class_name]
    assert inspect.getdoc(class_)
    undescribed: list[str] = [name for name, it in described(class_) if not inspect.getdoc(it)]
    assert undescribed == []


def described(class_: type) -> Iterator[tuple[str, Callable[..., object]]]:
    # What a built-in base has is described where that is.
    own = {name for base in class_.__mro__ if base.__module__.startswith("ecwid_coupons") for name in vars(base)}
    for name in sorted(own):
        it = inspect.getattr_static(class_, name)
        if not name.startswith("_") and (callable(it) or inspect.isdatadescriptor(it) or isinstance(it, staticmethod)):
            yield name, it
