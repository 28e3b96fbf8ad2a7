"""`livepane serve`: the server, on loopback."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from starlette.types import ASGIApp

from livepane import log
from livepane.auth import Keys
from livepane.discovery import TOKEN_FILE, remove_server_file, write_server_file
from livepane.domain.errors import LivepaneError
from livepane.settings import Settings
from livepane.wire.messages import explain

# Unsent bytes that the kernel takes before it says "wait": what queues there gets old. Measured on a 1 MB/s link:
# pictures 2.9 s old without it, 0.20 s with it. Set on the listening socket; accepted ones inherit it.
_TCP_NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)
NOTSENT_BYTES = 16 * 1024
DRAIN_SECONDS = 4


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; a loopback one.", show_default="127.0.0.1")] = None,
    port: Annotated[
        list[int] | None, typer.Option(help="Port; may be given more than once. 0 takes a free one.", show_default="8000")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for the token and everything else that is kept.")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Show three panes to look at: a driven page, a static page, the desktop.")
    ] = False,
) -> None:
    """Serve the dashboard, the streams and the sockets until Ctrl-C.

    Every other setting is an environment variable LIVEPANE_…; see docs/reference/settings.md.

    Example: `livepane serve --port 8000 --port 8080`
    """
    given: dict[str, Any] = {"host": host, "ports": tuple(port) if port else None, "data_dir": data_dir}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        _refuse(f"a setting is wrong: {explain(error)}")
    if not _is_loopback(settings.host):
        _refuse(
            f"--host {settings.host} is not a loopback address, and whoever can reach it could watch: so far there is only the "
            f"admin token ({settings.data_dir / TOKEN_FILE}), and it opens everything. Bind 127.0.0.1 and let others in "
            "through an SSH tunnel: ssh -L 8000:127.0.0.1:8000 this-machine"
        )
    log.configure(settings.log_level)
    try:
        keys, token = Keys.of(settings.data_dir)
        sockets = [_listen(settings.host, one) for one in settings.ports]
    except LivepaneError as error:
        _refuse(error.message, code=1)
    settings = settings.model_copy(update={"ports": tuple(one.getsockname()[1] for one in sockets)})
    # Imported late: `livepane --help` need not load the whole server.
    from livepane.api.app import build

    _run(build(settings, keys, with_demo=demo), settings, sockets, token)


def _run(app: ASGIApp, settings: Settings, sockets: list[socket.socket], token: str) -> None:
    from livepane.transports.connection import Connection
    from livepane.transports.http_connection import HttpConnection

    HttpConnection.stall_seconds = settings.send_stall_seconds
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
        proxy_headers=False,
        access_log=False,
        log_config=None,
        lifespan="on",
    )
    urls = [_url(settings.host, port) for port in settings.ports]
    server = _Server(config, settings.data_dir, urls, token)
    try:
        server.run(sockets=sockets)
    finally:
        remove_server_file(settings.data_dir)
    if not server.started:
        raise typer.Exit(1)


class _Server(uvicorn.Server):
    """Says where it is once it serves, and leaves with exit code 0 when it was asked to end."""

    def __init__(self, config: uvicorn.Config, folder: Path, urls: list[str], token: str) -> None:
        super().__init__(config)
        self._folder, self._urls, self._token = folder, urls, token

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by uvicorn."""
        await super().startup(sockets)
        if self.started:
            write_server_file(self._folder, self._urls)
            typer.echo(f"\n  Livepane is at   {self._urls[0]}/signin?token={self._token}\n")
            for url in self._urls[1:]:
                typer.echo(f"  also at          {url}/")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called on SIGTERM and SIGINT. uvicorn's own keeps the signal and dies of it after an orderly shutdown."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket of our own.

    Raises:
        LivepaneError: the port is taken or may not be used.
    """
    from livepane.domain.errors import Unavailable

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform in ("linux", "darwin"):
            listener.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, NOTSENT_BYTES)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Unavailable(
            f"port {port} of {host} cannot be used ({reason}); end the program that has it, or choose another with --port"
        ) from None
    listener.setblocking(False)
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse(message: str, code: int = 2) -> NoReturn:
    typer.echo(f"livepane serve: {message}", err=True)
    raise typer.Exit(code)
