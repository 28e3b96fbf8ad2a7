"""A large page is looked at once: what it cannot hold is not looked for, and what it holds is found."""

from __future__ import annotations

import pytest

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.glance import LARGE, Glance
from livepane.scrapers.job_postings.text import AnyCase

CARD = '<div class="card"><h3>News</h3><p>Words &amp; more words, some of them twice.</p><a href="/news/1">more</a></div>'
PAGE = "https://anvil.example/jobs"


def large(body: str, *, before: int = 0) -> str:
    """A page that is large enough to be looked at once, with something after `before` characters."""
    filling = CARD * (LARGE // len(CARD) + 1)
    return f"<!doctype html><html><head><title>{'x' * before}</title></head><body>{body}{filling}</body></html>"


@pytest.mark.parametrize("before", range(8))
def test_a_word_is_found_wherever_it_begins(before: int) -> None:
    page = Document(large('<div id="Whr_Embed_Hook"></div><iframe src="/frame"></iframe>', before=before), PAGE)

    assert page.glance.may_hold("whr_embed_hook")
    assert page.says("Whr_Embed_Hook")
    assert not page.says("whr_embed_hook"), "this very word, in this very case"
    assert len(page.all("#Whr_Embed_Hook")) == 1
    assert len(page.all("#grnhse_app, iframe, [data-lazy-address]")) == 1
    assert page.first("iframe[src]") is not None


@pytest.mark.parametrize(
    "selector",
    [
        "#grnhse_app, .grnhse-careers",
        "iframe[src], object[data]",
        "[data-automation-id=jobTitle]",
        "script[src*=recruitee]",
        "section > .posting-headline h2",
    ],
)
def test_what_cannot_be_there_is_not_looked_for(selector: str) -> None:
    page = Document(large(""), PAGE)

    assert page.glance.parts(selector) == ""
    assert page.all(selector) == []
    assert page.first(selector) is None


@pytest.mark.parametrize(
    "selector",
    [
        "p:not(.opening-rows)",  # a word that must not be there
        "div:has(> a[href])",
        "div.card:nth-child(2), :is(h3, blockquote-of-ours)",
        "tbody, body > div",
        "DIV.card",
        "[class*=card]",
    ],
)
def test_a_selector_that_can_find_something_finds_all_of_it(selector: str) -> None:
    page = Document(large("<table><tr><td>1</td></tr></table>"), PAGE)

    assert len(page.all(selector)) == len(page.tree.css(selector)) > 0


def test_elements_in_capitals_are_found_too() -> None:
    page = Document(large("<IFRAME SRC='/frame'></IFRAME><SECTION CLASS='Posting-Headline'></SECTION>"), PAGE)

    assert len(page.all("iframe[src]")) == 1
    assert len(page.all("section.Posting-Headline")) == 1


def test_a_small_page_is_looked_into_at_once() -> None:
    glance = Glance(b"<div id=grnhse_app></div>")

    assert glance.may_hold("GRNHSE_app")
    assert not glance.may_hold("lever-jobs-container")


def test_nesting_without_end_is_cut_and_ordinary_pages_are_not() -> None:
    deep = Document("<div>" * 30_000 + "the end" + "</div>" * 30_000, PAGE)
    lists = Document(large("<ul>" + "<li>one<br><p>two" * 20_000 + "</ul>"), PAGE)
    stray = Document(large("<div></p></li>" * 30_000), PAGE)

    assert deep.glance.deep
    assert len(deep.all("div")) <= 512
    assert "the end" in deep.visible
    assert not lists.glance.deep, "items and paragraphs end each other"
    assert stray.glance.deep, "closing tags of what does not nest bring nobody up"


def test_a_pattern_finds_letters_of_either_case_at_their_places() -> None:
    pattern = AnyCase(r"keine (?:offenen )?stellen")

    for text in ("Leider: Keine Offenen Stellen.", "İ und İ: KEINE STELLEN"):
        match = pattern.search(text)
        assert match is not None
        assert text[match.start() : match.end()].lower().startswith("keine")
    assert pattern.search("viele Stellen") is None
