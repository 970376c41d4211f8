"""Measures contenders in rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Clock = Callable[[], float]

WALL: Clock = time.perf_counter
# CPU time of the process, which does not depend on other programs. Only for work in one thread.
CPU: Clock = time.process_time


@dataclass(frozen=True)
class Contender:
    """A contender: a name and the work that it does."""

    name: str
    work: Callable[[], object]
    is_ours: bool = False
    target: float | None = None
    """The maximum result of this package: relative to the yardstick if there is one, otherwise in units."""


@dataclass(frozen=True)
class Work:
    """A task for all contenders."""

    name: str
    unit: str
    contenders: Sequence[Contender]
    per_second: float
    """The factor that converts seconds to the unit of the task."""
    yardstick: str | None = None
    """The contender that the others are compared with."""
    clock: Clock = WALL


@dataclass
class Row:
    """One figure of one contender. `cargo xtask bench` reads it as JSON: see `xtask/src/bench/row.rs`."""

    work: str
    who: str
    unit: str
    figure: float
    ratio: float | None = None
    target: dict[str, float] | None = None
    """The maximum of the ``"ratio"`` or of the ``"figure"``."""
    is_ours: bool = False
    more_is_better: bool = False


@dataclass
class Times:
    """The times of all rounds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def measure(work: Work, rounds: int, check: Callable[[object], object]) -> list[Row]:
    """Measures all contenders in rounds. They take turns at being first. The first round is not counted."""
    times = Times()
    for round_number in range(rounds + 1):
        first = round_number % len(work.contenders)
        for contender in [*work.contenders[first:], *work.contenders[:first]]:
            gc.collect()
            start = work.clock()
            done = contender.work()
            took = work.clock() - start
            # Free the result outside of the measured time.
            check(done)
            del done
            if round_number > 0:
                times.add(contender.name, took)
    return [_row(work, contender, times) for contender in work.contenders]


def _row(work: Work, contender: Contender, times: Times) -> Row:
    seconds = times.median(contender.name)
    ratio = None if work.yardstick is None else seconds / times.median(work.yardstick)
    target = None if contender.target is None else {"figure" if ratio is None else "ratio": contender.target}
    return Row(work.name, contender.name, work.unit, seconds * work.per_second, ratio, target, contender.is_ours)


def run(coroutine: Callable[[], Awaitable[object]]) -> Callable[[], object]:
    """Returns a function that runs a coroutine in its own event loop."""
    import asyncio

    async def awaited() -> object:
        return await coroutine()

    return lambda: asyncio.run(awaited())
