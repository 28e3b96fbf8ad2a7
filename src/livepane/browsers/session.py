"""The seam to one page of a Chromium: a Chrome DevTools Protocol (CDP) session, whoever opened it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Params = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], object]

CLOSED = "closed"
"""An event of ours, told once: the session has ended. Params: `{"reason": str}`."""


class CdpSession(Protocol):
    """One page, tab or browser to send commands to and hear events from.

    Three stand behind it: our own pipe to a Chromium that we launched, a WebSocket to a Chrome that was
    already running, and a session lent by somebody's own Playwright.
    """

    async def send(self, method: str, params: Params | None = None) -> dict[str, Any]:
        """Send a command and return its result.

        Raises:
            SourceGone: the session or the browser has ended.
            Unavailable: the browser refused the command; the message has its words.
        """

    def on(self, event: str, handler: Handler) -> None:
        """Call `handler(params)` for every `event`, in the order of arrival. It must not block."""

    def off(self, event: str, handler: Handler) -> None:
        """Undo `on`. Silent when there is nothing to undo."""
