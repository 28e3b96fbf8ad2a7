"""The door, walked: every route and socket of the real app, by every kind of caller, with an expected answer for each."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, APIWebSocketRoute

from livepane.api import app as app_module
from livepane.api.access import Access, AccessTable, allow
from livepane.api.app import api, build
from livepane.api.door import Door
from livepane.auth import ALL_ROLES, OPEN_ROLES, Keys, Role
from livepane.settings import Settings

PORT = 8000
OURS = f"http://127.0.0.1:{PORT}"
LISTED = "https://app.example.org"
ORIGINS = [
    None,
    OURS,
    f"http://localhost:{PORT}",
    "http://localhost:3000",
    LISTED,
    "chrome-extension://abcdefgh",
    "null",
    "http://evil.test",
    f"http://evil.test:{PORT}",
    "http://127.0.0.1.evil.test",
]
SITES = [None, "same-origin", "same-site", "none", "cross-site"]
# What everybody may load: written down by hand, so that a new public route is a decision and not an accident.
PUBLIC = {
    "/healthz",
    "/api/session",
    "/",
    "/s/{stream_id}",
    "/view/{stream_id}",
    "/assets/{name:path}",
    "/favicon.svg",
    "/favicon.ico",
    "/live-pane.js",
    "/signin",
    "/demo/{name:path}",
}
PAGES = {"/", "/s/{stream_id}", "/view/{stream_id}", "/signin", "/demo/{name:path}"}
OPERATED = {("DELETE", "/api/streams/{stream_id}"), ("POST", "/api/pages"), ("POST", "/api/tabs")}
PRODUCING = {"/ws/producer"}


@dataclass(frozen=True)
class Call:
    """One way to knock."""

    origin: str | None = None
    site: str | None = None
    token: str | None = None  # by header
    query: str | None = None  # by ?token=
    cookie: bool = False
    navigates: bool = False
    host: str = f"127.0.0.1:{PORT}"

    def headers(self, keys: Keys) -> list[tuple[bytes, bytes]]:
        pairs = [("host", self.host)]
        pairs += [("origin", self.origin)] if self.origin is not None else []
        pairs += [("sec-fetch-site", self.site)] if self.site else []
        pairs += [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")] if self.navigates else []
        pairs += [("authorization", f"Bearer {self.token}")] if self.token else []
        pairs += [("cookie", f"other=1; {keys.cookie_name}={keys.cookie_value}")] if self.cookie else []
        return [(name.encode(), value.encode()) for name, value in pairs]


@dataclass
class Answer:
    """What came back: a status, or what a socket was told."""

    reached: bool = False
    status: int = 0
    accepted: bool = False
    code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


class House:
    """The real routes behind the real door; what lies behind them is cut off, so that a call has no effect."""

    def __init__(self, folder: Path, *, auth: str = "open", with_demo: bool = True, **settings: Any) -> None:
        self.keys, self.token = Keys.of(folder)
        real = api(Settings(), self.keys, with_demo=with_demo)
        self.routes = AccessTable(real.routes).rows
        self.answer = Answer()
        self.settings = Settings(ports=(PORT,), data_dir=folder, auth=auth, cors_origins=(LISTED,), **settings)
        self.door = Door(self._inside, AccessTable(real.routes), self.settings, self.keys)

    async def _inside(self, scope: Any, receive: Any, send: Any) -> None:
        self.answer.reached = True
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def call(self, kind: str, method: str, path: str, call: Call, server: str = "127.0.0.1") -> Answer:
        self.answer = answer = Answer()

        async def receive() -> Any:
            return {"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            if message["type"] == "websocket.accept":
                answer.accepted = True
            elif message["type"] == "websocket.close":
                answer.code = message["code"]
            elif message["type"].endswith("response.start"):
                answer.status = message["status"]
                answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}

        scope: dict[str, Any] = {
            "type": kind,
            "method": method,
            "scheme": "ws" if kind == "websocket" else "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": f"token={call.query}".encode() if call.query else b"",
            "headers": call.headers(self.keys),
            "client": ("127.0.0.1", 40000),
            "server": (server, PORT),
            "extensions": {"websocket.http.response": {}},
        }
        await self.door(scope, receive, send)
        return answer

    def every_call(self) -> list[Call]:
        """None, an unknown and the right token by header and by query, and the cookie, from everywhere."""
        shown: list[dict[str, Any]] = [{}, {"cookie": True}]
        for word in ("unknown", self.token):
            shown += [{"token": word}, {"query": word}]
        return [
            Call(origin, site, navigates=navigates, **one)
            for origin, site, one, navigates in itertools.product(ORIGINS, SITES, shown, (False, True))
        ]


def expected(house: House, access: Access, kind: str, method: str, path: str, call: Call) -> str:
    """What the contract says, written down once more and differently: served, 401 or 403."""
    if call.origin is None:
        where = "nowhere"
    elif call.origin == f"http://{call.host}":
        where = "ours"
    elif call.origin.startswith(("http://localhost:", "http://127.0.0.1:", "http://[::1]:")) or call.origin == LISTED:
        where = "friend"
    else:
        where = "extension" if call.origin.startswith("chrome-extension:") else "stranger"
    has_token = house.token in (call.token, call.query)
    if call.cookie and kind == "http" and where == "nowhere":
        signed_in = method in ("GET", "HEAD") and call.site in ("same-origin", "none")
    else:
        signed_in = call.cookie and where == "ours"
    if path != "/live-pane.js":
        if where == "stranger":
            return "403"
        if where == "nowhere" and call.site == "cross-site" and not has_token:
            opens_a_page = path in PAGES and call.navigates and method == "GET" and kind == "http"
            if not opens_a_page:
                return "403"
    if path in PUBLIC:
        return "served"
    if has_token or signed_in:
        return "served"
    if (method, path) in OPERATED or house.settings.auth == "required" or where == "stranger":
        return "401"
    if where == "extension":
        return "served" if path in PRODUCING else "401"
    return "served"


def heard(kind: str, answer: Answer) -> str:
    if answer.reached:
        return "served"
    if kind == "http":
        return str(answer.status)
    if not answer.accepted:
        return str(answer.status)  # at the handshake
    return {4401: "401", 4403: "403 after accept"}.get(answer.code or 0, str(answer.code))


@pytest.mark.parametrize("auth", ["open", "required"])
@pytest.mark.parametrize("with_demo", [True, False])
async def test_every_route_and_socket_answers_every_caller_as_the_contract_says(
    tmp_path: Path, auth: str, with_demo: bool
) -> None:
    house = House(tmp_path, auth=auth, with_demo=with_demo)
    wrong = []
    for route, access in house.routes:
        assert isinstance(route, APIRoute | APIWebSocketRoute)
        kind = "websocket" if isinstance(route, APIWebSocketRoute) else "http"
        path = route.path.replace("{stream_id}", "page:x").replace("{name:path}", "x").replace("{window_id}", "0")
        for method in getattr(route, "methods", None) or {"GET"}:
            for call in house.every_call():
                found = heard(kind, await house.call(kind, method, path, call))
                wanted = expected(house, access, kind, method, route.path, call)
                if found != wanted:
                    wrong.append(f"{kind} {method} {route.path} {call}: {found}, not {wanted}")
    assert not wrong, "\n".join(wrong[:20])


def test_what_is_public_is_what_we_think_is_public(tmp_path: Path) -> None:
    public = {route.path for route, access in House(tmp_path).routes if access.role is None}  # type: ignore[attr-defined]
    assert public == PUBLIC


def test_what_drives_opens_changes_or_deletes_needs_an_operator(tmp_path: Path) -> None:
    for route, access in House(tmp_path).routes:
        changing = (getattr(route, "methods", None) or set()) - {"GET", "HEAD"}
        if changing:
            assert access.role in (Role.OPERATOR, Role.ADMIN), route


def test_nothing_is_served_but_what_the_door_knows(tmp_path: Path) -> None:
    """No documentation pages, no OpenAPI, no mounted applications that nobody declared."""
    paths = {getattr(route, "path", "?") for route, _ in House(tmp_path).routes}
    assert not paths & {"/docs", "/redoc", "/openapi.json", "/metrics", "?"}


def test_a_route_that_does_not_say_who_may_call_it_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()

    @router.get("/forgotten")
    async def forgotten() -> None:
        """Nobody said who may call this."""

    from livepane.api import health

    both = APIRouter()
    both.routes.extend([*health.router.routes, *router.routes])
    monkeypatch.setattr(health, "router", both)
    keys, _ = Keys.of(tmp_path)
    with pytest.raises(TypeError, match="/forgotten"):
        build(Settings(data_dir=tmp_path), keys)


@pytest.mark.parametrize("host", ["evil.test", f"evil.test:{PORT}", "", "localhost.evil.test:8000", "0.0.0.0:8000", "127.0.0.1"])
@pytest.mark.parametrize("shown", [{}, {"token": "right"}, {"cookie": True}])
async def test_another_host_is_refused_everywhere_whatever_it_shows(tmp_path: Path, host: str, shown: dict[str, Any]) -> None:
    house = House(tmp_path)
    shown = {name: house.token if value == "right" else value for name, value in shown.items()}
    for route, _ in house.routes:
        kind = "websocket" if isinstance(route, APIWebSocketRoute) else "http"
        path = getattr(route, "path", "").replace("{", "").replace("}", "")
        for method in getattr(route, "methods", None) or {"GET"}:
            answer = await house.call(kind, method, path, Call(host=host, **shown))
            assert (answer.reached, answer.accepted, answer.status) == (False, False, 403)


@pytest.mark.parametrize("origin", ["http://evil.test", "null"])
async def test_a_stranger_does_not_even_learn_which_sockets_there_are(tmp_path: Path, origin: str) -> None:
    house = House(tmp_path)
    answer = await house.call("websocket", "GET", "/ws/nothing-here", Call(origin))
    assert (answer.accepted, answer.status) == (False, 403)
    answer = await house.call("websocket", "GET", "/ws/nothing-here", Call())
    assert (answer.accepted, answer.code) == (True, 4404)


async def test_the_reason_of_a_refusal_fits_into_a_close_frame(tmp_path: Path) -> None:
    house = House(tmp_path)
    reasons: list[str] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        reasons.append(message.get("reason", ""))

    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/ws/" + "é" * 200,
        "root_path": "",
        "query_string": b"",
        "headers": Call().headers(house.keys),
        "server": ("127.0.0.1", PORT),
    }
    await house.door(scope, receive, send)
    assert 0 < len(reasons[-1].encode()) <= 123  # RFC 6455, 5.5


@pytest.mark.parametrize("address", ["192.0.2.7", "0.0.0.0", "fd00::2"])
async def test_another_bind_demands_tokens_everywhere(tmp_path: Path, address: str) -> None:
    """Somebody may start the application under a uvicorn of their own, with --host 0.0.0.0."""
    house = House(tmp_path)
    for kind, path in (("http", "/api/streams"), ("websocket", "/api/live"), ("websocket", "/ws/producer")):
        answer = await house.call(kind, "GET", path, Call(), server=address)
        assert heard(kind, answer) == "401"
        answer = await house.call(kind, "GET", path, Call(token=house.token), server=address)
        assert heard(kind, answer) == "served"


async def test_star_opens_to_every_origin_but_null_for_what_needs_no_token(tmp_path: Path) -> None:
    keys, token = Keys.of(tmp_path)
    house = House(tmp_path)
    house.door = Door(
        house._inside, AccessTable(api(Settings(), keys).routes), Settings(ports=(PORT,), cors_origins=("*",)), keys
    )
    assert (await house.call("http", "GET", "/api/streams", Call("https://anything.test"))).reached
    assert (await house.call("websocket", "GET", "/ws/viewer", Call("https://anything.test"))).reached
    assert (await house.call("http", "GET", "/api/streams", Call("null"))).status == 403
    answer = await house.call("http", "POST", "/api/pages", Call("https://anything.test", cookie=True))
    assert answer.status == 401  # the cookie is for our own pages only
    assert (await house.call("http", "POST", "/api/pages", Call("https://anything.test", token=token))).reached


def test_the_roles_are_what_the_contract_says() -> None:
    assert {Role.VIEWER, Role.PRODUCER, Role.SCRAPER} == OPEN_ROLES
    assert set(Role) == ALL_ROLES


@asynccontextmanager
async def client_of(house_app: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(house_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
        yield client


async def test_every_answer_carries_the_security_headers_also_a_500(tmp_path: Path) -> None:
    keys, _ = Keys.of(tmp_path)
    inner = app_module.api(Settings(data_dir=tmp_path, ports=(PORT,)), keys)
    router = APIRouter()

    @router.get("/bug")
    @allow(None)
    async def bug() -> None:
        raise ZeroDivisionError("a bug")

    inner.router.routes.extend(router.routes)
    door = Door(inner, AccessTable(inner.routes), Settings(ports=(PORT,)), keys)
    async with client_of(door) as client:
        answers = [
            await client.get("/healthz"),
            await client.get("/nowhere"),
            await client.post("/healthz"),
            await client.get("/bug"),
            await client.get("/healthz", headers={"Host": "evil.test"}),
            await client.get("/healthz", headers={"Origin": "http://evil.test"}),
            await client.post("/api/pages"),
            await client.options("/healthz", headers={"Origin": OURS, "Access-Control-Request-Method": "GET"}),
        ]
    assert [one.status_code for one in answers] == [200, 404, 405, 500, 403, 403, 401, 204]
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
    for answer in answers:
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", answer.status_code
            body = answer.json()
            assert body["status"] == answer.status_code
            assert isinstance(body["error"], str)
    assert "a bug" not in answers[3].text
