"""An answer of events: pinged while it is silent, ended with its client, its generator or its server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from livepane.api import event_stream
from livepane.api.event_stream import EventStream, Left, unless_left, with_silences
from livepane.domain.errors import Unavailable
from livepane.wire import sse


class Client:
    """The far end of one answer."""

    def __init__(self) -> None:
        self.started = False
        self.bodies: asyncio.Queue[bytes] = asyncio.Queue()
        self.leaves = asyncio.Event()
        self.whole = False

    async def receive(self) -> dict[str, Any]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            return
        self.whole = not message["more_body"]
        if message["body"]:
            self.bodies.put_nowait(message["body"])


class Events:
    """A generator of events that tells how it was ended."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self.closed = asyncio.Event()

    async def stream(self) -> AsyncGenerator[bytes, None]:
        try:
            while (one := await self.coming.get()) is not None:
                if isinstance(one, Exception):
                    raise one
                yield one
        finally:
            self.closed.set()


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def events() -> Events:
    return Events()


def answering(client: Client, events: Events, stopping: asyncio.Event | None = None) -> asyncio.Task[None]:
    answer = EventStream(events.stream(), stopping or asyncio.Event())
    assert "content-length" not in answer.headers
    return asyncio.get_running_loop().create_task(answer({"type": "http"}, client.receive, client.send), name="answer")


async def test_a_silent_answer_is_pinged_and_loses_nothing_by_it(
    client: Client, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "PING_SECONDS", 0.01)
    answer = answering(client, events)
    assert [await client.bodies.get(), await client.bodies.get()] == [sse.PING, sse.PING]
    events.coming.put_nowait(b"data: 1\n\n")
    while (body := await client.bodies.get()) == sse.PING:
        pass
    assert body == b"data: 1\n\n"
    events.coming.put_nowait(None)
    await answer
    assert client.whole


async def test_a_client_that_leaves_ends_the_generator_also_in_the_middle(client: Client, events: Events) -> None:
    answer = answering(client, events)
    events.coming.put_nowait(b"data: 1\n\n")
    await client.bodies.get()
    client.leaves.set()
    await answer
    assert events.closed.is_set()
    assert not client.whole


async def test_a_server_that_stops_says_so_by_a_comment_and_ends_the_answer(client: Client, events: Events) -> None:
    stopping = asyncio.Event()
    answer = answering(client, events, stopping)
    events.coming.put_nowait(b"data: 1\n\n")
    await client.bodies.get()
    stopping.set()
    await answer
    assert (client.bodies.get_nowait(), client.whole, events.closed.is_set()) == (sse.PING, True, True)


async def test_trouble_in_the_middle_ends_the_answer_in_good_order(client: Client, events: Events) -> None:
    answer = answering(client, events)
    events.coming.put_nowait(Unavailable("the disk is full"))
    await answer
    assert (client.whole, events.closed.is_set()) == (True, True)


async def test_the_generator_listens_before_the_client_hears_of_it() -> None:
    order = []

    async def stream() -> AsyncGenerator[bytes, None]:
        order.append("listens")
        yield b": \n\n"

    async def send(message: Any) -> None:
        order.append(message["type"])

    await EventStream(stream(), asyncio.Event())({"type": "http"}, Client().receive, send)
    assert order[:2] == ["listens", "http.response.start"]


async def test_an_answer_that_is_cancelled_closes_its_generator(client: Client, events: Events) -> None:
    answer = answering(client, events)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    answer.cancel()
    await asyncio.wait([answer])
    assert answer.cancelled()
    assert events.closed.is_set()


async def test_work_for_a_client_that_leaves_is_cancelled(client: Client) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    client.leaves.set()
    with pytest.raises(Left):
        await unless_left(client.receive, work(), asyncio.Event())
    assert ended.is_set()


async def test_silences_are_told_and_events_are_not_lost_in_them(events: Events) -> None:
    told = with_silences(events.stream(), 0.01)
    assert await anext(told) is None
    events.coming.put_nowait(b"1")
    while (one := await anext(told)) is None:
        pass
    assert one == b"1"
    assert await anext(told) is None
    await told.aclose()
    assert events.closed.is_set()
