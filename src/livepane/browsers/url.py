"""Which addresses a page may be opened at, and what somebody means who leaves out the scheme."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from livepane.domain.errors import BadRequest

BLANK = "about:blank"
_LONGEST = 8192
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|\Z))", re.IGNORECASE)  # `localhost:3000` has none


def page_url(text: str) -> str:
    """The URL to open for what somebody typed: http, https or about:blank.

    Without a scheme a name is taken for https, and `localhost` or an IP address for http: `example.com` becomes
    `https://example.com`, `localhost:3000` becomes `http://localhost:3000`.

    Raises:
        BadRequest: any other scheme (file:, chrome:, javascript: … open doors on this machine), a user name or
            password, or no host.
    """
    text = text.strip()
    shown = repr(text if len(text) <= 200 else text[:200] + "…")
    if text.lower() == BLANK:
        return BLANK
    if len(text) > _LONGEST:
        raise BadRequest(f"The URL {shown} is {len(text)} characters long; {_LONGEST} are allowed.")
    if any(character <= " " or character in "\x7f\\" for character in text):
        raise BadRequest(f"{shown} is not a URL: spaces, control characters and backslashes must be percent-encoded.")
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[1].lower() not in ("http", "https"):
        raise BadRequest(f"{shown} cannot be opened: pages are opened at http://, https:// or {BLANK}, not {scheme[1]}:.")
    try:
        parts = urlsplit(text if scheme else f"//{text}")
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadRequest(f"{shown} is not a URL: {error}.") from None
    if not host or (scheme and not text[scheme.end() :].startswith("//")):
        raise BadRequest(f"{shown} is not a URL: it names no host. Write it like https://example.com/path.")
    if "@" in parts.netloc:
        raise BadRequest("A URL with a user name or password is not opened: they would be shown to every viewer.")
    if scheme:
        return text
    return f"{'http' if _is_near(host) else 'https'}://{text}"


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()  # 127.1 is 127.0.0.1 to a browser
    return True
