"""Pictures that only a click shows large: opened one after the other, read, and closed again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from livepane.scrapers.media.best import together
from livepane.scrapers.media.candidates import Offer, offers_of
from livepane.scrapers.media.detail import Details
from livepane.scrapers.media.items import ICON, Found
from livepane.scrapers.media.seen import Seen
from livepane.scrapers.media.sight import Sight
from livepane.scrapers.media.sizes import stem
from livepane.scrapers.media.words import CLOSE, among

GIVE_UP = 2  # clicks in a row that show nothing
LOOKS = 4  # until it counts as nothing
OPENED = 0.3  # s without a request, until a box that opens is read
BOXES = among(
    (
        "lightbox modal dialog overlay viewer fancybox pswp mfp glightbox swipebox venobox colorbox popup lg zoom fullscreen",
        "enlarged large gallerybox photoswipe magnific",
    )
)


class Moved(Exception):
    """The click has led to another page, which is open now."""


@dataclass(slots=True)
class Clicks:
    """One list page whose pictures are opened."""

    sight: Sight
    details: Details
    others: set[str]  # stems of all items of the page
    misses: int = 0

    @property
    def hopeless(self) -> bool:
        """Whether clicks have shown nothing so often that they are left."""
        return self.misses >= GIVE_UP

    async def offers(self, item: Found) -> list[Offer]:
        """What a click on an item shows of it.

        Raises:
            Moved: the list page is no longer open; what was read of the new one is its `offers`.
        """
        page, address = self.sight.page, self.sight.page.url
        if not await self.sight.press(item.seen):
            self.misses += 1
            return []
        before = len(self.sight.views)
        shown: list[Seen] = []
        found: list[Offer] = []
        for _ in range(LOOKS):
            await self.sight.rest(OPENED)
            if page.url.partition("#")[0] != address.partition("#")[0]:
                view = await self.sight.look()
                raise MovedTo(self.details.offers(view, self.sight.elements, item))
            await self.sight.look()
            shown = [seen for view in self.sight.views[before:] for seen in view.seen]
            found = self._enlarged(shown, item)
            if found or len(page.context.pages) > 1:
                break
        for popup in page.context.pages[1:]:
            await popup.close()
            self.misses = GIVE_UP
        self.misses = 0 if found else self.misses + 1
        await self._close(shown)
        return found

    def _enlarged(self, shown: Sequence[Seen], item: Found) -> list[Offer]:
        """Of what is new, or has changed: what lies above the page or has grown, and is none of the other items."""
        own = {stem(offer.url) for offer in item.offers}
        above: list[Offer] = []
        grown: list[tuple[int, list[Offer]]] = []
        for seen in shown:
            offers = [offer for offer in offers_of(seen) if stem(offer.url) not in self.others - own]
            if not offers or seen.hidden:
                continue
            boxed = seen.fixed or "dialog" in seen.regions or bool(BOXES & among(seen.marks[:6]))
            if boxed and (seen.kind == "link" or not 0 < max(seen.box[2:]) < ICON):
                above += offers
            elif seen.area > item.seen.area:
                grown.append((seen.area, offers))
        found = above or max(grown, key=lambda one: one[0], default=(0, []))[1]
        return together(Offer(one.url, f"lightbox, {one.rule}", one.width, one.height, max(one.rank, 4)) for one in found)

    async def _close(self, shown: Sequence[Seen]) -> None:
        """As a person would: Escape, else the button that says so, else a click beside it."""
        from playwright.async_api import Error

        page = self.sight.page
        opened = [seen for seen in shown if seen.fixed or "dialog" in seen.regions][:1]
        with suppress(Error):
            await page.keyboard.press("Escape")
            if not opened or not await self._stands(opened[0]):
                return
            buttons = page.get_by_role("button", name=re.compile(CLOSE, re.IGNORECASE))
            for number in range(min(3, await buttons.count())):
                if await buttons.nth(number).is_visible():
                    await buttons.nth(number).click(timeout=2000)
                    break
            if await self._stands(opened[0]):
                await page.mouse.click(4, 4)
            if await self._stands(opened[0]):
                self.misses = GIVE_UP  # what lies above the page would be read as part of it

    async def _stands(self, seen: Seen) -> bool:
        element = await self.sight.element(seen.id)
        return element is not None and bool(await element.is_visible())


class MovedTo(Moved):
    """With what the other page says of the item."""

    def __init__(self, offers: list[Offer]) -> None:
        super().__init__()
        self.offers = offers
