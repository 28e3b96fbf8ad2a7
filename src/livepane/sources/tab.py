"""Tabs of a Chrome that was already running with a debugging port: listed, photographed, and shown as sources."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livepane.browsers.cdp import CdpConnection, Session
from livepane.browsers.running import connect, debugging_endpoint
from livepane.browsers.session import CLOSED, CdpSession
from livepane.browsers.targets import Target, Targets
from livepane.domain.errors import NotFound, SourceGone, Unavailable
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.media.image import Limits, receive
from livepane.sources.cast import QUALITY
from livepane.sources.masking.single import Taken, photographed
from livepane.sources.masking.veil import cast_masked
from livepane.sources.masking.witness import Witness

PATIENCE = 10.0  # s for a still: a tab in the background may not be drawn at all
TALLEST = 16_384  # px of a still of a whole page: what Chromium can draw in one go
_ANY_SIZE = Limits(max_bytes=1 << 40, max_pixels=1 << 40)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the running Chrome. Title and URL are text from outside."""

    id: str
    title: str
    url: str


class ChromeTabs:
    """Connects on the first question and again after Chrome was restarted. Nothing is changed in anybody's tab."""

    def __init__(self, endpoint: str = "http://127.0.0.1:9222") -> None:
        self.endpoint = debugging_endpoint(endpoint)
        self._connecting = asyncio.Lock()
        self._connection: CdpConnection | None = None
        self._targets: Targets | None = None

    async def list(self) -> list[Tab]:
        """The tabs that are open now.

        Raises:
            Unavailable: no Chrome answers; the message has the mend.
        """
        _, targets = await self._connected()
        return [Tab(target.id, target.title, target.url) for target in await targets.list() if _is_tab(target)]

    async def capture(
        self, tab_id: str, encoding: Encoding = Encoding.JPEG, quality: int | None = None, full_page: bool = False
    ) -> Picture:
        """One picture of a tab as it is now, its password fields painted over; `full_page` takes also what is out of view.

        Raises:
            NotFound: there is no such tab.
            Unavailable: no Chrome answers, or the tab cannot be drawn.
        """
        connection, _, _ = await self._find(tab_id)
        session = await connection.attach(tab_id)
        witness = Witness(session)

        async def take() -> Taken:
            return await _photograph(session, encoding, QUALITY if quality is None else quality, full_page)

        try:
            return await photographed(witness, take, PATIENCE)
        except TimeoutError:
            raise Unavailable(f"The tab {tab_id!r} is not drawn: it is in the background. Bring it to the front.") from None
        finally:
            witness.end()
            await connection.detach(session)

    async def attach(self, tab_id: str) -> TabSource:
        """A source that shows a tab. Closing it leaves the tab as it is.

        Raises:
            NotFound: there is no such tab.
            Unavailable: no Chrome answers.
        """
        connection, targets, target = await self._find(tab_id)
        source = TabSource(connection, targets, target, await connection.attach(tab_id))
        await targets.follow(tab_id, source)
        return source

    async def close(self) -> None:
        """Let go of Chrome, which goes on."""
        connection, self._connection, self._targets = self._connection, None, None
        if connection is not None:
            await connection.close()

    async def _find(self, tab_id: str) -> tuple[CdpConnection, Targets, Target]:
        connection, targets = await self._connected()
        for target in await targets.list():
            if target.id == tab_id and _is_tab(target):
                return connection, targets, target
        raise NotFound(f"Chrome at {self.endpoint} has no tab {tab_id!r}. GET /api/chrome/tabs lists those that it has.")

    async def _connected(self) -> tuple[CdpConnection, Targets]:
        async with self._connecting:
            if self._connection is None or self._targets is None or not self._connection.is_open:
                await self.close()
                self._connection = await connect(self.endpoint)
                self._targets = Targets(self._connection)
            return self._connection, self._targets


class TabSource:
    """One tab. Cast while watched, password fields painted over; in between it costs its Chrome nothing."""

    def __init__(self, connection: CdpConnection, targets: Targets, target: Target, session: Session) -> None:
        self.title = target.title
        self.url = target.url
        self.on_describe: Callable[[str, str], object] | None = None  # title, url
        self.on_gone: Callable[[str], object] | None = None  # the reason
        self._id = target.id
        self._connection = connection
        self._targets = targets
        self._session = session
        self._witness = Witness(session)
        self._sink: FrameSink | None = None
        self._gone: str | None = None
        session.on(CLOSED, self._on_closed)

    @property
    def session(self) -> CdpSession:
        """Commands to the tab."""
        return self._session

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        if self._gone is not None:
            raise SourceGone(self._gone)
        self._sink = sink
        try:
            sink.describe(title=self.title, url=self.url)
            await cast_masked(self._session, self._witness, sink, demand)
        finally:
            self._sink = None

    async def close(self) -> None:
        """Source: let go of the tab, which stays open."""
        self._witness.end()
        self._targets.unfollow(self._id)
        await self._connection.detach(self._session)

    def described(self, target: Target) -> None:
        """Follower: where it is now, and what it is called."""
        if (target.title, target.url) == (self.title, self.url):
            return
        self.title, self.url = target.title, target.url
        if self._sink is not None:
            self._sink.describe(title=self.title, url=self.url)
        if self.on_describe is not None:
            self.on_describe(self.title, self.url)

    def opened(self, popup: Target) -> None:
        """Follower: it opened another tab, which is somebody's own and stays so until asked for."""

    def _on_closed(self, params: dict[str, Any]) -> None:
        self._gone = params["reason"]
        self._targets.unfollow(self._id)
        if self.on_gone is not None:
            self.on_gone(self._gone)


async def _photograph(session: Session, encoding: Encoding, quality: int, full_page: bool) -> Taken:
    whole = None
    options: dict[str, Any] = {"format": encoding.value}
    if encoding is not Encoding.PNG:
        options["quality"] = quality
    if full_page:
        size = (await session.send("Page.getLayoutMetrics"))["cssContentSize"]
        whole = (size["width"], min(size["height"], TALLEST))
        # Never another scale than 1: it would reflow the page under its user's eyes.
        options["clip"] = {"x": 0, "y": 0, "width": whole[0], "height": whole[1], "scale": 1}
        options["captureBeyondViewport"] = True
    captured_at = time.time_ns()
    answer = await session.send("Page.captureScreenshot", options)
    return receive(base64.b64decode(answer["data"]), _ANY_SIZE, captured_at=captured_at), whole


def _is_tab(target: Target) -> bool:
    return not target.url.startswith("devtools://")
