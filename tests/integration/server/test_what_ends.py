"""What is open with a credential ends with it, and nothing else does."""

from __future__ import annotations

import asyncio
import socket as sockets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import psutil
import pytest

from livepane.store.db import Database
from livepane.store.tokens import TokenStore
from livepane.wire import messages
from tests.contract.clients import binary, closed, socket
from tests.credentials import token_row
from tests.integration.server.test_limits import gone
from tests.integration.server.test_starting_and_ending import handshake
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import Server, StartServer

STREAM = "producer:shown"


@asynccontextmanager
async def shown(server: Server) -> AsyncIterator[None]:
    """A stream with a picture, for as long as the block runs."""
    async with socket(server, "/ws/producer?name=shown", additional_headers=server.admin) as producer:
        await producer.send(jpeg(1, 320, 200))
        yield


async def make(server: Server, path: str, **wish: Any) -> dict[str, Any]:
    """A new credential, by an admin."""
    async with server.http(headers=server.admin) as client:
        answer = await client.post(path, json=wish)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


async def revoke(server: Server, made: dict[str, Any]) -> None:
    async with server.http(headers=server.admin) as client:
        assert (await client.delete(f"/api/tokens/{made['info']['id']}")).status_code == 204


async def share(server: Server, **wish: Any) -> dict[str, Any]:
    return await make(server, "/api/shares", **{"stream": STREAM, **wish})


