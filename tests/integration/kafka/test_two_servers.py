"""Two servers around a Kafka, as their clients see them: what one has, the other shows."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from livepane.commands.doctor import bus
from livepane.commands.doctor.finding import Finding, Level
from livepane.domain.kafka import Cluster
from livepane.settings import Settings
from tests.contract.bus.kafka_medium import made
from tests.contract.clients import Message, binary, closed, producer, say, socket, text, told_of, viewer
from tests.contract.test_producer_protocol import hello, picture
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.services.kafka import Broker
from tests.serving import Server, serving


class Pair:
    """Servers `a` and `b`; `start` starts another one."""

    def __init__(self, cluster: Cluster, start: Callable[[str], Server]) -> None:
        self.cluster, self.start = cluster, start
        self.a, self.b = start("a"), start("b")


@pytest.fixture(scope="module")
def pair(kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both, knowing each other."""
    with asyncio.Runner() as runner, ExitStack() as stack:
        topics = AsyncExitStack()
        cluster = runner.run(topics.enter_async_context(made(kafka.cluster)))
        stack.callback(lambda: runner.run(topics.aclose()))

        def start(name: str) -> Server:
            named = {"KAFKA_BOOTSTRAP_SERVERS": kafka.servers, "KAFKA_TOPIC_PREFIX": cluster.topics.prefix, "LIVEPANE_NODE": name}
            return stack.enter_context(serving(tmp_path_factory.mktemp(name), LIVEPANE_GRACE_SECONDS="0.2", **named))

        both = Pair(cluster, start)
        for one in (both.a, both.b):
            runner.run(measures(one, "livepane_bus_nodes", 1))
        yield both


