"""Grids whose pictures say in their markup where the large ones are."""

from __future__ import annotations

from collections.abc import Iterator

from tests.galleries.easel import PIXEL, Easel, best, items
from tests.galleries.nouns import Shape

LAZY = """
const seen = new IntersectionObserver(entries => { for (const { isIntersecting, target } of entries) if (isIntersecting) {
  target.src = target.dataset.src; if (target.dataset.srcset) target.srcset = target.dataset.srcset; seen.unobserve(target); } });
for (const one of document.querySelectorAll('img.lazyload')) seen.observe(one);
"""


def shapes(easel: Easel) -> Iterator[Shape]:
    """Links, srcset, picture, lazy loading, backgrounds, captions, attributes of lightboxes."""
    yield _linked(easel)
    yield _widths(easel)
    yield _densities(easel)
    yield _types(easel)
    yield _lazy(easel)
    yield _noscript(easel)
    yield _backgrounds(easel)
    yield _captions(easel)
    yield _lightbox_attributes(easel)
    yield _based(easel)
    yield _carousel(easel)
    yield _touchy(easel)


def _linked(easel: Easel) -> Shape:
    root, all_of = "https://linked.example", items("linked", 9)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(240))
        easel.hang(f"{root}/photos/tour-{one.number}.jpg", one.name, *one.size)
        cells += f'<a href="/photos/tour-{one.number}.jpg"><img src="/t/{one.number}.jpg" width="240" alt="Tour, stage {one.number}"></a>'
    easel.page(f"{root}/gallery", f'<main><h1>The tour</h1><div class="grid">{cells}</div></main>', "The tour")
    return Shape("linked", "thumbnails that link to the files", f"{root}/gallery", best(all_of))


def _widths(easel: Easel) -> Shape:
    root, all_of = "https://widths.example", items("widths", 8)
    cells = ""
    for one in all_of:
        widths = (320, 640, one.width)
        for width in widths:
            easel.hang(f"{root}/i/{width}/p{one.number},v2.jpg", one.name, *one.at(width))
        sources = ", ".join(f"/i/{width}/p{one.number},v2.jpg {width}w" for width in widths)
        cells += f'<li><figure><img srcset="{sources}" sizes="(max-width: 600px) 100vw, 300px" src="/i/320/p{one.number},v2.jpg" alt=""><figcaption>Plate {one.number}</figcaption></figure></li>'
    easel.page(f"{root}/", f"<main><ul>{cells}</ul></main>", "Plates")
    return Shape("srcset w", "srcset with widths, and commas in addresses", f"{root}/", best(all_of))


