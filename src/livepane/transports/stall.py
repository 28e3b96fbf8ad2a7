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

    def paused(self, transport: asyncio.Transport, below: asyncio.Transport | None = None) -> None:
        """The kernel did not take everything. Under TLS, `below` is what carries the encrypted bytes."""
        if self._timer is None:
            self._watch(transport, below)

    def resumed(self) -> None:
        """It has now, or the connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch(self, transport: asyncio.Transport, below: asyncio.Transport | None) -> None:
        left = _left(transport, below)
        self._timer = asyncio.get_running_loop().call_later(self.seconds, self._check, transport, below, left)

    def _check(self, transport: asyncio.Transport, below: asyncio.Transport | None, before: int) -> None:
        self._timer = None
        if _left(transport, below) < before:
            self._watch(transport, below)
            return
        log.warning("a viewer took nothing for %g s (LIVEPANE_SEND_STALL_SECONDS) and was cut off", self.seconds)
        transport.abort()


def buffer_limit(transport: asyncio.Transport) -> int:
    """The high-water mark that means "tell me as soon as one byte waits"."""
    # A TLS transport pauses at the mark, a plain one above it: with 0 it would pause when it is empty, and for ever.
    return 1 if transport.get_extra_info("sslcontext") else 0


def _left(transport: asyncio.Transport, below: asyncio.Transport | None) -> int:
    return transport.get_write_buffer_size() + (below.get_write_buffer_size() if below is not None else 0)
