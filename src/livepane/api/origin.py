"""Where a request comes from: its Host, its Origin, and what the browser says of the page that sent it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from livepane.domain.address import parse_address

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class From(Enum):
    """Whose page sent the request."""

    NOWHERE = auto()  # no Origin: not a page, or a plain GET of one
    OURSELVES = auto()  # exactly the origin that it was sent to
    FRIEND = auto()  # a loopback origin, or one listed in CORS_ORIGINS
    EXTENSION = auto()  # a browser extension
    STRANGER = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A name and a port, as a Host header or an origin gives them."""

    name: str
    port: int

    @classmethod
    @lru_cache(maxsize=256)
    def of_host(cls, header: str, default_port: int) -> Place | None:
        """Read a Host header; None when it is not one."""
        try:
            parts = urlsplit("//" + header)
            port = parts.port
        except ValueError:
            return None
        if not parts.hostname or parts.netloc != header or "@" in header:
            return None
        return cls(parts.hostname, default_port if port is None else port)


def host_accepted(
    headers: Headers,
    ports: Collection[int],
    allowed: Iterable[str],
    default_port: int = 80,
    *,
    shown: str | None = None,
    came_in: str = "",
) -> bool:
    """Whether the request was meant for us: one Host header that names this machine and one of our ports.

    `shown` is the Host of a trusted proxy's client; `came_in` our own address that the connection reached, which may be called
    by its number. A name that only *resolves* to us is not accepted: that is how DNS rebinding works.
    """
    values = headers.getlist("host")
    place = Place.of_host(shown or values[0], default_port) if len(values) == 1 else None
    if place is None:
        return False
    near = place.name in LOOPBACK_NAMES
    if not near:
        number = parse_address(f"[{place.name}]")
        if number is not None and number.is_unspecified:
            return False
        near = number is not None and number == parse_address(came_in)
    if near and place.port in ports:
        return True
    # A listed name may carry a port; without one, any: a proxy decides which it shows to the outside. That proxy may stand on
    # this machine and be called by a loopback name with a port of its own: then that one is listed, too.
    written = f"[{place.name}]" if ":" in place.name else place.name
    return any(one.lower() in (place.name, written, f"{written}:{place.port}") for one in allowed)


def origin_of(headers: Headers, scheme: str, listed: Iterable[str], host: str | None = None) -> From:
    """Whose page sent the request to `host`, by default that of the Host header (which has been accepted already)."""
    values = headers.getlist("origin")
    if not values:
        return From.NOWHERE
    origin, listed = values[0], set(listed)
    if len(values) > 1:
        return From.STRANGER
    if origin == f"{scheme}://{host or headers['host']}":
        return From.OURSELVES
    if origin in listed or ("*" in listed and origin != "null" and "://" in origin):
        return From.FRIEND
    try:
        parts = urlsplit(origin)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return From.STRANGER
    if parts.scheme == "chrome-extension" and parts.hostname:
        return From.EXTENSION
    # Exactly scheme, name and port: urlsplit forgives spaces, tabs and much else that no browser sends.
    plain = port_is_fine and "@" not in origin and origin.lower() == f"{parts.scheme}://{parts.netloc}".lower()
    if parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_NAMES and plain:
        return From.FRIEND
    return From.STRANGER
