"""The server process: uvicorn with our own connections, its start, its words and its end."""

from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path
from types import FrameType

import typer
import uvicorn
from starlette.types import ASGIApp

from livepane.commands.certificate import Tls
from livepane.discovery import remove_server_file, write_server_file
from livepane.domain.address import Networks, parse_address
from livepane.settings import Settings
from livepane.transports.connection import Connection
from livepane.transports.crowd import Crowd
from livepane.transports.http_connection import HttpConnection
from livepane.transports.tls_gate import TlsGate

DRAIN_SECONDS = 4


def run(
    app: ASGIApp, settings: Settings, sockets: list[socket.socket], announcement: Announcement, tls: Tls | None, places: int
) -> None:
    """Serve until asked to end; `places` is how many connections there may be."""
    proxies = Networks(settings.trusted_proxies)
    HttpConnection.stall_seconds = settings.send_stall_seconds
    HttpConnection.crowd = Crowd(places, settings.max_connections_per_address, lambda one: parse_address(one) in proxies)
    config = uvicorn.Config(
        app,
        http=HttpConnection,
        ws=Connection,
        ws_per_message_deflate=False,  # on, it costs 60-100 times the CPU per picture
        ws_max_size=settings.max_frame_bytes + 64 * 2**10,
        ws_ping_interval=settings.ping_seconds,
        ws_ping_timeout=settings.ping_seconds,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        server_header=False,
        proxy_headers=False,  # api/peer.py reads them
        access_log=False,
        log_config=None,
        lifespan="on",
    )
    server = _Server(config, announcement, tls, HttpConnection.crowd)
    try:
        server.run(sockets=sockets)
    finally:
        remove_server_file(settings.data_dir)
    if not server.started:
        raise typer.Exit(1)


class Announcement:
    """Says where the server is, to people and to the commands of this machine.

    `token` is one that the first start made, and is part of the address. One that was `given` in a file is known to whoever wrote
    that, and what is printed ends in a log that others keep.
    """

    def __init__(
        self, folder: Path, near: list[str], far: list[str], token: str, given: Path | None, certificate: str | None
    ) -> None:
        self._folder, self._near, self._far, self._certificate = folder, near, far, certificate
        self._door = f"/signin?token={token}" if given is None else f"/signin with the token in {given}"

    def make(self) -> None:
        """Called once it serves."""
        write_server_file(self._folder, self._near, certificate=self._certificate)
        typer.echo(f"\n  Livepane is at   {self._near[0]}{self._door}\n")
        for url in [*self._near[1:], *self._far]:
            typer.echo(f"  also at          {url}/")


class _Server(uvicorn.Server):
    """Listens with our own connections, and leaves with exit code 0 when it was asked to end."""

    def __init__(self, config: uvicorn.Config, announcement: Announcement, tls: Tls | None, crowd: Crowd) -> None:
        super().__init__(config)
        self._announcement, self._tls, self._crowd = announcement, tls, crowd

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by uvicorn. Its own leaves TLS to the event loop, which gives every peer a minute for the handshake."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise SystemExit(3)  # what failed has been logged
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(self._connection, sock=one, backlog=self.config.backlog) for one in sockets or []
        ]
        self.started = True
        self._announcement.make()

    def _connection(self) -> asyncio.Protocol:
        if self._tls is None:
            return self._http()
        return TlsGate(self._tls.context, self._http, self._crowd)

    def _http(self) -> HttpConnection:
        return HttpConnection(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called on SIGTERM and SIGINT. uvicorn's own keeps the signal and dies of it after an orderly shutdown."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
