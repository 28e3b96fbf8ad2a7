"""`livepane share`: show this screen, or a part of it, on a server elsewhere."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

import typer

from livepane.discovery import Located, locate
from livepane.domain import names
from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE
from livepane.domain.errors import BadRequest, LivepaneError, Unavailable, WindowNotFound
from livepane.domain.stream import Kind, StreamId

EXAMPLE = """
Example: livepane share --server wss://panes.example.org --monitor 1 --name alice

The screen is captured only while somebody watches. The connection comes back by itself; Ctrl-C ends it.
"""


def share(
    server: Annotated[
        str | None,
        typer.Option(help="ws(s)://…, http(s)://… or host:port. Without it: LIVEPANE_SERVER, else the server of this machine."),
    ] = None,
    monitor: Annotated[int | None, typer.Option(help="Share this monitor, counted from 1. Default: the whole desktop.")] = None,
    window: Annotated[str | None, typer.Option(help="Share this window: its handle, or a part of its title.")] = None,
    fps: Annotated[float, typer.Option(help=f"Pictures a second at the most, {FPS_RANGE[0]:g}-{FPS_RANGE[1]:g}.")] = 8.0,
    quality: Annotated[int, typer.Option(help=f"JPEG quality at the most, {QUALITY_RANGE[0]}-{QUALITY_RANGE[1]}.")] = 60,
    max_dimension: Annotated[
        int, typer.Option(help=f"Longer side in pixels at the most, {SIDE_RANGE[0]}-{SIDE_RANGE[1]}; larger is scaled down.")
    ] = 1600,
    name: Annotated[str, typer.Option(help="The stream is producer:NAME; one producer per name.")] = "default",
    token: Annotated[str | None, typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line.")] = None,
) -> None:
    """Show this desktop, a monitor or a window on a server, and there only while somebody watches."""
    try:
        _in_range("--fps", fps, FPS_RANGE)
        _in_range("--quality", quality, QUALITY_RANGE)
        _in_range("--max-dimension", max_dimension, SIDE_RANGE)
        _check_name(name)
        wanted = _wanted(monitor, window)
        target = locate(server, token)
        if target is None:
            raise Unavailable("no server runs on this machine. Start one with `livepane serve`, or name one with --server.")
        with suppress(KeyboardInterrupt):
            asyncio.run(_share(target, server is None, wanted, (fps, quality, max_dimension), name))
    except LivepaneError as error:
        typer.echo(f"Error: {error.message}", err=True)
        raise typer.Exit(2 if isinstance(error, BadRequest) else 1) from None


async def _share(target: Located, look_again: bool, wanted: StreamId | str, limits: tuple[float, int, int], name: str) -> None:
    from livepane.producing.client import Happening, Producer
    from livepane.producing.demand import Ceilings
    from livepane.sources.screen import open_source
    from livepane.wire.messages import ProducerHello

    stream_id = wanted if isinstance(wanted, StreamId) else await _find_window(wanted)
    source = await asyncio.to_thread(open_source, stream_id)

    async def where() -> Located | None:
        return (await asyncio.to_thread(locate, None, target.token)) if look_again else target

    def tell(what: Happening, detail: str) -> None:
        match what:
            case Happening.CONNECTED:
                typer.echo(f"connected: sharing {stream_id} at {target.url}/view/{quote(detail, safe=':')}")
            case Happening.PLAIN:
                typer.echo(f"connected: sharing {stream_id} with {detail}, which does not tell whether anybody watches")
            case Happening.WATCHED:
                typer.echo(f"watched: {detail}")
            case Happening.PAUSED:
                typer.echo(f"paused: {detail}")
            case Happening.LOST:
                typer.echo(f"not connected: {detail}; trying again until it works")
            case Happening.BACK:
                typer.echo("back: connected again")
            case Happening.FAILING:
                typer.echo(f"no picture: {detail}; trying again")
            case Happening.GONE:
                typer.echo(f"ended: {detail}")

    hello = ProducerHello(kind=Kind.PRODUCER, name=name, title=f"{name} ({stream_id})")
    fps, quality, max_dimension = limits
    producer = Producer(where, hello, ceilings=Ceilings(fps, quality, max_dimension), tell=tell)
    running = asyncio.get_running_loop().create_task(producer.run(source), name="share")

    def stop() -> None:
        producer.leave("sharing was stopped")
        running.cancel()

    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await running


def _wanted(monitor: int | None, window: str | None) -> StreamId | str:
    """What to share; a text is a part of a window's title."""
    if monitor is not None and window is not None:
        raise BadRequest(f"--monitor {monitor} and --window {window!r} exclude each other: leave one of them out.")
    if monitor is not None:
        if monitor < 1:
            raise BadRequest(
                f"--monitor {monitor} is not possible: they count from 1; without --monitor it is the whole desktop."
            )
        return StreamId(Kind.MONITOR, str(monitor))
    if window is None:
        return StreamId(Kind.DESKTOP, "0")
    try:
        return StreamId(Kind.WINDOW, str(int(window, 0)))  # decimal, or 0x… as other tools print it
    except ValueError:
        return window


async def _find_window(part: str) -> StreamId:
    from livepane.sources.screen import list_windows

    windows = await list_windows()
    found = [one for one in windows if part.casefold() in one.title.casefold()]
    exact = [one for one in found if one.title == part]
    match exact or found:
        case [one]:
            return StreamId(Kind.WINDOW, str(one.handle))
        case []:
            titles = ", ".join(repr(one.title) for one in windows if one.title) or "none with a title"
            raise WindowNotFound(f"no window has {part!r} in its title. Windows here: {titles}.")
        case several:
            titles = ", ".join(f"{one.handle} {one.title!r}" for one in several)
            raise BadRequest(f"{part!r} is in the titles of {len(several)} windows: {titles}. Give --window one of the handles.")


def _in_range(option: str, value: float, allowed: tuple[float, float]) -> None:
    if not allowed[0] <= value <= allowed[1]:
        raise BadRequest(f"{option} {value:g} is not possible: {allowed[0]:g} to {allowed[1]:g} is.")


def _check_name(name: str) -> None:
    if (why := names.why_not(name)) is not None:
        raise BadRequest(f"--name {name!r} is not possible: it {why}.")
