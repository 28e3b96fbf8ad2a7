"""Scrapes, as existing clients ask for them: every company as it completes, in the client's own words."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from livepane.wire import sse
from tests.boards import World, boards
from tests.patience import PATIENCE
from tests.serving import Server, serving

Result = dict[str, Any]
# A job has at least these; the last is there when its board knows it.
FIELDS = {
    *("company", "title", "url", "summary", "location", "role", "score", "signals", "location_type", "is_contract"),
    *("department", "seniority", "employment_type", "timestamp", "source_page", "extraction_source"),
}
ANSWERS = re.compile(rb"(?:data: \{[^\n]*\}\n\n|: [^\n]*\n\n)*")  # and nothing else, ever


class Silent:
    """A site that takes every connection and never says a word: a job that asks it runs until somebody ends it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self._held.append(self._socket.accept()[0])

    def close(self) -> None:
        """Hang up on everybody."""
        self._socket.close()
        for one in self._held:
            one.close()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Companies of every kind, served on this machine."""
    with boards() as made:
        yield made


@pytest.fixture(scope="module")
def scraping(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for which those companies are the world; at `silent.example` nobody ever answers."""
    silent = Silent()
    addresses = f"{world.host_addresses},silent.example=127.0.0.1:{silent.port}"
    folder = tmp_path_factory.mktemp("scraping")
    changes = {"LIVEPANE_HOST_ADDRESSES": addresses, "LIVEPANE_CA_FILE": str(world.ca_file), "LIVEPANE_REQUEST_BURST": "50"}
    try:
        with serving(folder, **changes, LIVEPANE_REQUESTS_PER_SECOND="10") as one:
            yield one
    finally:
        silent.close()


