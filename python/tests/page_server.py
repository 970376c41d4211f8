"""A small server of coupons, as fast as can be: pages of a store, and a store that creates by a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, str]


def numbered_pages(total: int) -> Callable[[int, int], tuple[int, str]]:
    """The pages of a store with so many coupons, which are numbered from 1 and alike but for that."""

    def page(offset: int, limit: int) -> tuple[int, str]:
        numbers = range(offset + 1, min(offset + limit, total) + 1)
        return total, ",".join([_COUPON % (number, number, number, number % 50) for number in numbers])

    return page


_COUPON = (
    '{"id":%d,"name":"Spring sale number %d","code":"SPRING-%d","discountType":"PERCENT","status":"ACTIVE",'
    '"discount":12.5,"launchDate":"2022-07-28 23:00:00 +0000","usesLimit":"UNLIMITED","orderCount":%d,'
    '"creationDate":"2022-07-29 08:13:01 +0000","updateDate":"2023-01-29 08:13:01 +0000"}'
)


class PageServer:
    """A store on a port of its own. It answers `items` in pages, and what is posted by `create`."""

    def __init__(
        self,
        page: Callable[[int, int], tuple[int, str]] | None = None,
        create: Callable[[dict[str, Any]], Answer] | None = None,
    ) -> None:
        self.posts: list[dict[str, Any]] = []
        self.gets: list[str] = []
        self._page = page or (lambda _offset, _limit: (0, ""))
        self._create = create or self.store
        self._codes: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.gets.append(self.path)
                self._answer(*server._get(self.path))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with server._lock:
                    server.posts.append(body)
                self._answer(*server._create(body))

            def _answer(self, status: int, body: str) -> None:
                data = body.encode()
                head = (
                    f"HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
                )
                try:
                    self.wfile.write(head.encode() + data)
                except OSError:  # the client has gone
                    self.close_connection = True

        Handler.disable_nagle_algorithm = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}/api/v3"

    def store(self, coupon: dict[str, Any]) -> Answer:
        """Creates a coupon, as a store does: once a code."""
        with self._lock:
            code = coupon["code"].lower()
            if code in self._codes:
                return 409, '{"errorMessage":"the code is taken","errorCode":"CONSTRAINT_VIOLATION"}'
            coupon = {"id": len(self._codes) + 1, **coupon}
            self._codes[code] = coupon
            return 200, json.dumps({"id": coupon["id"], "code": coupon["code"]})

    def _get(self, path: str) -> Answer:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
        if "code" in query:
            found = self._codes.get(query["code"].lower())
            total, items = (1, json.dumps(found)) if found else (0, "")
        else:
            try:
                total, items = self._page(offset, limit)
            except PermissionError:
                return 403, "{}"
        count = min(limit, max(0, total - offset))
        return 200, f'{{"total":{total},"count":{count},"offset":{offset},"limit":{limit},"items":[{items}]}}'

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
