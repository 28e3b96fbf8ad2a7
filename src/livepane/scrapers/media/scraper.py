"""The scraper `media_download`: a page's address in, its pictures and films kept in a folder, each in its best quality."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from livepane.scrapers.contract import SCRAPERS, Item, Keeper, Limits, Work, scraper
from livepane.scrapers.media import recipe as recipes
from livepane.scrapers.media.best import Best
from livepane.scrapers.media.gallery import Gallery
from livepane.scrapers.media.probe import Prober
from livepane.scrapers.media.recipes.book import GENERIC
from livepane.scrapers.media.recipes.model import Recipe
from livepane.scrapers.media.sight import sight
from livepane.scrapers.media.wants import Wants
from livepane.scrapers.media.wishes import OPTIONS, Wishes, collection

if TYPE_CHECKING:
    from playwright.async_api import Page

log = logging.getLogger(__name__)

HOURS = 3600.0
# Large files take their time; what may be kept is for the settings of downloads to say.
LIMITS = Limits(seconds=12 * HOURS, bytes=200 * 2**30, requests=50_000)


@scraper(
    "media_download",
    about="The pictures and videos of a page, each in its best quality, kept as files.",
    options=OPTIONS,
    limits=LIMITS,
    check=recipes.check,
)
async def media_download(work: Work) -> AsyncIterator[Item]:
    """Yields what became of each item: kept, already there, or failed with its reason."""
    wishes = Wishes.of(work.options)
    recipe = recipes.load(work.options.get("recipe", GENERIC))
    aim = recipes.aim(recipe, work.target, work.options)
    name = collection(aim.url, recipe.name, aim.user, work.options.get("collection"))
    outcomes: Counter[str] = Counter()
    missed: Counter[str] = Counter()  # by code
    async with work.keeper(name) as keeper, work.page() as page:
        async for item in results(work, recipe, page, keeper, wishes):
            outcomes[item["outcome"]] += 1
            if item["better_failed"] is not None:
                missed[item["better_failed"]["code"]] += 1
            yield item
        if missed:
            why = ", ".join(f"{code} {count}" for code, count in missed.most_common())
            work.warn(f"{missed.total()} of {outcomes.total()} items are not in their best quality, which did not come: {why}")
    log.info("%s: recipe=%s %s", work.target[:200], recipe.name, " ".join(f"{one}={count}" for one, count in outcomes.items()))


async def results(
    work: Work, recipe: Recipe, page: Page, keeper: Keeper, wishes: Wishes, *, pause: float = 0
) -> AsyncIterator[Item]:
    """Everything that a recipe finds, handed to the keeper; yields what it says. `pause`: s after each step of the recipe.

    What goes wrong on the page is raised when all that was wanted before has come.
    """
    wrong: Exception | None = None
    async with aclosing(_found(work, recipe, page, keeper, wishes, pause)) as found:
        try:
            async for item in found:
                yield item
        except Exception as error:
            wrong = error
    async for item in keeper.results():
        yield item
    if wrong is not None:
        raise wrong


async def _found(work: Work, recipe: Recipe, page: Page, keeper: Keeper, wishes: Wishes, pause: float) -> AsyncGenerator[Item]:
    """What comes while the page is read."""
    if recipe.generic:
        url = recipes.aim(recipe, work.target, work.options).url
        async with sight(page) as opened:
            if recipe.name != GENERIC:
                await recipes.opened(recipe, work, page, pause=pause)
            wants = Wants(keeper, Best(Prober(work.http)), wishes.limit, lambda: opened.documents)
            gallery = Gallery(work, opened, wants, wishes)
            try:
                async with aclosing(gallery.items(url, opened=recipe.name != GENERIC)) as items:
                    async for item in items:
                        yield item
            finally:
                _tell(work, gallery)
    else:
        async for item in recipes.run(recipe, work, page, keeper, wishes.limit, pause=pause):
            yield item


def _tell(work: Work, gallery: Gallery) -> None:
    """The facts about the run, and what is missing."""
    if gallery.cut:
        work.warn(f"not everything was taken: {gallery.cut}")
    work.report(
        pages=gallery.pages,
        opened=gallery.opened,
        found=gallery.found,
        wanted=gallery.wants.count,
        proofs=gallery.wants.best.prober.asked,
        rules=dict(gallery.wants.rules.most_common(20)),
        left_out=dict(gallery.dropped.most_common(20)),
        cut=gallery.cut or None,
    )


SCRAPER = SCRAPERS["media_download"]  # as it was declared, for commands