@asynccontextmanager
async def scrape(
    client: httpx.AsyncClient, *domains: str, **wish: Any
) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[Result]]]:
    """A scrape under way; leaving the block is leaving."""
    async with (
        asyncio.timeout(PATIENCE),
        client.stream("POST", "/scrape/stream", json={"domains": list(domains), **wish}) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        decoder = sse.Decoder()

        async def results() -> AsyncIterator[Result]:
            async for chunk in answer.aiter_bytes():
                for event in decoder.feed(chunk):
                    yield json.loads(event.data)

        yield answer, results()


async def told_by(client: httpx.AsyncClient, group: str) -> list[dict[str, Any]]:
    """What the jobs of a scrape have told, from the beginning to the end."""
    told, decoder = [], sse.Decoder()
    async with asyncio.timeout(PATIENCE), client.stream("GET", "/api/jobs/events", params={"group": group}) as answer:
        async for chunk in answer.aiter_bytes():
            told += [json.loads(event.data) for event in decoder.feed(chunk)]
    return told


async def test_every_domain_answers_once_in_its_own_words_whatever_becomes_of_the_others(scraping: Server, world: World) -> None:
    good = ["https://anvilworks.example", "hammerhall.example/", "  quench.example", "HTTPS://Ironmoor.example/"]
    bad = {
        "keepout.example": "robots_disallowed",
        "forgedpapers.example": "tls",
        "gated.example": "blocked",
        "ofenbrot.example": "no_careers_page",
        "nowhere.invalid": "dns",
        "http://10.0.0.1/": "refused_target",
        "http://[::ffff:127.0.0.1]/": "refused_target",
        "ftp://anvilworks.example": "refused_target",
        "not a domain": "bad_target",
        "line\nbreak.example": "bad_target",
        "": "bad_target",
    }
    async with scraping.http() as client:
        wish = {"domains": [*good, *bad, "hollowforge.example", good[0], *bad]}
        answer = await client.post("/scrape/stream", json=wish)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert ANSWERS.fullmatch(answer.content)
    results = [json.loads(line[6:]) for line in answer.content.split(b"\n\n") if line.startswith(b"data: ")]
    by_domain = {one["domain"]: one for one in results}
    assert len(results) == len(by_domain) == len(good) + len(bad) + 1
    for domain, code in bad.items():
        assert (by_domain[domain]["status"], by_domain[domain]["jobs"]) == ("error", []), by_domain[domain]
        found, _, sentence = by_domain[domain]["error"].partition(": ")
        assert (found, bool(sentence)) == (code, True), by_domain[domain]
    assert by_domain["hollowforge.example"] == {"domain": "hollowforge.example", "status": "success", "jobs": []}
    for domain in good:
        site = world.site(re.sub(r"^\s*(https?://)?|/$", "", domain.lower()))
        assert by_domain[domain]["status"] == "success", by_domain[domain]
        assert {job["title"] for job in by_domain[domain]["jobs"]} == {job.title for job in site.jobs}
        for job in by_domain[domain]["jobs"]:
            assert set(job) >= FIELDS, FIELDS - set(job)
            assert 0 <= job["score"] <= 100
            assert job["location_type"] in ("remote", "hybrid", "onsite")
            assert isinstance(job["signals"], list)
    log = scraping.logged()
    for domain in by_domain:
        assert log.count(f"[STREAM] Finished {domain.replace(chr(10), '?')}\n") == 1, domain


async def test_a_domain_that_is_written_in_several_ways_is_scraped_once_and_answered_in_each(scraping: Server) -> None:
    ways = ["https://gnist.example/", "Gnist.EXAMPLE", "gnist.example"]
    async with scraping.http() as client, scrape(client, *ways, "not a domain") as (answer, results):
        found = {one["domain"]: one async for one in results}
        asked = (await client.get(f"/api/jobs?group={answer.headers['x-job-group']}")).json()["jobs"]
    assert set(found) == {*ways, "not a domain"}
    assert sorted(one["target"] for one in asked) == ["Gnist.EXAMPLE", "not a domain"]
    assert found[ways[0]]["jobs"]
    assert all(found[way]["jobs"] == found[ways[0]]["jobs"] for way in ways)


async def test_the_fastest_comes_first_and_leaving_cancels_what_still_runs(scraping: Server) -> None:
    async with scraping.http() as client:
        async with scrape(client, "silent.example", "hollowforge.example") as (answer, results):
            first = await anext(results)
            assert first["domain"] == "hollowforge.example"
            group = answer.headers["x-job-group"]
            states = {one["target"]: one["state"] for one in (await client.get(f"/api/jobs?group={group}")).json()["jobs"]}
            assert states == {"silent.example": "running", "hollowforge.example": "succeeded"}
        ends = {one["job"]: one["data"]["state"] for one in await told_by(client, group) if one["kind"] == "finished"}
        assert sorted(ends.values()) == ["cancelled", "succeeded"]


async def test_a_detached_scrape_goes_on_and_can_be_followed_later(scraping: Server) -> None:
    async with scraping.http() as client:
        async with scrape(client, "silent.example", "gnist.example", detach=True) as (answer, results):
            group = answer.headers["x-job-group"]
            await anext(results)
        waiting = next(
            one for one in (await client.get(f"/api/jobs?group={group}")).json()["jobs"] if one["target"] == "silent.example"
        )
        assert (waiting["state"], waiting["cancel_requested"]) == ("running", False)
        await client.post(f"/api/jobs/{waiting['id']}/cancel")
        told = await told_by(client, group)
        assert sum(one["kind"] == "item" for one in told) == 4  # also what was told before we came
        assert told[-1]["data"]["state"] == "cancelled"


async def test_run_answers_the_same_when_all_is_done_and_leaving_cancels_it(scraping: Server) -> None:
    async with scraping.http() as client:
        answer = await client.post("/run", json={"domains": ["gnist.example", "nowhere.invalid", "gnist.example"]})
        assert answer.status_code == 200
        results = {one["domain"]: one for one in answer.json()["results"]}
        assert len(answer.json()["results"]) == 2
        assert (results["gnist.example"]["status"], len(results["gnist.example"]["jobs"])) == ("success", 4)
        assert "error" not in results["gnist.example"]
        assert results["nowhere.invalid"]["error"].startswith("dns: ")

        leaving = asyncio.get_running_loop().create_task(client.post("/run", json={"domains": ["silent.example"]}), name="run")
        async with asyncio.timeout(PATIENCE), client.stream("GET", "/api/jobs/events") as answer:
            decoder = sse.Decoder()
            async for chunk in answer.aiter_bytes():
                jobs = [json.loads(event.data) for event in decoder.feed(chunk)]
                if any(job.get("target") == "silent.example" and job["state"] == "running" for job in jobs):
                    leaving.cancel()
                if leaving.done() and any(job.get("state") == "cancelled" for job in jobs):
                    break


@pytest.mark.parametrize("path", ["/scrape/stream", "/run"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"domains": []}, "empty"),
        ({}, "domains"),
        ({"domains": "example.com"}, "domains"),
        ({"domains": {"a": "example.com"}}, "domains"),
        ({"domains": ["example.com", 5]}, "domains.1"),
        ({"domains": [None]}, "domains.0"),
        ({"domains": ["example.com"] * 101}, "101"),  # counted before duplicates are dropped
        ({"domains": [f"{number}.example" for number in range(10_000)]}, "10,000"),
        ([], "body"),
        ("no JSON", "JSON"),
        ('{"domains": ["\\ud800"]}', "domains"),
        ("[" * 50_000, "body"),
    ],
)
async def test_a_list_that_cannot_be_scraped_is_a_422_that_says_why(scraping: Server, path: str, body: Any, said: str) -> None:
    async with scraping.http() as client:
        content = body if isinstance(body, str) else json.dumps(body)
        answer = await client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert said in answer.json()["error"]


