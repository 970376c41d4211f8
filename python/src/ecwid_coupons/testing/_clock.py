"""The sandbox's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a sandbox shows.

    Example:
        >>> sandbox.set_time("2030-01-01 08:00:00 +0000")
        Clock(now=datetime.datetime(2030, 1, 1, 8, 0, tzinfo=datetime.timezone.utc), is_stopped=True)
    """

    now: datetime
    """Its time, in UTC."""
    is_stopped: bool
    """Whether it stands still."""
