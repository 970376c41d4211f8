"""Frames of all libraries have the same values as the attributes of the coupons."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import ecwid_coupons
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import Run
from ecwid_coupons import Client, Coupon, CouponList
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_server import PageServer, numbered_pages

# Some libraries cannot store NUL or unpaired surrogates.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
int64 = st.integers(-(2**63), 2**63 - 1)


def written(number: Decimal) -> st.SearchStrategy[str]:
    """Numbers in different JSON notations."""
    plain = f"{number:f}"
    return st.sampled_from([plain, f"{number.normalize():e}", f"{number:E}"])


fitting = st.decimals(min_value=-(10**18), max_value=10**18, places=9, allow_nan=False, allow_infinity=False)
decimals = st.one_of(
    fitting.flatmap(written),
    st.sampled_from(["1e2", "1E+2", "10.00", "0", "-0", "0.000000001", "9999999999999999999999999999", "1.5e-2"]),
)
dates = st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 31)).flatmap(
    lambda when: st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: when.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    )
)
wire_dates = dates.map(lambda when: when.strftime("%Y-%m-%d %H:%M:%S %z")).map(json.dumps)
strings = texts.map(lambda text: json.dumps(text, ensure_ascii=False))


def lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, max_size=4).map(lambda items: f"[{','.join(items)}]")


def objects(members: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    """Objects with any of the members in any order. Members may be null."""
    nullable = {name: st.one_of(value, st.just("null")) for name, value in members.items()}
    made = st.fixed_dictionaries({}, optional=nullable).flatmap(lambda it: st.permutations(list(it.items())))
    return made.map(lambda items: "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in items) + "}")


coupons = objects(
    {
        "id": int64.map(str),
        "name": strings,
        "code": strings,
        "discountType": st.one_of(st.sampled_from(['"ABS"', '"PERCENT"']), strings),
        "status": st.one_of(st.just('"ACTIVE"'), strings),
        "discount": decimals,
        "totalLimit": decimals,
        "launchDate": wire_dates,
        "expirationDate": wire_dates,
        "updateDate": wire_dates,
        "repeatCustomerOnly": st.sampled_from(["true", "false"]),
        "orderCount": int64.map(str),
        "catalogLimit": objects(
            {"products": lists(int64.map(str)), "categories": lists(int64.map(str)), "brands": strings}
        ),
        "shippingLimit": objects({"shippingMethods": lists(strings)}),
        "loyalty": st.sampled_from(['{"points": 2.50}', "[1e2]", '"new"']),
    }
)

OBJECTS = {"catalog_limit": ("products", "categories"), "shipping_limit": ("shipping_methods",)}


def from_attributes(coupon: Coupon) -> dict[str, Any]:
    """Returns the row that the attributes determine."""
    row: dict[str, Any] = {}
    for name in type(coupon).__match_args__:
        value = getattr(coupon, name)
        if name in OBJECTS:
            for inner in OBJECTS[name]:
                found = getattr(value, inner, None)
                row[f"{name}_{inner}"] = None if found is None else list(found)
        else:
            row[name] = value
    row["extra"] = coupon.extra or None
    return row


def in_python(row: dict[str, Any]) -> dict[str, Any]:
    """Converts a row of any library to Python values."""
    return {name: plain(name, value) for name, value in row.items()}


def plain(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(name, item) for item in value]
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if name == "extra":
        return json.loads(value, parse_float=Decimal)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value


def rows_of(source: Any) -> dict[str, list[dict[str, Any]]]:
    """Returns the rows that each library reads from a table."""
    relation = duckdb.sql("from source")
    assert relation is not None
    of_duckdb = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return {
        "pyarrow": pa.table(source).to_pylist(),
        "polars": pl.DataFrame(source).to_dicts(),
        "pandas": source.to_pandas().astype(object).to_dict("records"),
        "duckdb": of_duckdb,
    }


@settings(deadline=None, max_examples=150)
@given(st.lists(coupons, max_size=8))
@example(['{"id":9223372036854775807,"catalogLimit":{"products":[]}}', "{}", '{"catalogLimit":{}}', '{"discount":1e2}'])
def test_every_library_agrees_with_the_attributes(texts: list[str]) -> None:
    found = CouponList.from_json(f"[{','.join(texts)}]")
    expected = [from_attributes(coupon) for coupon in found]
    for library, rows in rows_of(found).items():
        assert [in_python(row) for row in rows] == expected, library
    part = found[::-2]
    assert [in_python(row) for row in pl.DataFrame(part).to_dicts()] == expected[::-2]
    # JSON from the store is written unchanged.
    assert CouponList.from_json(found.to_json()) == found


@settings(deadline=None, max_examples=100)
@given(st.lists(decimals, min_size=1, max_size=10))
@example(["0.1", "4503599627370497.5", "123456789012345678.9", "1e-9", "9007199254740993", "0.3"])
def test_floats_are_the_nearest(texts: list[str]) -> None:
    items = ",".join(f'{{"discount":{text}}}' for text in texts)
    found = CouponList.from_json(f"[{items}]")
    expected = [float(text) for text in texts]
    assert pa.table(found.table(decimals="float64"))["discount"].to_pylist() == expected
    assert found.to_polars(decimals="float64")["discount"].to_list() == expected
    assert found.to_pandas(decimals="float64")["discount"].tolist() == expected


@pytest.mark.parametrize("text", ["0.0000000001", "1e29", "1234567890123456789012345678901234567890", "1e-10"])
def test_a_number_that_does_not_fit_names_the_coupon(text: str) -> None:
    found = CouponList.from_json(f'[{{"id":1,"discount":1}},{{"id":77,"code":"BIG","totalLimit":{text}}}]')
    for read in (pa.table, pl.DataFrame, CouponList.to_arrow, CouponList.to_polars, CouponList.to_pandas):
        with pytest.raises(ValueError, match=r'invalid total_limit of the coupon 77 \("BIG"\): '):
            read(found)
    assert math.isclose(found.to_polars(decimals="float64")["total_limit"][1], float(text))
    assert found[1].total_limit == Decimal(text)


@pytest.mark.parametrize("text", ["2022-07-28", "soon", "2022-02-30 00:00:00 +0000", ""])
def test_an_invalid_date_names_the_coupon(text: str) -> None:
    found = CouponList.from_json(f'[{{"id":78,"launchDate":"{text}"}}]')
    for read in (pa.table, pl.DataFrame, CouponList.to_polars):
        problem = re.escape(f"invalid launch_date of the coupon 78: `{text}` (expected a date)")
        with pytest.raises(ValueError, match=problem):
            read(found)
    assert found[:0].to_polars().shape == (0, 19)


def test_an_empty_list_keeps_its_columns() -> None:
    full, empty = CouponList.from_json('[{"id":1}]'), CouponList.from_json("[]")
    assert pa.table(empty).schema == pa.table(full).schema
    assert pl.DataFrame(empty).schema == pl.DataFrame(full).schema
    assert list(empty.to_pandas().columns) == list(full.to_pandas().columns)
    assert duckdb.sql("select * from empty").columns == pa.table(full).column_names  # type: ignore[union-attr]
    assert pa.schema(empty) == pa.table(full).schema  # type: ignore[arg-type]


def test_many_coupons_come_in_batches_and_in_order() -> None:
    page = numbered_pages(200_000)
    found = CouponList.from_json([f"[{page(offset, 100)[1]}]" for offset in range(0, 200_000, 100)])
    table = pa.table(found)
    assert table["id"].to_pylist() == list(range(1, 200_001))
    assert len(table.to_batches()) > 1
    assert max(len(batch) for batch in table.to_batches()) <= 65_536
    frame = pl.DataFrame(found[150_000:50_000:-7])
    assert frame["id"].to_list() == list(range(150_001, 50_001, -7))
    bad = CouponList.from_json(
        [f"[{page(0, 100)[1]}]"] * 500 + ['[{"id":5,"discount":1e-10}]', '[{"id":6,"discount":1e-11}]']
    )
    with pytest.raises(ValueError, match="the coupon 5: `1e-10`"):
        pa.table(bad)


def in_pandas(source: Any) -> pd.DataFrame:
    """Reads a source with pandas. pandas 2 needs pyarrow for it."""
    if hasattr(pd.DataFrame, "from_arrow"):
        return pd.DataFrame.from_arrow(source)
    return pa.table(source).to_pandas()


def test_libraries_accept_a_search_as_a_table() -> None:
    with PageServer(numbered_pages(250)) as server:
        client = Client(1003, "secret", base_url=server.base_url)
        search = client.search()
        expected = [from_attributes(coupon) for coupon in search]
        assert len(expected) == 250
        for library, rows in rows_of(search).items():
            assert [in_python(row) for row in rows] == expected, library
        frame = in_pandas(search)
        assert frame["id"].tolist() == list(range(1, 251))
        assert str(frame["creation_date"].dtype) == "datetime64[us, UTC]"


def test_pandas_does_not_round_integers_in_a_column_with_nulls() -> None:
    number = 2**53 + 1
    frame = CouponList.from_json(f'[{{"id":{number}}},{{"repeatCustomerOnly":true}}]').to_pandas()
    assert frame["id"].tolist() == [number, pd.NA]
    assert frame["repeat_customer_only"].tolist() == [pd.NA, True]
    assert (str(frame["id"].dtype), str(frame["repeat_customer_only"].dtype)) == ("Int64", "boolean")


WITHOUT = """
import sys

