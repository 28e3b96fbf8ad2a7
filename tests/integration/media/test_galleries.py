"""The generic gallery on made pages, with everything real: one browser and one server for all tests here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.galleries import Galleries, failing, galleries
from tests.galleries.run import Brought, bring, downloader

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
]  # all pages are opened in the first one's set-up
# One of each way to find items and their best; the others are measured by `make bench ARGS=quality`.
SHAPES = (
    "data-src",
    "onerror",
    "scroll box",
    "endless scroll",
    "load more",
    "download link",
    "dialog",
    "script links",
    "video",
    "data: and blob:",
    "originals that fail",
)
WALLS = ("gone", "forbidden", "private", "words")


@pytest.fixture(scope="module")
def made() -> Iterator[Galleries]:
    """The served shapes."""
    with galleries() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def brought(made: Galleries, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Brought]]:
    """What came of every shape, fetched side by side."""
    folder = tmp_path_factory.mktemp("downloads")
    async with downloader(made, folder, pages=3) as alone:
        names = [*SHAPES, *WALLS]
        came = await asyncio.gather(*(bring(alone, made.shape(name)) for name in names))
        again = await bring(alone, made.shape("load more"))
        yield {**dict(zip(names, came, strict=True)), "again": again}


@pytest.mark.parametrize("name", SHAPES)
async def test_every_item_of_a_page_comes_in_its_best_quality_and_nothing_else(
    name: str, made: Galleries, brought: dict[str, Brought]
) -> None:
    shape, came = made.shape(name), brought[name]
    assert came.error == "", came.message
    score = made.easel.judge(shape, came.items)
    assert (score.smaller, score.lost, score.false, score.twice) == ((), (), (), 0)
    assert score.best == score.items
    assert bool(shape.warning) == any(shape.warning in one for one in came.warnings if shape.warning)


@pytest.mark.parametrize("name", WALLS)
async def test_a_page_that_is_no_gallery_is_an_error_that_says_why(
    name: str, made: Galleries, brought: dict[str, Brought]
) -> None:
    shape = made.shape(name)
    assert brought[name].error == shape.error
    assert shape.url in brought[name].message


async def test_it_says_what_it_does_and_where(brought: dict[str, Brought]) -> None:
    said = brought["dialog"].said
    assert said[0] == "Opening dialog.example/"
    assert "Reading 5 items" in said
    assert "Opening picture 1 of 5" in said
    assert any(one.startswith("Downloading item ") for one in said)


async def test_an_item_that_is_not_in_its_best_quality_says_why(brought: dict[str, Brought]) -> None:
    came = brought["originals that fail"]
    missed = {item["better_failed"]["url"]: item["better_failed"]["code"] for item in came.items if item["better_failed"]}
    assert missed == {f"{failing.ROOT}/o/{number}.jpg": code for number, code in failing.BAD.items()}
    assert any("4 of 12 items are not in their best quality" in one for one in came.warnings)


async def test_a_second_run_keeps_nothing_twice(brought: dict[str, Brought]) -> None:
    first, second = brought["load more"].items, brought["again"].items
    assert {item["outcome"] for item in second} == {"same"}
    assert {item["key"] for item in second} == {item["key"] for item in first}
    assert brought["again"].facts["proofs"] == 0
