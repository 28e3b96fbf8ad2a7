"""Who may read the pictures that `livepane consume` keeps: by the rules of the server."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from livepane.api.credentials import bearer_of
from livepane.api.origin import host_accepted
from livepane.auth.keyring import Keyring
from livepane.domain.access import Grant, Role, Streams
from livepane.domain.errors import Forbidden, LivepaneError, Unauthorised

OPEN = "/healthz"  # to everybody who calls us by a name of ours


class Door:
    """Lets in whom a server would: a Host that is ours and, with a keyring, a token of a viewer.

    Routes find the streams that the caller may see as `request.state.streams`.
    """

    def __init__(self, app: ASGIApp, keyring: Keyring | None, port: int, allowed: Iterable[str]) -> None:
        self._app, self._keyring, self._port, self._allowed = app, keyring, port, tuple(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        came_in = str((scope.get("server") or ("",))[0])
        try:
            # A page that has its name point to us must not pass for a program of this machine.
            if not host_accepted(headers, [self._port], self._allowed, came_in=came_in):
                raise Forbidden(f"Host {headers.get('host', '')[:200]!r} is not ours; list it in LIVEPANE_ALLOWED_HOSTS")
            open_to_all = self._keyring is None or scope["path"] == OPEN
            streams = Streams() if self._keyring is None or open_to_all else (await _grant(self._keyring, scope, headers)).streams
        except LivepaneError as error:
            more = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthorised) else {}
            await JSONResponse({"error": error.message}, error.status, {**more, "Cache-Control": "no-store"})(
                scope, receive, send
            )
            return
        scope.setdefault("state", {})["streams"] = streams
        await self._app(scope, receive, send)


async def _grant(keyring: Keyring, scope: Scope, headers: Headers) -> Grant:
    """What the caller's token allows.

    Raises:
        Unauthorised: there is none, or it is not good.
        Forbidden: it does not let anybody watch.
        Unavailable: its uses cannot be counted.
    """
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    for token in (bearer_of(headers), *query.get("token", ())[:1]):
        if token and (grant := keyring.bearer(token)) is not None:
            if Role.VIEWER not in grant.roles:
                raise Forbidden(f"this needs the role {Role.VIEWER}, and you have {', '.join(sorted(grant.roles)) or 'none'}")
            await keyring.spend(grant)
            return grant
    raise Unauthorised("this needs a token: Authorization: Bearer …, or ?token=…")
