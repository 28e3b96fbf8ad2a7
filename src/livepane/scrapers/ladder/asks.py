"""Where the whole board of a company can be had, by the system that it runs on, and how its next page is asked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from livepane.scrapers.job_postings.detect import Detection
from livepane.scrapers.job_postings.extract import Extraction
from livepane.scrapers.job_postings.urls import domain, host, origin, query, with_query

WORKDAY_PAGE = 20  # rows; more is refused
UKG_PAGE = 50
LEVER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page of a board."""

    url: str
    body: Any = None  # a JSON document: then it is a POST
    step: str = ""  # what in a body moves on: "offset", "token" or "skip"

    @property
    def read_as(self) -> str:
        """The address that its answer is read under: with the offset of a POST, which its URL does not have."""
        return with_query(self.url, offset=self.body["offset"]) if self.step == "offset" else self.url


def asks(detection: Detection, page: str, company_site: str) -> list[Ask]:
    """What to ask, one after the other until one has an answer. `page` is where it was detected."""
    make = _MAKERS.get(detection.ats or "")
    if make is not None:
        return make(_Board(detection, page, company_site))
    return [Ask(detection.feed)] if detection.feed else []


def following(ask: Ask, answer: Extraction, rows: int) -> Ask | None:
    """The next page of a board; `rows` is how many were read up to now."""
    if ask.step == "skip":
        search = ask.body["opportunitySearch"]
        if not answer.rows or answer.total is None or rows >= answer.total:
            return None
        return Ask(ask.url, {"opportunitySearch": {**search, "Skip": rows}}, "skip")
    if not answer.next_page:
        return None
    if ask.step == "offset":
        return Ask(ask.url, {**ask.body, "offset": int(query(answer.next_page)["offset"])}, "offset")
    if ask.step == "token":
        return Ask(ask.url, {**ask.body, "token": query(answer.next_page)["token"]}, "token")
    return Ask(answer.next_page)


def detail(ats: str, board: Ask, identity: str, url: str) -> str:
    """Where one posting of a board can be read, when that is not its own page."""
    if ats == "workday" and board.step == "offset":
        _, found, rest = urlsplit(url).path.partition("/job/")
        return f"{board.url.removesuffix('/jobs')}/job/{rest}" if found else url
    if ats == "bamboohr" and identity.isdigit():
        return f"{origin(url)}/careers/{identity}/detail"
    return url


@dataclass(frozen=True, slots=True)
class _Board:
    """What is known of a board when it has been detected."""

    detection: Detection
    page: str
    company_site: str

    @property
    def token(self) -> str:
        """Its name, fit for an address."""
        return quote(self.detection.token or "", safe="%")

    @property
    def named(self) -> bool:
        """Whether the name is one, and not the number of a widget."""
        return bool(self.detection.token) and not str(self.detection.token).isdigit()

    def own_host(self, *ends: str) -> str:
        """The board's own host, when one of its addresses was seen; "" else."""
        for url in (self.detection.url, self.page):
            if host(url).endswith(ends):
                return host(url)
        return ""

    def match(self, pattern: str) -> re.Match[str] | None:
        """What an address that was seen says beyond the name."""
        return re.search(pattern, self.detection.url, re.IGNORECASE) or re.search(pattern, self.page, re.IGNORECASE)


def _greenhouse(board: _Board) -> list[Ask]:
    hosts = ["boards-api.greenhouse.io", "boards-api.eu.greenhouse.io"]
    if board.match(r"\.eu\.greenhouse\.io"):
        hosts.reverse()
    return [Ask(f"https://{name}/v1/boards/{board.token}/jobs?content=true") for name in hosts] if board.named else []


def _lever(board: _Board) -> list[Ask]:
    hosts = ["api.lever.co", "api.eu.lever.co"]
    if board.match(r"\.eu\.lever\.co"):
        hosts.reverse()
    tail = f"/v0/postings/{board.token}?mode=json&skip=0&limit={LEVER_PAGE}"
    return [Ask(f"https://{name}{tail}") for name in hosts] if board.named else []