for name in ("pyarrow", "pandas", "numpy"):
    sys.modules[name] = None  # makes an import fail
from ecwid_coupons import CouponList

found = CouponList.from_json('[{"id":1,"discount":10.5,"launchDate":"2999-01-01 00:00:00 +0200"},{"code":"A"}]')
"""
POLARS = """
import polars
for frame in (polars.DataFrame(found), found.to_polars()):
    assert frame.shape == (2, 19)
    assert str(frame["discount"][0]) == "10.500000000", frame
    assert frame["launch_date"][0].isoformat() == "2998-12-31T22:00:00+00:00"
"""
DUCKDB = """
import duckdb
import narwhals as nw
rows = duckdb.sql("select id, discount::varchar, code from found").fetchall()
assert rows == [(1, "10.500000000", None), (None, None, "A")], rows
"""
MISSING = """
try:
    found.to_arrow()
except ImportError as error:
    assert "pip install 'ecwid-coupons[pyarrow]'" in str(error), error
else:
    raise AssertionError
"""


@pytest.mark.parametrize("program", [POLARS, DUCKDB, MISSING], ids=["polars", "duckdb", "missing"])
def test_pyarrow_is_not_needed(program: str) -> None:
    result = subprocess.run([sys.executable, "-c", WITHOUT + program], check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


LISTS = CouponList.from_json(
    '[{"id":1,"discount":10.5,"expirationDate":"2030-01-01 00:00:00 +0200",'
    '"catalogLimit":{"products":[7,8],"categories":[]},"shippingLimit":{"shippingMethods":["1-a","2-b"]},"orderCount":3,"vip":true},{"code":"TEN"}]'
)


def test_flat_columns_fit_into_csv_and_excel() -> None:
    table = LISTS.to_arrow(flat=True)
    row = table.to_pylist()[0]
    assert (row["catalog_limit_products"], row["catalog_limit_categories"]) == ("7, 8", "")
    assert (row["shipping_limit_shipping_methods"], row["extra"]) == ("1-a, 2-b", '{"vip":true}')
    # Excel cannot hold a time zone.
    assert row["expiration_date"] == datetime(2029, 12, 31, 22)
    assert row["discount"] == Decimal("10.5")
    assert table.to_pylist()[1]["catalog_limit_products"] is None
    assert not any(pa.types.is_nested(field.type) for field in table.schema)
    assert table.column_names == LISTS.to_arrow().column_names
    assert pa.schema(LISTS.table(flat=True)) == table.schema  # type: ignore[arg-type]
    assert pl.DataFrame(LISTS.table(flat=True)).equals(LISTS.to_polars(flat=True))
    for text in (LISTS.to_polars(flat=True).write_csv(), LISTS.to_pandas(flat=True).to_csv(index=False)):
        assert '"7, 8"' in text
        assert "2029-12-31" in text
    assert LISTS.to_pandas(flat=True)["expiration_date"].dt.tz is None
    # Without it, Polars refuses the lists.
    with pytest.raises(pl.exceptions.ComputeError, match="nested"):
        LISTS.to_polars().write_csv()


def test_pandas_keeps_the_arrow_types() -> None:
    frame = LISTS.to_pandas(dtype_backend="pyarrow")
    assert all(isinstance(dtype, pd.ArrowDtype) for dtype in frame.dtypes)
    assert frame["discount"].dtype == pd.ArrowDtype(pa.decimal128(38, 9))
    assert frame["discount"].sum() == Decimal("10.5")
    assert LISTS.to_pandas()["discount"].dtype == object
    with PageServer(numbered_pages(3)) as server:
        search = Client(1003, "secret", base_url=server.base_url).search()
        assert search.to_pandas(dtype_backend="pyarrow")["id"].dtype == pd.ArrowDtype(pa.int64())
        assert pa.table(search.stream(flat=True)).schema == search.to_arrow(flat=True).schema


def codes_of_duckdb(source: Any) -> list[Any]:
    relation = duckdb.sql("select code from source order by code")
    assert relation is not None
    return [code for (code,) in relation.fetchall()]


READERS: dict[str, Callable[[Any], list[Any]]] = {
    "polars": lambda source: pl.DataFrame(source)["code"].to_list(),
    "duckdb": codes_of_duckdb,
    "pandas": lambda source: in_pandas(source)["code"].tolist(),
    "pyarrow": lambda source: pa.table(source)["code"].to_pylist(),
    "narwhals of polars": lambda source: nw.from_arrow(source, backend="polars")["code"].to_list(),
    "narwhals of pandas": lambda source: nw.from_arrow(source, backend="pandas")["code"].to_list(),
    "narwhals of pyarrow": lambda source: nw.from_arrow(source, backend="pyarrow")["code"].to_list(),
}
SOURCES: dict[str, Callable[[Client], Any]] = {
    "list": lambda coupons: coupons.search().collect(),
    "search": lambda coupons: coupons.search(),
    "stream": lambda coupons: coupons.search().stream(),
    "table": lambda coupons: coupons.search().table(flat=True),
    "report": lambda coupons: coupons.create_many(
        ({"name": "Ten", "code": f"C-{number}"} for number in range(3)), existing="accept"
    ),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_library_reads_a_source(coupons: Client, reader: str, source: str) -> None:
    coupons.create_many({"name": "Ten", "code": f"C-{number}"} for number in range(3))
    assert sorted(map(str, READERS[reader](SOURCES[source](coupons)))) == ["C-0", "C-1", "C-2"]


def test_pandas_keeps_decimals_exact_with_arrow_types() -> None:
    amounts = ["0.1", "0.2", "1234567890123456789.000000001", "-0.000000001", "10.50"]
    items = ",".join(f'{{"discount":{amount},"totalLimit":{amount}}}' for amount in amounts)
    frame = CouponList.from_json(f"[{items}]").to_pandas(dtype_backend="pyarrow")
    exact = [Decimal(amount) for amount in amounts]
    for column in ("discount", "total_limit"):
        assert frame[column].dtype == pd.ArrowDtype(pa.decimal128(38, 9))
        assert frame[column].tolist() == exact
    # As floats, the sum is 0.30000000000000004.
    assert frame["discount"][:2].sum() == Decimal("0.3")
    assert pa.Table.from_pandas(frame)["discount"].to_pylist() == exact


def test_the_schema_needs_no_store(coupons: Client, run: Run) -> None:
    program = """
        import pyarrow, ecwid_coupons
        print(ecwid_coupons.schema(), *pyarrow.schema(ecwid_coupons.schema()).names)
    """
    shown = run(textwrap.dedent(program)).split()
    schema = pa.schema(ecwid_coupons.schema())
    assert shown == [*f"<CouponSchema of {len(schema)} columns>".split(), *schema.names]
    coupons.create(name="Ten", code="TEN")
    assert schema == coupons.search().to_arrow().schema == pa.table(coupons.search().stream()).schema
    with pytest.raises(TypeError, match="cannot create"):
        ecwid_coupons.CouponSchema()  # type: ignore[call-arg]
