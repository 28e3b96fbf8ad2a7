"""The CDP client over real pipes, with the test at the browser's end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from livepane.browsers import cbor
from livepane.browsers.cdp import CdpConnection
from livepane.browsers.pipe import PipeTransport
from livepane.browsers.session import CLOSED
from livepane.domain.errors import SourceGone, Unavailable


class FakeEnd:
    """The browser's end of the two pipes."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read, self.write_fd = read_fd, write_fd

    async def read(self) -> dict[str, Any]:
        head = await asyncio.to_thread(os.read, self._read, 7)
        size = cbor.message_size(head)
        assert size is not None
        while len(head) < size:
            head += await asyncio.to_thread(os.read, self._read, size - len(head))
        return cbor.loads(head)

    def write(self, *messages: dict[str, Any]) -> None:
        os.write(self.write_fd, b"".join(cbor.dumps(message) for message in messages))

    def quit(self) -> None:
        for fd in (self._read, self.write_fd):
            with suppress(OSError):
                os.close(fd)


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[CdpConnection, FakeEnd]]:
    theirs_in, our_out = os.pipe()
    our_in, theirs_out = os.pipe()
    connection, browser = CdpConnection(PipeTransport(our_in, our_out)), FakeEnd(theirs_in, theirs_out)
    try:
        yield connection, browser
    finally:
        await connection.close()
        browser.quit()


async def test_answers_find_their_commands_in_any_order() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(connection.browser.send("A.one", {"x": 1}))
        second = tasks.create_task(connection.browser.send("A.two"))
        asked = [await browser.read(), await browser.read()]
        assert asked[0] == {"id": asked[0]["id"], "method": "A.one", "params": {"x": 1}}
        browser.write({"id": asked[1]["id"], "result": {"two": 2}}, {"id": asked[0]["id"], "result": {"one": 1}})
        assert (await first, await second) == ({"one": 1}, {"two": 2})


async def test_a_refusal_has_the_browsers_words() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        refused = tasks.create_task(_catch(connection.browser.send("A.one")))
        asked = await browser.read()
        browser.write({"id": asked["id"], "error": {"code": -32602, "message": "Invalid parameters", "data": "x: missing"}})
        error = await refused
        assert isinstance(error, Unavailable)
        assert error.message == "The browser refused A.one: Invalid parameters (x: missing)"


async def test_events_go_to_the_handlers_of_their_session_only() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        attached = tasks.create_task(connection.attach("T1"))
        asked = await browser.read()
        info = {"targetId": "T1"}
        browser.write(
            {"method": "Target.attachedToTarget", "params": {"sessionId": "S1", "targetInfo": info}},
            {"id": asked["id"], "result": {"sessionId": "S1"}},
        )
        session = await attached
        heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        session.on("A.event", lambda params: heard.put_nowait(("session", params)))
        connection.browser.on("A.event", lambda params: heard.put_nowait(("browser", params)))
        browser.write(
            {"method": "A.event", "params": {"n": 1}, "sessionId": "S1"},
            {"method": "A.event", "params": {"n": 2}, "sessionId": "unknown"},
            {"method": "A.event", "params": {"n": 3}},
        )
        assert [await heard.get(), await heard.get()] == [("session", {"n": 1}), ("browser", {"n": 3})]


async def test_a_handler_that_was_taken_off_hears_nothing() -> None:
    async with connected() as (connection, browser):
        heard: asyncio.Queue[int] = asyncio.Queue()
        connection.browser.on("A.event", (once := lambda _: heard.put_nowait(1)))
        connection.browser.on("A.event", lambda _: heard.put_nowait(2))
        connection.browser.off("A.event", once)
        connection.browser.off("A.event", once)
        browser.write({"method": "A.event", "params": {}})
        assert await heard.get() == 2


async def test_a_failing_handler_stops_neither_the_others_nor_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as (connection, browser):
        heard: asyncio.Queue[int] = asyncio.Queue()
        connection.browser.on("A.event", lambda _: 1 / 0)
        connection.browser.on("A.event", lambda _: heard.put_nowait(2))
        browser.write({"method": "A.event", "params": {}}, {"method": "A.event", "params": {}})
        assert [await heard.get(), await heard.get()] == [2, 2]
        assert "A handler of A.event failed" in caplog.text


async def test_a_message_that_comes_in_pieces_and_many_in_one_piece_are_read() -> None:
    async with connected() as (connection, browser):
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        connection.browser.on("A.picture", lambda params: heard.put_nowait(params["data"]))
        picture = os.urandom(3_000_000)  # more than the pipe holds
        small = cbor.dumps({"method": "A.picture", "params": {"data": b"small"}})
        big = cbor.dumps({"method": "A.picture", "params": {"data": picture}})
        sent = asyncio.get_running_loop().run_in_executor(None, _write_all, browser.write_fd, small * 3 + big + small)
        assert [await heard.get() for _ in range(5)] == [b"small"] * 3 + [picture, b"small"]
        await sent


async def test_a_command_larger_than_the_pipe_arrives_whole() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        text = "x" * 3_000_000
        answer = tasks.create_task(connection.browser.send("Input.insertText", {"text": text}))
        asked = await browser.read()
        assert asked["params"]["text"] == text
        browser.write({"id": asked["id"], "result": {}})
        assert await answer == {}


async def test_the_end_of_the_browser_fails_every_pending_command_and_is_told_once() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        reasons: list[str] = []
        connection.browser.on(CLOSED, lambda params: reasons.append(params["reason"]))
        pending = [tasks.create_task(_catch(connection.browser.send("A.one"))) for _ in range(3)]
        await browser.read()
        browser.quit()
        for task in pending:
            error = await task
            assert isinstance(error, SourceGone)
            assert error.message == "The browser has ended: its process ended."
        assert not connection.is_open
        assert reasons == ["The browser has ended: its process ended."]
        with pytest.raises(SourceGone):
            await connection.browser.send("A.two")


async def test_a_detached_session_fails_its_own_commands_only() -> None:
    async with connected() as (connection, browser), asyncio.TaskGroup() as tasks:
        attached = tasks.create_task(connection.attach("T1"))
        asked = await browser.read()
        browser.write(
            {"method": "Target.attachedToTarget", "params": {"sessionId": "S1", "targetInfo": {}}},
            {"id": asked["id"], "result": {"sessionId": "S1"}},
        )
        session = await attached
        of_page = tasks.create_task(_catch(session.send("A.one")))
        of_browser = tasks.create_task(connection.browser.send("A.two"))
        await browser.read()
        asked = await browser.read()
        browser.write({"method": "Target.detachedFromTarget", "params": {"sessionId": "S1"}}, {"id": asked["id"], "result": {}})
        assert isinstance(await of_page, SourceGone)
        assert await of_browser == {}
        with pytest.raises(SourceGone, match="The page was closed"):
            await session.send("A.three")


async def test_noise_on_the_pipe_ends_the_connection() -> None:
    async with connected() as (connection, browser):
        reason: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        connection.browser.on(CLOSED, lambda params: reason.set_result(params["reason"]))
        os.write(browser.write_fd, b'{"id":1,"result":{}}')
        assert "carries no message" in await reason


async def _catch(command: Any) -> Exception:
    try:
        await command
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
