"""Lists of sources as the HTML standard reads them, and as CSS writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.scrapers.media.seen import absolute
from livepane.scrapers.media.srcset import Source, of_css, parse

# What https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute says of each.
LISTS = {
    "a.jpg": [Source("a.jpg")],
    "a.jpg 1x, b.jpg 2.5x": [Source("a.jpg", density=1.0), Source("b.jpg", density=2.5)],
    "a.jpg 320w, b.jpg 640w": [Source("a.jpg", 320), Source("b.jpg", 640)],
    "a.jpg,b.jpg": [Source("a.jpg,b.jpg")],
    "a.jpg, b.jpg": [Source("a.jpg"), Source("b.jpg")],
    "w_300,h_200/a.jpg 300w,\n w_600,h_400/a.jpg 600w": [Source("w_300,h_200/a.jpg", 300), Source("w_600,h_400/a.jpg", 600)],
    " ,, a.jpg  2x ,, ": [Source("a.jpg", density=2.0)],
    "a.jpg 300w 200h": [Source("a.jpg", 300, None, 200)],
    "data:,a 1x, b.jpg 2x": [Source("data:,a", density=1.0), Source("b.jpg", density=2.0)],
    "a.jpg 1q, b.jpg 0w, c.jpg -1x, d.jpg 1x 2x, e.jpg 200h, f.jpg 10w": [Source("f.jpg", 10)],
    "a.jpg (1x, 2x) , b.jpg": [Source("b.jpg")],
    "": [],
}
BACKGROUNDS = {
    "none": [],
    'linear-gradient(rgb(0, 0, 0), rgb(1, 1, 1)), url("https://a.example/b c.jpg")': [Source("https://a.example/b c.jpg")],
    'url("a.jpg"), url(b.jpg)': [Source("a.jpg"), Source("b.jpg")],
    'image-set(url("a.jpg") 1dppx, url("b.jpg") 2dppx)': [Source("a.jpg", density=1.0), Source("b.jpg", density=2.0)],
    '-webkit-image-set(url("a.avif") 2x type("image/avif"), url("a.jpg") 1x)': [
        Source("a.avif", density=2.0),
        Source("a.jpg", density=1.0),
    ],
}


@pytest.mark.parametrize("text", LISTS)
def test_a_srcset_is_read_as_the_standard_says(text: str) -> None:
    assert parse(text) == LISTS[text]


@pytest.mark.parametrize("value", BACKGROUNDS)
def test_the_pictures_of_a_background_are_found(value: str) -> None:
    assert of_css(value) == BACKGROUNDS[value]


@given(st.text(alphabet="a,. \n()1wxh-", max_size=60))
def test_nothing_that_a_page_writes_breaks_the_reading(text: str) -> None:
    for source in parse(text):
        assert source.url
        assert not source.url.startswith(",")
        assert not set(source.url) & set(" \n")
    of_css(text)


def test_addresses_are_resolved_as_a_browser_resolves_them() -> None:
    base = "https://a.example/set/page.html"
    assert absolute(base, "x.jpg") == "https://a.example/set/x.jpg"
    assert absolute(base, " //b.example/x.jpg#part\n") == "https://b.example/x.jpg"
    assert absolute(base, "../a b/ü.jpg?q=1|2") == "https://a.example/a%20b/%C3%BC.jpg?q=1|2"
    assert absolute(base, "\\img\\x.jpg") == "https://a.example/img/x.jpg"
    for no in (
        "",
        "data:image/gif;base64,R0",
        "blob:https://a.example/1",
        "javascript:go()",
        "ftp://a.example/x.jpg",
        "https://u:p@a.example/x",
        "http://[x",
    ):
        assert absolute(base, no) == ""
