"""Galleries whose list shows small pictures only: the large ones are on pages of their own, or open by a click."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.galleries.easel import Easel, best, items
from tests.galleries.nouns import Shape

OVERLAY = """
const box = document.createElement('div'); box.id = 'viewer'; box.hidden = true;
box.style.cssText = 'position:fixed;inset:0;background:#000c;z-index:9';
box.innerHTML = '<img class="large"><button aria-label="Close">×</button>'; document.body.append(box);
for (const one of document.querySelectorAll('.shot')) one.addEventListener('click', () => {
  box.querySelector('img').src = one.dataset.id ? `/large/${one.dataset.id}.jpg` : ''; box.hidden = false; });
const shut = () => { box.hidden = true; box.querySelector('img').removeAttribute('src'); };
"""
STYLE = "<style>[hidden]{display:none!important}.shot{cursor:zoom-in}#viewer .large{width:90vw;height:80vh}</style>"


def shapes(easel: Easel) -> Iterator[Shape]:
    """og:image, JSON-LD, a download link, albums of other pictures around, lightboxes by click, scripts that go on."""
    yield _open_graph(easel)
    yield _same_og(easel)
    yield _overlay_cards(easel)
    yield _no_better(easel)
    yield _lightbox(easel, escape=True)
    yield _lightbox(easel, escape=False)
    yield _dialog(easel)
    yield _moving_on(easel)


def _open_graph(easel: Easel) -> Shape:
    root, all_of = "https://open-graph.example", items("og", 6)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(260))
        easel.hang(f"{root}/m/{one.number}.jpg", one.name, *one.at(600))
        easel.hang(f"{root}/o/{one.number}a7.jpg", one.name, *one.size)
        cells += f'<article class="card"><a href="/photo/{one.number}"><img src="/t/{one.number}.jpg" width="260" alt=""></a><h3>Photo {one.number}</h3></article>'
        head = f'<meta property="og:image" content="/o/{one.number}a7.jpg"><meta property="og:image:width" content="{one.width}"><meta property="og:image:height" content="{one.height}">'
        others = "".join(
            f'<a href="/photo/{n}"><img src="/t/{n}.jpg" width="120" alt=""></a>' for n in range(6) if n != one.number
        )
        easel.page(
            f"{root}/photo/{one.number}",
            f'<main><img src="/m/{one.number}.jpg" width="600" alt=""><section class="related">{others}</section></main>',
            f"Photo {one.number}",
            head=head,
        )
    easel.page(f"{root}/", f"<main>{cells}</main>", "Photos")
    return Shape("og:image", "cards that lead to pages with og:image", f"{root}/", best(all_of))


def _same_og(easel: Easel) -> Shape:
    root, all_of = "https://download.example", items("download", 5)
    easel.hang(f"{root}/share.jpg", "decoy share", 1600, 1000)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(260))
        easel.hang(f"{root}/w/{one.number}.jpg", one.name, *one.at(700))
        easel.hang(f"{root}/files/{one.number}-master.png", one.name, *one.size, "png")
        cells += (
            f'<li><a href="/piece/{one.number}/"><img src="/t/{one.number}.jpg" width="260" alt="Work {one.number}"></a></li>'
        )
        head = '<meta property="og:image" content="https://download.example/share.jpg">'
        main = f'<main><img srcset="/t/{one.number}.jpg 260w, /w/{one.number}.jpg 700w" sizes="90vw" alt="Work"><p><a href="/files/{one.number}-master.png">Download original ({one.width}×{one.height})</a></p></main>'
        easel.page(f"{root}/piece/{one.number}/", main, f"Work {one.number}", head=head)
    easel.page(f"{root}/works", f"<main><ul>{cells}</ul></main>", "Works")
    return Shape("download link", "pages with a link to the original; og:image is the site's own", f"{root}/works", best(all_of))


def _overlay_cards(easel: Easel) -> Shape:
    root, all_of = "https://cards.example", items("cards", 9)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(300))
        easel.hang(f"{root}/full/{one.number}.jpg", one.name, *one.size)
        easel.hang(f"{root}/u/{one.number}.jpg", f"decoy user {one.number}", 64, 64)
        data = {
            "@context": "https://schema.org",
            "@type": "ImageObject",
            "contentUrl": f"/full/{one.number}.jpg",
            "width": one.width,
            "height": one.height,
        }
        cells += (
            f'<div class="pin"><div class="shot"><img src="/t/{one.number}.jpg" style="width:280px" alt="Pin {one.number}"></div>'
            f'<a class="cover" href="/pin/{one.number}" aria-label="Pin {one.number}"></a><div class="user"><img class="avatar" src="/u/{one.number}.jpg" width="32" height="32" alt=""></div></div>'
        )
        if one.number % 3 == 2:
            easel.hang(f"https://ads.example/inline{one.number}.jpg", f"decoy inline ad {one.number}", 600, 400)
            cells += f'<div class="pin"><div class="shot"><img src="https://ads.example/inline{one.number}.jpg" style="width:280px" alt=""></div><a class="cover" rel="sponsored" href="https://shop.example/{one.number}">Sponsored</a></div>'
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        easel.page(
            f"{root}/pin/{one.number}",
            f'<main><img src="/t/{one.number}.jpg" style="width:600px" alt=""></main>',
            "Pin",
            head=head,
        )
    easel.page(f"{root}/board", f'<main><div class="masonry">{cells}</div></main>', "Board")
    return Shape(
        "cards with ads", "links over cards, avatars, ads in the grid, JSON-LD on the pages", f"{root}/board", best(all_of)
    )


def _no_better(easel: Easel) -> Shape:
    root, all_of = "https://posts.example", items("posts", 8)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/img/{one.number}.jpg", one.name, *one.size)
        cells += f'<article><a href="/post/{one.number}"><img src="/img/{one.number}.jpg" width="640" alt="Post {one.number}"></a></article>'
        easel.page(
            f"{root}/post/{one.number}", f'<main><img src="/img/{one.number}.jpg" width="640" alt=""><p>Words.</p></main>', "Post"
        )
    easel.page(f"{root}/", f"<main>{cells}</main>", "Posts")
    return Shape("no better page", "pages of items that have nothing larger", f"{root}/", best(all_of))


def _lightbox(easel: Easel, *, escape: bool) -> Shape:
    name = "escape" if escape else "button"
    root, all_of = f"https://lightbox-{name}.example", items(f"lightbox {name}", 6)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(240))
        easel.hang(f"{root}/large/{one.number}.jpg", one.name, *one.size)
        cells += f'<div class="shot" data-id="{one.number}"><img src="/t/{one.number}.jpg" width="240" height="160" alt="Shot {one.number}"></div>'
    ends = (
        "addEventListener('keydown', e => { if (e.key === 'Escape') shut(); });"
        if escape
        else "box.querySelector('button').addEventListener('click', shut);"
    )
    easel.page(f"{root}/", f"<main>{STYLE}{cells}</main><script>{OVERLAY}{ends}</script>", "Shots")
    return Shape(
        f"lightbox, {name}",
        f"pictures that a click shows large; {'Escape' if escape else 'a button'} closes",
        f"{root}/",
        best(all_of),
    )


def _dialog(easel: Easel) -> Shape:
    root, all_of = "https://dialog.example", items("dialog", 5)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(240))
        easel.hang(f"{root}/mid/{one.number}.jpg", one.name, *one.at(800))
        easel.hang(f"{root}/large/{one.number}.jpg", one.name, *one.size)
        cells += f'<a class="item" href="#item-{one.number}" data-n="{one.number}"><img src="/t/{one.number}.jpg" width="240" height="160" alt="Item {one.number}"></a>'
    script = """
