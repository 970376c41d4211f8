"""Runs the blocks of the pages in the folder `docs`, and checks that the site is complete.

The blocks of a page run in order, in one folder, with the environment of a sandbox. Python blocks of a page share their
names. A block with a title is a file. Rust blocks run as tests of the crate `ecwid-coupons-tests`.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import ecwid_coupons
import ecwid_coupons.testing
import pytest
from ecwid_coupons.testing import Sandbox

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"\n]+)")?\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)

# The pages whose blocks do not run here.
SKIPPED = {
    "guides/dlt.md": "needs dlt, which the step `engines` has",
    "guides/notebooks.md": "runs as a notebook in test_notebook.py",
    "guides/spark.md": "needs Spark, which the step `engines` has",
}

# The commands that do not run: they install something, wait for input, or run until they are stopped.
NOT_RUN = ("cargo ", "pip ", "export ECWID_", "(umask ", "ecwid-coupons sandbox --port")

# A bash of WSL does not see the folder and the environment of a test on Windows.
BASH = None if os.name == "nt" else shutil.which("bash")


class Block(NamedTuple):
    line: int
    language: str
    title: str | None
    text: str

    @property
    def runs(self) -> bool:
        # A block that shows a program of the examples, which has a test of its own.
        if self.text.startswith("--8<--"):
            return False
        return self.language == "python" or (self.language == "console" and self.script is not None)

    @property
    def script(self) -> str | None:
        """The commands of a console block. None if one of them does not run."""
        lines: list[str] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                lines.append(line.removeprefix("$ "))
            elif lines and lines[-1].endswith("\\"):
                lines.append(line)
        return None if any(line.startswith(NOT_RUN) for line in lines) else "\n".join(lines)


def blocks(page: str) -> Iterator[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        indent, language, title, content = match.groups()
        content = re.sub(f"^{indent}", "", content, flags=re.MULTILINE)
        yield Block(text[: match.start(4)].count("\n"), language, title, content)


@pytest.mark.parametrize("page", [page for page in PAGES if any(block.runs for block in blocks(page))])
def test_the_blocks_of_a_page_run(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if page in SKIPPED:
        pytest.skip(SKIPPED[page])
    with Sandbox(seed=150) as sandbox:
        run_page(page, sandbox, monkeypatch, tmp_path)


def run_page(page: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """Runs the blocks of a page with the settings of a sandbox, and returns the names of its Python blocks."""
    set_up(sandbox, monkeypatch, folder)
    return run_blocks(page, folder)


def set_up(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Sets the folder, the program and the variables that the blocks of pages need."""
    command = shutil.which(os.environ.get("ECWID_COUPONS_COMMAND", "ecwid-coupons"))
    assert command
    monkeypatch.setenv("PATH", str(Path(command).parent), prepend=os.pathsep)
    monkeypatch.chdir(folder)
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    sandbox.add_token(1004, token="secret_outlet")
    monkeypatch.setenv("OUTLET_TOKEN", "secret_outlet")
    write_config(folder / "config.toml", sandbox)
    monkeypatch.setenv("ECWID_CONFIG", str(folder / "config.toml"))


def write_config(path: Path, sandbox: Sandbox) -> None:
    """Writes a configuration file with the stores that the pages name."""
    stores = "default = 'main'\n"
    for name, store_id, variable in [("main", sandbox.store_id, "ECWID_TOKEN"), ("outlet", 1004, "OUTLET_TOKEN")]:
        stores += f"[stores.{name}]\nstore-id = {store_id}\ntoken-env = '{variable}'\n"
        stores += f"base-url = '{sandbox.base_url}'\n"
    path.write_text(stores, encoding="utf-8")
    path.chmod(0o600)


def run_blocks(page: str, folder: Path) -> dict[str, Any]:
    """Runs the blocks of a page in this folder, and returns the names of its Python blocks."""
    names: dict[str, Any] = {}
    for block in blocks(page):
        if block.title is not None:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif not block.runs:
            continue
        elif block.language == "python":
            # Adds empty lines, so that a failure shows the line of the page.
            exec(compile("\n" * block.line + block.text, str(DOCS / page), "exec"), names)
            run_tests(names)
        elif block.script and BASH:
            done = subprocess.run(
                [BASH, "-eo", "pipefail", "-c", block.script],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert done.returncode == 0, f"{page}:{block.line}: {block.script}\n{done.stdout}{done.stderr}"
    return names


def run_tests(names: dict[str, Any]) -> None:
    """Runs the tests that a block defines, each with a new sandbox."""
    for name, function in list(names.items()):
        if name.startswith("test_") and inspect.isfunction(function):
            with Sandbox() as sandbox:
                function(sandbox)
            del names[name]


def test_the_navigation_has_each_page_once() -> None:
    def pages(entry: Any) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        else:
            for inner in entry.values() if isinstance(entry, dict) else entry:
                yield from pages(inner)

    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(pages(project["nav"])) == PAGES


@pytest.mark.parametrize("module", [ecwid_coupons, ecwid_coupons.testing], ids=lambda module: module.__name__)
def test_the_reference_has_each_public_name(module: Any) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (DOCS / "reference/python").glob("*.md")]
    named = {name for text in texts for name in re.findall(r"^::: ([\w.]+)$", text, re.MULTILINE)}
    public = [name for name in vars(module) if not name.startswith("_") and not inspect.ismodule(vars(module)[name])]
    missing = [name for name in public if not named & {f"{module.__name__}.{name}", f"ecwid_coupons.{name}"}]
    assert missing == []


def test_the_readmes_name_existing_pages() -> None:
    readmes = [path for folder in ("", "crates/*/", "python/", "python/*/") for path in ROOT.glob(f"{folder}README.md")]
    found = [page for path in readmes for page in re.findall(r"\bdocs/([\w/-]+\.md)", path.read_text(encoding="utf-8"))]
    assert found
    assert [page for page in found if page not in PAGES] == []


def test_the_first_lines_of_the_readme_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = os.environ.get("ECWID_COUPONS_COMMAND", "ecwid-coupons")
    (python,) = re.findall(r"`(frame = [^`]+)`", readme)
    names: dict[str, Any] = {"Client": ecwid_coupons.Client}
    with Sandbox(seed=150) as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        exec(python, names)
    assert len(names["frame"]) == 150
    lines = re.findall(r"`ecwid-coupons ([^`]+)`", readme)
    assert lines
    for line in lines:
        subcommand, *arguments = line.split()
        shown = subprocess.run([command, "help", subcommand], capture_output=True, check=True, text=True).stdout
        assert [argument for argument in arguments if argument.startswith("-") and argument not in shown] == []
