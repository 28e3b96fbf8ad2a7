"""What is written down can be read again, whatever it was: the rest is refused before it is written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.serving import Server

HALF = '"\\ud800"'  # half a character, as JSON may spell it and UTF-8 may not


@pytest.mark.parametrize(("depth", "status"), [(40, 200), (60, 400), (300, 400), (900, 400), (20_000, 400)])
async def test_a_wall_that_is_nested_without_end_is_refused_and_not_kept(server: Server, depth: int, status: int) -> None:
    body = '{"wall":' + '{"a":[' * (depth // 2) + "]}" * (depth // 2) + "}"
    async with server.http(headers=server.admin) as client:
        answer = await client.put(f"/api/layouts/deep-{depth}", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == status
        assert (await client.get(f"/api/layouts/deep-{depth}")).status_code == (200 if status == 200 else 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/tokens", f'{{"roles": ["viewer"], "streams": ["page:*", {HALF}], "expires_in_seconds": 60}}'),
        ("/api/tokens", '{"roles": ["viewer"], "streams": ["page:\\ud800"], "expires_in_seconds": 60}'),
        ("/api/tokens", f'{{"roles": ["viewer"], "name": {HALF}, "expires_in_seconds": 60}}'),
        ("/api/shares", '{"stream": "page:\\ud800"}'),
        ("/api/invites", f'{{"name": {HALF}}}'),
        ("/api/invites", '{"name": "turned \\u202e around"}'),
        ("/api/invites", '{"name": "two\\u2028lines"}'),
        ("/api/invites", '{"name": "\\u2800"}'),
    ],
)
async def test_a_name_that_cannot_be_written_or_looks_like_another_is_refused_and_the_list_stays_readable(
    server: Server, path: str, body: str
) -> None:
    async with server.http(headers=server.admin) as client:
        before = await ids(client)
        answer = await client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
        assert await ids(client) == before


async def ids(client: Any) -> set[str]:
    """Of every credential that is listed."""
    answer = await client.get("/api/tokens")
    assert answer.status_code == 200
    return {one["id"] for one in answer.json()["tokens"]}


async def test_a_slash_too_many_sends_no_token_around_once_more(server: Server) -> None:
    async with server.http() as client:
        answer = await client.get("/signin/", params={"token": server.token})
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_a_layout_that_somebody_else_has_changed_is_not_overwritten_without_a_word(server: Server) -> None:
    path, mine, theirs = "/api/layouts/Night%20shift", {"wall": {"tiles": "small"}}, {"wall": {"tiles": "large"}}
    async with server.http(headers=server.admin) as client:
        read = (await client.put(path, json=mine)).headers["etag"]
        assert (await client.get(path)).headers["etag"] == read == f'"{(await client.get(path)).json()["version"]}"'
        known = {"If-Match": read}
        answers = await asyncio.gather(*(client.put(path, json={"wall": {"by": by}}, headers=known) for by in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
        refused = await client.put(path, json=mine, headers={"If-Match": read})
        assert (refused.status_code, refused.json()["code"]) == (412, "outdated")
        assert "changed by somebody else" in refused.json()["detail"]
        now = next(answer for answer in answers if answer.status_code == 200)
        assert (await client.get(path)).json()["wall"] == now.json()["wall"]
        for several in (f'"other", {now.headers["etag"]}', "*", None):
            headers = {} if several is None else {"If-Match": several}
            assert (await client.put(path, json=now.json(), headers=headers)).status_code == 200, several
        assert (await client.put(path, json=theirs)).status_code == 200  # who names no version overwrites, as ever
        assert (await client.delete(path)).status_code == 204
        assert "was deleted" in (await client.put(path, json=mine, headers={"If-Match": read})).json()["detail"]
        assert (await client.get(path)).status_code == 404
