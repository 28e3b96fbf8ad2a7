"""Behind nginx and Caddy as the documentation sets them up: everything works for those who show a token, and for nobody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.certificates import NAME, Certificate
from tests.contract.clients import binary, closed, socket, text
from tests.fronts import FRONTS, Front, settings_of_page
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import Server, serving

KINDS = [
    pytest.param((name, root, strips), id=f"{name}{root and ' below a path'}{', which it strips' if strips else ''}")
    for name in FRONTS
    for root, strips in (("", False), ("/panes", False), ("/panes", True))
]


@dataclass(frozen=True)
class Behind:
    """A server, the proxy before it, and how to reach it."""

    server: Server
    front: Front
    own: Certificate

    def http(self, **options: Any) -> httpx.AsyncClient:
        """A client of the proxy."""
        return httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{self.front.port}{self.front.root}",
            headers={"Host": self.front.host},
            verify=self.own.trust,
            trust_env=False,
            timeout=PATIENCE,
            event_hooks={"request": [_with_name]},
            **options,
        )

    @asynccontextmanager
    async def socket(self, path: str, address: str = "127.0.0.1", **headers: str) -> AsyncIterator[ClientConnection]:
        """A WebSocket through the proxy; `address` is ours."""
        url = f"wss://{self.front.host}{self.front.root}{path}"
        async with connect(
            url,
            host="127.0.0.1",
            port=self.front.port,
            ssl=self.own.trust,
            additional_headers=headers,
            local_addr=(address, 0),
            proxy=None,
            max_size=None,
            open_timeout=PATIENCE,
        ) as opened:
            yield opened

    @property
    def admin(self) -> dict[str, str]:
        """Headers of somebody who may do everything."""
        return self.server.admin


async def _with_name(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


async def viewers(behind: Behind, stream: str, number: int) -> None:
    """Wait until a stream has so many."""
    async with behind.socket("/api/live", **behind.admin) as looking:
        for one in (await text(looking, "streams"))["streams"]:
            if one["id"] == stream and one["viewers"] == number:
                return
        await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["viewers"] == number)


@pytest.fixture(scope="module", params=KINDS)
def behind(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_certificate: Certificate
) -> Iterator[Behind]:
    name, root, strips = request.param
    options, variables = settings_of_page(root)
    variables["LIVEPANE_MAX_SOCKETS_PER_ADDRESS"] = "6"
    folder = tmp_path_factory.mktemp(name)
    with (
        serving(tmp_path_factory.mktemp("server"), *options, **variables) as server,
        FRONTS[name](server, folder, own_certificate, root, strips=strips) as front,
    ):
        yield Behind(server, front, own_certificate)


async def test_nothing_is_open_through_the_proxy(behind: Behind) -> None:
    async with behind.http() as client:
        assert (await client.get("/healthz")).status_code == 200
        for path in ("/api/streams", "/streams/producer:x.jpg"):
            refused = await client.get(path)
            assert refused.status_code == 401, path
            assert "www-authenticate" in refused.headers
        assert (await client.get("/api/streams", headers=behind.admin)).status_code == 200
    async with behind.socket("/ws/viewer?name=x") as opened:
        assert (await closed(opened))[0] == 4401
    async with httpx.AsyncClient(
        base_url=behind.server.url, trust_env=False, timeout=PATIENCE
    ) as straight:  # what a proxy might have forgotten
        assert (await straight.get("/api/streams")).status_code == 401
        assert (await straight.get("/api/streams", headers=behind.admin)).status_code == 200


async def test_a_browser_signs_in_and_finds_every_part_of_the_dashboard(behind: Behind) -> None:
    root = behind.front.root
    async with behind.http() as client:
        answer = await client.get("/signin", params={"token": behind.server.token})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{root}/"
        cookie = answer.headers["set-cookie"].lower()
        assert "secure" in cookie
        assert "samesite=strict" in cookie
        assert f"path={root}/" in cookie.replace(" ", "").split(";")
        client.cookies.clear()
        shown = {"Cookie": answer.headers["set-cookie"].partition(";")[0], "Sec-Fetch-Site": "same-origin"}
        assert (await client.get("/api/streams", headers=shown)).status_code == 200
        assert (await client.get("/api/streams", headers=shown | {"Origin": "https://evil.test"})).status_code == 403
        for page in ("/", "/s/page:x", "/wall/all", "/view/page:x"):
            html = (await client.get(page)).text
            assert f'<base href="{root}/" />' in html, page
            parts = re.findall(r'(?:src|href)="([^"]+\.(?:js|css|svg))"', html)
            assert parts
            for part in parts:
                assert not part.startswith("/"), f"{part} of {page} would lead past the base"
                assert (await client.get(f"/{part.removeprefix('./')}")).status_code == 200
    async with behind.socket("/api/live", Origin=behind.front.origin, Cookie=shown["Cookie"]) as opened:
        await text(opened, "streams")
    for origin in ("https://evil.test", f"http://{behind.front.host}", behind.server.url.replace("127.0.0.1", "panes.test")):
        with pytest.raises(InvalidStatus) as refused:
            async with behind.socket("/api/live", Origin=origin, Cookie=shown["Cookie"]):
                pass
        assert refused.value.response.status_code == 403
        assert refused.value.response.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in refused.value.response.headers["content-security-policy"]


async def test_the_path_without_its_slash_leads_to_the_wall(behind: Behind) -> None:
    if not behind.front.root:
        return
    async with behind.http() as client:
        answer = await client.get(f"https://127.0.0.1:{behind.front.port}{behind.front.root}")
        assert answer.status_code in (301, 302, 307, 308)
        assert answer.headers["location"].endswith(f"{behind.front.root}/")
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{behind.server.port}", trust_env=False, timeout=PATIENCE
    ) as straight:
        answer = await straight.get(behind.front.root, params={"x": "1"})
        assert (answer.status_code, answer.headers["location"]) == (307, f"{behind.front.root}/?x=1")


async def test_pictures_come_through_sockets_and_motion_jpeg_and_leaving_is_noticed(behind: Behind) -> None:
    token = behind.server.token
    async with (
        behind.socket(f"/ws/producer?name=x&token={token}") as producer,
        behind.socket(f"/ws/viewer?name=x&token={token}") as looking,
        behind.http() as client,
    ):
        for number in range(10):
            await producer.send(jpeg(number))
            await binary(looking, lambda data, number=number: data == jpeg(number))  # type: ignore[misc]
        async with client.stream("GET", "/streams/producer:x.mjpeg", params={"token": token}) as motion:
            assert motion.status_code == 200
            pieces = b""
            async with asyncio.timeout(PATIENCE):
                async for piece in motion.aiter_raw():
                    pieces += piece
                    if jpeg(9) in pieces:
                        break
        await viewers(behind, "producer:x", 1)  # the one that has closed its Motion JPEG is gone here, too
        posted = await client.post("/api/pages", content=b"x" * 2**20 + b"x", headers=behind.admin)
        assert posted.status_code == 413


async def test_the_limit_of_sockets_counts_people_and_a_written_header_does_not_fool_it(behind: Behind) -> None:
    path = f"/ws/viewer?name=many&token={behind.server.token}"
    greedy = "127.0.0.2"
    async with AsyncExitStack() as stack:
        for number in range(6):
            forged = {"X-Forwarded-For": f"198.51.100.{number}"}
            await stack.enter_async_context(behind.socket(path, greedy, **forged))
        forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
        async with behind.socket(path, greedy, **forged) as one_more:
            code, reason = await closed(one_more)
            assert code == 1013
            assert greedy in reason
        somebody_else = await stack.enter_async_context(behind.socket(path, "127.0.0.3"))
        producer = await stack.enter_async_context(
            behind.socket(f"/ws/producer?name=many&token={behind.server.token}", "127.0.0.4")
        )
        await producer.send(jpeg(1))
        assert await binary(somebody_else) == jpeg(1)


async def test_no_token_reaches_the_log_of_the_proxy_or_ours(behind: Behind) -> None:
    async with behind.http() as client:
        await client.get("/api/streams", params={"token": behind.server.token})
    async with behind.socket(f"/ws/viewer?name=x&token={behind.server.token}"):
        pass
    assert behind.server.token not in behind.front.logged()
    assert behind.server.token not in behind.server.logged()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows of no proxy."""
    with serving(tmp_path_factory.mktemp("server"), LIVEPANE_ALLOWED_HOSTS="panes.test") as one:
        yield one


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via", "CF-Connecting-IP"],
)
async def test_a_forwarded_request_of_nobody_we_trust_needs_a_token(alone: Server, header: str) -> None:
    forged = {header: "for=127.0.0.1" if header == "Forwarded" else "127.0.0.1"}
    async with alone.http() as client:
        assert (await client.get("/api/streams")).status_code == 200
        assert (await client.get("/api/streams", headers=forged)).status_code == 401
        assert (await client.get("/api/streams", headers=forged | alone.admin)).status_code == 200
        # What it says is not believed: neither the name nor the scheme.
        named = {"X-Forwarded-Host": "panes.test", "X-Forwarded-Proto": "https", "Host": "evil.test"}
        assert (await client.get("/healthz", headers=named)).status_code == 403
        ours = {"X-Forwarded-Proto": "https", "Host": "panes.test", "Origin": "https://panes.test"}
        assert (await client.get("/api/streams", headers=ours | alone.admin)).status_code == 403
    async with socket(alone, "/ws/viewer?name=x", additional_headers=forged) as opened:
        assert (await closed(opened))[0] == 4401


@pytest.mark.parametrize("name", FRONTS)
async def test_a_proxy_that_nobody_has_named_opens_nothing(
    alone: Server, tmp_path_factory: pytest.TempPathFactory, own_certificate: Certificate, name: str
) -> None:
    with FRONTS[name](alone, tmp_path_factory.mktemp(name), own_certificate, "") as front:
        one = Behind(alone, front, own_certificate)
        async with one.http() as client:
            assert (await client.get("/api/streams")).status_code == 401
            assert (await client.get("/api/streams", headers=alone.admin)).status_code == 200
        async with one.socket("/ws/viewer?name=x") as opened:
            assert (await closed(opened))[0] == 4401
