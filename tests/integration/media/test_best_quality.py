"""Which address of a picture is the best one: asked of a real server, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from livepane.jobs.alone import Alone
from livepane.scrapers.media.best import Best
from livepane.scrapers.media.candidates import Offer
from livepane.scrapers.media.probe import Prober
from tests.galleries import Galleries, failing, galleries
from tests.galleries.run import downloader

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = "https://wordpress.example/wp-content/uploads/2024/05"
PAGE = "https://wordpress.example/2024/05/trip/"


@pytest.fixture(scope="module")
def made() -> Iterator[Galleries]:
    """The served shapes."""
    with galleries() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alone(made: Galleries, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Alone]:
    """The way out."""
    async with downloader(made, Path(tmp_path_factory.mktemp("none"))) as alone:
        yield alone


@pytest_asyncio.fixture(loop_scope="module")
async def best(alone: Alone) -> AsyncIterator[Best]:
    """One run, that has learned nothing."""
    async with alone.work(PAGE, {}, lambda _: None) as work:
        yield Best(Prober(work.http))


async def test_a_guess_that_is_proven_comes_before_what_the_page_shows(best: Best) -> None:
    first, second = await best.order([Offer(f"{ROOT}/IMG_100-300x200.jpg", "src", 300, 200, 2)], PAGE)
    assert (first.url, first.width, first.height) == (f"{ROOT}/IMG_100.jpg", 1200, 800)
    assert first.rule == "size: WordPress"
    assert second.rule == "src"


async def test_a_guess_that_is_not_there_is_no_candidate(best: Best) -> None:
    (only,) = await best.order([Offer(f"{ROOT}/IMG_105-300x200.jpg", "src", 300, 200, 2)], PAGE)
    assert (only.rule, only.width) == ("src", 300)


async def test_a_picture_that_comes_for_every_address_is_no_proof(best: Best) -> None:
    for number in range(6):
        (only,) = await best.order([Offer(f"https://trap.example/p/{number}_small.jpg", "src", rank=2)], "https://trap.example/")
        assert only.rule == "src"


async def test_pictures_that_are_alike_are_believed_after_three(best: Best) -> None:
    asked = []
    for number in (0, 1, 2, 4, 6):
        height = {0: 200, 1: 450, 2: 200, 4: 167, 6: 450}[number]
        candidates = await best.order([Offer(f"{ROOT}/IMG_{100 + number}-300x{height}.jpg", "src", rank=2)], PAGE)
        assert candidates[0].url == f"{ROOT}/IMG_{100 + number}.jpg"
        asked.append(best.prober.asked)
    assert asked[2] == asked[3] == asked[4]


def linked(number: int) -> list[Offer]:
    """A thumbnail in a link to its original."""
    original = Offer(f"{failing.ROOT}/o/{number}.jpg", "linked original", rank=6)
    return [original, Offer(f"{failing.ROOT}/t/{number}.jpg", "src", rank=2)]


async def test_an_original_that_fails_says_nothing_of_the_others(best: Best) -> None:
    for number in (4, 5, 6):
        first, second = await best.order(linked(number), failing.ROOT)
        assert first.missed is not None
        assert (first.missed.code, second.rule, second.missed) == (failing.BAD[number], "src", None)
    for number in (8, 9, 10):
        first, *_ = await best.order(linked(number), failing.ROOT)
        assert (first.rule, first.missed, bool(first.width)) == ("linked original", None, True)
    asked = best.prober.asked
    for number in (11, 7):  # the others are like most of them
        first, *_ = await best.order(linked(number), failing.ROOT)
        assert (first.rule, first.missed) == ("linked original", None)
    assert best.prober.asked == asked


async def test_a_circle_of_redirects_is_one_address_that_fails(best: Best) -> None:
    first, second = await best.order(linked(7), failing.ROOT)
    assert first.missed is not None
    assert (first.missed.code, second.rule) == ("budget", "src")


async def test_what_was_kept_from_where_the_page_promises_most_is_not_proven_again(best: Best) -> None:
    kept = f"{failing.ROOT}/o/8.jpg"
    assert (await best.order(linked(8), failing.ROOT, kept))[0].url == kept
    guessed = await best.order([Offer(f"{ROOT}/IMG_100-300x200.jpg", "src", 300, 200, 2)], PAGE, f"{ROOT}/IMG_100.jpg")
    assert [one.rule for one in guessed] == ["size: WordPress", "src"]
    assert best.prober.asked == 0
    assert (await best.order(linked(9), failing.ROOT, f"{failing.ROOT}/t/9.jpg"))[
        0
    ].rule == "linked original"  # it was not there then


async def test_a_link_to_a_page_that_is_called_like_a_file_is_no_candidate(best: Best) -> None:
    page = "https://open-graph.example/photo/1"
    offers = [Offer(page, "linked original", rank=6), Offer("https://open-graph.example/m/1.jpg", "src", rank=2)]
    assert [one.rule for one in await best.order(offers, page)] == ["src"]


async def test_of_two_sizes_that_the_page_does_not_state_the_larger_comes_first(best: Best) -> None:
    root = "https://open-graph.example"
    offers = [Offer(f"{root}/t/2.jpg", "linked original", rank=6), Offer(f"{root}/o/2a7.jpg", "data-src", rank=3)]
    assert [one.rule for one in await best.order(offers, root)] == ["data-src", "linked original"]
