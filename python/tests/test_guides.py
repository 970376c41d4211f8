"""What the examples of guides result in. `test_site.py` runs the examples of all pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from ecwid_coupons import Client, NewCoupon, sync
from ecwid_coupons.testing import Sandbox
from test_site import DOCS, run_page


def test_frames_have_all_coupons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with Sandbox() as sandbox, sandbox.client() as coupons:
        for number in range(150):
            end = "2030-01-01 00:00:00" if number == 0 else None
            amount = f"{number + 12}.50"
            coupons.create(name=f"Coupon {number}", code=f"C-{number}", discount=amount, expiration_date=end)
        names = run_page("guides/data-frames.md", sandbox, monkeypatch, tmp_path)
        default = coupons.search().to_polars(flat=True).write_csv()
    assert len(names["polars_frame"]) == len(names["pandas_frame"]) == len(names["dicts"]) == 150
    assert names["arrow_table"].num_rows == len(names["with_floats"]) == 150
    assert names["by_status"] == [("ACTIVE", 150)]
    assert "150 of 150" in capsys.readouterr().out
    lines = (tmp_path / "coupons.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 150
    assert any(",12.50," in line and ",2030-01-01 00:00:00," in line for line in lines)
    assert ",12.500000000," in default
    assert ",2030-01-01T00:00:00.000000," in default
    assert names["report"].is_complete


def test_a_search_reads_all_pages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with Sandbox() as sandbox, sandbox.client() as coupons:
        coupons.create_many([NewCoupon.percent("Ten", f"C-{number}", 10) for number in range(150)])
        names = run_page("guides/coupons.md", sandbox, monkeypatch, tmp_path)
        # The page also creates TEN, and TWO with a copy, which it pauses and deletes.
        assert coupons.search().count() == 151
    assert "C-149" in capsys.readouterr().out
    assert names["codes"] == [f"C-{number}" for number in range(10)]


def test_each_recipient_gets_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with Sandbox() as sandbox:
        names = run_page("guides/issue-codes.md", sandbox, monkeypatch, tmp_path)
    codes = (tmp_path / "python-codes.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in codes] == ["email", "ann@example.com", "bob@example.com"]
    assert all(",SPRING-" in line and line.endswith(",created") for line in codes[1:])
    assert names["kept"] == []
    assert names["bar"].n == 700
    assert "700/700" in capsys.readouterr().err
    (task,) = names["bars"].tasks
    assert (task.completed, task.total, task.finished) == (700, 700, True)


def test_frames_of_stores_are_concatenated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Sandbox(seed=150) as sandbox:
        sandbox.add_token(1004, token="secret_of_outlet")
        with Client(1004, "secret_of_outlet", base_url=sandbox.base_url) as outlet:
            outlet.create_many([NewCoupon.percent("Ten", f"T-{number}", 10) for number in range(50)])
        names = run_page("guides/many-stores.md", sandbox, monkeypatch, tmp_path)
    assert names["all_stores"].group_by("store").len().sort("store").rows() == [("main", 150), ("outlet", 50)]


def test_the_query_finds_coupons_whose_campaign_runs_on(sandbox: Sandbox, coupons: Client) -> None:
    soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (3, 60))
    coupons.create(NewCoupon.percent("Spring", "SOON", 10, expiration_date=soon))
    coupons.create(NewCoupon.percent("Spring", "LATER", 10, expiration_date=later))
    coupons.create(NewCoupon.percent("Loyalty", "SOON-2", 10, expiration_date=soon))
    coupons.create(NewCoupon.percent("Loyalty", "ALWAYS", 10))
    coupons.create(NewCoupon.percent("Ends", "ENDS", 10, expiration_date=soon))
    page = (DOCS / "guides/copy-stores.md").read_text(encoding="utf-8")
    (query,) = re.findall(r'connection.sql\("""\n([^"]*AS coupon\n[^"]*)"""\)', page)
    with duckdb.connect() as connection:
        sync(coupons, connection)
        rows = connection.execute(query).fetchall()
    assert sorted(code for _, code, *_ in rows) == ["SOON", "SOON-2"]
