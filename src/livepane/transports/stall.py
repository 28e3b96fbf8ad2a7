"""Slow is fine, stuck is not: ends a connection whose peer takes nothing at all."""

from __future__ import annotations

import asyncio
import logging

log = logging.getLogger(__name__)

SECONDS = 10.0


class StallWatch:
    """Told when the transport pauses and resumes writing; aborts it after `seconds` without a byte taken."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def paused(self, transport: asyncio.Transport) -> None:
        """The kernel did not take everything."""
        if self._timer is None:
            self._watch(transport)

    def resumed(self) -> None:
        """It has now, or the connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch(self, transport: asyncio.Transport) -> None:
        left = transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(self.seconds, self._check, transport, left)

    def _check(self, transport: asyncio.Transport, before: int) -> None:
        self._timer = None
        if transport.get_write_buffer_size() < before:
            self._watch(transport)
            return
        log.warning("a viewer took nothing for %g s (LIVEPANE_SEND_STALL_SECONDS) and was cut off", self.seconds)
        transport.abort()
