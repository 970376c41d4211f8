"""Runs all Python blocks of the README in order. Blocks share their names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ecwid_coupons.testing import Sandbox

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[int, str]]:
    text = README.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        yield text[: match.start(1)].count("\n"), match[1]


def test_the_blocks_run(
    ecwid_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ecwid_sandbox.environment.items():
        monkeypatch.setenv(name, value)
    stores = "".join(
        f"[stores.{name}]\nstore-id = {ecwid_sandbox.store_id}\ntoken-env = 'ECWID_TOKEN'\n"
        f"base-url = '{ecwid_sandbox.base_url}'\n"
        for name in ("main", "outlet")
    )
    (tmp_path / "config.toml").write_text(stores, encoding="utf-8")
    monkeypatch.setenv("ECWID_CONFIG", str(tmp_path / "config.toml"))
    with ecwid_sandbox.client() as coupons:
        for number in range(150):
            end = "2030-01-01 00:00:00" if number == 0 else None
            coupons.create(
                name=f"Coupon {number}", code=f"C-{number}", discount=f"{number + 12}.50", expiration_date=end
            )
    (tmp_path / "recipients.csv").write_text("email\nann@example.com\nbob@example.com\n", encoding="utf-8-sig")
    (tmp_path / "rabatte.csv").write_text("code;name;Rabatt\n00123;Ten;12,50\n", encoding="utf-8")
    names: dict[str, Any] = {}
    count = 0
    for line, block in blocks():
        # Adds empty lines, so that a failure shows the line of the README.
        exec(compile("\n" * line + block, str(README), "exec"), names)
        count += 1
        for name, function in list(names.items()):
            if name.startswith("test_") and inspect.isfunction(function):
                with Sandbox() as own:
                    function(own)
                del names[name]
    assert count >= 9
    output = capsys.readouterr()
    printed = output.out
    assert "150 of 150" in printed
    assert "C-149" in printed
    assert len(names["polars_frame"]) == len(names["pandas_frame"]) == len(names["dicts"]) == 150
    lines = (tmp_path / "coupons.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 150
    assert any(",12.50," in line and ",2030-01-01 00:00:00," in line for line in lines)
    codes = (tmp_path / "codes.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in codes] == ["email", "ann@example.com", "bob@example.com"]
    assert all(",SPRING-" in line and line.endswith(",created") for line in codes[1:])
    assert names["kept"] == []
    assert names["bar"].n == 700
    assert "700/700" in output.err
    (task,) = names["bars"].tasks
    assert (task.completed, task.total, task.finished) == (700, 700, True)
    with ecwid_sandbox.client() as coupons:
        default = coupons.search().to_polars(flat=True).write_csv()
    assert ",12.500000000," in default
    assert ",2030-01-01T00:00:00.000000," in default
    assert names["all_stores"].group_by("store").len().sort("store").rows() == [("main", 150), ("outlet", 150)]
    assert names["by_status"] == [("ACTIVE", 150)]
    assert names["codes"] == [f"C-{number}" for number in range(10)]


def test_it_begins_with_an_example() -> None:
    line, block = next(blocks())
    assert line < 9
    assert len([line for line in block.splitlines() if line]) == 3
