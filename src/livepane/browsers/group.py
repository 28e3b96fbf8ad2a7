"""The process group that a browser leads: what it gets to know, and its end with everything that it started."""

from __future__ import annotations

import os
import signal
from contextlib import suppress


def clean_environment() -> dict[str, str]:
    """Ours without our own settings: pages are strangers, and secrets are none of a browser's business."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LIVEPANE_", "KAFKA_", "CELERY_"))}


def kill_group(leader: int) -> None:
    """End whatever is left of it. Silent when nothing is."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def reap_group(leader: int) -> None:
    """Take the exit codes of what it left to us: when we are process 1 of a container, its orphans are ours."""
    with suppress(ChildProcessError):
        while os.waitpid(-leader, os.WNOHANG)[0]:
            pass
