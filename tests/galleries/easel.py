"""Hangs pictures at addresses of the made web, remembers what was hung, and frames pages around them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.boards.nouns import Reply, Request
from tests.boards.web import Web
from tests.galleries import paint
from tests.galleries.nouns import Hung, Score, Shape

SIZES = ((1200, 800), (800, 1200), (1080, 720), (1000, 1000), (1260, 700))
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@dataclass(slots=True)
class Easel:
    """The made web, and every picture in it by the hash of its bytes."""

    web: Web
    hung: dict[str, Hung] = field(default_factory=dict)

    def hang(self, url: str, name: str, width: int, height: int, form: str = "jpg", *, square: bool = False) -> str:
        """A picture at an address, whatever its query."""
        self.web.on(url.partition("?")[0], lambda _: self.reply(name, width, height, form, square=square))
        return url

    def reply(self, name: str, width: int, height: int, form: str = "jpg", *, square: bool = False) -> Reply:
        """An answer that is a picture."""
        body = paint.picture(name, width, height, form, square=square)
        digest = hashlib.sha256(body).hexdigest()
        self.hung[digest] = Hung(name, width, height)
        return Reply(body, content_type=TYPES[form], headers={"etag": f'"{digest[:16]}"'})

    def film(self, url: str, name: str, width: int, height: int) -> str:
        """A film at an address."""
        body = paint.film(name, width, height)
        self.hung[hashlib.sha256(body).hexdigest()] = Hung(name, width, height)
        self.web.on(url, Reply(body, content_type="video/mp4"))
        return url

    def scaled(self, url: str, name: str, size: tuple[int, int], width: Callable[[Request], int | None]) -> None:
        """An image server: whatever width it is asked for, up to the whole; None: the whole."""

        def answer(request: Request) -> Reply:
            asked = width(request)
            across = min(asked or size[0], size[0])
            return self.reply(name, across, round(size[1] * across / size[0]))

        self.web.on(url, answer)

    def page(self, url: str, main: str, title: str, *, head: str = "", language: str = "en", furniture: bool = True) -> str:
        """A page at an address, with what pages have around their content."""
        self.web.on(url, self.document(url, main, title, head=head, language=language, furniture=furniture))
        return url

    def document(self, url: str, main: str, title: str, *, head: str = "", language: str = "en", furniture: bool = True) -> str:
        """The same as text."""
        before, after = self._furniture(url.split("/")[2]) if furniture else ("", "")
        direction = ' dir="rtl"' if language in {"ar", "he"} else ""
        return (
            f'<!doctype html><html lang="{language}"{direction}><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
            f"{before}{main}{after}</body></html>"
        )

    def _furniture(self, host: str) -> tuple[str, str]:
        root = f"https://{host}/assets"
        self.hang(f"{root}/logo.png", "decoy logo", 360, 120, "png")
        self.hang(f"{root}/me.jpg", "decoy avatar", 96, 96)
        self.hang(f"{root}/sprite.png", "decoy sprite", 400, 400, "png")
        self.hang(f"{root}/badge.png", "decoy badge", 240, 80, "png")
        self.hang(f"https://ads.example/{host}.jpg", "decoy ad", 728, 90)
        self.hang("https://t.tracker.example/p.gif", "decoy pixel", 1, 1, "gif")
        for number in range(3):
            self.hang(f"{root}/rel{number}.jpg", f"decoy related {number}", 320, 200)
        related = "".join(
            f'<a href="/story/{n}"><img src="/assets/rel{n}.jpg" width="160" height="100" alt="Story {n}"></a>' for n in range(3)
        )
        before = (
            '<header class="site-header"><a href="/"><img class="logo" src="/assets/logo.png" width="180" height="60" alt="Home"></a>'
            '<nav><a href="/about">About</a><a href="/account"><img class="avatar" src="/assets/me.jpg" width="48" height="48" alt=""></a></nav>'
            "</header>"
        )
        after = (
            f'<aside class="sidebar"><h3>Read on</h3>{related}</aside>'
            f'<div class="ad-slot" id="ad-bottom"><a href="https://shop.example/?utm_source=x" rel="sponsored nofollow">'
            f'<img src="https://ads.example/{host}.jpg" width="728" height="90" alt=""></a></div>'
            '<i class="icon" style="display:inline-block;width:48px;height:48px;background:url(/assets/sprite.png) -48px -96px"></i>'
            '<footer><img src="/assets/badge.png" width="120" height="40" alt="Certified"><a href="/imprint">Imprint</a></footer>'
            '<img src="https://t.tracker.example/p.gif" width="1" height="1" alt="">'
        )
        return before, after

    def judge(self, shape: Shape, results: Iterable[Mapping[str, Any]]) -> Score:
        """What was kept, beside what is true."""
        largest: dict[str, Hung] = {}
        false: list[str] = []
        count = 0
        for result in results:
            if result["outcome"] not in {"new", "upgraded", "same"}:
                continue
            kept = self.hung.get(result["sha256"] or "")
            if kept is None or kept.name not in shape.best:
                false.append(kept.name if kept is not None else str(result["url"]))
                continue
            count += 1
            known = largest.get(kept.name)
            if known is None or kept.width * kept.height > known.width * known.height:
                largest[kept.name] = kept
        right = {name for name, one in largest.items() if (one.width, one.height) == shape.best[name]}
        lost = tuple(sorted(set(shape.best) - set(largest)))
        items = shape.any_of or len(shape.best)
        if shape.any_of and len(largest) >= shape.any_of:
            lost = ()
        smaller = tuple(f"{name} {one.width}x{one.height}" for name, one in largest.items() if name not in right)
        return Score(items, min(len(right), items), smaller, lost, tuple(false), count - len(largest))


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of a shape."""

    name: str
    number: int
    width: int
    height: int

    def at(self, width: int) -> tuple[int, int]:
        """Its size when it is so wide."""
        return width, round(self.height * width / self.width)

    @property
    def size(self) -> tuple[int, int]:
        """The whole."""
        return self.width, self.height


def items(shape: str, count: int) -> list[Item]:
    """So many pictures of a shape, in sizes of several forms."""
    return [Item(f"{shape} {n}", n, *SIZES[n % len(SIZES)]) for n in range(count)]


def best(of: Iterable[Item]) -> dict[str, tuple[int, int]]:
    """Each at its whole size."""
    return {one.name: one.size for one in of}
