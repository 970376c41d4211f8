"""The data source."""

from __future__ import annotations

from ecwid_coupons._errors import ConfigurationError, InvalidRequestError
from pyspark.sql.datasource import DataSource
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import IntegerType, LongType, StructType

from ._options import READ, STREAM, WRITE, Options
from ._read import CouponReader
from ._stream import CouponStreamReader
from ._table import STORE, table_schema
from ._write import CouponWriter


class CouponDataSource(DataSource):
    """The data source ``ecwid_coupons`` of Spark, for coupons of many stores.

    **Reads** have one task for each store, and the columns of a search after the column ``store_id``. **Writes**
    create the coupons of a frame. Coupons that exist with the same content are accepted, so a task that Spark runs
    again, or twice at once, creates each coupon once. The write fails if rows failed, and names them. Codes must be in
    the frame, because a task that runs again would draw others. **Streams** read the coupons that were created or
    updated since the last batch, at least once. A coupon whose status or order count changed appears only if its update
    date changed too. Deletions are a table of their own, with the columns ``store_id``, ``id`` and ``date``.

    **Tokens are no options**, because Spark sends options to all executors, and catalogs store them. Each task gets the
    token of its store from the machine that runs it.

    Options for all uses:

    - ``tokenEnv``: The environment variable with the token of a store. Defaults to ``ECWID_TOKEN_{store}``, in which
      ``{store}`` is the store's id.
    - ``tokenDir``: The folder with a file for each store, whose name is the store's id.
    - ``tokenProvider``: A function such as ``my_secrets:token_of_store`` that is called with the store's id.
    - ``requestsPerMinute``: The rate limit of each store. Defaults to 600.
    - ``tasksPerStore``: The number of tasks that use the same store at once. Each gets its share of the rate limit.
      Defaults to 1. If it is set, a task can write to several stores, one after the other.
    - ``baseUrl``, ``caFile``, ``allowHttp``, ``deadline``: The settings of `Client`. The deadline is in seconds.

    Options for reads and streams:

    - ``stores``: The ids of the stores, such as ``"1003, 1004"``. Required.
    - ``table``: ``coupons``, the default, or ``deletions``. Ecwid keeps deletions for six months.
    - ``code``, ``discountType``, ``status``, ``createdFrom``, ``createdTo``, ``updatedFrom``, ``updatedTo``: The
      filters of `Client.search`. Values of a list are separated by commas. A stream sets the last two itself.
    - ``deletedFrom``, ``deletedTo``: The arguments of `Client.deleted`, for the table ``deletions``. A stream sets them
      itself.
    - ``anyOrder``, ``skipUnreadable``: As for `Client.search`.
    - ``pushdown``, for reads: Whether conditions of the query on ``store_id``, ``status``, ``discount_type``,
      ``update_date`` and ``creation_date`` reduce the requests. Requires PySpark 4.1 and
      ``spark.sql.python.filterPushdown.enabled``. Defaults to false.
    - ``settle``, for streams: How many seconds the clocks of the driver and the store may differ. Updates appear this
      much later. Defaults to 60.

    Examples:
        >>> spark.dataSource.register(CouponDataSource)
        >>> frame = spark.read.format("ecwid_coupons").option("baseUrl", base_url).option("stores", "1003, 1004").load()
        >>> frame.where("status = 'ACTIVE'").groupBy("store_id").count().collect()
        [Row(store_id=1003, count=1)]
        >>> copies = frame.selectExpr("1004 AS store_id", "name", "code", "discount_type", "discount")
        >>> copies.write.format("ecwid_coupons").option("baseUrl", base_url).mode("append").save()
        >>> frame.where("store_id = 1004").count()
        1
    """

    @classmethod
    def name(cls) -> str:
        """Returns the name for `format`: ``"ecwid_coupons"``."""
        return "ecwid_coupons"

    def schema(self) -> StructType:
        """Returns the columns. Sends no request and needs no token."""
        # Both kinds of reads call this, and each checks its own options later.
        options = Options.parse(self.options, READ, STREAM)
        return from_arrow_schema(table_schema(options.table))

    def reader(self, schema: StructType) -> CouponReader:
        """Returns the reader of a batch query."""
        options = Options.parse(self.options, READ)
        if not options.pushdown:
            return CouponReader(options)
        try:
            from ._pushdown import PushdownReader
        except ImportError:
            raise ConfigurationError("the option `pushdown` requires PySpark 4.1 or newer") from None
        return PushdownReader(options)

    def streamReader(self, schema: StructType) -> CouponStreamReader:
        """Returns the reader of a streaming query."""
        return CouponStreamReader(Options.parse(self.options, STREAM))

    def writer(self, schema: StructType, overwrite: bool) -> CouponWriter:
        """Returns the writer of a batch query. Refuses the mode ``overwrite`` and rows without a store."""
        options = Options.parse(self.options, WRITE)
        if overwrite:
            raise InvalidRequestError(
                'the mode `overwrite` is refused, because it would delete coupons; hint: use mode("append")'
            )
        if STORE not in schema.names or not isinstance(schema[STORE].dataType, (IntegerType, LongType)):
            raise InvalidRequestError(
                f"missing column: `{STORE}` (expected the id of the store of each row, as an integer); hint: add "
                f'`.withColumn("{STORE}", lit(1003).cast("bigint"))`'
            )
        return CouponWriter(options)
