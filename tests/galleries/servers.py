"""Addresses that say sizes, as content systems and image servers write them; and those that only look as if they did."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.boards.nouns import Reply, Request
from tests.galleries.easel import Easel, Item, best, items
from tests.galleries.nouns import Shape


def shapes(easel: Easel) -> Iterator[Shape]:
    """WordPress, Google, Tumblr, Flickr, imgix, Cloudinary, Next.js, thumbnails by name, and a trap."""
    yield _wordpress(easel)
    yield _google(easel)
    yield _tumblr_and_flickr(easel)
    yield _parameters(easel)
    yield _cloudinary(easel)
    yield _next(easel)
    yield _named(easel)
    yield _trap(easel)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _wordpress(easel: Easel) -> Shape:
    root, all_of = "https://wordpress.example", items("wordpress", 7)
    cells, true = "", best(all_of)
    for one in all_of:
        base = f"{root}/wp-content/uploads/2024/05/IMG_{one.number + 100}"
        small = one.at(300)
        suffix = "150x150" if one.number == 3 else f"{small[0]}x{small[1]}"
        easel.hang(f"{base}-{suffix}.jpg", one.name, *((150, 150) if one.number == 3 else small), square=one.number == 3)
        if one.number == 5:  # its original was deleted
            true[one.name] = small
        else:
            easel.hang(f"{base}.jpg", one.name, *one.size)
        cells += f'<figure class="wp-block-image"><img src="{base}-{suffix}.jpg" alt=""></figure>'
    easel.page(f"{root}/2024/05/trip/", f"<main><article>{cells}</article></main>", "Trip")
    return Shape("-300x200", "sizes of WordPress, one original gone", f"{root}/2024/05/trip/", true)


def _google(easel: Easel) -> Shape:
    root, all_of = "https://albums.example", items("google", 6)
    cells = ""
    for one in all_of:
        base = f"https://lh3.googleusercontent.com/pw/AP1GczM{one.number}xQ"
        for path, width in ((f"{base}=s220", 220), (f"{base}=w220-h146-no", 220), (f"{base}=s0", one.width)):
            easel.hang(path, one.name, *one.at(width))
        cells += f'<div class="p"><img src="{base}={"s220" if one.number % 2 else "w220-h146-no"}" alt=""></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Album")
    return Shape("=s220", "sizes of Google's picture server", f"{root}/", best(all_of))


def _tumblr_and_flickr(easel: Easel) -> Shape:
    root, all_of = "https://reblogged.example", items("reblogged", 6)
    cells = ""
    for one in all_of:
        if one.number % 2:
            small, large = (f"https://64.media.tumblr.com/0a1b2c/tumblr_p{one.number}q_{size}.jpg" for size in (500, 1280))
        else:
            small, large = (f"https://live.staticflickr.com/65535/5312345{one.number}01_a1b2c3d4e5_{size}.jpg" for size in "mb")
        easel.hang(small, one.name, *one.at(240))
        easel.hang(large, one.name, *one.size)
        cells += f'<div class="post"><img src="{small}" alt=""></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Blog")
    return Shape("_500, _m", "sizes of Tumblr and Flickr", f"{root}/", best(all_of))


def _parameters(easel: Easel) -> Shape:
    root, all_of = "https://parameters.example", items("parameters", 6)
    cells = ""
    for one in all_of:
        base = f"https://assets.parameters.example/{one.number}.jpg"
        easel.scaled(base, one.name, one.size, lambda request: _number(request.query.get("w") or request.query.get("width")))
        cells += f'<div class="p"><img src="{base}?{"w=300&amp;h=200&amp;fit=crop&amp;auto=format&amp;q=60" if one.number % 2 else "v=1712&amp;width=360"}" width="300" height="200" alt=""></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Catalogue")
    return Shape("?w=300", "sizes in the query, as imgix and Shopify take them", f"{root}/", best(all_of))


def _cloudinary(easel: Easel) -> Shape:
    root, all_of = "https://clouds.example", items("clouds", 5)
    cells = ""
    for one in all_of:
        base = "https://res.cloudinary.com/demo/image/upload"

        def answer(request: Request, one: Item = one) -> Reply:
            asked = re.search(r"w_(\d+)", request.path)
            width = min(int(asked[1]), one.width) if asked else one.width
            return easel.reply(one.name, *one.at(width))

        for part in ("", "w_300,h_200,c_fit/", "c_fit,w_400/q_auto,f_auto/"):
            easel.web.on(f"{base}/{part}v17/set/{one.number}.jpg", answer)
        small = f"{base}/{'w_300,h_200,c_fit/' if one.number % 2 else 'c_fit,w_400/q_auto,f_auto/'}v17/set/{one.number}.jpg"
        cells += f'<div class="p"><img src="{small}" alt=""></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Clouds")
    return Shape("w_300,c_fit", "transformations of Cloudinary", f"{root}/", best(all_of))


def _next(easel: Easel) -> Shape:
    root, all_of = "https://nextjs.example", items("nextjs", 6)

    def answer(request: Request) -> Reply:
        if "w" not in request.query:
            return Reply('"w" parameter (width) is required', 400, "text/plain")
        one = all_of[int(request.query["url"].rpartition("/")[2].partition(".")[0])]
        return easel.reply(one.name, *one.at(min(int(request.query["w"]), one.width, 640)))

    easel.web.on(f"{root}/_next/image", answer)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/media/{one.number}.jpg", one.name, *one.size)
        at = f"/_next/image?url=%2Fmedia%2F{one.number}.jpg&amp;w="
        cells += f'<div style="position:relative;width:320px;height:240px"><img alt="" srcset="{at}384&amp;q=75 1x, {at}640&amp;q=75 2x" src="{at}640&amp;q=75" style="position:absolute;inset:0;width:100%;height:100%"></div>'
    easel.page(f"{root}/", f'<main id="__next">{cells}</main>', "Next")
    return Shape("/_next/image", "an image server that is given the address of the original", f"{root}/", best(all_of))


def _named(easel: Easel) -> Shape:
    root, all_of = "https://named.example", items("named", 6)
    cells = ""
    for one in all_of:
        small, large = (
            (f"/g/sea{one.number}_thumb.jpg", f"/g/sea{one.number}.jpg"),
            (f"/g/thumbs/sea{one.number}.jpg", f"/g/sea{one.number}.jpg"),
            (f"/g/tn_sea{one.number}.jpg", f"/g/sea{one.number}.jpg"),
        )[one.number % 3]
        easel.hang(root + small, one.name, *one.at(200))
        easel.hang(root + large, one.name, *one.size)
        cells += f'<td><img src="{small}" alt=""></td>'
    easel.page(f"{root}/g/", f"<main><table><tr>{cells}</tr></table></main>", "Sea")
    return Shape("_thumb", "thumbnails by name and by folder", f"{root}/g/", best(all_of))


def _trap(easel: Easel) -> Shape:
    root, all_of = "https://trap.example", items("trap", 6)
    cells, true = "", {}
    for one in all_of:
        easel.hang(f"{root}/p/{one.number}_small.jpg", one.name, *one.at(500))
        true[one.name] = one.at(500)
        cells += f'<div class="p"><img src="/p/{one.number}_small.jpg" alt=""></div>'
    # Whatever else is asked for: a large picture that says that there is none.
    easel.web.on(f"{root}/p/*", lambda _: easel.reply("decoy sorry", 1400, 933))
    easel.page(f"{root}/", f"<main>{cells}</main>", "Trap")
    return Shape("soft 404", "a server that answers every guess with the same picture", f"{root}/", true)
