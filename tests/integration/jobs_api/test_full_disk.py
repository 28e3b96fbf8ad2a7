"""Jobs on a disk without a single free byte: clear errors for what is new, everything else goes on, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

from tests.disks import tiny_disk
from tests.integration.jobs_api.asking import add, job, until_state
from tests.serving import serving

PLUGIN = Path(__file__).with_name("plugin.py")


async def test_a_full_disk_is_an_error_that_says_so_and_afterwards_all_goes_on(tmp_path: Path) -> None:
    far = [f"{number}.{'x' * 60}.example/{'y' * 1900}" for number in range(100)]  # more than the database has room for
    with tiny_disk(tmp_path / "data") as disk, serving(tmp_path, LIVEPANE_PLUGINS=str(PLUGIN)) as server:
        async with server.http() as client:
            done, waits = await add(client, "counting", "a"), await add(client, "waiting", "b")
            before = await until_state(client, done[0], "succeeded")
            await until_state(client, waits[0], "running")
            disk.fill()
            for path, wish in (
                ("/api/jobs", {"kind": "counting", "targets": far}),
                ("/scrape/stream", {"domains": far}),
                ("/run", {"domains": far}),
            ):
                refused = await client.post(path, json=wish)
                assert refused.status_code == 503, f"{path}: {refused.text}"
                assert refused.headers["content-type"] == "application/problem+json"
                assert "Free some space" in refused.json()["detail"]
                assert refused.json()["code"] == "unavailable"
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/readyz")).status_code == 503
            assert await job(client, done[0]) == before
            assert len((await client.get(f"/api/jobs/{done[0]}/items")).json()["items"]) == 3
            assert (await job(client, waits[0]))["state"] == "running"
            listed = (await client.get("/api/jobs")).json()
            assert sorted(one["id"] for one in listed["jobs"]) == [*done, *waits], "all of them, or none"
            disk.free()
            after = await add(client, "counting", *far[:3])
            assert [(await until_state(client, one, "succeeded"))["items"] for one in after] == [3, 3, 3]
            await client.post(f"/api/jobs/{waits[0]}/cancel")
            assert (await until_state(client, waits[0], "cancelled"))["items"] == 1