def _densities(easel: Easel) -> Shape:
    root, all_of = "https://densities.example", items("densities", 6)
    cells = ""
    for one in all_of:
        third = (one.width // 3, round(one.height / 3))
        for times in (1, 2):
            easel.hang(f"{root}/{one.number}@{times}x.jpg", one.name, third[0] * times, third[1] * times)
        easel.hang(f"{root}/{one.number}@3x.jpg", one.name, *one.size)
        cells += f'<div><img src="/{one.number}@1x.jpg" srcset="/{one.number}@2x.jpg 2x, /{one.number}@3x.jpg 3x" width="{third[0]}" height="{third[1]}" alt=""></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Sharp")
    return Shape("srcset x", "srcset with densities", f"{root}/", best(all_of))


def _types(easel: Easel) -> Shape:
    root, all_of = "https://types.example", items("types", 6)
    cells = ""
    for one in all_of:
        for width in (400, 800):
            easel.hang(f"{root}/{one.number}-{width}.webp", one.name, *one.at(width), "webp")
        easel.hang(f"{root}/{one.number}-small.jpg", one.name, *one.at(400))
        easel.hang(f"{root}/{one.number}-tall.jpg", one.name, *one.at(600), square=True)
        easel.hang(f"{root}/{one.number}-desk.jpg", one.name, *one.size)
        cells += (
            f'<picture><source media="(max-width: 500px)" srcset="/{one.number}-tall.jpg 600w">'
            f'<source type="image/webp" srcset="/{one.number}-400.webp 400w, /{one.number}-800.webp 800w">'
            f'<source type="image/jpeg" srcset="/{one.number}-small.jpg 400w, /{one.number}-desk.jpg {one.width}w">'
            f'<img src="/{one.number}-small.jpg" alt=""></picture>'
        )
    easel.page(f"{root}/", f'<main><section class="wall">{cells}</section></main>', "Kinds")
    return Shape("picture", "picture with types, media and sizes", f"{root}/", best(all_of))


def _lazy(easel: Easel) -> Shape:
    root, all_of = "https://lazy.example", items("lazy", 14)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/m/{one.number}.jpg", one.name, *one.at(480))
        easel.hang(f"{root}/l/{one.number}.jpg", one.name, *one.size)
        cells += f'<div class="cell" style="height:420px"><img class="lazyload" src="{PIXEL}" data-src="/m/{one.number}.jpg" data-srcset="/m/{one.number}.jpg 480w, /l/{one.number}.jpg {one.width}w" alt="Sheet {one.number}"></div>'
    easel.page(f"{root}/", f"<main>{cells}</main><script>{LAZY}</script>", "Sheets")
    return Shape("data-src", "lazy loading by a script, with data-src and data-srcset", f"{root}/", best(all_of))


def _noscript(easel: Easel) -> Shape:
    root, all_of = "https://noscript.example", items("noscript", 6)
    cells = ""
    easel.hang(f"{root}/placeholder.png", "decoy placeholder", 300, 200, "png")
    for one in all_of:
        easel.hang(f"{root}/img/{one.number}.jpg", one.name, *one.size)
        cells += f'<li><img class="wait" src="/placeholder.png" alt=""><noscript><img src="/img/{one.number}.jpg" alt="Leaf {one.number}"></noscript></li>'
    easel.page(f"{root}/", f"<main><ul>{cells}</ul></main>", "Leaves")
    return Shape("noscript", "placeholders, with the picture in noscript", f"{root}/", best(all_of))


def _backgrounds(easel: Easel) -> Shape:
    root, all_of = "https://backgrounds.example", items("backgrounds", 6)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/b/{one.number}.jpg", one.name, *one.size)
        easel.hang(f"{root}/b/{one.number}-half.jpg", one.name, *one.at(one.width // 2))
        value = (
            f"image-set(url('/b/{one.number}-half.jpg') 1x, url('/b/{one.number}.jpg') 2x)"
            if one.number % 2
            else f"linear-gradient(#0003,#0003), url(/b/{one.number}.jpg)"
        )
        cells += f'<div class="tile" style="width:300px;height:220px;background-image:{value}"></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Tiles")
    return Shape("background", "CSS backgrounds, with gradients and image-set", f"{root}/", best(all_of))


def _captions(easel: Easel) -> Shape:
    root, all_of = "https://captions.example", items("captions", 3)
    easel.hang(f"{root}/people/anna.jpg", "decoy author", 200, 200)
    parts = '<div class="byline"><img class="author-photo" src="/people/anna.jpg" width="80" height="80" alt="Anna">By Anna</div>'
    for one in all_of:
        easel.hang(f"{root}/m/{one.number}.jpg", one.name, *one.size)
        parts += f'<p>{"Words about it. " * 40}</p><figure><img src="/m/{one.number}.jpg" width="640" alt="IMG_{one.number}.jpg"><figcaption>Harbour at {one.number} o’clock</figcaption></figure>'
    easel.page(f"{root}/story", f"<main><article><h1>Harbour</h1>{parts}</article></main>", "Harbour")
    return Shape("captions", "an article with figures, its author, and other stories", f"{root}/story", best(all_of))


def _lightbox_attributes(easel: Easel) -> Shape:
    root, all_of = "https://attributes.example", items("attributes", 8)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/s/{one.number}.jpg", one.name, *one.at(300))
        easel.hang(f"{root}/x/{one.number}.jpg", one.name, *one.size)
        small, large = f'<img src="/s/{one.number}.jpg" width="300" alt="">', f"/x/{one.number}.jpg"
        cells += (
            f'<a class="g" data-pswp-src="{large}" data-pswp-width="{one.width}" data-pswp-height="{one.height}" href="#">{small}</a>',
            f'<a class="g" data-fancybox="all" href="{large}">{small}</a>',
            f'<div class="woocommerce-product-gallery__image" data-thumb="/s/{one.number}.jpg"><img src="/s/{one.number}.jpg" width="300" data-large_image="{large}" data-large_image_width="{one.width}" data-large_image_height="{one.height}" alt=""></div>',
            f'<div class="g"><img src="/s/{one.number}.jpg" width="300" data-orig-file="{large}" data-orig-size="{one.width},{one.height}" alt=""></div>',
        )[one.number % 4]
    easel.page(f"{root}/", f'<main><div class="all">{cells}</div></main>', "Attributes")
    return Shape("lightbox data", "PhotoSwipe, Fancybox, WooCommerce and Jetpack attributes", f"{root}/", best(all_of))


def _based(easel: Easel) -> Shape:
    root, all_of = "https://based.example", items("based", 6)
    cells = ""
    for one in all_of:
        easel.hang(f"https://cdn.based.example/set/full/{one.number}.jpg", one.name, *one.size)
        easel.hang(f"https://cdn.based.example/set/{one.number}.jpg", one.name, *one.at(200))
        large = (f"full/{one.number}.jpg", f"//cdn.based.example/set/full/{one.number}.jpg", f"../set/./full/{one.number}.jpg")[
            one.number % 3
        ]
        cells += f'<a href="{large}"><img src="{one.number}.jpg" width="200" alt=""></a>'
    page = '<base href="https://cdn.based.example/set/">'
    easel.page(f"{root}/deep/er/page.html", f"<main>{cells}</main>", "Based", head=page, furniture=False)
    return Shape("base href", "base href, relative and protocol-relative addresses", f"{root}/deep/er/page.html", best(all_of))


def _carousel(easel: Easel) -> Shape:
    root, all_of = "https://carousel.example", items("carousel", 5)
    for one in all_of:
        for word, size in (("small", one.at(120)), ("medium", one.at(500)), ("zoom", one.size)):
            easel.hang(f"{root}/p/{one.number}/{word}.jpg", one.name, *size)
    slides = "".join(
        f'<div class="slide{" clone" if clone else ""}"><img src="/p/{one.number}/medium.jpg" data-zoom-image="/p/{one.number}/zoom.jpg" width="500" alt="Chair"></div>'
        for one, clone in [(all_of[-1], 1), *((one, 0) for one in all_of), (all_of[0], 1)]
    )
    strip = "".join(
        f'<button><img src="/p/{one.number}/small.jpg" data-zoom-image="/p/{one.number}/zoom.jpg" width="80" height="80" alt=""></button>'
        for one in all_of
    )
    easel.hang(f"{root}/p/other.jpg", "decoy other product", 400, 400)
    others = "".join(
        f'<a href="/chair/{n}"><img src="/p/other.jpg?{n}" width="200" height="200" alt="Other chair"></a>' for n in range(3)
    )
    body = f'<main><div class="carousel">{slides}</div><div class="strip">{strip}</div><section class="related-products"><h2>You may also like</h2>{others}</section></main>'
    easel.page(f"{root}/chair", body, "Chair")
    return Shape(
        "carousel", "a product: slides with clones, a strip of thumbnails, other products", f"{root}/chair", best(all_of)
    )


def _touchy(easel: Easel) -> Shape:
    root, all_of = "https://touchy.example", items("touchy", 6)
    cells = ""
    easel.hang(f"{root}/sorry.jpg", "decoy sorry", 400, 300)
    for one in all_of:
        easel.hang(f"{root}/s/{one.number}.jpg", one.name, *one.at(300))
        easel.hang(f"{root}/l/{one.number}.jpg", one.name, *one.size)
        gone = ("this.closest('.card').remove()", "this.src='/sorry.jpg';this.srcset=''")[one.number % 2]
        cells += f'<div class="card"><img src="/s/{one.number}.jpg" srcset="/s/{one.number}.jpg 300w, /l/{one.number}.jpg {one.width}w" onerror="{gone}" alt=""></div>'
    easel.page(f"{root}/", f'<main><div class="cards">{cells}</div></main>', "Touchy")
    return Shape("onerror", "cards that go, or change, when their picture fails to load", f"{root}/", best(all_of))
