"""One picture, and Motion JPEG."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from tests.contract.clients import binary, socket
from tests.patience import PATIENCE
from tests.pictures import decoded, image, jpeg
from tests.serving import Server

_numbers = itertools.count(1)


@pytest.fixture
def stream() -> str:
    """A stream that no other test uses."""
    return f"producer:dave-{next(_numbers)}"


@asynccontextmanager
async def fed(server: Server, stream: str, data: bytes | None = None) -> AsyncIterator[ClientConnection]:
    async with socket(server, f"/ws/producer?name={stream.partition(':')[2]}") as producer:
        await producer.send(jpeg(0) if data is None else data)
        async with socket(server, f"/ws/viewer?name={stream}") as looking:
            await binary(looking)
        yield producer


@pytest.mark.parametrize(("ending", "kind"), [("jpg", "jpeg"), ("png", "png"), ("webp", "webp")])
async def test_one_picture_with_its_age_and_a_tag(server: Server, stream: str, ending: str, kind: str) -> None:
    async with fed(server, stream), server.http() as client:
        answer = await client.get(f"/streams/{stream}.{ending}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{kind}")
        assert decoded(answer.content).size == (64, 48)
        assert 0 <= int(answer.headers["age"]) < 60
        assert abs(float(answer.headers["x-captured-at"]) - time.time()) < 60
        assert answer.headers["x-picture-state"] in ("live", "static")
        assert "no-store" in answer.headers["cache-control"]
        again = await client.get(f"/streams/{stream}.{ending}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
        other = await client.get(f"/streams/{stream}.{ending}", headers={"If-None-Match": '"other"'})
        assert other.status_code == 200


async def test_a_pushed_jpeg_comes_byte_for_byte_and_smaller_when_asked(server: Server, stream: str) -> None:
    async with fed(server, stream), server.http() as client:
        assert (await client.get(f"/streams/{stream}.jpg")).content == jpeg(0)
        small = await client.get(f"/streams/{stream}.jpg", params={"width": 20, "quality": 30})
        assert decoded(small.content).size == (20, 15)


async def test_the_tag_changes_with_the_picture(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, server.http() as client, socket(server, f"/ws/viewer?name={stream}") as looking:
        first = (await client.get(f"/streams/{stream}.jpg")).headers["etag"]
        await producer.send(jpeg(1))
        await binary(looking, lambda data: data == jpeg(1))
        assert (await client.get(f"/streams/{stream}.jpg")).headers["etag"] != first


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "mjpeg"])
async def test_an_unknown_stream_is_a_404_problem(server: Server, ending: str) -> None:
    async with server.http() as client:
        for answer in (await client.get(f"/streams/page:nowhere.{ending}"), await client.get("/api/streams/page:nowhere")):
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
            assert "page:nowhere" in answer.json()["detail"]
            assert answer.json()["error"] == answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fps=0", ["fps", "0", "0.1"]),
        ("fps=61", ["fps", "61", "60"]),
        ("fps=nan", ["fps", "nan"]),
        ("quality=500", ["quality", "500", "100"]),
        ("quality=9", ["quality", "9", "10"]),
        ("width=3", ["width", "3", "16"]),
        ("height=100000", ["height", "100000", "8192"]),
        ("width=wide", ["width", "wide"]),
    ],
)
async def test_a_bad_parameter_is_a_400_that_names_it(server: Server, stream: str, query: str, named: list[str]) -> None:
    async with fed(server, stream), server.http() as client:
        for ending in ("mjpeg", "jpg"):
            if query.startswith("fps") and ending == "jpg":
                continue
            answer = await client.get(f"/streams/{stream}.{ending}?{query}")
            assert answer.status_code == 400
            for word in named:
                assert word in answer.json()["detail"]


async def test_a_format_that_there_is_not_is_refused(server: Server, stream: str) -> None:
    async with fed(server, stream), server.http() as client:
        assert (await client.get(f"/streams/{stream}.bmp")).status_code == 404
        answer = await client.get("/api/chrome/capture?tabId=x&format=bmp")
        assert answer.status_code == 400
        assert "'bmp'" in answer.json()["detail"]


async def test_a_stream_without_a_picture_yet_says_why(server: Server, stream: str) -> None:
    async with socket(server, f"/ws/viewer?name={stream}"), server.http() as client:
        answer = await client.get(f"/streams/{stream}.jpg")
        assert answer.status_code == 503
        assert "waiting for its producer" in answer.json()["detail"]


async def parts(answer: httpx.Response) -> AsyncIterator[tuple[dict[str, str], bytes]]:
    """Parts of a Motion JPEG answer as they come."""
    boundary = answer.headers["content-type"].partition("boundary=")[2].encode()
    buffer, body = b"", answer.aiter_raw()
    marker = b"--" + boundary + b"\r\n"
    while True:
        while b"\r\n\r\n" not in buffer:
            buffer += await anext(body)
        head, _, buffer = buffer.partition(b"\r\n\r\n")
        assert head.lstrip(b"\r\n").startswith(marker)
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if value}
        length = int(headers["content-length"])
        # The next boundary comes with the picture: browsers paint only then.
        while len(buffer) < length + 2 + len(marker):
            buffer += await anext(body)
        yield headers, buffer[:length]
        assert buffer[length : length + 2] == b"\r\n"
        buffer = buffer[length + 2 :]


async def test_motion_jpeg_is_read_part_by_part(server: Server, stream: str) -> None:
    async with (
        fed(server, stream) as producer,
        server.http() as client,
        asyncio.timeout(PATIENCE),
        client.stream("GET", f"/streams/{stream}.mjpeg?fps=60") as answer,
    ):
        assert answer.headers["content-type"].startswith("multipart/x-mixed-replace; boundary=")
        number = 0
        async for headers, data in parts(answer):
            assert headers["content-type"] == "image/jpeg"
            if data == jpeg(number):
                number += 1
                if number == 6:
                    break
                await producer.send(jpeg(number))


async def test_motion_jpeg_is_jpeg_whatever_was_pushed_and_in_the_size_that_was_asked_for(server: Server, stream: str) -> None:
    async with (
        fed(server, stream, image("png")),
        server.http() as client,
        asyncio.timeout(PATIENCE),
        client.stream("GET", f"/streams/{stream}.mjpeg?width=32&quality=30") as answer,
    ):
        async for _, data in parts(answer):
            assert (decoded(data).format, decoded(data).size) == ("JPEG", (32, 24))
            break


@pytest.mark.parametrize(
    "path", ["/assets/%00", "/assets/" + "x" * 5000, "/assets/..%2f..%2fauth.py", "/assets/../../auth.py", "/demo/%00"]
)
async def test_no_file_name_is_a_500_or_a_way_out(server: Server, path: str) -> None:
    async with server.http() as client:
        answer = await client.get(path)
        assert answer.status_code in (404, 503), answer.text
        assert "class Keys" not in answer.text


async def test_a_body_over_the_limit_is_a_413(server: Server) -> None:
    async with server.http() as client:
        answer = await client.post(
            "/api/pages", content=b"x" * (2**20 + 1), headers=server.admin | {"Content-Type": "application/json"}
        )
        assert answer.status_code == 413
        assert "1,048,576" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("file:///etc/passwd", 400),
        ("javascript:alert(1)", 400),
        ("chrome://version", 400),
        ("", 400),
        ("http://127.0.0.1:1/", 422),
        ("http://no-such-host.invalid/", 422),
    ],
)
async def test_a_url_that_cannot_be_opened_says_so(server: Server, url: str, status: int) -> None:
    async with server.http() as client:
        answer = await client.post("/api/pages", json={"url": url}, headers=server.admin)
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"]


@pytest.mark.parametrize("mask", [[" "], [""], ["x" * 501], ["#n"] * 51, "#card", [5]])
async def test_what_is_to_be_painted_over_is_named_by_selectors(server: Server, mask: object) -> None:
    async with server.http() as client:
        answer = await client.post("/api/pages", json={"url": "http://127.0.0.1:1/", "mask": mask}, headers=server.admin)
        assert answer.status_code == 400
        assert "mask" in answer.json()["detail"] or "selector" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_smuggled_post_has_no_side_effect(server: Server, kind: str) -> None:
    body = '{"url":"http://127.0.0.1:1/"}'
    own = {"Origin": server.url}
    async with server.http() as client:
        before = (await client.get("/api/streams")).json()
        signed_in = await client.get("/signin", params={"token": server.token})
        assert signed_in.status_code == 303
        for headers in (
            {},
            {"Origin": "http://localhost:3000"},
            {"Origin": "http://evil.test"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            answer = await client.post("/api/pages", content=body, headers={"Content-Type": kind} | headers)
            assert answer.status_code in (401, 403)
        answer = await client.get("/api/pages", params={"url": "http://127.0.0.1:1/"}, headers=own)
        assert answer.status_code == 405
        allowed = await client.post("/api/pages", json={"url": "http://127.0.0.1:1/"}, headers=own)
        assert allowed.status_code == 422  # our own page, signed in: the door is open, the address is not
        assert [one["id"] for one in (await client.get("/api/streams")).json()["streams"]] == [
            one["id"] for one in before["streams"]
        ]
