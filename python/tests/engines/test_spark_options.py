"""The options of the data source for Spark, without a session."""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from ecwid_coupons import Client, ConfigurationError
from ecwid_coupons.spark import CouponDataSource, _options
from ecwid_coupons.spark._options import READ, STREAM, WRITE, Options
from ecwid_coupons.spark._stream import CouponStreamReader
from three_stores import TOKENS

TOKEN = TOKENS[1003]


def parse(allowed: str = READ, **given: str) -> Options:
    stores = {} if allowed is WRITE else {"stores": "1003"}
    return Options.parse({**stores, **given}, allowed)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stores": ""}, "invalid option stores: `` (expected ids of stores"),
        ({"stores": "1003; 1004"}, "invalid option stores: `1003; 1004` (expected ids of stores"),
        ({"stores": "0"}, "invalid option stores: `0`"),
        ({"tasksPerStore": "0"}, "invalid option tasksPerStore: `0` (expected an integer of at least 1)"),
        ({"requestsPerMinute": "many"}, "invalid option requestsPerMinute: `many` (expected an integer of at least 1)"),
        ({"deadline": "-5"}, "invalid option deadline: `-5`"),
        ({"pushdown": "yes"}, "invalid option pushdown: `yes` (expected true or false)"),
        ({"skipUnreadable": "1"}, "invalid option skipUnreadable: `1` (expected true or false)"),
        ({"tokenProvider": "secrets"}, "invalid option tokenProvider: `secrets` (expected a function, such as"),
        ({"tokenEnv": "A", "tokenDir": "b"}, "more than one place of the tokens: tokenEnv and tokenDir"),
        ({"table": "orders"}, "invalid option table: `orders` (expected coupons or deletions)"),
        ({"table": "deletions", "status": "ACTIVE"}, "unknown option: `status` (expected one of tokenEnv,"),
        ({"updatedform": "2026-01-01"}, "unknown option: `updatedform` (expected one of tokenEnv,"),
    ],
)
def test_an_invalid_option_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        parse(**given)


def test_stores_are_required_for_reads_only() -> None:
    for allowed in (READ, STREAM):
        with pytest.raises(ConfigurationError, match=r"missing option: `stores` \(expected ids of stores"):
            Options.parse({}, allowed)
    assert parse(WRITE).stores == ()
    with pytest.raises(ConfigurationError, match="unknown option: `stores`"):
        parse(WRITE, stores="1003")


@pytest.mark.parametrize("name", ["token", "Token", "TOKEN"])
@pytest.mark.parametrize("allowed", [READ, STREAM, WRITE])
def test_a_token_is_refused_and_not_shown(name: str, allowed: str) -> None:
    with pytest.raises(ConfigurationError, match=r"refused.*hint: set the variable ECWID_TOKEN_<store id>") as caught:
        parse(allowed, **{name: TOKEN})
    assert TOKEN not in str(caught.value)


def test_each_filter_of_a_search_is_an_option() -> None:
    given = {"CODE": "TEN", "discounttype": "PERCENT,ABS", "status": "ACTIVE", "createdfrom": "2026-01-01"}
    assert parse(stores="1003, 1004,1003", anyorder="TRUE", **given) == Options(
        tokens=parse().tokens,
        stores=(1003, 1004),
        filters={
            "code": "TEN",
            "discount_type": ["PERCENT", "ABS"],
            "status": ["ACTIVE"],
            "created_from": "2026-01-01",
            "any_order": True,
        },
    )
    given = {"table": "deletions", "deletedFrom": "2026-01-01"}
    assert parse(**given).filters == {"deleted_from": "2026-01-01"}
    with pytest.raises(ConfigurationError, match="unknown option: `deletedFrom`"):
        parse(STREAM, **given)
    # A text with a comma is no list unless the filter takes one.
    assert parse(code="A,B").filters == {"code": "A,B"}


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({}, 600),
        ({"tasksPerStore": "4"}, 150),
        ({"requestsPerMinute": "60", "tasksPerStore": "7"}, 8),
        ({"requestsPerMinute": "2", "tasksPerStore": "3"}, 1),
    ],
)
def test_tasks_share_the_rate_limit(given: dict[str, str], share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECWID_TOKEN_1003", TOKEN)
    made: list[dict[str, Any]] = []

    def client(store: int, token: str, **settings: Any) -> Client:
        made.append({"token": token, **settings})
        return Client(store, token, **settings)

    monkeypatch.setattr(_options, "Client", client)
    with parse(baseUrl="http://127.0.0.1:9/api/v3", deadline="5", **given).client(1003) as made_client:
        assert made_client.store_id == 1003
    assert made[0]["requests_per_minute"] == share
    assert (made[0]["token"], made[0]["deadline"]) == (TOKEN, 5)


def token_of_store(store: int) -> str:
    return TOKENS[store]


def no_token(store: int) -> None:
    """A function that forgets to return the token."""


def test_each_place_of_tokens_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "1003").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("STORE_1003_SECRET", TOKEN)
    places = {
        "tokenEnv": "STORE_{store}_SECRET",
        "tokenDir": str(tmp_path),
        "tokenProvider": f"{__name__}:token_of_store",
    }
    for name, place in places.items():
        assert parse(**{name: place}).tokens.token(1003) == TOKEN


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "no token: the variable `ECWID_TOKEN_77` is not set where the task runs; hint: set it on the executors"),
        ({"tokenDir": "/no/such"}, "no token: cannot read `/no/such/77` where the task runs: No such file"),
        ({"tokenProvider": "no_such:it"}, "no token: cannot import `no_such:it` where the task runs: No module"),
        ({"tokenProvider": f"{__name__}:it"}, f"no token: cannot import `{__name__}:it` where the task runs: module"),
        ({"tokenProvider": f"{__name__}:no_token"}, f"no token: `{__name__}:no_token` returned none for the store 77"),
    ],
)
def test_a_missing_token_names_its_place(given: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        parse(**given).tokens.token(77)


def test_a_pickled_reader_has_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECWID_TOKEN_1003", TOKEN)
    source = CouponDataSource({"stores": "1003"})
    reader = source.reader(source.schema())
    assert list(map(vars, reader.partitions())) == [{"store": 1003, "filters": {}}]
    assert TOKEN.encode() not in pickle.dumps([source, reader, reader.partitions()])


def test_push_down_without_support_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # PySpark 4.0 does not have this class.
    monkeypatch.delattr("pyspark.sql.datasource.EqualTo")
    monkeypatch.delitem(sys.modules, "ecwid_coupons.spark._pushdown", raising=False)
    source = CouponDataSource({"stores": "1003", "pushdown": "true"})
    with pytest.raises(ConfigurationError, match=r"`pushdown` requires PySpark 4\.1 or newer"):
        source.reader(source.schema())


def test_the_offsets_of_a_stream_never_go_back() -> None:
    reader = CouponStreamReader(parse(STREAM, stores="1003, 1004", settle="0"))
    assert reader.initialOffset() == {"1003": 0, "1004": 0}
    # The clock of the driver was ahead once.
    later = 2**40
    end = reader.latestOffset({"1003": later, "1004": 0}, None)
    assert end["1003"] == later
    assert 0 < end["1004"] < later
    parts = reader.partitions({"1003": later, "1004": 5}, {"1003": later, "1004": 9})
    assert [vars(part) for part in parts] == [{"store": 1004, "filters": {"updated_from": 5, "updated_to": 8}}]
    # Spark before 4.2 passes no offset.
    assert reader.latestOffset().keys() == {"1003", "1004"}
