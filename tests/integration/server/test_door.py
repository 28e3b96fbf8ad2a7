"""The door, walked: every route and socket of the real app, by every kind of caller, with an expected answer for each."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, APIWebSocketRoute

from livepane.api import app as app_module
from livepane.api.access import AccessTable, allow
from livepane.api.app import api, build
from livepane.api.door import Door
from livepane.auth.keyring import Keyring
from livepane.domain.access import ALL_ROLES, OPEN_ROLES, Role
from livepane.settings import Settings
from tests.integration.server.house import LISTED, OURS, PORT, TOKENS, Call, House, Token, heard

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
    "/health",
    "/readyz",
    "/api/session",
    "/",
    "/s/{stream_id}",
    "/wall/{name}",
    "/tokens",
    "/jobs",
    "/jobs/{job_id}",
    "/scrape",
    "/downloads",
    "/compare",
    "/settings",
    "/view/{stream_id}",
    "/assets/{name:path}",
    "/favicon.svg",
    "/favicon.ico",
    "/live-pane.js",
    "/signin",
    "/api/pair",
    "/demo/{name:path}",
}
PAGES = {
    *("/", "/s/{stream_id}", "/wall/{name}", "/tokens", "/view/{stream_id}", "/signin", "/demo/{name:path}"),
    *("/jobs", "/jobs/{job_id}", "/scrape", "/downloads", "/compare", "/settings"),
}
OPERATED = {
    *(("DELETE", "/api/streams/{stream_id}"), ("POST", "/api/pages"), ("POST", "/api/tabs")),
    *(("POST", "/api/pairings"), ("GET", "/api/pairings/{pairing_id}")),
    *(("GET", "/api/shares"), ("POST", "/api/shares"), ("DELETE", "/api/shares/{share_id}"), ("POST", "/api/invites")),
    *(("PUT", "/api/layouts/{name}"), ("DELETE", "/api/layouts/{name}")),
    *(("DELETE", "/api/jobs/{job_id}"), ("PUT", "/api/settings")),
    ("DELETE", "/api/downloads/{collection}/{hash}"),
}
# What fetches public pages and no more: open on loopback, because existing clients carry no token.
SCRAPING = {
    *(("POST", "/scrape/stream"), ("POST", "/run"), ("POST", "/api/jobs"), ("PATCH", "/api/jobs/{job_id}")),
    *(("POST", "/api/jobs/{job_id}/cancel"), ("POST", "/api/jobs/{job_id}/retry")),
}
PRODUCING = {"/ws/producer", "/publish"}
# What has to be shown for a route that no role is named for: any credential.
CREDENTIAL = {"/api/tickets", "/api/shares/open"}
# Where a token that is bound to streams gets in, because the route itself sees that it keeps to them.
BOUNDED = {
    *("/api/streams", "/api/streams/{stream_id}", "/api/pages", "/api/tabs", "/api/live", "/stream/{window_id}"),
    *(
        "/ws/viewer",
        "/ws/producer",
        "/ws/screenshots/{queue_id}",
        "/publish",
        "/latest",
        "/api/shares",
        "/api/shares/{share_id}",
        "/api/invites",
        *CREDENTIAL,
    ),
    *(f"/streams/{{stream_id}}.{kind}" for kind in ("mjpeg", "jpg", "png", "webp")),
}


def every_call(house: House) -> Iterator[tuple[Call, Token | None]]:
    """Nothing, an unknown token and every kind of token by header and by query, and the cookie, from everywhere."""
    shown: list[tuple[dict[str, Any], Token | None]] = [({}, None), ({"cookie": True}, TOKENS[0])]
    shown += [({way: "unknown"}, None) for way in ("token", "query")]
    shown += [({way: house.text[one.name]}, one) for one in TOKENS for way in ("token", "query")]
    # What the browser says of the page counts only where there is no Origin: there, all of it.
    places = [(None, site, navigates) for site in SITES for navigates in (False, True)]
    places += [
        (origin, *said) for origin in ORIGINS[1:] for said in ((None, False), ("same-origin", False), ("cross-site", True))
    ]
    for (origin, site, navigates), (how, token) in itertools.product(places, shown):
        yield Call(origin, site, navigates=navigates, **how), token


def expected(house: House, kind: str, method: str, path: str, call: Call, token: Token | None) -> str:
    """What the contract says, written down once more and differently: served, 401 or 403."""
    after_accept = " after accept" if kind == "websocket" else ""
    if call.origin is None:
        where = "nowhere"
    elif call.origin == f"http://{call.host}":
        where = "ours"
    elif call.origin.startswith(("http://localhost:", "http://127.0.0.1:", "http://[::1]:")) or call.origin == LISTED:
        where = "friend"
    else:
        where = "extension" if call.origin.startswith("chrome-extension:") else "stranger"
    if call.cookie:
        plain_get = kind == "http" and where == "nowhere" and method in ("GET", "HEAD") and call.site in ("same-origin", "none")
        token = token if where == "ours" or plain_get else None
    if token is not None and token.dead:
        if path not in PAGES:
            return "401"
        token = None
    if path != "/live-pane.js":
        embeds = token is not None and token.streams and not any("*" in one for one in token.streams) and path in BOUNDED
        if where == "stranger" and not embeds:
            return "403"
        if where == "nowhere" and call.site == "cross-site" and token is None:
            opens_a_page = path in PAGES and call.navigates and method == "GET" and kind == "http"
            if not opens_a_page:
                return "403"
    if path in PUBLIC:
        return "served"
    if path in CREDENTIAL:
        return "served" if token is not None else "401"
    wanted = needed(method, path)
    if token is not None:
        roles = token.roles & {"viewer"} if where == "stranger" else token.roles
        if wanted not in roles or (token.streams and path not in BOUNDED):
            return "403" + after_accept
        return "served"
    if wanted in ("operator", "admin") or house.settings.auth == "required" or where == "stranger":
        return "401"
    if where == "extension":
        return "served" if path in PRODUCING else "401"
    return "served"


def needed(method: str, path: str) -> str:
    """The role that the contract names."""
    if path.startswith("/api/tokens"):
        return "admin"
    if (method, path) in OPERATED:
        return "operator"
    if (method, path) in SCRAPING:
        return "scraper"
    return "producer" if path in PRODUCING else "viewer"


@pytest.mark.timeout(240)  # 130,000 calls
@pytest.mark.parametrize(("auth", "with_demo"), [("open", True), ("required", False)])
async def test_every_route_and_socket_answers_every_caller_as_the_contract_says(
    tmp_path: Path, auth: str, with_demo: bool
) -> None:
    house = House(tmp_path, auth=auth, with_demo=with_demo)
    wrong = []
    for route, _ in house.routes:
        assert isinstance(route, APIRoute | APIWebSocketRoute)
        kind = "websocket" if isinstance(route, APIWebSocketRoute) else "http"
        path = route.path.replace("{stream_id}", "page:x").replace("{name:path}", "x").replace("{window_id}", "0")
        for method in getattr(route, "methods", None) or {"GET"}:
            for call, token in every_call(house):
                found = heard(kind, await house.call(kind, method, path, call))
                wanted = expected(house, kind, method, route.path, call, token)
                if found != wanted:
                    wrong.append(f"{kind} {method} {route.path} {call} {token}: {found}, not {wanted}")
    assert not wrong, "\n".join(wrong[:20])


def test_what_is_public_is_what_we_think_is_public(tmp_path: Path) -> None:
    routes = House(tmp_path).routes
    assert {route.path for route, access in routes if access.role is None and not access.credential} == PUBLIC  # type: ignore[attr-defined]
    assert {route.path for route, access in routes if access.role is None and access.credential} == CREDENTIAL  # type: ignore[attr-defined]


def test_a_bound_token_gets_in_where_we_think_it_does(tmp_path: Path) -> None:
    assert {route.path for route, access in House(tmp_path).routes if access.bounded} == BOUNDED  # type: ignore[attr-defined]


def test_what_drives_opens_changes_or_deletes_needs_an_operator(tmp_path: Path) -> None:
    for route, access in House(tmp_path).routes:
        changing = (getattr(route, "methods", None) or set()) - {"GET", "HEAD"}
        open_to_all = {"/api/session", "/api/pair"}  # a token or a code is what they ask for
        if changing and route.path not in open_to_all | PRODUCING and not access.credential:  # type: ignore[attr-defined]
            scraping = {(method, route.path) for method in changing} <= SCRAPING  # type: ignore[attr-defined]
            assert access.role in ((Role.SCRAPER,) if scraping else (Role.OPERATOR, Role.ADMIN)), route


def test_nothing_is_served_but_what_the_door_knows(tmp_path: Path) -> None:
    """No documentation pages, no OpenAPI, no mounted applications that nobody declared."""
    paths = {getattr(route, "path", "?") for route, _ in House(tmp_path).routes}
    assert not paths & {"/docs", "/redoc", "/openapi.json", "?"}


def test_a_route_that_does_not_say_who_may_call_it_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()

    @router.get("/forgotten")
    async def forgotten() -> None:
        """Nobody said who may call this."""

    from livepane.api import health

    both = APIRouter()
    both.routes.extend([*health.router.routes, *router.routes])
    monkeypatch.setattr(health, "router", both)
    keys, _ = Keyring.of(tmp_path)
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
            for call in (Call(host=host, **shown), Call(more=(("host", host),), **shown)):  # alone, and as a second one
                answer = await house.call(kind, method, path, call)
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
        "headers": house.headers(Call()),
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
    keys, token = Keyring.of(tmp_path)
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
    keys, _ = Keyring.of(tmp_path)
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


async def test_a_person_in_a_browser_gets_a_page_with_the_way_on_and_a_program_gets_json(tmp_path: Path) -> None:
    keys, _ = Keyring.of(tmp_path)
    inner = app_module.api(Settings(data_dir=tmp_path, ports=(PORT,)), keys)
    door = Door(inner, AccessTable(inner.routes), Settings(ports=(PORT,), root_path="/panes"), keys)
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with client_of(door) as client:
        for path, more, status, way in (
            ("/tokens/", {}, 404, 'href="/panes/tokens"'),
            ("//evil.example/", {}, 404, 'href="/panes/"'),
            ("/tokens/", {"Sec-Fetch-Site": "cross-site"}, 403, 'href="/panes/tokens"'),
            ("/<script>", {}, 404, 'href="/panes/"'),
            ("/api/tokens", {}, 401, 'href="/panes/signin"'),
            ("/tokens", {"Host": "evil.test"}, 403, "in LIVEPANE_ALLOWED_HOSTS.</p>\n</main>"),
        ):
            page = await client.get(f"{OURS}{path}", headers=browser | more)
            assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8"), path
            assert way in page.text
            assert "<script" not in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
            for program in ({"Accept": "*/*"}, {"Accept": "text/html", "Sec-Fetch-Mode": "cors"}):
                answer = await client.get(f"{OURS}{path}", headers=program | more)
                assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
                assert answer.headers.get("www-authenticate") == page.headers.get("www-authenticate")
        assert (await client.post("/api/pages", headers=browser)).headers["content-type"] == "application/problem+json"
