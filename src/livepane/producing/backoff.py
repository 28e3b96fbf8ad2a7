"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Ceilings of `first` seconds doubling to `most`; each wait is drawn evenly from zero to the ceiling (full jitter),
    so that a thousand clients of a restarted server do not come back at one moment."""

    def __init__(self, first: float = 0.25, most: float = 5.0, draw: Callable[[], float] = random.random) -> None:
        self._first = first
        self._most = most
        self._draw = draw
        self._ceiling = first

    def next(self) -> float:
        """Seconds to wait now."""
        ceiling, self._ceiling = self._ceiling, min(self._ceiling * 2, self._most)
        return ceiling * self._draw()

    def reset(self) -> None:
        """It worked: start small again."""
        self._ceiling = self._first
