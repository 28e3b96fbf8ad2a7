"""The cards of a recipe: read from the page as it grows, each becomes something wanted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from livepane.downloads.record import Candidate, Wanted
from livepane.scrapers.contract import ScrapeError, Work
from livepane.scrapers.media.best import Best
from livepane.scrapers.media.candidates import offers_of
from livepane.scrapers.media.probe import Prober
from livepane.scrapers.media.recipes import templates
from livepane.scrapers.media.recipes.model import More, Recipe
from livepane.scrapers.media.seen import Seen, absolute
from livepane.scrapers.media.sizes import stem

if TYPE_CHECKING:
    from playwright.async_api import Page

MOST = 10_000  # cards of a page that are looked at
FIRST_WITHIN = 10.0  # s until the first card is there
FILLED_WITHIN = 2.0  # s until a card that was scrolled to is filled
SCROLLED_FOR = 0.05  # s
MOST_SCROLLED = 200
LOOK_EVERY = 0.25  # s
_INNER = frozenset({"uri", "url", "src", "href"})  # parameters that hold the address of the file itself
RULE = "link of the recipe"
ANY_MEDIA = "img, video, audio"  # of a card whose recipe names neither link nor image
_READ = files("livepane.scrapers.media.recipes").joinpath("cards.js").read_text(encoding="utf-8")
_MARK = "all => [all.length, location.href, ...[all.at(0), all.at(-1)].map(one => one?.outerHTML.slice(0, 2000))].join()"
_SHOW = "all => all[0]?.scrollIntoView({block: 'center'})"
_FIRST_SHOWN = "all => Boolean(all[0]?.checkVisibility({visibilityProperty: true}))"
_DOWN = "all => { all.at(-1)?.scrollIntoView({block: 'end'}); scrollTo(0, document.documentElement.scrollHeight); }"


@dataclass(frozen=True, slots=True)
class Card:
    """One card as it stands on the page."""

    path: str  # a selector of this card alone
    page: str
    given: str  # what its link says; "" without one
    link: str  # the same as an address of the web; "" if it is none
    media: Seen | None
    title: str
    id: str
    file: str  # what the link says that its file is called

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Card:
        """As the page tells it: text from outside."""
        link: Mapping[str, Any] = said["link"] or {}
        given, base, media = str(link.get("given", "")), str(said["base"]), said["image"]
        rest = {"id": 0, "selector": said["path"], "path": "", "regions": (), "marks": (), "caption": said["title"]}
        return cls(
            path=str(said["path"]),
            page=str(said["page"]),
            given=given,
            link=absolute(base, given),
            media=Seen.of({**rest, **media}, base) if media else None,
            title=str(said["title"]),
            id=str(said["id"] or ""),
            file=str(link.get("download", "")),
        )


class Reader:
    """Reads the cards of one recipe from one page."""

    def __init__(self, recipe: Recipe, work: Work, page: Page, user: str, *, pause: float = 0) -> None:
        """`pause`: s after each card.

        Raises:
            ScrapeError: `bad_recipe`: the recipe has no cards.
        """
        if recipe.cards is None:
            raise ScrapeError("bad_recipe", f"the recipe {recipe.name!r} has no [cards]")
        self._ask, self._more = recipe.cards, recipe.more
        self._work, self._page, self._user, self._pause = work, page, user, pause
        self._best = Best(Prober(work.http))
        self._known: set[str] = set()
        self._there: list[Card] = []  # at the last look
        self._hollow: list[Card] = []  # of those, without anything to fetch: a script may fill them when they are seen
        self._told: set[str] = set()  # of those that stayed so
        self.seen = self.empty = 0  # cards so far that have something to fetch, and that have not

    async def cards(self) -> AsyncGenerator[Wanted, None]:
        """What every card is about, page after page. Raises ScrapeError: there is none, or none with anything in it."""
        fresh = await self._fresh(FIRST_WITHIN) or await self._filled()
        self._check(fresh)
        rounds = self._more.most if self._more else 1
        for number in range(1, rounds + 1):
            for card in fresh:
                yield await self._wanted(card)
                await asyncio.sleep(self._pause)
            for card in await self._filled():
                yield await self._wanted(card)
            if self._more is None or number == rounds or not await self._on(self._more, number + 1):
                return
            fresh = await self._fresh(self._more.seconds)
            if not fresh and not self._hollow:
                if self._more.next is not None:
                    self._work.warn(
                        f"nothing new came within {self._more.seconds:g} s of going to page {number + 1}: that was all"
                    )
                return

    # --- looking ------------------------------------------------------------------------------------

    async def _fresh(self, seconds: float) -> list[Card]:
        """The cards that were not there before, as soon as there are some within this time."""
        until = time.monotonic() + seconds
        before = ""
        while True:
            mark = await self._mark()
            if mark != before or self._hollow:
                before = mark
                if fresh := await self._look():
                    return fresh
            if time.monotonic() > until:
                return []
            await asyncio.sleep(LOOK_EVERY)

    async def _filled(self) -> list[Card]:
        """Cards that were empty until they were scrolled to."""
        if not self._hollow:
            return []
        self._work.say(f"Scrolling to {len(self._hollow)} cards that are still empty", selector=self._hollow[0].path)
        from playwright.async_api import Error

        fresh: list[Card] = []
        for card in self._hollow[:MOST_SCROLLED]:
            with suppress(Error):  # it has gone meanwhile
                await self._page.locator(f"css={card.path}").evaluate_all(_SHOW)
            await asyncio.sleep(SCROLLED_FOR)
        until = time.monotonic() + FILLED_WITHIN
        while True:
            fresh += await self._look()
            if not self._hollow or time.monotonic() > until:
                break
            await asyncio.sleep(LOOK_EVERY)
        for card in self._hollow:
            self.empty += 1
            self._told.add(card.page + card.path)
            self._work.warn(f"the card {card.path!r} on {card.page} has nothing to fetch: neither link nor picture")
        self._hollow = []
        return fresh

    async def _look(self) -> list[Card]:
        """What is new; what has nothing to fetch yet is kept in mind."""
        self._there, self._hollow = await self._read(), []
        fresh = []
        for card in self._there:
            names = self._names(card)
            if not names:
                if card.page + card.path not in self._told:
                    self._hollow.append(card)
            elif not names & self._known:
                fresh.append(card)
            self._known |= names
        return fresh

    def _names(self, card: Card) -> set[str]:
        """What a card is told from the others by, also after a script has changed it."""
        urls = [card.link] if card.link else [one.url for one in offers_of(card.media)] if card.media is not None else []
        if card.id and urls:
            return {card.id}
        return {_file(url) or url if self._ask.key == "file" else stem(url) for url in urls}

    async def _mark(self) -> str:
        """The same as long as there are the same cards: reading them all is too much for four times a second."""
        from playwright.async_api import Error

        try:
            return str(await self._page.locator(f"css={self._ask.selector}").evaluate_all(_MARK))
        except Error:
            if self._page.is_closed():
                raise
            return ""  # the page goes on to another one meanwhile

    async def _read(self) -> list[Card]:
        from playwright.async_api import Error

        ask = self._ask
        image = ask.image or (None if ask.link else ANY_MEDIA)
        asked = {
            "link": ask.link,
            "attribute": ask.link_attribute,
            "image": image,
            "title": ask.title,
            "id": ask.id,
            "most": MOST,
        }
        try:
            said = await self._page.locator(f"css={ask.selector}").evaluate_all(_READ, asked)
        except Error:
            if self._page.is_closed():
                raise
            return []  # the page goes on to another one meanwhile
        return [Card.of(one) for one in said]

    def _check(self, fresh: list[Card]) -> None:
        """A part that is in none of the first cards is a mistake, or the page has changed."""
        ask, cards = self._ask, self._there
        if not cards:
            raise ScrapeError("bad_recipe", f"cards.selector: {ask.selector!r} matches nothing on {self._page.url}")
        linked, shown = any(card.given for card in cards), any(card.media for card in cards)
        these = f"{len(cards)} cards ({ask.selector!r}) on {self._page.url}"
        where = f"in none of {these}"
        if not fresh:
            parts = [f"cards.{name} {one!r}" for name, one in (("link", ask.link), ("image", ask.image)) if one]
            what = " and ".join(parts) or "a picture, video or sound"
            raise ScrapeError("bad_recipe", f"{what}: nothing to fetch in any of {these}")
        if ask.link and not linked:
            self._work.warn(f"cards.link {ask.link!r} matches {where}: pictures are taken instead, perhaps in lower quality")
        if ask.image and not shown:
            self._work.warn(f"cards.image {ask.image!r} matches {where}")
        if ask.id and not any(card.id for card in cards):
            self._work.warn(f"cards.id: there is no attribute {ask.id!r} {where}")

    async def _on(self, more: More, number: int) -> bool:
        """Bring further cards on their way; False: there are none."""
        if more.next is None:
            self._work.say("Scrolling for more", selector=self._ask.selector)
            await self._page.locator(f"css={self._ask.selector}").evaluate_all(_DOWN)
            return True
        from playwright.async_api import Error, TimeoutError

        button = self._page.locator(f"css={more.next}").filter(visible=True).first
        sized = bool(await button.count())
        if not sized:  # perhaps all that is in it is a picture, which is fetched only while somebody watches
            button = self._page.locator(f"css={more.next}").first
            if not await self._page.locator(f"css={more.next}").evaluate_all(_FIRST_SHOWN):
                return False
        if await button.is_disabled() or await button.get_attribute("aria-disabled") == "true":
            return False
        self._work.say(f"Going to page {number}", selector=more.next)
        address = absolute(self._page.url, await button.get_attribute("href") or "")
        if address and address != self._page.url.partition("#")[0]:
            await self._work.http.permit(address)
        try:
            if sized:
                await button.click(timeout=more.seconds * 1000)
            else:
                await button.dispatch_event("click", timeout=more.seconds * 1000)
        except TimeoutError:
            self._work.warn(f"more.next: {more.next!r} on {self._page.url} could not be clicked on within {more.seconds:g} s")
            return False
        except Error as error:
            if "not attached" in error.message:
                return False
            raise
        return True

    # --- what a card is about -----------------------------------------------------------------------

    async def _wanted(self, card: Card) -> Wanted:
        self.seen += 1
        self._work.say(f"Reading card {self.seen}{f': {card.title}' if card.title else ''}", selector=card.path)
        if card.given and not card.link:
            self._work.warn(f"card {self.seen}: the link {card.given[:80]!r} is no address of the web, and is left out")
        found = await self._places(card)
        first = found[0].url
        file = _file(first)
        values = {"user": self._user, "number": str(self.seen), "title": card.title, "id": card.id, "file": card.file or file}
        name = templates.filled(self._ask.name, values) if self._ask.name else card.file
        known = card.id or (file if self._ask.key == "file" else "")
        return Wanted(
            key=f"{urlsplit(card.page).netloc}#{known}" if known else stem(first),
            candidates=tuple({one.url: one for one in reversed(found)}[url] for url in dict.fromkeys(one.url for one in found)),
            source_page=card.page,
            name=name.strip() or None,
            title=card.title or None,
            headers={"referer": card.page},
            where=lambda: card.path if not self._page.is_closed() and self._page.url == card.page else None,
        )

    async def _places(self, card: Card) -> list[Candidate]:
        """Where it may be had, the best first: what the recipe calls the file is believed, pictures are looked into."""
        offers = offers_of(card.media) if card.media is not None else []
        if not card.link:
            return list(await self._best.order(offers, card.page)) if offers else []
        others = sorted(offers, key=lambda one: (one.rank, one.area or 0), reverse=True)
        lasting = self._ask.key == "file" or bool(card.id)
        return [
            Candidate(card.link, RULE, lasting=lasting),
            *(Candidate(one.url, one.rule, one.width, one.height) for one in others),
        ]


def _file(url: str) -> str:
    """The name of the file in an address; of the one inside it, where a server hands on what lies elsewhere."""
    try:
        inner = [value for name, value in parse_qsl(urlsplit(url).query, max_num_fields=100) if name in _INNER]
    except ValueError:
        inner = []
    for one in (*(absolute(url, value) for value in inner), url):
        if name := unquote(urlsplit(one).path.rpartition("/")[2]):
            return name
    return ""
