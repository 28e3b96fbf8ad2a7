"""`POST /publish` and `GET /latest`: what extensions, scripts and cron jobs rely on."""

from __future__ import annotations

import asyncio
import base64
import itertools
import time
from typing import Any

import httpx
import pytest

from tests.contract.clients import binary, socket, told_of
from tests.pictures import claiming, decoded, image, jpeg, without_end
from tests.serving import Server, StartServer

EXTENSION = {"Origin": "chrome-extension://abcdefghijklmnopabcdefghijklmnop"}
MOST = 10 * 2**20  # bytes of a picture
_numbers = itertools.count(1)


@pytest.fixture
def source() -> str:
    """A name that no other test uses."""
    return f"till-{next(_numbers)}"


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def padded(size: int) -> bytes:
    """A JPEG of exactly so many bytes."""
    start = jpeg()
    return start + bytes(size - len(start) - 2) + b"\xff\xd9"


async def push(client: httpx.AsyncClient, data: bytes, **said: Any) -> httpx.Response:
    return await client.post("/publish", json={"frame": text(data), **said})


def refused(answer: httpx.Response, status: int) -> str:
    """The sentence of a refusal, which is a text whatever went wrong."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert isinstance(error, str)
    assert error
    return error


async def test_a_picture_without_a_source_is_the_latest_and_the_pane_default(server: Server) -> None:
    async with server.http() as client:
        answer = await push(client, jpeg(201))
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        for address in ("/latest?t=1", "/latest?stream=default", "/latest?stream=tab:default"):
            latest = await client.get(address)
            assert (latest.status_code, latest.headers["content-type"]) == (200, "image/jpeg")
            assert latest.content == jpeg(201)
        other = await client.get("/latest?stream=producer:default")  # of whoever is at the producers' socket under that name
        assert other.status_code == 404 or other.content != jpeg(201)
        (pane,) = [one for one in (await client.get("/api/streams")).json()["streams"] if one["id"] == "tab:default"]
        assert (pane["title"], pane["kind"], pane["can_close"]) == ("default", "tab", True)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
async def test_a_picture_comes_back_byte_for_byte_from_a_data_url_too(server: Server, source: str, kind: str) -> None:
    data = image(kind)
    async with server.http() as client:
        answer = await client.post("/publish", json={"frame": f"data:image/{kind};base64,{text(data)}", "source": source})
        assert answer.status_code == 200
        latest = await client.get("/latest", params={"stream": source})
        assert (latest.content, latest.headers["content-type"]) == (data, f"image/{kind}")


async def test_who_has_the_picture_already_is_told_so(server: Server, source: str) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source)
        address = f"/latest?stream={source}"
        first = await client.get(address)
        tag = first.headers["etag"]
        assert "no-store" in first.headers["cache-control"]
        assert 0 <= int(first.headers["age"]) < 60
        await push(client, jpeg(1), source=source)  # the same once more is nothing new
        for known in (tag, f'"x", W/{tag}', "*"):
            again = await client.get(address, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert "no-store" in again.headers["cache-control"]
        await push(client, jpeg(2), source=source)
        changed = await client.get(address, headers={"If-None-Match": tag})
        assert (changed.status_code, changed.content) == (200, jpeg(2))
        head = await client.head(address)
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(jpeg(2))))
        assert head.headers["etag"] == changed.headers["etag"] != tag


async def test_another_format_is_made_when_it_is_asked_for(server: Server, source: str) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source)
        png = await client.get("/latest", params={"stream": source, "format": "png"})
        assert (png.headers["content-type"], decoded(png.content).size) == ("image/png", (64, 48))
        again = await client.get(
            "/latest", params={"stream": source, "format": "png"}, headers={"If-None-Match": png.headers["etag"]}
        )
        assert again.status_code == 304
        error = refused(await client.get("/latest", params={"stream": source, "format": "bmp"}), 400)
        assert "bmp" in error
        assert "png" in error


@pytest.mark.parametrize("stream", ["never", "tab:never", "page:never", "producer:never"])
async def test_there_is_no_latest_of_what_was_never_pushed(server: Server, stream: str) -> None:
    async with server.http() as client:
        refused(await client.get("/latest", params={"stream": stream}), 404)
        assert "no-store" in (await client.get("/latest", params={"stream": stream})).headers["cache-control"]


async def test_the_latest_of_all_is_that_of_whoever_pushed_last(server: Server, source: str) -> None:
    async with server.http() as client:
        for number, name in enumerate([f"{source}-a", f"{source}-b", f"{source}-a"]):
            await push(client, jpeg(number), source=name)
            assert (await client.get("/latest")).content == jpeg(number)
        assert (await client.get("/latest", params={"stream": f"{source}-b"})).content == jpeg(1)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{}", "Missing frame data"),
        (b"", "Missing frame data"),
        (b'{"frame": null, "source": "x"}', "Missing frame data"),
        (b"<!doctype html><title>Hello</title>", "no JSON"),
        (b'{"frame": "', "no JSON"),
        (b"\x89PNG\r\n\x1a\n", "no JSON"),
        (b'["x"]', "no JSON object"),
        (b'{"frame": "%%%"}', "no base64"),
        (b'{"frame": {"data": "x"}}', "frame ="),
        (b'{"frame": "AAAA", "source": "' + b"x" * 10_240 + b'"}', "10,240 characters"),
        (b'{"frame": "AAAA", "source": "../../etc"}', "../../etc"),
        (b'{"frame": "AAAA", "source": " "}', "source = ' ' has no character that can be seen"),
        (b'{"frame": "AAAA", "source": "a\\u202eb"}', "U+202E"),
        (b'{"frame": "AAAA", "every_ms": 1}', "every_ms = 1"),
    ],
)
async def test_a_body_that_is_wrong_is_a_400_that_says_what(server: Server, body: bytes, named: str) -> None:
    async with server.http() as client:
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            error = refused(await client.post("/publish", content=body, headers={"Content-Type": kind}), 400)
            assert named in error
            assert len(error) < 300


@pytest.mark.parametrize(
    "data",
    [b"<!doctype html><p>Sign in", b"garbage" * 50, image("gif"), b"<svg/>", without_end(jpeg(1)), without_end(image("png"))],
)
async def test_what_is_no_picture_is_a_400_and_no_pane(server: Server, source: str, data: bytes) -> None:
    async with server.http() as client:
        refused(await push(client, data, source=source), 400)
        refused(await client.get("/latest", params={"stream": source}), 404)


async def test_ten_mebibytes_are_taken_and_a_byte_more_is_a_413(server: Server, source: str) -> None:
    async with server.http() as client:
        assert (await push(client, padded(MOST), source=source)).status_code == 200
        assert len((await client.get("/latest", params={"stream": source})).content) == MOST
        for size in (MOST + 1, 11_000_000, 11 * 2**20, 30 * 2**20):
            refused(await push(client, padded(size), source=source), 413)
        refused(await push(client, claiming(60_000, 60_000), source=source), 413)
        assert (await push(client, jpeg(3), source=source)).status_code == 200
        assert (await client.get("/latest", params={"stream": source})).content == jpeg(3)


async def test_a_hundred_a_second_are_taken_and_the_last_is_shown(server: Server, source: str) -> None:
    async with server.http() as client:
        answers = [await push(client, jpeg(number), source=source) for number in range(150)]
        assert {answer.status_code for answer in answers} == {200}
        assert (await client.get("/latest", params={"stream": source})).content == jpeg(149)


async def test_who_is_faster_than_that_is_told_when_to_go_on(start_server: StartServer) -> None:
    slow = start_server(LIVEPANE_PUBLISH_PER_SECOND="2")
    async with slow.http() as client:
        answers = [await push(client, jpeg(number), source="fast") for number in range(10)]
        taken = [number for number, answer in enumerate(answers) if answer.status_code == 200]
        (late, *_) = [answer for answer in answers if answer.status_code != 200]
        assert "LIVEPANE_PUBLISH_PER_SECOND" in refused(late, 429)
        assert int(late.headers["retry-after"]) >= 1
        assert (await client.get("/latest")).content == jpeg(taken[-1])
        assert (await push(client, jpeg(0), source="another")).status_code == 200


@pytest.mark.parametrize("off", [-3600, 3600])
async def test_a_clock_that_is_an_hour_off_makes_no_picture_an_hour_old(server: Server, source: str, off: int) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source, timestamp=(time.time() + off) * 1000)
        latest = await client.get("/latest", params={"stream": source})
        assert int(latest.headers["age"]) < 60
        assert abs(float(latest.headers["x-captured-at"]) - time.time()) < 60


async def test_viewers_see_it_and_the_pane_says_how_it_keeps_up(server: Server, source: str) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source, title="Till 4", url="https://example.org/till", masked=True, every_ms=60_000)
        async with socket(server, f"/ws/viewer?name=tab:{source}") as viewer:
            assert await binary(viewer) == jpeg(1)
            await push(client, jpeg(2), source=source, every_ms=60_000)
            assert await binary(viewer) == jpeg(2)
        told = await told_of(server, f"tab:{source}", lambda one: one["width"])
        assert (told["title"], told["url"], told["masked"]) == ("Till 4", "https://example.org/till", True)
        assert (told["pushed"]["every_ms"], told["pushed"]["status"]) == (60_000, "fresh")
        assert abs(told["pushed"]["last_at"] - time.time() * 1000) < 60_000


async def test_a_sign_of_life_is_told_though_the_picture_is_the_same(server: Server, source: str) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source)
        first = (await told_of(server, f"tab:{source}", lambda one: one["pushed"]))["pushed"]["last_at"]

        loop = asyncio.get_running_loop()
        told = loop.create_task(told_of(server, f"tab:{source}", lambda one: one["pushed"]["last_at"] > first), name="told")
        while not told.done():  # a sign of life is not told more than twice a second
            await push(client, jpeg(1), source=source)
            await asyncio.wait([told], timeout=0.2)
        assert (await told)["pushed"]["last_at"] > first


async def test_a_pane_that_was_closed_comes_back_with_the_next_picture(server: Server, source: str) -> None:
    async with server.http() as client:
        await push(client, jpeg(1), source=source)
        assert (await client.delete(f"/api/streams/tab:{source}", headers=server.admin)).status_code == 204
        refused(await client.get("/latest", params={"stream": source}), 404)
        await push(client, jpeg(2), source=source)
        assert (await client.get("/latest", params={"stream": source})).content == jpeg(2)


async def test_an_extension_may_push_and_see_nothing_and_a_strange_page_neither(server: Server, source: str) -> None:
    async with server.http() as client:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        preflight = await client.options("/publish", headers=EXTENSION | asked)
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, EXTENSION["Origin"])
        body = {"frame": text(jpeg(1)), "source": source}
        assert (await client.post("/publish", json=body, headers=EXTENSION)).status_code == 200
        refused(await client.get("/latest", headers=EXTENSION), 401)
        refused(await client.post("/publish", json=body, headers={"Origin": "http://evil.test"}), 403)
        refused(await client.get("/latest", headers={"Origin": "http://evil.test"}), 403)


async def test_who_leaves_in_the_middle_of_a_picture_is_no_trouble(server: Server, source: str) -> None:
    head = f"POST /publish HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 100000\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head.encode() + b'{"source": "' + source.encode() + b'", "frame": "' + text(jpeg(1))[:500].encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with server.http() as client:
        assert (await push(client, jpeg(2), source=source)).status_code == 200
        assert (await client.get("/latest", params={"stream": source})).content == jpeg(2)
    assert "Traceback" not in server.logged()


async def test_a_captured_stream_has_a_latest_too(server: Server, source: str) -> None:
    async with socket(server, f"/ws/producer?name={source}") as producer, server.http() as client:
        await producer.send(jpeg(4))
        async with socket(server, f"/ws/viewer?name={source}") as viewer:
            await binary(viewer)
        assert (await client.get("/latest", params={"stream": f"producer:{source}"})).content == jpeg(4)
