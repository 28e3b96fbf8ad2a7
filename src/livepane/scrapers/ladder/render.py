"""The last rung: a browser renders what scripts fill, and the answers that they get are read, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from livepane.scrapers.job_postings.detect import Detection, of_url
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.extract import Extraction, Known, extract
from livepane.scrapers.job_postings.urls import canonical
from livepane.scrapers.ladder.site import Page, Site
from livepane.scrapers.ladder.window import View, Window


@dataclass(slots=True)
class Rendered:
    """What a rendered page has come to."""

    page: Page  # the document itself
    answers: list[Page] = field(default_factory=list)  # frames and JSON that hold jobs or say that there are none
    boards: list[Detection] = field(default_factory=list)  # systems that its scripts asked

    @property
    def best(self) -> Page:
        """What holds most: the page itself, unless an answer or a frame has more."""
        return max((self.page, *self.answers), key=lambda one: (len(one.read.jobs), bool(one.read.zero), one is self.page))


async def render(opened: Window, url: str, site: Site, known: Known) -> Rendered:
    """Open a page and read it when its scripts have come to rest."""
    reader = _Reader(site.now, known)
    view = await opened.show(url, reader.finds)
    site.tally.opened += 1
    return await view.read(reader.read)


async def grow(opened: Window, site: Site, known: Known) -> Rendered | None:
    """The same page after "load more" or a scroll; None when nothing more came."""
    reader = _Reader(site.now, known)
    view = await opened.more(reader.finds)
    return None if view is None else await view.read(reader.read)


@dataclass(slots=True)
class _Reader:
    """Reads views; every answer once."""

    now: datetime
    known: Known
    _done: dict[int, tuple[Document, Extraction]] = field(default_factory=dict)

    def _extract(self, document: Document) -> Extraction:
        if id(document) not in self._done:
            self._done[id(document)] = (document, extract(document, now=self.now, known=self.known))
        return self._done[id(document)][1]

    def finds(self, view: View) -> bool:
        """Whether jobs are there: in what scripts were answered, or on the page."""
        return any(self._extract(answer).jobs for answer in view.answers) or bool(self._extract(view.document).jobs)

    def read(self, view: View) -> Rendered:
        """All of it."""
        rendered = Rendered(Page(view.document, self._extract(view.document), rendered=True))
        for document in (*view.frames, *view.answers):
            read = self._extract(document)
            for job in read.jobs:
                where, mark, name = job.url.partition("#")
                if canonical(where) == canonical(document.url):
                    job.url = view.document.url.partition("#")[0] + mark + name  # that of an answer is no page for people
            if read.jobs or (read.zero and read.detect.ats):
                rendered.answers.append(Page(document, read, rendered=True))
        addresses = dict.fromkeys((*view.called, *(frame.url for frame in view.frames)))
        for address in addresses:
            if (hit := of_url(address, embedded=True)) and hit[1]:
                rendered.boards.append(Detection(hit[0].name, hit[1], "request", 3, address))
        return rendered
