"""The package can be built and installed in all supported ways."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from ecwid_coupons.testing import Sandbox
from source_distribution import unpack

pytestmark = pytest.mark.packaging

PACKAGE = Path(__file__).parents[1]
EXTENSION = PACKAGE / "src/ecwid_coupons"

# The cargo profile of builds by pip. The wheel below always has the release profile.
PROFILE = os.environ.get("ECWID_COUPONS_PROFILE", "release")
UNOPTIMIZED = "ignore:ecwid_coupons was built without optimization:RuntimeWarning"

PROGRAM = """
import sys
from ecwid_coupons import Client
with Client(1003, sys.argv[2], base_url=sys.argv[1]) as coupons:
    coupons.create_or_get(name="Ten", code="TEN", discount="10.50")
    print(coupons.get("TEN").discount)
"""


def ran(*command: str | Path, folder: Path = PACKAGE) -> str:
    # Without variables such as PYTHONPATH.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["MATURIN_PEP517_ARGS"] = f"--profile={PROFILE}"
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


class Environment:
    """An empty virtual environment."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"

    def install(self, *what: str | Path) -> None:
        ran(self.python, "-m", "pip", "install", "--disable-pip-version-check", *what)

    def packages(self) -> set[str]:
        listed = ran(self.python, "-m", "pip", "list", "--disable-pip-version-check", "--format=freeze")
        return {line.partition("==")[0] for line in listed.split()} - {"pip", "setuptools"}

    def check(self, sandbox: Sandbox, folder: Path) -> None:
        """Makes a call in a folder without Python files."""
        program = ["-W", "error", "-W", UNOPTIMIZED, "-c", PROGRAM, sandbox.base_url, sandbox.token]
        assert ran(self.python, *program, folder=folder) == "10.50\n"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "environment")


def maturin(*arguments: str | Path) -> str:
    return ran(Path(sys.executable).parent / "maturin", *arguments)


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    maturin("build", "--release", "--locked", "--out", folder)
    return only(folder, "*.whl")


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    maturin("sdist", "--out", folder)
    return only(folder, "*.tar.gz")


def test_a_wheel_is_small_and_for_all_versions(wheel: Path) -> None:
    # One wheel supports CPython 3.11 and later.
    assert "-cp311-abi3-" in wheel.name
    # SQLite, which the files of jobs need, is about 1 MiB of it.
    assert wheel.stat().st_size <= 6 * 1024 * 1024


def test_a_wheel_has_all_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        about = email.message_from_bytes(archive.read(metadata))
    package = {name.removeprefix("ecwid_coupons/") for name in names if name.startswith("ecwid_coupons/")}
    sources = {it.relative_to(EXTENSION).as_posix() for it in EXTENSION.rglob("*") if it.suffix in {".py", ".pyi"}}
    assert sources | {"py.typed", "_native.abi3.so"} == package
    licenses = {Path(name).name for name in names if "/licenses/" in name and "sboms" not in name}
    assert {"LICENSE-MIT", "LICENSE-APACHE"} <= licenses
    assert about["Requires-Python"] == ">=3.11"
    assert about["License-Expression"] == "MIT OR Apache-2.0"
    # Only extras have requirements.
    requirements = about.get_all("Requires-Dist") or []
    assert all("extra ==" in it for it in requirements)
    assert set(about.get_all("Provides-Extra") or []) == {
        "dlt",
        "duckdb",
        "pandas",
        "polars",
        "pyarrow",
        "spark",
        "testing",
    }


def test_a_wheel_is_installed_without_dependencies(
    wheel: Path, environment: Environment, sandbox: Sandbox, tmp_path: Path
) -> None:
    environment.install("--no-index", wheel)
    assert environment.packages() == {"ecwid-coupons"}
    environment.check(sandbox, tmp_path)


def test_the_source_is_installed(environment: Environment, sandbox: Sandbox, tmp_path: Path) -> None:
    environment.install(PACKAGE)
    assert environment.packages() == {"ecwid-coupons"}
    environment.check(sandbox, tmp_path)


def test_the_source_is_installed_as_editable(environment: Environment, sandbox: Sandbox, tmp_path: Path) -> None:
    built = {it: it.read_bytes() for it in EXTENSION.glob("_native*.so")}
    try:
        environment.install("--editable", PACKAGE)
        found = ran(
            environment.python, "-W", "ignore", "-c", "import ecwid_coupons as it; print(it.__file__)", folder=tmp_path
        )
        assert Path(found.strip()) == EXTENSION / "__init__.py"
        environment.check(sandbox, tmp_path)
    finally:
        # The installation adds the extension to the sources.
        for it in EXTENSION.glob("_native*.so"):
            it.unlink()
        for it, content in built.items():
            it.write_bytes(content)


def test_a_source_distribution_is_installed(
    sdist: Path, environment: Environment, sandbox: Sandbox, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Cargo.lock", "pyproject.toml", "src/ecwid_coupons/py.typed"} <= names
    environment.install(unpack(sdist, tmp_path / "source"))
    assert environment.packages() == {"ecwid-coupons"}
    environment.check(sandbox, tmp_path)
