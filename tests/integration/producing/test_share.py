"""`livepane share`: a real display shown on a real server."""

from __future__ import annotations

import asyncio
import signal
import ssl
import subprocess
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simplejpeg

from tests.forking.child import program
from tests.integration.conftest import StartXvfb
from tests.integration.painter import BLUE, RED, Painter, painter
from tests.integration.producing.toy_server import ToyServer
from tests.integration.wall import wall_of
from tests.integration.web import refusing_port
from tests.serving import Server, StartServer, environment, server, start_server

__all__ = ["server", "start_server"]


class Share:
    """One `livepane share` that runs."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def says(self, start: str) -> str:
        """Its next line, which starts so."""
        assert self.process.stdout is not None
        line = (await self.process.stdout.readline()).decode().rstrip("\n")
        assert line.startswith(start), line or (await self.process.communicate())[1].decode()
        return line

    async def ends(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, what it still said, what it complained of."""
        output, errors = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, output.decode(), errors.decode()


@pytest.fixture
def display(start_xvfb: StartXvfb) -> str:
    """A screen of 400 x 200."""
    return start_xvfb(400, 200)


@pytest.fixture
def hand(display: str) -> Iterator[Painter]:
    """Somebody who opens windows on it."""
    with painter(display) as one:
        yield one


