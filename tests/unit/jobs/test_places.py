"""Places are given in the order of asking, and come back whatever becomes of the holder."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from livepane.jobs.places import Places


class Guests:
    """Tasks that ask for a place and keep it until they are told to leave."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.seated: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._leave: dict[str, asyncio.Event] = {}

    async def come(self, *names: str) -> None:
        for name in names:
            self._leave[name] = asyncio.Event()
            self.tasks[name] = asyncio.get_running_loop().create_task(self._sit(name), name=name)
            await turns()

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await self.tasks[name]
        await turns()

    async def throw_out(self, name: str) -> None:
        self.tasks[name].cancel()
        with suppress(asyncio.CancelledError):
            await self.tasks[name]
        await turns()

    async def _sit(self, name: str) -> None:
        async with self._places.one():
            self.seated.append(name)
            await self._leave[name].wait()


async def turns() -> None:
    """Let every task that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_wait_are_served_in_their_order() -> None:
    guests = Guests(Places(2))
    await guests.come("a", "b", "c", "d", "e")
    assert guests.seated == ["a", "b"]
    await guests.leave("b")
    await guests.leave("a")
    assert guests.seated == ["a", "b", "c", "d"]
    for name in "cde":
        await guests.leave(name)


async def test_nobody_overtakes_those_who_wait() -> None:
    places = Places(1)
    guests = Guests(places)
    await guests.come("a", "b")
    guests._leave["a"].set()
    await asyncio.sleep(0)  # a gives its place back; b has not sat down yet
    assert places.full
    await guests.come("c")
    assert guests.seated == ["a", "b"]
    await guests.leave("b")
    await guests.leave("c")


async def test_a_place_comes_back_when_its_holder_is_cancelled() -> None:
    guests = Guests(Places(1))
    await guests.come("a", "b")
    await guests.throw_out("a")
    assert guests.seated == ["a", "b"]
    await guests.leave("b")


async def test_who_is_cancelled_in_the_row_or_in_the_moment_of_its_turn_keeps_nothing() -> None:
    places = Places(1)
    guests = Guests(places)
    await guests.come("a", "b", "c", "d")
    await guests.throw_out("b")
    guests._leave["a"].set()
    guests.tasks["c"].cancel()  # a leaves and c is cancelled in the same turn of the loop
    await turns()
    assert guests.seated == ["a", "d"]
    await guests.leave("d")
    assert places.taken == 0


async def test_more_places_serve_those_who_wait_and_fewer_take_none_away() -> None:
    places = Places(1)
    guests = Guests(places)
    await guests.come("a", "b", "c")
    places.resize(3)
    await turns()
    assert guests.seated == ["a", "b", "c"]
    places.resize(1)
    await guests.come("d")
    await guests.leave("a")
    await guests.leave("b")
    assert guests.seated == ["a", "b", "c"]
    await guests.leave("c")
    assert guests.seated[-1] == "d"
    await guests.leave("d")
