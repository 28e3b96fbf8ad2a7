"""The recipes that jobs of this server may name: those that come along, and those of its own folder."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from livepane.api.access import allow
from livepane.domain.access import Role
from livepane.scrapers.media.recipes.book import BOOK, Listed

router = APIRouter(tags=["recipes"])


class RecipeModel(BaseModel):
    """A recipe, as `media_download` takes it by its name."""

    name: str
    about: Annotated[str, Field(description="one sentence; empty when the recipe cannot be read")]
    included: Annotated[bool, Field(description="whether it comes along, and is not one of this server's own folder")]
    takes_user: Annotated[bool, Field(description="whether it needs a user name, as the target or as the option `user`")]
    start: Annotated[str | None, Field(description="the page that it opens when only a user name is given")]
    steps: Annotated[int, Field(description="what it does on the page before it reads it")]
    error: Annotated[str | None, Field(description="why it cannot be used: a line for each thing that is wrong")]


class RecipeList(BaseModel):
    """Every recipe of this server, by name."""

    recipes: list[RecipeModel]


@router.get("/api/recipes")
@allow(Role.VIEWER)
async def list_recipes() -> RecipeList:
    """The recipes for media that this server knows, its own included; those that cannot be read say why."""
    return RecipeList(recipes=[_model(one) for one in await asyncio.to_thread(BOOK.all)])


def _model(one: Listed) -> RecipeModel:
    recipe = one.recipe
    return RecipeModel(
        name=one.name,
        about=recipe.about if recipe else "",
        included=one.included,
        takes_user=recipe.takes_user if recipe else False,
        start=recipe.start if recipe else None,
        steps=len(recipe.steps) if recipe else 0,
        error=one.error.replace(f"{one.path.parent}/", "") if one.error else None,
    )
