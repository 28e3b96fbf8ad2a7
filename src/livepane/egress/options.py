"""How the way out is set up: what private targets are allowed, names with fixed addresses, certificates, manners."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from livepane import __version__
from livepane.settings import Settings


@dataclass(frozen=True, slots=True)
class Politeness:
    """How often one host (and port) is asked.

    The burst is 6, as many connections as a browser opens to a host at once, because a small company's site is read with
    five or six requests (home, sitemap, careers page, two or three of what it links): it is read without waiting, and is
    asked less in that second than by one visitor with a browser. Whoever reads more waits for the rate.
    """

    requests_per_second: float = 1.0  # in the long run
    burst: int = 6
    per_host: int = 2  # at the same time
    longest_crawl_delay: float = 10.0  # s; what robots.txt asks for beyond it is not waited for


FILES = Politeness(requests_per_second=10.0, burst=10, per_host=4)
"""The same for pictures and other files: a page with a gallery makes a browser ask for dozens of them at once."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Options of `Egress`."""

    allow_private: tuple[str, ...] = ()  # `host:port`, `[::1]:port`, an address or a CIDR range
    host_addresses: tuple[str, ...] = ()  # `name=address:port`
    ca_file: Path | None = None
    contact: str | None = None  # a URL or mail address for the User-Agent
    politeness: Politeness = field(default_factory=Politeness)
    files: Politeness = FILES

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the server's settings say."""
        return cls(
            allow_private=settings.allow_private_targets,
            host_addresses=settings.host_addresses,
            ca_file=settings.ca_file,
            contact=settings.contact,
            politeness=Politeness(settings.requests_per_second, settings.request_burst, settings.requests_per_host),
            files=file_politeness(settings.files_per_second, settings.files_per_host),
        )

    @property
    def user_agent(self) -> str:
        """Who we are, honestly: `Livepane/0.1.0 (+https://example.org/bot)`."""
        return f"Livepane/{__version__}" + (f" (+{self.contact})" if self.contact else "")


def file_politeness(per_second: float, per_host: int) -> Politeness:
    """The manners for files: the burst is what may be asked in a second, or at once."""
    return Politeness(per_second, max(1, round(per_second), per_host), per_host)
