"""Creates coupons with the batch endpoint, as a script without this project would. Prints what it took as JSON."""

from __future__ import annotations

import json
import resource
import secrets
import sys
import time
from typing import Any

import requests

ALPHABET = "23456789CDFGHJKMNPQRTVWX"


class Store:
    """A store, and how many requests it has received."""

    def __init__(self, base_url: str, store_id: str, token: str) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.url = f"{base_url}/{store_id}/batch"
        self.requests = 0

    def call(self, method: str, **arguments: Any) -> Any:
        self.requests += 1
        response = self.session.request(method, self.url, timeout=60, **arguments)
        response.raise_for_status()
        return response.json()

    def create(self, coupons: list[dict[str, Any]]) -> int:
        """Creates up to 500 coupons, and returns how many were created."""
        batch = [
            {"id": str(index), "path": "/discount_coupons", "method": "POST", "body": coupon}
            for index, coupon in enumerate(coupons)
        ]
        options = {"allowParallelMode": "true", "stopOnFirstFailure": "false"}
        ticket = self.call("POST", params=options, json=batch)["ticket"]
        while True:
            time.sleep(1)
            status = self.call("GET", params={"ticket": ticket, "escapedJson": "true"})
            if status["status"] == "COMPLETED":
                return sum(response["httpStatusCode"] == 200 for response in status["responses"])


def main() -> None:
    base_url, store_id, token, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    start = time.perf_counter()
    store = Store(base_url, store_id, token)
    codes = {"SPRING-" + "".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(count)}
    coupons = [
        {"name": "Spring", "code": code, "discountType": "PERCENT", "discount": 10, "usesLimit": "SINGLE"}
        for code in codes
    ]
    created = sum(store.create(coupons[begin : begin + 500]) for begin in range(0, len(coupons), 500))
    assert created == count, f"{created} of {count}"
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "requests": store.requests, "peakMb": peak, "fileBytes": None}))


if __name__ == "__main__":
    main()
