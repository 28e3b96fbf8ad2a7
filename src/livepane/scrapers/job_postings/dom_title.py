"""The title of a job that a link leads to: a line of the link or of its card, not all that stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.classify.employment import KINDS
from livepane.scrapers.job_postings.classify.titles import MARKER, may_be_title, names_a_role
from livepane.scrapers.job_postings.classify.workplace import HYBRID, ONSITE, REMOTE
from livepane.scrapers.job_postings.dom_parts import CTA, KNOWN_PLACES, PLACE_SHAPE
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
SILENT = frozenset(["script", "style", "svg", "button", "template", "noscript", "select", "iframe"])
# Words that name a trade and a department alike: alone, below another line, they are the department.
DEPARTMENT = re.compile(r"(?:operations|legal|kitchen|commercial|qa|hr|ux|ui|devops|internship|praktikum|stage)s?", re.IGNORECASE)
ASKS = re.compile(
    r"^(?:apply (?:now )?(?:for|to)|view(?: job)?|read more about|learn more about|details?(?: for)?|mehr (?:zu|über)|jetzt bewerben als)\s*:?\s*",
    re.IGNORECASE,
)
LINES_MOST = 12


def title_of(node: LexborNode, card: LexborNode) -> str:
    """The title of a link: a heading inside it, a line of its own words, or one beside it when it only says "Apply"."""
    for selector in (
        "h1, h2, h3, h4, h5, h6",
        "[class*=title], [class*=Title], [class*=jobname], [class*=job-name], [class*=position-name]",
        "strong, b",
    ):
        inner = [text for part in node.css(selector)[:3] if part.mem_id != node.mem_id and (text := _said(part))]
        if inner and may_be_title(inner[0]):
            return next((line for line in lines_of(node) if _only_marked(line, inner[0])), _alone(inner[0]))
    if title := _line_of(node):
        return title
    text = text_of(node, ".sr-only")
    if card.mem_id != node.mem_id and (not text or CTA.match(text) or len(text) > 120):
        for selector in (
            "h1, h2, h3, h4, h5, h6",
            "[class*=title], [class*=Title], [class*=position], [class*=name]",
            "td:first-child, th:first-child",
            "strong, b",
        ):
            for part in card.css(selector)[:4]:
                spoken = _said(part)
                if spoken and not CTA.match(spoken) and may_be_title(spoken):
                    return _alone(spoken)
        if title := _line_of(card):
            return title
    label = ASKS.sub("", clean(node.attributes.get("aria-label") or node.attributes.get("title")))
    return label if may_be_title(label) and not CTA.match(label) else ""


def _only_marked(line: str, title: str) -> bool:
    """Whether a line is the title and no more than "(m/w/d)"."""
    return line.startswith(title) and bool(MARKER.fullmatch(line[len(title) :].strip()))


def _said(part: LexborNode) -> str:
    """A heading in one line; of a container that only is called "title" the line that is one."""
    if part.tag in INLINE or re.fullmatch(r"h[1-6]", str(part.tag)):
        lines = lines_of(part, columns=False)
        return lines[0] if lines else ""
    return _line_of(part) or text_of(part, ".sr-only")


def _line_of(node: LexborNode) -> str:
    """The first line that may be a title; one of the next two when that names a trade and the first does not."""
    lines = [line for line in lines_of(node) if not CTA.match(line)]
    likely = [line for line in lines if may_be_title(line)]
    if not likely:
        return ""
    if not names_a_role(likely[0]):
        for line in likely[1:3]:
            if names_a_role(line) and not DEPARTMENT.fullmatch(line):
                return _alone(line)
    return _alone(likely[0])


def _alone(title: str) -> str:
    """A title without the place and kind behind it: "Nurse | Chicago, IL | Full-time"."""
    first, *others = re.split(r"\s+[|·•]\s+", title)
    return first if others and may_be_title(first) and names_a_role(first) and all(map(_stands_beside, others)) else title


def _stands_beside(piece: str) -> bool:
    """Whether it is a place, a kind or a way of working."""
    return not names_a_role(piece) and bool(
        PLACE_SHAPE.match(piece)
        or KNOWN_PLACES.fullmatch(piece)
        or (len(piece) < 40 and any(pattern.search(piece) for pattern in (HYBRID, REMOTE, ONSITE, *(kind for _, kind in KINDS))))
    )


def lines_of(root: LexborNode, *, columns: bool = True) -> list[str]:
    """The first lines as a reader sees them. With `columns`, elements in a row without words between them are lines, too."""
    lines: list[str] = []
    open_line: list[str] = []

    def end() -> None:
        if text := clean("".join(open_line)):
            lines.append(text)
        open_line.clear()

    stack: list[LexborNode | None] = [root]  # None ends a line
    budget = 400
    while stack and budget and len(lines) < LINES_MOST:
        budget -= 1
        node = stack.pop()
        if node is None:
            end()
            continue
        tag = str(node.tag)
        if tag == "-text":
            open_line.append(node.text(deep=False) or "")
            continue
        if tag == "br":
            end()
            continue
        names = node.attributes.get("class") or ""
        if tag in SILENT or tag[0] in "-!" or "sr-only" in names.split():
            continue
        children = _children(node)
        block = tag not in INLINE and node.mem_id != root.mem_id
        apart = columns and _are_columns(children)
        if block:
            end()
            stack.append(None)
        for child in reversed(children):
            stack.append(child)
            if apart:
                stack.append(None)
    end()
    return lines


def _children(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = node.first_child
    while child is not None and len(found) < 200:
        found.append(child)
        child = child.next
    return found


def _are_columns(children: list[LexborNode]) -> bool:
    """Whether they are the cells of a row: several, no words between them, and the first a title by itself."""
    elements = [child for child in children if child.tag and child.tag[0] not in "-!" and child.tag != "br"]
    if len(elements) < 2 or any(child.tag == "-text" and (child.text(deep=False) or "").strip() for child in children):
        return False
    first = next((text for child in elements if (text := text_of(child, ".sr-only"))), "")
    return may_be_title(first) and names_a_role(first)
