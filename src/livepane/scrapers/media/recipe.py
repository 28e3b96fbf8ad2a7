"""Recipes as a scraper uses them: load one, see where it begins, and let it find what is wanted on a page.

chosen = load(work.options.get("recipe", "gallery"))
begin = aim(chosen, work.target, work.options)
async with work.page() as page:
    async for item in run(chosen, work, page, keeper, limit):  # opens `begin.url` itself
        yield item
async for item in keeper.results():
    yield item
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livepane.downloads.record import Wanted
from livepane.scrapers.contract import Item, Keeper, ScrapeError, Work
from livepane.scrapers.ladder import target as targets
from livepane.scrapers.media.recipes import templates
from livepane.scrapers.media.recipes.book import BOOK, GENERIC
from livepane.scrapers.media.recipes.cards import Reader
from livepane.scrapers.media.recipes.model import Recipe
from livepane.scrapers.media.recipes.steps import Hand
from livepane.scrapers.media.sight import sight

if TYPE_CHECKING:
    from playwright.async_api import Page

OPTIONS: Mapping[str, Any] = {
    "recipe": {
        "type": ["string", "object"],
        "default": GENERIC,
        "description": "name of a recipe (GET /api/recipes), or a recipe itself",
    },
    "user": {"type": "string", "maxLength": templates.LONGEST_USER, "description": "user name, for recipes that take one"},
}


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a recipe begins, and for whom."""

    url: str
    user: str | None = None


def load(what: str | Path | Mapping[str, object]) -> Recipe:
    """The recipe of a name, in a file (a `Path`: a text is never one), or as a value. Raises ScrapeError `bad_recipe`."""
    return BOOK.load(what)


def aim(recipe: Recipe, target: str, options: Mapping[str, Any]) -> Aim:
    """What is meant by a target that is an address or, if the recipe takes one, a user name.

    Raises:
        ScrapeError: `bad_target`, `refused_target`: it is neither, or the user name is missing or not wanted.
    """
    user: str | None = options.get("user") or None
    target = target.strip()
    if not recipe.takes_user:
        if user is not None:
            raise ScrapeError("bad_target", f"the recipe {recipe.name!r} takes no user name, and was given {user[:60]!r}")
        return Aim(_page(target))
    if user is None or user.strip() == target:
        if "://" in target:
            raise ScrapeError("bad_target", f"the recipe {recipe.name!r} needs a user name beside the address {target[:80]!r}")
        name = templates.user_name(target)
        if recipe.start is None:
            raise ScrapeError(
                "bad_target", f"the recipe {recipe.name!r} says no start: give an address beside the user name {name!r}"
            )
        return Aim(templates.address(recipe.start, name), name)
    return Aim(_page(target), templates.user_name(user))


def check(target: str, options: Mapping[str, Any]) -> None:
    """See that a job can begin with it, before it is kept.

    Raises:
        ScrapeError: `bad_recipe`, `bad_target`, `refused_target`.
    """
    aim(load(options.get("recipe", GENERIC)), target, options)


def _page(target: str) -> str:
    """The address of a page, as somebody wrote it. Raises ScrapeError in words of our own: it is no company's."""
    try:
        return targets.parse(target).url
    except ScrapeError as error:
        if error.code == "refused_target":
            what = "is neither http:// nor https://"
        elif "@" in re.split(r"[/?#]", target.rpartition("://")[2])[0]:
            what = "carries a name or password"
        else:
            what = "is no address of a page"
        message = f"{target[:80]!r} {what}: give the address of the page, such as https://example.org/pictures"
        raise ScrapeError(error.code, message) from None


async def opened(recipe: Recipe, work: Work, page: Page, *, pause: float = 0) -> Aim:
    """The page where the recipe begins, and all its steps done on it. `pause`: s after each, for those who follow it.

    Raises:
        ScrapeError: `bad_recipe`: a step does not fit the page; `not_found`, `blocked`: the site says so; `timeout` …
    """
    begin = aim(recipe, work.target, work.options)
    hand = Hand(recipe, work, page, begin.user or "", pause=pause)
    await hand.open(begin.url)
    await hand.steps()
    return begin


async def items(
    recipe: Recipe, work: Work, page: Page, limit: int | None = None, *, pause: float = 0
) -> AsyncGenerator[Wanted, None]:
    """What the recipe finds, beginning with an empty page: at most `limit` items, each when it is seen. Raises as `opened`."""
    async with sight(page):  # before it is opened: it is not told which pictures nobody watches
        begin = await opened(recipe, work, page, pause=pause)
        reader = Reader(recipe, work, page, begin.user or "", pause=pause)
        found = 0
        try:
            async with aclosing(reader.cards()) as cards:
                async for wanted in cards:
                    found += 1
                    yield wanted
                    if limit is not None and found >= limit:
                        return
        finally:
            work.report(cards=reader.seen, without_media=reader.empty)


async def run(
    recipe: Recipe, work: Work, page: Page, keeper: Keeper, limit: int | None = None, *, pause: float = 0
) -> AsyncIterator[Item]:
    """Hand the keeper what the recipe finds, at most `limit` items; gives the results that are there meanwhile."""
    async with aclosing(items(recipe, work, page, limit, pause=pause)) as found:
        async for wanted in found:
            await keeper.room()
            keeper.want(wanted)
            for item in keeper.ready():
                yield item
