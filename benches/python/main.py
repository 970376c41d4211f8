"""Compares the Python package with other packages for the same tasks. `cargo xtask bench python` runs this program."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path

import calling
import package
import reading
import streaming


def main() -> None:
    arguments = parse()
    pages = written_pages(arguments.program)
    found = [
        *reading.rows(pages, arguments.rounds),
        *calling.rows(arguments.program, pages, arguments.rounds),
        *streaming.rows(arguments.program, sum(len(json.loads(page)["items"]) for page in pages)),
        *package.rows(arguments.wheel, arguments.rounds),
    ]
    size = sum(map(len, pages)) // 10_000
    conditions = [f"10,000 coupons of {size} bytes, {len(pages)} pages", "contenders in rotating order"]
    results = {"rounds": arguments.rounds, "conditions": conditions, "rows": [asdict(row) for row in found]}
    print(json.dumps(results))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="use the benchmark program of the client")
    parser.add_argument("--wheel", required=True, type=Path, help="measure the size of this wheel")
    parser.add_argument("--rounds", type=int, default=7, help="report the median of this many rounds")
    return parser.parse_args()


def written_pages(program: str) -> list[bytes]:
    """Returns the pages of the benchmark of the Rust client."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pages.jsonl"
        subprocess.run([program, "write-pages", str(file)], check=True)
        return file.read_bytes().splitlines()


if __name__ == "__main__":
    main()
