"""What of a page is an item, and what is its furniture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from livepane.scrapers.media.items import sort
from livepane.scrapers.media.seen import Seen

PAGE = "https://gallery.example/set/"
PLAIN = Seen(
    id=0,
    kind="image",
    base=PAGE,
    selector="img",
    box=(0, 0, 300, 200),
    attributes={},
    path=">html>body>main>ul>li>a",
    regions=("main",),
    marks=(),
)


def image(number: int, src: str = "", **more: Any) -> Seen:
    """A picture of a grid."""
    attributes = {"src": src or f"/t/{number}.jpg", **more.pop("attributes", {})}
    return replace(PLAIN, id=number, attributes=attributes, **more)


GRID = [image(n, link={"href": f"/photo/{n}"}) for n in range(1, 7)]

FURNITURE = {
    "a logo": image(50, "/logo.png", box=(0, 0, 180, 60)),
    "an avatar in a card": image(50, "/u/1.jpg", box=(0, 0, 48, 48)),
    "a user's picture": image(50, "/u/1.jpg", box=(0, 0, 96, 96), marks=("user-avatar",)),
    "a pixel that counts visits": image(50, "/p.gif", attributes={"width": "1", "height": "1"}),
    "a sprite": replace(image(50), kind="background", background='url("/s.png")', sprite=True, attributes={}),
    "the header's picture": image(50, regions=("banner",)),
    "a picture of the menu": image(50, regions=("banner", "nav")),
    "the footer's picture": image(50, regions=("contentinfo",)),
    "a story beside it": image(50, regions=("aside",)),
    "an advertisement by its place": image(50, marks=("", "ad-slot top")),
    "an advertisement by its host": image(50, "https://tpc.googlesyndication.com/x.jpg"),
    "a card that somebody has paid for": image(50, link={"href": "/photo/99", "rel": "sponsored noopener"}),
    "a card that leads to another site": image(50, link={"href": "https://shop.example/buy"}),
    "a small picture of something related": image(50, box=(0, 0, 90, 60), path=">html>body>main>section>img", marks=("related",)),
    "an icon that is drawn": image(50, "/i.svg", box=(0, 0, 100, 100)),
    "a place that waits for its picture": image(50, "/images/placeholder.png"),
    "an empty place": image(50, "data:image/gif;base64,R0#60"),
}


@pytest.mark.parametrize("what", FURNITURE)
def test_furniture_of_a_page_is_left_out(what: str) -> None:
    sorting = sort([*GRID, FURNITURE[what]], PAGE)
    assert [item.seen.id for item in sorting.items] == [1, 2, 3, 4, 5, 6]
    assert sorting.dropped.total() == 1


def test_an_item_is_known_by_its_own_page_and_else_by_its_address_without_sizes() -> None:
    sized = image(7, "https://cdn.example/a-300x200.jpg?v=3", link=None)
    keys = [item.key for item in sort([*GRID, sized], PAGE).items]
    assert keys[0] == "gallery.example/photo/1"
    assert keys[-1] == "cdn.example/a.jpg"


def test_a_picture_that_stands_twice_is_one_item_with_all_its_addresses() -> None:
    slide = image(1, "/m/chair.jpg", attributes={"data-zoom-image": "/z/chair.jpg"})
    thumb = image(2, "/s/chair.jpg", attributes={"data-zoom-image": "/z/chair.jpg"}, path=">html>body>div>button")
    (item,) = sort([slide, thumb], PAGE).items
    assert {offer.url.rpartition(".example")[2] for offer in item.offers} == {"/m/chair.jpg", "/z/chair.jpg", "/s/chair.jpg"}


def test_a_link_that_all_pictures_share_is_no_page_of_an_item() -> None:
    items = sort([image(n, link={"href": "/albums/all"}) for n in range(1, 6)], PAGE).items
    assert [item.detail for item in items] == [""] * 5
    assert len({item.key for item in items}) == 5


def test_pictures_of_logos_are_items_where_they_are_what_the_page_shows() -> None:
    logos = [image(n, f"/brands/logo-{n}.png", box=(0, 0, 400, 320)) for n in range(1, 7)]
    assert len(sort(logos, PAGE).items) == 6


def test_titles_are_captions_and_no_names_of_files() -> None:
    told = image(1, caption="  Harbour\n at night ", attributes={"alt": "IMG_1.jpg"})
    named = image(2, attributes={"alt": "IMG_0002.JPG"})
    assert [item.title for item in sort([told, named], PAGE).items] == ["Harbour at night", None]
