"""Rippling: a row for every place of a job, two feeds, boards with their list in the state of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick, with_uuids
from tests.boards.web import Web

PLACE = {"remote": "REMOTE", "hybrid": "HYBRID", "onsite": "ON_SITE"}
PAGE = 20


def _rows(slug: str, openings: tuple[Opening, ...]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in openings:
        place = {
            "name": f"{one.place.city}, {one.place.country}",
            "country": one.place.country,
            "countryCode": one.place.code,
            "state": None,
            "city": one.place.city,
            "workplaceType": PLACE[one.workplace],
        }
        rows.append(
            {
                "id": one.id,
                "name": one.title,
                "url": f"https://ats.rippling.com/{slug}/jobs/{one.id}",
                "department": {"name": one.department},
                "locations": [place],
                "language": "en-US",
            }
        )
    return rows


def tenant(web: Web, slug: str, openings: tuple[Opening, ...]) -> tuple[str, list[dict[str, object]]]:
    """Feeds and page of a board; the first opening is also listed in Hamburg."""
    rows = _rows(slug, openings)
    second = dict(rows[0]) | {
        "locations": [
            {"name": "Hamburg, Germany", "country": "Germany", "city": "Hamburg", "workplaceType": PLACE[openings[0].workplace]}
        ]
    }
    rows.insert(1, second)

    def answer(request: Request) -> Reply:
        page, size = int(request.query.get("page", "0")), int(request.query.get("pageSize", str(PAGE)))
        value = {
            "items": rows[page * size : (page + 1) * size],
            "page": page,
            "pageSize": size,
            "totalItems": len(rows),
            "totalPages": -(-len(rows) // size),
        }
        return Reply(json.dumps(value), content_type="application/json")

    older = [
        {
            "uuid": row["id"],
            "name": row["name"],
            "department": {"id": "d", "label": row["department"]["name"]},  # type: ignore[index]
            "url": row["url"],
            "workLocation": {"id": "w", "label": row["locations"][0]["name"]},  # type: ignore[index]
        }
        for row in rows
    ]
    web.json(f"https://api.rippling.com/platform/api/ats/v1/board/{slug}/jobs", older)
    state = {
        "props": {
            "pageProps": {
                "dehydratedState": {
                    "queries": [
                        {
                            "state": {
                                "data": {"items": rows, "page": 0, "pageSize": PAGE, "totalItems": len(rows), "totalPages": 1}
                            },
                            "queryKey": ["jobs"],
                        }
                    ]
                }
            }
        },
        "page": "/[boardSlug]/jobs",
    }
    web.on(
        f"https://ats.rippling.com/{slug}/jobs",
        pages.html(
            f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>',
            title="Open positions",
        ),
    )
    return web.on(f"https://ats.rippling.com/api/v2/board/{slug}/jobs", answer), rows


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A link, two feeds, a page."""
    own = with_uuids(pick(31, 5))
    url, _ = tenant(web, "riveter", own)
    jobs = tuple(
        one.expected(
            f"https://ats.rippling.com/riveter/jobs/{one.id}",
            web.now,
            "location_type",
            "department",
            "id",
            location=one.place.short + ("; Hamburg, Germany" if step == 0 else ""),
        )
        for step, one in enumerate(own)
    )
    body = '<h1>Careers</h1><p>Hold it together.</p><a href="https://ats.rippling.com/riveter/jobs">Open positions</a>'
    pages.company(web, "riveter.example", "Riveter", body)
    yield Site("riveter.example", "rippling", jobs, ats="rippling", token="riveter")
    yield Sheet("rippling", "feed", f"{url}?page=0&pageSize=100", jobs, ats="rippling", token="riveter")
    yield Sheet("rippling", "page", "https://ats.rippling.com/riveter/jobs", jobs, ats="rippling", token="riveter")
    older = tuple(
        one.expected(
            f"https://ats.rippling.com/riveter/jobs/{one.id}",
            web.now,
            "department",
            "id",
            location=one.place.short + ("; Hamburg, Germany" if step == 0 else ""),
        )
        for step, one in enumerate(own)
    )
    yield Sheet(
        "rippling",
        "older feed",
        "https://api.rippling.com/platform/api/ats/v1/board/riveter/jobs",
        older,
        ats="rippling",
        token="riveter",
    )
