"""Opening the producer's WebSocket, and what its refusals and ends mean."""

from __future__ import annotations

import logging
import socket
from typing import Any
from urllib.parse import quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from livepane.discovery import LOOPBACK, Located, socket_url
from livepane.domain.errors import (
    BadRequest,
    Forbidden,
    LivepaneError,
    NameTaken,
    NotFound,
    Unauthorised,
    Unavailable,
)
from livepane.wire.messages import PRODUCER_SUBPROTOCOL

# The library's debug lines hold every header, and so the token; whoever debugs the script must not get it into a log.
_quiet = logging.getLogger(__name__)
_quiet.setLevel(logging.INFO)

OPEN_WITHIN = 10.0  # s for TCP, TLS and the handshake
PING_EVERY = PING_PATIENCE = 10.0  # s: a peer that fell silent is noticed within 20 s
CLOSE_WITHIN = 0.5  # s for the closing handshake: a script that ends does not wait for a slow server
UNSENT = 16 * 1024  # bytes in the kernel that are not on the line yet: more of them only makes pictures older


async def open_socket(target: Located, name: str, *, plain: bool) -> ClientConnection:
    """Connect to `WS {server}/ws/producer?name=…`; `plain` does not ask for our own protocol.

    Raises:
        Unavailable: nobody answers, or not now; trying again may help.
        LivepaneError: any other kind: it will not help.
    """
    url = socket_url(target.url, f"/ws/producer?name={quote(name, safe='')}")
    options: dict[str, Any] = {}
    if urlsplit(target.url).hostname in LOOPBACK:
        options["proxy"] = None  # whatever the environment says, this machine is not behind its proxy
    if (tls := target.tls()) is not None:
        options["ssl"] = tls
    if target.token:
        options["additional_headers"] = {"Authorization": f"Bearer {target.token}"}
    try:
        websocket = await connect(
            url,
            subprotocols=None if plain else [Subprotocol(PRODUCER_SUBPROTOCOL)],
            compression=None,  # pictures do not shrink; trying costs 60-100 times the sending
            open_timeout=OPEN_WITHIN,
            ping_interval=PING_EVERY,
            ping_timeout=PING_PATIENCE,
            close_timeout=CLOSE_WITHIN,
            max_size=64 * 1024,
            write_limit=UNSENT,
            logger=_quiet,
            **options,
        )
    except InvalidStatus as error:
        raise _refused(target, error.response.status_code) from None
    except InvalidHandshake as error:
        raise Unavailable(f"{target.url} does not answer like a WebSocket server: {error}") from None
    except TimeoutError:
        raise Unavailable(f"{target.url} did not answer within {OPEN_WITHIN:g} s") from None
    except (OSError, EOFError) as error:
        raise Unavailable(f"{target.url} cannot be reached: {_why(error)}") from None
    _send_only_what_the_line_takes(websocket)
    return websocket


def ended(error: ConnectionClosed, name: str) -> LivepaneError:
    """What the end of a connection means. Unavailable: come back; anything else: do not."""
    close = error.rcvd
    if close is None:
        return Unavailable("the connection was lost")
    said = close.reason
    match close.code:
        case 4000:
            return NameTaken(f"the name {name!r} is taken by another producer on this server. Choose another one with --name.")
        case 4400:
            return BadRequest(f"the server refused: {said or 'bad request'}")
        case 4401:
            return Unauthorised(said or "the server wants a token, or another one. Give it with --token or LIVEPANE_TOKEN.")
        case 4403:
            return Forbidden(said or "this token may not show pictures here. Use one with the role producer.")
        case 4404:
            return NotFound(said or "the server has no place for this producer")
        case code:
            return Unavailable(f"the server closed the connection ({code}{': ' + said if said else ''})")


def _refused(target: Located, status: int) -> LivepaneError:
    match status:
        case 401:
            return Unauthorised(f"{target.url} wants a token, or another one (401). Give it with --token or LIVEPANE_TOKEN.")
        case 403:
            return Forbidden(
                f"{target.url} refuses this host or origin (403). Add the name you call it by to its LIVEPANE_ALLOWED_HOSTS."
            )
        case 404:
            return NotFound(f"{target.url} has no /ws/producer (404). Is it a Livepane server?")
        case _:
            return Unavailable(f"{target.url} answered {status} instead of a WebSocket")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _send_only_what_the_line_takes(websocket: ClientConnection) -> None:
    connected = websocket.transport.get_extra_info("socket")
    if connected is None:
        return
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if lowat := getattr(socket, "TCP_NOTSENT_LOWAT", None):
        connected.setsockopt(socket.IPPROTO_TCP, lowat, UNSENT)
