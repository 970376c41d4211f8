"""Fixtures of the tests with engines, which `cargo xtask ci --only engines` runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from ecwid_coupons import Client
from ecwid_coupons.testing import Sandbox
from three_stores import COUNTS, TOKENS, ThreeStores


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
