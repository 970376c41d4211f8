"""The sandbox's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Clock"]


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a sandbox shows."""

    now: datetime
    """Its time, in UTC."""
    is_stopped: bool
    """Whether it stands still."""
