"""Makes this folder ready to run, from nothing but Python, Node and make. Safe to repeat: what is done is not done again.

python3 -m scripts.setup            what `livepane serve` needs
python3 -m scripts.setup --tests    and what the tests need
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from scripts.house import dashboard, environment, extension, kafka, machine
from scripts.house.step import CACHE, ROOT

OLDEST = (3, 11)


def main() -> None:
    """Do every step that is not done yet."""
    if sys.version_info < OLDEST:
        needed, found = ".".join(map(str, OLDEST)), sys.version.split()[0]
        mend = "Name another: make setup PYTHON=python3.12"
        sys.exit(f"Livepane needs Python {needed} or newer, and {sys.executable} is {found}. {mend}")
    parser = argparse.ArgumentParser(prog="python3 -m scripts.setup", description="Make this folder ready to run.")
    parser.add_argument("--tests", action="store_true", help="prepare what the tests need as well")
    tests: bool = parser.parse_args().tests
    start = time.monotonic()
    print(f"Setting up Livepane in {ROOT} (logs in {CACHE.relative_to(ROOT)}/logs)", flush=True)
    with _alone():
        machine.prepare(tests=tests)
        with ThreadPoolExecutor(1) as beside:
            built = beside.submit(_build, tests=tests)
            environment.prepare(tests=tests)
            built.result()
        machine.prepare_browser()
    print(f"Ready after {time.monotonic() - start:.1f} s", flush=True)


def _build(*, tests: bool) -> None:
    """What Node builds, and what Maven fetches; the server itself needs neither extension nor broker."""
    dashboard.prepare(tests=tests)
    if tests:
        extension.prepare()
        kafka.prepare()


@contextmanager
def _alone() -> Iterator[None]:
    """Two at once would write into each other's environment; the second one waits."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
