"""Where a connection may go: a name is looked up once, every address of it is checked, and what was checked is dialled."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar

from livepane.deadline import within
from livepane.domain.address import Address
from livepane.domain.host import AllowList, Host, NotAHost, read_host
from livepane.domain.public import plain, why_not_public
from livepane.egress import errors

PORTS = frozenset({80, 443, 8080, 8443})
LOOKUP_TIMEOUT = 10.0  # s
REMEMBERED = 60.0  # s; a name keeps the addresses that were checked for so long
_MOST_NAMES = 2_000
_DIAL_FIRST = 4.0  # s for each address but the last
_DIAL_LAST = 10.0
_MEND = "If it is meant to be reached, list it in LIVEPANE_ALLOW_PRIVATE_TARGETS."

T = TypeVar("T")
Resolve = Callable[[str], Awaitable[Sequence[str]]]  # the addresses of a name; socket.gaierror when there are none
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a host and port lead, checked."""

    host: Host
    port: int  # that was asked for
    addresses: tuple[str, ...]  # to dial, the best first
    dial_port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Guard:
    """Decides and dials. One for a server; `close` ends its threads."""

    def __init__(
        self, allowed: AllowList | None = None, fixed: Mapping[str, tuple[str, int]] | None = None, resolve: Resolve | None = None
    ) -> None:
        """`fixed` leads names to an address and port of their own; such targets count as allowed."""
        self._allowed = allowed or AllowList()
        self._fixed = dict(fixed or {})
        self._resolve = resolve or self._by_system
        # Threads of its own: a name server that does not answer would else hold up whatever the server does in threads.
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="egress-names")
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}

    def close(self) -> None:
        """Look up no more names."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def way(self, name: str, port: int, also: AllowList | None = None) -> Way:
        """Where this host and port lead.

        Args:
            name: a host as it stands in a URL.
            port: 1 to 65535.
            also: what this caller may reach besides.

        Raises:
            ScrapeError: refused_target or dns; it does not tell what addresses a name has.
        """
        try:
            host = read_host(name)
        except (NotAHost, ValueError) as error:
            raise errors.refused(repr(name[:200]), str(error)) from None
        lists = (self._allowed, also) if also else (self._allowed,)
        if (goal := self._fixed.get(host.text)) is not None:
            return Way(host, port, (goal[0],), goal[1])
        exact = any(one.names(host, port) for one in lists)
        if not exact and host.address is None:
            _check_name(host, port)
        texts = (host.text,) if host.address is not None else await self._addresses(host.text)
        addresses = [plain(ip_address(text.partition("%")[0])) for text in texts]
        for address in addresses:
            if not exact and not any(one.holds(address, port) for one in lists):
                _check_address(host, port, address)
        return Way(host, port, tuple(map(str, sorted(addresses, key=lambda one: one.version))), port)

    def check_now(self, name: str, port: int) -> None:
        """The same as far as it can be told without looking up the name.

        Raises:
            ScrapeError: refused_target.
        """
        try:
            host = read_host(name)
        except (NotAHost, ValueError) as error:
            raise errors.refused(repr(name[:200]), str(error)) from None
        if host.text in self._fixed or self._allowed.names(host, port):
            return
        if host.address is not None:
            if not self._allowed.holds(host.address, port):
                _check_address(host, port, host.address)
        else:
            _check_name(host, port)

    async def dial(self, way: Way) -> Streams:
        """Connect with one of the addresses, in their order. Raises as `connect`."""
        return await self.connect(way, asyncio.open_connection)

    async def connect(self, way: Way, opener: Callable[[str, int], Awaitable[T]]) -> T:
        """What `opener` makes of the first address and port that takes a connection.

        Raises:
            ScrapeError: timeout or http.
        """
        for place, address in enumerate(way.addresses):
            last = place == len(way.addresses) - 1
            limit = _DIAL_LAST if last else _DIAL_FIRST
            try:
                async with within(limit):
                    return await opener(address, way.dial_port)
            except TimeoutError:
                if last:
                    raise errors.too_late(str(way), limit) from None
            except OSError as error:
                if last:
                    raise errors.unreachable(str(way), _reason(error)) from None
        raise errors.no_such_name(str(way.host))

    async def _addresses(self, name: str) -> tuple[str, ...]:
        now = time.monotonic()
        until, known = self._known.get(name, (0.0, ()))
        if until > now:
            return known
        try:
            async with within(LOOKUP_TIMEOUT):
                found = tuple(dict.fromkeys(await self._resolve(name)))
        except TimeoutError:
            raise errors.unanswered_name(name) from None
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise errors.unanswered_name(name) from None
            raise errors.no_such_name(name) from None
        except (OSError, UnicodeError):
            raise errors.no_such_name(name) from None
        if not found:
            raise errors.no_such_name(name)
        while len(self._known) >= _MOST_NAMES:
            del self._known[next(iter(self._known))]
        self._known[name] = (now + REMEMBERED, found)
        return found

    async def _by_system(self, name: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
        return [str(entry[4][0]) for entry in found]


def _check_name(host: Host, port: int) -> None:
    if host.text == "localhost" or host.text.endswith(".localhost"):
        raise errors.refused(f"{host}:{port}", "it is this machine", _MEND)
    _check_port(host, port)


def _check_address(host: Host, port: int, address: Address) -> None:
    kind = why_not_public(address)
    if kind is None and is_ours(address):
        kind = "local"
    if kind is not None:
        what = "it is" if host.address is not None else "its name leads to"
        raise errors.refused(f"{host}:{port}", f"{what} a {kind} address", _MEND)
    _check_port(host, port)


def _check_port(host: Host, port: int) -> None:
    if port not in PORTS:
        raise errors.refused(f"{host}:{port}", f"of ports only {', '.join(map(str, sorted(PORTS)))} are asked", _MEND)


def is_ours(address: Address) -> bool:
    """Whether this machine has the address: only then can a socket be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return (error.strerror or type(error).__name__).lower()
