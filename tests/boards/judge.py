"""Holds what was found of a company against what is true of it: fields right, wrong and missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.boards.nouns import Expected, Pay

FIELDS = (
    "title",
    "url",
    "location",
    "location_type",
    "department",
    "employment_type",
    "seniority",
    "is_contract",
    "posted",
    "salary",
    "id",
)


@dataclass(slots=True)
class Judgement:
    """Counts over all fields, and a line for everything that is not right."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    jobs: int = 0  # that were expected
    lost: int = 0  # expected, not found
    invented: int = 0  # found, not expected
    faults: list[str] = field(default_factory=list)

    def add(self, other: Judgement) -> None:
        """Take the counts of another one, too."""
        self.right += other.right
        self.wrong += other.wrong
        self.missing += other.missing
        self.jobs += other.jobs
        self.lost += other.lost
        self.invented += other.invented
        self.faults += other.faults


def _plain(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().casefold()


def _address(url: str) -> str:
    return url.split("#")[0].rstrip("/").removeprefix("https://www.").removeprefix("https://")


def _said(job: Mapping[str, Any], name: str) -> object:
    """A field of a job as it is compared; None when the job does not say it."""
    if name == "posted":
        return str(job["posted_at"])[:10] if job["posted_at"] else None
    if name == "salary":
        pay = job["salary"]
        return (pay["min"], pay["max"], pay["currency"], pay["period"]) if pay else None
    if name == "url":
        return _address(str(job["url"]))
    value = job[name]
    return value if isinstance(value, bool) else (_plain(value) or None)


def _true(expected: Expected, name: str) -> object:
    value = getattr(expected, name)
    if isinstance(value, Pay):
        return (value.low, value.high, value.currency, value.period)
    if name == "url":
        return _address(value)
    if name == "seniority":
        return value or None
    return value if isinstance(value, bool) else _plain(value)


def judge(jobs: Sequence[Mapping[str, Any]], expected: Iterable[Expected], where: str) -> Judgement:
    """Every field that is stated, of every job; `where` begins the lines about faults."""
    out = Judgement()
    left = list(jobs)
    for one in expected:
        out.jobs += 1
        job = next(
            (job for job in left if _plain(job["title"]) == _plain(one.title) and _address(job["url"]) == _address(one.url)), None
        )
        job = job or next((job for job in left if _plain(job["title"]) == _plain(one.title)), None)
        if job is None:
            out.lost += 1
            out.faults.append(f"{where}: {one.title!r} was not found")
            continue
        left.remove(job)
        for name in FIELDS:
            if getattr(one, name) is None:
                continue
            said, true = _said(job, name), _true(one, name)
            if said == true:
                out.right[name] += 1
            elif said is None:
                out.missing[name] += 1
                out.faults.append(f"{where}: {one.title!r} has no {name}; it is {true!r}")
            else:
                out.wrong[name] += 1
                out.faults.append(f"{where}: {one.title!r} has {name} {said!r}; it is {true!r}")
    out.invented = len(left)
    out.faults += [f"{where}: {job['title']!r} is no job of it" for job in left]
    return out
