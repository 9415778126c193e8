"""The time as a visit knows it: the machine's, or in a replay that of the night whose answers are read again."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock, or one that is `ahead` of it: a rehearsal's, which has a month go by in minutes."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC) + self._ahead

    def end(self) -> datetime:
        """The instant a visit that ends now ended, UTC."""
        return self.now()

    def monotonic(self) -> float:
        """Seconds since some instant; whoever sets the clock does not change them."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


class NightClock(Clock):
    """The clock of a visit that is over: it stands where it is put, and nobody waits for it.

    Attributes:
        instant: what it shows. ended: when the visit ended.
        expired: the visit's time is up, as it was in that night.
    """

    def __init__(self, started: datetime, ended: datetime) -> None:
        super().__init__()
        self.instant = started
        self.ended = ended
        self.expired = False

    def now(self) -> datetime:
        """What it shows."""
        return self.instant

    def end(self) -> datetime:
        """When the visit ended."""
        return self.ended

    def monotonic(self) -> float:
        """Stands still until the visit's time is up."""
        return float("inf") if self.expired else 0.0

    async def sleep(self, seconds: float) -> None:
        """Does not wait."""
