"""What a rule found, before anything is judged: rows in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Tier = Literal["feed", "json_ld", "microdata", "detail", "list"]


@dataclass(frozen=True, slots=True)
class Salary:
    """Pay as it was stated; nothing is converted to another period or currency."""

    min: float | None
    max: float | None
    currency: str  # ISO 4217, "" when not said
    period: str  # hour day week month year, "" when not said
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The shape on the wire."""
        return {"min": self.min, "max": self.max, "currency": self.currency, "period": self.period, "text": self.text}


@dataclass(slots=True)
class Posting:
    """One row in the words of its source; `job.build` makes a job of it."""

    title: str
    url: str = ""
    slug: str = ""  # the last part of an address that its source does not state
    id: str = ""
    company: str = ""
    locations: list[str] = field(default_factory=list)
    workplace: str = ""  # the vendor's own word: "Hybrid", "on_site", "fully"
    remote: bool | None = None
    department: str = ""
    employment: str = ""  # all that the source says about it, joined by " / "
    seniority: str = ""
    role_hint: str = ""  # the vendor's function or category, when it has one beside the department
    description: str = ""  # HTML or text
    posted: Any = None
    valid_through: Any = None
    salary: Salary | None = None
    salary_text: str = ""
    apply: str = ""
    evergreen: bool = False
    signals: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """What one rule says of a document."""

    source: str  # extraction_source of its jobs: "greenhouse_api", "json_ld", …
    tier: Tier
    postings: list[Posting] = field(default_factory=list)
    company: str = ""
    total: int | None = None  # what the source says that it has, None when it does not say
    next_page: str | None = None
    zero: str = ""  # why an empty list is a real zero; "" when it is not known
    error: str = ""
    ats: str = ""
    token: str = ""
    note: str = ""
    follow: str | None = None  # where the answer is, when it is not here
