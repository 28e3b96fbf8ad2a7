"""Two servers on one Postgres: what one does the other knows, and a restart of Postgres costs nobody anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from scripts.services.postgres import Postgres
from tests.contract.clients import binary, closed, socket
from tests.integration.jobs_api import plugin
from tests.integration.jobs_api.asking import add
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.services.own import own_postgres
from tests.serving import Server, serving

JOBS, ITEMS = 16, 20


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with own_postgres() as one:
        yield one


@pytest.fixture(scope="module")
def gateways(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two servers, as on two machines: a data folder of its own has each."""
    options = {"DATABASE_URL": postgres.url, "LIVEPANE_PLUGINS": plugin.__file__}
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    with serving(folders[0], **options) as one, serving(folders[1], **options) as two:
        yield one, two


async def until(client: httpx.AsyncClient, path: str, wanted: Callable[[httpx.Response], Any]) -> httpx.Response:
    """Ask until the answer is as wanted."""
    async with asyncio.timeout(PATIENCE * 3):
        while True:
            if wanted(answer := await client.get(path)):
                return answer
            await asyncio.sleep(0.25)


async def test_what_is_made_on_one_server_is_good_on_the_other_and_ends_there_too(gateways: tuple[Server, Server]) -> None:
    one, two = gateways
    async with one.http(headers=one.admin) as here, two.http(headers=two.admin) as there:
        made = (await here.post("/api/tokens", json={"roles": ["viewer"], "expires_in_seconds": 3600})).json()
        mine = {"Authorization": f"Bearer {made['token']}"}
        await until(there, "/api/tokens", lambda answer: made["info"]["id"] in answer.text)
        async with (
            socket(two, "/ws/producer?name=shared", additional_headers=two.admin) as producer,
            socket(two, "/ws/viewer?name=shared", additional_headers=mine) as watching,
        ):
            await producer.send(jpeg(1, 64, 48))
            await binary(watching)
            assert (await here.delete(f"/api/tokens/{made['info']['id']}")).status_code == 204
            assert (await closed(watching))[0] == 4401
        assert (await here.put("/api/layouts/wall", json={"wall": {"n": 1}})).is_success
        assert (await there.get("/api/layouts/wall")).json()["wall"] == {"n": 1}
        (number,) = await add(here, "counting", "x")
        done = await until(there, f"/api/jobs/{number}", lambda answer: answer.json()["state"] == "succeeded")
        assert done.json()["items"] == 3
    assert not (one.folder / "livepane.db").exists()


async def test_while_postgres_is_restarted_one_can_watch_and_every_job_is_done_once(
    postgres: Postgres, gateways: tuple[Server, Server]
) -> None:
    one, two = gateways
    async with (
        one.http(headers=one.admin) as here,
        two.http(headers=two.admin) as there,
        socket(one, "/ws/producer?name=local", additional_headers=one.admin) as producer,
        socket(one, "/ws/viewer?name=local", additional_headers=one.admin) as watching,
    ):
        numbers = await add(here, "counting", *(f"t{n}" for n in range(JOBS)), group="all", options={"to": ITEMS})
        await until(there, "/api/jobs?group=all&state=succeeded", lambda answer: answer.json()["jobs"])
        await asyncio.to_thread(postgres.stop)
        away = await until(there, "/readyz", lambda answer: answer.status_code == 503)
        assert [check["name"] for check in away.json()["checks"] if not check["ok"]] == ["database"]
        refused = await here.post("/api/jobs", json={"kind": "counting", "targets": ["late"]})
        assert (refused.status_code, "Postgres runs there" in refused.json()["detail"]) == (503, True)
        picture = jpeg(2, 64, 48)
        await producer.send(picture)
        assert await binary(watching) == picture
        await asyncio.to_thread(postgres.start)
        for gateway in (here, there):
            await until(gateway, "/readyz", lambda answer: answer.status_code == 200)
        over = await until(
            there, f"/api/jobs?group=all&state=succeeded&limit={JOBS}", lambda answer: len(answer.json()["jobs"]) == JOBS
        )
        assert sorted(job["id"] for job in over.json()["jobs"]) == sorted(numbers)
        for number in numbers:
            items = (await there.get(f"/api/jobs/{number}/items?limit=1000")).json()["items"]
            assert [item["number"] for item in items] == list(range(ITEMS))
        assert (await there.get("/api/jobs?q=late")).json()["jobs"] == []
