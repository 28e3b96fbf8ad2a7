"""`livepane publish FILE`: show a picture, once, or again every few seconds."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit

import typer

from livepane.discovery import LOOPBACK, Located, locate
from livepane.domain.errors import BadRequest, LivepaneError, TooFast, Unauthorised, Unavailable
from livepane.wire.publish import EVERY_RANGE, stream_of

if TYPE_CHECKING:
    import httpx

WITHIN = 30.0  # seconds that a server has to answer
MOST = 100 * 2**20  # bytes that are read: ten times what a server takes unless it was told otherwise
LONGEST_PAUSE = 60.0  # seconds between two tries while a server is away

EXAMPLE = """
Example: livepane publish chart.png --source sales --title "Sales today"

Prints the address of the pane. A file that is drawn anew now and then: `livepane publish chart.png --source sales --every 5`.
From another program: `import -window root png:- | livepane publish - --source till-4`.
"""


def publish(
    file: Annotated[str, typer.Argument(help="JPEG, PNG or WebP, 10 MiB at the most; - reads standard input.")],
    source: Annotated[str | None, typer.Option(help="The stream is tab:SOURCE. Without it: tab:default.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the pane.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of what is shown.")] = None,
    server: Annotated[
        str | None, typer.Option(help="Server to show it on. Without it: LIVEPANE_SERVER, else the server of this machine.")
    ] = None,
    every: Annotated[
        float | None,
        typer.Option(help=f"Read the file again every so many seconds, {EVERY_RANGE[0]:g}-{EVERY_RANGE[1]:.0f}, until Ctrl-C."),
    ] = None,
    token: Annotated[str | None, typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors: for cron.")] = False,
) -> None:
    """Show a picture as a pane."""
    try:
        stream = str(stream_of(source))
        if every is not None:
            _check_every(file, every)
        said = {"source": source, "title": title, "url": url, "every_ms": None if every is None else every * 1000}
        wish = {name: value for name, value in said.items() if value is not None}
        if every is None:
            target = _server(server, token)
            with _client(target) as client:
                _send(client, target, wish | {"frame": _read(file)})
            _tell(target, stream, quiet)
        else:
            with suppress(KeyboardInterrupt):
                _again_and_again(file, wish, every, lambda: _server(server, token), lambda target: _tell(target, stream, quiet))
    except LivepaneError as error:
        typer.echo(f"Error: {error.message}", err=True)
        raise typer.Exit(2 if isinstance(error, BadRequest) else 1) from None


def _again_and_again(
    file: str, wish: dict[str, Any], every: float, where: Callable[[], Located], tell: Callable[[Located], None]
) -> None:
    """Until somebody stops it. What may pass is told once and tried again; what will not ends it."""
    trouble, told, pause = "", False, every
    while True:
        try:
            target = where()
            with _client(target) as client:
                while True:
                    started = time.monotonic()
                    _send(client, target, wish | {"frame": _read(file)})
                    if not told:
                        tell(target)
                    if trouble:
                        typer.echo("back: pictures are taken again", err=True)
                    trouble, told, pause = "", True, every
                    time.sleep(max(0.0, started + every - time.monotonic()))
        except Unauthorised:
            raise
        except (Unavailable, BadRequest, TooFast) as error:  # the file may be half written, or drawn later
            if isinstance(error, BadRequest) and not told:
                raise
            if error.message != trouble:
                trouble = error.message
                typer.echo(f"not shown: {trouble} Trying again.", err=True)
            pause = min(max(pause * 2, 1.0), max(LONGEST_PAUSE, every))
            time.sleep(max(pause, error.retry_after if isinstance(error, TooFast) else 0))


def _server(server: str | None, token: str | None) -> Located:
    target = locate(server, token)
    if target is None:
        raise Unavailable("no server runs on this machine. Start one with `livepane serve`, or name one with --server.")
    return target


def _client(target: Located) -> httpx.Client:
    import httpx  # late: `livepane --help` need not load it

    return httpx.Client(
        headers={"Authorization": f"Bearer {target.token}"} if target.token else {},
        verify=target.tls() or True,
        trust_env=urlsplit(target.url).hostname not in LOOPBACK,  # no proxy stands before this machine itself
        timeout=WITHIN,
    )


def _send(client: httpx.Client, target: Located, body: dict[str, Any]) -> None:
    import httpx

    try:
        answer = client.post(f"{target.url}/publish", json=body)
    except httpx.TimeoutException:
        raise Unavailable(f"{target.url} has not answered within {WITHIN:g} s. Look at the server's log.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{target.url} cannot be reached: {error}. Is it running there?") from None
    if answer.is_success:
        return
    said = _said(answer)
    match answer.status_code:
        case 400 | 413:
            raise BadRequest(said)
        case 401 | 403:
            raise Unauthorised(f"{target.url}: {said}. Give a token with --token or LIVEPANE_TOKEN.")
        case 429 if (after := answer.headers.get("retry-after", "")).isdecimal():
            raise TooFast(said, int(after))
        case status:
            raise Unavailable(f"{target.url}: {said or f'it answered {status}'}")


def _said(answer: httpx.Response) -> str:
    """The sentence of a refusal, of our server or of another one that speaks the same."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return f"it answered {answer.status_code}"
    return error if isinstance(error, str) else f"it answered {answer.status_code}"


def _read(file: str) -> str:
    """The picture as base64.

    Raises:
        BadRequest: it cannot be read, is empty, or has no end.
    """
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as opened:
            data = opened.read(MOST + 1)
    except OSError as error:
        raise BadRequest(f"{file!r} cannot be read: {error.strerror or error}") from None
    if len(data) > MOST:
        raise BadRequest(f"{file!r} has more than {MOST // 2**20} MiB: that is no picture")
    if not data:
        raise BadRequest("nothing came on standard input" if file == "-" else f"{file!r} is empty")
    return base64.b64encode(data).decode()


def _check_every(file: str, every: float) -> None:
    if file == "-":
        raise BadRequest("--every reads a file again and again, and standard input comes once: name a file.")
    low, high = EVERY_RANGE
    if not low <= every <= high:
        raise BadRequest(f"--every {every:g} is not possible: {low:g} to {high:.0f} seconds is.")


def _tell(target: Located, stream: str, quiet: bool) -> None:
    if not quiet:
        typer.echo(f"{target.url}/view/{quote(stream, safe=':')}")
