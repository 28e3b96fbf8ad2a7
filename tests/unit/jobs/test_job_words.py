"""What the command line says of a job."""

from __future__ import annotations

from typing import Any

from livepane.commands.job_words import whole

JOB: dict[str, Any] = {
    "id": 7,
    "kind": "scrape",
    "target": "acme.com",
    "options": {},
    "state": "running",
    "action": "Reading job 2/2",
    "progress": 0.99,
    "items": 2,
    "attempt": 1,
    "max_attempts": 3,
    "priority": 0,
    "stream": "job:7",
    "cancel_requested": False,
    "created_at": 1_763_640_000_000,
    **dict.fromkeys(("group", "summary", "error", "started_at", "finished_at", "run_after")),
}


def test_a_job_that_has_ended_does_nothing_any_more() -> None:
    assert "Doing:        Reading job 2/2" in whole(JOB, "http://localhost")
    assert "Last step:    Reading job 2/2" in whole(JOB | {"state": "succeeded"}, "http://localhost")
