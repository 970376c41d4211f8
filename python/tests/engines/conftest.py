"""Fixtures of the tests with engines, which `cargo xtask ci --only engines` runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from ecwid_coupons import Client
from ecwid_coupons.testing import Sandbox

# Each token is a text that a search of logs finds.
TOKENS = {store: f"secret_engines_{store}_f3a9" for store in (1003, 1004, 1005)}

# The number of coupons of each store.
COUNTS = {1003: 130, 1004: 20, 1005: 1}


@dataclass
class ThreeStores:
    """Three stores of one sandbox, with clients that have no rate limit."""

    sandbox: Sandbox
    clients: dict[int, Client]

    @property
    def base_url(self) -> str:
        return self.sandbox.base_url

    @property
    def ids(self) -> str:
        return ", ".join(map(str, self.clients))

    def count(self) -> dict[int, int]:
        return {store: client.search().count() for store, client in self.clients.items()}


@pytest.fixture
def empty_stores() -> Iterator[ThreeStores]:
    """Three stores without coupons."""
    with ExitStack() as stack:
        first, *others = TOKENS
        sandbox = stack.enter_context(Sandbox(store_id=first, token=TOKENS[first], requests_per_minute=None))
        for store in others:
            sandbox.add_token(store, TOKENS[store])
        clients = {
            store: stack.enter_context(Client(store, token, base_url=sandbox.base_url, requests_per_minute=2**32 - 1))
            for store, token in TOKENS.items()
        }
        yield ThreeStores(sandbox, clients)


@pytest.fixture
def stores(empty_stores: ThreeStores) -> ThreeStores:
    """Three stores with different numbers of coupons, whose columns all have values."""
    with Sandbox(seed=max(COUNTS.values()), requests_per_minute=None) as source, source.client() as client:
        coupons = client.search().to_dicts()
    for store, count in COUNTS.items():
        new = {
            "code": f"EXTRA-{store}",
            "name": "All fields",
            "discount": "12.345",
            "launch_date": "2026-01-01",
            "expiration_date": "2999-12-31",
            "total_limit": "0.5",
            "catalog_limit": {"products": [1, 2], "categories": [3]},
            "shipping_limit": {"shippingMethods": ["a", "ä"]},
        }
        # Only loaded coupons keep fields that the sandbox does not know.
        if store == empty_stores.sandbox.store_id:
            empty_stores.sandbox.load([{"id": 1, "code": "LOADED", "name": "Unknown field", "newField": [1, "ä"]}])
            count -= 1
        empty_stores.clients[store].create_many([new, *coupons[: count - 1]], keep_order_count=True)
    assert empty_stores.count() == COUNTS
    empty_stores.sandbox.clear_requests()
    return empty_stores
