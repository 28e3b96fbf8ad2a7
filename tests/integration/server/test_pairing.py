"""A browser is let in by a code: who may make one, who may use it, what comes of it, and how that ends."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from livepane import __version__
from livepane.wire.messages import PRODUCER_SUBPROTOCOL
from tests.contract.clients import closed, say, socket, text
from tests.contract.test_publish import EXTENSION, push, refused
from tests.integration.server.test_what_ends import bearer
from tests.pictures import jpeg
from tests.serving import Server, StartServer


async def made(server: Server) -> dict[str, Any]:
    async with server.http(headers=server.admin) as client:
        answer = await client.post("/api/pairings")
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        assert found["expires_in_seconds"] == 600
        return found


async def use(server: Server, code: str, name: str = "laptop") -> httpx.Response:
    async with server.http(headers=EXTENSION) as client:
        return await client.post("/api/pair", json={"code": code, "name": name})


async def state(server: Server, pairing: str) -> dict[str, Any]:
    async with server.http(headers=server.admin) as client:
        found: dict[str, Any] = (await client.get(f"/api/pairings/{pairing}")).json()
        return found


async def test_a_code_becomes_a_token_for_the_panes_of_one_browser(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_AUTH="required", LIVEPANE_SIGNIN_PER_MINUTE="3")
    pairing = await made(server)
    assert await state(server, pairing["id"]) == {"state": "waiting", "name": None}
    answer = await use(server, pairing["code"].lower().replace("-", " "))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, EXTENSION["Origin"])
    paired = answer.json()
    assert (paired["streams"], paired["server"]) == (["tab:laptop*"], {"version": __version__})
    assert await state(server, pairing["id"]) == {"state": "paired", "name": "laptop"}
    refused(await use(server, pairing["code"]), 401)  # it works once

    async with server.http(headers=bearer(paired["token"]) | EXTENSION) as browser:
        session = (await browser.get("/api/session")).json()
        assert (session["roles"], session["streams"], session["version"]) == (["producer"], ["tab:laptop*"], __version__)
        assert (await push(browser, jpeg(1), source="laptop-1")).status_code == 200
        for other in ("desk-1", None):
            refused(await push(browser, jpeg(1), source=other), 403)
        refused(await browser.get("/latest"), 403)
        refused(await browser.post("/api/pairings"), 403)
        async with socket(server, "/ws/producer", PRODUCER_SUBPROTOCOL, additional_headers=bearer(paired["token"])) as shown:
            await say(shown, type="hello", kind="tab", name="laptop-2")
            assert (await text(shown, "welcome"))["stream"] == "tab:laptop-2"
            async with server.http(headers=server.admin) as admin:
                (row,) = [one for one in (await admin.get("/api/tokens")).json()["tokens"] if one["name"] == "laptop"]
                assert (row["kind"], row["roles"], row["streams"]) == ("invite", ["producer"], ["tab:laptop*"])
                assert (await admin.delete(f"/api/shares/{row['id']}")).status_code == 204
            assert (await closed(shown))[0] == 4401
        assert "revoked" in refused(await push(browser, jpeg(2), source="laptop-1"), 401)

    good = (await made(server))["code"]
    for _ in range(2):  # with the one above these are three in a minute
        refused(await use(server, "AAAA-AAAA"), 401)
    late = await use(server, good)
    refused(late, 429)
    assert 0 < int(late.headers["retry-after"]) <= 60


@pytest.mark.parametrize("name", ["", " ", "a*", "*", "a/b", "a\\b", "a\nb", "x" * 61, "a\u202eb", "<b>"])
async def test_a_name_that_would_open_more_than_its_own_panes_is_refused(server: Server, name: str) -> None:
    pairing = await made(server)
    refused(await use(server, pairing["code"], name), 400)
    assert (await state(server, pairing["id"]))["state"] == "waiting"  # and the code is still good


async def test_only_operators_make_codes_and_look_after_them(server: Server) -> None:
    pairing = await made(server)
    async with server.http() as nobody:
        refused(await nobody.post("/api/pairings"), 401)
        refused(await nobody.get(f"/api/pairings/{pairing['id']}"), 401)
        refused(
            await nobody.post("/api/pair", json={"code": pairing["code"], "name": "x"}, headers={"Origin": "http://evil.test"}),
            403,
        )
    async with server.http(headers=server.admin) as admin:
        refused(await admin.get("/api/pairings/nothing"), 404)
        refused(await admin.post("/api/pair", json={"code": pairing["code"]}), 400)
