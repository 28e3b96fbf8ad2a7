"""Films, shadow trees, frames, pictures inside of addresses, plain lists of files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from tests.galleries import paint
from tests.galleries.easel import Easel, Item, best, items
from tests.galleries.nouns import Hung, Shape


def shapes(easel: Easel) -> Iterator[Shape]:
    """All of them."""
    yield _films(easel)
    yield _shadows(easel)
    yield _frames(easel)
    yield _inside(easel)
    yield _listing(easel)


def _films(easel: Easel) -> Shape:
    root = "https://films.example"
    true: dict[str, tuple[int, int]] = {}
    cells = ""
    for number in range(4):
        name, poster = f"film {number}", f"{root}/poster{number}.jpg"
        easel.hang(poster, f"poster {number}", 640, 360)
        sizes = ((640, 360), (854, 480), (1920, 1080))
        for width, height in sizes:
            easel.film(f"{root}/v/{number}-{height}p.mp4", name, width, height)
        true[name] = (1920, 1080)
        if number == 0:
            cells += f'<video controls poster="{poster}"><source src="/v/0-360p.mp4" type="video/mp4" size="360"><source src="/v/0-1080p.mp4" type="video/mp4" size="1080"></video>'
        elif number == 1:
            cells += f'<video poster="{poster}" src="/v/1-1080p.mp4" preload="none"></video>'
        elif number == 2:
            cells += f'<video poster="{poster}" data-poster="{poster}"><source data-src="/v/2-480p.mp4" label="480p"><source data-src="/v/2-1080p.mp4" label="1080p HD"></video>'
        else:
            cells += f'<video poster="{poster}"><source src="/live/{number}.m3u8" type="application/vnd.apple.mpegurl"></video>'
            del true[name]
            true[f"poster {number}"] = (640, 360)
    easel.page(f"{root}/", f"<main>{cells}</main>", "Films")
    return Shape("video", "sources of several sizes, lazy ones, a stream with a poster", f"{root}/", true, warning="stream")


def _shadows(easel: Easel) -> Shape:
    root, all_of = "https://shadows.example", items("shadows", 6)
    for one in all_of:
        easel.hang(f"{root}/s/{one.number}.jpg", one.name, *one.at(300))
        easel.hang(f"{root}/l/{one.number}.jpg", one.name, *one.size)
    script = """
customElements.define('photo-card', class extends HTMLElement { connectedCallback() {
  const n = this.getAttribute('n'); const root = this.attachShadow({ mode: 'open' });
  root.innerHTML = `<a href="/l/${n}.jpg"><slot></slot><img src="/s/${n}.jpg" width="300"></a>`; } });
customElements.define('photo-wall', class extends HTMLElement { connectedCallback() {
  const root = this.attachShadow({ mode: 'open' });
  root.innerHTML = '<main>' + Array.from({ length: 6 }, (_, n) => `<photo-card n="${n}"></photo-card>`).join('') + '</main>'; } });
"""
    easel.page(f"{root}/", f"<photo-wall></photo-wall><script>{script}</script>", "Shadows")
    return Shape("shadow DOM", "custom elements inside of custom elements", f"{root}/", best(all_of))


def _frames(easel: Easel) -> Shape:
    root, all_of = "https://framed.example", items("framed", 6)
    cells = ""
    for one in all_of:
        easel.hang(f"https://embed.example/t/{one.number}.jpg", one.name, *one.at(240))
        easel.hang(f"https://embed.example/f/{one.number}.jpg", one.name, *one.size)
        cells += f'<a href="f/{one.number}.jpg"><img src="t/{one.number}.jpg" width="240" alt=""></a>'
    easel.page("https://embed.example/gallery", f"<main>{cells}</main>", "Embedded", furniture=False)
    easel.hang("https://doubleclick.net/creative.jpg", "decoy frame ad", 600, 500)
    easel.page("https://doubleclick.net/frame", '<img src="/creative.jpg" width="600" height="500">', "Ad", furniture=False)
    body = '<main><iframe src="https://embed.example/gallery" width="900" height="600"></iframe><iframe src="https://doubleclick.net/frame" width="600" height="500"></iframe></main>'
    easel.page(f"{root}/", body, "Framed")
    return Shape("iframe", "a gallery in a frame, an advertisement in another", f"{root}/", best(all_of))


def _inside(easel: Easel) -> Shape:
    root, all_of = "https://inside.example", items("inside", 4)

    def body_of(one: Item) -> bytes:
        body = paint.picture(one.name, *one.size)
        easel.hung[hashlib.sha256(body).hexdigest()] = Hung(one.name, *one.size)
        return body

    cells, blobs = "", ""
    for one in all_of:
        text = base64.b64encode(body_of(one)).decode()
        if one.number % 2:
            cells += f'<img src="data:image/jpeg;base64,{text}" width="400" height="300" alt="Inside {one.number}">'
        else:
            cells += f'<img id="blob{one.number}" width="400" height="300" alt="Blob {one.number}">'
            blobs += f"fetch('/raw/{one.number}').then(r => r.blob()).then(b => document.querySelector('#blob{one.number}').src = URL.createObjectURL(b));"
            easel.hang(f"{root}/raw/{one.number}", one.name, *one.size)
    easel.page(f"{root}/", f"<main>{cells}</main><script>{blobs}</script>", "Inside")
    return Shape("data: and blob:", "pictures that are in the page itself", f"{root}/", best(all_of))


def _listing(easel: Easel) -> Shape:
    root, all_of = "https://listing.example", items("listing", 6)
    rows = ""
    for one in all_of:
        easel.hang(f"{root}/pub/scan%20{one.number}.png", one.name, *one.size, "png")
        easel.hang(f"{root}/pub/scan {one.number}.png", one.name, *one.size, "png")
        rows += f'<tr><td><img src="/icons/image2.gif" alt="[IMG]" width="20" height="22"></td><td><a href="scan%20{one.number}.png">scan {one.number}.png</a></td><td>2024-05-01</td></tr>'
    easel.hang(f"{root}/icons/image2.gif", "decoy icon", 20, 22, "gif")
    easel.page(f"{root}/pub/", f"<h1>Index of /pub</h1><table>{rows}</table>", "Index of /pub", furniture=False)
    return Shape("index of /", "a plain list of files", f"{root}/pub/", best(all_of))
