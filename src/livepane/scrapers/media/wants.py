"""From what was found to what is wanted: the best addresses of each item, in order, handed to the keeper."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from livepane.downloads.record import Candidate, Wanted
from livepane.scrapers.contract import Keeper
from livepane.scrapers.media.best import Best, together
from livepane.scrapers.media.candidates import Offer
from livepane.scrapers.media.items import Found
from livepane.scrapers.media.naming import name_of

AT_ONCE = 4  # items whose addresses are proven at the same time


@dataclass(slots=True)
class Wants:
    """All that one run wants."""

    keeper: Keeper
    best: Best
    limit: int
    document: Callable[[], int]  # which one is open
    count: int = 0
    rules: Counter[str] = field(default_factory=Counter)  # of the first address of each

    @property
    def room(self) -> int:
        """Items that may still be wanted."""
        return self.limit - self.count

    async def all(self, items: Sequence[Found]) -> None:
        """Want some items as their list page shows them, in its order.

        Raises:
            ScrapeError: `budget`, `disk`.
        """
        for start in range(0, len(items), AT_ONCE):
            if self.room <= 0:
                return
            few = items[start : start + AT_ONCE]
            orders = await asyncio.gather(*(self._ordered(one) for one in few))
            for one, candidates in zip(few, orders, strict=True):
                await self.one(one, candidates)

    async def _ordered(self, item: Found) -> tuple[Candidate, ...]:
        return await self.best.order(item.offers, item.page, await self.keeper.kept(item.key))

    async def with_more(self, item: Found, more: Iterable[Offer]) -> bool:
        """Want an item with what was found of it elsewhere; whether that is larger than what its list page has, or may be."""
        more = list(more)
        if not more:
            await self.one(item, await self._ordered(item))
            return False
        kept = await self.keeper.kept(item.key)
        candidates = await self.best.order(together(more, item.offers), item.page, kept)
        if candidates and candidates[0].url == kept and all(one.url != kept for one in item.offers):
            await self.one(item, candidates)
            return True
        listed = await self.best.order(item.offers, item.page)
        gain = False
        if candidates:
            gain = candidates[0].rule.startswith("video") or self.best.prober.failing(candidates[0].url, item.page)
            gain = gain or await self.best.area(candidates, item.page) > 1.05 * await self.best.area(listed, item.page)
        if not gain and listed and not any(one.url == listed[0].url for one in candidates[:1]):
            candidates = tuple(together_candidates(candidates, listed))
        await self.one(item, candidates)
        return gain

    async def one(self, item: Found, candidates: Sequence[Candidate]) -> None:
        """Want an item, when there is room and anything to be had."""
        if not candidates or self.room <= 0:
            return
        await self.keeper.room()
        self.count += 1
        self.rules[next((one.rule for one in candidates if one.missed is None), "none")] += 1
        name = name_of(item, candidates)
        where = partial(self._where, item)
        self.keeper.want(Wanted(item.key, tuple(candidates), item.page, name, item.title, {"referer": item.page}, where))

    def _where(self, item: Found) -> str | None:
        document, selector = item.place
        return selector if selector and document == self.document() else None


def together_candidates(*groups: Iterable[Candidate]) -> list[Candidate]:
    """Each address once."""
    found: dict[str, Candidate] = {}
    for group in groups:
        for one in group:
            found.setdefault(one.url, one)
    return list(found.values())