const shown = document.querySelector('dialog');
for (const one of document.querySelectorAll('a.item')) one.addEventListener('click', e => { e.preventDefault();
  const n = one.dataset.n; shown.innerHTML = `<form method="dialog"><button>Schließen</button></form><img src="/mid/${n}.jpg" style="width:600px"><p><a href="/large/${n}.jpg" download>Herunterladen</a></p>`; shown.showModal(); });
"""
    easel.page(f"{root}/", f"<main>{cells}</main><dialog></dialog><script>{script}</script>", "Dialog", language="de")
    return Shape("dialog", "a dialog by click, with a link to download", f"{root}/", best(all_of))


def _moving_on(easel: Easel) -> Shape:
    root, all_of = "https://routed.example", items("routed", 4)
    cells = ""
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(240))
        easel.hang(f"{root}/big/{one.number}.jpg", one.name, *one.size)
        easel.page(
            f"{root}/view/{one.number}", f'<main><img src="/big/{one.number}.jpg" style="width:80vw" alt=""></main>', "View"
        )
        cells += f'<div role="button" onclick="location.href=\'/view/{one.number}\'"><img src="/t/{one.number}.jpg" width="240" height="160" alt="View {one.number}"></div>'
    easel.page(f"{root}/", f"<main>{cells}</main>", "Routed")
    return Shape("script links", "a click leads to another page, without a link", f"{root}/", best(all_of))
