"""`livepane download URL`: the pictures and videos of a page, kept in a folder by this process, without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from livepane.commands import provenance, recipe
from livepane.commands.download_display import Display, display, said, weight, words
from livepane.commands.job_words import plain
from livepane.domain.errors import BadRequest
from livepane.settings import Settings
from livepane.wire.user_settings import Downloads

if TYPE_CHECKING:
    from livepane.jobs.alone import Alone
    from livepane.scrapers.contract import ScrapeError

FAILED = 3  # exit code when something did not come: 1 and 2 are for what went wrong with the command
NOT_BEST = 4  # exit code when everything came, and something not in its best quality
LOOK_EVERY = 0.2  # s between two looks at the files under way
MIB = 2**20
EXAMPLE = """
Example: livepane download https://gallery.example/trees --to trees --limit 50

Run it again, and only what is new or better comes; what was broken off is gone on with. `manifest.jsonl` in the folder says of
each file where it is from. Exit code 0: everything is there; 3: something failed; 4: something is there, but its best quality
did not come. Both are listed at the end.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be downloaded, and where to."""

    target: str
    options: Mapping[str, Any]
    to: Path | None
    settled: Downloads


@dataclass(frozen=True, slots=True)
class Came:
    """What has come of it."""

    folder: Path
    failed: list[Mapping[str, Any]]  # items that did not come
    not_best: list[Mapping[str, Any]]  # items of which a better one did not come
    end: ScrapeError | None  # why it ended before its end


def download(
    target: Annotated[
        str | None,
        typer.Argument(metavar="URL|NAME", help="The page; or a user name, for recipes that take one.", show_default=False),
    ] = None,
    recipe_: Annotated[
        str, typer.Option("--recipe", help="A recipe, as `livepane recipe list` shows it, or a file (.toml, .json).")
    ] = "gallery",
    user: Annotated[str | None, typer.Option(help="User name, for recipes that take one.")] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the files. Without it: a collection among the downloads of the server."),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Collection among the downloads of the server, instead of --to.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Items at most.")] = 500,
    pages: Annotated[int, typer.Option(min=1, max=1000, help="Pages of a list that are followed at most.")] = 50,
    detail_pages: Annotated[
        str,
        typer.Option(metavar="auto|always|never", help="Open each item: where the first of them gain by it, always, or never."),
    ] = "auto",
    upgrade: Annotated[bool, typer.Option(help="Fetch better versions of what is there.")] = True,
    keep_older: Annotated[bool, typer.Option(help="Keep versions that a better one replaces, in the folder `.older`.")] = True,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Files that are fetched at the same time.")] = 6,
    free: Annotated[int, typer.Option(metavar="MIB", min=0, max=2**30, help="Leave so much of the disk free.")] = 1024,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object a line for each item to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing on standard error but what failed.")] = False,
) -> None:
    """Download the pictures and videos of a page, each in its best quality. Nothing else has to run."""
    with recipe.said():
        settled = Downloads(upgrade=upgrade, keep_older=keep_older, at_once=at_once, free_bytes=free * MIB)
        if to is not None and collection is not None:
            raise BadRequest("--to is a folder of its own, and --collection one of the server's downloads: give one of the two")
        wishes = {"limit": limit, "pages": pages, "detail_pages": detail_pages, "collection": collection}
        order = _order(target, recipe_, user, to, settled, wishes)
        try:
            settings = Settings()
        except ValidationError as error:
            wrong = next(iter(provenance.problems(error).items()), ("a setting", str(error)))
            raise BadRequest(f"{wrong[0]}: {wrong[1]}") from None
        with display(quiet=quiet, as_json=as_json) as shown:
            came = asyncio.run(_run(settings, order, shown, as_json=as_json))
        _sum_up(shown, came, as_json=as_json)
        raise typer.Exit(FAILED if came.failed or came.end is not None else NOT_BEST if came.not_best else 0)


def _order(
    target: str | None, file: str, user: str | None, to: Path | None, settled: Downloads, wishes: Mapping[str, Any]
) -> Order:
    """What the command line asks for, checked as a server would.

    Raises:
        BadRequest, BadRecipe, NotFound
    """
    try:
        from livepane.scrapers.contract import ScrapeError
        from livepane.scrapers.media import recipe as recipes
        from livepane.scrapers.media.recipes.book import BOOK
        from livepane.scrapers.media.wishes import OPTIONS
        from livepane.wire.wishes import check_options, check_target
    except ImportError as error:
        raise BadRequest(f"{error.name} is missing. Install the part for it: pip install 'livepane[scrape]'.") from None
    chosen = recipe.chosen(file)
    aimed = target or user
    if aimed is None:
        raise BadRequest(f"say what to download: a URL{', or a --user' if chosen.takes_user else ''}")
    BOOK.own = Settings().own_recipes
    is_listed = any(one.name == file for one in BOOK.all())
    given: dict[str, Any] = {
        "recipe": file if is_listed else chosen.as_json(),
        "upgrade": settled.upgrade,
        "user": user,
        **wishes,
    }
    pointless = () if chosen.generic else ("pages", "detail_pages")
    options = {name: value for name, value in given.items() if value is not None and name not in pointless}
    check_target(aimed)
    check_options(options, OPTIONS)
    try:
        recipes.aim(chosen, aimed, options)
    except ScrapeError as error:
        raise BadRequest(error.message) from None
    return Order(aimed.strip(), options, to, settled)


async def _run(settings: Settings, order: Order, shown: Display, *, as_json: bool) -> Came:
    """Do it."""
    from livepane.jobs.alone import Alone
    from livepane.jobs.items import checked
    from livepane.jobs.shelf import Shelf
    from livepane.scrapers.contract import ScrapeError
    from livepane.scrapers.media.scraper import SCRAPER

    shelf = Shelf(
        settings.downloads if order.to is None else order.to.expanduser().resolve(),
        order.settled.model_dump,
        single=order.to is not None,
    )
    failed: list[Mapping[str, Any]] = []
    not_best: list[Mapping[str, Any]] = []
    end: ScrapeError | None = None
    name = ""
    async with (
        Alone(settings, shelf=shelf) as alone,
        alone.work(order.target, order.options, shown.told, SCRAPER.limits) as work,
    ):
        looking = asyncio.get_running_loop().create_task(_look(alone, work.number, shown), name="files under way")
        try:
            async for found in SCRAPER.run(work):
                item = checked(found)[0]
                shown.item(item)
                if item.get("outcome") == "failed":
                    failed.append(item)
                elif item.get("better_failed"):
                    not_best.append(item)
                if as_json:
                    typer.echo(json.dumps(item, ensure_ascii=False, separators=(",", ":")))
        except ScrapeError as error:
            end = error
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
        name = str(work.facts.get("collection", ""))
    return Came(shelf.folder if shelf.single or not name else shelf.folder / name, failed, not_best, end)


async def _look(alone: Alone, number: int, shown: Display) -> None:
    while True:
        shown.under_way(alone.shelf.transfers.of(number))
        await asyncio.sleep(LOOK_EVERY)


def _sum_up(shown: Display, came: Came, *, as_json: bool) -> None:
    """What came of it, on standard output; with --json on standard error, so that every line of output is an item."""
    if whole := words(shown.outcomes):
        typer.echo(f"{whole}; {weight(shown.bytes)} came, in {came.folder}", err=as_json)
    for items, what in ((came.failed, "failed"), (came.not_best, "not in their best quality")):
        if items:
            typer.echo(f"{len(items)} {what}:", err=as_json)
        for item in items:
            where = (item.get("better_failed") or item).get("url") or item.get("source_page") or ""
            typer.echo(f"  {said(item)}\n    {plain(where)}", err=as_json)
    if came.end is not None:
        code = "" if came.end.code == "unknown" else f"{plain(came.end.code)}: "
        typer.echo(f"Error: {code}{plain(came.end.message)}", err=True)
