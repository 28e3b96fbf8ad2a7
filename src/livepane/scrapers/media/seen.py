"""What snapshot.js tells of a page, as nouns: the media that it shows, and the ways on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

LONGEST = 8000  # characters of an address
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SAFE = "%/:=&?~#+!$,;'@()*[]|"


def absolute(base: str, text: str) -> str:
    """An http(s) address as a browser resolves it, without its fragment; "" for any other."""
    text = re.sub(r"[\t\r\n]", "", text).strip(" \x00\x0c")
    if not text or len(text) > LONGEST or (_SCHEME.match(text) and not text.lower().startswith(("http:", "https:"))):
        return ""
    try:
        joined = urljoin(base, text.replace("\\", "/") if "?" not in text else text)
        parts = urlsplit(joined)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            return ""
        _ = parts.port
    except ValueError:
        return ""
    return quote(joined.partition("#")[0], safe=_SAFE)


@dataclass(frozen=True, slots=True)
class Seen:
    """One element that shows a picture, a sound or a film, or links to one; geometry in CSS px of its document."""

    id: int  # of the element, the same as long as its document lives
    kind: str  # image, background, video, audio, link
    base: str  # what its addresses are relative to
    selector: str
    box: tuple[int, int, int, int]  # left, top, width, height
    attributes: Mapping[str, str]
    path: str  # tag names from the root to its parent
    regions: tuple[str, ...]  # landmarks around it, the outermost first: main, nav, aside …
    marks: tuple[str, ...]  # classes, ids and labels of itself and what is around it, the innermost first
    link: Mapping[str, str] | None = None  # of the link around it, or over its card: href and other attributes
    over: bool = False  # the link is not around it
    sources: tuple[Mapping[str, str], ...] = ()
    holders: tuple[Mapping[str, str], ...] = ()  # data attributes of what holds it alone
    spoken: Mapping[str, str] | None = None  # the picture that its page shows to those without scripts
    caption: str = ""
    current: str = ""  # what the browser has chosen
    natural: tuple[int, int] | None = None  # px of what was loaded
    background: str = ""  # CSS
    sprite: bool = False
    hidden: bool = False
    fixed: bool = False
    clickable: bool = False
    acts: bool = False  # its link goes nowhere: a script listens
    frame: str = ""  # the selector of the frame that it is in

    @classmethod
    def of(cls, data: Mapping[str, Any], base: str, frame: str = "") -> Seen:
        """From the script's words."""
        left, top, width, height = data["box"]
        natural = data.get("natural")
        return cls(
            id=data["id"],
            kind=data["kind"],
            base=base,
            selector=frame or data["selector"],
            box=(left, top, width, height),
            attributes=data["attributes"],
            path=data["path"],
            regions=tuple(data["regions"]),
            marks=tuple(data["marks"]),
            link=data.get("link"),
            over=bool(data.get("over")),
            sources=tuple(data.get("sources") or ()),
            holders=tuple(data.get("holders") or ()),
            spoken=data.get("spoken"),
            caption=data.get("caption") or "",
            current=data.get("current") or "",
            natural=(natural[0], natural[1]) if natural else None,
            background=data.get("background") or "",
            sprite=bool(data.get("sprite") or data.get("repeated")),
            hidden=bool(data.get("hidden")),
            fixed=bool(data.get("fixed")),
            clickable=bool(data.get("clickable")),
            acts=bool(data.get("acts")),
            frame=frame,
        )

    @property
    def href(self) -> str:
        """Where its link leads, absolute; "" without one."""
        return absolute(self.base, self.link.get("href", "")) if self.link else ""

    @property
    def area(self) -> int:
        """Square px on the page."""
        return self.box[2] * self.box[3]


@dataclass(frozen=True, slots=True)
class Control:
    """A link or a button that may bring more."""

    id: int
    text: str
    href: str  # absolute; "" for a button, and for a link that only a script answers
    rel: bool  # it is `rel=next`
    more: bool  # it says "load more", not "next page"
    pager: bool  # it is among page numbers
    within: str  # classes around it
    selector: str
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A document at one moment: what is new in it since the last look, and the ways on."""

    url: str
    title: str
    heading: str
    words: str
    passwords: int
    elements: int
    seen: tuple[Seen, ...]
    controls: tuple[Control, ...]
    numbers: tuple[tuple[int, str, bool], ...]  # of a pager: number, address, whether it is the current one
    following: str  # what the head of the document calls the next one
    metas: tuple[tuple[str, str], ...]  # og:image and its like, in order
    scripts: tuple[str, ...]  # JSON-LD
    frames: tuple[Mapping[str, Any], ...]
    scroll: Mapping[str, Any] = field(default_factory=dict)  # top, height, view in px; box of what scrolls, None: the document
    full: bool = False  # there were more elements than are told at once

    @classmethod
    def of(cls, data: Mapping[str, Any], frame: str = "") -> View:
        """From the script's words."""
        base = data["base"]
        numbers = [(int(one["text"]), one["href"], bool(one["current"])) for one in data["numbers"]]
        return cls(
            url=data["url"],
            title=data["title"],
            heading=data["heading"],
            words=data["words"],
            passwords=data["passwords"],
            elements=data["elements"],
            seen=tuple(Seen.of(one, base, frame) for one in data["seen"]),
            controls=tuple(_control(one, base) for one in data["controls"] if one["shown"] and not one["off"]),
            numbers=tuple(numbers),
            following=data["following"][0] if data["following"] else "",
            metas=tuple((name, absolute(base, value) if _is_address(name) else value) for name, value in data["metas"]),
            scripts=tuple(data["scripts"]),
            frames=tuple(data["frames"]),
            scroll=data["scroll"],
            full=data["full"],
        )

    def meta(self, *names: str) -> list[str]:
        """The values of some properties, in order."""
        return [value for name, value in self.metas if name in names and value]


def _is_address(name: str) -> bool:
    return not name.endswith((":width", ":height", ":title", ":type", ":alt"))


def _control(one: Mapping[str, Any], base: str) -> Control:
    attribute = one["attribute"].strip().lower()
    acts = attribute.startswith(("#", "javascript:")) or not attribute
    href = "" if acts else absolute(base, one["href"])
    return Control(
        one["id"], one["text"], href, one["rel"], one["more"], one["pager"], one["within"], one["selector"], tuple(one["regions"])
    )


def elements_of(views: Sequence[View]) -> list[Seen]:
    """All that several looks at one document have brought: of each element what was told last, in the order of the page."""
    found: dict[tuple[str, int], Seen] = {}
    for view in views:
        for one in view.seen:
            found[one.frame, one.id] = one
    return list(found.values())
