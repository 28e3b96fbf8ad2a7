"""Readers that are no nodes: the last minutes by time, and a bare consumer with a folder."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from livepane.bus.kafka.history import pictures_between
from livepane.bus.kafka.partition import partition_of
from livepane.domain.kafka import Cluster
from tests.contract.bus.kafka_medium import LIMITS
from tests.forking.child import Fork
from tests.integration.kafka.conftest import Write
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import environment


async def test_the_last_minutes_of_one_stream_are_read_back_by_time(cluster: Cluster, write: Write) -> None:
    own = [("v", b"1"), ("node", b"a"), ("epoch", b"5"), ("ts_ns", b"1"), ("mime", b"image/jpeg"), ("w", b"64"), ("h", b"48")]
    moments = []
    for number in range(1, 7):
        for key in (b"page:p", b"page:q"):
            await write(jpeg(number), key=key, partition=partition_of("page:p", 3), headers=[*own, ("seq", b"%d" % number)])
        await write(b"no picture", key=b"page:p", partition=partition_of("page:p", 3))
        moments.append(time.time())
        await asyncio.sleep(0.03)  # so that they differ by the milliseconds that a broker writes down
    found = [one async for one in pictures_between(cluster, "page:p", moments[1], moments[3], LIMITS)]
    assert [parcel.frame.seq for _, parcel in found] == [3, 4]
    assert [parcel.frame.picture.data for _, parcel in found] == [jpeg(3), jpeg(4)]
    assert all(moments[1] - 0.01 <= at <= moments[3] for at, _ in found)
    everything = [parcel.frame.seq async for _, parcel in pictures_between(cluster, "page:p", 0, time.time() + 60, LIMITS)]
    assert everything == [1, 2, 3, 4, 5, 6]
    assert [one async for one in pictures_between(cluster, "page:p", time.time() + 60, time.time() + 90, LIMITS)] == []


async def test_a_bare_consumer_keeps_the_newest_picture_of_every_stream_as_a_file_and_at_latest(
    cluster: Cluster, write: Write, tmp_path: Path
) -> None:
    named = {"KAFKA_BOOTSTRAP_SERVERS": cluster.servers[0], "KAFKA_TOPIC_PREFIX": cluster.topics.prefix}
    folder = tmp_path / "pictures"
    with tempfile.TemporaryFile() as said:
        command = ["consume", "--host", "0.0.0.0", "--port", "0", "--dir", str(folder)]
        with Fork(*command, env=environment(tmp_path, **named), stdout=said.fileno()) as consumer:
            url = await asyncio.to_thread(_address, said.fileno())
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as client:
                await _until(client, "/healthz", lambda answer: answer.json()["kafka"] == "up")
                assert (await client.get("/latest")).status_code == 401
                client.headers["Authorization"] = f"Bearer {(tmp_path / 'admin-token').read_text().strip()}"
                assert (await client.get("/latest")).status_code == 404
                await write(jpeg(1), key=b"tab:one")
                await write(b"poison", key=b"tab:one")
                await write(jpeg(2), key=b"tab:one")
                await write(jpeg(3), key=b"page:two")
                one = await _until(client, "/latest?stream=tab:one", lambda answer: answer.content == jpeg(2))
                assert one.headers["content-type"] == "image/jpeg"
                assert "no-store" in one.headers["cache-control"]
                await _until(client, "/latest?stream=page:two", lambda answer: answer.content == jpeg(3))
                again = await client.get("/latest?stream=tab:one", headers={"If-None-Match": one.headers["etag"]})
                assert again.status_code == 304
                assert (await client.get("/latest", headers={"Host": "evil.example"})).status_code == 403
            assert (folder / "tab%3Aone.jpg").read_bytes() == jpeg(2)
            assert (folder / "page%3Atwo.jpg").stat().st_mode & 0o777 == 0o600
            assert folder.stat().st_mode & 0o777 == 0o700
            consumer.send_signal(2)
            assert await asyncio.to_thread(consumer.wait, 30) == 0


def _address(file: int) -> str:
    """Where it says that it is."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        said = os.pread(file, 4096, 0).decode()
        if "/latest" in said:
            return said.partition("/latest")[0]
        time.sleep(0.05)
    raise AssertionError("it does not say where it is")


async def _until(client: httpx.AsyncClient, path: str, condition: Callable[[httpx.Response], object]) -> httpx.Response:
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await client.get(path)
            if answer.status_code == 200 and condition(answer):
                return answer
            await asyncio.sleep(0.05)
