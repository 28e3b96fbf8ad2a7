"""`livepane token`: who may do what on a server: make tokens and share links, list them, revoke them."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from livepane.commands import access
from livepane.domain.access import LONGEST, SHARED_FOR, Role
from livepane.domain.errors import BadRequest, LivepaneError

app = typer.Typer(
    help="Tokens and share links: make, list, revoke.",
    no_args_is_help=True,
    epilog="Example: livepane token create --role viewer --stream 'page:*' --expires 1h --name 'the team'",
)
_CREATE = """
Example: TOKEN=$(livepane token create --role viewer --stream 'page:*' --expires 1h --name 'the team')

Prints the token and nothing else to standard output, this once. Without --expires it works until it is revoked.
"""
_LIST = "Example: livepane token list --json"
_REVOKE = "Example: livepane token revoke k3f9x0a1b2c3"
_SHARE = """
Example: livepane token share page:k3f9 --expires 1h --uses 3

Prints the link and nothing else to standard output. Whoever has it sees this one stream, and can do nothing else.
"""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_SERVER = typer.Option(help="Server to ask. Without it: LIVEPANE_SERVER, else the server of this machine, else its database.")
_TOKEN = typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line. Default: the admin token here.")
Server = Annotated[str | None, _SERVER]
Shown = Annotated[str | None, _TOKEN]
Result = TypeVar("Result")


@app.command(epilog=_CREATE)
def create(
    role: Annotated[list[Role], typer.Option(help="What it may do.")],
    stream: Annotated[list[str] | None, typer.Option(help="Bind it to a stream or a pattern, such as 'page:*'.")] = None,
    expires: Annotated[str | None, typer.Option(help="How long it works: 30m, 1h, 7d.", show_default="until revoked")] = None,
    name: Annotated[str, typer.Option(help="What it is for; shown in lists.")] = "",
    server: Server = None,
    token: Shown = None,
) -> None:
    """Make a token and print it."""
    wish = {
        "name": name,
        "roles": [str(one) for one in role],
        "streams": stream or [],
        "expires_in_seconds": _done(lambda: None if expires is None else seconds_of(expires, 1, LONGEST)),
    }
    made = _done(lambda: asyncio.run(access.make_token(wish, server, token)))
    typer.echo(made["token"])
    info = made["info"]
    typer.echo(f"This is shown once. It is {_words(info)}. To revoke it: livepane token revoke {info['id']}", err=True)


@app.command("list", epilog=_LIST)
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False,
    sessions: Annotated[bool, typer.Option("--sessions", help="Also browsers that are signed in.")] = False,
    server: Server = None,
    token: Shown = None,
) -> None:
    """List tokens, share links and invitations; never their secrets."""
    found, every = _done(lambda: asyncio.run(access.list_tokens(sessions, server, token)))
    if not every:
        typer.echo("These are share links. Everything else is listed for an admin's token.", err=True)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    rows = [("ID", "KIND", "STATE", "EXPIRES", "ROLES", "STREAMS", "NAME")]
    rows += [
        (
            one["id"],
            one["kind"],
            one["state"],
            _moment(one["expires_at"]),
            ",".join(one["roles"]),
            ",".join(one["streams"]) or "*",
            "".join(char if char.isprintable() else "?" for char in one["name"]),  # no escape codes for the terminal
        )
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


@app.command(epilog=_REVOKE)
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As `livepane token list` shows it.")],
    server: Server = None,
    token: Shown = None,
) -> None:
    """Revoke a token: it works no more, and what is open with it closes within a second."""
    _done(lambda: asyncio.run(access.revoke_token(token_id, server, token)))
    typer.echo(f"{token_id} is revoked", err=True)


@app.command(epilog=_SHARE)
def share(
    stream: Annotated[str, typer.Argument(help="The stream to show, such as page:k3f9.")],
    expires: Annotated[str, typer.Option(help="How long it works: 30m, 1h, 7d at most.")] = "1h",
    uses: Annotated[int | None, typer.Option(help="How often it may be opened.", show_default="any number")] = None,
    name: Annotated[str, typer.Option(help="Who it is for; shown in lists.")] = "",
    server: Server = None,
    token: Shown = None,
) -> None:
    """Make a link that shows one stream, and print it."""
    wish = {"stream": stream, "expires_in_seconds": _done(lambda: seconds_of(expires, *SHARED_FOR)), "uses": uses, "name": name}
    made = _done(lambda: asyncio.run(access.make_share(wish, server, token)))
    typer.echo(made["url"])
    info = made["info"]
    typer.echo(f"It works until {_moment(info['expires_at'])}. To revoke it: livepane token revoke {info['id']}", err=True)


def seconds_of(text: str, least: int, most: int) -> int:
    """A duration such as 90s, 30m, 1h, 7d or 2w, from `least` to `most` seconds.

    Raises:
        BadRequest: names it and shows right ones.
    """
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text.strip())
    if match is None or int(match[1]) == 0:
        raise BadRequest(f"--expires {text!r} is no duration; write 90s, 30m, 1h, 7d or 2w.")
    seconds = int(match[1]) * _UNITS[match[2]]
    if not least <= seconds <= most:
        raise BadRequest(
            f"--expires {text!r} is too {'long' if seconds > most else 'short'}; from {_span(least)} to {_span(most)}."
        )
    return seconds


def _span(seconds: int) -> str:
    """As `--expires` takes it, in the largest unit below a week that fits."""
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _words(info: dict[str, Any]) -> str:
    streams = ", ".join(info["streams"]) or "every stream"
    until = f"until {_moment(info['expires_at'])}" if info["expires_at"] else "until it is revoked"
    return f"{', '.join(info['roles'])} on {streams}, {until}"


def _moment(milliseconds: int | None) -> str:
    return "never" if milliseconds is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(milliseconds / 1000))


def _done(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except LivepaneError as error:
        typer.echo(f"Error: {error.message}", err=True)
        sys.exit(2 if isinstance(error, BadRequest) else 1)
