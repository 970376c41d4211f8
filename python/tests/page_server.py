"""A small store with scripted pages and creates."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers import HttpServer, Request, Response


def numbered_pages(total: int) -> Callable[[int, int], tuple[int, str]]:
    """Returns a function for the pages of a store with this number of coupons. They differ only in their numbers."""

    def page(offset: int, limit: int) -> tuple[int, str]:
        numbers = range(offset + 1, min(offset + limit, total) + 1)
        return total, ",".join([_COUPON % (number, number, number, number % 50) for number in numbers])

    return page


_COUPON = (
    '{"id":%d,"name":"Spring sale number %d","code":"SPRING-%d","discountType":"PERCENT","status":"ACTIVE",'
    '"discount":12.5,"launchDate":"2022-07-28 23:00:00 +0000","usesLimit":"UNLIMITED","orderCount":%d,'
    '"creationDate":"2022-07-29 08:13:01 +0000","updateDate":"2023-01-29 08:13:01 +0000"}'
)


class PageServer(HttpServer):
    """A store that responds to searches with `page` and to creates with `create`, and records the requests.

    It does not accept batches.
    """

    def __init__(
        self,
        page: Callable[[int, int], tuple[int, str]] | None = None,
        create: Callable[[dict[str, Any]], Response] | None = None,
    ) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.gets: list[str] = []
        self._page = page or (lambda _offset, _limit: (0, ""))
        self._create = create or self.store
        self._codes: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def respond(self, request: Request) -> Response:
        if request.method == "GET":
            self.gets.append(request.path)
            return self._get(request.path)
        if "/batch" in request.path:
            return Response(404)
        body = json.loads(request.body)
        with self._lock:
            self.posts.append(body)
        return self._create(body)

    def store(self, coupon: dict[str, Any]) -> Response:
        """Creates a coupon, unless its code is taken."""
        with self._lock:
            code = coupon["code"].lower()
            if code in self._codes:
                return Response(409, '{"errorMessage":"the code is taken","errorCode":"CONSTRAINT_VIOLATION"}')
            coupon = {"id": len(self._codes) + 1, **coupon}
            self._codes[code] = coupon
            return Response(200, json.dumps({"id": coupon["id"], "code": coupon["code"]}))

    def _get(self, path: str) -> Response:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
        if "code" in query:
            found = self._codes.get(query["code"].lower())
            total, items = (1, json.dumps(found)) if found else (0, "")
        else:
            try:
                total, items = self._page(offset, limit)
            except PermissionError:
                return Response(403)
        count = min(limit, max(0, total - offset))
        return Response(200, f'{{"total":{total},"count":{count},"offset":{offset},"limit":{limit},"items":[{items}]}}')
