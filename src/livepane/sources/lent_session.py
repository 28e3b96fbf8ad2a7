"""A CDP session that a Playwright of this process lends us."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from livepane.browsers.session import CLOSED, Handler, Params
from livepane.domain.errors import SourceGone, Unavailable
from livepane.sources.driver import Driver


class LentSession:
    """A CdpSession over Playwright's CDPSession."""

    def __init__(self, session: Any, driver: Driver) -> None:
        self._session = session
        self._driver = driver
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        session.on("close", lambda _: self._tell(CLOSED, {"reason": "the page was closed"}))

    async def send(self, method: str, params: Params | None = None) -> dict[str, Any]:
        """Send a command and return its result."""
        try:
            result: dict[str, Any] = await self._driver.call(self._session.send, method, dict(params or {}))
        except Exception as error:
            raise refusal(error) from None
        return result

    def on(self, event: str, handler: Handler) -> None:
        """Call `handler(params)` for every `event`."""
        if event not in self._handlers and event != CLOSED:
            self._session.on(event, lambda params: self._tell(event, params))
        self._handlers[event].append(handler)

    def off(self, event: str, handler: Handler) -> None:
        """Undo `on`."""
        if handler in self._handlers[event]:
            self._handlers[event].remove(handler)

    def _tell(self, event: str, params: dict[str, Any] | None) -> None:
        for handler in list(self._handlers[event]):
            handler(params or {})


def refusal(error: Exception) -> SourceGone | Unavailable:
    """What an error of Playwright means to a capture."""
    said = str(error).partition("\n")[0]
    if type(error).__name__ == "TargetClosedError" or "has been closed" in said or "Connection closed" in said:
        return SourceGone("the page was closed")
    return Unavailable(said or type(error).__name__)
