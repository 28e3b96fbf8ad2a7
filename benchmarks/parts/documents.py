"""Large documents of postings, made when they are needed."""

from __future__ import annotations

import html
import json

WORDS = "We forge anvils for smiths who care, and we write down how we do it so that nobody has to ask twice. "


def posting(number: int) -> dict[str, object]:
    """One JobPosting with a text of about 2 KB."""
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": f"Senior Smith {number}",
        "url": f"https://anvil.example/jobs/{number}",
        "description": f"<p>{WORDS * 20}</p>",
        "datePosted": "2026-11-01",
        "employmentType": "FULL_TIME",
        "identifier": {"@type": "PropertyValue", "value": str(number)},
        "hiringOrganization": {"@type": "Organization", "name": "Anvil"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Hagen", "addressCountry": "DE"}},
    }


def page(size: int, *, postings: int, filling: str) -> str:
    """A page of so many bytes: JSON-LD of its postings, and the rest either `markup` or one large `script`."""
    linked = json.dumps({"@graph": [posting(number) for number in range(postings)]})
    title = "Jobs at Anvil" if postings > 1 else "Senior Smith 0 – Anvil"
    head = f'<title>{title}</title><script type="application/ld+json">{linked}</script>'
    left = max(0, size - len(head))
    if filling == "markup":
        card = f'<div class="card"><h3>News</h3><p>{html.escape(WORDS)}</p><a href="/news/1">more</a></div>'
        rest = card * (left // len(card))
    else:
        row = json.dumps({"id": 1, "name": "An anvil", "text": WORDS})
        rest = f'<script id="__NEXT_DATA__" type="application/json">[{",".join([row] * (left // (len(row) + 1)))}]</script>'
    return f"<!doctype html><html><head>{head}</head><body><h1>Jobs</h1>{rest}</body></html>"
