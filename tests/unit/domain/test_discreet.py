"""What a guest reads of addresses, and of titles and sentences that hold them."""

from __future__ import annotations

import pytest

from livepane.domain import discreet

KEY = "SECRETQ"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"http://a.test/x?id={KEY}#frag", "http://a.test/x"),
        (f"http://a.test/x#{KEY}?y", "http://a.test/x"),
        (f"https://ada:{KEY}@a.test:8443/x", "https://a.test:8443/x"),
        (f"http://a.test?{KEY}", "http://a.test"),
        ("http://a.test/@ada/x", "http://a.test/@ada/x"),
        ("about:blank", "about:blank"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_place_alone(url: str, told: str) -> None:
    assert discreet.address(url) == told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        (f"http://a.test/x?id={KEY}#frag", "http://a.test/x"),
        (f"127.0.0.1:8000/x?id={KEY}#frag", "127.0.0.1:8000/x"),
        (f"https://a.test/x?q=two {KEY} words", "https://a.test/x"),
        (f"a.test/x#two {KEY}", "a.test/x"),
        (f"grafana/d/x?auth_token={KEY}", "grafana/d/x"),  # a host without a dot, as its URL has it
        (f"localhost/x?{KEY}", "localhost/x"),
        (f"media_download a.test/x?id={KEY}", "media_download a.test/x"),
        (f"Log in (http://a.test/x?id={KEY})", "Log in (http://a.test/x"),
        ("Sensors · Kitchen", "Sensors · Kitchen"),
        ("What is this? Answer #3 of 5/6", "What is this? Answer #3 of 5/6"),
        ("AC/DC? Yes", "AC/DC? Yes"),
        ("Chapter 1.2: and/or?", "Chapter 1.2: and/or?"),
    ],
)
def test_a_title_that_was_made_from_an_address_is_cut_like_one(title: str, told: str) -> None:
    assert discreet.title(title, f"http://grafana/d/x?auth_token={KEY}") == told


def test_sentences_keep_their_words() -> None:
    said = f"The page http://a.test/x?id={KEY} was closed; 'https://b.test/?{KEY}' and c.test/y?{KEY} were not. Why?"
    assert discreet.text(said) == "The page http://a.test/x was closed; 'https://b.test/' and c.test/y were not. Why?"
