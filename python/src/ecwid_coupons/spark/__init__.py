"""A data source for Apache Spark: reads and creates the coupons of Ecwid stores. Requires PySpark 4 and pyarrow.

Register it once in each session:

    from ecwid_coupons.spark import CouponDataSource

    spark.dataSource.register(CouponDataSource)

The package must be installed on the driver and on all executors, and the executors need the tokens of the stores. See
`CouponDataSource`.
"""

try:
    from ._source import CouponDataSource as CouponDataSource
except ModuleNotFoundError as _error:
    _missing = (_error.name or "").partition(".")[0]
    if _missing not in {"pyspark", "pyarrow"}:
        raise
    _message = f"{_missing} is not installed; hint: install it with: pip install 'ecwid-coupons[spark]'"
    raise ModuleNotFoundError(_message, name=_missing) from _error
