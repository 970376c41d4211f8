"""The source for dlt, with pipelines into DuckDB and the sandbox."""

from __future__ import annotations

import doctest
import inspect
import json
import logging
import os
import pickle
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed
from ecwid_coupons import Client, ConfigurationError, NewCoupon
from ecwid_coupons.dlt import ecwid
from ecwid_coupons.testing import OrderItem, Sandbox, Status
from three_stores import COUNTS, TOKENS, ThreeStores

ROOT = Path(__file__).parents[3]

RECIPE = ROOT / "python" / "examples" / "dlt_pipeline.py"

LISTS = ("catalog_limit_products", "catalog_limit_categories", "shipping_limit_shipping_methods")


@dataclass
class Load:
    """A pipeline into DuckDB, and its folder."""

    pipeline: dlt.Pipeline
    folder: Path

    def run(self, source: Any, **settings: Any) -> None:
        info = self.pipeline.run(source, **settings)
        info.raise_on_failed_jobs()

    def rows(self, select: str) -> list[Any]:
        with duckdb.connect(str(self.folder / "coupons.duckdb"), read_only=True) as connection:
            connection.execute("USE shop")
            found = connection.execute(select)
            return [
                dict(zip([column[0] for column in found.description], row, strict=True)) for row in found.fetchall()
            ]

    def copy(self, store: int) -> list[dict[str, Any]]:
        """Returns the rows of a store, without the columns that only the copy has."""
        rows = self.rows(f"SELECT * EXCLUDE (_deleted) FROM coupons WHERE store_id = {store} ORDER BY id")
        for row in rows:
            assert row.pop("store_id") == store
            # dlt stores lists as JSON.
            row.update((name, json.loads(row[name])) for name in LISTS if row[name] is not None)
        return rows

    def check(self, stores: dict[int, Client]) -> None:
        for store, client in stores.items():
            assert self.copy(store) == sorted(client.search().to_arrow().to_pylist(), key=lambda row: row["id"])


def run_recipe(folder: Path) -> str:
    """Runs the recipe in a folder with secrets, and returns its output."""
    environment = {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-W", "ignore::RuntimeWarning", str(RECIPE)]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("RUNTIME__LOG_LEVEL", "DEBUG")
    # The working folders of pipelines that name none.
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "data"))
    destination = dlt.destinations.duckdb(str(tmp_path / "coupons.duckdb"))
    pipeline = dlt.pipeline(
        "coupons", pipelines_dir=str(tmp_path / "dlt"), destination=destination, dataset_name="shop"
    )
    return Load(pipeline, tmp_path)


def test_three_stores_are_one_table_with_all_columns(stores: ThreeStores, load: Load) -> None:
    load.run(ecwid(stores.clients))
    counts = load.rows("SELECT store_id, count(*) AS coupons FROM coupons GROUP BY ALL ORDER BY ALL")
    assert [(row["store_id"], row["coupons"]) for row in counts] == list(COUNTS.items())
    load.check(stores.clients)
    types = {row["column_name"]: row["column_type"] for row in load.rows("DESCRIBE coupons")}
    assert types["discount"] == types["total_limit"] == "DECIMAL(38,9)"
    assert types["expiration_date"] == "TIMESTAMP WITH TIME ZONE"
    assert types["store_id"] == types["id"] == "BIGINT"


def test_later_runs_have_the_changes(stores: ThreeStores, load: Load) -> None:
    sandbox, clients = stores.sandbox, {store: stores.clients[store] for store in (1003, 1004)}
    load.run(ecwid(clients.values()))
    sandbox.clear_requests()
    load.run(ecwid(clients.values(), mode="incremental"))
    load.check(clients)

    for step in range(2):
        for client in clients.values():
            first, second, *_ = client.search()
            client.delete(first)
            client.update(second, name=f"Other {step}", discount="7.125", catalog_limit=None)
            client.create(NewCoupon.percent("New", f"NEW-{step}", "33.3", expiration_date="2027-01-01"))
        sandbox.place_order([OrderItem(1, 10)], coupon_code=f"NEW-{step}")
        sandbox.advance(timedelta(hours=1))
        load.run(ecwid(clients.values(), mode="incremental"))
        # The sandbox's orders do not change the update date, so only a refresh surely shows them.
        load.run(ecwid(clients.values(), mode="full"))
        load.check(clients)
    orders = load.rows("SELECT order_count FROM coupons WHERE code = 'NEW-1' ORDER BY store_id")
    assert [row["order_count"] for row in orders] == [1, 0]


