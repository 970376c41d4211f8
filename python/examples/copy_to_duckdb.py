"""Copies the coupons of all stores of the configuration file into a DuckDB file, and exports them to Parquet.

Run it every night. The first run reads all coupons, and later runs read the changes. A store that fails keeps its copy
and does not stop the others. The exit code is then 1.

Install the package with `pip install 'ecwid-coupons[duckdb]'`.
"""

import os
import sys
from pathlib import Path

import duckdb
from ecwid_coupons import Stores, sync

# The codes are worth money, so only this user can read the files.
os.umask(0o077)

with Stores.from_config() as stores, duckdb.connect("coupons.duckdb") as connection:
    summaries = sync(stores, connection)
    connection.sql("SELECT * FROM current_coupons").write_parquet("coupons.parquet.new")
# Replaces the file at once, so that no program reads a part of it.
Path("coupons.parquet.new").replace("coupons.parquet")

for summary in summaries:
    if summary.error is None:
        print(f"{summary.name}: {summary.coupons} coupons, {summary.new} new, {summary.deleted} deleted")
    else:
        print(f"{summary.name}: {summary.error}", file=sys.stderr)
sys.exit(any(summary.error for summary in summaries))
