"""Copies the coupons of several stores into a Parquet table with Spark, and creates a coupon in each store.

The package must be installed where Spark runs, and the environment must have the token of each store, such as
ECWID_TOKEN_1003. To run it on this machine, with Java 17 or newer:

    $ pip install 'ecwid-coupons[spark]'
    $ python spark_copy.py --stores 1003,1004 --table coupons

Run it again to update the table. On a cluster, use `spark-submit`, and schedule it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from ecwid_coupons.spark import CouponDataSource
from pyspark.sql import DataFrame, SparkSession

KEY = ["store_id", "id"]


def merge(fresh: DataFrame, table: Path, stores: str) -> None:
    """Replaces the rows of these stores by their present coupons, and keeps the rows of other stores.

    With Delta Lake or Iceberg, this is a MERGE. `docs/guides/spark.md` has the statement.
    """
    spark = fresh.sparkSession
    # A query reads the stores each time that it runs. Read them once.
    fresh = fresh.cache()
    merged = fresh
    if table.exists():
        old = spark.read.parquet(str(table))
        of_stores = f"store_id IN ({stores})"
        print_changes(old.where(of_stores), fresh)
        merged = fresh.unionByName(old.where(f"NOT {of_stores}"))
    else:
        print(f"{fresh.count()} new")
    # Spark cannot overwrite a table that it reads.
    new = table.with_name(f"{table.name}.new")
    merged.write.mode("overwrite").partitionBy("store_id").parquet(str(new))
    shutil.rmtree(table, ignore_errors=True)
    new.rename(table)
    fresh.unpersist()


def print_changes(old: DataFrame, fresh: DataFrame) -> None:
    """Prints the numbers of new, changed and deleted coupons."""
    fields = [name for name in fresh.columns if name not in KEY]
    both = old.selectExpr(*KEY, f"struct({', '.join(fields)}) AS before").join(
        fresh.selectExpr(*KEY, f"struct({', '.join(fields)}) AS after"), KEY, "full"
    )
    [counts] = both.selectExpr(
        "count_if(before IS NULL) AS new",
        "count_if(before IS NOT NULL AND after IS NOT NULL AND before <> after) AS changed",
        "count_if(after IS NULL) AS deleted",
    ).collect()
    print(f"{counts.new} new, {counts.changed} changed, {counts.deleted} deleted")


def create(spark: SparkSession, stores: str, options: dict[str, str]) -> None:
    """Creates a coupon in each store. Coupons that exist with the same content are accepted."""
    ids = [(int(store),) for store in stores.split(",")]
    rows = spark.createDataFrame(ids, "store_id bigint").selectExpr(
        "store_id",
        "'Thank you' AS name",
        "concat('THANKS-', store_id) AS code",
        "'PERCENT' AS discount_type",
        "10 AS discount",
    )
    # With tasksPerStore, a task can write to several stores, because Spark combines small partitions.
    writer = rows.repartition("store_id").write.format("ecwid_coupons").options(**options)
    writer.option("tasksPerStore", 1).mode("append").save()


def main(arguments: list[str]) -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description="Copy coupons into a Parquet table")
    parser.add_argument("--stores", required=True, help="ids of stores, separated by commas")
    parser.add_argument("--table", required=True, type=Path, help="folder of the table")
    given = parser.parse_args(arguments)
    # The variable is set for the sandbox.
    options = {"baseUrl": os.environ["ECWID_BASE_URL"]} if "ECWID_BASE_URL" in os.environ else {}

    # Workers must run the same Python as this program.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("coupons").getOrCreate()
    spark.dataSource.register(CouponDataSource)
    create(spark, given.stores, options)
    fresh = spark.read.format("ecwid_coupons").options(stores=given.stores, **options).load()
    merge(fresh, given.table, given.stores)


if __name__ == "__main__":
    main(sys.argv[1:])
