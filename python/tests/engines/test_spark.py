"""The data source for Spark, with a Spark session and the sandbox."""

from __future__ import annotations

import contextlib
import doctest
import inspect
import os
import re
import runpy
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ecwid_coupons import schema
from ecwid_coupons.spark import CouponDataSource
from in_tasks import KilledOnce
from pyspark.sql import DataFrame, DataFrameReader, DataFrameWriter, SparkSession
from three_stores import COUNTS, TOKENS, ThreeStores

FORMAT = "ecwid_coupons"

# The compiler of Java for long runs takes more time here than it saves.
FAST = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

# PySpark leaves the closing of some connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

ROOT = Path(__file__).parents[3]

RECIPE = ROOT / "python" / "examples" / "spark_copy.py"

LOGGING = """
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %p %c %m%n%ex
"""


@dataclass
class Session:
    """A Spark session and the folder of its logs."""

    spark: SparkSession
    folder: Path

    def read(self, stores: ThreeStores, /, **options: object) -> DataFrame:
        return self.reader(stores, **options).load()

    def reader(self, stores: ThreeStores, /, **options: object) -> DataFrameReader:
        given = {"baseUrl": stores.base_url, "stores": stores.ids, **options}
        return self.spark.read.format(FORMAT).options(**given)

    def rows(self, store: int, count: int, copies: int = 1) -> DataFrame:
        """A frame of new coupons. Each copy is a partition."""
        code = f"concat('CODE-', id % {count}) AS code"
        columns = "'Ten' AS name", code, "'PERCENT' AS discount_type", "10 AS discount"
        return self.spark.range(0, count * copies, 1, copies).selectExpr(f"{store}L AS store_id", *columns)


def writer(frame: DataFrame, stores: ThreeStores, source: str = FORMAT, **options: object) -> DataFrameWriter:
    return frame.write.format(source).options(**{"baseUrl": stores.base_url, **options}).mode("append")


