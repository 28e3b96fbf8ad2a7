"""How a server starts, why it does not, and how it ends."""

from __future__ import annotations

import asyncio
import secrets
import socket as sockets
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.contract.clients import binary, closed, say, socket, text, viewer
from tests.forking.child import run
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import Server, StartServer, environment, serving


def refused(folder: Path, *options: str, **changes: str | None) -> tuple[int, str]:
    """Start a server that must not start; returns exit code and what it said."""
    done = run("serve", *options, env=environment(folder / "data", **changes))
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_the_data_folder_is_for_its_owner_alone(server: Server) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    files = list(server.folder.rglob("*"))
    assert {"admin-token", "server.json"} <= {file.name for file in files}
    for file in files:
        if file.is_file():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_the_address_that_is_printed_has_the_token(server: Server) -> None:
    assert f"{server.url}/signin?token={server.token}" in server.said
    assert len(server.token) >= 32


def test_a_token_that_was_given_in_a_file_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text(secrets.token_hex(24))
    with serving(tmp_path, LIVEPANE_ADMIN_TOKEN_FILE=str(file)) as one:  # it ends, and its log and its words have no secret
        assert one.token == file.read_text()
        assert one.token not in one.said
        assert f"{one.url}/signin with the token in {file}" in one.said


def test_an_address_that_is_not_ours_is_named(tmp_path: Path) -> None:
    code, said = refused(tmp_path, "--host", "192.0.2.1", "--port", "0")
    assert code == 1
    assert "192.0.2.1" in said


def test_a_taken_port_is_named_with_the_mend(tmp_path: Path, server: Server) -> None:
    code, said = refused(tmp_path, "--port", str(server.port))
    assert code == 1
    assert str(server.port) in said
    assert "--port" in said


@pytest.mark.parametrize("options", [["--port", "70000"], ["--port", "-1"]])
def test_a_port_that_is_none_is_refused(tmp_path: Path, options: list[str]) -> None:
    code, said = refused(tmp_path, *options)
    assert code in (1, 2)
    assert options[1] in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVEPANE_PORT", "http"),
        ("LIVEPANE_MAX_FRAME_BYTES", "12"),
        ("LIVEPANE_AUTH", "maybe"),
        ("LIVEPANE_GRACE_SECONDS", "-1"),
        ("LIVEPANE_LOG_LEVEL", "loud"),
    ],
)
def test_a_setting_out_of_bounds_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    code, said = refused(tmp_path, **{name: value})
    assert code == 2
    assert value in said
    assert name.removeprefix("LIVEPANE_").lower() in said.lower()


def test_a_data_folder_that_cannot_be_written_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    for folder in (tmp_path / "a file" / "below", Path("/proc/livepane")):
        code, said = refused(tmp_path, "--port", "0", "--data-dir", str(folder))
        assert code == 1
        assert str(folder) in said
        assert "--data-dir" in said


def test_an_empty_token_file_opens_nothing(tmp_path: Path) -> None:
    token = tmp_path / "data" / "admin-token"
    token.parent.mkdir()
    token.write_text("\n")
    token.chmod(0o644)
    with serving(tmp_path) as one:
        assert len(one.token) >= 32
        assert stat.S_IMODE(token.stat().st_mode) == 0o600
        assert "set-cookie" not in httpx.get(f"{one.url}/signin?token=", trust_env=False, timeout=PATIENCE).headers
        assert httpx.post(f"{one.url}/api/session", json={"token": ""}, trust_env=False, timeout=PATIENCE).status_code == 400


def test_the_token_stays_over_restarts(tmp_path: Path) -> None:
    with serving(tmp_path) as one:
        first = one.token
    with serving(tmp_path) as one:
        assert one.token == first


def test_several_ports_serve_the_same(start_server: StartServer) -> None:
    one = start_server("--port", "0")
    assert len(one.urls) == 2
    for url in one.urls:
        assert httpx.get(f"{url}/healthz", trust_env=False, timeout=PATIENCE).status_code == 200


