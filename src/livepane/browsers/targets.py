"""What a browser says of its pages: where each one is, what it is called, and which one opened another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self

from livepane.browsers.cdp import CdpConnection
from livepane.deadline import within
from livepane.domain.errors import LivepaneError

POLL = 2.0  # s; Chromium tells of navigations by itself, but not of a page that only changes its title

_PAGES_ONLY = [{"type": "page", "exclude": False}, {"exclude": True}]


@dataclass(frozen=True, slots=True)
class Target:
    """A page or tab. Title and URL come from outside: never read as HTML."""

    id: str
    title: str
    url: str
    opener: str | None = None  # the id of the page that opened it
    context: str | None = None  # the browser context that it lives in

    @classmethod
    def read(cls, info: dict[str, Any]) -> Self:
        """From the protocol's TargetInfo."""
        return cls(info["targetId"], info["title"], info["url"], info.get("openerId"), info.get("browserContextId"))


class Follower(Protocol):
    """Somebody who wants to know of one page."""

    def described(self, target: Target) -> None:
        """It may have another title or URL."""

    def opened(self, popup: Target) -> None:
        """It opened another page."""


class Targets:
    """One watch over all pages of a connection: one question every two seconds while anybody follows, however many."""

    def __init__(self, connection: CdpConnection, on_idle: Callable[[], object] = lambda: None) -> None:
        self._on_idle = on_idle
        self._browser = connection.browser
        self._followers: dict[str, Follower] = {}
        self._poll: asyncio.Task[None] | None = None
        self._soon = asyncio.Event()
        self._hears: dict[str, Callable[[dict[str, Any]], None]] = {
            "Target.targetCreated": self._on_created,
            "Target.targetInfoChanged": self._on_changed,
        }
        for event, handler in self._hears.items():
            self._browser.on(event, handler)

    @property
    def followed(self) -> int:
        """How many pages somebody follows; `on_idle` is called when it comes down to none."""
        return len(self._followers)

    async def list(self) -> list[Target]:
        """All pages that are open now.

        Raises:
            SourceGone: the browser has ended.
        """
        answer = await self._browser.send("Target.getTargets", {"filter": _PAGES_ONLY})
        return [Target.read(info) for info in answer["targetInfos"]]

    async def follow(self, target_id: str, follower: Follower) -> None:
        """Tell `follower` of one page until `unfollow`."""
        self._followers[target_id] = follower
        if self._poll is None:
            self._poll = asyncio.get_running_loop().create_task(self._ask(), name="target-titles")
            await self._browser.send("Target.setDiscoverTargets", {"discover": True, "filter": _PAGES_ONLY})

    def unfollow(self, target_id: str) -> None:
        """Undo `follow`."""
        self._followers.pop(target_id, None)
        if not self._followers and self._poll is not None:
            self._poll.cancel()
            self._poll = None
            self._browser.post("Target.setDiscoverTargets", {"discover": False})
            self._on_idle()

    def refresh(self) -> None:
        """Ask now: a page has just been parsed."""
        self._soon.set()

    async def _ask(self) -> None:
        with suppress(LivepaneError):  # the browser has ended: its pages hear of it by themselves
            while True:
                with suppress(TimeoutError):
                    async with within(POLL):
                        await self._soon.wait()
                self._soon.clear()
                for target in await self.list():
                    self._describe(target)

    def _describe(self, target: Target) -> None:
        if (follower := self._followers.get(target.id)) is not None:
            follower.described(target)

    def _on_changed(self, params: dict[str, Any]) -> None:
        self._describe(Target.read(params["targetInfo"]))

    def _on_created(self, params: dict[str, Any]) -> None:
        target = Target.read(params["targetInfo"])
        if target.opener is not None and (follower := self._followers.get(target.opener)) is not None:
            follower.opened(target)
