"""The broker that tells workers of jobs."""

from __future__ import annotations

import time

from livepane.commands.doctor.finding import Finding, ok, problem
from livepane.domain.errors import LivepaneError
from livepane.settings import Settings

_NAME = "broker"


def findings(settings: Settings) -> list[Finding]:
    """Whether it answers and lets us in; nothing where jobs are run without one."""
    if settings.jobs_engine != "celery" or settings.celery_broker_url is None:
        return []
    from livepane.jobs.services import carrier

    began = time.perf_counter()
    try:
        by = carrier(settings)
        waiting = by.waiting()
    except LivepaneError as error:
        return [problem(_NAME, error.message)]
    took = (time.perf_counter() - began) * 1000
    return [ok(_NAME, f"{by.address}: answers in {took:.0f} ms, {waiting} messages wait for workers")]
