"""The naive way: a consumer that takes every picture in its turn and writes it to a file, which somebody polls.

python -m benchmarks.rivals.kafka_in_order SERVERS TOPIC FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer


async def _run(servers: str, topic: str, folder: Path) -> None:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=servers, group_id="naive", auto_offset_reset="latest", max_partition_fetch_bytes=11_000_000
    )
    await consumer.start()
    print("ready", flush=True)
    async for record in consumer:
        stream = record.key.decode().replace(":", "-")
        (folder / f"{stream}.jpg").write_bytes(record.value)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
