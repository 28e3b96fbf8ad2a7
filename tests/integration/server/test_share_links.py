"""What a share link opens: one stream, to watch, so often and so long; and what a page of another site may do with it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from livepane.api.app import api
from livepane.auth.keyring import Keyring
from livepane.settings import Settings
from livepane.wire import messages
from tests.contract.clients import binary, closed, say, socket, text
from tests.credentials import token_row
from tests.integration.server.test_what_ends import STREAM, bearer, make, share, shown
from tests.pictures import jpeg
from tests.serving import Server

EVIL = "http://evil.test"
OTHER = "producer:other"


async def statuses(server: Server, token: str, calls: dict[tuple[str, str], Any], **headers: str) -> dict[tuple[str, str], int]:
    """What each call answers."""
    async with server.http(headers={**bearer(token), **headers}) as client:
        return {call: (await client.request(*call, json=body)).status_code for call, body in calls.items()}


# Every route that a share link of `producer:shown` is not for, by hand: what it answers when the link is shown.
REFUSED: dict[tuple[str, str], Any] = {
    ("GET", f"/api/streams/{OTHER}"): None,
    ("GET", f"/streams/{OTHER}.jpg"): None,
    ("GET", f"/streams/{OTHER}.png"): None,
    ("GET", f"/streams/{OTHER}.webp"): None,
    ("GET", f"/streams/{OTHER}.mjpeg"): None,
    ("GET", "/streams/producer:not-there.jpg"): None,
    ("DELETE", f"/api/streams/{STREAM}"): None,
    ("DELETE", f"/api/streams/{OTHER}"): None,
    ("POST", "/api/pages"): {"url": "http://127.0.0.1:1/"},
    ("POST", "/api/tabs"): {"id": "x"},
    ("GET", "/metrics"): None,
    ("GET", "/api/windows"): None,
    ("GET", "/api/monitors"): None,
    ("GET", "/api/chrome/tabs"): None,
    ("GET", "/api/chrome/capture"): None,
    ("GET", "/api/tokens"): None,
    ("POST", "/api/tokens"): {"roles": ["admin"], "expires_in_seconds": None},
    ("DELETE", "/api/tokens/admin"): None,
    ("POST", "/api/shares"): {"stream": STREAM},
    ("GET", "/api/shares"): None,
    ("DELETE", "/api/shares/x"): None,
    ("POST", "/api/invites"): {"name": "shown"},
    ("POST", "/api/pairings"): None,
    ("GET", "/api/pairings/x"): None,
    ("POST", "/publish"): {"frame": "AAAA", "source": "shown"},
    ("GET", f"/latest?stream={OTHER}"): None,
    ("GET", "/api/layouts"): None,
    ("GET", "/api/layouts/x"): None,
    ("PUT", "/api/layouts/x"): {"wall": {}},
    ("DELETE", "/api/layouts/x"): None,
    ("GET", "/api/jobs"): None,
    ("POST", "/api/jobs"): {"kind": "job_postings", "target": "example.com"},
    ("GET", "/api/jobs/1"): None,
    ("PATCH", "/api/jobs/1"): {"priority": 1},
    ("DELETE", "/api/jobs/1"): None,
    ("POST", "/api/jobs/1/cancel"): None,
    ("POST", "/api/jobs/1/retry"): None,
    ("GET", "/api/jobs/1/items"): None,
    ("GET", "/api/jobs/1/events"): None,
    ("GET", "/api/jobs/events"): None,
    ("GET", "/api/jobs/1/moments"): None,
    ("GET", "/api/jobs/1/moments/x.jpg"): None,
    ("GET", "/api/jobs/1/files.zip"): None,
    ("GET", "/api/scrapers"): None,
    ("GET", "/api/recipes"): None,
    ("GET", "/api/downloads"): None,
    ("GET", "/api/downloads/x.zip"): None,
    ("GET", "/api/downloads/x/0123456789abcdef"): None,
    ("DELETE", "/api/downloads/x/0123456789abcdef"): None,
    ("GET", "/api/downloads/x/0123456789abcdef/file"): None,
    ("GET", "/api/downloads/x/0123456789abcdef/preview.jpg"): None,
    ("GET", "/api/settings"): None,
    ("PUT", "/api/settings"): {},
    ("POST", "/scrape/stream"): {"domains": ["example.com"]},
    ("POST", "/run"): {"domains": ["example.com"]},
    ("GET", "/events"): None,
    ("GET", "/status"): None,
}


async def test_a_share_link_opens_its_stream_and_nothing_else(server: Server) -> None:
    token = (await share(server))["token"]
    async with shown(server), socket(server, "/ws/producer?name=other", additional_headers=server.admin) as other:
        await other.send(jpeg(3))
        assert await statuses(server, token, REFUSED) == dict.fromkeys(REFUSED, 403)
        async with server.http(headers=bearer(token)) as client:
            assert [one["id"] for one in (await client.get("/api/streams")).json()["streams"]] == [STREAM]
            assert (await client.get(f"/api/streams/{STREAM}")).status_code == 200
            assert (await client.get(f"/streams/{STREAM}.jpg")).content == jpeg(1, 320, 200)
            assert (await client.get(f"/latest?stream={STREAM}")).content == jpeg(1, 320, 200)
            assert (await client.get("/latest")).status_code == 404  # nothing that it is for was pushed by requests
            session = (await client.get("/api/session")).json()
            assert (session["roles"], session["streams"], session["signed_in"]) == (["viewer"], [STREAM], False)
        for path in ("/ws/viewer?name=other", f"/stream/{OTHER}", "/stream/0", "/ws/producer?name=shown", "/ws/viewer"):
            async with socket(server, path, additional_headers=bearer(token)) as refused:
                assert (await closed(refused))[0] == 4403, path
        async with socket(server, f"/ws/viewer?name=shown&token={token}") as watching:
            assert await binary(watching) == jpeg(1, 320, 200)
        async with socket(server, "/api/live", messages.VIEWER_SUBPROTOCOL, additional_headers=bearer(token)) as live:
            await live.send(messages.encode(messages.Watch(pane=1, stream=OTHER)))
            said = ""
            while "pane" not in said:
                said = str(await live.recv())
                assert OTHER not in said or "bound" in said
            assert "bound to" in said


async def test_a_share_link_shows_no_address_that_may_hold_a_key(server: Server) -> None:
    """Nothing else may be reached by a link, and dashboards carry `?auth_token=` in their addresses."""
    address, secret = "http://board.test:3000/d/x", "SECRETQ"
    whole = f"{address}?auth_token={secret}#{secret}"
    shared = (await share(server))["token"]
    embedded = (await make(server, "/api/tokens", name="", roles=["viewer"], streams=[STREAM], expires_in_seconds=600))["token"]
    async with socket(server, "/ws/producer", messages.PRODUCER_SUBPROTOCOL, additional_headers=server.admin) as producing:
        await say(producing, type="hello", name="shown", url=whole, title=whole.removeprefix("http://"))
        await text(producing, "welcome")
        for token in (shared, embedded, server.token):
            said = []
            async with (
                server.http(headers=bearer(token)) as client,
                socket(server, "/api/live", messages.VIEWER_SUBPROTOCOL, additional_headers=bearer(token)) as live,
                socket(server, f"/stream/{STREAM}", additional_headers=bearer(token)) as frames,
            ):
                said.append(await text(live, "streams"))
                await live.send(messages.encode(messages.Watch(pane=1, stream=STREAM)))
                await text(live, "pane")
                await say(producing, type="state", state="reconnecting", reason=f"{whole} is covered")
                said.append(await text(live, "stream", lambda told: told["stream"]["state"] == "reconnecting"))
                await say(producing, type="action", action={"label": f"Opens {whole}", "at": 1.0})
                said.append(await text(live, "action"))
                said.append(await text(frames, "session_started"))
                said.append((await client.get("/api/streams")).json())
                said.append(row := (await client.get(f"/api/streams/{STREAM}")).json())
                await say(producing, type="state", state="live")
                await text(live, "stream", lambda told: told["stream"]["state"] != "reconnecting")
            if token == server.token:
                assert (row["url"], row["title"]) == (whole, whole.removeprefix("http://"))
                assert row["action"]["label"] == f"Opens {whole}"
            else:
                assert (row["url"], row["title"]) == (address, address.removeprefix("http://"))
                assert row["reason"] == f"{address} is covered"
                assert row["action"]["label"] == f"Opens {address}"
                assert [one for one in said if secret in str(one)] == []


def test_no_route_was_forgotten_above(server: Server) -> None:
    """Whoever adds a route has to say there what a share link does with it, or that it is for everybody."""
    tried = {path.replace(STREAM, "{}").replace(OTHER, "{}") for _, path in REFUSED}
    here = {"/api/streams", "/api/session", "/api/shares/open", "/api/tickets", "/latest"}
    missing = []
    app = api(Settings(data_dir=server.folder), Keyring("unused"), with_demo=False)
    for route in app.routes:
        path, access = getattr(route, "path", ""), getattr(getattr(route, "endpoint", None), "__livepane_access__", None)
        methods = getattr(route, "methods", None)
        if methods is None or path in here or (access is not None and access.role is None):
            continue
        shape = path.replace("{stream_id}", "{}").replace("{token_id}", "admin").replace("{share_id}", "x").replace("{name}", "x")
        shape = shape.replace("{job_id}", "1").replace("{moment_id}", "x").replace("{pairing_id}", "x")
        shape = shape.replace("{collection}", "x").replace("{hash}", "0123456789abcdef")
        if shape not in tried:
            missing.append(path)
    assert missing == []


@pytest.mark.parametrize("given", [":id", "..", "%2e%2e", "", "*", "admin", "null", "%00", "x" * 300])
async def test_an_id_that_is_none_reaches_nothing(server: Server, given: str) -> None:
    await share(server)
    async with server.http(headers=server.admin) as client:
        for path in ("/api/shares", "/api/tokens"):
            answer = await client.request("DELETE", f"{path}/{given}", follow_redirects=False)
            assert answer.status_code in (307, 400, 404, 405), (path, given, answer.text)
        shares = (await client.get("/api/shares", params={"stream": STREAM})).json()["shares"]
        assert "active" in {one["state"] for one in shares}
    made = await share(server)
    for shown_text in (
        given or "x",
        f"lp_{given}_x",
        made["token"][:-1],
        made["token"] + "x",
        made["info"]["id"],
        made["token"].upper(),
    ):
        with contextlib.suppress(httpx.InvalidURL, UnicodeEncodeError):
            async with server.http(headers={"Authorization": f"Bearer {shown_text}"}) as client:
                assert (await client.post("/api/shares/open")).status_code == 401


async def test_an_operator_that_is_bound_shares_only_within_its_bounds(server: Server) -> None:
    theirs = await make(server, "/api/tokens", name="", roles=["operator"], streams=["producer:a*"], expires_in_seconds=600)
    elsewhere = await share(server)
    async with server.http(headers=bearer(theirs["token"])) as client:
        assert (await client.post("/api/shares", json={"stream": "producer:ada"})).status_code == 201
        assert (await client.post("/api/shares", json={"stream": "producer:bob"})).status_code == 403
        assert (await client.post("/api/shares", json={"stream": "producer:a*"})).status_code == 400
        assert (await client.post("/api/invites", json={"name": "ada"})).status_code == 201
        assert (await client.post("/api/invites", json={"name": "bob"})).status_code == 403
        assert {one["streams"][0] for one in (await client.get("/api/shares")).json()["shares"]} == {"producer:ada"}
        made = (await client.get("/api/shares", params={"mine": True})).json()["shares"]
        assert [(one["kind"], one["streams"]) for one in made] == [("invite", ["producer:ada"]), ("share", ["producer:ada"])]
        assert (await client.delete(f"/api/shares/{made[0]['id']}")).status_code == 204
        assert [one["state"] for one in (await client.get("/api/shares?mine=true")).json()["shares"]] == ["revoked", "active"]
        assert (await client.get("/api/shares", params={"stream": "producer:bob"})).status_code == 403
        hidden = await client.delete(f"/api/shares/{elsewhere['info']['id']}")
        missing = await client.delete("/api/shares/zzzzzzzzzzzz")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.json()["detail"].replace(elsewhere["info"]["id"], "_") == missing.json()["detail"].replace(
            "zzzzzzzzzzzz", "_"
        )
        assert (await client.put("/api/layouts/x", json={"wall": {}})).status_code == 403
    async with server.http(headers=server.admin) as client:
        theirs_too = {one["id"] for one in made} & {
            one["id"] for one in (await client.get("/api/shares?mine=true")).json()["shares"]
        }
        assert theirs_too == set()  # what somebody else has made is not the admin's own


@pytest.mark.parametrize(
    "wish",
    [
        {"stream": "page:*"},
        {"stream": "nonsense"},
        {"stream": "page:a/b"},
        {"stream": ""},
        {"stream": STREAM, "expires_in_seconds": 59},
        {"stream": STREAM, "expires_in_seconds": 604801},
        {"stream": STREAM, "uses": 0},
        {"stream": STREAM, "name": "a\nb"},
        {"stream": STREAM, "name": "x" * 81},
        {"stream": STREAM, "name": "a\u2028b"},
        {},
    ],
)
async def test_a_wish_that_cannot_be_met_is_refused_by_name(server: Server, wish: dict[str, Any]) -> None:
    async with server.http(headers=server.admin) as client:
        answer = await client.post("/api/shares", json=wish)
    assert answer.status_code == 400
    assert answer.json()["detail"]


async def test_the_link_leads_where_the_operator_is_and_keeps_its_token_from_every_server(server: Server) -> None:
    made = await share(server)
    assert made["url"] == f"{server.url}/view/{STREAM}#token={made['token']}"
    other = f"localhost:{server.port}"
    async with server.http(headers={**server.admin, "Host": other}) as client:
        url = (await client.post("/api/shares", json={"stream": STREAM})).json()["url"]
    assert urlsplit(url).netloc == other


async def test_every_use_counts_and_reconnecting_costs_none(server: Server) -> None:
    made = await share(server, uses=2)
    async with shown(server), server.http(headers=bearer(made["token"])) as client:
        opened = (await client.post("/api/shares/open")).json()
        assert opened["stream"] == STREAM
        assert opened["expires_at"] == made["info"]["expires_at"]
        for _ in range(3):
            async with socket(server, "/ws/viewer?name=shown", additional_headers=bearer(opened["session"])) as watching:
                await binary(watching)
        assert (await client.get("/healthz")).status_code == 200  # what everybody may load costs nothing
        assert (await client.get("/api/session")).status_code == 200
        assert (await client.get(f"/streams/{STREAM}.jpg")).status_code == 200  # the second use
        for path in (f"/streams/{STREAM}.jpg", "/api/session", "/api/streams"):
            assert (await client.get(path)).status_code == 401
        async with socket(server, "/ws/viewer?name=shown", additional_headers=bearer(made["token"])) as refused:
            assert (await closed(refused))[0] == 4401
        async with socket(server, "/ws/viewer?name=shown", additional_headers=bearer(opened["session"])) as watching:
            await binary(watching)
            async with server.http(headers=server.admin) as admin:
                listed = (await admin.get("/api/shares", params={"stream": STREAM})).json()["shares"]
                info = next(one for one in listed if one["id"] == made["info"]["id"])
                assert (info["uses"], info["max_uses"], info["state"]) == (2, 2, "used up")
                assert (await admin.delete(f"/api/shares/{info['id']}")).status_code == 204
            assert (await closed(watching))[0] == 4401  # the session dies with its link


async def test_two_people_cannot_share_the_last_use(server: Server) -> None:
    picture = f"/streams/{STREAM}.jpg"
    async with shown(server):
        for call in (("POST", "/api/shares/open"), ("GET", picture), ("GET", picture.replace(".jpg", ".mjpeg"))):
            made = await share(server, uses=3)
            async with server.http(headers=bearer(made["token"])) as client, asyncio.TaskGroup() as group:
                asked = [group.create_task(status(client, *call)) for _ in range(12)]
            assert sorted(task.result() for task in asked) == [200] * 3 + [401] * 9, call


async def status(client: httpx.AsyncClient, method: str, path: str) -> int:
    """What the first line of an answer says, however long the answer is."""
    async with client.stream(method, path) as answer:
        return answer.status_code


async def test_what_is_refused_costs_no_use(server: Server) -> None:
    made = await share(server, uses=1)
    live = f"/ws/viewer?name={STREAM}"
    async with shown(server), server.http(headers=bearer(made["token"])) as client:
        for method, path, answered in [
            ("GET", f"/streams/{OTHER}.jpg", 403),
            ("GET", f"/streams/{STREAM}.jpg?quality=1000", 400),
            ("HEAD", f"/streams/{STREAM}.jpg", 405),  # what previews links asks so
            ("HEAD", f"/latest?stream={STREAM}", 200),
            ("HEAD", f"/view/{STREAM}", 405),
            ("POST", f"/streams/{STREAM}.jpg", 405),
            ("GET", "/api/shares/open", 403),
            ("GET", f"/api/streams/{OTHER}", 403),
            ("GET", "/api/tokens", 403),
            ("GET", "/not-there", 404),
        ]:
            assert await status(client, method, path) == answered, (method, path)
        for path in ("/ws/viewer?name=other", f"/stream/{OTHER}", "/stream/0?fps=1000", "/ws/screenshots/1", "/ws/producer"):
            async with socket(server, path, additional_headers=bearer(made["token"])) as refused:
                assert (await closed(refused))[0] in (4400, 4403), path
        async with socket(server, live, additional_headers=bearer(made["token"])) as watching:
            await binary(watching)
        assert await status(client, "GET", f"/streams/{STREAM}.jpg") == 401


async def test_every_way_to_watch_costs_one_use(server: Server) -> None:
    job = "job:123456789"
    async with shown(server), server.http() as client:
        for path in (f"/streams/{STREAM}.jpg", f"/streams/{STREAM}.mjpeg", f"/latest?stream={STREAM}", "/api/streams"):
            made = await share(server, uses=1)
            said = [await status(client, "GET", f"{path}{'&' if '?' in path else '?'}token={made['token']}") for _ in range(2)]
            assert said == [200, 401], path
        for path in (f"/ws/viewer?name={STREAM}", f"/stream/{STREAM}", "/api/live"):
            made = await share(server, uses=1)
            async with socket(server, path, additional_headers=bearer(made["token"])) as watching:
                await watching.recv()
            async with socket(server, path, additional_headers=bearer(made["token"])) as refused:
                assert (await closed(refused))[0] == 4401, path
        made = await share(server, uses=1, stream=job)
        for _ in range(2):  # there is no such job, so nothing was shown
            async with socket(server, "/ws/screenshots/123456789", additional_headers=bearer(made["token"])) as missing:
                assert (await closed(missing))[0] == 4404


async def test_only_a_share_link_can_be_opened(server: Server) -> None:
    token = await make(server, "/api/tokens", name="", roles=["viewer"], streams=[STREAM], expires_in_seconds=60)
    async with server.http() as client:
        assert (await client.post("/api/shares/open")).status_code == 401
        assert (await client.post("/api/shares/open", headers=bearer(token["token"]))).status_code == 403
        assert (await client.post("/api/shares/open", headers=server.admin)).status_code == 403


async def test_a_ticket_works_once_and_allows_what_its_owner_may(server: Server) -> None:
    made = await share(server)
    async with shown(server), server.http(headers=bearer(made["token"])) as client:
        ticket = (await client.post("/api/tickets")).json()["ticket"]
        async with socket(server, f"/ws/viewer?name=shown&ticket={ticket}") as watching:
            await binary(watching)
        async with socket(server, f"/ws/viewer?name=shown&ticket={ticket}") as again:
            assert (await closed(again))[0] == 4401
        ticket = (await client.post("/api/tickets")).json()["ticket"]
        async with socket(server, f"/ws/viewer?name=other&ticket={ticket}") as other:
            assert (await closed(other))[0] == 4403
    async with server.http() as nobody:
        assert (await nobody.post("/api/tickets")).status_code == 401
        assert (await nobody.get("/api/streams", params={"ticket": "made-up"})).status_code == 401


async def test_a_page_of_another_site_may_show_the_stream_and_do_nothing_else(server: Server) -> None:
    made = await make(server, "/api/tokens", name="", roles=["operator"], streams=[STREAM], expires_in_seconds=600)
    async with shown(server), server.http(headers={"Origin": EVIL}) as client:
        picture = await client.get(f"/streams/{STREAM}.jpg", headers=bearer(made["token"]))
        assert picture.status_code == 200
        assert picture.headers["access-control-allow-origin"] == EVIL
        assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "origin" in picture.headers["vary"].lower()
        assert "access-control-allow-credentials" not in picture.headers
        asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
        preflight = await client.options(f"/streams/{STREAM}.jpg", headers=asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == EVIL
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        post = asked | {"Access-Control-Request-Method": "POST"}  # of one path, what is asked before a POST and before a DELETE
        assert (await client.options("/api/shares/open", headers=post)).status_code == 204
        assert (
            await client.options("/api/shares/open", headers=post | {"Access-Control-Request-Method": "DELETE"})
        ).status_code == 403
        for path in ("/api/tokens", "/api/layouts", "/api/session", "/api/pages/x"):
            asked_in_vain = await client.options(path, headers=asked)
            assert (asked_in_vain.status_code, "access-control-allow-origin" in asked_in_vain.headers) == (403, False)
        ticket = await client.post("/api/tickets", headers=bearer(made["token"]))
        async with socket(server, f"/ws/viewer?name=shown&ticket={ticket.json()['ticket']}", origin=EVIL) as watching:
            await binary(watching)
        # An operator's token, but not from there.
        refused = await statuses(server, made["token"], REFUSED, Origin=EVIL)
        assert refused == dict.fromkeys(REFUSED, 403)
        assert (await client.get(f"/streams/{OTHER}.jpg")).status_code == 403
        assert (await client.get(f"/streams/{STREAM}.jpg")).status_code == 403
    for how in ({"origin": EVIL}, {"origin": EVIL, "additional_headers": server.admin}):
        with pytest.raises(Exception, match="403"):
            async with socket(server, "/ws/viewer?name=shown", **how):
                pass


async def test_tokens_are_listed_without_their_secrets_and_sessions_only_when_asked(server: Server) -> None:
    made = await share(server, name="<b>for Ada</b>", uses=1)
    async with server.http(headers=bearer(made["token"])) as client:
        await client.post("/api/shares/open")
    async with server.http(headers=server.admin) as client:
        plain, whole = await client.get("/api/tokens"), await client.get("/api/tokens", params={"sessions": "true"})
    assert "lp_" not in plain.text + whole.text
    assert {"session"} == {one["kind"] for one in whole.json()["tokens"]} - {one["kind"] for one in plain.json()["tokens"]}
    listed = next(one for one in plain.json()["tokens"] if one["id"] == made["info"]["id"])
    assert (listed["name"], listed["kind"], listed["roles"], listed["streams"]) == (
        "<b>for Ada</b>",
        "share",
        ["viewer"],
        [STREAM],
    )


def test_a_token_s_text_says_nothing_of_its_secret() -> None:
    texts = [token_row("viewer")[0] for _ in range(100)]
    assert len({text[16:] for text in texts}) == 100
    assert {len(text) for text in texts} == {59}
