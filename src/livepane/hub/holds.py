"""Demand without a viewer: somebody polls single pictures, and the capture goes on between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from livepane.domain.demand import RenditionSpec

Wish = tuple[float, RenditionSpec]  # pictures a second, and what each is to be


class Holds:
    """Wishes that lapse by themselves."""

    def __init__(self, on_lapse: Callable[[], object]) -> None:
        self._on_lapse = on_lapse
        self._timers: dict[Wish, asyncio.TimerHandle] = {}

    def add(self, wish: Wish, seconds: float) -> None:
        """Keep a wish for `seconds` from now, also one that is kept already."""
        if (old := self._timers.pop(wish, None)) is not None:
            old.cancel()
        self._timers[wish] = asyncio.get_running_loop().call_later(seconds, self._lapse, wish)

    def clear(self) -> None:
        """Drop all, without a word."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    @property
    def wishes(self) -> list[Wish]:
        """Those of now."""
        return list(self._timers)

    def _lapse(self, wish: Wish) -> None:
        self._timers.pop(wish, None)
        self._on_lapse()
