"""Companies whose openings only a browser sees: pages filled by scripts, from data in shapes of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

FILL = """
fetch('%s').then(r => r.json()).then(data => {
  const root = document.getElementById('root');
  root.innerHTML = '<h1>Open positions</h1><div class="list"></div>';
  for (const one of data.result.entries) {
    const row = document.createElement('div');
    row.className = 'role';
    row.innerHTML = `<a href="/careers/${one.slug}"><h3>${one.headline}</h3></a><span class="location">${one.office}</span><span>${one.team}</span>`;
    root.querySelector('.list').append(row);
  }
});
"""


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A shell whose front page and list both come by script; the list has an API of the company's own."""
    own = pick(14, 6, first=40)
    domain = "plasmatorch.example"
    entries = [
        {
            "uid": one.id,
            "slug": f"{one.id}-role",
            "headline": one.title,
            "office": one.place.short,
            "team": one.department,
            "contract": one.employment.replace("_", " "),
            "published": f"{one.posted(web.now):%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in own
    ]
    web.json(f"https://{domain}/api/v2/openings", {"result": {"entries": entries, "count": len(entries)}})
    web.script(f"https://{domain}/assets/app.9f3c.js", FILL % "/api/v2/openings")
    shell = pages.html(
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script type="module" src="/assets/app.9f3c.js"></script>',
        title="Careers – Plasmatorch",
    )
    pages.company(web, domain, "Plasmatorch", "")
    url = web.on(f"https://{domain}/careers", shell)
    jobs = tuple(one.expected(f"https://{domain}/careers/{one.id}-role", web.now, "location") for one in own)
    yield Site(domain, "spa", jobs, needs_browser=True)
    yield Sheet("spa", "shell", url, needs_escalation=True)
