"""The recipe that needs no writing: reads a gallery page to its end, finds the best of each item, and wants it kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from livepane.downloads.record import Candidate
from livepane.scrapers.contract import Item, ScrapeError, Work
from livepane.scrapers.media import turning, walls
from livepane.scrapers.media.candidates import Offer, offers_of, streamed
from livepane.scrapers.media.clicks import Clicks, MovedTo
from livepane.scrapers.media.detail import Details
from livepane.scrapers.media.items import Found, Memo, sort
from livepane.scrapers.media.probe import ends
from livepane.scrapers.media.seen import View
from livepane.scrapers.media.sight import QUIET, Sight
from livepane.scrapers.media.sizes import stem
from livepane.scrapers.media.wants import Wants
from livepane.scrapers.media.wishes import Wishes

STEPS = 2_000  # of scrolling, on one page
BARREN = 4  # times that a page grew, or was asked for more, and showed nothing new
SAMPLES = 3  # items that are opened to see whether that brings more
LARGE = 1600 * 1000  # square px: with that much an item is not opened, unless it is asked for


@dataclass(slots=True)
class Gallery:
    """One run."""

    work: Work
    sight: Sight
    wants: Wants
    wishes: Wishes
    pages: int = 0
    opened: int = 0  # pages of items, and pictures that were clicked on
    found: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    cut: str = ""  # why not everything was taken
    _details: Details = field(default_factory=Details)
    _known: set[str] = field(default_factory=set)  # keys and stems of all items
    _left: list[Found] = field(default_factory=list)  # whose own page is to be opened
    _click: list[Found] = field(default_factory=list)  # of the open page, to be clicked on
    _memo: Memo = field(default_factory=dict)
    _streams: set[int] = field(default_factory=set)
    _last: View | None = None

    async def items(self, url: str, *, opened: bool = False) -> AsyncGenerator[Item]:
        """Reads everything, and gives the results that are there meanwhile. `opened`: the first page is, as the steps of a recipe
        have left it.

        Raises:
            ScrapeError: nothing can be had from the first page; `budget`, `disk`.
        """
        from playwright.async_api import Error

        visited: set[str] = set()
        following = url
        while following:
            if self.pages >= self.wishes.pages:
                self.cut = f"the limit of {self.wishes.pages} pages is reached"
                break
            visited.add(turning.address(following))
            before = self.found
            try:
                if opened and not self.pages:
                    await self.sight.rest()
                view = await self._arrive() if opened and not self.pages else await self._open(following)
                visited.add(turning.address(view.url))
                async for item in self._read(view):
                    yield item
            except ScrapeError as error:
                if not self.found or ends(error):
                    raise
                self.cut = f"page {self.pages + 1} could not be read: {error.message}"
                break
            except Error as error:
                if not self.found or self.sight.page.is_closed():
                    raise
                self.cut = f"page {self.pages + 1} could not be read: {error.message.partition(chr(10))[0]}"
                break
            assert self._last is not None  # noqa: S101 - it has been read
            if not self.found:
                raise walls.of_page(url, self._last)
            following = turning.next_page(self._last, visited)
            if following and self._full:
                self.cut = self.cut or self._limit
                break
            if following and self.found == before:
                self.cut = f"page {self.pages} showed nothing new, and is not the last one"
                break
        async for item in self._open_details():
            yield item

    @property
    def _full(self) -> bool:
        return self.wants.room - len(self._left) - len(self._click) <= 0

    @property
    def _limit(self) -> str:
        return f"the limit of {self.wishes.limit} items is reached, and there are more"

    async def _open(self, url: str) -> View:
        await self.work.http.permit(url)
        parts = urlsplit(url)
        number = f", page {self.pages + 1}" if self.pages else ""
        self.work.say(f"Opening {parts.netloc}{parts.path}{number}"[:200])
        response = await self.sight.open(url)
        error = walls.of_status(url, response.status) if response is not None else None
        if error is not None:
            raise error
        return await self._arrive()

    async def _arrive(self) -> View:
        """Another page of the list is open."""
        self.pages += 1
        self._memo.clear()
        self._last = await self.sight.look()
        return self._last

    async def _read(self, view: View) -> AsyncGenerator[Item]:
        """One page of the list, to its end."""
        barren = 0
        pressed: set[int] = set()
        scrolled = False
        for _ in range(STEPS):
            before = self.found
            await self._take(view)
            for item in self.wants.keeper.ready():
                yield item
            if self._full:
                break
            if not scrolled:
                scrolled = True
                self.work.say("Scrolling for more", selector=self._grid())
            if await self.sight.scroll(view):
                view = self._last = await self.sight.look()
                continue
            grown = await self._grow(view, pressed)
            if grown is None:
                break
            view = self._last = grown
            barren = 0 if self.found > before or await self._take(view) else barren + 1
            if barren >= BARREN:
                self.cut = "the page goes on without showing anything new"
                break
        else:
            self.cut = f"the page was scrolled {STEPS} times, and goes on"
        await self._take(view, everything=True)
        if self.found > self.wishes.limit or (self._full and await self.sight.scroll(view)):
            self.cut = self.cut or self._limit
        async for item in self._click_on():
            yield item

    async def _grow(self, view: View, pressed: set[int]) -> View | None:
        """At the end of a page: wait for what it loads, or press what brings more. None: there is no more."""
        known = {one.id for one in self.sight.elements if not one.frame}
        await self.sight.rest(QUIET * 1.5)
        after = await self.sight.look()
        if after.scroll["height"] > view.scroll["height"] or any(one.id not in known for one in after.seen):
            self.work.say("Scrolling for more", selector=self._grid())
            return after
        while (control := turning.button(after, pressed)) is not None:
            self.work.say(f"Pressing {control.text[:40]!r}", selector=control.selector)
            if await self.sight.press(control):
                await self.sight.rest()
                grown = await self.sight.look()
                if grown.seen:
                    return grown
            pressed.add(control.id)
        return None

    async def _take(self, view: View, *, everything: bool = False) -> int:
        """Take on what is new and has been in view: until then a page may have put something else in its place."""
        sorting = sort(self.sight.elements, view.url, self._memo)
        self.dropped = sorting.dropped
        self._note_streams()
        seen_to = view.scroll["top"] + 2 * view.scroll["view"]
        boxed = view.scroll["box"] is not None
        new = []
        for item in sorting.items:
            stems = {stem(offer.url) for offer in item.offers}
            if item.key in self._known or stems & self._known:
                continue
            if everything or boxed or item.seen.frame or item.seen.hidden or item.seen.box[1] < seen_to:
                self._known |= {item.key, *stems}
                item.place = (self.sight.documents, item.seen.selector)
                new.append(item)
        if new:
            self.found += len(new)
            self.work.say(f"Reading {self.found} {'item' if self.found == 1 else 'items'}", selector=_around(new))
            await self._sort_out(new)
        return len(new)

    async def _sort_out(self, new: Sequence[Found]) -> None:
        """Want what needs no more than its list page; put aside what is to be opened."""
        at_once = []
        for item in new:
            opens = self.wishes.details != "never" and (self.wishes.details == "always" or not _is_large(item))
            if item.inline:
                await self._want_inline(item)
            elif opens and item.detail:
                self._left.append(item)
            elif opens and item.clickable:
                self._click.append(item)
            else:
                at_once.append(item)
        await self.wants.all(at_once)

    async def _want_inline(self, item: Found) -> None:
        body = await self.sight.inline(item.seen)
        if body:
            address = f"data:,sha256={hashlib.sha256(body).hexdigest()[:32]}"
            width, height = item.seen.natural or (None, None)
            await self.wants.one(item, [Candidate(address, "in the page", width, height, body)])

    async def _click_on(self) -> AsyncGenerator[Item]:
        """Open what only a click shows large, as long as that shows anything."""
        waiting, self._click = self._click[: max(0, self.wants.room)], []
        clicks = Clicks(self.sight, self._details, set(self._known))
        address = self.sight.page.url
        gains: list[bool] = []
        for number, item in enumerate(waiting, 1):
            more: list[Offer] = []
            if not clicks.hopeless and self._worth(gains):
                self._find_again(item)
                self.work.say(f"Opening picture {number} of {len(waiting)}", selector=item.seen.selector)
                self.opened += 1
                try:
                    more = await clicks.offers(item)
                except MovedTo as moved:
                    more = moved.offers
                    clicks.misses = 2 if not more else 0
                    await self._return(address)
            gains.append(await self.wants.with_more(item, more))
            for result in self.wants.keeper.ready():
                yield result

    def _find_again(self, item: Found) -> None:
        """The element of an item whose list was left meanwhile, and has come back as another document."""
        if item.place[0] == self.sight.documents:
            return
        addresses = {offer.url for offer in item.offers}
        for seen in self.sight.elements:
            if addresses & {offer.url for offer in offers_of(seen)}:
                item.seen, item.place = seen, (self.sight.documents, seen.selector)
                return

    async def _return(self, address: str) -> None:
        """Back to the list that a click has left."""
        await self.work.http.permit(address)
        self.sight.forget()
        await self.sight.page.go_back(wait_until="domcontentloaded")
        await self.sight.rest()
        await self.sight.look()

    async def _open_details(self) -> AsyncGenerator[Item]:
        """Open the pages of items, as long as they show them larger than the list."""
        waiting, self._left = self._left[: max(0, self.wants.room)], []
        gains: list[bool] = []
        held: list[tuple[Found, list[Offer]]] = []
        failed = 0
        for number, item in enumerate(waiting, 1):
            if not self._worth(gains) or failed >= BARREN:
                await self.wants.all(waiting[number - 1 :])
                break
            more: list[Offer] = []
            self.work.say(f"Opening the page of item {number} of {len(waiting)}")
            try:
                more = await self._detail(item)
                failed = 0
            except ScrapeError as error:
                if ends(error) or error.code == "browser":
                    raise
                failed += 1
                self.work.warn(f"the page of item {number} could not be read, its list page has to do: {error}")
            held.append((item, more))
            if number >= min(SAMPLES, len(waiting)):  # what the first pages have in common shows when they are read
                for one, offers in held:
                    gains.append(await self.wants.with_more(one, self._details.own(offers)))
                held.clear()
            for result in self.wants.keeper.ready():
                yield result

    async def _detail(self, item: Found) -> list[Offer]:
        from playwright.async_api import Error

        await self.work.http.permit(item.detail)
        self.opened += 1
        try:
            response = await self.sight.open(item.detail)
        except Error as error:
            raise ScrapeError("http", f"{item.detail}: {error.message.partition(chr(10))[0]}") from error
        error_of = walls.of_status(item.detail, response.status) if response is not None else None
        if error_of is not None:
            raise error_of
        view = await self.sight.look()
        offers = self._details.offers(view, self.sight.elements, item)
        if offers:
            main = next(
                (one for one in self.sight.elements if any(one.href == o.url or one.current == o.url for o in offers)), None
            )
            if main is not None:
                item.place = (self.sight.documents, main.selector)
                self.work.say(f"Reading {item.title or 'its picture'}"[:120], selector=main.selector)
        return offers

    def _worth(self, gains: Sequence[bool]) -> bool:
        """Whether to open another one: it is asked for, or one of the first has brought something."""
        return self.wishes.details == "always" or len(gains) < SAMPLES or any(gains[:SAMPLES])

    def _grid(self) -> str | None:
        return _around([Found("", seen, [], None) for seen, _, why in self._memo.values() if not why]) if self._memo else None

    def _note_streams(self) -> None:
        new = {one.id for one in self.sight.elements if one.kind in {"video", "audio"} and streamed(one)} - self._streams
        if new:
            self._streams |= new
            self.work.warn(f"{len(new)} videos come as streams of pieces, which are not kept; their posters are")


def _is_large(item: Found) -> bool:
    """Whether its list page has it in full, as far as it says."""
    return item.seen.kind != "image" or any(offer.rank >= 5 or (offer.area or 0) >= LARGE for offer in item.offers)


def _around(items: Sequence[Found]) -> str | None:
    """A selector of what holds them all."""
    selectors = [item.seen.selector.split(" > ") for item in items if not item.seen.frame]
    if not selectors:
        return items[0].seen.selector if items else None
    common: list[str] = []
    for steps in zip(*selectors, strict=False):
        if len(set(steps)) > 1:
            break
        common.append(steps[0])
    return " > ".join(common) or None
