"""The outermost layer: who is asking, may they, and what every answer carries. HTTP and WebSocket alike, deny by default."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livepane.api.access import Access, AccessTable
from livepane.api.asked import Asked
from livepane.api.body import bounded, has_body, refuse_packed
from livepane.api.credentials import shown
from livepane.api.farewell import Line
from livepane.api.headers import Decoration, preflight
from livepane.api.origin import From, host_accepted, origin_of
from livepane.api.peer import Peer
from livepane.api.problems import problem
from livepane.api.toll import Toll, costs, makes
from livepane.auth.inside import Ended, Stay
from livepane.auth.keyring import Keyring
from livepane.domain.access import OPEN_ROLES, Grant, Rights, Role
from livepane.domain.errors import Forbidden, LivepaneError, NotFound, TooMany, Unauthorised
from livepane.settings import Settings
from livepane.transports.session import close_reason

log = logging.getLogger("livepane.access")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; routes find it as `request.state.caller`."""

    rights: Rights
    origin: From
    peer: Peer
    grant: Grant | None  # None: nothing was shown, and the rights are those of an open loopback

    @property
    def foreign(self) -> bool:
        """Whether a page of a stranger's origin asks, let in by a token that is bound to what it asks for."""
        return self.origin is From.STRANGER


class Door:
    """An ASGI application around the real one."""

    def __init__(self, app: ASGIApp, table: AccessTable, settings: Settings, keyring: Keyring) -> None:
        self._app, self._table, self._settings, self._keyring = app, table, settings, keyring
        self._headers = Decoration(settings.frame_ancestors)
        self._hosts = (*settings.allowed_hosts, *(f"{settings.host}:{port}" for port in settings.ports))
        self._sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    # --- deciding -----------------------------------------------------------------------------------

    def _enter(self, scope: Scope, headers: Asked, peer: Peer) -> tuple[Access, Caller]:
        """Who is asking for what.

        Raises:
            Forbidden, NotFound: not from there, or there is no such thing.
            Unauthorised: with a token that is not good any more.
        """
        server = scope.get("server")
        ports = (*self._settings.ports, server[1]) if server and server[1] else self._settings.ports
        default_port = 443 if peer.scheme == "https" else 80
        if not host_accepted(headers, ports, self._hosts, default_port, shown=peer.host, came_in=peer.came_in):
            host = peer.host or headers.get("host", "")
            raise _Closed(
                f"Host {host[:100]!r} is not served here; use localhost with the right port, or list it in LIVEPANE_ALLOWED_HOSTS"
            )
        scope.setdefault("state", {})["ways"] = self._settings.root_path, self._meant(scope)
        asks_first = _asks_first(scope, headers)
        # A preflight is about the request that comes after it.
        meant = {**scope, "method": headers["access-control-request-method"]} if asks_first else scope
        access = self._table.find(meant) or (Access(None) if scope["type"] == "http" else None)
        origin = origin_of(headers, peer.scheme, self._settings.cors_origins, peer.host)
        if asks_first and access is not None and access.bounded and access.role in (None, Role.VIEWER):
            # The question itself carries no token, and no token makes a stranger more than a viewer.
            return access, Caller(Rights(frozenset()), origin, peer, None)
        try:
            grant = shown(scope, headers, origin, self._keyring)
        except Unauthorised:
            if access is None or not access.page:  # the page itself says so, better than we can here
                raise
            grant = None
        if access is None or not access.anywhere:
            if origin is From.STRANGER and not (access is not None and access.bounded and _is_for_embedding(grant)):
                raise _Closed(f"Origin {headers.get('origin')!r} may not call this server; list it in CORS_ORIGINS to allow it")
            crossing = origin is From.NOWHERE and headers.get("sec-fetch-site") == "cross-site"
            if (
                crossing
                and grant is None
                and not (access is not None and access.page and self._navigates(scope, headers, access))
            ):
                raise _Closed("a page of another site may not load this; list its origin in CORS_ORIGINS, or send a token")
        if access is None:
            raise NotFound(f"there is no socket at {scope['path']!r}")
        return access, Caller(self._rights(grant, origin, peer), origin, peer, grant)

    def _navigates(self, scope: Scope, headers: Headers, access: Access) -> bool:
        """Whether a link was followed, or a frame is filled where some site may have one (the page's own policy says which)."""
        places = ("document", "iframe", "frame") if access.framed and self._settings.frame_ancestors else ("document",)
        wanted = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in places
        return wanted and scope["type"] == "http" and scope["method"] == "GET"

    def _rights(self, grant: Grant | None, origin: From, peer: Peer) -> Rights:
        """What was shown counts alone, also where less would have given more: a share link opens one stream everywhere."""
        if grant is not None:
            roles = grant.roles & {Role.VIEWER} if origin is From.STRANGER else grant.roles
            return Rights(roles, grant.streams)
        if not peer.open or origin is From.STRANGER:
            return Rights(frozenset())
        return Rights(frozenset({Role.PRODUCER}) if origin is From.EXTENSION else OPEN_ROLES)

    def _check(self, access: Access, caller: Caller) -> None:
        """Raises Unauthorised or Forbidden when the caller may not."""
        rights = caller.rights
        if access.role is None:
            if access.credential and caller.grant is None:
                raise Unauthorised("this needs a token: send it as Authorization: Bearer")
            return
        if access.role not in rights.roles:
            if caller.grant is None:
                how = "sign in at the address that `livepane serve` printed, or send the token as Authorization: Bearer"
                raise Unauthorised(f"this needs the role {access.role}: {how}")
            raise Forbidden(f"this needs the role {access.role}, and you have {', '.join(sorted(rights.roles)) or 'none'}")
        if not rights.streams.every and not access.bounded:
            raise Forbidden(f"your token is bound to {', '.join(rights.streams.patterns)}, and this is about more than that")

    def _meant(self, scope: Scope) -> str:
        """The page that has this path but for slashes at its end; "" when there is none."""
        if len(scope["path"]) == 1 or not scope["path"].endswith("/"):
            return ""
        path = f"/{scope['path'].strip('/')}"
        access = self._table.find({**scope, "path": path})
        return path if access is not None and access.page else ""

    # --- HTTP ---------------------------------------------------------------------------------------

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), 500
        headers = Asked(scope)
        peer = Peer.of(scope, headers, self._settings)
        access: Access | None = None
        caller: Caller | None = None

        async def decorated(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(raw=message.setdefault("headers", []))
                self._headers.add(answer, headers, access, granted=granted, foreign=foreign)
                if stay is not None:
                    stay.may_end = True
            await line.send(message)

        granted = foreign = False
        line = Line(scope, send)
        stay: Stay | None = None
        try:
            try:
                access, caller = self._enter(scope, headers, peer)
                # Whoever was let in may read the answer: a stranger is here by a token for just this.
                granted = True
                foreign = caller.foreign or (caller.grant is not None and caller.grant.streams.named and access.bounded)
                if _asks_first(scope, headers):
                    await preflight(decorated)
                    return
                self._check(access, caller)
                refuse_packed(headers)
                scope["state"]["caller"] = caller
                if caller.grant is None:
                    await self._app(scope, bounded(receive, access.max_body), decorated)
                    return
                costly = costs(caller.grant, access, scope)
                if costly and makes(access, scope):
                    await self._keyring.spend(caller.grant)
                    costly = False
                stay = self._keyring.inside.stay(caller.grant, line.hang_up)
                toll = Toll(self._keyring, stay, decorated)
                answer = toll.send if costly else decorated
                reading = scope["method"] in ("GET", "HEAD")
                # What changes something comes to its end, once it was asked in full: a body that trickles in for an hour
                # must not do then what its token may not do any more.
                stay.may_end = reading or has_body(headers)
                try:
                    async with stay:
                        await self._app(scope, bounded(receive, access.max_body, None if reading else stay.settle), answer)
                except Ended:
                    if toll.refused is not None:
                        raise toll.refused from None
                    if not line.started:
                        raise
                    await line.finish()
            except LivepaneError as error:
                await problem(error)(scope, receive, decorated)
        finally:
            usual = scope["method"] in ("GET", "HEAD") or (access is not None and access.frequent)
            level = logging.DEBUG if usual and status < 400 else logging.INFO
            if log.isEnabledFor(level):
                method, path, ms = scope["method"], scope["path"], round((time.perf_counter() - started) * 1000)
                told = {"method": method, "status": status, "ms": ms, **_who(path, peer, caller)}
                log.log(level, "%s %s %d %d ms", method, path, status, ms, extra=told)

    # --- WebSocket ----------------------------------------------------------------------------------

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path = Asked(scope), scope["path"]
        peer, caller = Peer.of(scope, headers, self._settings), None
        try:
            access, caller = self._enter(scope, headers, peer)
            self._check(access, caller)
            address = peer.address
            if self._sockets[address] >= self._settings.max_sockets_per_address:
                limit = self._settings.max_sockets_per_address
                raise TooMany(f"{limit} sockets of {address} are open already (LIVEPANE_MAX_SOCKETS_PER_ADDRESS)")
        except _Closed as error:
            log.info("WS %s 403 %s", path, error, extra={"status": 403, **_who(path, peer, caller)})
            await problem(error)(scope, receive, self._dressed(scope, send))  # before accept: no socket ever exists
            return
        except LivepaneError as error:
            log.info("WS %s %d %s", path, error.close_code, error, extra={"status": error.close_code, **_who(path, peer, caller)})
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": error.close_code, "reason": close_reason(error)})
            return
        scope.setdefault("state", {})["caller"] = caller
        self._sockets[address] += 1
        told = _who(path, peer, caller)
        log.info("WS %s open", path, extra=told)
        try:
            if caller.grant is None:
                await self._app(scope, receive, send)
                return
            line = Line(scope, send)
            try:
                async with self._keyring.inside.stay(caller.grant, line.hang_up):
                    await self._app(scope, receive, line.send)
            except Ended as error:
                log.info("WS %s %d %s", path, error.close_code, error, extra={"status": error.close_code, **told})
                await line.close(error)
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]
            log.info("WS %s closed", path, extra=told)

    def _dressed(self, scope: Scope, send: Send) -> Send:
        """Sends a refused handshake with the headers of every other answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "websocket.http.response.start":
                answer = MutableHeaders(raw=message.setdefault("headers", []))
                self._headers.add(answer, Asked(scope), None, granted=False, foreign=False)
            await send(message)

        return dressed


class _Closed(Forbidden):
    """Refused for where it comes from: the only refusal that a WebSocket meets at its handshake."""


def _who(path: str, peer: Peer, caller: Caller | None) -> dict[str, str | None]:
    """What a line of the log says of who asked, as fields of their own."""
    grant = None if caller is None else caller.grant
    return {"path": path, "client": peer.address or None, "token_id": None if grant is None else grant.id}


def _asks_first(scope: Scope, headers: Headers) -> bool:
    """Whether this is a CORS preflight."""
    return scope["type"] == "http" and scope["method"] == "OPTIONS" and "access-control-request-method" in headers


def _is_for_embedding(grant: Grant | None) -> bool:
    """Whether a page of any origin may use it: it opens named streams and nothing else."""
    return grant is not None and grant.streams.named
