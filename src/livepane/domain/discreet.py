"""Addresses as a guest may read them: without the query, the fragment and the password, which may be somebody's key."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*://)([^\s\"'<>]*)", re.IGNORECASE)
# Browsers call a page that has no title by its address, without the scheme: a dot or a port tells it from other words.
_WORD = re.compile(r"(?<![^\s\"'(<])((?:localhost|[^\s/?#@]*[.:][^\s/?#@]*)/[^\s?#\"'<>]*)[?#][^\s\"'<>]*")
_TAIL = re.compile(r"[?#]")


def address(url: str) -> str:
    """Where a page is: scheme, host and path."""
    scheme, slashes, rest = _TAIL.split(url, maxsplit=1)[0].partition("://")
    if not slashes:
        return scheme
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def text(said: str) -> str:
    """A sentence with the addresses in it cut so."""
    said = _SCHEME.sub(lambda found: address(found[0]), said)
    return _WORD.sub(r"\1", said)


def title(said: str, url: str | None) -> str:
    """What a stream is called. A title that is an address is cut to its end: browsers write %20 in it as a space."""
    host, slash, _ = said.partition("://")[2 if "://" in said else 0].partition("/")
    known = urlsplit(url).netloc.rpartition("@")[2] if url else ""
    if slash and " " not in host and ("://" in said or "." in host or ":" in host or host in ("localhost", known)):
        return text(_TAIL.split(said, maxsplit=1)[0])
    return text(said)