async def test_sigterm_says_1012_to_viewers_and_ends_everything(start_server: StartServer) -> None:
    one = start_server()
    async with (
        socket(one, "/ws/producer") as producer,
        socket(one, "/ws/viewer") as binary_viewer,
        socket(one, "/stream/producer:default") as json_viewer,
        viewer(one) as own_viewer,
        one.http() as client,
        client.stream("GET", "/streams/producer:default.mjpeg") as motion,
    ):
        await producer.send(jpeg(1))
        await binary(binary_viewer)
        await text(json_viewer, "frame")
        await say(own_viewer, type="watch", pane=1, stream="producer:default")
        await binary(own_viewer)
        chunks = motion.aiter_raw()
        await anext(chunks)
        one.ask_to_end()
        codes = await asyncio.gather(*map(closed, (producer, binary_viewer, json_viewer, own_viewer)))
        assert [code for code, _ in codes] == [1012] * 4
        async with asyncio.timeout(PATIENCE):
            async for _ in chunks:
                pass  # it ends in good order: a broken answer would raise
    assert await asyncio.to_thread(one.stop) == 0
    assert not (one.folder / "server.json").exists()
    assert "Traceback" not in one.logged()


async def test_a_viewer_that_never_reads_does_not_keep_the_server_from_ending(start_server: StartServer) -> None:
    one = start_server()
    async with socket(one, "/ws/producer") as producer, socket(one, "/ws/viewer") as reading:
        raw, _ = await handshake(one, "/ws/viewer")
        for number in range(3):
            await producer.send(jpeg(number, 1600, 1200))
            await binary(reading)
        assert await asyncio.to_thread(one.stop) == 0
        raw.close()


async def handshake(server: Server, path: str) -> tuple[sockets.socket, bytes]:
    """A WebSocket on a bare socket that takes little and from now on reads nothing; returns it and the server's answer."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, ("127.0.0.1", server.port))
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n"
    await loop.sock_sendall(raw, head.encode())
    answer = await loop.sock_recv(raw, 1000)
    assert answer.startswith(b"HTTP/1.1 101")
    return raw, answer


async def test_without_a_browser_opening_a_page_says_which_was_looked_for(start_server: StartServer) -> None:
    one = start_server(LIVEPANE_BROWSER="/nowhere/chromium")
    async with one.http() as client:
        answer = await client.post("/api/pages", json={"url": "http://127.0.0.1:1/"}, headers=one.admin)
        assert answer.status_code == 503
        assert "/nowhere/chromium" in answer.json()["detail"]
        assert answer.json()["code"] == "no_browser"


async def test_somebody_else_s_uvicorn_serves_it_too(tmp_path: Path) -> None:
    with sockets.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    data = tmp_path / "data"
    command = [sys.executable, "-m", "uvicorn", "livepane.asgi:app", "--port", str(port), "--log-level", "info"]
    log = tmp_path / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: ASYNC220 - starts at once
            command, env=environment(data), stdout=errors, stderr=errors, stdin=subprocess.DEVNULL
        )
    try:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client, asyncio.timeout(PATIENCE):
            while process.poll() is None:
                try:
                    if (await client.get("/healthz")).status_code == 200:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        one = Server.__new__(Server)
        one.port = port
        async with (
            socket(one, "/ws/producer?name=x&token=canary-token") as producer,
            socket(one, "/ws/viewer?name=x") as looking,
            socket(one, "/stream/producer:x") as json_viewer,
            viewer(one) as own,
        ):
            await say(own, type="watch", pane=1, stream="producer:x", fps=60)
            for number in range(5):
                await producer.send(jpeg(number))
                await binary(looking, lambda data, number=number: data == jpeg(number))  # type: ignore[misc]
            await text(json_viewer, "frame")
            await binary(own)
            process.terminate()
            await asyncio.gather(*map(closed, (producer, looking, json_viewer, own)))
        assert await asyncio.to_thread(process.wait, 20) in (0, -15)
    finally:
        process.kill()
        process.wait()
    said = log.read_text()
    assert "canary-token" not in said
    assert "Traceback" not in said, said
