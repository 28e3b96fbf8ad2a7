"""Finds elements of a page that we drive ourselves, by CSS selectors."""

from __future__ import annotations

import json

from livepane.browsers.session import CdpSession
from livepane.domain.stream import Box

WORLD = "livepane"


class WorldFinder:
    """In a world of its own: it shares the page's elements and nothing else, so the page sees nothing of it."""

    def __init__(self, session: CdpSession) -> None:
        self._session = session

    async def find(self, selector: str) -> Box | None:
        """Finder: where the first visible one is. Raises what the session does."""
        frame = (await self._session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        # The same name is the same world, for as long as the document lasts.
        world = await self._session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        asked = {"expression": _script(selector), "contextId": world["executionContextId"], "returnByValue": True}
        found = (await self._session.send("Runtime.evaluate", asked))["result"].get("value")
        return Box(*found) if found else None


def _script(selector: str) -> str:
    return (
        f"(() => {{ for (const one of document.querySelectorAll({json.dumps(selector)})) {{"
        " const box = one.getBoundingClientRect();"
        " if (box.width > 0 && box.height > 0 && getComputedStyle(one).visibility === 'visible')"
        " return [box.x, box.y, box.width, box.height]; } return null; })()"
    )
