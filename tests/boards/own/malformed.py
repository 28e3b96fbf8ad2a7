"""Companies whose JSON-LD no parser takes as it is: what editors, themes and templates do to it, with other blocks beside it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Sheet, Site
from tests.boards.openings import pick
from tests.boards.own.structured import STATED, linked
from tests.boards.web import Web

# Blocks of other things, broken and whole: none of them is a posting, though some speak of one.
DECOYS = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"WebSite","name":"a "quoted" name",}</script>',
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[{"@type":"Question",'
    '"name":"How do I mark up a JobPosting?","acceptedAnswer":{"@type":"Answer","text":"{\\"@type\\": \\"JobPosting\\"}"}}]}</script>',
    '<!-- <script type="application/ld+json">{"@type":"JobPosting","title":"Our first posting, long gone"}</script> -->',
    '<script type="application/ld+json"></script>',
    '<script type="application/ld+json">[]</script>',
)


def _script(text: str, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{text}</script>'


def parts(web: Web) -> Iterator[Site | Sheet]:
    """Pages of an editor that puts tags and entities into the block; pages of templates that forget commas and quotes."""
    own = pick(2, 4, form="{}", first=2_100)
    root = "https://bellowsway.example/careers"
    whole = [json.dumps(linked(web, one, "Bellowsway", f"{root}/{one.id}"), indent=1) for one in own]
    written = [
        whole[0].replace("\n", "<br />\n"),  # an editor that ends lines for people
        html.escape(whole[1]),  # a template that escapes what is no markup
        "\ufeff" + whole[2].replace('"@context"', '"datePosted": "",\n "@context"', 1),  # said twice, the first time for nothing
        whole[3].replace("<p>We make", "<p>We make\t\r\n", 1) + ";",
    ]
    jobs = []
    for one, text in zip(own, written, strict=True):
        url = f"{root}/{one.id}"
        jobs.append(one.expected(url, web.now, *STATED))
        head = "".join(DECOYS) + _script(text, "application/ld+json; charset=utf-8")
        web.on(url, pages.framed("Bellowsway", f"<h1>{html.escape(one.title)}</h1>{one.body}", head=head))
        yield Sheet("json_ld_malformed", "an editor's", url, (jobs[-1],))
    cards = "".join(f'<p><a href="/careers/{one.id}">{html.escape(one.title)}</a></p>' for one in own)
    pages.company(web, "bellowsway.example", "Bellowsway", f"<h1>Open positions</h1>{cards}", head="".join(DECOYS))
    yield Site("bellowsway.example", "json_ld_malformed", tuple(jobs))

    own = pick(7, 4, form="{}", first=9_400)
    root = "https://drosshill.example/jobs"
    value = [linked(web, one, "Drosshill", f"{root}/{one.id}") for one in own]
    value[1]["datePosted"] = f"{own[1].posted(web.now):%Y-%m-%d %H:%M:%S} UTC"
    value[2]["@type"] = ["JobPosting", "Thing"]
    value[3]["jobLocation"] = [{"@type": "Place", "address": "Anywhere"}, value[3]["jobLocation"]]
    whole = [json.dumps(one) for one in value]
    written = [
        # Quotes inside a text that nobody escaped, and the commas between what follows forgotten.
        whole[0].replace("small team", 'small "team"', 1).replace(', "datePosted"', '\n"datePosted"', 1),
        whole[1] + whole[2],  # one after the other
        whole[3].replace('"@type": "JobPosting"', "'@type': 'JobPosting'", 1)[:-1],  # other quotes, and the end is missing
    ]
    head = "".join(DECOYS) + "".join(map(_script, written))
    cards = "".join(f'<li><a href="/jobs/{one.id}">{html.escape(one.title)}</a></li>' for one in own)
    url = pages.company(web, "drosshill.example", "Drosshill", f"<h1>Jobs</h1><ul>{cards}</ul>", path="/jobs", head=head)
    found = tuple(one.expected(f"{root}/{one.id}", web.now, *STATED) for one in own)
    yield Site("drosshill.example", "json_ld_malformed", found)
    yield Sheet("json_ld_malformed", "a template's", url, found)
