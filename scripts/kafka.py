"""`make kafka`: an Apache Kafka on this machine, until Ctrl-C. What was written to it is there again the next time.

python -m scripts.kafka [--port 9092] [--data-dir DIR] [--lock]
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from scripts.house import kafka as house
from scripts.house.step import CACHE, Failed, step
from scripts.services import kafka_jars
from scripts.services.kafka import PASSWORD, USER, Kafka
from scripts.services.program import NotStarted, port_before


def main() -> None:
    """Fetch it if it is not there, start it, say where it is."""
    parser = argparse.ArgumentParser(prog="make kafka", description="Run an Apache Kafka on this machine.")
    port = "of the open listener; the next two are used as well (9092)"
    parser.add_argument("--port", type=port_before(2), default=9092, help=port)
    parser.add_argument("--data-dir", type=Path, default=CACHE / "kafka" / "data", help="where it keeps what is written")
    parser.add_argument("--lock", action="store_true", help="fetch the jars anew and keep their checksums")
    wish = parser.parse_args()
    if wish.lock:
        _lock()
        return
    house.prepare()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    try:
        with Kafka(wish.data_dir.resolve(), ports=(wish.port, wish.port + 1, wish.port + 2), quick=False) as kafka:
            print(f"Apache Kafka {kafka_jars.VERSION} runs, its data is in {kafka.folder}\n")
            print(f"  open               KAFKA_BOOTSTRAP_SERVERS={kafka.servers}")
            print(f"  with a user        KAFKA_BOOTSTRAP_SERVERS={kafka.guarded} KAFKA_SASL_MECHANISM=SCRAM-SHA-512 \\")
            print(f"                     KAFKA_SASL_USERNAME={USER} KAFKA_SASL_PASSWORD={PASSWORD}\n")
            print(f"Make the topics:     KAFKA_BOOTSTRAP_SERVERS={kafka.servers} .venv/bin/livepane kafka init\n")
            print("Ctrl-C ends it; what was written to it is there again the next time.", flush=True)
            while kafka.runs and not ended.wait(1):
                pass
            if not ended.is_set():
                raise NotStarted(f"Kafka has ended by itself: {kafka.last_words()}")
    except NotStarted as error:
        sys.exit(f"make kafka: {error}")


def _lock() -> None:
    with step("kafka") as one:
        folder = kafka_jars.FOLDER.with_name("locking")
        kafka_jars.download(one, folder)
        kafka_jars.write_lock(folder)
        if not kafka_jars.locked():
            raise Failed("nothing was fetched")
        one.note = f"{len(kafka_jars.locked())} jars in requirements/kafka.lock"


if __name__ == "__main__":
    main()
