"""Signing a browser in and out: the cookie, what it is worth from where, wrong tokens, and cookies of another time."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie

import httpx
import pytest

from livepane.wire import messages
from tests.contract.clients import closed, socket
from tests.integration.server.test_what_ends import bearer, make, share
from tests.patience import PATIENCE
from tests.serving import Server, StartServer

DAYS = 86400


def cookie_of(answer: httpx.Response) -> tuple[str, str, dict[str, str]]:
    """Name, value and attributes of the one cookie that an answer sets."""
    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    return morsel.key, morsel.value, {name: str(value) for name, value in morsel.items() if value}


async def test_the_cookie_is_for_this_browser_and_this_server_alone(server: Server) -> None:
    async with server.http() as client:
        answer = await client.post("/api/session", json={"token": server.token})
        name, value, attributes = cookie_of(answer)
        assert attributes.pop("max-age") in {str(30 * DAYS), str(30 * DAYS - 1)}
        assert attributes == {"path": "/", "httponly": "True", "samesite": "strict"}
        assert answer.json()["signed_in"] is True
        assert "admin" in answer.json()["roles"]
        again = cookie_of(await client.post("/api/session", json={"token": server.token}))
        assert (again[0], again[1] == value) == (name, False)  # random: two browsers have nothing in common
    async with server.http() as client:  # a cookie is no token, and a token no cookie
        assert (await client.get("/api/tokens", headers=bearer(value))).status_code == 401
        assert (await client.get("/api/tokens", params={"token": value})).status_code == 401
        jar = {"Cookie": f"{name}={server.token}", "Origin": server.url}
        assert (await client.get("/api/session", headers=jar)).json()["signed_in"] is False


async def test_a_cookie_counts_for_our_own_pages_only(server: Server) -> None:
    async with server.http() as client:
        name, value, _ = cookie_of(await client.get("/signin", params={"token": server.token}))
    cookie = {"Cookie": f"{name}={value}"}
    async with server.http(headers=cookie) as client:
        worth = {}
        for case, headers in {
            "our page": {"Origin": server.url},
            "address bar": {"Sec-Fetch-Site": "none"},
            "our picture": {"Sec-Fetch-Site": "same-origin"},
            "another port": {"Origin": "http://localhost:3000"},
            "its picture": {"Sec-Fetch-Site": "same-site"},
            "no browser": {},
        }.items():
            worth[case] = (await client.get("/api/session", headers=headers)).json()["signed_in"]
        assert worth == {
            "our page": True,
            "address bar": True,
            "our picture": True,
            "another port": False,
            "its picture": False,
            "no browser": False,
        }
        written = await client.post("/api/tokens", json={"roles": ["admin"], "expires_in_seconds": 1})
        assert written.status_code == 401  # no Origin: a form of another page could have sent it
    async with socket(server, "/api/live", messages.VIEWER_SUBPROTOCOL, additional_headers=cookie, origin=server.url) as live:
        await live.recv()


async def test_a_session_never_outlives_the_token_that_signed_in(server: Server) -> None:
    made = await make(server, "/api/tokens", name="short", roles=["viewer"], expires_in_seconds=600)
    async with server.http(headers={"Origin": server.url}) as client:
        answer = await client.post("/api/session", json={"token": made["token"]})
        assert int(cookie_of(answer)[2]["max-age"]) <= 600
        assert answer.json()["expires_at"] == made["info"]["expires_at"]
        assert (answer.json()["name"], answer.json()["roles"]) == ("short", ["viewer"])


async def test_a_share_link_signs_in_for_its_stream_alone_and_that_counts(server: Server) -> None:
    made = await share(server, uses=1)
    async with server.http(headers={"Origin": server.url}) as client:
        assert (await client.post("/api/session", json={"token": made["token"]})).status_code == 200
        assert (await client.get("/api/layouts")).status_code == 403
        assert (await client.get("/api/streams")).status_code == 200
        assert (await client.post("/api/session", json={"token": made["token"]})).status_code == 401


async def test_the_page_to_sign_in_at(server: Server) -> None:
    async with server.http() as client:
        page = await client.get("/signin")
        assert (page.status_code, "set-cookie" in page.headers) == (200, False)
        right = await client.get("/signin", params={"token": server.token})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        made = await make(server, "/api/tokens", name="", roles=["viewer"], expires_in_seconds=60)
        assert (await client.delete(f"/api/tokens/{made['info']['id']}", headers=server.admin)).status_code == 204
        for token in ("wrong", made["token"]):
            wrong = await client.get("/signin", params={"token": token})
            assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
            assert wrong.text == page.text


async def test_wrong_tokens_are_counted_and_hold_off_wrong_ones_only(start_server: StartServer) -> None:
    one = start_server(LIVEPANE_SIGNIN_PER_MINUTE="3", LIVEPANE_LOG_FORMAT="json")
    async with one.http() as client:
        tries = [await client.post("/api/session", json={"token": "wrong"}) for _ in range(2)]
        tries.append(await client.get("/signin", params={"token": "wrong"}))
        assert [answer.status_code for answer in tries] == [401, 401, 401]
        forged = {"X-Forwarded-For": "192.0.2.9"}  # what anybody can write does not count
        held_off = await client.post("/api/session", json={"token": "wrong"}, headers=forged)
        shown = await client.get("/signin", params={"token": "wrong"})
        for answer in (held_off, shown):
            assert answer.status_code == 429
            assert 0 < int(answer.headers["retry-after"]) <= 60
            assert "set-cookie" not in answer.headers
        assert shown.text == tries[-1].text  # a browser gets the page to sign in at
        assert (await client.post("/api/session", json={"token": one.token})).status_code == 200
        assert (await client.get("/signin", params={"token": one.token})).status_code == 303
        made = await make(one, "/api/tokens", name="Ada", roles=["viewer"], expires_in_seconds=60)
        number = made["info"]["id"]
        assert (await client.delete(f"/api/tokens/{number}", headers=one.admin)).status_code == 204
        assert (await client.get("/api/streams", headers=bearer(made["token"]))).status_code == 401
    assert one.stop() == 0
    lines = [json.loads(line) for line in one.logged().splitlines()]
    told = [(line["event"], line["token_id"], line["called"], line["by"]) for line in lines if "event" in line]
    admin = "admin token of the first start"
    assert told == [
        *[("refused", None, "", None)] * 5,
        ("signed in", "admin", admin, None),
        ("signed in", "admin", admin, "admin"),  # what an address shows has been shown already
        ("created", number, "Ada", "admin"),
        ("revoked", number, "Ada", "admin"),
    ]
    asked = [line for line in lines if line.get("path") == "/api/session"]
    assert [(line["method"], line["status"], line["client"]) for line in asked] == [
        ("POST", status, "127.0.0.1") for status in (401, 401, 429, 200)
    ]
    (made_by,) = [line["token_id"] for line in lines if (line.get("path"), line.get("method")) == ("/api/tokens", "POST")]
    assert made_by == "admin"
    assert all(isinstance(line["ms"], int) for line in asked)


async def test_a_link_on_another_site_signs_nobody_in_without_asking(server: Server) -> None:
    made = await make(server, "/api/tokens", name="<b>Eve</b>", roles=["viewer"], expires_in_seconds=60)
    token = {"token": made["token"]}
    navigation = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with server.http(headers=navigation) as client:
        for site in ("cross-site", "same-site"):
            question = await client.get("/signin", headers={"Sec-Fetch-Site": site}, params=token)
            assert (question.status_code, "set-cookie" in question.headers) == (200, False)
            assert "&lt;b&gt;Eve" in question.text
            assert f'name="token" value="{made["token"]}"' in question.text
            assert "<script" not in question.text
            wrong = await client.get("/signin", params={"token": "wrong"}, headers={"Sec-Fetch-Site": site})
            assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
        for site in ("none", "same-origin"):  # the address that `livepane serve` printed; the button of the question
            signed_in = await client.get("/signin", headers={"Sec-Fetch-Site": site}, params=token)
            assert (signed_in.status_code, "set-cookie" in signed_in.headers) == (303, True)


async def test_what_was_sent_instead_of_a_token_is_named_and_not_said_again(server: Server) -> None:
    shapes = {
        "token: it is missing": {"tokenn": server.token},
        "token: Input should be a valid string": {"token": [server.token]},
        "token: String should have at most 1000 characters": {"token": server.token * 30},
        "the body: ": server.token,
    }
    async with server.http() as client:
        for said, body in shapes.items():
            answer = await client.post("/api/session", json=body)
            assert (answer.status_code, answer.json()["error"][: len(said)]) == (400, said)
            assert server.token not in answer.text
        broken = await client.post("/api/session", content=b'{"token" "x"}', headers={"Content-Type": "application/json"})
        assert broken.json()["error"] == "the body: it is no JSON: Expecting ':' delimiter"
        wish = {"roles": ["viewer"], "expires_in_seconds": 8_640_000_000}
        asked = await client.post("/api/tokens", json=wish, headers=server.admin)
        assert asked.json()["error"] == ("expires_in_seconds = 8640000000 is over 315,360,000: it must be from 1 to 315,360,000")


@pytest.mark.parametrize(
    "value", ["", "0" * 64, '"quoted"', "lp_aaaaaaaaaaaa_" + "A" * 43, "lp_aaaaaaaaaaaa", "%00", "é".encode().decode("latin-1")]
)
async def test_a_cookie_of_an_earlier_version_is_simply_not_known(server: Server, value: str) -> None:
    async with server.http() as client:
        name = cookie_of(await client.post("/api/session", json={"token": server.token}))[0]
    cookie = f"theme=dark; {name}={value}; livepane_00000000=old".encode("latin-1")
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        headers = [(b"cookie", cookie), (b"origin", server.url.encode())]
        session = await client.get("/api/session", headers=headers)
        assert (session.status_code, session.json()["signed_in"]) == (200, False)
        assert "viewer" in session.json()["roles"]
        assert (await client.get("/", headers=headers)).status_code in (200, 503)
        assert (await client.delete("/api/session", headers=headers)).status_code == 204


async def test_signing_out_without_having_signed_in_is_no_error(server: Server) -> None:
    async with server.http() as client:
        assert (await client.delete("/api/session")).status_code == 204


async def test_a_socket_by_a_dead_cookie_is_that_of_nobody(start_server: StartServer) -> None:
    one = start_server(LIVEPANE_AUTH="required")
    async with one.http(headers={"Origin": one.url}) as client:
        name, value, _ = cookie_of(await client.post("/api/session", json={"token": one.token}))
        assert (await client.delete("/api/session")).status_code == 204
    headers = {"Cookie": f"{name}={value}"}
    async with socket(one, "/api/live", messages.VIEWER_SUBPROTOCOL, additional_headers=headers, origin=one.url) as live:
        assert (await closed(live))[0] == 4401
