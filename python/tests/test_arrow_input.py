"""Arrow tables of other libraries. Untyped columns are read, and invalid data is refused."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from ecwid_coupons import Client, InvalidRowsError
from page_server import PageServer


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


@pytest.fixture
def client(server: PageServer) -> Client:
    return Client(1003, "secret", base_url=server.base_url)


ROW: dict[str, list[Any]] = {"name": ["A"], "code": ["X"]}


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame(ROW | {"discount": [None]}),
        pl.DataFrame(ROW | {"discount": [None], "uses_limit": [None], "launch_date": [None], "order_count": [None]}),
        pl.DataFrame(ROW | {"catalog_limit": [None], "shipping_limit_shipping_methods": [None]}),
        pl.DataFrame(ROW | {"catalog_limit": [{"products": [7], "categories": None}]}),
        pl.DataFrame(ROW | {"id": [None], "extra": [None]}),
        pl.DataFrame(ROW | {"discount": pl.Series([None], dtype=pl.Null)}).lazy().collect(),
        pa.table(ROW | {"discount": pa.nulls(1), "catalog_limit_products": pa.nulls(1), "uses_limit": pa.nulls(1)}),
        pa.table(ROW | {"uses_limit": pa.nulls(1, pa.float64()), "discount": pa.nulls(1, pa.bool_())}),
        pa.table(ROW | {"uses_limit": pa.array([None]).dictionary_encode()}),
        pd.DataFrame(ROW | {"discount": [None], "uses_limit": [None], "launch_date": [None]}),
        pd.DataFrame(ROW | {"uses_limit": [np.nan], "launch_date": [pd.NaT], "discount": [pd.NA]}),
        pd.DataFrame(ROW | {"uses_limit": pd.Series([None], dtype=object)}),
    ],
)
def test_columns_of_type_null_are_empty(client: Client, server: PageServer, table: Any) -> None:
    assert client.create_many(table).counts["created"] == 1
    limit = {"products": [7]}
    assert server.posts[0] | {"catalogLimit": limit} == {"name": "A", "code": "X", "catalogLimit": limit}


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame(),
        pl.DataFrame({"name": [], "code": []}),
        pl.DataFrame(
            {"name": [], "code": [], "discount": []}, schema={"name": pl.Int8, "code": pl.Null, "discount": None}
        ),
        pd.DataFrame(),
        pd.DataFrame({"name": [], "code": []}),
        pd.DataFrame(columns=["name", "code", "discount"]),
        pa.table({}),
        pa.table({"name": pa.nulls(0), "code": pa.array([], pa.int64())}),
    ],
)
def test_an_empty_table_creates_no_coupon(client: Client, server: PageServer, table: Any) -> None:
    assert len(client.create_many(table)) == 0
    assert server.posts == []


def test_problems_of_untyped_tables_are_reported(client: Client, server: PageServer) -> None:
    problems = {
        "unknown field": pl.DataFrame({"nmae": [], "code": []}),
        "(expected a column of strings)": pl.DataFrame({"name": [1, None], "code": ["A", "B"]}),
        "a coupon needs": pl.DataFrame({"name": [None], "code": ["X"]}),
    }
    for problem, table in problems.items():
        with pytest.raises(InvalidRowsError) as caught:
            client.create_many(table)
        assert len(caught.value.problems) == 1, caught.value
        if problem != "a coupon needs":
            assert problem in str(caught.value)
    assert server.posts == []


def columns(*named: tuple[str, Any]) -> pa.Table:
    return pa.table([pa.array(values) for _, values in named], names=[name for name, _ in named])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("discount", "discount"),
        ("discount_type", "discountType"),
        ("discountType", "DiscountType"),
        ("catalog_limit_products", "catalogLimit.products"),
        ("extra", "extra"),
        ("code", "code"),
    ],
)
def test_two_columns_for_one_field_are_refused(client: Client, server: PageServer, first: str, second: str) -> None:
    values: dict[str, list[Any]] = {"discount": [1], "extra": ["{}"], "catalog_limit_products": [[1]]}
    value = values.get(first, ["ABS"])
    for other in (value, pa.nulls(1)):
        given = [("name", ["A"]), ("code", ["X"])] if first != "code" else [("name", ["A"])]
        with pytest.raises(InvalidRowsError) as caught:
            client.create_many(columns(*given, (first, value), (second, other)))
        (problem,) = caught.value.problems
        assert (problem.row, problem.column) == (None, second)
        assert f"another column has the same field: `{first}`" in problem.problem
    assert server.posts == []


def test_a_nested_field_in_two_spellings_is_refused(client: Client, server: PageServer) -> None:
    with pytest.raises(ValueError, match="in different spellings"):
        client.create(name="A", code="X", catalog_limit={"products": [1], "Products": [2]})
    with pytest.raises(InvalidRowsError, match="has the same field"):
        client.create_many([ROW_ | {"discount_type": "ABS", "discountType": "PERCENT"}])
    # Fields that only the store sets are not read.
    client.create_many(columns(("name", ["A"]), ("code", ["X"]), ("id", [1]), ("id", [2])))
    assert server.posts == [{"name": "A", "code": "X"}]


ROW_: dict[str, Any] = {"name": "A", "code": "X"}


def text_array(kind: pa.DataType, texts: list[bytes]) -> pa.Array:
    """Makes an array of texts without checking them."""
    return pa.array(texts, pa.large_binary() if kind == pa.large_string() else pa.binary()).view(kind)


BAD = [b"good", b"b\xff", b"good"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_text_that_is_not_utf8_is_refused_with_its_row_and_column(
    client: Client, server: PageServer, kind: pa.DataType
) -> None:
    names = text_array(kind, BAD)
    codes = pa.array(["X", "Y", "Z"])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 1, 3], pa.int32()), names)
    for column, values, row in [
        ("name", names, 1),
        ("shipping_limit_shipping_methods", lists, 2),
        ("name", pa.chunked_array([names[2:], names[1:]]), 1),
    ]:
        table = pa.table({"code": codes, "name": pa.array(["A"] * 3)} | {column: values})
        with pytest.raises(InvalidRowsError) as caught:
            client.create_many(table)
        (problem,) = caught.value.problems
        assert (problem.row, problem.column) == (row, column)
        assert "not valid UTF-8" in problem.problem
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0, 0, 1]), names)
    with pytest.raises(InvalidRowsError, match="not valid UTF-8"):
        client.create_many(pa.table({"code": codes, "name": dictionary}))
    with pytest.raises(InvalidRowsError, match="not valid UTF-8"):
        client.create_many(pa.table({"code": codes, "extra": names, "name": pa.array(["A"] * 3)}))
    # A character is split between two texts.
    split = text_array(kind, ["é".encode()[:1], "é".encode()[1:], b"x"])
    with pytest.raises(InvalidRowsError, match="not valid UTF-8"):
        client.create_many(pa.table({"code": codes, "name": split}))
    assert server.posts == []


Spoil = Callable[[], None]


def nothing() -> None:
    """A change for data that is already invalid."""


def buffers(kind: pa.DataType, offsets: list[int], data: bytes, code: str = "i") -> tuple[pa.Array, Spoil]:
    """An array, and a function that changes its offsets. pyarrow checks offsets only when an array or table is made."""
    packed = bytearray(struct.calcsize(f"<{len(offsets)}{code}"))
    array = pa.Array.from_buffers(kind, 2, [None, pa.py_buffer(packed), pa.py_buffer(data)])
    return array, lambda: struct.pack_into(f"<{len(offsets)}{code}", packed, 0, *offsets)


def bad_list(offsets: list[int]) -> tuple[pa.Array, Spoil]:
    packed = bytearray(4 * len(offsets))
    children = [pa.array([1, 2, 3])]
    array = pa.Array.from_buffers(pa.list_(pa.int64()), 2, [None, pa.py_buffer(packed)], children=children)
    return array, lambda: struct.pack_into(f"<{len(offsets)}i", packed, 0, *offsets)


def bad_struct() -> tuple[pa.Array, Spoil]:
    lists, spoil = bad_list([0, 900_000_000, 2])
    return pa.StructArray.from_arrays([lists], names=["products"]), spoil


def bad_dictionary() -> tuple[pa.Array, Spoil]:
    keys = pa.array([0, 70_000], pa.int32())
    return pa.DictionaryArray.from_arrays(keys, pa.array(["A"]), safe=False), nothing


def bad_view() -> tuple[pa.Array, Spoil]:
    views = pa.py_buffer(struct.pack("<i4sii", 20, b"abcd", 9, 0) * 2)
    try:
        return pa.Array.from_buffers(pa.string_view(), 2, [None, views, pa.py_buffer(b"abcd" * 10)]), nothing
    except ValueError:
        pytest.skip("pyarrow cannot make such an array before version 20")


INVALID: dict[str, tuple[str, Callable[[], tuple[pa.Array, Spoil]]]] = {
    "offsets that fall": ("name", lambda: buffers(pa.string(), [0, 5, 3], b"abcdef")),
    "a negative offset": ("name", lambda: buffers(pa.string(), [0, -5, 3], b"abcdef")),
    "a negative end": ("name", lambda: buffers(pa.string(), [0, 1, -3], b"abcdef")),
    "an end far behind the buffer": ("name", lambda: buffers(pa.string(), [0, 1, 2_000_000_000], b"abc")),
    "large offsets that fall": ("name", lambda: buffers(pa.large_string(), [0, 5, 3], b"abcdef", "q")),
    "a large end far behind": ("name", lambda: buffers(pa.large_string(), [0, 1, 2**40], b"abc", "q")),
    "a list that ends behind its items": ("catalog_limit_products", lambda: bad_list([0, 1, 900_000_000])),
    "a list that falls": ("catalog_limit_products", lambda: bad_list([0, 3, 1])),
    "a key that there is not": ("name", bad_dictionary),
    "a struct of such lists": ("catalog_limit", bad_struct),
    "a view of a buffer that there is not": ("name", bad_view),
}


@pytest.mark.parametrize("name", INVALID)
def test_an_array_that_is_not_valid_is_refused(client: Client, server: PageServer, name: str) -> None:
    column, make = INVALID[name]
    values, spoil = make()
    table = pa.table({"name": pa.array(["A", "B"]), "code": pa.array(["X", "Y"])} | {column: values})
    # A reader does not know the length of its buffers, so a wrong end cannot be detected.
    sources = (
        [table]
        if "far behind" in name
        else [table, pa.RecordBatchReader.from_batches(table.schema, table.to_batches())]
    )
    spoil()
    for source in sources:
        with pytest.raises(ValueError, match="invalid Arrow data"):
            client.create_many(source)
    assert server.posts == []


def test_slices_and_chunks_of_arrow_arrays_are_read(client: Client, server: PageServer) -> None:
    numbers = [f"{number}" for number in range(20)]
    table = pa.table({"name": numbers, "code": numbers, "catalog_limit_products": [[n] for n in range(20)]})
    table = pa.concat_tables([table[3:7], table[10:12]])
    # Before version 25, pyarrow crashes if it exports a cast to this type.
    view = table.set_column(0, "name", pa.array(table["name"].to_pylist(), pa.string_view()))
    for source in (table, view, pl.DataFrame(table)[1:4], table.to_batches()[1]):
        server.posts.clear()
        server._codes.clear()
        expected = pa.table(source)["code"].to_pylist()
        assert client.create_many(source).counts["created"] == len(expected)
        sent = sorted((post["name"], post["code"], post["catalogLimit"]["products"]) for post in server.posts)
        assert sent == sorted((code, code, [int(code)]) for code in expected)
    struct_ = pa.StructArray.from_arrays([pa.array(numbers), pa.array(numbers)], names=["name", "code"])[5:8]
    server.posts.clear()
    server._codes.clear()
    client.create_many(pa.RecordBatch.from_struct_array(struct_))
    assert sorted(post["code"] for post in server.posts) == ["5", "6", "7"]


def test_a_duplicate_member_of_a_struct_is_refused(server: PageServer, client: Client) -> None:
    for names in (["products", "products"], ["products", "Products"]):
        limit = pa.StructArray.from_arrays([pa.array([[1]]), pa.array([[2]])], names=names)
        table = pa.table({"name": ["A"], "code": ["X"], "catalog_limit": limit})
        with pytest.raises(InvalidRowsError, match="occurs twice"):
            client.create_many(table)
    assert server.posts == []
