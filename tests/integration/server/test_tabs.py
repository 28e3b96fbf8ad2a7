"""Tabs of a Chrome that runs already, through the server's routes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from livepane.media.image import Limits, receive
from tests.integration.test_tab_source import tabs_of, the_tab
from tests.integration.web import site
from tests.patience import PATIENCE
from tests.serving import Server


async def until_state(http: httpx.AsyncClient, stream: str, state: str) -> dict[str, object]:
    async with asyncio.timeout(PATIENCE):
        while True:
            found: dict[str, object] = (await http.get(f"/api/streams/{stream}")).json()
            if found["state"] == state:
                return found
            await asyncio.sleep(0.05)


async def test_a_tab_is_listed_photographed_attached_and_gone_when_it_closes(
    somebodys_chrome: str, start_server: Callable[..., Server]
) -> None:
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/red") as tabs:
            tab = await the_tab(tabs, "Red")
            server = start_server(LIVEPANE_CHROME_URL=tabs.endpoint)
            async with server.http() as http:
                listed = (await http.get("/api/chrome/tabs")).json()["tabs"]
                assert {"id": tab.id, "title": "Red", "url": f"{base}/red"} in listed
                shot = await http.get("/api/chrome/capture", params={"tabId": tab.id, "format": "png", "fullPage": "true"})
                assert shot.headers["content-type"] == "image/png"
                assert receive(shot.content, Limits(10**7, 10**8)).width == 900
                assert (await http.post("/api/tabs", json={"id": tab.id})).status_code == 401
                opened = await http.post("/api/tabs", json={"id": tab.id}, headers=server.admin)
                assert opened.status_code == 201
                stream = opened.json()["stream"]
                assert stream == f"tab:{tab.id}"
                assert (await http.get(f"/streams/{stream}.jpg")).status_code == 200
                again = await http.post("/api/tabs", json={"id": tab.id}, headers=server.admin)
                assert again.json()["stream"] == stream
                unknown = await http.post("/api/tabs", json={"id": "nope"}, headers=server.admin)
                assert unknown.status_code == 404
                assert "nope" in unknown.json()["detail"]
                source = await tabs.attach(tab.id)
                await source.session.send("Page.close")
                assert (await until_state(http, stream, "gone"))["reason"]
