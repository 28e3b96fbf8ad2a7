"""Where a request really comes from, and how it was asked: the socket's own word, or a trusted proxy's.

Only `X-Forwarded-For`, `-Proto` and `-Host` of a trusted proxy are believed, each from its right end: that is what the proxy
next to us wrote, whatever a client put to the left of it. `Forwarded` (RFC 7239) is not read on purpose: hardly a proxy writes
it, and one that does not lets a client's own pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import Scope

from livepane.domain.address import Networks, is_loopback, parse_address
from livepane.settings import Settings

_TELLING = frozenset({b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"})


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a request."""

    address: str  # of the client, for limits and logs; "" when unknown (a Unix socket)
    scheme: str  # "http" or "https": how the client asked, not how a proxy asked us
    open: bool  # came straight from this machine to a loopback bind: nothing is demanded by default
    host: str | None = None  # the Host that the client asked for, when a trusted proxy tells another than the header
    came_in: str = ""  # our own address that the connection reached; "" when it was forwarded

    @classmethod
    def of(cls, scope: Scope, headers: Headers, settings: Settings) -> Peer:
        """Read it from an ASGI scope and its headers."""
        client, server = scope.get("client"), scope.get("server")
        address = client[0] if client else ""
        scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
        if trusted(settings, address):  # never open: what a proxy passes on may come from anywhere, also without these headers
            said = _last(headers, "x-forwarded-proto").lower()
            return cls(
                _client(headers, address, _networks(settings.trusted_proxies)),
                {"https": "https", "wss": "https", "http": "http", "ws": "http"}.get(said, scheme),
                False,
                _last(headers, "x-forwarded-host") or None,
            )
        came_in = (server[0] or "") if server else ""
        straight = not any(name in _TELLING or name.startswith(b"x-forwarded-") for name, _ in headers.raw)
        return cls(
            address, scheme, straight and _is_near(came_in) and not settings.demands_tokens, None, came_in if straight else ""
        )

    def base(self, headers: Headers, settings: Settings) -> str:
        """The address of this server as this client knows it, without a slash at the end."""
        return f"{self.scheme}://{self.host or headers.get('host', '')}{settings.root_path}"


def trusted(settings: Settings, address: str) -> bool:
    """Whether this is the address of a proxy that is believed."""
    return bool(settings.trusted_proxies) and parse_address(address) in _networks(settings.trusted_proxies)


_is_near = lru_cache(maxsize=64)(is_loopback)  # of our own addresses, which are few


@lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> Networks:
    return Networks(texts)


def _client(headers: Headers, proxy: str, networks: Networks) -> str:
    """The rightmost address of X-Forwarded-For that is not a trusted proxy's: everything left of it is hearsay."""
    nearest = proxy
    for said in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
        address = parse_address(said)
        if address is None:
            break
        nearest = str(address)
        if address not in networks:
            break
    return nearest


def _last(headers: Headers, name: str) -> str:
    return ",".join(headers.getlist(name)).rpartition(",")[2].strip()
