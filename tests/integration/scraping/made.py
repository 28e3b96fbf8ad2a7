"""A small web of our own for one test, and scrapes of it by the real way out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livepane.jobs.alone import Alone
from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.ladder.scraper import SCRAPER
from livepane.settings import Settings
from tests.boards import Reply, Web
from tests.boards.authority import Authority
from tests.boards.server import Server, serving


@dataclass(slots=True)
class Got:
    """What came of one company."""

    jobs: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""  # its code
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        """In the order in which they came."""
        return [job["title"] for job in self.jobs]


def settings(addresses: Mapping[str, tuple[str, int]], ca_file: Path) -> Settings:
    """Of a process that finds the made web, and is in more of a hurry than one on the real one."""
    names = tuple(f"{name}={ip}:{port}" for name, (ip, port) in addresses.items())
    return Settings(host_addresses=names, ca_file=ca_file, requests_per_second=100, request_burst=1000)


async def scrape(alone: Alone, target: str, **options: Any) -> Got:
    """One run."""
    got = Got()
    try:
        async with alone.work(target, options, got.said.append) as work:
            got.facts = work.facts
            async for job in SCRAPER.run(work):
                got.jobs.append(job)
    except ScrapeError as error:
        got.error, got.message = error.code, error.message
    return got


@dataclass(slots=True)
class Made:
    """A served web."""

    server: Server
    settings: Settings

    def scrape(self, *targets: str, **options: Any) -> list[Got]:
        """All of them, side by side."""

        async def run() -> list[Got]:
            async with Alone(self.settings) as alone:
                return list(await asyncio.gather(*(scrape(alone, target, **options) for target in targets)))

        return asyncio.run(run())

    def one(self, target: str, **options: Any) -> Got:
        """One of them; no browser unless it is asked for."""
        return self.scrape(target, **{"browser": "never", **options})[0]

    @property
    def asked(self) -> Counter[str]:
        """How often every host was."""
        return Counter(request.host for request in self.server.requests)

    def paths(self, host: str) -> list[str]:
        """What a host was asked for, in order."""
        return [request.path for request in self.server.requests if request.host == host]


class Serve:
    """Serves webs one after the other, with one certificate for every name that they may use."""

    NAMES = ("acme", "anvil", "bellows", "chisel", "forge", "hammer")
    HOSTS = (
        *(f"{host}{name}.example" for name in NAMES for host in ("", "www.", "careers.")),
        *("api.lever.co", "api.eu.lever.co", "jobs.lever.co"),
    )

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        self._ca_file = authority.ca_file
        self._trusted, self._broken = authority.trusted(self.HOSTS), authority.broken(self.HOSTS)

    @contextmanager
    def __call__(self, web: Web) -> Iterator[Made]:
        """The web under one loopback address, as long as the block lasts."""
        assert set(web.hosts) <= set(self.HOSTS)
        server = Server(web, 0.0, self._trusted, self._broken)
        with serving(server) as address:
            yield Made(server, settings(dict.fromkeys(web.hosts, address), self._ca_file))


def text(body: str, kind: str = "text/plain") -> Reply:
    """An answer that is no page."""
    return Reply(body, content_type=kind)
