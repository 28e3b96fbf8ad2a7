"""`livepane recipe`: recipes for downloads, listed, shown, checked and tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from livepane.commands import recipe_trial
from livepane.commands.job_words import plain
from livepane.domain.errors import BadRecipe, BadRequest, LivepaneError

if TYPE_CHECKING:
    from livepane.scrapers.media.recipes.book import Book
    from livepane.scrapers.media.recipes.model import Recipe

app = typer.Typer(
    help="Recipes for downloads: list, show, check, schema, try.",
    no_args_is_help=True,
    epilog="Example: livepane recipe check shelf.toml",
)
_LIST = "Example: livepane recipe list --json"
_SHOW = "Example: livepane recipe show fastdl > mine.toml"
_CHECK = """
Example: livepane recipe check shelf.toml

What is wrong is said with file, line, key and what was probably meant; exit code 2. Without a file: all of your own.
"""
_SCHEMA = "Example: livepane recipe schema > recipe.schema.json"
_TRY = """
Example: livepane recipe try shelf.toml https://example.org/shelf --limit 5

It runs on the server of this machine or, when there is none, on one that lives as long as the command. Each step is printed, and
seen in the pane whose address comes first. Nothing is kept. Exit code 3 when a step did not work.
"""


@app.command("list", epilog=_LIST)
def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text: one object a line.")] = False) -> None:
    """List the recipes that come along and those of your own folder."""
    wrong = False
    for one in _book().all():
        takes_user = one.recipe is not None and one.recipe.takes_user
        if as_json:
            about = {"about": one.recipe.about if one.recipe else None, "takes_user": takes_user, "error": one.error}
            typer.echo(json.dumps({"name": one.name, "included": one.included, "path": str(one.path), **about}))
        else:
            said = one.recipe.about if one.recipe else f"cannot be used: {(one.error or '').partition(chr(10))[0]}"
            typer.echo(
                f"{one.name:<16}{'' if one.included else '(own) '}{'(takes a user name) ' if takes_user else ''}{plain(said)}"
            )
        wrong = wrong or one.error is not None
    if wrong:
        raise typer.Exit(2)


@app.command(epilog=_SHOW)
def show(name: Annotated[str, typer.Argument(help="A recipe, as `livepane recipe list` shows it.")]) -> None:
    """Print the file of a recipe: a beginning for one of your own."""
    with said():
        path = _book().path(name)
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
        typer.echo(f"# {path}", err=True)


@app.command(epilog=_CHECK)
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]…", help="Files (.toml, .json) to check.")] = None,
) -> None:
    """Check recipes without a browser: keys, types, selectors, places to fill."""
    from livepane.scrapers.media.recipes.reading import read

    wrong = False
    if not files:
        own = [one for one in _book().all() if not one.included]
        typer.echo(f"{len(own)} recipes of your own in {_book().own}")
        files = [one.path for one in own if one.error is None]
        for one in own:
            if one.error is not None:
                typer.echo(plain_lines(one.error), err=True)
                wrong = True
    for file in files:
        try:
            recipe = read(file)
        except BadRecipe as error:
            typer.echo(plain_lines(error.message), err=True)
            wrong = True
        else:
            typer.echo(f"{file}: {_summed_up(recipe)}")
    if wrong:
        raise typer.Exit(2)


@app.command(epilog=_SCHEMA)
def schema() -> None:
    """Print the JSON schema of recipes, for editors."""
    from livepane.scrapers.media.recipes.model import schema as made

    typer.echo(json.dumps(made(), indent=2, ensure_ascii=False))


@app.command("try", epilog=_TRY)
def try_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file (.toml, .json), or the name of a recipe.")],
    url: Annotated[
        str | None,
        typer.Argument(metavar="[URL]", help="The page to begin on. Without it: the recipe's start.", show_default=False),
    ] = None,
    user: Annotated[str | None, typer.Option(help="User name, for recipes that take one.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Items to find at the most.")] = 12,
    pause: Annotated[float, typer.Option(min=0, max=10, help="Seconds after each step, to follow it by eye.")] = 1.0,
    open_: Annotated[bool, typer.Option("--open", help="Open the pane in your browser.")] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Keep the pane until Ctrl-C, when the server is the command's own.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What the job tells, one JSON object a line.")] = False,
    server: Annotated[
        str | None, typer.Option(help="Server to try it on. Without it: LIVEPANE_SERVER, else the server of this machine.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line. Default: the admin token here."),
    ] = None,
) -> None:
    """Do what a recipe says while you watch: print each step and what would be fetched, and keep nothing."""
    with said():
        recipe = chosen(file)
        target = url or user
        if target is None:
            needs = "a URL, or a --user for it" if recipe.takes_user and recipe.start else "a URL"
            raise BadRequest(f"the recipe {recipe.name!r} needs {needs}")
        options: dict[str, Any] = {"recipe": recipe.as_json(), "limit": limit, "pause": pause}
        if user is not None:
            options["user"] = user
        trial = recipe_trial.Trial(target, options, as_json=as_json, open_pane=open_, stay=stay)
        raise typer.Exit(recipe_trial.run(trial, server, token))


# --- parts -------------------------------------------------------------------------------------------


def plain_lines(text: str) -> str:
    """Several lines for a terminal, none of which can steer it."""
    return "\n".join(plain(line) for line in text.splitlines())


def _book() -> Book:
    from livepane.scrapers.media.recipes.book import Book
    from livepane.settings import Settings

    return Book(Settings().own_recipes)


def chosen(file: str) -> Recipe:
    """A file when it looks like one, else a recipe of the book."""
    from livepane.scrapers.media.recipes.reading import ENDINGS, read

    path = Path(file)
    return read(path) if path.suffix.lower() in ENDINGS or path.exists() or len(path.parts) > 1 else _book().find(file)


def _summed_up(recipe: Recipe) -> str:
    parts = [f"{recipe.name!r} is good", f"{len(recipe.steps)} step{'' if len(recipe.steps) == 1 else 's'}"]
    parts.append("items found by themselves" if recipe.generic else f"cards {recipe.cards.selector!r}" if recipe.cards else "")
    return ", ".join([*parts, "takes a user name"] if recipe.takes_user else parts)


@contextmanager
def said() -> Iterator[None]:
    """What is refused is said, a line for each thing."""
    try:
        yield
    except LivepaneError as error:
        prefix = "" if isinstance(error, BadRecipe) else "Error: "
        typer.echo(prefix + plain_lines(error.message), err=True)
        raise typer.Exit(2 if error.status < 500 else 1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