def test_an_unchanged_store_costs_one_request(stores: ThreeStores, load: Load) -> None:
    load.run(ecwid(stores.clients))
    stores.sandbox.advance(timedelta(hours=1))
    load.run(ecwid(stores.clients))
    stores.sandbox.clear_requests()
    load.run(ecwid(stores.clients))
    targets = [request.target for request in stores.sandbox.received_requests()]
    assert targets == [f"/api/v3/{store}/latest-stats" for store in stores.clients]
    load.check(stores.clients)


def test_incremental_runs_remove_deleted_coupons(stores: ThreeStores, load: Load) -> None:
    client = stores.clients[1004]
    load.run(ecwid(client))
    gone = [coupon.id for coupon in client.search()][:3]
    for coupon in gone:
        client.delete(coupon)
    load.run(ecwid(client, mode="incremental"))
    load.check({1004: client})
    assert not {row["id"] for row in load.copy(1004)} & set(gone)


def test_the_table_keeps_deleted_coupons_without_deletions(stores: ThreeStores, load: Load) -> None:
    client = stores.clients[1004]
    load.run(ecwid(client).with_resources("coupons"))
    client.delete(client.search().first())
    load.run(ecwid(client).with_resources("coupons"))
    assert len(load.copy(1004)) == COUNTS[1004] == client.search().count() + 1


def test_a_coupon_that_is_deleted_during_the_run_disappears(stores: ThreeStores, load: Load) -> None:
    client = stores.clients[1003]
    load.run(ecwid(client))
    doomed = client.search(limit=1).first()
    client.update(doomed, name="Doomed")
    deleted = []

    def delete(attempt: Any) -> None:
        if attempt.operation == "search_discount_coupons" and not deleted:
            deleted.append(client.delete(doomed).delete_count)

    with Client(1003, TOKENS[1003], base_url=stores.base_url, on_attempt=delete) as racing:
        load.run(ecwid(racing))
    assert deleted == [1]
    assert doomed.id not in [row["id"] for row in load.copy(1003)]
    load.check({1003: client})


def test_a_token_without_the_scope_for_deletions_is_refused(stores: ThreeStores, load: Load) -> None:
    stores.sandbox.add_token(1004, "secret_engines_scopes", scopes=["read_discount_coupons"])
    with (
        Client(1004, "secret_engines_scopes", base_url=stores.base_url) as client,
        pytest.raises(PipelineStepFailed, match="hint: give the app the access scope `read_store_profile`"),
    ):
        load.run(ecwid(client))


def test_an_empty_store_has_a_table(empty_stores: ThreeStores, load: Load) -> None:
    load.run(ecwid(empty_stores.clients))
    assert load.rows("SELECT * FROM coupons") == []
    empty_stores.clients[1004].create(NewCoupon.absolute("Ten", "TEN", "10.5"))
    load.run(ecwid(empty_stores.clients))
    load.check(empty_stores.clients)


def test_a_store_that_fails_changes_nothing(stores: ThreeStores, load: Load) -> None:
    load.run(ecwid(stores.clients))
    before = load.rows("SELECT store_id, id, name FROM coupons ORDER BY ALL")
    for store in (1003, 1004):
        coupon = stores.clients[store].search().first()
        stores.clients[store].update(coupon, name="Other")
    with (
        Client(1005, "secret_engines_wrong", base_url=stores.base_url) as wrong,
        pytest.raises(PipelineStepFailed, match="403"),
    ):
        load.run(ecwid([stores.clients[1003], stores.clients[1004], wrong]))
    assert load.rows("SELECT store_id, id, name FROM coupons ORDER BY ALL") == before
    load.run(ecwid(stores.clients))
    load.check(stores.clients)