async def until(client: httpx.AsyncClient, path: str, wanted: Callable[[httpx.Response], bool]) -> None:
    """Ask until the answer is as wanted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if wanted(await client.get(path)):
                return
            await asyncio.sleep(0.05)


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


SOCKETS = [
    ("/ws/viewer?name=shown", None),
    (f"/stream/{STREAM}", None),
    ("/api/live", messages.VIEWER_SUBPROTOCOL),
]


@pytest.mark.parametrize(("path", "protocol"), SOCKETS)
async def test_a_revoked_token_closes_its_sockets_and_no_others(server: Server, path: str, protocol: str | None) -> None:
    made, other = await share(server), await share(server)
    async with (
        shown(server),
        socket(server, path, protocol, additional_headers=bearer(made["token"])) as watching,
        socket(server, "/ws/viewer?name=shown", additional_headers=bearer(other["token"])) as neighbour,
        socket(server, "/ws/viewer?name=shown") as nobody,
    ):
        await watching.recv()
        await binary(neighbour)
        await binary(nobody)
        await revoke(server, made)
        code, reason = await closed(watching)
        assert (code, reason) == (4401, "this share link was revoked")
        async with socket(server, path, protocol, additional_headers=bearer(made["token"])) as again:
            assert (await closed(again))[0] == 4401
        async with socket(server, "/ws/producer?name=more", additional_headers=server.admin) as more:
            await more.send(jpeg(2))
            async with socket(server, "/ws/viewer?name=more", additional_headers=server.admin) as seen:
                await binary(seen)
        assert (neighbour.close_code, nobody.close_code) == (None, None)


async def test_a_revoked_producer_is_let_go_and_its_name_is_free(server: Server) -> None:
    made = await make(server, "/api/invites", name="guest")
    async with socket(server, "/ws/producer?name=guest", additional_headers=bearer(made["token"])) as feeding:
        await feeding.send(jpeg(1))
        async with socket(server, "/ws/viewer?name=guest") as watching:
            await binary(watching)
            await revoke(server, made)
            assert (await closed(feeding))[0] == 4401
            async with socket(server, "/ws/producer?name=guest") as next_one:
                await next_one.send(jpeg(2))
                assert await binary(watching) == jpeg(2)


async def test_motion_jpeg_ends_in_good_order(server: Server) -> None:
    made = await share(server)
    async with shown(server), server.http(headers=bearer(made["token"])) as client:
        async with client.stream("GET", f"/streams/{STREAM}.mjpeg") as answer:
            body = answer.aiter_bytes()
            await anext(body)
            await revoke(server, made)
            async with asyncio.timeout(PATIENCE):
                async for _ in body:  # to its end: a body that is cut short would raise
                    pass
        assert (await client.get(f"/streams/{STREAM}.jpg")).status_code == 401
    assert "Traceback" not in server.logged()


async def test_a_request_that_waits_for_a_picture_is_answered_401(server: Server) -> None:
    made = await make(
        server, "/api/tokens", name="", roles=["viewer", "producer"], streams=["producer:mute"], expires_in_seconds=60
    )
    async with (
        socket(server, "/ws/producer", messages.PRODUCER_SUBPROTOCOL) as mute,
        server.http(headers=bearer(made["token"])) as client,
        asyncio.TaskGroup() as group,
        asyncio.timeout(PATIENCE),
    ):
        await mute.send('{"type":"hello","protocol":1,"kind":"producer","name":"mute","title":"mute"}')
        waiting = group.create_task(client.get("/streams/producer:mute.jpg"))
        while '"watched": true' not in (said := str(await mute.recv())) and '"watched":true' not in said:
            if '"type":"demand"' in said.replace(" ", ""):
                break
        await revoke(server, made)
        assert (await waiting).status_code == 401


async def test_an_expired_token_closes_its_sockets(server: Server) -> None:
    made = await make(server, "/api/tokens", name="", roles=["viewer"], streams=[STREAM], expires_in_seconds=2)
    async with shown(server), socket(server, "/ws/viewer?name=shown", additional_headers=bearer(made["token"])) as watching:
        await binary(watching)
        code, reason = await closed(watching)
        assert (code, "has expired" in reason) == (4401, True)
        assert time.time() * 1000 >= made["info"]["expires_at"]


async def test_signing_out_closes_what_the_browser_has_open_and_nobody_else_s(server: Server) -> None:
    async with server.http(headers={"Origin": server.url}) as one, server.http(headers={"Origin": server.url}) as two:
        for client in (one, two):
            assert (await client.post("/api/session", json={"token": server.token})).status_code == 200
        cookies = ["; ".join(f"{name}={value}" for name, value in client.cookies.items()) for client in (one, two)]
        async with (
            socket(
                server, "/api/live", messages.VIEWER_SUBPROTOCOL, origin=server.url, additional_headers={"Cookie": cookies[0]}
            ) as mine,
            socket(
                server, "/api/live", messages.VIEWER_SUBPROTOCOL, origin=server.url, additional_headers={"Cookie": cookies[1]}
            ) as theirs,
        ):
            await mine.recv()
            await theirs.recv()
            assert (await one.delete("/api/session")).status_code == 204
            assert await closed(mine) == (4401, "you signed out")
            assert (await two.get("/api/session")).json()["signed_in"] is True
            assert theirs.close_code is None
        one.cookies.set(*cookies[0].split("=", 1))
        assert (await one.get("/api/session")).json()["signed_in"] is False


async def test_a_session_and_what_came_by_a_ticket_die_with_their_token(server: Server) -> None:
    made = await make(server, "/api/tokens", name="", roles=["operator"], expires_in_seconds=600)
    async with server.http(headers={"Origin": server.url}) as browser:
        assert (await browser.post("/api/session", json={"token": made["token"]})).status_code == 200
        ticket = (await browser.post("/api/tickets")).json()["ticket"]
        async with socket(server, f"/api/live?ticket={ticket}", messages.VIEWER_SUBPROTOCOL) as watching:
            await watching.recv()
            await revoke(server, made)
            assert (await closed(watching))[0] == 4401
        session = (await browser.get("/api/session")).json()
        assert (session["signed_in"], "operator" in session["roles"]) == (False, False)
        assert (await browser.post("/api/tickets")).status_code == 401


async def test_a_replaced_admin_token_signs_everybody_out_who_came_in_by_the_old_one(start_server: StartServer) -> None:
    one = start_server()
    before = one.token
    async with one.http(headers={"Origin": one.url}) as browser:
        assert (await browser.post("/api/session", json={"token": before})).status_code == 200
        async with socket(one, "/api/live", messages.VIEWER_SUBPROTOCOL, additional_headers=one.admin) as watching:
            await watching.recv()
            other = one.folder / "other"
            other.write_text("another-admin-token-of-a-test-0123456789\n")
            other.rename(one.folder / "admin-token")
            one.gave("another-admin-token-of-a-test-0123456789")
            # The session of the browser is what the mirror forgets; the socket was opened with the token itself.
            # A question that is under way at that moment is ended with it, and answered 401.
            await until(browser, "/api/session", lambda answer: answer.status_code == 200 and not answer.json()["signed_in"])
            assert (await closed(watching))[0] == 4401
        assert (await browser.get("/api/tokens", headers=bearer(before))).status_code == 401
        assert (await browser.get("/api/tokens", headers=bearer("another-admin-token-of-a-test-0123456789"))).status_code == 200


async def test_three_hundred_viewers_of_one_token_are_sent_away(start_server: StartServer) -> None:
    one = start_server()
    made, other = await share(one), await share(one)
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE):
        await stack.enter_async_context(shown(one))
        path = "/ws/viewer?name=shown"
        watching = [
            await stack.enter_async_context(socket(one, path, additional_headers=bearer(made["token"]))) for _ in range(300)
        ]
        neighbour = await stack.enter_async_context(socket(one, path, additional_headers=bearer(other["token"])))
        for viewer in [*watching, neighbour]:
            await binary(viewer)
        await revoke(one, made)
        assert {(await closed(viewer))[0] for viewer in watching} == {4401}
        assert neighbour.close_code is None
        async with one.http() as client:
            streams = (await client.get("/api/streams")).json()["streams"]
        assert [stream["viewers"] for stream in streams if stream["id"] == STREAM] == [1]
    assert "Traceback" not in one.logged()


@pytest.mark.parametrize("path", ["/ws/viewer?name=flood", "/streams/producer:flood.mjpeg?fps=60"])
async def test_a_viewer_that_does_not_read_is_cut_off_when_its_token_is_revoked(start_server: StartServer, path: str) -> None:
    one = start_server(LIVEPANE_SEND_STALL_SECONDS="600")
    made = await share(one, stream="producer:flood")
    path += f"&token={made['token']}"
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE):
        group.create_task(flooding(one, stop))
        async with socket(one, "/ws/viewer?name=flood") as reading:
            await binary(reading)
            if ".mjpeg" in path:
                raw = sockets.socket()
                raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
                raw.connect(("127.0.0.1", one.port))
                raw.setblocking(False)
                await loop.sock_sendall(raw, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\n\r\n".encode())
            else:
                raw, _ = await handshake(one, path)
            await gone(one, "producer:flood", 2)
            for _ in range(10):  # far more than the kernel takes for the one that does not read: it is stuck by then
                await binary(reading)
            await revoke(one, made)
            await gone(one, "producer:flood", 1)
            await binary(reading)
        await hung_up(one, raw.getsockname()[1])  # though nobody has read what was under way
        stop.set()
    raw.close()
    assert "Traceback" not in one.logged()


async def test_what_is_asked_for_slowly_is_not_done_when_its_token_has_been_revoked_meanwhile(server: Server) -> None:
    made = await make(server, "/api/tokens", name="", roles=["admin"], streams=[], expires_in_seconds=60)
    body = b'{"name": "left behind", "roles": ["admin"], "expires_in_seconds": null}'
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = (
        f"POST /api/tokens HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {made['token']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body[:-1])
    async with server.http(headers=server.admin) as client, asyncio.timeout(PATIENCE):
        ours = made["info"]["id"]
        await until(client, "/api/tokens", lambda a: any(t["id"] == ours and t["last_used_at"] for t in a.json()["tokens"]))
        await revoke(server, made)
        assert (await reader.readline()).split()[1] == b"401"
        writer.write(body[-1:])
        assert not any(one["name"] == "left behind" for one in await tokens(client))
    writer.close()


async def tokens(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """What there is."""
    listed: list[dict[str, Any]] = (await client.get("/api/tokens")).json()["tokens"]
    return listed


async def test_what_an_operator_shared_ends_with_the_operator_s_token_and_not_when_he_signs_out(server: Server) -> None:
    operator = await make(server, "/api/tokens", name="", roles=["operator"], streams=[], expires_in_seconds=3600)
    ours = {"Origin": server.url}
    async with server.http() as browser, server.http() as guest:
        assert (await browser.post("/api/session", json={"token": operator["token"]}, headers=ours)).status_code == 200
        made = [
            (await browser.post("/api/shares", json={"stream": STREAM, "expires_in_seconds": 7 * 86400}, headers=ours)).json(),
            (await browser.post("/api/invites", json={"name": "left-behind"}, headers=ours)).json(),
        ]
        assert (await browser.delete("/api/session", headers=ours)).status_code == 204
        for one in made:
            assert one["info"]["expires_at"] <= operator["info"]["expires_at"]
            assert (await guest.get("/api/session", headers=bearer(one["token"]))).status_code == 200
        await revoke(server, operator)
        for one in made:
            assert (await guest.get("/api/session", headers=bearer(one["token"]))).status_code == 401


async def hung_up(server: Server, port: int) -> None:
    """Wait until the server has no connection with this port of ours any more."""
    process = psutil.Process(server.process.pid)
    async with asyncio.timeout(PATIENCE):
        while True:
            there = await asyncio.to_thread(process.net_connections, "tcp")
            if port not in {getattr(one.raddr, "port", 0) for one in there}:
                return
            await asyncio.sleep(0.05)


async def flooding(server: Server, stop: asyncio.Event) -> None:
    """Push pictures of a megabyte and more."""
    pictures = [jpeg(number, 1600, 1200, 95) for number in range(4)]
    async with socket(server, "/ws/producer?name=flood") as producer:
        while not stop.is_set():
            for picture in pictures:
                await producer.send(picture)
                await asyncio.sleep(0.03)


async def test_what_another_process_revokes_closes_here(server: Server) -> None:
    made = await share(server)
    async with shown(server), socket(server, "/ws/viewer?name=shown", additional_headers=bearer(made["token"])) as watching:
        await binary(watching)
        database = Database(server.folder)
        await TokenStore(database).revoke(made["info"]["id"], int(time.time() * 1000))
        await database.close()
        assert (await closed(watching))[0] == 4401


async def test_a_token_that_another_process_makes_works_here(server: Server) -> None:
    text, row = token_row("admin")
    server.gave(text)
    database = Database(server.folder)
    await TokenStore(database).add(row)
    await database.close()
    async with server.http(headers=bearer(text)) as client:
        await until(client, "/api/tokens", lambda answer: answer.status_code == 200)
