"""A hand on mouse and keyboard: real input events at the pace of a person."""

from __future__ import annotations

import asyncio
import json
import math
import random

from livepane.browsers.session import CdpSession
from livepane.domain.errors import Unavailable

STEP = 1 / 30  # s between two positions of a moving mouse
_KEYS = {"Tab": 9, "Enter": 13, "Backspace": 8}


class Hand:
    """Moves, clicks, scrolls and types in one page. Every wait is drawn from a seeded die, so each round looks human."""

    def __init__(self, session: CdpSession, seed: int = 7) -> None:
        self._session = session
        self._dice = random.Random(seed)  # noqa: S311  it decides pauses
        self._x, self._y = 640.0, 360.0

    async def pause(self, seconds: float) -> None:
        """Think for about that long."""
        await asyncio.sleep(seconds * self._dice.uniform(0.7, 1.3))

    async def move(self, selector: str) -> None:
        """Move the mouse onto an element in a slight curve.

        Raises:
            Unavailable: the page has no such element.
        """
        x, y = await self._middle(selector)
        from_x, from_y = self._x, self._y
        distance = math.hypot(x - from_x, y - from_y)
        steps = max(2, round(distance / 45))
        bend = distance * self._dice.uniform(-0.12, 0.12)
        for step in range(1, steps + 1):
            part = step / steps
            ease = part * part * (3 - 2 * part)
            aside = bend * math.sin(math.pi * ease)
            self._x = from_x + (x - from_x) * ease - (y - from_y) / (distance or 1) * aside
            self._y = from_y + (y - from_y) * ease + (x - from_x) / (distance or 1) * aside
            await self._mouse("mouseMoved")
            await asyncio.sleep(STEP)

    async def click(self, selector: str) -> None:
        """Move there and press the left button."""
        await self.move(selector)
        await self.pause(0.12)
        await self._mouse("mousePressed", button="left", clickCount=1)
        await self.pause(0.08)
        await self._mouse("mouseReleased", button="left", clickCount=1)

    async def scroll(self, selector: str, pixels: float) -> None:
        """Turn the wheel over an element, notch by notch; negative is up."""
        await self.move(selector)
        notches = max(1, round(abs(pixels) / 60))
        for _ in range(notches):
            await self._mouse("mouseWheel", deltaX=0, deltaY=pixels / notches)
            await self.pause(0.09)

    async def type(self, text: str) -> None:
        """Type letter by letter, with a slip now and then that is taken back."""
        for place, letter in enumerate(text):
            if place and self._dice.random() < 0.04:
                await self._letter(self._dice.choice("aeinrst"))
                await self.pause(0.3)
                await self.key("Backspace")
            await self._letter(letter)
            await self.pause(0.11)

    async def key(self, name: str) -> None:
        """Press Tab, Enter or Backspace."""
        key = {"key": name, "code": name, "windowsVirtualKeyCode": _KEYS[name]}
        await self._session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        await self._session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        await self.pause(0.1)

    async def _letter(self, letter: str) -> None:
        await self._session.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": letter, "text": letter})
        await self._session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter})

    async def _mouse(self, kind: str, **more: object) -> None:
        await self._session.send("Input.dispatchMouseEvent", {"type": kind, "x": self._x, "y": self._y, **more})

    async def _middle(self, selector: str) -> tuple[float, float]:
        script = (
            f"(() => {{ const box = document.querySelector({json.dumps(selector)})?.getBoundingClientRect();"
            " return box && [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        answer = await self._session.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
        middle = answer["result"].get("value")
        if not middle:
            raise Unavailable(f"The demo page has no {selector}.")
        return middle[0], middle[1]
