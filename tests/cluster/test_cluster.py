"""Many machines as `make cluster` starts them: everything is real, and nginx stands in front."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from livepane.wire import ack, frame_binary, messages, sse
from scripts.cluster.parts import Cluster, Role
from scripts.house.tree import ROOT
from tests.deploy.numbers import untold
from tests.integration.jobs_api.asking import Info, add, job

PLUGIN = Path(__file__).parent / "plugin.py"
PATIENCE = 180.0  # seconds; a job whose worker was killed goes on when its lease of 30 s has run out
ASK_AGAIN = 3.0  # seconds without a word, after which a stream is asked for again

pytestmark = pytest.mark.timeout(900)  # the start of a cluster is part of the first test


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """The whole of it, with one job at a time in each worker."""
    with (
        tempfile.TemporaryDirectory(prefix="livepane-cluster-") as folder,
        Cluster(Path(folder), plugins=[PLUGIN], LIVEPANE_WORKER_CONCURRENCY="1") as whole,
    ):
        yield whole


@asynccontextmanager
async def asking(cluster: Cluster, gateway: int) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may do everything, through nginx to one gateway."""
    headers = {"Authorization": f"Bearer {cluster.token}"}
    async with httpx.AsyncClient(base_url=cluster.through(gateway), headers=headers, trust_env=False, timeout=PATIENCE) as client:
        yield client


@asynccontextmanager
async def socket(cluster: Cluster, gateway: int, path: str, *protocols: str) -> AsyncIterator[ClientConnection]:
    """A WebSocket through nginx to one gateway."""
    url = cluster.through(gateway).replace("http", "ws", 1) + path
    headers = {"Authorization": f"Bearer {cluster.token}"}
    asked = [Subprotocol(one) for one in protocols] or None
    async with connect(
        url, subprotocols=asked, additional_headers=headers, max_size=None, proxy=None, open_timeout=PATIENCE
    ) as opened:
        yield opened


async def until(look: Callable[[], Any]) -> Any:
    """Ask again until the answer is true."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.1)


def family(cluster: Cluster, pid: int) -> list[Role]:
    """The workers that a process belongs to: it is one, or was started by one. None when it has gone."""
    try:
        process = psutil.Process(pid)
        pids = {process.pid, *(one.pid for one in process.parents())}
    except psutil.NoSuchProcess:
        return []
    return [one for one in cluster.workers if one.pid in pids]


async def who_runs(cluster: Cluster, *numbers: int) -> dict[int, Role]:
    """Which worker has which of these jobs, as the rows say."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(cluster.postgres.url) as connection:
        asked = "SELECT id, lease_owner FROM jobs WHERE state = 'running' AND lease_owner IS NOT NULL AND id = ANY(%s)"
        rows = await (await connection.execute(asked, [list(numbers)])).fetchall()
    return {number: role for number, owner in rows for role in family(cluster, int(owner.split(":")[1]))}


async def pictures(live: ClientConnection, stream: str, count: int) -> None:
    """Show a stream on /api/live and wait for so many pictures, each newer than the one before, acknowledging them.

    A stream that is not there (yet, or any more) is asked for again.
    """
    after = (0, 0)
    wish = messages.Watch(pane=1, stream=stream, fps=5).model_dump_json()
    async with asyncio.timeout(PATIENCE):
        await live.send(wish)
        while count:
            try:
                message = await asyncio.wait_for(live.recv(), ASK_AGAIN)
            except TimeoutError:
                await live.send(wish)
                continue
            if isinstance(message, bytes):
                said = frame_binary.decode(message)
                epoch, seq = said.frame.epoch, said.frame.seq
                await live.send(ack.encode(messages.Ack(channel=said.channel, epoch=epoch, seq=seq)))
                if (epoch, seq) > after:
                    after, count = (epoch, seq), count - 1


