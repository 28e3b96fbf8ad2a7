"""Documents are read one at a time, off the event loop, those of companies that are nearly done before the others."""

from __future__ import annotations

import asyncio
import threading

import pytest

from livepane.scrapers.ladder import desk
from tests.patience import PATIENCE


class Reading:
    """Work that says when it runs, and waits until it may end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.threads: set[str] = set()
        self.may_end = threading.Event()

    def of(self, name: str, *, wait: bool = False) -> str:
        """Read something."""
        self.begun.append(name)
        self.threads.add(threading.current_thread().name)
        if wait:
            assert self.may_end.wait(20)
        return name


async def until(found: list[str], *names: str) -> None:
    """Wait until something has begun."""
    async with asyncio.timeout(PATIENCE):
        while not set(names) <= set(found):  # noqa: ASYNC110 - another thread begins it
            await asyncio.sleep(0.001)


async def test_those_who_are_nearly_done_go_first_and_equal_ones_in_their_order() -> None:
    reading = Reading()
    async with asyncio.TaskGroup() as group:
        group.create_task(desk.read(lambda: reading.of("under way", wait=True), 100))
        await until(reading.begun, "under way")
        for name, pages in (("first", 0), ("second", 0), ("third page", 3), ("second page", 2)):
            group.create_task(desk.read(lambda name=name: reading.of(name), 100, pages))  # type: ignore[misc]
            await asyncio.sleep(0)
        gone = group.create_task(desk.read(lambda: reading.of("nobody waits for it"), 100))
        await asyncio.sleep(0)
        gone.cancel()
        # A large one has a thread of its own.
        assert await desk.read(lambda: reading.of("large"), desk.LARGE) == "large"
        reading.may_end.set()
    assert reading.begun == ["under way", "large", "third page", "second page", "first", "second"]
    assert len(reading.threads) == 2
    assert threading.current_thread().name not in reading.threads


async def test_what_goes_wrong_is_told_to_who_asked_and_the_next_one_is_read() -> None:
    with pytest.raises(ZeroDivisionError):
        await desk.read(lambda: 1 // 0, 100)
    assert await desk.read(lambda: 7, 100) == 7


async def test_whoever_leaves_while_it_is_read_holds_nobody_up() -> None:
    reading = Reading()
    leaving = asyncio.get_running_loop().create_task(desk.read(lambda: reading.of("left alone", wait=True), 100))
    await until(reading.begun, "left alone")
    leaving.cancel()
    await asyncio.wait([leaving])
    following = asyncio.get_running_loop().create_task(desk.read(lambda: reading.of("next"), 100))
    await asyncio.sleep(0)
    assert reading.begun == ["left alone"]
    reading.may_end.set()
    assert await following == "next"
