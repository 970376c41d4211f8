"""The package of the command can be installed, and `Sandbox` finds the command."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import ecwid_coupons
import pytest

PACKAGE = Path(__file__).parents[1] / "cli"
MOST_BYTES = 6_000_000

PROGRAM = """
import sys
sys.path.append(sys.argv[1])
from ecwid_coupons.testing import Sandbox
from ecwid_coupons.testing._command import find_command
with Sandbox() as sandbox, sandbox.client() as coupons:
    print(find_command(), coupons.search().count())
"""


@pytest.mark.packaging
def test_the_command_is_found_in_the_script_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECWID_COUPONS_COMMAND", raising=False)
    profile = os.environ.get("ECWID_COUPONS_PROFILE", "release")
    build = [sys.executable, "-m", "maturin", "build", "--profile", profile, "--locked", "--out", str(tmp_path)]
    subprocess.run(build, cwd=PACKAGE, check=True)
    (wheel,) = tmp_path.glob("ecwid_coupons_cli-*.whl")
    if profile == "release":
        assert wheel.stat().st_size < MOST_BYTES

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    folder = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(folder / "python")
    subprocess.run([python, "-m", "pip", "install", "--no-index", "--quiet", str(wheel)], check=True)
    # Appends the packages of this environment to the path of the new environment.
    beside = str(Path(ecwid_coupons.__file__).parents[1])
    run = subprocess.run(
        [python, "-W", "ignore::RuntimeWarning", "-c", PROGRAM, beside], capture_output=True, text=True, check=True
    )
    found, count = run.stdout.split()
    assert Path(found).parent == folder
    assert count == "0"
