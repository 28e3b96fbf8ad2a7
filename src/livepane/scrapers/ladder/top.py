"""The last rung: pages that scripts fill are rendered, and what their scripts were answered is read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.job_postings import careers_links
from livepane.scrapers.job_postings.detect import Detection
from livepane.scrapers.job_postings.extract import Known
from livepane.scrapers.job_postings.urls import host, path
from livepane.scrapers.ladder.asks import Ask
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.climb import HOPS_MOST, Climb, Lead, problem
from livepane.scrapers.ladder.owner import judge
from livepane.scrapers.ladder.render import Rendered, grow, render
from livepane.scrapers.ladder.site import Page
from livepane.scrapers.ladder.window import Window, window

RENDERED_MOST = 4  # pages of one company
MORE_MOST = 10  # times that a list is asked for more, or its next page is opened


@dataclass(slots=True)
class Top:
    """What the climb has left for a browser."""

    climb: Climb

    async def reach(self) -> Board | None:
        """Render what needs it, careers pages first. Raises ScrapeError when there is no browser."""
        climb = self.climb
        rendered = 0
        while climb.to_render and rendered < RENDERED_MOST:
            climb.to_render.sort()
            lead = climb.to_render.pop(0)
            if host(lead.url) in climb.site.refused:
                continue
            rendered += 1
            climb.work.say(f"Rendering {host(lead.url)}{path(lead.url)}", progress=0.4 + 0.1 * rendered)
            try:
                shown, board = await self._render(lead)
            except ScrapeError as error:
                if error.code == "browser":
                    raise
                climb.problems.append(error)
                continue
            if await self._take(shown, board, lead):
                return climb.best
        return climb.best

    async def _render(self, lead: Lead) -> tuple[Rendered, Board | None]:
        """The page, and its whole list when it shows one and no vendor's feed can be had instead."""
        climb = self.climb
        await climb.work.http.permit(lead.url)
        async with climb.work.page() as page, window(page) as opened:
            known = climb.boards.of_page(lead.url)
            shown = await render(opened, lead.url, climb.site, known)
            best = shown.best
            if not best.read.jobs or any(detection.feed for detection in shown.boards):
                return shown, None
            board = self._board(best)
            board.take(best.read)
            with suppress(ScrapeError):  # what was read is kept
                await self._more(opened, shown, board, known)
            return shown, board

    async def _more(self, opened: Window, shown: Rendered, board: Board, known: Known) -> None:
        """The rest of a rendered list: its next pages, or what it loads when it is asked or scrolled."""
        climb, best = self.climb, shown.best
        following, times = best.read.next_page, 0
        while times < MORE_MOST and len(board.jobs) < climb.boards.limit and not (board.total and board.whole):
            times += 1
            climb.work.say(f"Reading the jobs of {host(best.url)}, page {times + 1}", progress=min(0.8, 0.5 + 0.03 * times))
            if following and best is shown.page:
                await climb.work.http.permit(following)
                after: Rendered | None = await render(opened, following, climb.site, known)
            else:
                after = await grow(opened, climb.site, known)
            if after is None:
                break
            # Of one kind only: a row of the page and the object that it was made of have no name in common.
            sources = [after.page] if best is shown.page else after.answers
            if not sum([board.take(one.read) for one in sources]):
                break
            following = after.page.read.next_page

    def _board(self, page: Page) -> Board:
        rung = "xhr" if page.document.kind == "json" else "rendered"
        detect = page.read.detect
        return Board(rung, Ask(page.url), detect.ats or "", detect.token or "", page.read.verified)

    async def _take(self, shown: Rendered, board: Board | None, lead: Lead) -> bool:
        """Whether the jobs were found; a page that only leads on is followed."""
        climb = self.climb
        page = shown.page
        if page.error == "blocked":
            climb.site.refused[host(page.url)] = page.read.error or ""
            climb.problems.append(problem(page))
            return False
        careers = careers_links.is_careers_page(page.document)
        if careers and page.url not in climb.careers:
            climb.careers.append(page.url)
        empty: Board | None = None
        for detection in (*shown.boards, *([page.read.detect] if page.read.detect.ats else [])):
            found = await self._feed(detection, page, careers=careers)
            if found is not None and found.jobs:
                climb.best = found
                return True
            empty = empty or found
        if board is not None and board.jobs:
            climb.best = board
            return True
        if empty is None and (said := next((one for one in (page, *shown.answers) if one.read.zero), None)) is not None:
            empty = self._board(said)
            empty.zero = said.read.zero
        if empty is not None and (careers or empty.ats):
            climb.best = empty
            return True
        if lead.hops < HOPS_MOST:
            # What the rendered page leads to is read without a browser first.
            return await climb.consider(page, lead) or await climb.follow()
        return False

    async def _feed(self, detection: Detection, page: Page, *, careers: bool) -> Board | None:
        verdict = judge(self.climb.owner, detection, page.document, careers=careers, asked_for=False)
        if not verdict.keep:
            self.climb.boards.notes.append(f"left out the {detection.ats} board {detection.token}: {verdict.why}")
            return None
        return await self.climb.boards.feed(detection, page, verdict)
