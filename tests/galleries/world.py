"""All shapes at once: built, and served by one server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.boards.authority import Authority
from tests.boards.server import Server, serving
from tests.boards.web import Web
from tests.galleries import details, failing, grids, growing, odd, servers, walls
from tests.galleries.easel import Easel
from tests.galleries.nouns import Shape


@dataclass(slots=True)
class Galleries:
    """The served shapes."""

    easel: Easel
    shapes: list[Shape]
    server: Server
    host_addresses: tuple[str, ...]  # as LIVEPANE_HOST_ADDRESSES takes them
    ca_file: Path

    def shape(self, name: str) -> Shape:
        """The one of a name."""
        return next(shape for shape in self.shapes if shape.name == name)


@contextmanager
def galleries(*, latency: float = 0.0) -> Iterator[Galleries]:
    """All of them under one loopback address; `latency`: seconds before every answer."""
    easel = Easel(Web())
    parts = (grids, growing, details, servers, odd, failing, walls)
    shapes = [shape for part in parts for shape in part.shapes(easel)]
    with tempfile.TemporaryDirectory(prefix="galleries-") as folder:
        authority = Authority(Path(folder))
        hosts = easel.web.hosts
        server = Server(easel.web, latency, authority.trusted(hosts), authority.broken(hosts))
        with serving(server) as (ip, port):
            names = tuple(f"{host}={ip}:{port}" for host in hosts)
            yield Galleries(easel, shapes, server, names, authority.ca_file)