async def screenshot(watching: ClientConnection, number: int) -> bytes:
    """The next picture of a queue item, as existing clients read it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            said = json.loads(await watching.recv())
            if said["type"] == "scraper_screenshot":
                assert said["queue_id"] == number
                return base64.b64decode(said["screenshot"])


async def test_a_job_is_watched_from_anywhere_and_goes_on_elsewhere_when_its_worker_is_killed(
    cluster: Cluster, tmp_path: Path
) -> None:
    gates = [tmp_path / "one", tmp_path / "two"]
    async with asking(cluster, 1) as first, asking(cluster, 2) as second:
        numbers = await add(first, "beacon", *map(str, gates))
        found: dict[int, Role] = await until(lambda: _both(cluster, numbers))
        doomed, heir = cluster.workers[1], cluster.workers[0]
        number = next(one for one, role in found.items() if role is doomed)
        other = next(one for one, role in found.items() if role is heir)
        stream = f"job:{number}"
        told: list[Info] = []
        async with (
            asyncio.TaskGroup() as tasks,
            socket(cluster, 1, "/api/live", messages.VIEWER_SUBPROTOCOL) as live,
            socket(cluster, 1, f"/ws/screenshots/{number}") as watching,
        ):
            tasks.create_task(_follow(second, number, told), name="the events, on the other gateway")
            await pictures(live, stream, 3)
            assert (await screenshot(watching, number)).startswith(b"\xff\xd8")

            doomed.kill()
            gates[numbers.index(other)].touch()
            await until(lambda: _over(first, other))
            await until(lambda: _runs_on(cluster, number, heir))
            await pictures(live, stream, 3)
            async with socket(cluster, 1, f"/ws/screenshots/{number}") as again:
                assert (await screenshot(again, number)).startswith(b"\xff\xd8")
            gates[numbers.index(number)].touch()
        kinds = [event["kind"] for event in told]
        assert (kinds[-1], told[-1]["data"]["state"]) == ("finished", "succeeded")
        assert kinds.count("started") == 2, "once on the worker that was killed, once on the other"
        (item,) = [event["data"]["item"] for event in told if event["kind"] == "item"]
        assert heir in family(cluster, item["pid"])
        assert (await job(second, number))["state"] == "succeeded"


async def _both(cluster: Cluster, numbers: list[int]) -> dict[int, Role] | None:
    found = await who_runs(cluster, *numbers)
    return found if len(found) == len(numbers) and len(set(found.values())) == len(numbers) else None


async def _over(client: httpx.AsyncClient, number: int) -> bool:
    return bool((await job(client, number))["state"] == "succeeded")


async def _runs_on(cluster: Cluster, number: int, role: Role) -> bool:
    return (await who_runs(cluster, number)).get(number) is role


async def _follow(client: httpx.AsyncClient, number: int, told: list[Info]) -> None:
    """Everything that a job tells, to its end."""
    decoder = sse.Decoder()
    async with asyncio.timeout(PATIENCE * 2), client.stream("GET", f"/api/jobs/{number}/events") as answer:
        async for chunk in answer.aiter_bytes():
            told += [json.loads(event.data) for event in decoder.feed(chunk)]


async def test_the_screen_that_an_agent_shares_with_one_gateway_moves_on_the_other(cluster: Cluster) -> None:
    async with socket(cluster, 2, "/api/live", messages.VIEWER_SUBPROTOCOL) as live:
        await pictures(live, "producer:agent", 3)


async def test_who_signs_in_through_nginx_stays_signed_in(cluster: Cluster) -> None:
    async with httpx.AsyncClient(base_url=cluster.url, follow_redirects=True, trust_env=False, timeout=PATIENCE) as browser:
        await browser.get("/signin", params={"token": cluster.token}, headers={"Sec-Fetch-Site": "none"})
        assert (await browser.get("/api/streams", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 200
    async with httpx.AsyncClient(base_url=cluster.url, trust_env=False, timeout=PATIENCE) as stranger:
        assert (await stranger.get("/api/streams")).status_code == 401


def test_what_looks_after_a_worker_in_a_container_tells_one_that_works_from_one_that_is_gone(cluster: Cluster) -> None:
    read = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    check = read["x-worker"]["healthcheck"]["test"]
    assert check[:3] == ["CMD", "python", "-c"]
    words = [sys.executable, "-c", check[3]]
    here = cluster.workers[0].env
    for env, code in ((here, 0), ({**here, "LIVEPANE_NODE": "worker-9"}, 1)):
        said = subprocess.run(words, env=env, check=False, capture_output=True, text=True)
        assert said.returncode == code, said.stderr


async def test_a_gateway_tells_every_number_that_the_dashboard_and_the_alerts_ask_for(cluster: Cluster) -> None:
    async with asking(cluster, 1) as client:
        assert untold((await client.get("/metrics")).raise_for_status().text, alone=False) == []
