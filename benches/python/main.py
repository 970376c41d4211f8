"""Compares the Python package with other packages for the same tasks. `cargo xtask bench python` runs this program."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path

import calling
import package
import reading
import streaming
from measured import Row


def main() -> None:
    arguments = parse()
    pages = written_pages(arguments.program)
    found = [
        *reading.rows(pages, arguments.rounds),
        *calling.rows(arguments.program, pages, arguments.rounds),
        *streaming.rows(arguments.program, sum(len(json.loads(page)["items"]) for page in pages)),
        *package.rows(arguments.wheel, arguments.rounds),
    ]
    if arguments.json:
        print(json.dumps([{**asdict(row), "met": row.is_met} for row in found], indent=2))
    else:
        show(found)
        size = sum(map(len, pages)) // 10_000
        load = ", ".join(f"{load:.1f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
        print(
            f"* this package; 10,000 coupons of {size} bytes, {len(pages)} pages; medians of {arguments.rounds} rounds "
            f"in rotating order; Python {platform.python_version()}, {os.cpu_count()} CPUs, load {load}"
        )


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="use the benchmark program of the client")
    parser.add_argument("--wheel", required=True, type=Path, help="measure the size of this wheel")
    parser.add_argument("--rounds", type=int, default=7, help="measure each task this many times and print the median")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    return parser.parse_args()


def written_pages(program: str) -> list[bytes]:
    """Returns the pages of the benchmark of the Rust client."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pages.jsonl"
        subprocess.run([program, "write-pages", str(file)], check=True)
        return file.read_bytes().splitlines()


def show(rows: list[Row]) -> None:
    """Prints the rows as a table. The rows of this package are marked with a star."""
    cells = [("work", "who", "figure", "unit", "ratio", "target", "")]
    last = None
    for row in rows:
        cells.append(
            (
                row.work if row.work != last else "",
                f"* {row.who}" if row.is_ours else f"  {row.who}",
                f"{row.figure:,.1f}",
                row.unit,
                "" if row.ratio is None else f"{row.ratio:.2f}",
                "" if row.target is None else f"≤ {row.target:g}",
                {None: "", True: "met", False: "MISSED"}[row.is_met],
            )
        )
        last = row.work
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        texts = [
            text.rjust(width) if column in (2, 4, 5) else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(texts).rstrip())


if __name__ == "__main__":
    main()
