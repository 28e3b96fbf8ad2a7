"""The outermost layer: who is asking, may they, and what every answer carries. HTTP and WebSocket alike, deny by default."""

from __future__ import annotations

import http.cookies
import ipaddress
import logging
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livepane.api.access import Access, AccessTable
from livepane.api.origin import From, host_accepted, origin_of
from livepane.api.problems import problem
from livepane.auth import OPEN_ROLES, Keys, Role
from livepane.deadline import within
from livepane.domain.errors import BadRequest, Forbidden, LivepaneError, NotFound, TooLarge, TooMany, Unauthorised
from livepane.settings import Settings
from livepane.transports.session import close_reason

log = logging.getLogger("livepane.access")

BODY_PAUSE = 10.0  # seconds that a sender may pause within a request body
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; routes find it as `request.state.caller`."""

    roles: frozenset[Role]
    origin: From


class Door:
    """An ASGI application around the real one."""

    def __init__(self, app: ASGIApp, table: AccessTable, settings: Settings, keys: Keys) -> None:
        self._app, self._table, self._settings, self._keys = app, table, settings, keys
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

    def _enter(self, scope: Scope) -> tuple[Access, Caller]:
        """Who is asking for what.

        Raises:
            Forbidden, NotFound: not from there, or there is no such thing.
        """
        headers = Headers(scope=scope)
        server = scope.get("server")
        ports = {*self._settings.ports, *([server[1]] if server and server[1] else [])}
        scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
        if not host_accepted(headers, ports, self._hosts, 443 if scheme == "https" else 80):
            host = headers.get("host", "")
            raise _Closed(
                f"Host {host!r} is not served here; use localhost with the right port, or list it in LIVEPANE_ALLOWED_HOSTS"
            )
        access = self._table.find(scope) or (Access(None) if scope["type"] == "http" else None)
        origin = origin_of(headers, scheme, self._settings.cors_origins)
        roles = self._known(scope, headers, origin)
        if access is None or not access.anywhere:
            if origin is From.STRANGER:
                raise _Closed(f"Origin {headers.get('origin')!r} may not call this server; list it in CORS_ORIGINS to allow it")
            crossing = origin is From.NOWHERE and headers.get("sec-fetch-site") == "cross-site"
            if crossing and roles is None and not (access is not None and access.page and _navigates(scope, headers)):
                raise _Closed("a page of another site may not load this; list its origin in CORS_ORIGINS, or send a token")
        if access is None:
            raise NotFound(f"there is no socket at {scope['path']!r}")
        given = self._given(origin) if _on_loopback(server) else frozenset()
        caller = Caller(frozenset(roles or ()) | given, origin)
        return access, caller

    def _known(self, scope: Scope, headers: Headers, origin: From) -> frozenset[Role] | None:
        """The roles of whoever shows a token or a cookie that counts."""
        token = ""
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = credentials.strip()
        elif values := parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token"):
            token = values[0]
        if token and (roles := self._keys.roles_of_token(token)) is not None:
            return roles
        # Any port of this machine gets our cookie, and so does any page's plain GET: only our own pages may spend it.
        reading = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        ours = origin is From.OURSELVES or (
            origin is From.NOWHERE and reading and headers.get("sec-fetch-site") in ("same-origin", "none")
        )
        if not ours:
            return None
        return self._keys.roles_of_cookie(_cookie(headers, self._keys.cookie_name))

    def _given(self, origin: From) -> frozenset[Role]:
        """What a caller may do without showing anything."""
        if self._settings.auth == "required" or origin is From.STRANGER:
            return frozenset()
        return frozenset({Role.PRODUCER}) if origin is From.EXTENSION else OPEN_ROLES

    def _check(self, access: Access, caller: Caller) -> None:
        """Raises Unauthorised or Forbidden when the caller may not."""
        if access.role is None or access.role in caller.roles:
            return
        how = "sign in at the address that `livepane serve` printed, or send the token as Authorization: Bearer"
        if not caller.roles or caller.roles <= OPEN_ROLES:
            raise Unauthorised(f"this needs the role {access.role}: {how}")
        raise Forbidden(f"this needs the role {access.role}, and you have {', '.join(sorted(caller.roles))}")

    # --- HTTP ---------------------------------------------------------------------------------------

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), 500
        headers = Headers(scope=scope)
        access: Access | None = None

        async def decorated(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _decorate(MutableHeaders(raw=message.setdefault("headers", [])), headers, access, granted)
            await send(message)

        granted = False
        try:
            try:
                access, caller = self._enter(scope)
                granted = caller.origin is not From.STRANGER or access.anywhere
                if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                    await _preflight(decorated)
                    return
                self._check(access, caller)
                scope.setdefault("state", {})["caller"] = caller
                await self._app(scope, _bounded(receive, access.max_body), decorated)
            except LivepaneError as error:
                await problem(error)(scope, receive, decorated)
        finally:
            quiet = scope["method"] in ("GET", "HEAD") and status < 400
            duration = (time.perf_counter() - started) * 1000
            log.log(
                logging.DEBUG if quiet else logging.INFO, "%s %s %d %.0f ms", scope["method"], scope["path"], status, duration
            )

    # --- WebSocket ----------------------------------------------------------------------------------

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        try:
            access, caller = self._enter(scope)
            self._check(access, caller)
            if self._sockets[address] >= self._settings.max_sockets_per_address:
                limit = self._settings.max_sockets_per_address
                raise TooMany(f"{limit} sockets of {address} are open already (LIVEPANE_MAX_SOCKETS_PER_ADDRESS)")
        except _Closed as error:
            log.info("WS %s 403 %s", scope["path"], error)
            await problem(error)(scope, receive, send)  # before accept: no socket ever exists
            return
        except LivepaneError as error:
            log.info("WS %s %d %s", scope["path"], error.close_code, error)
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": error.close_code, "reason": close_reason(error)})
            return
        scope.setdefault("state", {})["caller"] = caller
        self._sockets[address] += 1
        log.info("WS %s open", scope["path"])
        try:
            await self._app(scope, receive, send)
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]
            log.info("WS %s closed", scope["path"])


class _Closed(Forbidden):
    """Refused for where it comes from: the only refusal that a WebSocket meets at its handshake."""


def _on_loopback(server: tuple[str, int | None] | None) -> bool:
    """Whether the connection came in at a loopback address of ours. Anywhere else nothing is given away without a token."""
    try:
        address = ipaddress.ip_address(server[0] if server else "")
    except ValueError:
        return server is not None and server[0] == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _navigates(scope: Scope, headers: Headers) -> bool:
    wanted = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return wanted and scope["type"] == "http" and scope["method"] == "GET"


def _cookie(headers: Headers, name: str) -> str:
    for part in headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return http.cookies._unquote(value) if value.startswith('"') else value
    return ""


def _decorate(answer: MutableHeaders, asked: Headers, access: Access | None, granted: bool) -> None:
    """Security headers, and CORS for an origin that was let in."""
    answer.setdefault("Content-Security-Policy", CSP)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cross-Origin-Opener-Policy"] = "same-origin"
    reach = "cross-origin" if access and access.anywhere else "same-site" if access and access.embeddable else "same-origin"
    answer["Cross-Origin-Resource-Policy"] = reach
    answer.setdefault("Cache-Control", "no-store")
    origin = asked.get("origin")
    if origin and granted:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Expose-Headers"] = "ETag, Age, X-Captured-At, X-Picture-State"
        answer.add_vary_header("Origin")


async def _preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, last-event-id, if-none-match"),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _bounded(receive: Receive, limit: int) -> Receive:
    """The request body, counted and timed: too much of it, or too slow, is an error."""
    taken, done = 0, False

    async def bounded() -> Message:
        nonlocal taken, done
        if done:
            return await receive()
        try:
            async with within(BODY_PAUSE):
                message = await receive()
        except TimeoutError:
            raise BadRequest(f"the request body paused for more than {BODY_PAUSE:g} s") from None
        taken += len(message.get("body", b""))
        done = not message.get("more_body", False)
        if taken > limit:
            raise TooLarge(f"the request body has more than {limit:,} bytes")
        return message

    return bounded