def _ashby(board: _Board) -> list[Ask]:
    if not board.named:
        return []
    return [
        Ask(f"https://api.ashbyhq.com/posting-api/job-board/{board.token}?includeCompensation=true"),
        Ask(f"https://jobs.ashbyhq.com/{board.token}"),
    ]


def _workable(board: _Board) -> list[Ask]:
    if not board.named:
        return []
    search = {"query": "", "location": [], "department": [], "worktype": [], "remote": []}  # a `limit` is answered by 400
    return [
        Ask(f"https://apply.workable.com/api/v1/widget/accounts/{board.token}?details=true"),
        Ask(f"https://apply.workable.com/api/v3/accounts/{board.token}/jobs", search, "token"),
    ]


def _smartrecruiters(board: _Board) -> list[Ask]:
    # The interface knows every name and its robots.txt shuts us out: the public pages are read.
    return [Ask(f"https://careers.smartrecruiters.com/{board.token}")] if board.named else []


def _workday(board: _Board) -> list[Ask]:
    places = (
        r"https?://(?P<host>(?P<tenant>[\w-]+)\.(?:wd\d+\.)?myworkdayjobs(?:-impl)?\.com)/(?:wday/cxs/[\w-]+/|[a-z]{2}-[A-Z]{2}/)?(?P<site>[\w-]+)",
        r"https?://(?P<host>wd\d+\.myworkdaysite\.com)/(?:[a-z]{2}-[A-Z]{2}/)?(?:recruiting|wday/cxs)/(?P<tenant>[\w-]+)/(?P<site>[\w-]+)",
    )
    for pattern in places:
        if found := board.match(pattern):
            address = f"https://{found['host']}/wday/cxs/{found['tenant']}/{found['site']}/jobs"
            return [Ask(address, {"appliedFacets": {}, "limit": WORKDAY_PAGE, "offset": 0, "searchText": ""}, "offset")]
    return []


def _recruitee(board: _Board) -> list[Ask]:
    if board.named:
        return [Ask(f"https://{board.token}.recruitee.com/api/offers/")]
    return [Ask(f"{origin(board.page)}/api/offers/")]  # a board below the customer's own domain


def _personio(board: _Board) -> list[Ask]:
    name = board.own_host(".jobs.personio.de", ".jobs.personio.com") or f"{board.token}.jobs.personio.de"
    if not board.named:
        return []
    other = f"{board.token}.jobs.personio.{'com' if name.endswith('.de') else 'de'}"
    return [Ask(f"https://{name}/xml?language=en"), Ask(f"https://{name}/xml"), Ask(f"https://{other}/xml?language=en")]


def _bamboohr(board: _Board) -> list[Ask]:
    home = f"https://{board.token}.bamboohr.com"
    return [Ask(f"{home}/careers/list"), Ask(f"{home}/jobs/embed2.php")] if board.named else []


def _teamtailor(board: _Board) -> list[Ask]:
    name = board.own_host(".teamtailor.com") if board.named else host(board.page)
    return [Ask(f"https://{name or f'{board.token}.teamtailor.com'}/jobs.json"), Ask(f"https://{name}/jobs.rss")]


def _jazzhr(board: _Board) -> list[Ask]:
    home = f"https://{board.token}.applytojob.com/apply"
    return [Ask(f"{home}/jobs/"), Ask(home)] if board.named else []


def _icims(board: _Board) -> list[Ask]:
    name = board.own_host(".icims.com") or (f"careers-{board.token}.icims.com" if board.named else "")
    return [Ask(f"https://{name}/jobs/search?ss=1&pr=0&in_iframe=1")] if name else []


def _rippling(board: _Board) -> list[Ask]:
    if not board.named:
        return []
    return [
        Ask(f"https://ats.rippling.com/api/v2/board/{board.token}/jobs?page=0&pageSize=100"),
        Ask(f"https://api.rippling.com/platform/api/ats/v1/board/{board.token}/jobs"),
    ]


def _pinpoint(board: _Board) -> list[Ask]:
    return [Ask(f"https://{board.token}.pinpointhq.com/postings.json" if board.named else f"{origin(board.page)}/postings.json")]


