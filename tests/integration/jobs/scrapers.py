"""Scrapers that behave badly in every way that we know of: a plug-in, loaded by the tests."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from livepane.scrapers import ScrapeError, Work, scraper

Item = dict[str, Any]


@scraper("numbers", about="As many items as its target says.")
async def numbers(work: Work) -> AsyncIterator[Item]:
    """The well-behaved one."""
    for number in range(int(work.target)):
        work.say(f"Number {number}", progress=number / int(work.target))
        yield {"number": number}
    work.report(counted=int(work.target))


@scraper("bug", about="Raises what nobody has foreseen.")
async def bug(work: Work) -> AsyncIterator[Item]:
    """One item first."""
    yield {"before": True}
    raise ZeroDivisionError("a bug of its author")


@scraper("half words", about="Fails with words that are no text.")
async def half_words(work: Work) -> AsyncIterator[Item]:
    """Half of a character, as a page may have it, and far too many of them."""
    yield {"before": True}
    raise ScrapeError("http", "the page said \ud83d" + "!" * 5000)


class Careless(ScrapeError):
    """An error of somebody who has forgotten `super().__init__`."""

    def __init__(self) -> None:
        Exception.__init__(self)


@scraper("careless", about="Fails with an error that lacks everything.")
async def careless(work: Work) -> AsyncIterator[Item]:
    """Neither a code nor a message."""
    yield {"before": True}
    raise Careless


@scraper("leaves", about="Wants the whole server to end.")
async def leaves(work: Work) -> AsyncIterator[Item]:
    """As `sys.exit` would."""
    yield {"before": True}
    raise SystemExit(3)


@scraper("cancels itself", about="Raises CancelledError though nobody has cancelled it.")
async def cancels_itself(work: Work) -> AsyncIterator[Item]:
    """As a library may."""
    yield {"before": True}
    raise asyncio.CancelledError


@scraper("nonsense", about="Yields nothing that is JSON.")
async def nonsense(work: Work) -> AsyncIterator[Any]:
    """Three kinds of it."""
    yield 3
    yield {"nan": float("nan")}
    yield {1: 2}


@scraper("half nonsense", about="Yields good items among others.")
async def half_nonsense(work: Work) -> AsyncIterator[Any]:
    """Two of four are good."""
    for item in ({"good": 1}, None, {"good": 2}, object()):
        yield item


@scraper("no generator", about="A coroutine without a yield.")  # type: ignore[arg-type]
async def no_generator(work: Work) -> None:
    """Forgot to yield."""


@scraper("hangs", about="Waits for ever.")
async def hangs(work: Work) -> AsyncIterator[Item]:
    """One item, then silence."""
    yield {"before": True}
    await asyncio.Event().wait()


@scraper("stubborn", about="Takes no cancellation for an answer.")
async def stubborn(work: Work) -> AsyncIterator[Item]:
    """Neither in a page nor outside."""
    yield {"before": True}
    async with work.page():
        work.say("here to stay")
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                work.say("nobody hears this any more")


@scraper("page", about="Opens a page and closes it.")
async def page(work: Work) -> AsyncIterator[Item]:
    """What a well-behaved one does with a page."""
    async with work.page() as one:
        yield {"url": one.url}


@scraper("flaky", about="Fails twice, then works.")
async def flaky(work: Work) -> AsyncIterator[Item]:
    """Its target is a file that counts the runs."""
    counter = Path(work.target)
    runs = len(counter.read_bytes()) if counter.exists() else 0  # noqa: ASYNC240 - a byte
    with counter.open("ab") as file:  # noqa: ASYNC230
        file.write(b".")
    for number in range(3 - runs):
        yield {"run": runs, "number": number}
    if runs < 2:
        raise ScrapeError("http", f"no answer in run {runs}", retry=True)


@scraper("alone", about="Sees whether somebody else runs the same job at this moment.")
async def alone(work: Work) -> AsyncIterator[Item]:
    """Holds a lock of the kernel's, which a killed process gives back, until the gate is opened; its target is the file."""
    file = os.open(work.target, os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            Path(f"{work.target}.doubled").touch()  # noqa: ASYNC240
            raise
        gate = Path(work.target).parent / "gate"
        while not gate.exists():  # noqa: ASYNC110 - opened by another process
            await asyncio.sleep(0.02)
        yield {"pid": os.getpid()}
    finally:
        os.close(file)
