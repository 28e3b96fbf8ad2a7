"""What the made world consists of: openings, companies with what is true of them, requests and replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works."""

    city: str
    region: str
    country: str
    code: str  # ISO 3166

    @property
    def short(self) -> str:
        """As most boards write it."""
        return f"{self.city}, {self.country}"


@dataclass(frozen=True, slots=True)
class Pay:
    """What it pays, as it is stated."""

    low: int
    high: int
    currency: str
    period: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening, with everything that can be true of it."""

    id: str
    title: str
    place: Place
    workplace: str = "onsite"
    department: str = ""
    employment: str = "full_time"
    seniority: str | None = None  # None: people differ
    contract: bool = False
    pay: Pay | None = None
    age: int = 3  # days
    body: str = ""

    def posted(self, now: datetime) -> datetime:
        """When it was posted."""
        return now.replace(hour=8, minute=30, second=0, microsecond=0) - timedelta(days=self.age)

    def expected(self, url: str, now: datetime, *states: str, **said: str | None) -> Expected:
        """What can be known of it from a source that states these fields; `said` is how the source words one."""
        known: dict[str, Any] = {
            "location": self.place.short,
            "location_type": self.workplace,
            "department": self.department,
            "employment_type": self.employment,
            "posted": self.posted(now).date(),
            "salary": self.pay,
            "id": self.id,
        }
        stated: dict[str, Any] = {name: known[name] for name in states} | said
        return replace(Expected(title=self.title, url=url, seniority=self.seniority, is_contract=self.contract), **stated)


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be found of one job; None is what its source does not state, and what is not judged."""

    title: str
    url: str
    location: str | None = None
    location_type: str | None = None
    department: str | None = None
    employment_type: str | None = None
    seniority: str | None = None
    is_contract: bool | None = None
    posted: date | None = None
    salary: Pay | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A company: what is asked for, and what has to come."""

    domain: str
    kind: str  # greenhouse, json_ld, static, spa, zero, blocked …
    jobs: tuple[Expected, ...] = ()
    needs_browser: bool = False
    error: str = ""  # the code, when it has to be an error; no jobs and no error is a real zero
    ats: str | None = None
    token: str | None = None

    @property
    def url(self) -> str:
        """Its front page."""
        return f"https://{self.domain}/"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document on its own, and what it has to give: jobs, an error's code, a zero, a page to go on to."""

    kind: str
    variant: str
    url: str
    jobs: tuple[Expected, ...] = ()
    error: str = ""
    next_page: str | None = None
    needs_escalation: bool = False
    ats: str | None = None
    token: str | None = None
    post: object = None  # the body of the request, for feeds that are asked by POST


@dataclass(frozen=True, slots=True)
class Request:
    """What a server is asked."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    secure: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """What it answers."""

    body: str | bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds beyond the latency of every answer

    @property
    def content(self) -> bytes:
        """The body as it goes out."""
        return self.body if isinstance(self.body, bytes) else self.body.encode()
