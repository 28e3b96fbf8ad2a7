"""One connection to a server that takes JPEGs and says nothing back: one binary message per picture."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from livepane.domain.demand import Demand
from livepane.domain.frame import Encoding, Picture
from livepane.producing.link import Seat
from livepane.producing.render import Renderer
from livepane.producing.websocket import ended

FPS, QUALITY = 8.0, 60  # where no ceiling is set
REPEAT = 1.0  # s: such a server may keep no picture for those who come later


class PlainLink:
    """Captures and sends for as long as it is connected, because nobody says whether anybody looks. Runs once."""

    def __init__(self, websocket: ClientConnection, name: str, seat: Seat) -> None:
        self._websocket = websocket
        self._name = name
        self._outbox, self._demand = seat.outbox, seat.demand
        self._wish = seat.ceilings.limit(Demand(fps=seat.ceilings.fps or FPS, quality=seat.ceilings.quality or QUALITY))

    async def run(self) -> None:
        """Serve until the connection ends or the task is cancelled.

        Raises:
            LivepaneError: why the connection ended; see `ended`.
        """
        self._outbox.introduce()
        self._demand.set(self._wish)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(), name="plain-producer-listen")
                tasks.create_task(self._send(), name="plain-producer-send")
        except BaseExceptionGroup as group:
            error = group.exceptions[0]  # the first to fail cancelled the other
            raise (ended(error, self._name) if isinstance(error, ConnectionClosed) else error) from None

    async def _send(self) -> None:
        renderer, clock = Renderer(), asyncio.get_running_loop().time
        newest: Picture | None = None
        again_at = clock() + REPEAT
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(again_at):
                    await self._outbox.pictures.filled()
            picture = self._outbox.pictures.take()
            rendered = picture and await renderer.new(picture, self._wish)
            if rendered is not None and rendered.encoding is Encoding.JPEG:
                newest = rendered
            elif clock() < again_at:
                continue  # nothing new, and not yet time to repeat it
            again_at = clock() + REPEAT
            if newest is not None:
                await self._websocket.send(newest.data)

    async def _listen(self) -> None:
        """Such a server sends nothing that we understand; listening tells when it goes."""
        while True:
            await self._websocket.recv()
