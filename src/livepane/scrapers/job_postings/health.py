"""The health of a whole board, from that board alone: how much is open, how new it is. Nothing is claimed beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

from livepane.scrapers.job_postings.dates import iso, parse
from livepane.scrapers.job_postings.job import Job

ENOUGH = 5  # dated jobs; fewer say nothing
STALE = 180  # days


def company_health(
    jobs: Sequence[Job], *, now: datetime, ats: str = "", verified: bool | None = None, total: int | None = None, zero: str = ""
) -> dict[str, Any]:
    """Counts and shares of a board; `label` is hiring, steady, slow, stale, none or unknown, `basis` says why."""
    ages = [(now - posted).total_seconds() / 86_400 for job in jobs if (posted := parse(job.posted_at, now)) is not None]
    week, month = sum(age <= 7 for age in ages), sum(age <= 30 for age in ages)
    middle = round(median(ages), 1) if ages else None
    stale = sum(age > STALE for age in ages) / len(ages) if ages else None
    evergreen = sum("evergreen" in job.signals for job in jobs)
    basis = [f"{len(jobs)} jobs, {len(ages)} with a date"]
    if not jobs:
        label = "none" if zero else "unknown"
        basis = [f"the board says: {zero}" if zero else "no job was found, and nothing says that there is none"]
    elif len(ages) < ENOUGH:
        label = "unknown"
        basis.append(f"fewer than {ENOUGH} dated jobs")
    elif stale is not None and stale > 0.5:
        label = "stale"
        basis.append(f"{stale:.0%} are older than {STALE} days")
    elif month / len(ages) >= 0.3:
        label = "hiring"
        basis.append(f"{month} are at most 30 days old")
    else:
        label = "steady" if middle is not None and middle <= 90 else "slow"
        basis.append(f"half of them are older than {middle:g} days")
    dated = len(ages) / len(jobs) if jobs else 0.0
    whole = total is None or total == len(jobs)
    confidence = round(
        (0.9 if zero else 0.2)
        if not jobs
        else min(1.0, 0.3 + 0.5 * dated + (0.2 if whole else 0.0))
        if len(ages) >= ENOUGH
        else 0.3,
        2,
    )

    def share(count: int) -> float | None:
        return round(count / len(jobs), 3) if jobs else None

    return {
        "open_jobs": len(jobs) - evergreen,
        "dated_jobs": len(ages),
        "new_7d": week,
        "new_30d": month,
        "median_age_days": middle,
        "stale_share": round(stale, 3) if stale is not None else None,
        "evergreen_share": share(evergreen),
        "salary_disclosure_share": share(sum(job.salary is not None for job in jobs)),
        "remote_share": share(sum(job.location_type == "remote" for job in jobs)),
        "departments": dict(Counter(job.department for job in jobs if job.department).most_common(20)),
        "ats": ats or None,
        "board_verified": verified,
        "vendor_total": total,
        "parsed_total": len(jobs),
        "sources_agree": None if total is None else total == len(jobs),
        "checked_at": iso(now.astimezone(UTC)),
        "label": label,
        "confidence": confidence,
        "basis": basis,
    }
