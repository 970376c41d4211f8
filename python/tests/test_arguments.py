"""Invalid values for each argument of each public call raise an error that names the argument. No request is sent."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from ecwid_coupons import (
    AsyncClient,
    AsyncSearch,
    Client,
    ClientSettings,
    Coupon,
    CouponList,
    CreationReport,
    InvalidRequestError,
    Job,
    Search,
)
from ecwid_coupons.testing import OrderItem, Sandbox, Shipping, Status
from servers import ScriptedServer
from twins import Waiting

NAN = float("nan")
TOO_LARGE = 2**70

# Invalid values by kind of argument, each with its error.
COUNT = [
    (-1, ValueError),
    (0, ValueError),
    (TOO_LARGE, ValueError),
    (True, TypeError),
    ("x", TypeError),
    (1.5, TypeError),
]
OFFSET = [(-1, ValueError), (True, TypeError), ("x", TypeError), (1.5, TypeError)]
SECONDS = [
    (-1, ValueError),
    (0, ValueError),
    (NAN, ValueError),
    (float("inf"), ValueError),
    (1e300, ValueError),
    (timedelta(-1), ValueError),
    (timedelta(0), ValueError),
    (True, TypeError),
    ("soon", TypeError),
    ([1], TypeError),
]
TEXT = [(5, TypeError), (b"x", TypeError), (["x"], TypeError)]
TEXTS = [(5, TypeError), ([5], TypeError), (b"x", TypeError), ({"x": 1}, TypeError)]
TIME = [
    (True, TypeError),
    (1.5, TypeError),
    (time(12), TypeError),
    ("yesterday", ValueError),
    (datetime(2024, 6, 30), ValueError),
]
FIELDS = [*TEXTS, (["codee"], InvalidRequestError), ([], InvalidRequestError)]
COUPON = [(None, TypeError), (True, TypeError), (1.5, TypeError), (b"TEN", TypeError), (["TEN"], TypeError)]
NEW_COUPON = [(5, TypeError), ("TEN", TypeError), ({"name": "Ten", "code": "TEN"}, TypeError)]
DECIMALS = [("x", ValueError), (5, TypeError), (None, TypeError)]
FLAT = [(1, TypeError), ("no", TypeError), (None, TypeError)]
DTYPE_BACKEND = [("numpy", ValueError), (5, TypeError)]
PROGRESS = [(5, TypeError), ("x", TypeError), ([print], TypeError)]
# Invalid values of fields are in test_input.py.
FIELD = [(object(), TypeError)]

SEARCH = {
    "offset": OFFSET,
    "limit": [*COUNT, (101, ValueError)],
    "prefetch": COUNT,
    "code": TEXT,
    "discount_type": TEXTS,
    "status": TEXTS,
    "created_from": TIME,
    "created_to": TIME,
    "updated_from": TIME,
    "updated_to": TIME,
    "fields": FIELDS,
    "after": [*TEXT, ("no cursor", ValueError)],
    "any_order": [(1, TypeError), ("no", TypeError)],
    "skip_unreadable": [(1, TypeError), ("no", TypeError)],
}
SETTINGS = {
    "timeout": SECONDS,
    "deadline": SECONDS,
    "max_attempts": COUNT,
    "requests_per_minute": COUNT,
    "max_body_size": COUNT,
    # Errors do not show a proxy, because it may contain a password. See test_errors.py.
    "proxy": [],
    "ca_file": [(5, TypeError), ("/nowhere/ca.pem", ValueError)],
    "allow_http": [(1, TypeError), ("yes", TypeError)],
    "allow_unknown": [(1, TypeError), ("yes", TypeError)],
    "on_attempt": [(5, TypeError), ("x", TypeError)],
}
COLLECT = {"concurrency": COUNT, "progress": PROGRESS}
TABLE = {"decimals": DECIMALS, "flat": FLAT}
PANDAS = {**TABLE, "dtype_backend": DTYPE_BACKEND}
FRAME = {**COLLECT, **TABLE}
CREATE_MANY = {
    **COLLECT,
    "rows": [(5, TypeError), ("x", TypeError), (b"x", TypeError), ({"code": "TEN"}, TypeError), (None, TypeError)],
    "existing": [("x", ValueError), (5, TypeError), ([], TypeError), (None, TypeError)],
    "keep_order_count": [(1, TypeError), ("no", TypeError), (None, TypeError)],
    "report": [(5, TypeError), ("x", TypeError), (CreationReport, TypeError)],
}

CHANGES = {
    "cursor": [*TEXT, ("no cursor", ValueError), ("{}", ValueError)],
    "mode": [("partial", ValueError), (5, TypeError), (None, TypeError)],
    "refresh_every": SECONDS,
    "deletions_if_complete": [(1, TypeError), ("no", TypeError), (None, TypeError)],
}

JOB = [(5, TypeError), (b"x", TypeError), (None, TypeError)]
ISSUE = {
    "pattern": [(5, TypeError), ("A-[0]", InvalidRequestError)],
    "job": JOB,
    "count": [*COUNT, (1_000_001, ValueError)],
    "rows": [(5, TypeError), ("x", TypeError), ({"email": "a"}, TypeError)],
    "allow_guessable": [(1, TypeError), ("no", TypeError), (None, TypeError)],
    "progress": PROGRESS,
}

Wrong = dict[str, list[tuple[Any, type[Exception]]]]


def fields_of(call: Callable[..., Any]) -> Wrong:
    given = [name for name in inspect.signature(call).parameters if name not in ("self", "coupon")]
    return dict.fromkeys(given, FIELD)


# By class and method, for both clients.
CLIENT: dict[str, Wrong] = {
    "get": {"coupon": COUPON, "fields": [("code", TypeError), *FIELDS]},
    "delete": {"coupon": COUPON},
    "delete_if_unused": {"coupon": COUPON},
    "create": {"coupon": NEW_COUPON, **fields_of(Client.create)},
    "create_or_get": {"coupon": NEW_COUPON, **fields_of(Client.create_or_get)},
    "update": {"coupon": COUPON, **fields_of(Client.update)},
    "search": SEARCH,
    "create_many": CREATE_MANY,
    "issue": {**fields_of(Client.issue), **ISSUE},
    "resume": {"job": JOB, "progress": PROGRESS},
    "from_env": SETTINGS,
    "from_config": {"store": [(5, TypeError)], "path": [(5, TypeError)], **SETTINGS},
    "deleted": {"deleted_from": TIME, "deleted_to": TIME},
    "latest_stats": {},
    "changes": CHANGES,
    "close": {},
}
QUERY: dict[str, Wrong] = {
    "collect": COLLECT,
    "to_dicts": COLLECT,
    "to_polars": FRAME,
    "to_pandas": {**COLLECT, **PANDAS},
    "to_arrow": FRAME,
    "table": FRAME,
    "stream": {**TABLE, "batch_size": COUNT},
    "pages": {},
    "first": {},
    "count": {},
}
LIST: dict[str, Wrong] = {
    "to_polars": TABLE,
    "to_pandas": PANDAS,
    "to_arrow": TABLE,
    "table": TABLE,
    "to_dicts": {},
}
JOB_CLIENT = [(None, TypeError), ("x", TypeError), (Client, TypeError)]
JOB_CALLS: dict[str, Wrong] = {
    "status": {},
    "report": {},
    "verify": {"client": JOB_CLIENT},
    "undo": {"client": JOB_CLIENT, "progress": PROGRESS},
}
NEEDED = {
    "create": {"name": "Ten", "code": "TEN"},
    "create_or_get": {"name": "Ten", "code": "TEN"},
    "update": {"coupon": "TEN"},
    "get": {"coupon": "TEN"},
    "create_many": {"rows": [{"name": "Ten", "code": "TEN"}]},
    "issue": {"pattern": "TEN-[*]", "job": "ten.job", "name": "Ten"},
    "resume": {"job": "ten.job"},
}


def rows(calls: dict[str, Wrong]) -> list[Any]:
    return [
        pytest.param(call, argument, value, error, id=f"{call}-{argument}-{value!r:.20}")
        for call, arguments in calls.items()
        for argument, values in arguments.items()
        for value, error in values
    ]


@pytest.fixture(params=["sync", "async"])
def twin(request: pytest.FixtureRequest, scripted: ScriptedServer) -> Iterator[Any]:
    if request.param == "sync":
        with Client(**scripted.client_settings()) as client:
            yield client
    else:
        with asyncio.Runner() as runner:
            yield Waiting(AsyncClient(**scripted.client_settings()), runner)


def check(error: BaseException, argument: str, value: Any) -> None:
    text = str(error)
    assert argument.removesuffix("s") in text
    # The message has the value or its wrong part.
    parts = [value, *(value if isinstance(value, (list, dict)) else [])]
    assert any(f"{part!r:.60}" in text or f"`{part}`" in text for part in parts) or value == [], text
    # The message says what is expected.
    ways = ("expected", "hint: ", "is not", "give", "select at least one", "use the coupon's id")
    assert any(way in text for way in ways), text


def used(made: Any, call: str | None) -> None:
    if call is not None:
        getattr(made, call)()


@pytest.mark.filterwarnings("ignore:`repeat_customer_only` is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("call", "argument", "value", "error"), rows(CLIENT))
def test_an_invalid_argument_of_a_client_is_refused(
    scripted: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    twin: Any,
    call: str,
    argument: str,
    value: Any,
    error: type[Exception],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("ECWID_STORE_ID", "1003")
    monkeypatch.setenv("ECWID_TOKEN", "secret_1")
    (tmp_path / "config.toml").write_text("[stores.main]\nstore-id = 1003\ntoken-env = 'ECWID_TOKEN'\n")
    monkeypatch.setenv("ECWID_CONFIG", str(tmp_path / "config.toml"))
    # A search sends no request and raises no error before it is used.
    then = "count" if call == "search" else None
    with pytest.raises(error) as caught:
        used(getattr(twin, call)(**{**NEEDED.get(call, {}), argument: value}), then)
    check(caught.value, argument, value)
    assert scripted.requests == []


@pytest.mark.parametrize(("call", "argument", "value", "error"), rows(QUERY))
def test_an_invalid_argument_of_a_search_is_refused(
    scripted: ScriptedServer, twin: Any, call: str, argument: str, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        getattr(twin.search(), call)(**{argument: value})
    check(caught.value, argument, value)
    assert scripted.requests == []


@pytest.mark.parametrize(("call", "argument", "value", "error"), rows(LIST))
def test_an_invalid_argument_of_a_list_is_refused(call: str, argument: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        getattr(CouponList.from_json("[]"), call)(**{argument: value})
    check(caught.value, argument, value)


@pytest.mark.parametrize(("call", "argument", "value", "error"), rows(JOB_CALLS))
def test_an_invalid_argument_of_a_job_is_refused(
    scripted: ScriptedServer, call: str, argument: str, value: Any, error: type[Exception]
) -> None:
    with Client(**scripted.client_settings()) as client, pytest.raises(error) as caught:
        getattr(Job("ten.job"), call)(**{"client": client, argument: value})
    check(caught.value, argument, value)


@pytest.mark.parametrize(("path", "error"), JOB)
def test_an_invalid_path_of_a_job_is_refused(path: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        Job(path)
    check(caught.value, "path", path)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        *((argument, *wrong) for argument, values in SETTINGS.items() for wrong in values),
        # The message does not show text, because it may be the token.
        *(("store_id", *wrong) for wrong in COUNT if not isinstance(wrong[0], str)),
        *(("base_url", *wrong) for wrong in TEXT),
    ],
)
def test_an_invalid_setting_of_a_client_is_refused(
    kind: type, argument: str, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        kind(**{"store_id": 1003, "token": "secret_1", argument: value})
    check(caught.value, argument, value)


@pytest.mark.parametrize("token", [5, b"secret_bytes", ["secret_list"], None])
@pytest.mark.parametrize("kind", [Client, AsyncClient, Sandbox])
def test_an_error_about_the_token_does_not_show_it(kind: type, token: Any) -> None:
    with pytest.raises(
        TypeError, match=rf"invalid token: a value of the type {type(token).__name__} \(expected a string\)"
    ) as caught:
        kind(store_id=1003, token=token)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "twins"),
    [(CLIENT, (Client, AsyncClient)), (QUERY, (Search, AsyncSearch)), (LIST, (CouponList,)), (JOB_CALLS, (Job,))],
)
def test_every_argument_has_a_case(table: dict[str, Wrong], twins: tuple[type, ...]) -> None:
    # Methods of sequences, and from_json, which has tests below.
    other = {"index", "count", "to_json", "from_json"} if twins == (CouponList,) else set()
    for twin in twins:
        calls = {name: it for name in dir(twin) if not name.startswith("_") and callable(it := getattr(twin, name))}
        assert calls.keys() - other == table.keys()
        for name in table:
            given = inspect.signature(calls[name]).parameters.keys() - {"self"}
            if "settings" in given:
                given = given - {"settings"} | ClientSettings.__annotations__.keys()
            assert table[name].keys() == given, name


@pytest.mark.parametrize("call", ["create", "create_or_get", "update", "search", "issue"])
def test_an_unknown_argument_is_named(scripted: ScriptedServer, twin: Any, call: str) -> None:
    owner = "AsyncClient" if isinstance(twin, Waiting) else "Client"
    with pytest.raises(TypeError, match=rf"^{owner}\.{call}\(\) got an unexpected keyword argument 'discont'"):
        getattr(twin, call)(**{**NEEDED.get(call, {}), "discont": 10})
    assert scripted.requests == []


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_an_unknown_setting_lists_the_known_settings(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECWID_STORE_ID", "1003")
    monkeypatch.setenv("ECWID_TOKEN", "secret_1")
    expected = f"unknown setting: `timout` (expected one of {', '.join(ClientSettings.__annotations__)})"
    for value in (5, None):
        for make in (lambda **settings: kind(1003, "secret_1", **settings), kind.from_env):
            with pytest.raises(TypeError) as caught:
                make(timout=value)
            assert str(caught.value) == expected
    # None is the default of each argument.
    kind(1003, "secret_1", **dict.fromkeys(ClientSettings.__annotations__))


@pytest.mark.parametrize("kind", [Coupon, CouponList])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        (5, TypeError),
        (None, TypeError),
        ("nope", ValueError),
        (b"\xff", ValueError),
        ('{"items":5}', ValueError),
        ('{"id":"x"}', ValueError),
    ],
)
def test_invalid_json_is_refused(kind: Any, text: Any, error: type[Exception]) -> None:
    if kind is Coupon and text == '{"items":5}':
        return  # an unknown field
    expected = "expected JSON as a string or bytes" if error is TypeError else "invalid JSON of a"
    with pytest.raises(error, match=expected):
        kind.from_json(text)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        *(("set_time", "time", value) for value in (5, None, time(12))),
        *(("advance", "step", value) for value in (5, "x", None)),
        *(("add_fault", "effect", value) for value in (5, "status", None)),
        *(("set_limits", "limits", value) for value in (5, None, {"requests_per_minute": 5})),
        *(("place_order", "items", value) for value in (5, "x", OrderItem(1, 1), [5], [None])),
        ("place_order", "amount", [OrderItem(1, None)]),
        ("place_order", "amount", [OrderItem(1, True)]),
        *(("load", "coupons", value) for value in (5, "x", {"code": "TEN"}, [5], ["TEN"])),
        *(("dump", "file", value) for value in (5, None)),
    ],
)
def test_an_invalid_argument_of_the_sandbox_is_refused(box: Sandbox, call: str, argument: str, value: Any) -> None:
    with pytest.raises(TypeError, match=rf"^invalid {argument}(\[0\])?: `.*` \(expected "):
        getattr(box, call)(value)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (
            {"operations": "search_discount_coupons"},
            r"operations: `'search_discount_coupons'` \(expected a list of strings\)",
        ),
        ({"operations": [5]}, r"operations: `5` \(expected a string\)"),
    ],
)
def test_invalid_operations_of_a_fault_are_refused(box: Sandbox, given: dict[str, Any], match: str) -> None:
    with pytest.raises(TypeError, match=match):
        box.add_fault(Status(503), **given)


@pytest.mark.parametrize("price", ["x", NAN, "", "1e", float("inf")])
def test_an_invalid_amount_is_refused(box: Sandbox, price: Any) -> None:
    with pytest.raises(ValueError, match=r"invalid amount: .*expected a number"):
        box.place_order([OrderItem(1, price)])
    with pytest.raises(ValueError, match=r"invalid amount: .*expected a number"):
        box.place_order([OrderItem(1, 1)], shipping=Shipping("by-bike", price))


def test_an_invalid_shipping_is_refused(box: Sandbox) -> None:
    with pytest.raises(TypeError, match=r"shipping: `5` \(expected a Shipping\)"):
        box.place_order([OrderItem(1, 1)], shipping=5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("argument", "values", "error"),
    [
        ("store_id", ["x", True, 1.5], TypeError),
        ("store_id", [0, -1], ValueError),
        ("seed", ["x", True], TypeError),
        ("seed", [-1], ValueError),
        ("requests_per_minute", ["x", True], TypeError),
        ("requests_per_minute", [0, -1], ValueError),
        ("load", [5, []], TypeError),
        ("config", [5, []], TypeError),
        ("database", [5, []], TypeError),
        ("command", [5, []], TypeError),
        ("command", ["/no/such/program"], FileNotFoundError),
        ("scopes", ["read_discount_coupons", 5, [5]], TypeError),
        ("timeout", ["x", True, None], TypeError),
        ("timeout", [0, -1, NAN], ValueError),
    ],
)
def test_an_invalid_setting_of_a_sandbox_is_refused(argument: str, values: list[Any], error: type[Exception]) -> None:
    for value in values:
        with pytest.raises(error, match=f"^invalid {argument}: "):
            Sandbox(**{argument: value})
