"""Stands for `livepane` where a program has to be named: python -m tests.forking.stand_in SOCKET serve --port 8000

It hands on its files, its environment and its folder, passes on SIGTERM and SIGINT, and ends as the fork does.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from tests.forking.child import Fork


def main() -> int:
    """The exit code of the fork."""
    with Fork(*sys.argv[2:], env=os.environ, stdin=0, parent=sys.argv[1]) as one:

        def pass_on(number: int, frame: FrameType | None) -> None:
            os.kill(one.pid, number)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, pass_on)
        return one.wait()


if __name__ == "__main__":
    sys.exit(main())
