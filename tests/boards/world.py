"""The whole made world: built once, looked at without a network, or served."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.boards.authority import Authority
from tests.boards.catalogue import PARTS
from tests.boards.nouns import Sheet, Site
from tests.boards.server import Server, serving
from tests.boards.web import Web

Part = Callable[[Web], Iterable[Site | Sheet]]


@dataclass(slots=True)
class World:
    """Hosts, companies and single documents; the addresses are empty while nobody serves them."""

    web: Web
    sites: list[Site] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    addresses: dict[str, tuple[str, int]] = field(default_factory=dict)
    ca_file: Path = Path()
    server: Server | None = None

    def site(self, domain: str) -> Site:
        """The company of a domain."""
        return next(site for site in self.sites if site.domain == domain)

    def of_kind(self, *kinds: str) -> list[Site]:
        """The companies of some kinds."""
        return [site for site in self.sites if site.kind in kinds]

    @property
    def host_addresses(self) -> str:
        """The addresses as LIVEPANE_HOST_ADDRESSES takes them."""
        return ",".join(f"{name}={ip}:{port}" for name, (ip, port) in self.addresses.items())


def offline(now: datetime | None = None) -> World:
    """The world without a server: documents come from `world.web.fetch(url)`."""
    world = World(Web(now))
    for part in PARTS:
        for one in part(world.web):
            if isinstance(one, Site):
                world.sites.append(one)
            else:
                world.sheets.append(one)
    return world


@contextmanager
def boards(*, latency: float = 0.0, now: datetime | None = None) -> Iterator[World]:
    """The world, served under one loopback address; `latency` is how late every answer comes, in seconds."""
    world = offline(now)
    with tempfile.TemporaryDirectory(prefix="boards-") as folder:
        authority = Authority(Path(folder))
        hosts = world.web.hosts
        server = Server(world.web, latency, authority.trusted(hosts), authority.broken(hosts))
        with serving(server) as address:
            world.ca_file = authority.ca_file
            world.addresses = dict.fromkeys(hosts, address)
            world.server = server
            yield world
