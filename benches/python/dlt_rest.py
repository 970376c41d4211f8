"""Copies stores into DuckDB with the REST client of dlt over plain requests, and prints figures as JSON.

It does the work of a first sync: it reads all coupons of all stores and writes them to a table.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import OffsetPaginator

requests = 0


def coupons(store: int, base_url: str) -> Iterator[list[dict[str, Any]]]:
    """Reads the pages of a store."""
    global requests
    client = RESTClient(
        base_url=f"{base_url}/{store}",
        auth=BearerTokenAuth(f"secret_{store}"),  # type: ignore[arg-type]
        paginator=OffsetPaginator(limit=100, total_path="total"),
    )
    for page in client.paginate("discount_coupons", data_selector="items"):
        requests += 1
        yield [{"store_id": store, **coupon} for coupon in page]


def main() -> None:
    """Runs the pipeline."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--first-store", type=int)
    parser.add_argument("--stores", type=int)
    parser.add_argument("--count", type=int)
    parser.add_argument("--base-url")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    database = arguments.folder / "dlt.duckdb"
    start = time.perf_counter()
    pipeline = dlt.pipeline(
        "coupons",
        pipelines_dir=str(arguments.folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="ecwid",
    )
    stores = range(arguments.first_store, arguments.first_store + arguments.stores)
    resources = [
        dlt.resource(
            coupons(store, arguments.base_url),
            name=f"coupons_{store}",
            table_name="coupons",
            write_disposition="append",
            parallelized=True,
        )
        for store in stores
    ]
    pipeline.run(resources)
    seconds = time.perf_counter() - start
    with pipeline.sql_client() as client:
        (rows,) = client.execute_sql("SELECT count(*) FROM coupons")[0]
    if rows != arguments.stores * arguments.count:
        sys.exit(f"{rows} rows")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    figures = {
        "seconds": seconds,
        "requests": requests,
        "peakMb": peak,
        "fileBytes": database.stat().st_size,
    }
    json.dump(figures, sys.stdout)


main()
