"""Pages that scripts fill: rendered by a real Chromium, one for all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.boards import Reply, Web
from tests.boards.company import company, html
from tests.integration.scraping.made import Serve

COUNT = """
fetch('/api/openings').then(answer => answer.json())
  .then(data => document.querySelector('#list').innerHTML = `<b>${data.openings.length} openings</b>`);
"""
MORE = """
let shown = 0;
function more() {
  const list = document.querySelector('#list');
  for (const end = shown + 4; shown < end && shown < 10; shown++)
    list.innerHTML += `<li class="job"><a href="/jobs/${shown}"><h3>Smith ${shown}</h3></a><span class="place">Bern</span></li>`;
  if (shown >= 10) document.querySelector('button').remove();
}
setTimeout(more, 50);
"""
WIDGET = "fetch('https://api.' + 'lever.co/v0/' + 'postings/forge').then(() => document.body.append('Loaded'));"
NONE = "setTimeout(() => document.querySelector('#list').innerHTML = '<p>There are currently no open positions.</p>', 50);"
LINK = (
    "setTimeout(() => document.querySelector('#list').innerHTML = '<a href=\"/careers/open-positions\">Open positions</a>', 50);"
)
LIST = (
    "<h1>Open positions</h1><ul>"
    '<li class="job"><a href="/jobs/1"><h3>Master Smith</h3></a><span class="location">Bern</span></li>'
    '<li class="job"><a href="/jobs/2"><h3>Software Engineer</h3></a><span class="location">Bern</span></li></ul>'
)


@dataclass(frozen=True, slots=True)
class Case:
    """What a careers page is filled with, and what is to come of it."""

    script: str
    titles: list[str]
    rung: str
    inside: str = '<div id="list"></div>'
    front: str = ""  # the script of a front page that is a shell, too
    opened: int = 1


BUTTON = '<ul id="list"></ul><button onclick="more()">Load more</button>'
CASES = {
    "anvil": Case(COUNT, ["Master Smith", "Software Engineer"], "xhr"),
    "bellows": Case(MORE, [f"Smith {n}" for n in range(10)], "rendered", BUTTON),
    "forge": Case(WIDGET, ["Master Smith", "Miner"], "vendor_feed"),
    "hammer": Case(NONE, [], "rendered", front="console.log('a shell that leads nowhere')", opened=2),
    "chisel": Case(NONE, ["Master Smith", "Software Engineer"], "markup", front=LINK),
}


def made_web() -> Web:
    """A company for each case; an API and a board that only scripts know of."""
    web = Web()
    for name, case in CASES.items():
        company(web, f"{name}.example", name.title(), "")
        page = f'<div id="root">{case.inside}</div><noscript>You need to enable JavaScript to run this app.</noscript>'
        web.on(
            f"https://{name}.example/careers", html(f"{page}<script>{case.script}</script>", title=f"Careers at {name.title()}")
        )
        if case.front:
            web.on(f"https://{name}.example/", html(f"{page}<script>{case.front}</script>", title=name.title()))
    openings = [{"id": 1, "title": "Master Smith", "city": "Bern"}, {"id": 2, "title": "Software Engineer", "city": "Basel"}]
    web.json("https://anvil.example/api/openings", {"openings": openings})
    web.on("https://chisel.example/careers/open-positions", html(LIST, title="Open positions"))
    titles = ("Master Smith", "Miner")
    rows = [{"id": str(n), "text": title, "hostedUrl": f"https://jobs.lever.co/forge/{n}"} for n, title in enumerate(titles)]
    headers = {"access-control-allow-origin": "*"}
    web.on("https://api.lever.co/v0/postings/forge", Reply(json.dumps(rows), content_type="application/json", headers=headers))
    return web


@pytest.mark.timeout(180)  # five pages, two at a time
def test_what_scripts_bring_is_found_whatever_way_it_comes(served: Serve) -> None:
    with served(made_web()) as made:
        found = dict(zip(CASES, made.scrape(*(f"{name}.example" for name in CASES), details="never"), strict=True))
    for name, case in CASES.items():
        got = found[name]
        assert sorted(got.titles) == sorted(case.titles), f"{name}: {got.error} {got.message} {got.facts}"
        assert (got.facts["rung"], got.facts["opened"]) == (case.rung, case.opened), name
    assert found["hammer"].facts["diagnostics"]["zero"]
    assert [job["url"] for job in found["anvil"].jobs] == [f"https://anvil.example/careers#{n}" for n in (1, 2)]  # for people


def test_a_job_that_may_not_render_says_what_it_could_not_read(served: Serve) -> None:
    with served(made_web()) as made:
        got = made.one("anvil.example", browser="never")
        assert got.error == "unknown"
        assert "https://anvil.example/careers" in got.message
