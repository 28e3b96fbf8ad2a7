"""How long a job waits before it is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Twice as long each time, and never the same for all: those that failed together do not come back together."""

    first: float = 2.0  # seconds
    most: float = 300.0

    def delay(self, tries: int) -> float:
        """Seconds after the so-manieth try, from one on."""
        longest = min(self.most, self.first * 2.0 ** min(tries - 1, 30))
        return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