def _jobvite(board: _Board) -> list[Ask]:
    home = f"https://jobs.jobvite.com/{board.token}"
    return [Ask(f"{home}/search?p=0"), Ask(f"{home}/jobs")] if board.named else []


def _oracle(board: _Board) -> list[Ask]:
    site = board.match(r"/sites/(?P<site>[\w-]+)") or board.match(r"siteNumber=(?P<site>[\w-]+)")
    where = next((origin(url) for url in (board.detection.url, board.page) if "oraclecloud" in host(url)), "")
    if not where or site is None:
        return []
    finder = f"findReqs;siteNumber={site['site']},limit=100,offset=0"
    expand = "requisitionList.secondaryLocations"
    return [Ask(f"{where}/hcmRestApi/resources/latest/recruitingCEJobRequisitions?onlyData=true&expand={expand}&finder={finder}")]


def _successfactors(board: _Board) -> list[Ask]:
    # Its own sites list every job in a feed whose name is really spelt so; `career*.successfactors` hosts have none.
    return [Ask(f"{origin(board.page)}/sitemal.xml")] if "successfactors" not in host(board.page) else []


def _eightfold(board: _Board) -> list[Ask]:
    of = query(board.detection.url).get("domain") or query(board.page).get("domain") or domain(board.company_site)
    name = board.own_host(".eightfold.ai") or (f"{board.token}.eightfold.ai" if board.named else host(board.page))
    tail = f"domain={of}&start=0&num=10"
    return [Ask(f"https://{name}/api/apply/v2/jobs?{tail}"), Ask(f"https://{name}/api/pcsx/search?{tail}")]


def _ukg(board: _Board) -> list[Ask]:
    found = board.match(r"(https?://recruiting\d*\.ultipro\.(?:com|ca)/\w+/JobBoard/[\w-]+)")
    if found is None:
        return []
    search = {"Top": UKG_PAGE, "Skip": 0, "QueryString": "", "OrderBy": [], "Filters": []}
    return [Ask(f"{found[1]}/JobBoardView/LoadSearchResults", {"opportunitySearch": search}, "skip")]


def _avature(board: _Board) -> list[Ask]:
    where = origin(board.detection.url) if "avature" in host(board.detection.url) else origin(board.page)
    return [Ask(f"{where}/careers/SearchJobs/feed/")]


def _of_template(*templates: str) -> Callable[[_Board], list[Ask]]:
    """For systems whose boards are found by their name alone."""
    return lambda board: [Ask(template.format(token=board.token)) for template in templates] if board.named else []


_MAKERS: dict[str, Callable[[_Board], list[Ask]]] = {
    "greenhouse": _greenhouse,
    "lever": _lever,
    "ashby": _ashby,
    "workable": _workable,
    "smartrecruiters": _smartrecruiters,
    "workday": _workday,
    "recruitee": _recruitee,
    "personio": _personio,
    "bamboohr": _bamboohr,
    "teamtailor": _teamtailor,
    "jazzhr": _jazzhr,
    "icims": _icims,
    "rippling": _rippling,
    "pinpoint": _pinpoint,
    "jobvite": _jobvite,
    "oracle": _oracle,
    "successfactors": _successfactors,
    "eightfold": _eightfold,
    "ukg": _ukg,
    "avature": _avature,
    "gem": _of_template("https://api.gem.com/job_board/v0/{token}/job_posts/"),
    "join": _of_template("https://join.com/companies/{token}"),
    "softgarden": _of_template("https://{token}.softgarden.io/jobs.feed.json", "https://{token}.career.softgarden.de/"),
    "gupy": _of_template("https://{token}.gupy.io/"),
    "neogov": _of_template("https://www.governmentjobs.com/SearchEngine/JobsFeed?agency={token}"),
    "hrmdirect": _of_template("https://{token}.hrmdirect.com/employment/job-openings.php?search=true"),
    "homerun": _of_template("https://{token}.homerun.co/"),
    "varbi": _of_template("https://{token}.varbi.com/en/what:rssfeed/"),
}
