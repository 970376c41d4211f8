"""Three stores of one sandbox, for engines that read several stores."""

from __future__ import annotations

from dataclasses import dataclass

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
