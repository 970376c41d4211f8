"""Measures the import time and the size of the package."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from measured import Row, Times

IMPORTS = ["ecwid_coupons", "httpx", "requests", "polars", "pandas"]


def rows(wheel: Path, rounds: int) -> list[Row]:
    """Returns the rows about the package."""
    times = Times()
    # The first round fills the caches.
    for round_number in range(rounds + 1):
        for name in ["", *IMPORTS]:
            start = of_children()
            subprocess.run([sys.executable, "-c", f"import {name}" if name else "pass"], check=True)
            if round_number > 0:
                times.add(name, of_children() - start)
    bare = times.median("")
    found = [_import(name, (times.median(name) - bare) * 1000.0) for name in IMPORTS]
    size = wheel.stat().st_size / 1e6
    return [*found, Row("size of the wheel", "ecwid_coupons", "MB", size, None, {"figure": 6.3}, is_ours=True)]


def of_children() -> float:
    """Returns the CPU time of all child processes that have ended. It does not depend on other programs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _import(name: str, milliseconds: float) -> Row:
    is_ours = name == "ecwid_coupons"
    target = {"figure": 25.0} if is_ours else None
    return Row("import, in addition to a bare interpreter", name, "ms of CPU", milliseconds, None, target, is_ours)
