"""Jobs over HTTP: from the wish to the results, and everything in between."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.integration.jobs_api.asking import add, events, following, job, until_state
from tests.serving import Server


async def test_a_job_is_accepted_followed_and_its_results_come_in_three_forms(server: Server) -> None:
    async with server.http() as client:
        (number,) = await add(client, "counting", "acme.example", options={"to": 5, "text": "=1+1"}, priority=3)
        told = [json.loads(event.data) for event in await events(client, f"/api/jobs/{number}/events")]
        kinds = [one["kind"] for one in told]
        assert (kinds[:2], kinds[-1], kinds.count("item")) == (["queued", "started"], "finished", 5)
        assert "action" in kinds
        assert [one["id"] for one in told] == sorted({one["id"] for one in told})
        assert {one["job"] for one in told} == {number}

        done = await job(client, number)
        assert (done["state"], done["items"], done["stream"], done["priority"]) == ("succeeded", 5, f"job:{number}", 3)
        assert (done["error"], done["summary"]["counted"], done["cancel_requested"]) == (None, 5, False)
        assert done["created_at"] <= done["started_at"] <= done["finished_at"]

        items = (await client.get(f"/api/jobs/{number}/items")).json()
        assert (items["next"], [one["number"] for one in items["items"]]) == (None, [0, 1, 2, 3, 4])
        lines = await client.get(f"/api/jobs/{number}/items?format=jsonl")
        assert [json.loads(line) for line in lines.text.splitlines()] == items["items"]
        assert f'filename="job-{number}.jsonl"' in lines.headers["content-disposition"]
        assert (await client.get(f"/api/jobs/{number}/items?download=true")).json() == items["items"]
        table = await client.get(f"/api/jobs/{number}/items?format=csv")
        rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
        assert list(rows[0]) == ["number", "title", "signals", "formula"]
        assert rows[4] == {"number": "4", "title": "acme.example 4", "signals": "a; b", "formula": "'=1+1"}


async def test_results_come_page_by_page_and_none_is_lost_or_told_twice(server: Server) -> None:
    async with server.http() as client:
        (number,) = await add(client, "counting", "x", options={"to": 1100})
        await until_state(client, number, "succeeded")
        seen: list[int] = []
        after: int | None = 0
        while after is not None:
            page = (await client.get(f"/api/jobs/{number}/items", params={"after": after, "limit": 400})).json()
            seen += [one["number"] for one in page["items"]]
            after = page["next"]
        assert seen == list(range(1100))
        for form in ("jsonl", "csv"):
            text = (await client.get(f"/api/jobs/{number}/items?format={form}")).text
            assert len(text.splitlines()) == 1100 + (form == "csv")


async def test_what_failed_says_why_and_another_try_begins_anew(server: Server) -> None:
    async with server.http() as client:
        numbers = await add(client, "failing", "blocked", "bug", "nonsense", max_attempts=1)
        ended = [await until_state(client, number, "failed") for number in numbers]
        assert [one["error"]["code"] for one in ended] == ["blocked", "failed", "bad_item"]
        assert ended[0]["error"]["message"] == "they turn us away"
        again = await client.post(f"/api/jobs/{numbers[0]}/retry")
        assert (again.status_code, again.json()["error"]) == (200, None)
        await until_state(client, numbers[0], "failed")
        told = [json.loads(event.data) for event in await events(client, f"/api/jobs/{numbers[0]}/events")]
        assert [one["kind"] for one in told].count("started") == 2
        assert len((await client.get(f"/api/jobs/{numbers[0]}/items")).json()["items"]) == 1


async def test_a_running_job_is_cancelled_keeps_what_it_had_and_can_be_deleted_then(server: Server) -> None:
    async with server.http() as client:
        (number,) = await add(client, "waiting", "x")
        await events(client, f"/api/jobs/{number}/events", lambda told: told["kind"] == "item")
        for method, path, headers in (
            ("POST", f"/api/jobs/{number}/retry", {}),
            ("DELETE", f"/api/jobs/{number}", server.admin),
        ):
            refused = await client.request(method, path, headers=headers)
            assert (refused.status_code, "running" in refused.json()["error"]) == (409, True)
        assert (await client.post(f"/api/jobs/{number}/cancel")).status_code == 200
        ended = await until_state(client, number, "cancelled")
        assert (ended["cancel_requested"], ended["items"]) == (False, 1)
        assert (await client.post(f"/api/jobs/{number}/cancel")).json()["state"] == "cancelled"
        assert (await client.delete(f"/api/jobs/{number}")).status_code == 401  # deleting is an operator's
        async with following(client, "/api/jobs/events") as told:
            assert (await client.delete(f"/api/jobs/{number}", headers=server.admin)).status_code == 204
            gone = [event async for event in _first(told, "deleted")]
        assert json.loads(gone[0].data) == {"id": number}
        for path in ("", "/items", "/events"):
            assert (await client.get(f"/api/jobs/{number}{path}")).status_code == 404


async def test_jobs_are_listed_the_newest_first_and_filtered(server: Server) -> None:
    async with server.http() as client:
        first = await add(client, "counting", "needle.example", "hay.example", group="list-a")
        second = await add(client, "failing", "needle.example", group="list-b", max_attempts=1)
        for number in [*first, *second]:
            await until_state(client, number, "succeeded", "failed")

        async def ids(query: str) -> list[int]:
            answer = await client.get(f"/api/jobs?{query}")
            assert answer.status_code == 200, answer.text
            return [one["id"] for one in answer.json()["jobs"]]

        assert await ids("group=list-a") == first[::-1]
        assert await ids("q=needle&limit=2") == [second[0], first[0]]
        assert await ids(f"group=list-a&before={first[1]}") == [first[0]]
        assert await ids("group=list-b&state=failed&state=queued") == second
        assert await ids("group=list-b&kind=counting") == []
        counts = (await client.get("/api/jobs?limit=1")).json()["counts"]
        assert counts["succeeded"] >= 2
        assert counts["failed"] >= 1


async def test_a_follower_that_comes_back_goes_on_where_it_was(server: Server) -> None:
    async with server.http() as client:
        (number,) = await add(client, "counting", "x", options={"to": 4}, group="resumed")
        path = f"/api/jobs/{number}/events"
        whole = await events(client, path)
        for source in (path, "/api/jobs/events?group=resumed"):
            for seen in (1, 3):
                rest = await events(client, source, seen=whole[seen].id)
                assert [event.id for event in rest] == [event.id for event in whole[seen + 1 :]]
            over = await client.get(source, headers={"Last-Event-ID": whole[-1].id})
            assert (over.status_code, over.content) == (204, b"")  # nothing more: an EventSource stays away
            strange = await events(client, source, seen=str(10**12))  # of a data folder that there was before
            assert [event.id for event in strange] == [event.id for event in whole]
        assert [event.id for event in await events(client, f"{path}?after={whole[2].id}")] == [one.id for one in whole[3:]]
        told = await events(client, "/api/jobs/events", lambda one: one.get("id") == number, seen=whole[1].id)
        assert json.loads(told[-1].data)["state"] == "succeeded"  # it ended while we were away


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"kind": "job_posting", "target": "x"}, ["'job_posting'", "counting", "job_postings"]),
        ({"kind": "counting"}, ["target"]),
        ({"kind": "counting", "target": "x", "targets": ["y"]}, ["target or targets"]),
        ({"kind": "counting", "target": " "}, ["target = ' '", "empty"]),
        ({"kind": "counting", "target": "a\u0000b"}, ["control"]),
        ({"kind": "counting", "target": "x" * 2049}, ["2,049", "2,048"]),
        ({"kind": "counting", "targets": []}, ["1 to 1,000"]),
        ({"kind": "counting", "targets": ["x"] * 10_000}, ["10,000", "1,000", "LIVEPANE_MAX_TARGETS"]),
        ({"kind": "counting", "targets": ["x", 5]}, ["targets.1", "5"]),
        ({"kind": "counting", "target": "x", "priority": 11}, ["priority = 11", "-10", "10"]),
        ({"kind": "counting", "target": "x", "max_attempts": 0}, ["max_attempts", "1", "20"]),
        ({"kind": "counting", "target": "x", "options": {"to": "many"}}, ["options.to", "many", "integer"]),
        ({"kind": "counting", "target": "x", "options": {"too": 1}}, ["'too'", "text, to"]),
        ({"kind": "media_download", "target": "notaurl"}, ["notaurl", "is no address of a page", "https://example.org/pictures"]),
        ({"kind": "counting", "target": "x", "group": "a b"}, ["group", "a b"]),
        ({"kind": "counting", "target": "x", "prioritty": 1}, ["prioritty"]),
        ([], ["body"]),
    ],
)
async def test_a_wish_that_cannot_be_granted_is_named_and_nothing_is_queued(server: Server, wish: Any, named: list[str]) -> None:
    async with server.http() as client:
        before = (await client.get("/api/jobs?limit=1")).json()["jobs"][:1]
        answer = await client.post("/api/jobs", json=wish)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert [word for word in named if word not in answer.json()["error"]] == []
        assert [one["id"] for one in (await client.get("/api/jobs?limit=1")).json()["jobs"]] == [one["id"] for one in before]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/jobs/999999999", None, 404),
        ("GET", "/api/jobs/9223372036854775808", None, 400),
        ("GET", "/api/jobs/-1", None, 400),
        ("GET", "/api/jobs/x/items", None, 400),
        ("GET", "/api/jobs?state=exploded", None, 400),
        ("GET", "/api/jobs?limit=100000", None, 400),
        ("GET", "/api/jobs?before=99999999999999999999", None, 400),
        ("GET", "/api/jobs/events?group=nobody", None, 404),
        ("GET", "/api/jobs/events?after=-1", None, 400),
        ("PATCH", "/api/jobs/999999999", {"priority": 5}, 404),
        ("PATCH", "/api/jobs/999999999", {"priority": 50}, 400),
        ("PATCH", "/api/jobs/999999999", {"state": "succeeded"}, 400),
        ("POST", "/api/jobs/999999999/cancel", None, 404),
        ("POST", "/api/jobs/999999999/explode", None, 404),
        ("POST", "/api/jobs", "[" * 100_000, 400),
        ("POST", "/api/jobs", '{"kind": "counting", "target": "x", "options": ' + '{"a":' * 50_000 + "1" + "}" * 50_001, 400),
        ("POST", "/api/jobs", '{"kind": "counting", "target": "x", "options": {"to": NaN}}', 400),
        ("POST", "/api/jobs", '{"kind": "counting", "target": "\\ud800"}', 400),
        ("POST", "/api/jobs", '{"kind": "counting", "target": "x", "options": {"text": "\\ud800"}}', 400),
        ("POST", "/api/jobs", "x" * (2**20 + 1), 413),
    ],
)
async def test_hostile_requests_are_refused_in_words(server: Server, method: str, path: str, body: Any, status: int) -> None:
    async with server.http() as client:
        sent = {"content": body} if isinstance(body, str) else {"json": body} if body is not None else {}
        headers = {"Content-Type": "application/json"} if isinstance(body, str) else {}
        answer = await client.request(method, path, headers=headers, **sent)
        assert (answer.status_code, isinstance(answer.json()["error"], str)) == (status, True), answer.text[:300]
    assert "Traceback" not in server.logged()


@pytest.mark.parametrize("last", ["x", "-1", "1e3", "٣", "9" * 30])
async def test_a_last_event_id_that_is_none_of_ours_is_refused(server: Server, last: str) -> None:
    async with server.http() as client:
        answer = await client.get("/api/jobs/events", headers={b"Last-Event-ID": last.encode()})
        assert (answer.status_code, "Last-Event-ID" in answer.json()["error"]) == (400, True)


async def test_settings_take_effect_at_once_and_changing_them_needs_a_token(server: Server) -> None:
    async with server.http() as client:
        before = (await client.get("/api/settings")).json()
        assert before["live_screenshots"] == {
            "enabled": True,
            "quality": 60,
            "frame_rate": 0.5,
            "auto_enable": False,
            "highlight": True,
        }
        assert before["politeness"]["respect_robots"] is True
        wish = {"jobs": {"concurrency": 1}}
        assert (await client.put("/api/settings", json=wish)).status_code == 401
        for wrong, word in (({"jobs": {"concurrency": 0}}, "256"), ({"politeness": {"respect_robots": False}}, "respect_robots")):
            refused = await client.put("/api/settings", json=wrong, headers=server.admin)
            assert (refused.status_code, word in refused.json()["error"]) == (400, True)
        assert (await client.get("/api/settings")).json() == before
        try:
            changed = await client.put("/api/settings", json=wish, headers=server.admin)
            assert changed.json() == before | {"jobs": before["jobs"] | wish["jobs"]}
            holding, waiting = await add(client, "waiting", "x", "y")
            await until_state(client, holding, "running")
            (later,) = await add(client, "counting", "z", priority=10)
            assert [(await job(client, one))["state"] for one in (waiting, later)] == ["queued", "queued"]
            await client.post(f"/api/jobs/{holding}/cancel")
            await until_state(client, later, "succeeded")  # before the one that has waited longer: its priority is higher
        finally:
            await client.put("/api/settings", json=before | {"politeness": {}}, headers=server.admin)
        await until_state(client, waiting, "running")
        await client.post(f"/api/jobs/{waiting}/cancel")
        await until_state(client, waiting, "cancelled")


async def _first(told: Any, kind: str) -> Any:
    async for event in told:
        if event.kind == kind:
            yield event
            return
