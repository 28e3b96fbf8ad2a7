"""What captures may cost together, with real pages."""

from __future__ import annotations

from itertools import pairwise

import httpx

from tests.integration.wall import Wall, wall_of
from tests.integration.web import site
from tests.serving import StartServer

FPS, LIMIT = 10, 12


async def test_pages_are_slowed_to_the_budget_the_large_one_last_and_recover(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_CAPTURE_FPS=str(LIMIT), LIVEPANE_GRACE_SECONDS="0.1")
    with site() as base:
        async with server.http(headers=server.admin) as client, wall_of(server.url) as wall:
            large, *small = [await _open(client, f"{base}/painting") for _ in range(3)]
            await wall.until(lambda: {large, *small} <= wall.streams.keys())
            await wall.watch(large, fps=FPS, width=1280, height=720)
            for one in small:
                await wall.watch(one, fps=FPS, width=320, height=180)
            await wall.until(lambda: _told(wall) == (3, "fps", LIMIT))
            await wall.until(lambda: all(wall.streams[one].slowed_to for one in (large, *small)))
            await wall.until(lambda: _left(wall, large) > 1.5 * max(_left(wall, one) for one in small))
            await wall.until(lambda: sum(_left(wall, one) for one in (large, *small)) < 1.1 * LIMIT)  # they asked for 30
            left = _left(wall, large)
            assert f"captures reach their budget (LIVEPANE_CAPTURE_FPS={LIMIT})" in server.logged()

            await wall.unwatch_all(but=1)
            await wall.until(lambda: _told(wall) == (0, None, None))
            await wall.until(lambda: wall.streams[large].slowed_to is None)
            await _until_faster(wall, large, 1.1 * left)
            assert "captures are within their budget again" in server.logged()


async def _open(client: httpx.AsyncClient, url: str) -> str:
    answer = await client.post("/api/pages", json={"url": url})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def _told(wall: Wall) -> tuple[int, str | None, float | None] | None:
    return None if wall.budget is None else (wall.budget.slowed, wall.budget.limit, wall.budget.allowed)


def _left(wall: Wall, stream: str) -> float:
    """Pictures a second that the budget leaves a stream."""
    return wall.streams[stream].slowed_to or float(FPS)


async def _speed(wall: Wall, stream: str, over: int = 8) -> float:
    """Pictures a second, by the times at which the next ones were captured."""
    frames = (await wall.pictures(stream, over))[-over:]
    return 1e9 / _median([after.picture.captured_at - before.picture.captured_at for before, after in pairwise(frames)])


def _median(values: list[int]) -> int:
    return sorted(values)[len(values) // 2]


async def _until_faster(wall: Wall, stream: str, than: float) -> None:
    while await _speed(wall, stream) <= than:
        pass  # the next pictures may be
