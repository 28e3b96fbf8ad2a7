"""Answers that send us elsewhere, or ask us to come back later. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from livepane.egress import errors
from livepane.egress.urls import Target, read_url

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SECRET = frozenset({"authorization", "cookie"})
LONGEST_WAIT = 10.0  # s that a Retry-After may ask for; beyond it the answer is passed on as it is


def redirected(target: Target, goal: str) -> Target:
    """Where a Location leads; some servers send UTF-8 in it."""
    with suppress(UnicodeError):
        goal = goal.encode("latin-1").decode()
    return read_url(goal, target)


def check_redirects(asked: Target, passed: list[str], most: int) -> None:
    """Go on?

    Raises:
        ScrapeError: `passed` are too many.
    """
    if len(passed) > most:
        circle = "in a circle" if len(set(passed)) < len(passed) else "on and on"
        raise errors.astray(f"{asked.where} redirects {circle}: {most} redirects are followed.")


def headers_for(target: Target, before: Target, headers: Mapping[str, str]) -> dict[str, str]:
    """What may be sent after a redirect: secrets stay with the one whom they are for."""
    if target.origin == before.origin:
        return dict(headers)
    return {name: value for name, value in headers.items() if name.lower() not in SECRET}


def retry_after(text: str) -> float | None:
    """Seconds of a Retry-After header, a number or a date; None when there is none."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**6))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def wait_asked_for(status: int, header: str) -> float | None:
    """Seconds until the same may be asked again; None: this is the answer."""
    if status not in (429, 503):
        return None
    seconds = retry_after(header)
    return None if seconds is None or seconds > LONGEST_WAIT else seconds