async def test_a_wrong_option_is_named(scraping: Server) -> None:
    async with scraping.http() as client:
        answer = await client.post("/scrape/stream", json={"domains": ["gnist.example"], "options": {"limit": 0}})
        assert (answer.status_code, "options.limit" in answer.json()["error"]) == (400, True)
        answer = await client.post("/scrape/stream", json={"domains": ["gnist.example"], "options": {"limit": 1}})
        assert len(json.loads(answer.text.removeprefix("data: "))["jobs"]) == 1


async def test_pages_of_this_machine_may_scrape_and_those_of_strangers_may_not(scraping: Server) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    async with scraping.http() as client:
        for origin, status in (("http://localhost:3000", 204), ("http://evil.test", 403)):
            first = await client.options("/scrape/stream", headers={"Origin": origin} | asks)
            assert (first.status_code, first.headers.get("access-control-allow-origin")) == (
                status,
                origin if status == 204 else None,
            )
        wish = {"domains": ["hollowforge.example"]}
        answer = await client.post("/scrape/stream", json=wish, headers={"Origin": "http://localhost:3000"})
        assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
        assert "X-Job-Group" in answer.headers["access-control-expose-headers"]
        assert (await client.post("/scrape/stream", json=wish, headers={"Origin": "http://evil.test"})).status_code == 403


async def test_log_lines_are_events_without_the_secrets_that_somebody_typed(scraping: Server) -> None:
    secret = "lp_abcdefghijkl_" + "s3cret" * 7
    async with scraping.http() as client, asyncio.timeout(PATIENCE), client.stream("GET", "/events") as log:
        assert log.headers["content-type"].startswith("text/event-stream")
        await client.post("/run", json={"domains": [f"nowhere.invalid/?token={secret}"]})
        decoder, lines = sse.Decoder(), []
        async for chunk in log.aiter_bytes():
            lines += decoder.feed(chunk)
            if any("[STREAM] Finished nowhere.invalid" in line.data for line in lines):
                break
        assert not any("s3cret" in line.data for line in lines)
        past = await client.get("/events", headers={"Last-Event-ID": "nonsense"})
        assert past.status_code == 400
        async with client.stream("GET", "/events", headers={"Last-Event-ID": str(int(lines[-1].id) - 1)}) as again:
            missed = sse.Decoder().feed(await anext(again.aiter_bytes()))
            assert missed[0].id == lines[-1].id


async def test_health_and_status_answer_without_a_token(scraping: Server) -> None:
    async with scraping.http() as client:
        assert (await client.get("/health")).json() == {"status": "ok"}
        status = (await client.get("/status")).json()
        assert (status["status"], status["jobs"].get("running", 0)) == ("ok", status["running"])
        listed = (await client.get("/api/jobs")).json()["jobs"]
        assert [one["id"] for one in listed] == sorted((one["id"] for one in listed), reverse=True)
        assert {"id", "kind", "state"} <= set(listed[0])
