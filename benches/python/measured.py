"""Figures, and how they are gathered."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Clock = Callable[[], float]

WALL: Clock = time.perf_counter
# Of all threads of the process, so that other programs do not count; only for work of one thread.
CPU: Clock = time.process_time


@dataclass(frozen=True)
class Contender:
    """Who does the work, and how."""

    name: str
    work: Callable[[], object]
    is_ours: bool = False
    target: float | None = None
    """The most that the figure of ours may be: in that of the yardstick where the work has one, in units otherwise."""


@dataclass(frozen=True)
class Work:
    """What is done, by all contenders in turn."""

    name: str
    unit: str
    contenders: Sequence[Contender]
    per_second: float
    """What a second is in the unit, divided by how much is done."""
    yardstick: str | None = None
    """The contender whose figure is 1."""
    clock: Clock = WALL


@dataclass
class Row:
    """The figure of a contender."""

    work: str
    who: str
    unit: str
    figure: float
    ratio: float | None = None
    target: float | None = None
    is_ours: bool = False

    @property
    def is_met(self) -> bool | None:
        """Whether ours is as fast as it is to be."""
        if self.target is None:
            return None
        return (self.figure if self.ratio is None else self.ratio) <= self.target


@dataclass
class Times:
    """What the rounds took."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def measure(work: Work, rounds: int, check: Callable[[object], object]) -> list[Row]:
    """Has all contenders do the work, round by round, each beginning in turn; the first round does not count."""
    times = Times()
    for round_number in range(rounds + 1):
        first = round_number % len(work.contenders)
        for contender in [*work.contenders[first:], *work.contenders[:first]]:
            gc.collect()
            start = work.clock()
            done = contender.work()
            took = work.clock() - start
            # What it holds is let go of outside of what is timed.
            check(done)
            del done
            if round_number > 0:
                times.add(contender.name, took)
    return [_row(work, contender, times) for contender in work.contenders]


def _row(work: Work, contender: Contender, times: Times) -> Row:
    seconds = times.median(contender.name)
    ratio = None if work.yardstick is None else seconds / times.median(work.yardstick)
    return Row(
        work.name, contender.name, work.unit, seconds * work.per_second, ratio, contender.target, contender.is_ours
    )


def run(coroutine: Callable[[], Awaitable[object]]) -> Callable[[], object]:
    """What is awaited, as work of its own event loop."""
    import asyncio

    async def awaited() -> object:
        return await coroutine()

    return lambda: asyncio.run(awaited())
