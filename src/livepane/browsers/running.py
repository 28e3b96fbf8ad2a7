"""The way into a Chrome that somebody else started with a debugging port."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import httpx
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import InvalidHandshake

from livepane.browsers.cdp import CdpConnection
from livepane.browsers.websocket import WebSocketTransport
from livepane.domain.errors import BadRequest, Unavailable
from livepane.log.scrub import scrub

TIMEOUT = 5.0  # s


def debugging_endpoint(text: str) -> str:
    """An address such as `http://127.0.0.1:9222`, checked. Chrome answers only to `localhost` and to IP addresses.

    Raises:
        BadRequest: it is not one.
    """
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port is not None and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable:
        raise BadRequest(f"{scrub(text)!r} is not the address of a debugging port. Write it like http://127.0.0.1:9222.")
    return f"http://{parts.netloc}"


async def connect(endpoint: str) -> CdpConnection:
    """Connect to the browser behind a debugging port.

    Raises:
        Unavailable: nobody answers there, or it is not a Chrome.
    """
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT) as http:  # never through a proxy
            answer = await http.get(f"{endpoint}/json/version")
            answer.raise_for_status()
            path = urlsplit(answer.json()["webSocketDebuggerUrl"]).path
    except httpx.TransportError:
        raise Unavailable(_mend(f"No Chrome answers at {endpoint}.")) from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(_mend(f"What answers at {endpoint} is not the debugging port of a Chrome.")) from None
    # The way we came, not the one Chrome names: it does not know of forwarded ports.
    address = urlunsplit(("ws", urlsplit(endpoint).netloc, path, "", ""))
    try:
        socket = await open_websocket(
            address, max_size=None, compression=None, ping_interval=None, proxy=None, open_timeout=TIMEOUT
        )
    except (OSError, TimeoutError, InvalidHandshake) as error:
        raise Unavailable(_mend(f"Chrome at {endpoint} does not let us in: {error}.")) from None
    return CdpConnection(WebSocketTransport(socket), "Chrome")


def _mend(problem: str) -> str:
    return (
        f"{problem} Start Chrome with --remote-debugging-port=9222 and a --user-data-dir of its own "
        "(it ignores the port with the usual one), and name that address in LIVEPANE_CHROME_URL."
    )
