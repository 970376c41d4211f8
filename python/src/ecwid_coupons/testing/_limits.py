"""How many requests a sandbox takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a token may send, and what happens to one that sends more.

    The default is what the vendor documents; how long the longer block is, no page says.

    Example:
        >>> sandbox.set_limits(Limits(requests_per_minute=None)).requests_per_minute is None
        True
    """

    requests_per_minute: int | None = 600
    """The most requests of a token in any 60 seconds; None for no limit. What is above it is a `RateLimitError`."""
    requests_per_minute_while_blocked: int = 20
    """The most in any 60 seconds of a token that was told to wait, before the longer block."""
    requests_while_blocked: int = 600
    """The same, of all requests while it was told to wait."""
    longer_block_seconds: int = 600
    """How long the longer block is, in seconds."""
