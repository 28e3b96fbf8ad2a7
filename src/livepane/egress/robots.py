"""What robots.txt of each host allows us (RFC 9309), asked once a day."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livepane.egress.rates import Rates
from livepane.egress.urls import Target, read_url
from livepane.scrapers.contract import Fetched, ScrapeError

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "Livepane"  # the name that a robots.txt calls us by
LONGEST = 500 * 2**10  # bytes that are read of it (RFC 9309 §2.5)
REDIRECTS = 5  # that are followed for it (§2.3.1.2)
KEPT = 24 * 3600.0  # s (§2.4)
KEPT_FAILING = 300.0  # s
_MOST = 2_000

Ask = Callable[[Target], Awaitable[Fetched]]


@dataclass(slots=True)
class _Rules:
    until: float  # monotonic
    rules: Protego | None  # None: everything is allowed
    status: int  # of the robots.txt when it failed (5xx, 429): nothing is allowed; else 0


class Robots:
    """The rules of every host that was asked. Two who need the same ones at the same time ask once."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._known: OrderedDict[tuple[str, str, int], _Rules] = OrderedDict()
        self._asking: dict[tuple[str, str, int], asyncio.Lock] = {}

    async def check(self, target: Target, ask: Ask) -> None:
        """May it be fetched? `ask` fetches the robots.txt, when it is not known.

        Raises:
            ScrapeError: robots_disallowed; or what keeps its robots.txt from answering at all.
        """
        found = self._fresh(target.origin)
        if found is None:
            lock = self._asking.setdefault(target.origin, asyncio.Lock())
            try:
                async with lock:
                    if (found := self._fresh(target.origin)) is None:
                        found = await self._ask(target, ask)
            finally:
                if not lock.locked():
                    self._asking.pop(target.origin, None)
        if found.status:
            raise ScrapeError(
                "blocked" if found.status == 429 else "robots_disallowed",
                f"{target.where} answers {found.status} when asked for its robots.txt: nothing is fetched until that works.",
                retry=True,
            )
        if found.rules is not None and not found.rules.can_fetch(target.url, PRODUCT):
            raise ScrapeError("robots_disallowed", f"The robots.txt of {target.where} does not let us fetch {target.url}.")

    def _fresh(self, origin: tuple[str, str, int]) -> _Rules | None:
        found = self._known.get(origin)
        if found is None or found.until < time.monotonic():
            return None
        self._known.move_to_end(origin)
        return found

    async def _ask(self, target: Target, ask: Ask) -> _Rules:
        protego = _parser()
        answer = await ask(read_url("/robots.txt", target))
        status = answer.status if answer.status >= 500 or answer.status == 429 else 0
        rules = None
        if 200 <= answer.status < 300:
            rules = protego.parse(answer.body[:LONGEST].decode("utf-8", "replace").removeprefix("\ufeff"))
            if (delay := rules.crawl_delay(PRODUCT)) is not None:
                self._rates.slow(target.host, target.port, delay)
        found = _Rules(time.monotonic() + (KEPT_FAILING if status else KEPT), rules, status)
        self._known[target.origin] = found
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found


def _parser() -> type[Protego]:
    try:
        from protego import Protego
    except ImportError:
        raise ScrapeError(
            "failed", "Nothing is fetched without reading robots.txt, and its reader is missing: pip install 'livepane[scrape]'"
        ) from None
    return Protego
