"""The score of a posting: how much it can be believed, never how well it fits somebody. Every term leaves a signal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from livepane.scrapers.job_postings.posting import Tier

WEIGHTS: dict[str, int] = {
    "source:feed": 25,
    "source:json_ld": 20,
    "source:microdata": 18,
    "source:detail": 12,
    "source:list": 6,
    "fresh:week": 20,
    "fresh:month": 8,
    "fresh:old": 0,
    "stale": -15,
    "date:unknown": 6,
    "has:title": 10,
    "has:location": 8,
    "has:description": 8,
    "has:department": 4,
    "has:employment_type": 4,
    "has:salary": 8,
    "apply:direct": 8,
    "apply:mailto": 4,
    "board:verified": 5,
    "board:unverified": -10,
    "evergreen": -25,
    "jsonld:repaired": -3,
    "conflict:remote": -5,
    "detail:missing": -5,
    "count:mismatch": -5,
    "location:placeholder": -3,
}
WEEK, MONTH, OLD, STALE = 7, 30, 90, 180  # days
LONG_ENOUGH = 500  # characters of a description


def freshness(age: float | None) -> tuple[int, str]:
    """Points and signal for an age in days; None is an unknown one. Never more points for an older posting."""
    if age is None:
        return WEIGHTS["date:unknown"], "date:unknown"
    days = max(0, int(age))
    if days > STALE:
        return WEIGHTS["stale"], f"stale:{days}d"
    week, month, old = WEIGHTS["fresh:week"], WEIGHTS["fresh:month"], WEIGHTS["fresh:old"]
    if days <= WEEK:
        points = float(week)
    elif days <= MONTH:
        points = week - (week - month) * (days - WEEK) / (MONTH - WEEK)
    elif days <= OLD:
        points = month - (month - old) * (days - MONTH) / (OLD - MONTH)
    else:
        points = float(old)
    return round(points), f"fresh:{days}d" if days <= OLD else f"age:{days}d"


def score(*, tier: Tier, source: str, posted: datetime | None, now: datetime, facts: Iterable[str]) -> tuple[int, list[str]]:
    """0 to 100 and the signals; `facts` are keys of WEIGHTS that hold for the posting."""
    points = WEIGHTS[f"source:{tier}"]
    signals = [f"source:{source}"]
    fresh, signal = freshness(None if posted is None else (now - posted).total_seconds() / 86_400)
    points += fresh
    signals.append(signal)
    for fact in dict.fromkeys(facts):
        points += WEIGHTS[fact]
        signals.append(fact)
    return max(0, min(100, points)), signals
