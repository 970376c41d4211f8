"""An asynchronous client that is called like a synchronous one."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Iterator
from typing import Any


class Waiting:
    """Wraps an object of the asynchronous API and waits for each call, so that one test covers both clients."""

    def __init__(self, twin: Any, runner: asyncio.Runner) -> None:
        self._twin = twin
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._twin, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **named: Any) -> Any:
            result = value(*arguments, **named)
            if inspect.isawaitable(result):
                return self._runner.run(waited(result))
            return Waiting(result, self._runner) if hasattr(result, "__aiter__") else result

        return call

    def __iter__(self) -> Iterator[Any]:
        iterator = aiter(self._twin)

        async def take() -> Any:
            return await anext(iterator)

        while True:
            try:
                item = self._runner.run(take())
            except StopAsyncIteration:
                return
            yield item

    def __repr__(self) -> str:
        return repr(self._twin)


async def waited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
