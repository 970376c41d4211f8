"""Measures reading data frames and single coupons from a server."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import aiohttp
import ecwid_coupons
import httpx
import orjson
import polars
import requests

from measured import Contender, Row, Work, measure, run
from reading import polars_of_dicts

STORE_ID = 1003
TOKEN = "secret_bench"
AT_ONCE = 8
UNLIMITED = 2**32 - 1


@contextmanager
def serve(program: str, delay_milliseconds: int = 0, times: int = 1) -> Iterator[str]:
    """Runs a server with the pages, repeated `times` times, in a separate process. Yields its base URL."""
    command = [program, "serve", "--delay-milliseconds", str(delay_milliseconds), "--times", str(times)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://{process.stdout.readline().strip()}/api/v3"
        # The server ends when its standard input is closed.
        process.stdin.close()


class Calls:
    """Reads the same pages with each client."""

    def __init__(self, base_url: str, offsets: Sequence[int]) -> None:
        self.urls = [f"{base_url}/{STORE_ID}/discount_coupons?offset={offset}" for offset in offsets]
        self.headers = {"Authorization": f"Bearer {TOKEN}"}
        self.settings: dict[str, Any] = {
            "store_id": STORE_ID,
            "token": TOKEN,
            "base_url": base_url,
            "requests_per_minute": UNLIMITED,
        }

    def ours(self) -> polars.DataFrame:
        with ecwid_coupons.Client(**self.settings) as coupons:
            return coupons.search().to_polars(concurrency=AT_ONCE)

    async def ours_async(self) -> polars.DataFrame:
        async with ecwid_coupons.AsyncClient(**self.settings) as coupons:
            return await coupons.search().to_polars(concurrency=AT_ONCE)

    def requests(self) -> polars.DataFrame:
        with requests.Session() as session:
            session.headers.update(self.headers)
            pages = [session.get(url).json()["items"] for url in self.urls]
        return polars_of_dicts([coupon for page in pages for coupon in page])

    def httpx(self) -> polars.DataFrame:
        with httpx.Client(headers=self.headers) as client:
            pages = [client.get(url).json()["items"] for url in self.urls]
        return polars_of_dicts([coupon for page in pages for coupon in page])

    async def aiohttp(self) -> polars.DataFrame:
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(headers=self.headers, connector=connector) as session:
            pages = await asyncio.gather(*(_page(session, url) for url in self.urls))
        return polars_of_dicts([coupon for page in pages for coupon in page])

    async def each_of_ours(self) -> int:
        async with ecwid_coupons.AsyncClient(**self.settings) as coupons:
            return len([None async for _ in coupons.search()])

    async def each_of_aiohttp(self) -> int:
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(headers=self.headers, connector=connector) as session:

            async def coupons() -> AsyncIterator[dict[str, Any]]:
                for url in self.urls:
                    for coupon in await _page(session, url):
                        yield coupon

            return len([None async for _ in coupons()])


async def _page(session: aiohttp.ClientSession, url: str) -> list[dict[str, Any]]:
    async with session.get(url) as response:
        page: list[dict[str, Any]] = orjson.loads(await response.read())["items"]
        return page


def rows(program: str, pages: Sequence[bytes], rounds: int) -> list[Row]:
    """Returns the rows about calls."""
    offsets = [json.loads(page)["offset"] for page in pages]
    count = sum(len(json.loads(page)["items"]) for page in pages)

    def all_there(done: Any) -> None:
        found = done if isinstance(done, int) else len(done)
        assert found == count, f"{found} coupons of {count}"

    found = []
    for delay, target in ((0, 0.33), (50, 1.0)):
        with serve(program, delay) as base_url:
            calls = Calls(base_url, offsets)
            contenders = [
                Contender("ecwid_coupons", calls.ours, is_ours=True, target=target),
                Contender("ecwid_coupons, asyncio", run(calls.ours_async), is_ours=True),
                Contender("aiohttp, orjson, polars.from_dicts", run(calls.aiohttp)),
            ]
            if delay == 0:
                # Sequential clients with a delay would only measure the delay.
                contenders += [
                    Contender("requests, polars.from_dicts, one after the other", calls.requests),
                    Contender("httpx, polars.from_dicts, one after the other", calls.httpx),
                ]
            name = f"{len(pages)} pages to a polars frame, {AT_ONCE} at once, responses after {delay} ms"
            work = Work(name, "ms", contenders, 1000.0, yardstick="aiohttp, orjson, polars.from_dicts")
            found += measure(work, rounds, all_there)
            if delay == 0:
                contenders = [
                    Contender("ecwid_coupons", run(calls.each_of_ours), is_ours=True, target=8.0),
                    Contender("aiohttp, orjson, dicts", run(calls.each_of_aiohttp)),
                ]
                work = Work("async for, responses after 0 ms", "us per coupon", contenders, 1e6 / count)
                found += measure(work, rounds, all_there)
    return found
