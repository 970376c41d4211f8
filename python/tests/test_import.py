"""The cost and the warnings of an import of the package."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from conftest import Run
from ecwid_coupons import _native

# Importing these modules takes longer than importing the package.
HEAVY = [
    "asyncio",
    "concurrent.futures",
    "dataclasses",
    "dlt",
    "duckdb",
    "inspect",
    "json",
    "logging",
    "pandas",
    "polars",
    "pyarrow",
    "pyspark",
    "socket",
    "ssl",
    "threading",
    "traceback",
    "urllib.parse",
]


def test_no_heavy_module_is_imported(run: Run) -> None:
    before = set(run("import sys; print(*sys.modules)").split())
    after = set(run("import sys, ecwid_coupons; print(*sys.modules)").split())
    added = {name for name in after - before if not name.startswith("ecwid_coupons")}
    print("imported beside the package's own modules:", *sorted(added))
    assert added.isdisjoint(HEAVY)


@pytest.mark.parametrize(("extra", "library"), [("spark", "pyspark"), ("dlt", "dlt")])
def test_a_module_for_an_engine_names_the_missing_library(run: Run, extra: str, library: str) -> None:
    program = f"""
        import sys
        sys.modules["{library}"] = None
        try:
            import ecwid_coupons.{extra}
        except ImportError as error:
            print(error)
    """
    hint = f"is not installed; hint: install it with: pip install 'ecwid-coupons[{extra}]'"
    assert run(textwrap.dedent(program)).strip() == f"{library} {hint}"


def test_a_build_without_optimization_warns() -> None:
    program = "import ecwid_coupons"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    warning = "RuntimeWarning: ecwid_coupons was built without optimization and is slow; hint: build it with"
    warned = warning in result.stderr
    assert warned == _native.IS_DEBUG_BUILD
