"""Where a request comes from: its Host, its Origin, and what the browser says of the page that sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from starlette.datastructures import Headers

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


def host_accepted(headers: Headers, ports: Iterable[int], allowed: Iterable[str], default_port: int = 80) -> bool:
    """Whether the request was meant for us: one Host header that names this machine and one of our ports.

    A name that only *resolves* to us is not accepted: that is how DNS rebinding works.
    """
    values = headers.getlist("host")
    place = Place.of_host(values[0], default_port) if len(values) == 1 else None
    if place is None:
        return False
    if place.name in LOOPBACK_NAMES:
        return place.port in set(ports)
    # A listed name may carry a port; without one, any: a proxy decides which it shows to the outside.
    shown = f"[{place.name}]" if ":" in place.name else place.name
    return any(one.lower() in (place.name, shown, f"{shown}:{place.port}") for one in allowed)


def origin_of(headers: Headers, scheme: str, listed: Iterable[str]) -> From:
    """Whose page sent the request (the Host header has been accepted already)."""
    values = headers.getlist("origin")
    if not values:
        return From.NOWHERE
    origin, listed = values[0], set(listed)
    if len(values) > 1:
        return From.STRANGER
    if origin == f"{scheme}://{headers['host']}":
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
