"""A plain producer as a process: pushes stamped JPEGs over `WS /ws/producer` at a steady rate until killed.

Says `ready` once connected.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.parts.pictures import Reel
from benchmarks.parts.websocket import BINARY, connect, masked


def main() -> None:
    """Push until killed or hung up on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--name", default="bench")
    options = parser.parse_args()
    reel = Reel()
    sock = connect(options.port, f"/ws/producer?name={options.name}")
    print("ready", flush=True)
    due = time.monotonic()
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due + 1 / options.fps, time.monotonic() - 1)
        sock.sendall(masked(BINARY, reel.next()))


if __name__ == "__main__":
    main()
