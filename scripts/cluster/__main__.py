"""`make cluster`: many machines on this one, until Ctrl-C. Everything is real, and nothing needs a container.

python -m scripts.cluster [--port 8000] [--data-dir DIR] [--no-demo] [--plugin FILE]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from scripts.cluster.parts import Cluster
from scripts.house import kafka
from scripts.services.program import NotStarted, port_before


def main() -> None:
    """Start it, say where everything is, wait, end it."""
    parser = argparse.ArgumentParser(prog="make cluster", description="Run a cluster on this machine.")
    port = "of nginx; the next two lead to one gateway each (8000)"
    parser.add_argument("--port", type=port_before(2), default=8000, help=port)
    parser.add_argument("--data-dir", type=Path, help="where logs and data go; a folder that is removed at the end by default")
    parser.add_argument("--no-demo", action="store_true", help="show no panes to look at")
    parser.add_argument("--plugin", type=Path, action="append", default=[], help="Python file with scrapers of your own")
    wish = parser.parse_args()
    kafka.prepare()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    with ExitStack() as stack:
        folder = wish.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="livepane-cluster-")))
        demo = () if wish.no_demo else ("--demo",)
        print("Starting Kafka, Redis, Postgres, two gateways, two workers, an agent and nginx …", flush=True)
        try:
            plugins = [one.resolve() for one in wish.plugin]
            cluster = stack.enter_context(Cluster(folder.resolve(), front=wish.port, plugins=plugins, gateway=demo))
        except NotStarted as error:
            sys.exit(f"make cluster: {error}")
        print(_said(cluster), flush=True)
        ended.wait()
        print("\nEnding it …", flush=True)


def _said(cluster: Cluster) -> str:
    rows = [
        ("sign in", f"{cluster.url}/signin?token={cluster.token}"),
        ("gateway 1 alone", cluster.through(1)),
        ("gateway 2 alone", cluster.through(2)),
        ("Kafka", f"{cluster.kafka.guarded} (SASL), {cluster.kafka.servers} (open)"),
        ("Redis", cluster.redis.url),
        ("Postgres", cluster.postgres.url),
        ("processes", ", ".join(f"{one.name} {one.pid}" for one in [*cluster.gateways, *cluster.workers, cluster.agent])),
        ("logs", str(cluster.folder)),
    ]
    lines = "\n".join(f"  {name:<18}{value}" for name, value in rows)
    return f"\n{lines}\n\n  Kill a worker at work (kill -9 PID): the other one goes on with its job. Ctrl-C ends everything.\n"


if __name__ == "__main__":
    main()
