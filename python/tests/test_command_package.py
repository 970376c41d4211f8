"""The package of the command can be installed from a wheel and from its source, and `Sandbox` finds the command."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import ecwid_coupons
import pytest
from source_distribution import unpack

PACKAGE = Path(__file__).parents[1] / "cli"
MOST_BYTES = 6_000_000
PROFILE = os.environ.get("ECWID_COUPONS_PROFILE", "release")

PROGRAM = """
import sys
sys.path.append(sys.argv[1])
from ecwid_coupons.testing import Sandbox
from ecwid_coupons.testing._command import find_command
with Sandbox() as sandbox, sandbox.client() as coupons:
    print(find_command(), coupons.search().count())
"""


pytestmark = pytest.mark.packaging


def maturin(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "maturin", *arguments], cwd=PACKAGE, check=True)


def install(environment: Path, *what: str | Path) -> Path:
    """Installs a package in a new environment, and returns its folder of programs."""
    venv.create(environment, with_pip=True)
    folder = environment / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([folder / "python", "-m", "pip", "install", "--quiet", *what], check=True)
    return folder


def versions(folder: Path) -> set[str]:
    """Returns what each of the two programs prints as its version."""
    names = ["ecwid-coupons", "ecwid-coupons-cli"]
    return {subprocess.check_output([folder / name, "--version"], text=True) for name in names}


def test_the_command_is_found_in_the_script_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECWID_COUPONS_COMMAND", raising=False)
    maturin("build", "--profile", PROFILE, "--locked", "--out", tmp_path)
    (wheel,) = tmp_path.glob("ecwid_coupons_cli-*.whl")
    if PROFILE == "release":
        assert wheel.stat().st_size < MOST_BYTES

    folder = install(tmp_path / "environment", "--no-index", wheel)
    # `uvx ecwid-coupons-cli` runs the second program.
    (version,) = versions(folder)
    assert version.startswith("ecwid-coupons ")
    assert (
        subprocess.run([folder / "ecwid-coupons-cli", "--no-such"], stderr=subprocess.DEVNULL, check=False).returncode
        == 2
    )
    python = str(folder / "python")
    # Appends the packages of this environment to the path of the new environment.
    beside = str(Path(ecwid_coupons.__file__).parents[1])
    run = subprocess.run(
        [python, "-W", "ignore::RuntimeWarning", "-c", PROGRAM, beside], capture_output=True, text=True, check=True
    )
    found, count = run.stdout.split()
    assert Path(found).parent == folder
    assert count == "0"


def test_a_source_distribution_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maturin("sdist", "--out", tmp_path)
    (sdist,) = tmp_path.glob("ecwid_coupons_cli-*.tar.gz")
    monkeypatch.setenv("MATURIN_PEP517_ARGS", f"--profile={PROFILE}")
    (version,) = versions(install(tmp_path / "environment", unpack(sdist, tmp_path / "source")))
    # A copy is in no repository, so the version names no commit.
    assert version.startswith("ecwid-coupons ")
    assert version.endswith("+copy\n")
