"""Reads made documents at a fixed moment and shows the fields that a test names."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from livepane.scrapers.job_postings.extract import Extraction, extract
from livepane.scrapers.job_postings.job import Job

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def read(document: Any, url: str, **more: Any) -> Extraction:
    """The extraction of HTML, XML or bytes as they are, of anything else as JSON."""
    body = document if isinstance(document, str | bytes) else json.dumps(document)
    return extract(body, url, now=NOW, **more)


def page(body: str, head: str = "", title: str = "Careers at Acme") -> str:
    """A whole page around a body."""
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


def titles(result: Extraction) -> list[str]:
    """The titles in order."""
    return [job.title for job in result.jobs]


def fields(job: Job, *names: str) -> tuple[Any, ...]:
    """Some fields of a job."""
    return tuple(getattr(job, name) for name in names)
