"""`livepane watch URL`: open a page on the server and show it there."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import quote, urlsplit

import typer

from livepane.discovery import LOOPBACK, Located, locate
from livepane.domain.errors import BadRequest, LivepaneError, Unauthorised, Unavailable
from livepane.sources.masking.selectors import selectors

OPEN_WITHIN = 90.0  # s: the server gives up on a page before that

EXAMPLE = """
Example: livepane watch https://example.org --width 1600 --height 900 --mask "#card"

Prints one line: {"stream":"page:…","url":"…"}. The page stays open; close it in the dashboard.
"""


def watch(
    url: Annotated[str, typer.Argument(help="The page to open: http:// or https://.")],
    server: Annotated[
        str | None, typer.Option(help="Server to open it on. Without it: LIVEPANE_SERVER, else the server of this machine.")
    ] = None,
    width: Annotated[int, typer.Option(help="Width of the page in CSS pixels.")] = 1280,
    height: Annotated[int, typer.Option(help="Height of the page in CSS pixels.")] = 720,
    scale: Annotated[float, typer.Option(help="Device pixels per CSS pixel.")] = 1.0,
    mask: Annotated[
        list[str] | None,
        typer.Option(help="CSS selector of what is painted over in its pictures; may be repeated. Password fields always are."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line. Default: the admin token here."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print nothing but the line of JSON, also not to the terminal.")
    ] = False,
) -> None:
    """Open a page on the server, print its stream, and leave it open."""
    try:
        target = locate(server, token)
        wish = {"url": url, "width": width, "height": height, "scale": scale, "mask": list(selectors(mask or ()))}
        opened = _open(target, wish)
    except LivepaneError as error:
        typer.echo(f"Error: {error.message}", err=True)
        raise typer.Exit(2 if isinstance(error, BadRequest) else 1) from None
    typer.echo(json.dumps({"stream": opened["stream"], "url": opened["url"]}, separators=(",", ":"), ensure_ascii=False))
    if not as_json and target is not None:
        typer.echo(f"Watch it at {target.url}/view/{quote(opened['stream'], safe=':')}", err=True)


def _open(target: Located | None, wish: dict[str, object]) -> dict[str, str]:
    import httpx

    if target is None:
        raise Unavailable("no server runs on this machine. Start one with `livepane serve`, or name one with --server.")
    headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
    try:
        answer = httpx.post(
            f"{target.url}/api/pages",
            json=wish,
            headers=headers,
            timeout=OPEN_WITHIN,
            verify=target.tls() or True,
            trust_env=urlsplit(target.url).hostname not in LOOPBACK,  # no proxy stands before this machine itself
        )
    except httpx.TimeoutException:
        raise Unavailable(
            f"{target.url} did not open {wish['url']!r} within {OPEN_WITHIN:g} s. Look at the server's log."
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{target.url} cannot be reached: {error}. Is it running there?") from None
    if answer.is_success:
        try:
            said = answer.json()
            return {"stream": str(said["stream"]), "url": str(said["url"])}
        except (ValueError, KeyError, TypeError):
            raise Unavailable(f"{target.url} answered something else than a stream. Is it a Livepane server?") from None
    raise _refusal(answer.status_code, _said(answer.text), target)


def _refusal(status: int, said: str, target: Located) -> LivepaneError:
    if status == 401:
        token = "the token is not one of this server" if target.token else "opening a page needs a token"
        return Unauthorised(
            f"{target.url}: {token}. Give it with --token or LIVEPANE_TOKEN; it lies in the server's data folder."
        )
    if status == 400:
        return BadRequest(said)
    return Unavailable(said or f"{target.url} answered {status}. Is it a Livepane server?")


def _said(body: str) -> str:
    """The sentence of a problem document."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(problem, dict):
        return ""
    said = problem.get("detail") or problem.get("error") or problem.get("title") or ""
    return said if isinstance(said, str) else json.dumps(said)
