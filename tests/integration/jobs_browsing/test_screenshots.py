"""Jobs as others see them: pictures in JSON, streams among the others, and nothing captured while nobody looks."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg

from livepane.media.jpeg import jpeg_size
from livepane.media.outline import LINE
from tests.contract.clients import Message, binary, closed, receive, say, socket, text
from tests.integration.jobs_browsing import scraper as plugin
from tests.integration.jobs_browsing.corner import Corner, corner
from tests.patience import PATIENCE
from tests.serving import Server, serving

KIND = "scraper_screenshot"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One with the scrapers of these tests, which may fetch from this machine."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, "--plugin", str(Path(plugin.__file__)), LIVEPANE_ALLOW_PRIVATE_TARGETS="127.0.0.0/8") as one:
        yield one


@pytest.fixture
def web() -> Iterator[Corner]:
    """A site whose gates are closed."""
    with corner() as where:
        yield where


async def ask(server: Server, method: str, path: str, **options: Any) -> Any:
    """The answer of a route, by somebody who may do everything."""
    async with server.http(headers=server.admin) as http:
        answer = await http.request(method, path, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None


async def start(server: Server, kind: str, target: str) -> int:
    """The id of a new job."""
    made = await ask(server, "POST", "/api/jobs", json={"kind": kind, "target": target, "max_attempts": 1})
    return int(made["jobs"][0]["id"])


async def until(server: Server, path: str, field: str, value: Any) -> Message:
    """Ask until a field has a value."""
    async with server.http(headers=server.admin) as http, asyncio.timeout(PATIENCE):
        while True:
            answer = await http.get(path)
            found: Message = answer.json()
            if answer.status_code == 200 and found[field] == value:
                return found
            await asyncio.sleep(0.05)


@asynccontextmanager
async def live_screenshots(server: Server, **changes: Any) -> AsyncIterator[None]:
    """The settings of users, changed for a while."""
    before = (await ask(server, "GET", "/api/settings"))["live_screenshots"]
    await ask(server, "PUT", "/api/settings", json={"live_screenshots": changes})
    try:
        yield
    finally:
        await ask(server, "PUT", "/api/settings", json={"live_screenshots": before})


def colour(message: Message) -> str:
    """Of the middle of a picture."""
    pixels = np.asarray(simplejpeg.decode_jpeg(base64.b64decode(message["screenshot"])))
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    return "".join("ff" if value > 127 else "00" for value in middle)


async def test_a_job_is_seen_with_what_it_does_by_those_who_ask_and_its_last_picture_by_those_who_come_late(
    server: Server, web: Corner
) -> None:
    job = await start(server, "gallery", web.base)
    stream = f"/api/streams/job:{job}"
    await until(server, f"/api/jobs/{job}", "action", "Showing red")
    unseen = await ask(server, "GET", stream)
    assert (unseen["state"], unseen["kind"], unseen["picture_at"], unseen["can_close"]) == ("idle", "job", None, False)
    async with live_screenshots(server, frame_rate=10), socket(server, f"/ws/screenshots/{job}?token=null") as client:
        first = await text(client, KIND, lambda said: said["action"] == "Showing red" and colour(said) == "ff0000")
        data = first.pop("data")
        assert data == first
        assert set(first) == {"type", "queue_id", "platform", "action", "screenshot", "timestamp"}
        assert (first["queue_id"], first["platform"]) == (job, "gallery")
        await client.send("ping")
        while await receive(client) != "pong":
            pass
        async with socket(server, f"/ws/viewer?name=job:{job}") as viewer:  # it is a stream as any other
            assert (await binary(viewer))[:2] == b"\xff\xd8"
        web.gates[0].set()
        await text(client, KIND, lambda said: said["action"] == "Showing blue" and colour(said) == "0000ff")
        web.gates[1].set()
        await until(server, f"/api/jobs/{job}", "state", "succeeded")
        await client.send("stop")
        assert (await closed(client))[0] == 1000
    async with socket(server, f"/ws/screenshots/{job}") as late:
        last = await text(late, KIND)
        assert (colour(last), last["action"]) == ("0000ff", "Showing blue")
        await late.send("ping")
        assert await receive(late) == "pong"  # and nothing else: it stays quiet
    gone = await ask(server, "GET", stream)
    assert (gone["state"], gone["reason"]) == ("gone", "the job has finished")
    await ask(server, "DELETE", f"/api/jobs/{job}")
    async with socket(server, f"/ws/screenshots/{job}") as deleted, socket(server, f"/ws/viewer?name=job:{job}") as viewer:
        assert (await closed(deleted))[0] == (await closed(viewer))[0] == 4404


def outlined(message: Message) -> bool:
    """Whether something has an outline in a picture: where "Here" is, and nowhere else."""
    pixels = np.asarray(simplejpeg.decode_jpeg(base64.b64decode(message["screenshot"])), np.int16)
    near = np.abs(pixels - np.array(LINE)).max(axis=2) < 60
    rows, columns = np.nonzero(near)
    if len(rows) < 500:
        return False
    assert 380 < columns.min() < 402
    assert 698 < columns.max() < 720
    assert rows.max() < 280
    return True


def darker(message: Message) -> bool:
    """Whether the page is as it is while it reads on."""
    corner = simplejpeg.decode_jpeg(base64.b64decode(message["screenshot"]))[-1, -1]
    return bool(corner[0] < 200)


async def test_what_a_job_works_on_is_outlined_in_its_pictures_and_its_steps_are_kept_as_they_were_seen(
    server: Server, web: Corner
) -> None:
    job = await start(server, "pointer", web.base)
    await until(server, f"/api/jobs/{job}", "action", "Reading here")
    moments = f"/api/jobs/{job}/moments"
    assert await ask(server, "GET", moments) == {"moments": []}
    async with live_screenshots(server, frame_rate=10), socket(server, f"/ws/screenshots/{job}") as client:
        await text(client, KIND, outlined)
        async with live_screenshots(server, highlight=False):
            await text(client, KIND, lambda said: not outlined(said))
        await text(client, KIND, outlined)
        web.gates[0].set()
        await text(client, KIND, lambda said: said["action"] == "Reading on" and darker(said) and not outlined(said))
        web.gates[1].set()
        await until(server, f"/api/jobs/{job}", "state", "succeeded")
    kept = (await ask(server, "GET", moments))["moments"]
    assert [(one["label"], one["selector"]) for one in kept] == [("Reading here", "text=Here"), ("Reading on", "#nowhere")]
    async with server.http(headers=server.admin) as http:
        shown = await http.get(kept[0]["url"])
        assert (shown.headers["content-type"], len(shown.content)) == ("image/jpeg", kept[0]["bytes"])
        assert jpeg_size(shown.content) == (kept[0]["width"], kept[0]["height"]) == (1280, 720)
        assert (await http.get(f"{moments}/999999.jpg")).status_code == 404
        await ask(server, "DELETE", f"/api/jobs/{job}")
        assert (await http.get(moments)).status_code == (await http.get(kept[0]["url"])).status_code == 404


async def test_a_job_without_a_page_shows_what_it_does_and_sends_no_picture(server: Server, web: Corner) -> None:
    job = await start(server, "reader", web.base)
    await until(server, f"/api/jobs/{job}", "items", 1)
    seen = await ask(server, "GET", f"/api/streams/job:{job}")
    assert (seen["state"], seen["reason"], seen["action"]["label"]) == ("idle", "no browser needed", "Reading")
    async with socket(server, f"/ws/screenshots/{job}") as client:
        await client.send("ping")
        assert await receive(client) == "pong"
        web.gates[0].set()
        await until(server, f"/api/jobs/{job}", "state", "succeeded")
        await client.send("ping")
        assert await receive(client) == "pong"


async def test_switched_off_a_subscription_is_quiet_until_it_is_switched_on_again(server: Server, web: Corner) -> None:
    job = await start(server, "gallery", web.base)
    await until(server, f"/api/jobs/{job}", "action", "Showing red")
    async with live_screenshots(server, enabled=False), socket(server, f"/ws/screenshots/{job}") as client:
        assert client.response is not None
        assert client.response.headers["x-live-screenshots"] == "off"
        web.gates[0].set()
        await until(server, f"/api/jobs/{job}", "action", "Showing blue")
        await client.send("ping")
        assert await receive(client) == "pong"
        assert (await ask(server, "GET", f"/api/streams/job:{job}"))["picture_at"] is None
        await ask(server, "PUT", "/api/settings", json={"live_screenshots": {"enabled": True, "quality": 20}})
        assert colour(await text(client, KIND)) == "0000ff"
    web.gates[1].set()
    await until(server, f"/api/jobs/{job}", "state", "succeeded")


async def test_a_job_that_does_not_exist_or_a_token_that_is_not_good_any_more_closes_the_socket(server: Server) -> None:
    for name in ("9999999", "one", "-1", "1.5", "9" * 40, "%F0%9F%90%8C"):
        async with socket(server, f"/ws/screenshots/{name}") as client:
            assert (await closed(client))[0] == 4404, name
    async with socket(server, "/ws/viewer?name=job:9999999") as client:
        assert (await closed(client))[0] == 4404
    made = await ask(server, "POST", "/api/tokens", json={"name": "revoked", "roles": ["viewer"], "expires_in_seconds": 60})
    await ask(server, "DELETE", f"/api/tokens/{made['info']['id']}")
    async with socket(server, f"/ws/screenshots/1?token={made['token']}") as client:
        assert (await closed(client))[0] == 4401


async def test_nobody_else_passes_for_a_job(server: Server) -> None:
    async with socket(server, "/ws/producer", "livepane.producer.v1") as producer:
        await say(producer, type="hello", kind="job", name="1")
        code, reason = await closed(producer)
        assert code == 4400
        assert "for what this server itself shows" in reason


async def test_a_token_may_be_bound_to_one_job(server: Server, web: Corner) -> None:
    web.gates[0].set()
    job, other = [await start(server, "reader", web.base) for _ in range(2)]
    wish = {"name": "one job", "roles": ["viewer"], "streams": [f"job:{job}"], "expires_in_seconds": 60}
    made = await ask(server, "POST", "/api/tokens", json=wish)
    async with socket(server, f"/ws/screenshots/{job}?token={made['token']}") as client:
        await client.send("ping")
        assert await receive(client) == "pong"
    async with socket(server, f"/ws/screenshots/{other}?token={made['token']}") as client:
        assert (await closed(client))[0] == 4403
