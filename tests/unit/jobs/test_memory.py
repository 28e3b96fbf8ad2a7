"""Memory that was needed for a while is given back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.serving import environment

PROGRAM = """
import psutil
from livepane.jobs.memory import give_back

def resident():
    return psutil.Process().memory_info().rss

before = resident()
blocks = [bytes(5000) for _ in range(20_000)]
last, full = blocks[-1], resident()
del blocks  # but for the last one, above which nothing can be cut off
given = give_back()
print(given, full - before, resident() - before)
"""


def test_what_nobody_uses_goes_back_to_the_system(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment(tmp_path), capture_output=True, text=True, check=True)
    given, full, after = done.stdout.split()
    assert int(full) > 50 * 2**20
    assert int(after) < int(full) / 2 or given == "False"  # by a C library that gives it back by itself, or not at all
