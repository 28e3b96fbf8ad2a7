"""One saved document: bytes and the address that they came from, read as HTML, JSON or XML."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from livepane.scrapers.job_postings.glance import Glance
from livepane.scrapers.job_postings.nesting import flatten
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import absolute

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from selectolax.lexbor import LexborHTMLParser, LexborNode

Kind = Literal["html", "json", "xml", "empty"]
GUARD = re.compile(r"^(?:\)\]\}',?|for\s*\(;;\);|while\s*\(1\);|/\*\*/)\s*")
CALLBACK = re.compile(r"^\s*[\w$.]{1,80}\(\s*(?=[\[{])")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|is-hidden|visually-hidden|sr-only|screen-reader-text|u-hidden|uk-hidden|w-condition-invisible|ng-hide)(?:\s|$)"
)
OPENING = 15_000  # characters
NOT_TEXT = {"script", "style", "noscript", "template", "svg", "head", "select", "option", "textarea", "iframe", "object"}


class XmlRefused(ValueError):
    """An XML document that declares entities, or that is no XML at all."""


class Document:
    """A document and the ways to read it; every reading is made once, when it is asked for."""

    def __init__(self, body: bytes | str, url: str, *, content_type: str = "", status: int | None = None) -> None:
        self.url = absolute(url, url) or "http://localhost/"
        self.status = status
        self._content_type = content_type
        self._body = body
        self._bytes: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes, or characters of what came as text."""
        return len(self._body)

    @cached_property
    def text(self) -> str:
        """The characters: byte order mark first, then UTF-8 that is nothing else, then header, declaration and a guess."""
        if isinstance(self._body, str):
            text = self._body
        elif (unmistakable := _utf8(self._body)) is not None:
            text = unmistakable
        else:
            from w3lib.encoding import html_to_unicode

            try:
                text = html_to_unicode(self._content_type or None, self._body)[1]
            except (LookupError, ValueError):
                text = self._body.decode("utf-8", "replace")
        if "\x00" in text:
            text = text.replace("\x00", "")
        if text.isascii():
            return text
        text = text.lstrip("\ufeff")
        try:
            self._bytes = text.encode()
        except UnicodeEncodeError:  # halves of characters are none
            text = text.encode("utf-8", "replace").decode("utf-8").lstrip("\ufeff")
        return text

    @property
    def raw(self) -> bytes:
        """The characters in UTF-8."""
        text = self.text  # which may have had to make them
        if self._bytes is None:
            self._bytes = text.encode()
        return self._bytes

    @cached_property
    def glance(self) -> Glance:
        """Which words may be there at all."""
        return Glance(self.raw)

    def says(self, word: str) -> bool:
        """Whether this very word stands in the text."""
        return self.glance.may_hold(word) and word in self.text

    @cached_property
    def kind(self) -> Kind:
        """What it is, by its first characters; a header may lie."""
        start = self.text[:2000].lstrip()
        if not start:
            return "empty"
        if start[0] in "{[" or GUARD.match(start) or CALLBACK.match(start):
            return "json" if self._json_value is not None else "html"
        low = start.lower()
        if low.startswith("<?xml") or re.match(
            r"<(?:rss|feed|urlset|sitemapindex|workzag-jobs|jobs|source|rdf:rdf|positions)\b", low
        ):
            body = re.sub(r"^<\?xml[^>]*\?>\s*|^<!--.*?-->\s*", "", low, flags=re.DOTALL).lstrip()
            return "html" if re.match(r"(?:<!doctype html|<html)", body) else "xml"
        return "html"

    @cached_property
    def _json_value(self) -> Any:
        start = self.text.lstrip()
        start = start[match.end() :] if (match := GUARD.match(start)) else start
        if match := CALLBACK.match(start):
            start = start[match.end() :]
        try:
            return json.JSONDecoder(strict=False).raw_decode(start.lstrip())[0]
        except (ValueError, RecursionError):
            return None

    @property
    def json(self) -> Any:
        """The value of a JSON document, None for what is none."""
        return self._json_value if self.kind == "json" else None

    @cached_property
    def xml(self) -> Element:
        """The root; raises XmlRefused."""
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        try:
            # The declared encoding is spent: the text is decoded already.
            root: Element = fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", self.text, count=1).strip())
        except (DefusedXmlException, ParseError, ValueError, RecursionError) as error:
            raise XmlRefused(type(error).__name__) from None
        return root

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a browser without scripts sees it."""
        from selectolax.lexbor import LexborHTMLParser

        if self.kind != "html":
            return LexborHTMLParser(b"")
        return LexborHTMLParser(flatten(self.raw, self.glance.page) if self.glance.deep else self.raw)

    @cached_property
    def base(self) -> str:
        """What relative links are relative to."""
        node = self.first("base[href]")
        return absolute(self.url, node.attributes.get("href")) or self.url if node is not None else self.url

    def link(self, href: Any) -> str:
        """An absolute http(s) URL, or the empty string."""
        return absolute(self.base, href)

    def all(self, selector: str) -> list[LexborNode]:
        """Every node of a selector; none outside HTML."""
        if self.kind != "html" or not (selector := self.glance.parts(selector)):
            return []
        return self.tree.css(selector)

    def first(self, selector: str) -> LexborNode | None:
        """The first node of a selector."""
        if self.kind != "html" or not (selector := self.glance.parts(selector)):
            return None
        return self.tree.css_first(selector)

    @cached_property
    def links(self) -> list[LexborNode]:
        """Every `a` with an address."""
        return self.all("a[href]")

    def meta(self, *names: str) -> str:
        """The content of the first meta element of these names or properties."""
        return next((text for name in names if (text := self._metas.get(name))), "")

    @cached_property
    def _metas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in self.all("meta[content]"):
            attributes = node.attributes
            if text := clean(attributes.get("content")):
                for key in ("name", "property", "itemprop"):
                    if name := attributes.get(key):
                        found.setdefault(name, text)
        return found

    @cached_property
    def title(self) -> str:
        """What the tab says."""
        node = self.first("title")
        return clean(node.text()) if node is not None else ""

    @cached_property
    def heading(self) -> str:
        """The first heading."""
        first = self.first("h1")  # seldom is there need to look further
        if first is None:
            return ""
        return clean(first.text(separator=" ")) or next(
            (text for node in self.all("h1") if (text := clean(node.text(separator=" ")))), ""
        )

    @cached_property
    def scripts(self) -> list[tuple[str, str]]:
        """Type and text of every inline script."""
        return [
            (str(node.attributes.get("type") or "").lower(), text)
            for node in self.all("script")
            if (text := node.text() or "").strip()
        ]

    @cached_property
    def visible(self) -> str:
        """The text that a reader sees, without what is hidden by an attribute, an inline style or a usual class."""
        if self.kind != "html":
            return ""
        body = self.tree.body
        return visible_text(body) if body is not None else ""

    @cached_property
    def opening(self) -> str:
        """The first part of what is visible, OPENING characters and a bit: all of it on most pages, quick on huge ones."""
        if self.kind != "html":
            return ""
        body = self.tree.body
        return visible_text(body, OPENING) if body is not None else ""


def _utf8(body: bytes) -> str | None:
    """Bytes that are UTF-8 whatever they are declared to be: saved pages keep the declaration of another encoding."""
    if body.isascii() or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_hidden(node: LexborNode) -> bool:
    """Whether this very element is hidden."""
    attributes = node.attributes
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and node.tag not in {"i", "span", "svg"}):
        return True
    style, names = attributes.get("style"), attributes.get("class")
    return bool((style and HIDDEN.search(style)) or (names and HIDDEN_CLASS.search(names)))


def visible_text(root: LexborNode, most: int = 0) -> str:
    """The text below a node that is shown, or somewhat more than the first `most` characters; one pass, no recursion."""
    parts: list[str] = []
    stack = [root]
    left = most or -1
    while stack and left:
        node = stack.pop()
        if node is not root and (following := node.next) is not None:
            stack.append(following)
        tag = node.tag
        if tag == "-text":
            text = node.text(deep=False) or ""
            parts.append(text)
            if most:
                left = max(0, left - len(text.strip()))
            continue
        if tag in NOT_TEXT or (tag and tag.startswith(("-", "!"))) or is_hidden(node):
            continue
        # What comes after it waits below what is in it; of a thousand siblings only those are looked at that are needed.
        if (child := node.first_child) is not None:
            stack.append(child)
        parts.append(" ")
    return clean("".join(parts).replace("<", " "))