async def answer(http: httpx.AsyncClient, path: str, wanted: Callable[[httpx.Response], object]) -> httpx.Response:
    """Ask until the answer is as wanted."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(found := await http.get(path)):  # noqa: ASYNC110 - a server tells nobody
            await asyncio.sleep(0.05)
        return found


async def measures(server: Server, name: str, value: float) -> None:
    """Wait until a metric has a value."""
    pattern = re.compile(rf"^{re.escape(name)} (\S+)$", re.MULTILINE)
    async with server.http(headers=server.admin) as http:
        await answer(http, "/metrics", lambda said: (found := pattern.search(said.text)) and float(found[1]) == value)


async def examined(pair: Pair, server: Server, **changes: object) -> list[Finding]:
    """What `livepane doctor` finds of the bus, beside a server."""
    named = {"kafka_bootstrap_servers": pair.cluster.servers, "kafka_topic_prefix": pair.cluster.topics.prefix}
    settings = Settings(data_dir=server.folder, **(named | changes))  # type: ignore[arg-type]
    return [one async for one in bus.findings(settings)]


def _shows(number: int) -> Callable[[httpx.Response], bool]:
    return lambda said: said.content == jpeg(number)


async def demanded(sending: ClientConnection, wanted: Callable[[Message | None], object]) -> None:
    """Wait for a demand."""
    await text(sending, "demand", lambda said: wanted(said["demand"]))


async def test_a_plain_producer_of_one_server_is_watched_at_the_other_and_its_name_is_taken_at_both(pair: Pair) -> None:
    async with socket(pair.b, "/ws/viewer?name=alice") as waiting:
        async with socket(pair.a, "/ws/producer?name=alice") as sending:
            await sending.send(jpeg(1))
            assert await binary(waiting) == jpeg(1)
            await sending.send(jpeg(2))
            assert await binary(waiting, lambda data: data != jpeg(1)) == jpeg(2)
            shown = await told_of(pair.b, "producer:alice", lambda one: one["state"] in ("live", "static"))
            assert (shown["node"], shown["can_close"], shown["viewers"]) == ("a", False, 1)
            async with socket(pair.b, "/ws/producer?name=alice") as second:
                code, reason = await closed(second)
                assert code == 4000
                assert "connected to node 'a' already" in reason
            async with pair.b.http(headers=pair.b.admin) as http:
                refused = await http.delete("/api/streams/producer:alice")
                assert refused.status_code == 409
                assert refused.json()["detail"].startswith("stream producer:alice belongs to node 'a', which has not")
        await told_of(pair.b, "producer:alice", lambda one: one["state"] == "reconnecting")
        async with socket(pair.b, "/ws/producer?name=alice") as moved:  # it comes back, at another server
            await moved.send(jpeg(3))
            assert await binary(waiting, lambda data: data != jpeg(2)) == jpeg(3)
            await told_of(pair.a, "producer:alice", lambda one: one["node"] == "b")


async def test_a_source_is_asked_for_pictures_while_somebody_watches_at_another_server_and_tells_there_what_it_does(
    pair: Pair,
) -> None:
    async with producer(pair.a) as sending, viewer(pair.b) as looking:
        await hello(sending, "bob", title="Bob")
        await demanded(sending, lambda demand: demand is None)
        await told_of(pair.b, "producer:bob", lambda one: one["state"] == "idle" and one["title"] == "Bob")
        await say(looking, type="watch", pane=1, stream="producer:bob", fps=4, quality=70, highlight=True)
        asked = {"fps": 4, "quality": 70, "width": None, "height": None, "highlight": True}
        await demanded(sending, lambda demand: demand == asked)
        await sending.send(picture(1, 1))
        assert (await binary(looking)).endswith(jpeg(1))
        await say(sending, type="action", action={"label": "Fills name", "at": 1_700_000_000_000, "selector": "#name"})
        assert (await text(looking, "action"))["action"]["label"] == "Fills name"
        spot = {"label": "Fills name", "selector": "#name", "width": 1280, "height": 720}
        await say(sending, type="highlight", spot=spot | {"box": {"x": 1, "y": 2, "width": 3, "height": 4}})
        assert (await text(looking, "highlight", lambda said: said["spot"]))["spot"]["box"]["width"] == 3
        await say(sending, type="state", state="hidden", reason="minimised")
        await text(looking, "stream", lambda said: said["stream"]["reason"] == "minimised")
        await say(looking, type="unwatch", pane=1)
        await demanded(sending, lambda demand: demand is None)


async def test_a_picture_that_is_pushed_to_one_server_is_the_latest_of_both(pair: Pair) -> None:
    async with pair.a.http() as a, pair.b.http() as b:
        for number, pushed_to, other in ((1, a, b), (2, a, b), (3, b, a)):
            body = {"frame": base64.b64encode(jpeg(number)).decode(), "source": "both", "title": "Pushed"}
            assert (await pushed_to.post("/publish", json=body)).json() == {"status": "ok"}
            for query in ("?stream=both", ""):
                await answer(other, f"/latest{query}", _shows(number))
        shown = await told_of(pair.a, "tab:both", lambda one: one["pushed"])
        assert shown["pushed"]["status"] == "fresh"
        assert (await b.delete("/api/streams/tab:both", headers=pair.b.admin)).status_code == 204
        for one in (a, b):  # also what the other server had of it
            await answer(one, "/api/streams/tab:both", lambda said: said.status_code == 404 or said.json()["state"] == "gone")


async def test_a_second_server_of_one_name_says_so_and_shows_nothing_to_the_others(pair: Pair) -> None:
    second = await asyncio.to_thread(pair.start, "a")
    async with second.http() as http:
        reason = "another server has the name 'a', set LIVEPANE_NODE"
        refused = await answer(http, "/readyz", lambda said: reason in said.text)  # it was connecting before
        assert refused.status_code == 503
        assert {"name": "bus", "ok": False, "reason": reason} in refused.json()["checks"]
        assert "has the name 'a' in this cluster; give each a name of its own with LIVEPANE_NODE" in second.logged()
    async with pair.a.http() as http:
        ready = await answer(http, "/readyz", lambda said: said.status_code == 200)  # not while the machine has no time for it
        assert {"name": "bus", "ok": True, "reason": None} in ready.json()["checks"]
    findings = await examined(pair, second)
    assert [one.level for one in findings] == [Level.OK, Level.PROBLEM]
    assert "is not seen by others: another server has the name 'a'" in findings[1].says
    async with socket(second, "/ws/producer?name=nobody") as sending, socket(pair.a, "/ws/producer?name=somebody") as known:
        await sending.send(jpeg(1))
        await known.send(jpeg(1))
        await told_of(pair.b, "producer:somebody", lambda _: True)
        async with pair.b.http() as http:
            listed = [one["id"] for one in (await http.get("/api/streams")).json()["streams"]]
            assert "producer:nobody" not in listed


async def test_the_doctor_says_how_the_bus_is(pair: Pair) -> None:
    broker, server = await examined(pair, pair.b)
    assert (broker.level, server.level) == (Level.OK, Level.OK)
    assert f"{pair.cluster.topics.frames} has 3 partitions" in broker.says
    assert server.says == f"the server at {pair.b.url} is connected with the others"
    (broker, _) = await examined(pair, pair.b, kafka_topic_prefix="nowhere.")
    assert broker.level is Level.PROBLEM
    assert "run `livepane kafka init`" in broker.says
    assert await examined(pair, pair.b, kafka_bootstrap_servers=()) == []
