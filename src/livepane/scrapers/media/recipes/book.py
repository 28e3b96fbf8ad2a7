"""Where recipes are: those that come along, and those of one's own in a folder. Each is asked for by its name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from livepane.domain.errors import BadRecipe, LivepaneError, NotFound, RecipeFault
from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.media.recipes.model import Recipe
from livepane.scrapers.media.recipes.reading import ENDINGS, of_value, read

INCLUDED = Path(__file__).parent
GENERIC = "gallery"  # needs no writing, and cannot be replaced
MOST = 500  # files of a folder that are looked at
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A recipe of the book, or why it is none."""

    name: str
    path: Path
    included: bool
    recipe: Recipe | None
    error: str | None = None


class Book:
    """The recipes of one process. `own` is the folder with those of its user; it need not be there."""

    def __init__(self, own: Path | None = None) -> None:
        self.own = own

    def all(self) -> list[Listed]:
        """All of them by name; one of one's own takes the place of one that comes along."""
        found = {path.stem: self._listed(path, included=True) for path in sorted(INCLUDED.glob("*.toml"))}
        for path in self._own_files():
            if path.stem != GENERIC:
                found[path.stem] = self._listed(path, included=False)
        return [found[name] for name in sorted(found)]

    def find(self, name: str) -> Recipe:
        """The recipe of that name.

        Raises:
            NotFound: there is none; says which there are.
            BadRecipe: its file says something wrong.
        """
        path = self.path(name)
        return _included(path) if path.parent == INCLUDED else _named(path)

    def path(self, name: str) -> Path:
        """The file of the recipe of that name. Raises NotFound."""
        if _NAME.fullmatch(name):
            own = [self.own / f"{name}{ending}" for ending in ENDINGS] if self.own is not None and name != GENERIC else []
            for path in (*own, INCLUDED / f"{name}.toml"):
                if path.is_file():
                    return path
        names = sorted({path.stem for path in (*INCLUDED.glob("*.toml"), *self._own_files())})
        near = difflib.get_close_matches(name, names, 1)
        meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise NotFound(f"there is no recipe {name[:80]!r}; {meant}")

    def load(self, what: str | Path | Mapping[str, object]) -> Recipe:
        """The recipe of a name, in a file, or as a value: what a job was asked for with. A text is never a path.

        Raises:
            ScrapeError: `bad_recipe`: there is none, or it says something wrong.
        """
        try:
            match what:
                case str():
                    return self.find(what)
                case Path():
                    return _other(read(what), str(what))
                case _:
                    return _other(of_value(dict(what), "the recipe of this job"), "the recipe of this job")
        except LivepaneError as error:
            raise ScrapeError("bad_recipe", error.message) from None

    def _own_files(self) -> list[Path]:
        if self.own is None or not self.own.is_dir():
            return []
        files = [path for path in self.own.iterdir() if path.suffix in ENDINGS and _NAME.fullmatch(path.stem) and path.is_file()]
        return sorted(files)[:MOST]

    def _listed(self, path: Path, *, included: bool) -> Listed:
        try:
            return Listed(path.stem, path, included, _included(path) if included else _named(path))
        except BadRecipe as error:
            return Listed(path.stem, path, included, None, error.message)


def _named(path: Path) -> Recipe:
    """One of a folder, where its file's name is what it is found by."""
    recipe = read(path)
    if recipe.name != path.stem:
        raise BadRecipe(
            str(path), [RecipeFault(f"name = {recipe.name!r}, and the file is called {path.name}: call both the same")]
        )
    return recipe


def _other(recipe: Recipe, where: str) -> Recipe:
    """One that comes from elsewhere: its name must not promise what it is not."""
    if recipe.name == GENERIC and recipe != _included(INCLUDED / f"{GENERIC}.toml"):
        raise BadRecipe(where, [RecipeFault(f"name = {GENERIC!r} is the one that comes along: call yours something else")])
    return recipe


@cache
def _included(path: Path) -> Recipe:
    return read(path)


BOOK = Book()  # of this process: whoever starts the jobs says where `own` is
