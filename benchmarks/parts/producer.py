"""A plain producer as a process: pushes stamped JPEGs over `WS /ws/producer` at a steady rate until killed.

Says `ready` after the first few pictures: by then the server knows the stream.
"""

from __future__ import annotations

import argparse
import itertools
import time

from benchmarks.parts.pictures import Reel
from benchmarks.parts.websocket import BINARY, connect, masked

_FIRST = 3


def main() -> None:
    """Push until killed or hung up on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--name", default="bench")
    options = parser.parse_args()
    reel = Reel()
    sock = connect(options.port, f"/ws/producer?name={options.name}")
    due = time.monotonic()
    for number in itertools.count():
        if number == _FIRST:
            print("ready", flush=True)
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due + 1 / options.fps, time.monotonic() - 1)
        sock.sendall(masked(BINARY, reel.next()))


if __name__ == "__main__":
    main()
