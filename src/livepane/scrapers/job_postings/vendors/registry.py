"""Every system, in the order in which its marks are looked for."""

from __future__ import annotations

from livepane.scrapers.job_postings.vendors import (
    ashby,
    bamboohr,
    breezy,
    greenhouse,
    icims,
    jazzhr,
    jobvite,
    lever,
    personio,
    pinpoint,
    recruitee,
    rippling,
    smartrecruiters,
    teamtailor,
    workable,
    workday,
)
from livepane.scrapers.job_postings.vendors.vendor import Vendor

MAIN: tuple[Vendor, ...] = tuple(
    module.VENDOR
    for module in (
        greenhouse,
        lever,
        ashby,
        workable,
        smartrecruiters,
        workday,
        recruitee,
        personio,
        bamboohr,
        teamtailor,
        breezy,
        jazzhr,
        icims,
        rippling,
        pinpoint,
        jobvite,
    )
)
TAIL: tuple[Vendor, ...] = (
    Vendor(
        "oracle",
        boards=(r"^(?P<token>[\w-]+)\.fa\.(?:[\w-]+\.)?(?:ocs\.)?oraclecloud(?:\d+)?\.com/(?:hcmUI|hcmRestApi)",),
        rendered=True,
    ),
    Vendor(
        "successfactors",
        boards=(
            r"^career\d*\.(?:successfactors|sapsf)\.(?:com|eu|cn)/.{0,200}?[?&]company=(?P<token>\w+)",
            r"^career\d*\.(?:successfactors|sapsf)\.(?:com|eu|cn)",
        ),
        embeds=(r"^(?:rmkcdn|performancemanager\d*)\.successfactors\.(?:com|eu)", r"^rmkcdn\."),
        marks="link[href*='rmkcdn'], script[src*='rmkcdn']",
    ),
    Vendor(
        "eightfold",
        boards=(r"^(?P<token>[\w-]+)\.eightfold\.ai/(?:careers|api)",),
        embeds=(r"^static\.vscdn\.net/",),
        marks="#EFSmartApplyContainer, code#smartApplyData",
        rendered=True,
        not_tokens=frozenset({"static", "app"}),
    ),
    Vendor(
        "phenom",
        embeds=(r"^cdn(?:-bot)?\.phenompeople\.com/", r"^(?:content|assets)\.phenompeople\.com/", r"^pp-cdn\.phenompeople\.com/"),
        inline=(
            r"phApp\s*=\s*phApp[\s\S]{0,2000}?refNum[\"']?\s*:\s*[\"'](?P<token>\w+)",
            r"[\"']refNum[\"']\s*:\s*[\"'](?P<token>[A-Z0-9]{5,20})[\"'][\s\S]{0,4000}phApp|phApp\.ddo",
        ),
    ),
    Vendor(
        "taleo",
        boards=(r"^(?P<token>[\w-]+)\.taleo\.net/careersection", r"^\w+\.tbe\.taleo\.net/.{0,200}?[?&]org=(?P<token>\w+)"),
        rendered=True,
    ),
    Vendor(
        "ukg",
        boards=(r"^recruiting\d*\.ultipro\.(?:com|ca)/(?P<token>\w+)/JobBoard", r"^(?P<token>[\w-]+)\.rec\.pro\.ukg\.net/"),
        rendered=True,
    ),
    Vendor(
        "paylocity",
        boards=(r"^recruiting\.paylocity\.com/recruiting/jobs/(?:all|list)/(?P<token>[\w-]+)", r"^recruiting\.paylocity\.com/"),
    ),
    Vendor(
        "adp",
        boards=(
            r"^workforcenow\.(?:cloud\.)?adp\.com/mascsr/.{0,300}?[?&]cid=(?P<token>[\w-]+)",
            r"^(?:workforcenow\.(?:cloud\.)?adp\.com/mascsr|myjobs\.adp\.com/(?P<token>[\w-]+))",
        ),
        rendered=True,
    ),
    Vendor(
        "paycom",
        boards=(
            r"^(?:www\.)?paycomonline\.net/v4/ats/.{0,200}?[?&]clientkey=(?P<token>\w+)",
            r"^(?:www\.)?paycomonline\.net/v4/ats",
        ),
        rendered=True,
    ),
    Vendor(
        "dayforce",
        boards=(r"^(?:jobs|us\d+|can\d+|\w+)\.dayforcehcm\.com/(?:candidateportal/)?(?:[a-z]{2}-[A-Z]{2}/)?(?P<token>[\w-]+)",),
        rendered=True,
    ),
    Vendor("cornerstone", boards=(r"^(?P<token>[\w-]+)\.csod\.com/",), rendered=True),
    Vendor("avature", boards=(r"^(?P<token>[\w-]+)\.avature\.net/",), embeds=(r"^[\w-]+\.avature\.net/",)),
    Vendor("gem", boards=(r"^jobs\.gem\.com/(?P<token>[\w-]+)", r"^api\.gem\.com/job_board/v0/(?P<token>[\w-]+)"), rendered=True),
    Vendor(
        "join",
        boards=(r"^join\.com/companies/(?P<token>[\w-]+)", r"^join\.com/api/public/companies/(?P<token>\d+)"),
        embeds=(r"^join\.com/api/widget/",),
    ),
    Vendor(
        "softgarden",
        boards=(r"^(?P<token>[\w-]+)\.(?:career\.)?softgarden\.(?:io|de)(?:/|$)",),
        embeds=(r"^(?:[\w-]+\.)?softgarden\.(?:io|de)/",),
        not_tokens=frozenset({"www", "app", "static", "api", "tracker", "certificate"}),
    ),
    Vendor("gupy", boards=(r"^(?P<token>[\w-]+)\.gupy\.io(?:/|$)",), not_tokens=frozenset({"www", "portal", "api"})),
    Vendor("neogov", boards=(r"^(?:www\.)?(?:governmentjobs|schooljobs)\.com/careers/(?P<token>[\w-]+)",), rendered=True),
    Vendor("webcruiter", boards=(r"^(?P<token>\d+)\.webcruiter\.(?:no|com)", r"^candidate\.webcruiter\.com/")),
    Vendor("hrmdirect", boards=(r"^(?P<token>[\w-]+)\.hrmdirect\.com/",)),
    Vendor(
        "pageup",
        boards=(r"^careers\.pageuppeople\.com/(?P<token>\d+)/", r"^secure\.dc\d\.pageuppeople\.com/"),
        embeds=(r"^careers\.pageuppeople\.com/(?P<token>\d+)/",),
    ),
    Vendor(
        "comeet",
        boards=(r"^(?:www\.)?comeet\.com/jobs/(?P<token>[\w-]+)",),
        embeds=(r"^(?:www\.)?comeet\.co(?:m)?/careers-api/",),
    ),
    Vendor("freshteam", boards=(r"^(?P<token>[\w-]+)\.freshteam\.com/jobs",), embeds=(r"^(?P<token>[\w-]+)\.freshteam\.com/",)),
    Vendor(
        "zoho",
        boards=(r"^(?P<token>[\w-]+)\.zohorecruit\.(?:com|eu|in)/",),
        embeds=(r"^(?:static\.zohocdn|js\.zohostatic)\.com/recruit",),
    ),
    Vendor(
        "homerun",
        boards=(r"^(?P<token>[\w-]+)\.homerun\.(?:co|hr)(?:/|$)",),
        embeds=(r"^embed\.homerun\.co/",),
        not_tokens=frozenset({"www", "app", "embed"}),
    ),
    Vendor("jobylon", boards=(r"^(?:emp|www)\.jobylon\.com/",), embeds=(r"^(?:cdn|feed|js)\.jobylon\.com/",)),
    Vendor("varbi", boards=(r"^(?P<token>[\w-]+)\.varbi\.com/",)),
    Vendor(
        "reachmee",
        boards=(r"^(?:web\d+)\.reachmee\.com/ext/(?P<token>\w+)",),
        embeds=(r"^(?:web\d+)\.reachmee\.com/ext/(?P<token>\w+)",),
    ),
    Vendor("emply", boards=(r"^(?P<token>[\w-]+)\.career\.emply\.com/",)),
    Vendor("hibob", boards=(r"^(?P<token>[\w-]+)\.careers\.hibob\.com/",), rendered=True),
    Vendor("factorial", boards=(r"^(?P<token>[\w-]+)\.factorial(?:hr)?\.(?:com|es|fr|de|it|pt)/(?:embed/)?jobs?",)),
    Vendor("kenjo", boards=(r"^(?P<token>[\w-]+)\.kenjo\.io/",)),
    Vendor("welcometothejungle", boards=(r"^(?:www\.)?welcometothejungle\.com/\w\w/companies/(?P<token>[\w-]+)",), rendered=True),
    Vendor("traffit", boards=(r"^(?P<token>[\w-]+)\.traffit\.com/",)),
    Vendor("erecruiter", boards=(r"^(?:system|skk|career)\.erecruiter\.pl/",), embeds=(r"^skk\.erecruiter\.pl/",)),
    Vendor("jobs.cz", boards=(r"^(?P<token>[\w-]+)\.(?:jobs|prace)\.cz/",)),
    Vendor("dvinci", boards=(r"^(?P<token>[\w-]+)\.dvinci(?:-hr|-easy)?\.(?:com|de)/",)),
    Vendor("rexx", boards=(r"^(?P<token>[\w-]+)\.(?:rexx-systems\.com|rexx-recruitment\.com)/",)),
    Vendor(
        "onlyfy",
        boards=(r"^(?P<token>[\w-]+)\.onlyfy\.jobs", r"^(?P<token>[\w-]+)\.prescreenapp\.io"),
        embeds=(r"^(?P<token>[\w-]+)\.(?:onlyfy\.jobs|prescreenapp\.io)",),
    ),
    Vendor("concludis", boards=(r"^(?P<token>[\w-]+)\.concludis\.de/",)),
    Vendor("polymer", boards=(r"^jobs\.polymer\.co/(?P<token>[\w-]+)",)),
    Vendor("dover", boards=(r"^app\.dover\.com/(?:apply/|jobs/)(?P<token>[\w-]+)",), rendered=True),
    Vendor("clearcompany", boards=(r"^(?P<token>[\w-]+)\.(?:clearcompany|hrmdirect)\.com/careers",)),
    Vendor("applicantpro", boards=(r"^(?P<token>[\w-]+)\.(?:applicantpro|isolvedhire)\.com/",)),
    Vendor("trakstar", boards=(r"^(?P<token>[\w-]+)\.(?:hire\.trakstar|recruiterbox)\.com/",)),
)
ALL: tuple[Vendor, ...] = MAIN + TAIL
BY_NAME = {vendor.name: vendor for vendor in ALL}
