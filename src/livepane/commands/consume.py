"""`livepane consume`: the newest picture of every stream of a Kafka, as files and at `/latest`."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from livepane.bus.kafka import check_installed

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request

    from livepane.auth.keyring import Keyring
    from livepane.bus.kafka.newest import Kept, Newest
    from livepane.domain.bus import Link
    from livepane.domain.kafka import Cluster
    from livepane.settings import Settings

EXAMPLE = """
Example: KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 livepane consume --dir pictures

A file for each stream, replaced as a whole with every new picture. http://127.0.0.1:8090/latest is the picture that came last,
/latest?stream=tab:default that of one stream, /streams the list. It only takes what is there: nothing is captured for it.
For other machines, or in a container: --host 0.0.0.0; the pictures then need a token (Authorization: Bearer …, or ?token=…).
"""

_CACHE = {"Cache-Control": "no-store, no-cache, must-revalidate, max-age=0", "Cross-Origin-Resource-Policy": "same-origin"}


def consume(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Folder for the pictures; `latest` in the data folder without it.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on. On any but a loopback one, all pictures need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="For /latest; 0 takes a free one.")] = 8090,
) -> None:
    """Keep the newest picture of every stream of the Kafka, until Ctrl-C."""
    from livepane import log
    from livepane.commands import listening
    from livepane.commands.kafka_access import cluster_of_settings, ending, read_settings

    with ending("consume"):
        check_installed()
        settings = read_settings().model_copy(update={"host": host})
        cluster = cluster_of_settings(settings)
        listening.check(settings, auth_was_set="auth" in settings.model_fields_set)
        log.configure(settings.log_level, settings.log_format)
        with suppress(KeyboardInterrupt):
            asyncio.run(_consume(settings, cluster, folder or settings.data_dir / "latest", port))


async def _consume(settings: Settings, cluster: Cluster, folder: Path, port: int) -> None:
    import uvicorn

    from livepane.bus.kafka import open_bus
    from livepane.bus.kafka.newest import Newest
    from livepane.commands import listening
    from livepane.commands.consume_door import Door
    from livepane.media.image import Limits

    newest = Newest(folder, _tell)
    async with AsyncExitStack() as stack:
        keyring = await _keyring(stack, settings)
        socket = listening.listen(settings.host, port)
        port = socket.getsockname()[1]
        door = Door(_application(newest, tells_why=keyring is None), keyring, port, settings.allowed_hosts)
        server = _server(uvicorn.Config(door, log_config=None, access_log=False, lifespan="off", proxy_headers=False))
        bus = open_bus(cluster, Limits(settings.max_frame_bytes, settings.max_frame_pixels), everything=True)
        await stack.enter_async_context(bus.join("", newest))
        writing = asyncio.get_running_loop().create_task(newest.write(), name="pictures to disk")
        near, _ = listening.addresses(settings.model_copy(update={"ports": (port,), "root_path": ""}), tls=False)
        typer.echo(f"{near[0]}/latest, files in {folder}")
        try:
            await server.serve([socket])
        finally:
            writing.cancel()
            await asyncio.wait([writing])


async def _keyring(stack: AsyncExitStack, settings: Settings) -> Keyring | None:
    """Whose tokens are demanded; None: nobody's, since only programs of this machine reach us."""
    from livepane.discovery import TOKEN_FILE
    from livepane.domain.address import is_loopback

    near = is_loopback(settings.host)
    if near and settings.auth != "required":
        return None
    from livepane.auth.keyring import Keyring
    from livepane.auth.register import registered

    keyring, _ = await asyncio.to_thread(Keyring.chosen, settings)
    await stack.enter_async_context(registered(keyring))
    token = settings.data_dir / TOKEN_FILE
    typer.echo(f"livepane consume: it needs a token: a viewer's of `livepane token create`, or the one in {token}", err=True)
    if not near:
        typer.echo(
            f"livepane consume: warning: without TLS on {settings.host}: tokens and pictures can be read by everybody between. "
            "Put a proxy with TLS before it",
            err=True,
        )
    return keyring


def _server(config: uvicorn.Config) -> uvicorn.Server:
    """One that only ends when it is told to: by itself it would end the whole process, and us with it."""
    import uvicorn

    class Server(uvicorn.Server):
        """Without signals of its own."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    server = Server(config)
    for one in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C cancels us
            asyncio.get_running_loop().add_signal_handler(one, setattr, server, "should_exit", True)
    return server


def _tell(link: Link) -> None:
    if link.reason is not None:
        typer.echo(f"livepane consume: {link.reason}", err=True)


def _application(newest: Newest, *, tells_why: bool) -> Starlette:
    """`tells_why`: /healthz, which is open to all, says what is wrong with Kafka, and where that is."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    def seen(request: Request) -> list[Kept]:
        return [one for one in newest.all() if request.state.streams.allows(one.stream)]

    async def latest(request: Request) -> Response:
        wanted = request.query_params.get("stream")
        kept = next((one for one in reversed(seen(request)) if wanted in (one.stream, None)), None)
        content = None if kept is None else await asyncio.to_thread(_read, kept)
        if kept is None or content is None:
            return JSONResponse({"error": "no picture has come yet"}, 404, headers=_CACHE)
        etag = f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'  # the file may be newer than what is known of it
        headers = {**_CACHE, "ETag": etag, "X-Stream": quote(kept.stream, safe=":")}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=f"image/{kept.encoding}", headers=headers)

    async def streams(request: Request) -> Response:
        rows = [{"stream": one.stream, "file": one.path.name, "captured_at": one.captured_at / 1e9} for one in seen(request)]
        return JSONResponse({"streams": rows}, headers=_CACHE)

    async def health(request: Request) -> Response:
        link = newest.link_now
        why = {"reason": link.reason} if tells_why else {}
        return JSONResponse({"status": "ok", "kafka": str(link.state), **why}, headers=_CACHE)

    routes = [Route("/latest", latest), Route("/streams", streams), Route("/healthz", health)]
    return Starlette(routes=routes)


def _read(kept: Kept) -> bytes | None:
    try:
        return kept.path.read_bytes()
    except OSError:
        return None
