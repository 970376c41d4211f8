"""Creates coupons with the batch endpoint, as a script without this project would."""

import json
import resource
import secrets
import sys
import time

import requests

base_url, store_id, token, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
ALPHABET = "23456789CDFGHJKMNPQRTVWX"

start = time.perf_counter()
session = requests.Session()
session.headers["Authorization"] = f"Bearer {token}"
calls = 0


def call(method: str, url: str, **arguments: object) -> dict:
    global calls
    calls += 1
    response = session.request(method, f"{base_url}/{store_id}/{url}", timeout=60, **arguments)
    response.raise_for_status()
    return response.json()


codes = {"SPRING-" + "".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(count)}
rows = [
    {"name": "Spring", "code": code, "discountType": "PERCENT", "discount": 10, "usesLimit": "SINGLE"} for code in codes
]
created = 0
for begin in range(0, len(rows), 500):
    batch = [
        {"id": str(index), "path": "/discount_coupons", "method": "POST", "body": row}
        for index, row in enumerate(rows[begin : begin + 500])
    ]
    options = {"allowParallelMode": "true", "stopOnFirstFailure": "false"}
    ticket = call("POST", "batch", params=options, json=batch)["ticket"]
    while True:
        time.sleep(1)
        status = call("GET", "batch", params={"ticket": ticket, "escapedJson": "true"})
        if status["status"] == "COMPLETED":
            break
    created += sum(response["httpStatusCode"] == 200 for response in status["responses"])
assert created == count, f"{created} of {count}"

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps({"seconds": time.perf_counter() - start, "requests": calls, "peakMb": peak, "fileBytes": None}))
