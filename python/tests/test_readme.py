"""Runs the examples of the READMEs of the package and of the command."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ecwid_coupons.testing import Sandbox
from test_site import BASH, set_up

README = Path(__file__).parents[1] / "README.md"
COMMAND = Path(__file__).parents[2] / "crates/ecwid-coupons-cli/README.md"


def blocks(text: str, language: str) -> list[tuple[int, str]]:
    """Returns the blocks in a language, each with the number of the line before it."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text[: match.start(1)].count("\n"), match[1]) for match in found]


def test_the_blocks_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    found = blocks(README.read_text(encoding="utf-8"), "python")
    assert len(found) == 2
    with Sandbox(seed=150) as sandbox, sandbox.client() as coupons:
        set_up(sandbox, monkeypatch, tmp_path)
        for line, block in found:
            # Adds empty lines, so that a failure shows the line of the README.
            exec(compile("\n" * line + block, str(README), "exec"), names)
        assert len(names["frame"]) == coupons.search(status="ACTIVE").count() > 0
    with Sandbox() as own:
        names["test_ten_percent"](own)


def test_it_begins_with_an_example() -> None:
    start = README.read_text(encoding="utf-8").split("\n## ")[0]
    ((_, install),) = blocks(start, "console")
    ((line, example),) = blocks(start, "python")
    assert install.startswith("$ pip install ")
    assert line < 15
    assert len([line for line in example.splitlines() if line]) == 3


@pytest.mark.skipif(BASH is None, reason="the example is for a shell")
def test_the_example_of_the_command_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    section = COMMAND.read_text(encoding="utf-8").split("## Example\n")[1]
    script = blocks(section, "console")[0][1]
    setting, script = script.split("\n", 1)
    assert setting.startswith("$ export ECWID_STORE_ID=")
    with Sandbox(seed=150, requests_per_minute=None) as sandbox, sandbox.client() as coupons:
        set_up(sandbox, monkeypatch, tmp_path)
        command = [str(BASH), "-euc", re.sub(r"^\$ ", "", script, flags=re.MULTILINE)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=os.environ)
        assert done.returncode == 0, done.stderr
        assert coupons.search(code="FIRST").count() == 1
        assert coupons.search().count() == 150 + 1 + 5000
    assert (tmp_path / "codes.xlsx").is_file()
