"""What a caller shows: a token, a one-use ticket, or the cookie of a browser that is signed in."""

from __future__ import annotations

import http.cookies
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Scope

from livepane.api.origin import From
from livepane.auth.keyring import Keyring
from livepane.domain.access import Grant


def shown(scope: Scope, headers: Headers, origin: From, keyring: Keyring) -> Grant | None:
    """What the caller's credential allows; None when there is none, or none that counts.

    An unknown token is none: existing clients send `?token=null` before they have one.

    Raises:
        Unauthorised: a token is known and not good any more, or a ticket is not good.
    """
    asked = scope.get("query_string", b"")
    query = parse_qs(asked.decode("latin-1")) if asked else {}
    for token in (bearer_of(headers), *query.get("token", ())[:1]):
        if token and (grant := keyring.bearer(token)) is not None:
            return grant
    for ticket in query.get("ticket", ())[:1]:
        return keyring.ticket(ticket)
    if origin is From.STRANGER:
        return None
    # Any port of this machine gets our cookie, and so does any page's plain GET: only our own pages may spend it.
    reading = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    ours = origin is From.OURSELVES or (
        origin is From.NOWHERE and reading and headers.get("sec-fetch-site") in ("same-origin", "none")
    )
    return keyring.cookie(_cookie(headers, keyring.cookie_name)) if ours else None


def bearer_of(headers: Headers) -> str:
    """The token of the Authorization header; "" when there is none."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def _cookie(headers: Headers, name: str) -> str:
    for part in headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return http.cookies._unquote(value) if value.startswith('"') else value
    return ""
