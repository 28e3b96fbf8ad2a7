"""A server that ends while others listen to it: they are told in good order, and nothing keeps it from ending."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.integration.jobs_api.asking import add, until_state
from tests.serving import StartServer, start_server

__all__ = ["start_server"]


async def test_every_answer_of_events_ends_whole_when_the_server_does(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_PLUGINS=str(Path(__file__).with_name("plugin.py")))
    async with server.http() as client, asyncio.TaskGroup() as readers:
        (number,) = await add(client, "waiting", "x", group="held")
        await until_state(client, number, "running")
        open_now = asyncio.Barrier(5)

        async def read(path: str) -> bytes:
            async with client.stream("GET", path) as answer:
                assert answer.status_code == 200
                await open_now.wait()
                return await answer.aread()  # raises when the answer is cut off

        paths = (f"/api/jobs/{number}/events", "/api/jobs/events", "/api/jobs/events?group=held", "/events")
        reading = [readers.create_task(read(path), name=path) for path in paths]
        await open_now.wait()
        server.ask_to_end()
        for one in reading:
            assert (await one).endswith(b": ping\n\n"), one.get_name()
    assert server.stop() == 0
