"""Addresses that say sizes: where the whole picture may be, and what all sizes have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.scrapers.media.sizes import larger, stated, stem

# What a page shows → where the whole picture is, by the documented convention.
WHOLE = {
    "https://x.example/wp-content/uploads/2020/01/a-1024x683.jpg": "https://x.example/wp-content/uploads/2020/01/a.jpg",
    "https://x.example/wp-content/uploads/a-scaled.jpeg": "https://x.example/wp-content/uploads/a.jpeg",
    "https://lh3.googleusercontent.com/pw/AP1=w220-h146-no": "https://lh3.googleusercontent.com/pw/AP1=s0",
    "https://lh3.googleusercontent.com/abc=s220-c": "https://lh3.googleusercontent.com/abc=s0",
    "https://1.bp.blogspot.com/-a/b/c/s320/cat.jpg": "https://1.bp.blogspot.com/-a/b/c/s0/cat.jpg",
    "https://64.media.tumblr.com/0a/tumblr_pq_500.jpg": "https://64.media.tumblr.com/0a/tumblr_pq_1280.jpg",
    "https://live.staticflickr.com/65535/53123_a1b2c3d4e5_m.jpg": "https://live.staticflickr.com/65535/53123_a1b2c3d4e5_b.jpg",
    "https://i.pinimg.com/236x/ab/cd/ef/x.jpg": "https://i.pinimg.com/originals/ab/cd/ef/x.jpg",
    "https://i.imgur.com/AbCdEf1m.jpg": "https://i.imgur.com/AbCdEf1.jpg",
    "https://pbs.twimg.com/media/Xy?format=jpg&name=small": "https://pbs.twimg.com/media/Xy?format=jpg&name=orig",
    "https://m.media-amazon.com/images/I/71abc._AC_SX300_.jpg": "https://m.media-amazon.com/images/I/71abc.jpg",
    "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/F.jpg/220px-F.jpg": "https://upload.wikimedia.org/wikipedia/commons/a/ab/F.jpg",
    "https://res.cloudinary.com/d/image/upload/w_300,h_200,c_fill/q_auto/v12/n.jpg": "https://res.cloudinary.com/d/image/upload/v12/n.jpg",
    "https://x.example/cdn-cgi/image/width=80,quality=75/up/a.jpg": "https://x.example/up/a.jpg",
    "https://t.example/unsafe/300x200/smart/a.example/b.jpg": "https://t.example/unsafe/a.example/b.jpg",
    "https://a.storyblok.com/f/1/800x600/ab/x.jpg/m/300x200/smart": "https://a.storyblok.com/f/1/800x600/ab/x.jpg",
    "https://cdn.shopify.com/s/files/1/p/shoe_300x300.jpg?v=12": "https://cdn.shopify.com/s/files/1/p/shoe.jpg?v=12",
    "https://x.example/sites/default/files/styles/medium/public/a.jpg?itok=q": "https://x.example/sites/default/files/a.jpg?itok=q",
    "https://i0.wp.com/x.example/a.jpg?w=300&ssl=1": "https://x.example/a.jpg",
    "https://images.unsplash.com/photo-1?ixid=M&w=400&q=80&fit=crop": "https://images.unsplash.com/photo-1",
    "https://x.example/_next/image?url=%2Fm%2Fa.jpg&w=640&q=75": "https://x.example/m/a.jpg",
    "https://wsrv.nl/?url=x.example/a.jpg&w=300": "https://x.example/a.jpg",
    "https://images.squarespace-cdn.com/content/v1/a/b.jpg?format=500w": "https://images.squarespace-cdn.com/content/v1/a/b.jpg?format=original",
    "https://x.example/g/sea_thumb.jpg": "https://x.example/g/sea.jpg",
    "https://x.example/g/tn_sea.jpg": "https://x.example/g/sea.jpg",
}  # fmt: skip
NO_SIZE = (
    "https://x.example/a.jpg",
    "https://x.example/photo?id=7",
    "https://x.example/2020x2021-report.jpg",
    "https://x.example/a-150x150.jpg?X-Amz-Signature=0&w=3",  # signed: another address is refused
    "https://x.imgix.net/a.jpg?w=300&s=0123456789abcdef0123456789abcdef",
    "data:image/png;base64,AA",
    "not an address",
)


@pytest.mark.parametrize("small", WHOLE)
def test_the_whole_picture_is_guessed_by_what_servers_document(small: str) -> None:
    assert WHOLE[small] in [guess.url for guess in larger(small)]


@pytest.mark.parametrize("small", WHOLE)
def test_a_small_and_a_whole_picture_are_known_to_be_one(small: str) -> None:
    if "wsrv" in small or "unsplash" in small:
        return
    assert stem(small) == stem(WHOLE[small])


@pytest.mark.parametrize("url", NO_SIZE)
def test_nothing_is_guessed_of_an_address_that_says_no_size(url: str) -> None:
    assert larger(url) == []


def test_different_pictures_stay_different() -> None:
    assert stem("https://x.example/image.php?id=3&w=100") == stem("http://www.x.example/image.php?w=900&id=3")
    assert stem("https://x.example/image.php?id=3&w=100") != stem("https://x.example/image.php?id=4&w=100")
    assert stem("https://x.example/a-300x200.jpg") != stem("https://x.example/b-300x200.jpg")
    assert stem("https://x.example/a.jpg?Expires=1&Signature=q") == stem("https://x.example/a.jpg?Expires=2&Signature=r")


def test_the_size_that_an_address_asks_for_is_read() -> None:
    assert stated("https://x.example/a-300x200.jpg") == (300, 200)
    assert stated("https://x.example/a.jpg?w=640&q=75") == (640, None)
    assert stated("https://x.example/commons/thumb/a/ab/F.jpg/220px-F.jpg") == (220, None)
    assert stated("https://x.example/a.jpg") == (None, None)


@given(st.text(max_size=80), st.text(alphabet="-_x0123456789=?&wh/.jpg", max_size=60))
def test_no_address_breaks_the_guessing(host: str, rest: str) -> None:
    for url in (f"https://{host}/{rest}", f"https://x.example/{rest}"):
        for guess in larger(url):
            assert guess.url != url
        stem(url)
        stated(url)
