"""What was asked for, as an address: a URL or a bare domain, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.job_postings.urls import domain

LONGEST = 2000  # characters
LONGEST_HOST = 253  # characters, RFC 1035
LAST_PORT = 65_535
SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))", re.IGNORECASE)  # `acme.com:8080` has a port, not a scheme
LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to begin, and where else when nobody answers there."""

    given: str
    urls: tuple[str, ...]  # the first that answers counts

    @property
    def url(self) -> str:
        """The first of them."""
        return self.urls[0]

    @property
    def host(self) -> str:
        """The host that was asked for, in ASCII."""
        return httpx.URL(self.urls[0]).raw_host.decode("ascii")


def parse(given: str) -> Target:
    """Raises ScrapeError: bad_target for what is no address, refused_target for what is none of the web."""
    text = given.strip()
    shown = repr(text[:80])
    if not text or len(text) > LONGEST or any(ord(char) < 33 for char in text):
        raise ScrapeError("bad_target", f"{shown} is no domain and no URL. Give one like acme.com or https://acme.com/careers.")
    scheme = match[1].lower() if (match := SCHEME.match(text)) else ""
    if scheme and scheme not in {"http", "https"}:
        raise ScrapeError("refused_target", f"{shown} is neither http:// nor https://. Give the company's web site.")
    try:
        url = httpx.URL(text if scheme else f"https://{text.removeprefix('//')}")
        host = url.raw_host.decode("ascii").rstrip(".")
        if (url.port or 0) > LAST_PORT:
            raise ValueError
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise ScrapeError("bad_target", f"{shown} is no domain and no URL. Give one like acme.com.") from None
    if url.userinfo:
        hint = f"; the company's site may be {host}" if "@" in text and not scheme else ""
        raise ScrapeError("bad_target", f"{shown} carries a name or password{hint}. Give the address without it.")
    if not _may_be_host(host):
        raise ScrapeError("bad_target", f"{shown} is no domain: {host!r} is no name of a host. Give one like acme.com.")
    url = url.copy_with(raw_path=url.raw_path or b"/", fragment=None)
    ways = [str(url)]
    is_name = ":" not in host and not host.rpartition(".")[2].isdigit()  # an IP address has no `www.`
    if is_name and url.path == "/" and not url.query and domain(str(url)) == host and len(host) <= LONGEST_HOST - 4:
        ways.append(str(url.copy_with(host=f"www.{host}")))
    if not scheme:
        ways.append(str(url.copy_with(scheme="http")))
    return Target(given, tuple(ways))


def spellings(wanted: Iterable[str]) -> dict[str, list[str]]:
    """Each target once, with all that it is called by: `Example.com`, `example.com` and `https://example.com/` are one.

    The key is the one of them that leaves the most ways open; what is no address stands for itself.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for text in dict.fromkeys(wanted):
        try:
            urls = parse(text).urls
        except ScrapeError:
            urls = ()
        found.setdefault(urls[0] if urls else text, []).append((len(urls), text))
    return {max(same, key=lambda one: one[0])[1]: [text for _, text in same] for same in found.values()}


def _may_be_host(host: str) -> bool:
    """A name with a dot, `localhost` or an address: whether we may go there is for the guard to say."""
    if ":" in host or host == "localhost":
        return True
    labels = host.lower().split(".")
    return len(labels) > 1 and len(host) <= LONGEST_HOST and all(LABEL.match(label) for label in labels)
