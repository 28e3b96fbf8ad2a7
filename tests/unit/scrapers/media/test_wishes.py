"""What a media job is asked for: the page, and the collection that it is kept in."""

from __future__ import annotations

import pytest

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.media import recipe
from livepane.scrapers.media.wishes import LONGEST_WORDS, collection


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.shop.example/", "shop.example-gallery"),
        ("http://127.0.0.1:8080/", "127.0.0.1-8080-gallery"),
        ("https://shop.example/albums/summer%202024/", "shop.example-gallery-albums-summer-2024"),
        ("https://shop.example/index.php?album=7&utm_source=mail", "shop.example-gallery-7"),
    ],
)
def test_each_album_of_a_host_has_a_collection_of_its_own(url: str, name: str) -> None:
    assert collection(url, "gallery", None) == name


def test_the_name_of_a_collection_stays_short_and_its_own() -> None:
    one, other = (collection(f"https://shop.example/{way}/{'very-long/' * 20}", "gallery", None) for way in "ab")
    assert one != other
    assert max(len(one), len(other)) <= len("shop.example-gallery-") + LONGEST_WORDS


def test_a_user_or_a_wish_names_the_collection_instead_of_the_page() -> None:
    assert collection("https://shop.example/p/ann", "fastdl", "ann") == "shop.example-fastdl-ann"
    assert collection("https://shop.example/p/ann", "gallery", None, "trees") == "trees"


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        ("ftp://x/", "refused_target", "is neither http:// nor https://"),
        ("notaurl", "bad_target", "is no address of a page"),
        ("https://ann:secret@shop.example/@ann", "bad_target", "carries a name or password"),
    ],
)
def test_what_is_no_page_is_refused_with_an_example_of_one(target: str, code: str, words: str) -> None:
    with pytest.raises(ScrapeError) as error:
        recipe.check(target, {})
    assert error.value.code == code
    assert f"{words}: give the address of the page, such as https://example.org/pictures" in error.value.message
