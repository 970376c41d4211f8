"""The options of the data source. Spark sends them to all executors and can show them, so they never have a token."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ecwid_coupons._client import Client
from ecwid_coupons._errors import ConfigurationError

from ._tokens import DEFAULT_VARIABLE, TokenSource

# The limit of the documentation for each token.
_REQUESTS_PER_MINUTE = 600

COUPONS, DELETIONS = "coupons", "deletions"
"""The values of the option `table`."""

READ, STREAM, WRITE = "read", "stream", "write"
"""The uses of the data source. Each has its options."""

PERIOD = {COUPONS: ("updated_from", "updated_to"), DELETIONS: ("deleted_from", "deleted_to")}
"""The filters that a stream sets itself."""

# The arguments of a search that are no filters, or that Spark decides.
_NO_FILTERS = {"self", "offset", "limit", "fields", "prefetch", "after"}

_TOKEN_SOURCES = ("tokenEnv", "tokenDir", "tokenProvider")

_CONNECTION = (*_TOKEN_SOURCES, "baseUrl", "requestsPerMinute", "tasksPerStore", "deadline", "caFile", "allowHttp")


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


# The filters of each table by the names of their options, with the names and annotations of their arguments.
_FILTERS = {
    table: {
        _camel_case(name): (name, str(parameter.annotation))
        for name, parameter in inspect.signature(call).parameters.items()
        if name not in _NO_FILTERS
    }
    for table, call in ((COUPONS, Client.search), (DELETIONS, Client.deleted))
}


def _allowed(use: str, table: str) -> list[str]:
    """Returns the names of the options of a use."""
    if use == WRITE:
        return [*_CONNECTION]
    own = "settle" if use == STREAM else "pushdown"
    set_by_stream = PERIOD[table] if use == STREAM else ()
    filters = [name for name, (argument, _) in _FILTERS[table].items() if argument not in set_by_stream]
    return [*_CONNECTION, "stores", "table", *filters, own]


@dataclass(frozen=True)
class Options:
    """Options that were checked. Readers and writers have them, and are pickled."""

    tokens: TokenSource
    stores: tuple[int, ...] = ()
    table: str = COUPONS
    filters: dict[str, Any] = field(default_factory=dict)
    pushdown: bool = False
    settle: int | None = None
    base_url: str | None = None
    requests_per_minute: int | None = None
    tasks_per_store: int | None = None
    deadline: int | None = None
    ca_file: str | None = None
    allow_http: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, str], *uses: str) -> Options:
        """Checks the options of a user for one of these uses. Spark may have changed their names to lower case.

        Raises:
            ConfigurationError: An option is unknown, missing or not valid.
        """
        table = next((value for key, value in given.items() if key.lower() == "table"), COUPONS)
        if table not in _FILTERS:
            raise _invalid("table", table, " or ".join(_FILTERS))
        allowed = list(dict.fromkeys(name for use in uses for name in _allowed(use, table)))
        known = {name.lower(): name for name in allowed}
        filters = _FILTERS[table]
        values: dict[str, str] = {}
        for key, value in given.items():
            if key.lower() == "token":
                _refuse_token()
            if key.lower() not in known:
                raise ConfigurationError(f"unknown option: `{key}` (expected one of {', '.join(allowed)})")
            values[known[key.lower()]] = value
        options = cls(
            tokens=_token_source(values),
            stores=_stores(values["stores"]) if "stores" in values else (),
            table=table,
            filters={
                filters[name][0]: _filter(name, value, filters[name][1])
                for name, value in values.items()
                if name in filters
            },
            pushdown=_flag("pushdown", values.get("pushdown", "false")),
            settle=_integer("settle", values.get("settle"), 0),
            base_url=values.get("baseUrl"),
            requests_per_minute=_integer("requestsPerMinute", values.get("requestsPerMinute"), 1),
            tasks_per_store=_integer("tasksPerStore", values.get("tasksPerStore"), 1),
            deadline=_integer("deadline", values.get("deadline"), 1),
            ca_file=values.get("caFile"),
            allow_http=_flag("allowHttp", values.get("allowHttp", "false")),
        )
        if "stores" in allowed and not options.stores:
            raise ConfigurationError('missing option: `stores` (expected ids of stores, such as "1003, 1004")')
        return options

    def client(self, store: int) -> Client:
        """Makes a client with the share of one task of the store's rate limit."""
        share = max(1, (self.requests_per_minute or _REQUESTS_PER_MINUTE) // (self.tasks_per_store or 1))
        return Client(
            store,
            self.tokens.token(store),
            base_url=self.base_url,
            requests_per_minute=share,
            deadline=self.deadline,
            ca_file=self.ca_file,
            allow_http=self.allow_http,
        )


def _refuse_token() -> NoReturn:
    raise ConfigurationError(
        "the option `token` is refused, because Spark sends options to all executors and catalogs store them; hint: "
        f"set the variable {DEFAULT_VARIABLE.replace('{store}', '<store id>')} on the executors, or use the option "
        "tokenEnv, tokenDir or tokenProvider"
    )


def _token_source(values: dict[str, str]) -> TokenSource:
    found = [TokenSource(name, values[name]) for name in _TOKEN_SOURCES if name in values]
    if len(found) > 1:
        names = " and ".join(source.option for source in found)
        raise ConfigurationError(f"more than one place of the tokens: {names} (expected one)")
    source = found[0] if found else TokenSource("tokenEnv", DEFAULT_VARIABLE)
    if source.option == "tokenProvider":
        module, _, name = source.value.partition(":")
        if not module or not name:
            raise _invalid("tokenProvider", source.value, "a function, such as `my_secrets:token_of_store`")
    return source


def _stores(text: str) -> tuple[int, ...]:
    expected = 'ids of stores, such as "1003, 1004"'
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise _invalid("stores", text, expected)
    # A store that is named twice has one partition.
    return tuple(dict.fromkeys(map(int, parts)))


def _filter(name: str, text: str, annotation: str) -> str | list[str] | bool:
    if annotation == "bool":
        return _flag(name, text)
    if "Sequence[" in annotation:
        return [part.strip() for part in text.split(",")]
    return text


def _flag(name: str, text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise _invalid(name, text, "true or false")
    return text.lower() == "true"


def _integer(name: str, text: str | None, least: int) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) < least:
        raise _invalid(name, text, f"an integer of at least {least}")
    return int(text)


def _invalid(name: str, text: str, expected: str) -> ConfigurationError:
    return ConfigurationError(f"invalid option {name}: `{text}` (expected {expected})")
