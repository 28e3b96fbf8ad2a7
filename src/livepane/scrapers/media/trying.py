"""The scraper behind `livepane recipe try`: it does what a recipe says, shows what would be fetched, and keeps nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

from livepane.downloads.record import Wanted
from livepane.scrapers.contract import Item, Work, scraper
from livepane.scrapers.media import recipe as recipes
from livepane.scrapers.media.recipes.book import GENERIC
from livepane.scrapers.media.scraper import results
from livepane.scrapers.media.wishes import Wishes

KIND = "recipe_try"
FEW = 12  # items, unless asked for more
MOST_CANDIDATES = 10  # of an item, that are shown


@scraper(
    KIND,
    about="Tries a recipe: does its steps on the page, shows what it would fetch, and keeps nothing.",
    options={
        **recipes.OPTIONS,
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": FEW, "description": "items at the most"},
        "pause": {"type": "number", "minimum": 0, "maximum": 10, "default": 0, "description": "seconds after each step"},
    },
)
async def recipe_try(work: Work) -> AsyncIterator[Item]:
    """One item for each that the recipe finds: what it is called and where it would be fetched."""
    recipe = recipes.load(work.options.get("recipe", GENERIC))
    wishes = Wishes.of({"limit": work.options.get("limit", FEW)})
    async with work.page() as page:
        async for item in results(work, recipe, page, _Shown(), wishes, pause=float(work.options.get("pause", 0))):
            yield item


class _Shown:
    """A `Keeper` that keeps nothing: what is wanted is the result."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    def want(self, wanted: Wanted) -> None:
        """Show it."""
        places = [{"url": one.url, "rule": one.rule, "width": one.width, "height": one.height} for one in wanted.candidates]
        self._items.append(
            {
                "name": wanted.name,
                "title": wanted.title,
                "key": wanted.key,
                "source_page": wanted.source_page,
                "url": places[0]["url"],
                "rule": places[0]["rule"],
                "candidates": places[:MOST_CANDIDATES],
            }
        )

    async def kept(self, key: str) -> str | None:
        """Nothing is."""
        return None

    async def room(self) -> None:
        """There always is."""

    def ready(self) -> list[Item]:
        """What has not been told yet."""
        items, self._items = self._items, []
        return items

    async def results(self) -> AsyncIterator[Item]:
        """The rest."""
        for item in self.ready():
            yield item
