"""Runs the examples in docstrings, each with a new sandbox. Examples may use await."""

from __future__ import annotations

import ast
import asyncio
import builtins
import doctest
import inspect
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ecwid_coupons
import pytest
from ecwid_coupons import _models, _native, testing
from ecwid_coupons.testing import Sandbox

# The public classes by name, including those of the extension.
CLASSES = {
    name: it
    for module in (ecwid_coupons, testing)
    for name, it in vars(module).items()
    if not name.startswith("_") and inspect.isclass(it)
}
FUNCTIONS = {
    name: it
    for module in (ecwid_coupons, testing)
    for name, it in vars(module).items()
    if not name.startswith("_") and inspect.isroutine(it)
}
# The properties of these classes are fields of the API. The document has no examples for them.
MODELS = set(_models.__all__)


def members(class_: type) -> Iterator[tuple[str, Any]]:
    """Returns the public methods and properties of a class and of its private bases."""
    # Excludes members of built-in bases, and fields of dataclasses and named tuples.
    own = {name for base in class_.__mro__ if base.__module__.startswith("ecwid_coupons") for name in vars(base)}
    fields = {*getattr(class_, "__dataclass_fields__", ()), *getattr(class_, "_fields", ())}
    for name in sorted(own - fields):
        it = inspect.getattr_static(class_, name)
        if not name.startswith("_") and (callable(it) or inspect.isdatadescriptor(it) or isinstance(it, METHODS)):
            yield name, it


METHODS = (classmethod, staticmethod)


def examples() -> dict[str, doctest.DocTest]:
    parser = doctest.DocTestParser()
    texts = {module.__name__: inspect.getdoc(module) for module in (ecwid_coupons, testing)}
    texts.update({name: inspect.getdoc(function) for name, function in FUNCTIONS.items()})
    for class_name, class_ in CLASSES.items():
        texts[class_name] = inspect.getdoc(class_)
        for name, _ in members(class_):
            # Reads the attribute, because doctest does not find docstrings of the extension.
            texts[f"{class_name}.{name}"] = inspect.getdoc(getattr(class_, name))
    found = {name: parser.get_doctest(text or "", {}, name, None, None) for name, text in texts.items()}
    return {name: it for name, it in found.items() if it.examples}


EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_runs(
    example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_async = example.name.startswith("Async")
    monkeypatch.chdir(tmp_path)
    with Sandbox(requests_per_minute=None) as sandbox, asyncio.Runner() as runner, awaiting(runner, monkeypatch):
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        config = tmp_path / "config.toml"
        store = f"store-id = {sandbox.store_id}\ntoken-env = 'ECWID_TOKEN'\nbase-url = '{sandbox.base_url}'\n"
        config.write_text(f"[stores.main]\n{store}")
        config.chmod(0o600)
        monkeypatch.setenv("ECWID_CONFIG", str(config))
        # Few attempts, because some examples show failures.
        client = (sandbox.async_client if is_async else sandbox.client)(max_attempts=2)
        names = {"coupons": client, "sandbox": sandbox, "base_url": sandbox.base_url}
        standard = {"Decimal": Decimal, "timedelta": timedelta}
        example.globs.update({**vars(testing), **vars(ecwid_coupons), **standard, **names})
        results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, clear_globs=False)
    assert results.attempted > 0
    assert results.failed == 0, capsys.readouterr().out


class awaiting:
    """Lets doctest run `await` outside of functions, like `python -m asyncio`."""

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

        # The two functions that doctest uses to run examples.
        for name, function in {"compile": compile_awaiting, "exec": execute}.items():
            self._monkeypatch.setattr(doctest, name, function, raising=False)

    def __exit__(self, *error: object) -> None:
        for name in ("compile", "exec"):
            self._monkeypatch.setattr(doctest, name, getattr(builtins, name), raising=False)


@pytest.mark.parametrize("class_name", CLASSES)
def test_each_class_and_each_member_has_an_example(class_name: str) -> None:
    class_ = CLASSES[class_name]
    wanted = [class_name]
    for name, it in members(class_):
        if class_name not in MODELS or not inspect.isdatadescriptor(it):
            wanted.append(f"{class_name}.{name}")
    assert [name for name in wanted if name not in EXAMPLES] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_an_example(name: str) -> None:
    assert name in EXAMPLES


@pytest.mark.parametrize("class_name", CLASSES)
def test_each_class_and_each_member_is_described(class_name: str) -> None:
    class_ = CLASSES[class_name]
    assert inspect.getdoc(class_)
    assert [name for name, _ in members(class_) if not inspect.getdoc(getattr(class_, name))] == []


@pytest.mark.parametrize("stub", ["_native.pyi", "_models.pyi"])
def test_stubs_have_the_docstrings_of_the_extension(stub: str) -> None:
    # Editors show the stub, and `help` shows the docstring.
    source = Path(ecwid_coupons.__file__).with_name(stub).read_text(encoding="utf-8")
    said, is_so = {}, {}
    for class_ in ast.parse(source).body:
        if isinstance(class_, ast.ClassDef):
            native = getattr(_native, class_.name)
            said[class_.name], is_so[class_.name] = ast.get_docstring(class_), inspect.getdoc(native)
            for it in class_.body:
                if isinstance(it, ast.FunctionDef) and not it.name.startswith("_"):
                    name = f"{class_.name}.{it.name}"
                    said[name], is_so[name] = ast.get_docstring(it), inspect.getdoc(getattr(native, it.name))
    assert len(said) > 20
    assert {name: joined(text) for name, text in said.items()} == {name: joined(text) for name, text in is_so.items()}


def joined(text: str | None) -> str | None:
    # The lengths of lines differ.
    return text and " ".join(text.split())
