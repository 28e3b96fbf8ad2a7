"""Reads whole lists: a vendor's feed or a page with jobs, page after page, until the count is right."""

from __future__ import annotations

from dataclasses import dataclass, field

from livepane.scrapers.contract import ScrapeError, Work
from livepane.scrapers.job_postings.detect import Detection, of_url
from livepane.scrapers.job_postings.extract import Known
from livepane.scrapers.job_postings.urls import host
from livepane.scrapers.ladder.asks import Ask, asks, following
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.owner import Owner, Verdict, links_back, stated
from livepane.scrapers.ladder.site import Page, Site

PAGES_MOST = 60  # of one list
RUNGS = {"feed": "vendor_page", "json_ld": "json_ld", "microdata": "microdata", "detail": "state", "list": "markup"}
# An empty answer of these may be about the language, or about the address that was asked.
SECOND_OPINION = frozenset({"personio", "workable", "bamboohr", "teamtailor", "jazzhr", "jobvite"})


@dataclass(slots=True)
class Boards:
    """The lists of one company."""

    work: Work
    site: Site
    owner: Owner
    limit: int  # jobs
    notes: list[str] = field(default_factory=list)
    _asked: dict[tuple[str, str], Board | None] = field(default_factory=dict)

    def of_page(self, url: str) -> Known:
        """What is known of a page that was found on the way: it is the company's own when its domain is."""
        own = self.owner.owns(url) and of_url(url) is None
        return Known(self.owner.shown, True if own else None, part=True)

    async def feed(self, detection: Detection, page: Page, verdict: Verdict) -> Board | None:
        """The vendor's own list, None when it cannot be had. Every board is asked once."""
        key = (detection.ats or "", detection.token or host(page.url))
        if key not in self._asked:
            self._asked[key] = None
            self._asked[key] = await self._feed(detection, page, verdict)
        return self._asked[key]

    async def _feed(self, detection: Detection, page: Page, verdict: Verdict) -> Board | None:
        empty: Board | None = None
        for ask in asks(detection, page.url, self.owner.site):
            try:
                board = await self.read(ask, "vendor_feed", detection, await self._back(detection, verdict))
            except ScrapeError as error:
                self.notes.append(f"{host(ask.url)}: {error}")
                continue
            if board.jobs:
                return board
            if board.zero:
                empty = empty or board
                if detection.ats not in SECOND_OPINION:
                    break
        return empty

    async def _back(self, detection: Detection, verdict: Verdict) -> Verdict:
        """A board of another name is the company's all the same when it links back to its site."""
        if verdict.verified is not False or not detection.home:
            return verdict
        try:
            page = await self.site.read(detection.home)
        except ScrapeError:
            return verdict
        return Verdict(True, True, "the board links to the company's site") if links_back(self.owner, page.document) else verdict

    async def list_of(self, page: Page) -> Board:
        """The jobs of a page, and of those that follow it."""
        rung = "rendered" if page.rendered else RUNGS.get(page.read.tier, "markup")
        own = Verdict(True, page.read.verified, "")
        return await self.read(Ask(page.url), rung, page.read.detect, own, first=page)

    async def read(self, ask: Ask, rung: str, detection: Detection, verdict: Verdict, first: Page | None = None) -> Board:
        """All pages of a list. Raises ScrapeError when the first cannot be had or is an error; what comes later only cuts it."""
        board = Board(rung, ask, detection.ats or "", detection.token or "", verdict.verified)
        following_ask: Ask | None = ask
        while following_ask is not None:
            self._say(board, following_ask)
            known = Known(self.owner.shown, board.verified, part=True)
            try:
                page = first or await self.site.read(following_ask, lambda _url, known=known: known)  # type: ignore[misc]
                if page.read.error:
                    code, _, message = page.read.error.partition(": ")
                    raise ScrapeError(code, f"{message} ({page.url})")
            except ScrapeError as error:
                if not board.pages:
                    raise
                board.cut = f"page {board.pages + 1} could not be read: {error}"
                break
            if first is None and not board.pages:
                page = await self._judged(page, board, detection, verdict)
            first = None
            new = board.take(page.read)
            if not new or len(board.jobs) >= self.limit or board.pages >= PAGES_MOST:
                # The same rows once more: some wrap around at their end, or show their last page for ever.
                board.cut = self._cut(board) if page.read.next_page and new else ""
                break
            following_ask = following(following_ask, page.read, board.rows)
        return board

    async def _judged(self, page: Page, board: Board, detection: Detection, verdict: Verdict) -> Page:
        """The first page, read again when it has told whose it is."""
        said = page.read.company if page.read.company != self.owner.shown else ""
        judged = stated(self.owner, verdict, said, detection)
        if judged.verified == board.verified:
            return page
        board.verified = judged.verified
        known = Known(self.owner.shown, judged.verified, part=True)
        return Page(page.document, await self.site.extract(page.document, known), page.redirects)

    def _cut(self, board: Board) -> str:
        if len(board.jobs) >= self.limit:
            return f"the limit of {self.limit} jobs is reached"
        return f"only the first {board.pages} pages were read"

    def _say(self, board: Board, ask: Ask) -> None:
        name = f"{board.ats} board {board.token}".strip() if board.ats else host(ask.url)
        pages = -(-board.total // max(1, board.rows // max(1, board.pages))) if board.total and board.rows else 0
        number = f", page {board.pages + 1}" + (f"/{pages}" if pages >= board.pages + 1 else "") if board.pages else ""
        self.work.say(f"Reading the jobs of {name}{number}", progress=min(0.8, 0.45 + 0.03 * board.pages))
