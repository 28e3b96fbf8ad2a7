"""URLs that may be fetched: one reading of them, which is the browser's, or an error that says why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from livepane.domain.host import NotAHost, read_host
from livepane.egress import errors

_LONGEST = 8192
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, read."""

    url: str  # in its plain form, without a fragment
    scheme: str
    host: str  # as a connection needs it: ASCII, without brackets
    port: int
    fragment: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def where(self) -> str:
        """Host and, when it is not the scheme's own, port: for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"


def read_url(text: str, base: Target | None = None) -> Target:
    """Read a URL, relative to `base` when there is one.

    Raises:
        ScrapeError: refused_target, for any scheme but http and https, a user name, or what is no URL.
    """
    text = text.strip(" \t\r\n\f")
    shown = repr(text if len(text) <= 200 else text[:200] + "…")
    if len(text) > _LONGEST:
        raise errors.refused(shown, f"it is {len(text)} characters long, and {_LONGEST} are allowed")
    if any(character < " " or character in "\x7f\\" for character in text):
        raise errors.refused(shown, "control characters and backslashes must be percent-encoded")
    try:
        if base is not None:
            text = urljoin(base.url, text)
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise errors.refused(shown, f"it is no URL: {error}") from None
    if parts.scheme not in _DEFAULT_PORT:
        scheme = _SCHEME.match(text)
        raise errors.refused(shown, f"only http:// and https:// are fetched{f', not {scheme[1]}:' if scheme else ''}")
    if "@" in parts.netloc:
        raise errors.refused(f"A URL at {parts.hostname}", "it has a user name or a password in it")
    if not parts.hostname:
        raise errors.refused(shown, "it names no host")
    try:
        host = read_host(
            parts.netloc.rpartition(":")[0] if parts.port is not None or parts.netloc.endswith(":") else parts.netloc
        )
        if port == 0:
            raise NotAHost("there is no port 0")
        authority = str(host) if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"
        query = f"?{parts.query}" if parts.query else ""
        url = str(httpx.URL(f"{parts.scheme}://{authority}{parts.path or '/'}{query}"))
    except (NotAHost, ValueError, httpx.InvalidURL) as error:
        raise errors.refused(shown, str(error)) from None
    return Target(url, parts.scheme, host.text, port or _DEFAULT_PORT[parts.scheme], parts.fragment)
