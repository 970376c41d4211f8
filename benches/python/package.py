"""What the package costs before it does anything: its import, and its size."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from measured import Row, Times

IMPORTS = ["ecwid_coupons", "httpx", "requests", "polars", "pandas"]


def rows(wheel: Path, rounds: int) -> list[Row]:
    """The rows of the package."""
    times = Times()
    # The first round fills the caches.
    for round_number in range(rounds + 1):
        for name in ["", *IMPORTS]:
            program = f"import {name}" if name else "pass"
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            if round_number > 0:
                times.add(name, time.perf_counter() - start)
    bare = times.median("")
    found = [_import(name, (times.median(name) - bare) * 1000.0) for name in IMPORTS]
    size = wheel.stat().st_size / 1e6
    return [*found, Row("wheel", wheel.name, "MB", size, None, 5.0, is_ours=True)]


def _import(name: str, milliseconds: float) -> Row:
    is_ours = name == "ecwid_coupons"
    return Row("import, over a bare interpreter", name, "ms", milliseconds, None, 25.0 if is_ours else None, is_ours)