@asynccontextmanager
async def sharing(*options: str, folder: Path, display: str | None, **changes: str | None) -> AsyncIterator[Share]:
    """Run it for the length of a block."""
    process = await asyncio.create_subprocess_exec(
        *(*program(), "share", *options),
        env=environment(folder, DISPLAY=display, **changes),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield Share(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_shared_desktop_is_captured_while_it_is_watched_and_ends_with_ctrl_c(
    server: Server, display: str, hand: Painter, tmp_path: Path
) -> None:
    hand.fill(hand.root, RED)
    async with (
        wall_of(server.url) as wall,
        sharing("--server", server.url, "--name", "alice", "--max-dimension", "100", folder=tmp_path, display=display) as share,
    ):
        assert await share.says("connected: ") == f"connected: sharing desktop:0 at {server.url}/view/producer:alice"
        stream = await wall.until_state("producer:alice", "idle")
        assert stream.title == "alice (desktop:0)"
        await wall.watch("producer:alice", fps=30.0)
        await wall.until_shown("producer:alice", "ff0000")
        assert await share.says("watched: ") == "watched: up to 8 pictures a second"
        picture = wall.frames["producer:alice"][-1].picture
        assert (picture.width, picture.height) == (100, 50)
        hand.fill(hand.root, BLUE)
        await wall.until_shown("producer:alice", "0000ff")
        await wall.unwatch_all()
        await share.says("paused: nobody is watching")
        share.process.send_signal(signal.SIGINT)
        assert await share.ends() == (0, "", "")
        assert (await wall.until_state("producer:alice", "gone")).reason == "sharing was stopped"


async def test_sigterm_ends_it_like_ctrl_c(server: Server, display: str, tmp_path: Path) -> None:
    async with sharing("--server", server.socket, "--name", "term", folder=tmp_path, display=display) as share:
        await share.says("connected: ")
        share.process.terminate()
        assert await share.ends() == (0, "", "")


async def test_a_window_is_found_by_a_part_of_its_title_and_ends_with_it(
    server: Server, display: str, hand: Painter, tmp_path: Path
) -> None:
    window = hand.window(10, 10, 120, 80, BLUE, title="Orders - Till 3")
    async with (
        wall_of(server.url) as wall,
        sharing("--server", server.url, "--window", "till 3", "--name", "till", folder=tmp_path, display=display) as share,
    ):
        assert f"sharing window:{window} " in await share.says("connected: ")
        await wall.until_state("producer:till", "idle")
        await wall.watch("producer:till")
        await wall.until_shown("producer:till", "0000ff")
        await share.says("watched: ")
        hand.close(window)
        await share.says("ended: ")
        assert (await share.ends())[0] == 0
        await wall.until_state("producer:till", "gone")


async def test_a_second_one_of_a_name_is_told_so_and_the_first_goes_on(server: Server, display: str, tmp_path: Path) -> None:
    options = ("--server", server.url, "--name", "only-one")
    async with sharing(*options, folder=tmp_path, display=display) as first:
        await first.says("connected: ")
        async with sharing(*options, folder=tmp_path, display=display) as second:
            code, _, errors = await second.ends()
            assert code == 1
            assert "'only-one' is taken by another producer" in errors
            assert "--name" in errors
        assert first.process.returncode is None


async def test_a_server_that_is_killed_is_said_once_and_the_pictures_come_back(
    start_server: StartServer, display: str, hand: Painter, tmp_path: Path
) -> None:
    hand.fill(hand.root, RED)
    with refusing_port() as port:
        pass
    first = start_server("--port", str(port))
    async with sharing("--server", f"127.0.0.1:{port}", "--name", "tough", folder=tmp_path, display=display) as share:
        await share.says("connected: ")
        first.kill()
        await share.says("not connected: ")
        second = start_server("--port", str(port))
        await share.says("back: ")
        async with wall_of(second.url) as wall:
            await wall.until_state("producer:tough", "idle")
            await wall.watch("producer:tough")
            await wall.until_shown("producer:tough", "ff0000")
        await share.says("watched: ")


async def test_it_waits_for_a_server_that_is_not_there_yet(display: str, tmp_path: Path) -> None:
    server = ToyServer()
    with refusing_port() as port:
        pass
    server.port = port
    async with sharing("--server", f"ws://127.0.0.1:{port}", folder=tmp_path, display=display) as share:
        assert f"127.0.0.1:{port} cannot be reached" in await share.says("not connected: ")
        async with server.running():
            assert await share.says("back: ")
            assert (await server.guest()).hello


async def test_a_server_that_only_takes_jpegs_gets_them(display: str, hand: Painter, tmp_path: Path) -> None:
    hand.fill(hand.root, RED)
    server = ToyServer()
    async with (
        server.running(subprotocols=False) as target,
        sharing("--server", target.url, "--max-dimension", "64", folder=tmp_path, display=display) as share,
    ):
        await share.says("connected: ")
        guest = await server.guest()
        assert simplejpeg.decode_jpeg_header(guest.plain[0])[:2] == (32, 64)


async def test_wss_trusts_the_authorities_of_the_system(display: str, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ToyServer()
    async with server.running(ssl=context) as target:
        address = f"wss://localhost:{server.port}"
        assert target.url
        async with sharing("--server", address, folder=tmp_path, display=display, SSL_CERT_FILE=str(certificate)) as share:
            await share.says("connected: ")
        async with sharing("--server", address, folder=tmp_path, display=display) as share:
            assert "certificate" in await share.says("not connected: ")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("--fps 0", "--fps 0 is not possible: 0.1 to 60 is."),
        ("--fps nan", "--fps nan is not possible"),
        ("--quality 500", "--quality 500 is not possible: 10 to 100 is."),
        ("--max-dimension 1", "--max-dimension 1 is not possible: 16 to 8192 is."),
        ("--monitor 0", "--monitor 0 is not possible: they count from 1"),
        ("--monitor 1 --window x", "exclude each other"),
        ("--name a/b", "--name 'a/b' is not possible"),
        ("--server gopher://x", "'gopher://x' is not a server address"),
    ],
)
async def test_a_wrong_value_is_named_with_the_mend(options: str, complaint: str, tmp_path: Path) -> None:
    async with sharing(*options.split(), folder=tmp_path, display=None) as share:
        code, _, errors = await share.ends()
    assert code == 2
    assert complaint in errors


async def test_what_is_not_there_is_named_with_what_is(server: Server, display: str, hand: Painter, tmp_path: Path) -> None:
    hand.window(0, 0, 50, 50, RED, title="Invoices 2025")
    hand.window(60, 0, 50, 50, RED, title="Invoices 2026")
    for options, code, complaint in (
        (("--window", "ledger"), 1, "no window has 'ledger' in its title. Windows here: 'Invoices 2025', 'Invoices 2026'."),
        (("--window", "invoices"), 2, "'invoices' is in the titles of 2 windows"),
        (("--window", "77"), 1, "77"),
        (("--monitor", "9"), 1, "monitor:9"),
    ):
        async with sharing("--server", server.url, *options, folder=tmp_path, display=display) as share:
            ended_with, _, errors = await share.ends()
            assert ended_with == code
            assert complaint in errors
    async with sharing("--server", server.url, folder=tmp_path, display=None) as share:
        code, _, errors = await share.ends()
        assert code == 1
        assert "display" in errors


async def test_without_a_server_on_this_machine_it_says_how_to_get_one(display: str, tmp_path: Path) -> None:
    async with sharing(folder=tmp_path, display=display) as share:
        code, _, errors = await share.ends()
    assert code == 1
    assert "livepane serve" in errors


async def test_the_server_of_this_machine_is_found_by_itself(server: Server, display: str, tmp_path: Path) -> None:
    async with sharing("--name", "local", folder=server.folder, display=display) as share:
        assert f"{server.url}/view/producer:local" in await share.says("connected: ")
