"""Measures the time and the peak memory of writing all coupons to a Parquet file, page by page."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from calling import STORE_ID, TOKEN, UNLIMITED, serve
from measured import Row

SIZES = [100_000, 1_000_000]

# Runs in a separate process, whose peak memory is measured.
WRITE = """
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from ecwid_coupons import Client

base_url, path, count, store_id, token, requests = sys.argv[1:]
client = Client(int(store_id), token, base_url=base_url, requests_per_minute=int(requests))
reader = pa.RecordBatchReader.from_stream(client.search().stream())
written = 0
with pq.ParquetWriter(path, reader.schema) as writer:
    for batch in reader:
        writer.write_batch(batch)
        written += len(batch)
assert written == int(count), written
# In KiB. `getrusage` would include the parent process before the fork.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["VmHWM"].split()[0])
"""


def rows(program: str, count: int) -> list[Row]:
    """Returns the rows about streams. `count` is the number of coupons of the server without repetition."""
    found = []
    for size in SIZES:
        with serve(program, times=size // count) as base_url, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "coupons.parquet"
            arguments = [base_url, str(path), str(size), str(STORE_ID), TOKEN, str(UNLIMITED)]
            start = time.perf_counter()
            command = [sys.executable, "-c", WRITE, *arguments]
            kibibytes = int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            seconds = time.perf_counter() - start
        work = f"{size:,} coupons to a Parquet file, once"
        found.append(Row(work, "ecwid_coupons, pyarrow", "MiB at peak", kibibytes / 1024, is_ours=True))
        found.append(Row(work, "ecwid_coupons, pyarrow", "seconds", seconds, is_ours=True))
    return found
