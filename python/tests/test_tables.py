"""Files of people and of spreadsheets: `read_table`."""

from __future__ import annotations

import decimal
import inspect
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars
import pyarrow
import pytest
from ecwid_coupons import Client, FileTable, InvalidRequestError, read_table
from ecwid_coupons.testing import Sandbox
from ecwid_coupons.testing._command import find_command

GERMAN = (
    "\ufeffCode;Name;Discount type;Rabatt;Gültig bis;Notiz\r\n"
    " 00123;Zehn;PERCENT;12,50;31.12.2030;für Ann\r\n1E10;Elf;ABS;1.000,00;1.3.2031;\r\n"
)
FIELDS = {"Rabatt": "discount", "Gültig bis": "expirationDate"}


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "coupons.csv"
    path.write_text(GERMAN, encoding="utf-8", newline="")
    return path


def test_a_german_file_has_the_values_that_people_see(german: Path, coupons: Client) -> None:
    table = read_table(german, fields=FIELDS, carry_unknown=True)
    assert isinstance(table, FileTable)
    assert (len(table), repr(table)) == (2, "<FileTable of 2 rows and 20 columns>")
    assert table.notes == ("spaces around a code were removed in line 2",)
    frame = table.to_polars()
    assert frame["code"].to_list() == ["00123", "1E10"]
    assert frame["discount"].to_list() == [decimal.Decimal("12.5"), decimal.Decimal(1000)]
    assert frame["expiration_date"].to_list()[0] == datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert frame["Notiz"].to_list() == ["für Ann", ""]
    assert pyarrow.table(table).column_names == frame.columns
    assert table.to_pandas()["code"].to_list() == ["00123", "1E10"]
    report = coupons.create_many(frame.drop("Notiz"))
    assert report.counts["created"] == 2
    assert coupons.get("00123").discount == decimal.Decimal("12.50")


def test_a_discount_without_a_type_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "coupons.csv"
    path.write_text("code,name,discount,discountType\nA,Ten,10,PERCENT\nB,Ten,10,\nC,Free,,\nD,Ten,5,\n")
    (note,) = read_table(path).notes
    assert note.startswith("no discountType in line 3 and 1 more: "), note
    assert "amount in the store's currency" in note
    path.write_text("code,name,discount,discountType\nA,Ten,10,PERCENT\nC,Free,,\n")
    assert read_table(path).notes == ()


def test_the_rows_of_a_file_are_recipients(tmp_path: Path, coupons: Client) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email;zip\nann@example.com;00123\nbob@example.com;00045\n", encoding="utf-8")
    rows = read_table(people, text=True)
    report = coupons.issue("TY-[*]", job=tmp_path / "thanks.job", rows=rows, name="Thanks")
    frame = report.to_polars()
    assert frame.select("email", "zip").rows() == [("ann@example.com", "00123"), ("bob@example.com", "00045")]
    assert {coupon.code for coupon in coupons.search()} == set(frame["code"])


def test_a_workbook_of_the_command_is_read(tmp_path: Path, sandbox: Sandbox, coupons: Client) -> None:
    path = tmp_path / "coupons.xlsx"
    coupons.create(name="Ten", code="00123", discount_type="PERCENT", discount="10.50", expiration_date="2031-01-01")
    settings = {"ECWID_STORE_ID": "1003", "ECWID_TOKEN": sandbox.token, "ECWID_BASE_URL": sandbox.base_url}
    command = [find_command(), "search", "--output", str(path)]
    subprocess.run(command, check=True, env=os.environ | settings, capture_output=True)
    table = read_table(path)
    (found,) = coupons.search()
    row = table.to_polars().row(0, named=True)
    assert (row["code"], row["discount"], row["expiration_date"]) == ("00123", found.discount, found.expiration_date)
    # Values that only the store sets are left out.
    assert row["id"] is None
    assert coupons.create_many(table, existing="accept").counts["already_exists"] == 1


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        ("code,Rabatt\nA,5\n", {}, 'fields={"Rabatt": "FIELD"}'),
        ("code,Rabatt\nA,5\n", {}, "carry_unknown=True"),
        ("code,discount\nA,1.000\n", {}, 'decimal="comma"'),
        ("code,launchDate\nA,01/02/2030\n", {}, 'dates="dmy"'),
        ("code,name\nÄ,B\n", {}, "unicode_codes=True"),
        ("code,a;name\nA;B\n", {}, "delimiter='"),
        ("code\nA\n", {"encoding": "latin"}, "unknown encoding: `latin`"),
        ("code,name\n1.2E+11,A\n", {}, "line 2, code"),
        ("code,name\nA,B\na,C\n", {}, "line 3: the code `a` is also in line 2"),
    ],
)
def test_a_problem_names_its_place_and_the_argument(
    tmp_path: Path, text: str, arguments: dict[str, Any], expected: str
) -> None:
    path = tmp_path / "coupons.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRequestError) as caught:
        read_table(path, **arguments)
    assert expected in str(caught.value)
    # The flags of the command are no arguments.
    assert "`--" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_windows_1252_is_read_if_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "coupons.csv"
    path.write_bytes("code;name\nA;Äpfel\n".encode("cp1252"))
    with pytest.raises(InvalidRequestError, match='encoding="windows-1252"'):
        read_table(path)
    assert read_table(path, encoding="windows-1252").to_polars()["name"].to_list() == ["Äpfel"]


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "none.csv")


WRONG: dict[str, list[tuple[object, type[Exception]]]] = {
    "path": [(5, TypeError), (None, TypeError)],
    "text": [(1, TypeError), ("yes", TypeError)],
    "fields": [("a=b", TypeError), ([("a", "b")], TypeError)],
    "sheet": [(1, TypeError)],
    "encoding": [(1, TypeError), ("latin", ValueError)],
    "delimiter": [(1, TypeError), ("", ValueError), (";;", ValueError), ("\u2013", ValueError)],
    "decimal": [(",", ValueError), (1, TypeError)],
    "dates": [("ymd", ValueError), (1, TypeError)],
    "carry_unknown": [(1, TypeError)],
    "percent_cells": [(None, TypeError)],
    "numeric_codes": [("x", TypeError)],
    "unicode_codes": [(0, TypeError)],
}


@pytest.mark.parametrize(
    ("argument", "value", "error"), [(name, *wrong) for name, values in WRONG.items() for wrong in values]
)
def test_wrong_arguments_are_named(tmp_path: Path, argument: str, value: Any, error: type[Exception]) -> None:
    path = tmp_path / "coupons.csv"
    path.write_text("code\nA\n", encoding="utf-8")
    with pytest.raises(error, match=argument):
        read_table(**{"path": path, argument: value})


def test_each_argument_has_wrong_values() -> None:
    assert list(WRONG) == list(inspect.signature(read_table).parameters)


def test_polars_reads_a_table_without_a_copy_of_its_own(german: Path) -> None:
    table = read_table(german, fields=FIELDS, carry_unknown=True)
    assert polars.DataFrame(table).equals(table.to_polars())