def test_everything_is_read_again_on_demand(stores: ThreeStores, load: Load) -> None:
    client = stores.clients[1004]
    load.run(ecwid(client))
    stores.sandbox.advance(timedelta(days=200))
    client.update(client.search().first(), name="Other")
    with pytest.raises(PipelineStepFailed, match="too old") as failed:
        load.run(ecwid(client, mode="incremental"))
    cause: BaseException | None = failed.value
    notes = []
    while cause is not None:
        notes.extend(getattr(cause, "__notes__", []))
        cause = cause.__cause__ or cause.__context__
    assert 'to read all coupons again, pass refresh="drop_sources" to pipeline.run' in notes
    load.run(ecwid(client, mode="incremental"), refresh="drop_sources")
    load.check({1004: client})


def test_no_warning_is_logged(stores: ThreeStores, load: Load, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("dlt").addHandler(caplog.handler)
    try:
        load.run(ecwid(stores.clients))
        stores.clients[1004].delete(stores.clients[1004].search().first())
        load.run(ecwid(stores.clients))
    finally:
        logging.getLogger("dlt").removeHandler(caplog.handler)
    assert caplog.records
    assert [it.getMessage() for it in caplog.records if it.levelno >= logging.WARNING] == []


def test_no_token_is_saved_or_logged(
    stores: ThreeStores,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SOURCES__ECWID__TOKENS", json.dumps({str(store): token for store, token in TOKENS.items()}))
    monkeypatch.setenv("SOURCES__ECWID__BASE_URL", stores.base_url)
    logging.getLogger("dlt").addHandler(caplog.handler)
    try:
        load.run(ecwid())
        stores.sandbox.add_fault(Status(418), operations=["search_discount_coupons"])
        with pytest.raises(PipelineStepFailed) as failed:
            load.run(ecwid(mode="full"))
    finally:
        logging.getLogger("dlt").removeHandler(caplog.handler)
    stores.sandbox.clear_faults()
    load.check(stores.clients)

    files = {path: path.read_bytes() for path in load.folder.rglob("*") if path.is_file()}
    shown = {
        "files": b"".join(files.values()),
        "logs": "\n".join(caplog.messages).encode(),
        "output": "".join(capfd.readouterr()).encode(),
        "error": repr(failed.value).encode() + str(failed.value).encode(),
        "trace": pickle.dumps(load.pipeline.last_trace) + load.pipeline.last_trace.asstr(verbosity=2).encode(),
    }
    for where, content in shown.items():
        found = [token for token in TOKENS.values() if token.encode() in content]
        assert found == [], where
    # The search finds what is there.
    assert b"watermark" in shown["files"]
    assert any(path.name == "trace.pickle" for path in files)
    assert b"418" in shown["error"]


@pytest.mark.parametrize(
    ("tokens", "match"),
    [
        (None, "missing `sources.ecwid.tokens` in dlt's secrets"),
        ("secret_x", "invalid or missing `sources.ecwid.tokens`"),
        ('["secret_x"]', "invalid or missing `sources.ecwid.tokens`"),
        ('{"main": "secret_x"}', "invalid store id in `sources.ecwid.tokens`"),
        ('{"0": "secret_x"}', "invalid store_id: `0`"),
    ],
)
def test_invalid_secrets_are_refused(
    load: Load, monkeypatch: pytest.MonkeyPatch, tokens: str | None, match: str
) -> None:
    if tokens is not None:
        monkeypatch.setenv("SOURCES__ECWID__TOKENS", tokens)
    with pytest.raises(ConfigurationError, match=match) as refused:
        ecwid()
    assert "secret_x" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"stores": 5}, TypeError, "invalid stores: `5`"),
        ({"stores": [], "mode": "partial"}, ValueError, "invalid mode: `'partial'`"),
        ({"stores": [], "refresh_every": 0}, ValueError, "invalid refresh_every: `0`"),
    ],
)
def test_an_invalid_argument_is_refused(given: dict[str, Any], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        ecwid(**given)


def test_the_recipe_runs(stores: ThreeStores, tmp_path: Path) -> None:
    folder = tmp_path / ".dlt"
    folder.mkdir()
    tokens = "".join(f'{store} = "{token}"\n' for store, token in TOKENS.items())
    (folder / "secrets.toml").write_text(f"[sources.ecwid.tokens]\n{tokens}")
    (folder / "config.toml").write_text(f"[sources.ecwid]\nbase_url = '{stores.base_url}'\n")
    for _ in range(2):
        output = run_recipe(tmp_path)
        counts = [f"store {store}: {count} coupons" for store, count in stores.count().items()]
        assert output.splitlines()[-3:] == counts
        assert not any(token in output for token in TOKENS.values())
        stores.clients[1003].delete(stores.clients[1003].search().first())
        stores.sandbox.advance(timedelta(hours=1))


def test_the_example_runs(load: Load, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(requests_per_minute=None) as sandbox, sandbox.client() as coupons:
        example = doctest.DocTestParser().get_doctest(
            inspect.getdoc(ecwid) or "", {"coupons": coupons}, "ecwid", None, None
        )
        results = doctest.DocTestRunner().run(example)
    assert results.attempted == 7
    assert results.failed == 0, capsys.readouterr().out


def test_the_guide_leads_to_a_table_of_two_stores(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "guides" / "dlt.md").read_text(encoding="utf-8")
    section = guide.partition("## Try it without a store")[2].partition("\n## ")[0]
    stores, secrets, config = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    (tmp_path / "stores.toml").write_text(stores)
    with Sandbox(config=tmp_path / "stores.toml", requests_per_minute=None) as sandbox:
        address = "http://127.0.0.1:8025/api/v3"
        assert address in config
        (tmp_path / ".dlt").mkdir()
        (tmp_path / ".dlt" / "secrets.toml").write_text(secrets)
        (tmp_path / ".dlt" / "config.toml").write_text(config.replace(address, sandbox.base_url))
        output = run_recipe(tmp_path)
    assert output.splitlines()[-2:] == re.findall(r"^store .*$", section, re.MULTILINE)
    assert len(output.splitlines()[-2:]) == 2


def test_the_programs_of_the_guide_run(
    stores: ThreeStores, load: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCES__ECWID__TOKENS", json.dumps({str(store): token for store, token in TOKENS.items()}))
    monkeypatch.setenv("SOURCES__ECWID__BASE_URL", stores.base_url)
    config = ""
    for store, token in TOKENS.items():
        monkeypatch.setenv(f"TOKEN_{store}", token)
        config += (
            f"[stores.s{store}]\nstore-id = {store}\ntoken-env = 'TOKEN_{store}'\nbase-url = '{stores.base_url}'\n"
        )
    (load.folder / "config.toml").write_text(config)
    monkeypatch.setenv("ECWID_CONFIG", str(load.folder / "config.toml"))
    guide = (ROOT / "docs" / "guides" / "dlt.md").read_text(encoding="utf-8")
    programs = [it for it in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if not it.startswith("--8<--")]
    ours = [it for it in programs if "airflow" not in it and "dagster" not in it]
    assert (len(programs), len(ours)) == (4, 2)
    (query,) = re.findall(r"```sql\n(.*?)```", guide, re.DOTALL)
    for program, file in zip(ours, ("ecwid_coupons.duckdb", "coupons.duckdb"), strict=True):
        exec(compile(program, "dlt.md", "exec"), {})
        with duckdb.connect(str(load.folder / file), read_only=True) as connection:
            counts = "SELECT store_id, count(*) FROM ecwid.coupons GROUP BY ALL ORDER BY ALL"
            assert connection.execute(counts).fetchall() == list(COUNTS.items())
            connection.execute(query)
    assert "s1003: " not in capsys.readouterr().out
    for program in set(programs) - set(ours):
        compile(program, "dlt.md", "exec")
