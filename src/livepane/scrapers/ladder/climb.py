"""The ladder: from the address of a company to its postings, by the cheapest way that can be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from livepane.scrapers.contract import ScrapeError, Work
from livepane.scrapers.job_postings import careers_links, urls
from livepane.scrapers.job_postings.detect import Detection, of_url
from livepane.scrapers.job_postings.urls import host
from livepane.scrapers.ladder import search
from livepane.scrapers.ladder.asks import Ask
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.boards import Boards
from livepane.scrapers.ladder.owner import Owner, Verdict, judge
from livepane.scrapers.ladder.site import Page, Site
from livepane.scrapers.ladder.target import Target

PAGES_MOST = 12  # in search of the jobs; feeds, further pages of a list and details are counted apart
HOPS_MOST = 2
LEADS_MOST = 4  # of one page
SURE = 60  # points of a link whose words say that jobs are there
FULL_LIST = 85  # points of a link on a careers page that says that all jobs are there
TEASER = 10  # jobs; a page with fewer may show a choice of them
NOT_A_PAGE = frozenset({"not_found", "http", "login", "blocked", "expired"})


@dataclass(order=True, slots=True)
class Lead:
    """An address where the jobs may be."""

    rank: int  # the lowest first
    url: str = field(compare=False)
    hops: int = field(compare=False)


@dataclass(slots=True)
class Climb:
    """One way up."""

    work: Work
    site: Site
    owner: Owner
    boards: Boards
    best: Board | None = None
    to_render: list[Lead] = field(default_factory=list)
    problems: list[ScrapeError] = field(default_factory=list)
    careers: list[str] = field(default_factory=list)  # careers pages that were read
    visited: int = 0
    lost: ScrapeError | None = None  # nothing is at the address that was asked for
    _leads: list[Lead] = field(default_factory=list)
    _said_at_home: Board | None = None  # that there are no jobs; a careers page knows better

    async def up(self, target: Target) -> Board | None:
        """The board of the first rung that can be believed; without one, `problems` and `careers` say what was met."""
        self.work.say(f"Opening {target.host}", progress=0.02)
        home = await self._open(target)
        self.owner.learn(home.document)
        if home.error in NOT_A_PAGE and not (home.read.detect.strength == 4 or home.read.jobs):
            raise problem(home)
        if await self.consider(home, Lead(0, home.url, 0), asked_for=True) or await self.follow():
            return self.best
        turned_away = any(error.code in {"blocked", "robots_disallowed", "login"} for error in self.problems)
        if not (self.careers or self.best or turned_away) and of_url(home.url) is None:
            await self._elsewhere(home)
        if self.best is None and not self.careers:
            self.best = self._said_at_home
        return self.best

    async def follow(self) -> bool:
        """Visit what pages have led to, the best first; whether the jobs were found."""
        while self._leads and self.visited < PAGES_MOST:
            self._leads.sort()
            lead = self._leads.pop(0)
            if self.site.seen(lead.url):
                continue
            self.work.say(
                f"Reading careers page {self.visited}/{self.visited + len(self._leads)}", progress=0.05 + 0.03 * self.visited
            )
            page = await self._visit(lead.url)
            if page is not None and await self.consider(page, lead):
                return True
        return False

    async def consider(self, page: Page, lead: Lead, *, asked_for: bool = False) -> bool:
        """Take in a page; whether the jobs were found."""
        read, document = page.read, page.document
        if page.error in NOT_A_PAGE and not read.jobs:
            if page.error != "not_found" or lead.hops:
                self.problems.append(problem(page))
                return False
            self.lost = problem(page)
        careers = document.kind != "html" or careers_links.is_careers_page(document) or of_url(page.url) is not None
        if page.error != "not_found" and (careers or (lead.hops and page.error != "no_careers_page")):
            self.careers.append(page.url)
        empty: Board | None = None
        verdict = self._verdict(page, careers=careers, asked_for=asked_for)
        if read.detect.ats and verdict.keep:
            found = await self.boards.feed(read.detect, page, verdict)
            if found is not None and found.jobs:
                return self._settle(found)
            empty = found
        elif read.detect.ats:
            self.boards.notes.append(f"left out the {read.detect.ats} board {read.detect.token}: {verdict.why}")
        ways = await self._ways(page, lead, careers=careers)
        if read.jobs:
            board = await self.boards.list_of(page)
            on = ways[0] if ways else None
            more = on is not None and on.rank <= 100 - (FULL_LIST if careers else SURE) and len(read.jobs) < TEASER
            if not more:
                return self._settle(board)
            self._keep(board)
        elif empty is not None:
            return self._settle(empty)
        elif read.zero:
            board = Board("markup", Ask(page.url), read.detect.ats or "", read.detect.token or "", read.verified, zero=read.zero)
            if not careers and not lead.hops:
                self._said_at_home = board
            elif not any(way.rank <= 100 - FULL_LIST for way in ways):
                return self._settle(board)
            else:
                self._keep(board)
        elif not page.rendered and (read.needs_escalation or (careers and page.error == "unknown")):
            self.to_render.append(Lead((0 if careers else 20) + (0 if read.needs_escalation else 10), page.url, lead.hops))
        if read.next_page and not read.jobs and (verdict.keep or not of_url(read.next_page)):
            self._leads.append(Lead(5, read.next_page, lead.hops if careers_links.meta_refresh(document) else lead.hops + 1))
        self._leads += ways
        return False

    def _verdict(self, page: Page, *, careers: bool, asked_for: bool) -> Verdict:
        own = asked_for and page.read.detect.evidence == "address" and not page.redirects
        return judge(self.owner, page.read.detect, page.document, careers=careers, asked_for=own)

    async def _ways(self, page: Page, lead: Lead, *, careers: bool) -> list[Lead]:
        """Where the page sends those who look for work, the best first."""
        if lead.hops >= HOPS_MOST or page.document.kind != "html":
            return []
        found: list[Lead] = []
        for way in await self.site.look(partial(careers_links.ways, on_careers_page=careers), page.document):
            if way.points < (SURE if careers else 40) or len(found) >= LEADS_MOST:
                break
            if self.site.seen(way.url) or not self._may_lead(page, way.url):
                continue
            found.append(Lead(max(6, 100 - way.points), way.url, lead.hops + 1))
        return found

    def _may_lead(self, page: Page, url: str) -> bool:
        """A link to a vendor leads to the company's own board, or nowhere."""
        hit = of_url(url)
        if hit is None or of_url(page.url) is not None:
            return True
        verdict = judge(self.owner, Detection(hit[0].name, hit[1], "link", 1, url), page.document, careers=False, asked_for=False)
        if not verdict.keep:
            self.boards.notes.append(f"left out {host(url)} {hit[1] or ''}: {verdict.why}")
        return verdict.keep

    async def _open(self, target: Target) -> Page:
        first: ScrapeError | None = None
        for url in target.urls:
            if first is not None and first.code == "tls" and url.startswith("http:"):
                break  # what cannot be trusted is not asked again in the clear
            try:
                self.visited += 1
                return await self.site.read(url, self.boards.of_page)
            except ScrapeError as error:
                first = first or error
                if error.code not in {"dns", "tls", "http"}:
                    break
        if first is None:
            raise ScrapeError("bad_target", f"{target.given!r} has no address.")
        raise first

    async def _visit(self, url: str) -> Page | None:
        self.visited += 1
        try:
            return await self.site.read(url, self.boards.of_page)
        except ScrapeError as error:
            self.problems.append(error)
            return None

    async def _elsewhere(self, home: Page) -> None:
        """No link leads to a careers page: sitemaps, then the company's other hosts, then the usual paths."""
        self.work.say("Looking for a careers page", progress=0.1)
        async for url in search.sitemap_leads(self.site, home):
            if not self.site.seen(url) and host(url) not in self.site.refused:
                self._leads.append(Lead(30, url, 1))
        if await self.follow() or self.careers:
            return
        if self.to_render:
            # A shell that scripts fill looks the same at every address: it is rendered, and asked for its careers page.
            self.to_render.append(Lead(25, f"{urls.origin(home.url)}/careers", 1))
            return
        problems = len(self.problems)
        for url in (*search.hosts(home), *search.paths(home)):
            if self.visited >= PAGES_MOST or any(host(url) == refused for refused in self.site.refused):
                break
            page = None if self.site.seen(url) else await self._visit(url)
            if page is None or not search.is_new(home, page):
                continue
            if await self.consider(page, Lead(0, page.url, 1)) or await self.follow() or self.careers:
                break
        # That nothing was at a guessed address is no trouble; that we were turned away there is.
        self.problems[problems:] = [one for one in self.problems[problems:] if one.code == "blocked"]

    def _keep(self, board: Board) -> None:
        """Remember the fuller list of two; one that says that it is empty counts less than any job."""
        if self.best is None or len(board.jobs) > len(self.best.jobs):
            self.best = board

    def _settle(self, board: Board) -> bool:
        self._keep(board)
        return True


def problem(page: Page) -> ScrapeError:
    """What a page is instead of one with jobs."""
    code, _, message = (page.read.error or "unknown: nothing is known of the page").partition(": ")
    return ScrapeError(code, f"{message}: {page.url}", retry=code == "http" and (page.document.status or 0) >= 500)
