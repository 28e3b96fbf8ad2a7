"""Finds elements of a Playwright page by Playwright's own selectors."""

from __future__ import annotations

from typing import Any

from livepane.domain.stream import Box
from livepane.sources.driver import Driver

MOST_FRAMES = 8  # that are searched; whoever works in a deeper one names it: `iframe >> internal:control=enter-frame >> button`


class PlaywrightFinder:
    """In the page itself, and else in its frames.

    Playwright asks its isolated world of the page, which the page does not see, and Chromium's layout, not the page's script.
    Nothing waits for an element, and nothing is scrolled.
    """

    def __init__(self, page: Any, driver: Driver) -> None:
        self._page, self._driver = page, driver

    async def find(self, selector: str) -> Box | None:
        """Finder: where the first visible one is. Raises what Playwright does, such as for what is no selector."""
        main = self._page.main_frame
        for frame in [main, *(one for one in self._page.frames if one is not main)][:MOST_FRAMES]:
            if (box := await self._in(frame, selector)) is not None:
                return box
        return None

    async def _in(self, frame: Any, selector: str) -> Box | None:
        call = self._driver.call
        handle = await call(frame.query_selector, f"{selector} >> visible=true")
        if handle is None:
            return None
        box = await call(handle.bounding_box)
        await call(handle.dispose)  # had it raised, the frame would be gone, and the handle with it
        return None if box is None else Box(box["x"], box["y"], box["width"], box["height"])