@contextlib.contextmanager
def output_in(file: Path) -> Iterator[None]:
    """Lets child processes that start meanwhile write their output to a file."""
    kept = [os.dup(1), os.dup(2)]
    with file.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    try:
        yield
    finally:
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)
            os.close(old)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("spark")
    (folder / "events").mkdir()
    (folder / "log4j2.properties").write_text(LOGGING.format(file=folder / "spark.log"))
    environment = {
        **{f"ECWID_TOKEN_{store}": token for store, token in TOKENS.items()},
        "ENGINES_FOLDER": str(folder),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": f"{FAST} -Dlog4j2.configurationFile={folder / 'log4j2.properties'}",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.port": "0",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        # Two tasks at once, and four attempts for each.
        builder = SparkSession.builder.master("local[2,4]").config(map=settings)
        with output_in(folder / "output.log"):
            spark = builder.getOrCreate()
        spark.dataSource.register(CouponDataSource)
        spark.dataSource.register(KilledOnce)
        yield Session(spark, folder)
        spark.stop()


@contextlib.contextmanager
def setting(spark: SparkSession, name: str, value: str) -> Iterator[None]:
    spark.conf.set(name, value)
    try:
        yield
    finally:
        spark.conf.unset(name)


def of_store(frame: DataFrame, store: int) -> pa.Table:
    found = frame.where(f"store_id = {store}").drop("store_id").toArrow()
    return found.cast(pa.schema(schema())).sort_by("id")


def targets(stores: ThreeStores) -> list[str]:
    """The stores and queries of the requests, sorted."""
    return sorted(
        request.target.removeprefix("/api/v3/").replace("/discount_coupons", "")
        for request in stores.sandbox.received_requests()
    )


def test_each_store_is_a_partition_with_all_columns(session: Session, stores: ThreeStores) -> None:
    frame = session.read(stores)
    assert frame.columns == ["store_id", *pa.schema(schema()).names]
    assert targets(stores) == []
    assert frame.rdd.getNumPartitions() == 3
    parts = frame.selectExpr("store_id", "spark_partition_id() AS part").distinct().collect()
    assert sorted(parts) == [(1003, 0), (1004, 1), (1005, 2)]
    for store, client in stores.clients.items():
        expected = client.search().to_arrow().sort_by("id")
        assert expected.num_rows == COUNTS[store]
        assert of_store(frame, store).equals(expected)
    # Nulls alone would not prove much.
    [counts] = frame.selectExpr(*(f"count({name}) AS {name}" for name in frame.columns)).collect()
    assert [name for name, count in counts.asDict().items() if count == 0] == []


def test_filters_are_options(session: Session, stores: ThreeStores) -> None:
    options = {"stores": "1003", "status": "ACTIVE, PAUSED", "updatedFrom": "2020-01-01", "discounttype": "PERCENT"}
    found = session.read(stores, **options).select("id").collect()
    assert "availability=ACTIVE%2CPAUSED" in targets(stores)[0]
    client = stores.clients[1003]
    expected = client.search(status=["ACTIVE", "PAUSED"], updated_from="2020-01-01", discount_type="PERCENT").collect()
    assert sorted(row.id for row in found) == [coupon.id for coupon in expected] != []


QUERY = "status = 'EXPIRED' AND store_id IN (1003, 1004) AND update_date >= TIMESTAMP '2020-01-01T00:00:00Z'"


@pytest.mark.parametrize("enabled", ["false", "true"])
def test_conditions_are_not_pushed_down_by_default(session: Session, stores: ThreeStores, enabled: str) -> None:
    with setting(session.spark, "spark.sql.python.filterPushdown.enabled", enabled):
        found = session.read(stores).where(QUERY).count()
    client = stores.clients
    assert all("?" not in target or "offset" in target for target in targets(stores))
    assert found == sum(client[store].search(status="EXPIRED").count() for store in (1003, 1004)) > 0


def test_conditions_are_pushed_down_on_request(session: Session, stores: ThreeStores) -> None:
    with setting(session.spark, "spark.sql.python.filterPushdown.enabled", "true"):
        frame = session.read(stores, pushdown=True)
        found = frame.where(QUERY).count()
        query = "?availability=EXPIRED&updatedFrom=1577836800"
        assert targets(stores) == [f"1003{query}", f"1004{query}"]
        # Spark checks the rows, and a value that the store does not know is not sent.
        assert frame.where("status = 'EXPIRED' AND name = 'none'").count() == 0
        assert frame.where("status = 'NONE'").count() == 0
        assert frame.where("store_id = 5").count() == 0
        assert frame.where("update_date < TIMESTAMP '2000-01-01T00:00:00Z'").count() == 0
    assert found == sum(stores.clients[store].search(status="EXPIRED").count() for store in (1003, 1004)) > 0


def test_a_disabled_push_down_is_an_error(session: Session, stores: ThreeStores) -> None:
    with pytest.raises(Exception, match="DATA_SOURCE_PUSHDOWN_DISABLED"):
        session.read(stores, pushdown=True).collect()


def test_an_error_of_a_store_has_its_message(session: Session, stores: ThreeStores) -> None:
    with pytest.raises(Exception, match=r"NotFoundError|PermissionDeniedError"):
        session.read(stores, stores="1003, 1004", tokenEnv="ECWID_TOKEN_1005").collect()


def test_a_killed_task_creates_each_coupon_once(session: Session, empty_stores: ThreeStores) -> None:
    rows = session.rows(1003, 200).repartition(2)
    writer(rows, empty_stores, "killed_once", tasksPerStore=2).save()
    assert (session.folder / "killed").read_text() == "100 rows, 0 failed"
    codes = [coupon.code for coupon in empty_stores.clients[1003].search()]
    assert sorted(codes) == sorted(f"CODE-{number}" for number in range(200))


def test_two_identical_tasks_at_once_create_each_coupon_once(session: Session, empty_stores: ThreeStores) -> None:
    # Speculative execution does this, but Spark starts it only if there are several machines.
    rows = session.rows(1003, 200, copies=2)
    options = {"tasksPerStore": 2, "tokenProvider": "in_tasks:token_when_two_tasks_run"}
    writer(rows, empty_stores, **options).save()
    codes = [coupon.code for coupon in empty_stores.clients[1003].search()]
    assert sorted(codes) == sorted(f"CODE-{number}" for number in range(200))


def test_failed_rows_are_named_and_the_others_exist(session: Session, empty_stores: ThreeStores) -> None:
    empty_stores.clients[1003].create(name="Other", code="CODE-1")
    with pytest.raises(Exception, match=r"1 of 3 rows failed") as caught:
        writer(session.rows(1003, 3), empty_stores).save()
    assert "store 1003, CODE-1: " in str(caught.value)
    assert empty_stores.count() == {1003: 3, 1004: 0, 1005: 0}
    # Rows that are not valid are named without a request.
    with pytest.raises(Exception, match=r"3 of 3 rows failed(.|\n)*discount_type"):
        writer(session.rows(1004, 3).selectExpr("store_id", "code", "name", "'x' discount_type"), empty_stores).save()
    assert empty_stores.count()[1004] == 0


def test_a_token_without_access_fails_the_write(session: Session, empty_stores: ThreeStores) -> None:
    empty_stores.sandbox.add_token(1003, "secret_engines_reader_f3a9", scopes=["read_discount_coupons"])
    tokens = session.folder / "tokens"
    tokens.mkdir()
    (tokens / "1003").write_text("secret_engines_reader_f3a9\n")
    with pytest.raises(Exception, match=r"30 of 30 rows failed(.|\n)*and 10 more"):
        writer(session.rows(1003, 30), empty_stores, tokenDir=tokens).save()
    assert empty_stores.count()[1003] == 0
    assert session.read(empty_stores, stores="1003", tokenDir=tokens).count() == 0


def test_a_task_with_several_stores_is_refused(session: Session, empty_stores: ThreeStores) -> None:
    rows = session.rows(1003, 10).union(session.rows(1004, 10)).union(session.rows(1005, 10)).coalesce(1)
    with pytest.raises(Exception, match=r"rows of 3 stores in one task: 1003, 1004, 1005 \(expected one store"):
        writer(rows, empty_stores).save()
    assert empty_stores.count() == {1003: 0, 1004: 0, 1005: 0}
    # Spark combines these partitions, so the option is the way out that always works.
    writer(rows.repartition("store_id"), empty_stores, tasksPerStore=1).save()
    assert empty_stores.count() == {1003: 10, 1004: 10, 1005: 10}


def test_a_write_without_stores_or_with_overwrite_is_refused(session: Session, empty_stores: ThreeStores) -> None:
    rows = session.rows(1003, 1)
    with pytest.raises(Exception, match=r"missing column: `store_id`"):
        writer(rows.drop("store_id"), empty_stores).save()
    with pytest.raises(Exception, match=r"some have no store_id"):
        writer(rows.selectExpr("CAST(NULL AS BIGINT) AS store_id", "code", "name"), empty_stores).save()
    with pytest.raises(Exception, match="the mode `overwrite` is refused"):
        writer(rows, empty_stores).mode("overwrite").save()
    assert empty_stores.count()[1003] == 0
    # A frame without rows, and without partitions, creates none.
    writer(rows.where("code = 'none'"), empty_stores).save()


def test_coupons_can_be_copied_to_another_store(session: Session, stores: ThreeStores) -> None:
    source = session.read(stores, stores="1003").where("status = 'ACTIVE'")
    columns = [name for name in source.columns if name not in {"store_id", "code"}]
    copies = source.selectExpr("1005L AS store_id", "concat(code, '-COPY') AS code", *columns)
    writer(copies, stores).save()
    compared = ["name", "discount_type", "discount", "launch_date", "expiration_date", "total_limit", "uses_limit"]
    compared += ["application_limit", "catalog_limit_products", "catalog_limit_categories"]
    of_copies = session.read(stores, stores="1005").where("code LIKE '%-COPY'").select(*compared)
    assert of_copies.count() > 0
    assert of_copies.exceptAll(source.select(*compared)).isEmpty()
    assert source.select(*compared).exceptAll(of_copies).isEmpty()


def run_stream(
    session: Session,
    stores: ThreeStores,
    checkpoint: Path,
    /,
    columns: tuple[str, str] = ("store_id", "code"),
    **options: object,
) -> list[Any]:
    """Runs a stream once, and returns these columns of the rows that it read."""
    given = {"baseUrl": stores.base_url, "stores": stores.ids, "settle": 0, **options}
    stream = session.spark.readStream.format(FORMAT).options(**given).load()
    found: list[Any] = []

    def keep(batch: DataFrame, _: int) -> None:
        found.extend(tuple(row) for row in batch.select(*columns).collect())

    query = stream.writeStream.foreachBatch(keep).option("checkpointLocation", str(checkpoint))
    query.trigger(availableNow=True).start().awaitTermination()
    return sorted(found)


def wait_for_the_next_second() -> None:
    """Dates have whole seconds, and a stream reads the seconds that have passed."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.01)


def test_a_stream_reads_each_update_once(session: Session, stores: ThreeStores, tmp_path: Path) -> None:
    everything = sorted((store, it.code) for store, client in stores.clients.items() for it in client.search())
    wait_for_the_next_second()
    assert run_stream(session, stores, tmp_path) == everything
    assert run_stream(session, stores, tmp_path) == []
    stores.clients[1004].create(name="New", code="NEW")
    stores.clients[1003].update("EXTRA-1003", name="Changed")
    wait_for_the_next_second()
    assert run_stream(session, stores, tmp_path) == [(1003, "EXTRA-1003"), (1004, "NEW")]
    # A store that is added later is read from its beginning.
    checkpoint = tmp_path / "other"
    assert len(run_stream(session, stores, checkpoint, stores="1005")) == COUNTS[1005]
    added = run_stream(session, stores, checkpoint, stores="1005, 1004")
    assert added == sorted(it for it in [*everything, (1004, "NEW")] if it[0] == 1004)


def test_deletions_are_a_table(session: Session, stores: ThreeStores, tmp_path: Path) -> None:
    def delete(store: int, code: str) -> tuple[int, int]:
        found = stores.clients[store].get(code)
        stores.clients[store].delete(code)
        return store, found.id

    first = [delete(1003, "EXTRA-1003"), delete(1003, "LOADED"), delete(1004, "EXTRA-1004")]
    frame = session.read(stores, table="deletions")
    for store, client in stores.clients.items():
        expected = pa.table(client.deleted())
        found = frame.where(f"store_id = {store}").drop("store_id").toArrow()
        assert found.cast(expected.schema).sort_by("id").equals(expected.sort_by("id"))
    assert session.read(stores, table="deletions", deletedFrom="2999-01-01").isEmpty()
    wait_for_the_next_second()
    deletions = {"table": "deletions", "columns": ("store_id", "id")}
    assert run_stream(session, stores, tmp_path, **deletions) == sorted(first)
    second = delete(1005, "EXTRA-1005")
    wait_for_the_next_second()
    assert run_stream(session, stores, tmp_path, **deletions) == [second]


def test_a_stream_takes_other_filters(session: Session, stores: ThreeStores, tmp_path: Path) -> None:
    wait_for_the_next_second()
    found = run_stream(session, stores, tmp_path, code="EXTRA-1004")
    assert found == [(1004, "EXTRA-1004")]
    with pytest.raises(Exception, match=r"unknown option: `updated[fF]rom`"):
        run_stream(session, stores, tmp_path, updatedFrom="2020-01-01")


def test_the_recipe_copies_and_creates(
    session: Session,
    stores: ThreeStores,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ECWID_BASE_URL", stores.base_url)
    table = tmp_path / "coupons"

    def run(ids: str) -> str:
        # The program gets the session of the tests.
        monkeypatch.setattr(sys, "argv", [str(RECIPE), "--stores", ids, "--table", str(table)])
        runpy.run_path(str(RECIPE), run_name="__main__")
        return capsys.readouterr().out.splitlines()[-1]

    # The recipe creates a coupon in each store.
    assert run("1003,1004") == f"{COUNTS[1003] + COUNTS[1004] + 2} new"
    stores.clients[1003].update("EXTRA-1003", name="Changed")
    stores.clients[1004].delete("EXTRA-1004")
    stores.clients[1004].create(name="New", code="NEW")
    assert run("1003,1004") == "1 new, 1 changed, 1 deleted"
    assert run("1005") == f"{COUNTS[1005] + 1} new, 0 changed, 0 deleted"
    copy = session.spark.read.parquet(str(table)).select(*session.read(stores).columns)
    for store, client in stores.clients.items():
        assert of_store(copy, store).equals(client.search().to_arrow().sort_by("id"))


def test_the_example_of_the_class_runs(
    session: Session, empty_stores: ThreeStores, capsys: pytest.CaptureFixture[str]
) -> None:
    empty_stores.clients[1003].create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
    names = {"spark": session.spark, "base_url": empty_stores.base_url, "CouponDataSource": CouponDataSource}
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(CouponDataSource) or "", names, "class", None, None)
    results = doctest.DocTestRunner().run(example)
    assert results.attempted == 6
    assert results.failed == 0, capsys.readouterr().out


def test_the_blocks_of_the_guide_run(session: Session, stores: ThreeStores, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "guides" / "spark.md").read_text(encoding="utf-8")
    # The guide does not set the base URL, which is Ecwid's by default.
    source = f'.format("{FORMAT}")'
    here = text.replace(source, f'{source}.option("baseUrl", "{stores.base_url}")')
    # Relative paths are in the folder in which Spark was started.
    for folder in ("updates", "checkpoint"):
        assert f'"{folder}"' in here
        here = here.replace(f'"{folder}"', f'"{tmp_path / folder}"')
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(?!--8<--)(.*?)^```$", here, re.MULTILINE | re.DOTALL):
        exec(block, names)
    spark = session.spark
    spark.conf.unset("spark.sql.python.filterPushdown.enabled")
    assert "1004?availability=EXPIRED" in targets(stores)
    assert names["recent"].count() > 0
    assert names["coupons"].where("code IN ('THANKS-1003', 'THANKS-1004')").count() == 2
    assert names["query"].exception() is None
    assert (tmp_path / "checkpoint" / "offsets" / "0").is_file()
    # Spark parses the statement, and there is no such table.
    with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND"):
        spark.sql(names["merge"])


def pages_of_the_web_interface(spark: SparkSession) -> Iterator[str]:
    """The pages of the web interface and the answers of the REST API, found by following links."""
    root = spark.sparkContext.uiWebUrl
    assert root is not None
    application = f"{root}/api/v1/applications/{spark.sparkContext.applicationId}"
    answers = ["sql?details=true&length=1000", "environment", "jobs", "stages?details=true", "allexecutors"]
    waiting = [f"{root}/", *(f"{application}/{answer}" for answer in answers)]
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        with urllib.request.urlopen(address, timeout=30) as response:
            page = response.read().decode("utf-8", "replace")
        yield f"{address}\n{page}"
        # Links that end a job or a stage, and threads of the JVM, are not followed.
        for link in re.findall(r'href="([^"#]+)"', page):
            found = link.replace("&amp;", "&")
            target = found if found.startswith("http") else f"{root}{found}"
            part = target.removeprefix(root).partition("?")[0].strip("/").partition("/")[0]
            is_page = part in {"jobs", "stages", "storage", "environment", "executors", "SQL"}
            if is_page and target not in seen and not re.search("kill|threadDump|sort", target):
                seen.add(target)
                waiting.append(target)


# The last test, because it ends the session, so that Spark completes its files.
def test_no_token_is_shown(
    session: Session, stores: ThreeStores, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spark = session.spark
    frame = session.read(stores)
    frame.createOrReplaceTempView("coupons")
    options = f"stores '1003', baseUrl '{stores.base_url}'"
    spark.sql(f"CREATE TEMPORARY VIEW declared USING {FORMAT} OPTIONS ({options})")
    # A text that must be found, as a token would be.
    control = "visible_engines_5e1f"
    both = f"SELECT *, '{control}' AS control FROM (TABLE coupons UNION ALL TABLE declared)"
    spark.sql(f"SELECT status, control, count(*) FROM ({both}) GROUP BY ALL").collect()
    writer(session.rows(1005, 5), stores).save()
    wait_for_the_next_second()
    run_stream(session, stores, tmp_path / "checkpoint")
    with pytest.raises(Exception, match="no token") as missing:
        session.read(stores, stores="77").collect()
    with pytest.raises(Exception, match=r"the option `token` is refused") as refused:
        session.reader(stores, token=TOKENS[1003]).load()
    with pytest.raises(Exception, match=r"PermissionDeniedError|NotFoundError") as denied:
        session.read(stores, tokenEnv="ECWID_TOKEN_1003").collect()
    texts = [str(error.value) for error in (missing, refused, denied)]
    for mode in ("simple", "extended", "codegen", "cost", "formatted"):
        spark.sql(both).explain(mode=mode)
    texts.append(capfd.readouterr().out)
    assert "BatchScan ecwid_coupons" in texts[-1]
    assert control in texts[-1]
    pages = list(pages_of_the_web_interface(spark))
    assert len(pages) > 20
    assert any("/SQL/execution/" in page and control in page for page in pages)
    assert any("/api/v1/" in page and control in page for page in pages)
    spark.stop()
    files = [it for folder in (session.folder, tmp_path) for it in folder.rglob("*") if it.is_file()]
    # The files with tokens are those of the tests.
    files = [it for it in files if it.parent.name != "tokens"]
    written = {it: it.read_bytes().decode("utf-8", "replace") for it in files}
    expected = {"events/": control, "spark.log": "Executor", "output.log": "aborted", "/offsets/": '"1003"'}
    for part, text in expected.items():
        assert any(part in str(it) and text in content for it, content in written.items()), part
    everything = "\n".join([*texts, *pages, *written.values()])
    assert [token for token in [*TOKENS.values(), "secret_engines"] if token in everything] == []
