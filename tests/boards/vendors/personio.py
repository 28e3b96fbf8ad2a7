"""Personio: a documented feed in XML with enums of its own, without addresses and without the company's name."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

KIND = {
    "full_time": ("permanent", "full-time"),
    "part_time": ("permanent", "part-time"),
    "internship": ("intern", "full-time"),
    "contract": ("freelance", "full-time"),
}
STATED = ("department", "employment_type", "posted", "id")


def _position(web: Web, one: Opening, *, more: str = "") -> str:
    kind, schedule = KIND[one.employment]
    offices = f"<additionalOffices><office>{more}</office></additionalOffices>" if more else ""
    return (
        f"<position><id>{one.id}</id><subcompany></subcompany><office>{one.place.city}</office>{offices}<department>{one.department}</department>"
        f"<recruitingCategory>Office</recruitingCategory><name>{escape(one.title)}</name><jobDescriptions><jobDescription><name>Your tasks</name>"
        f"<value><![CDATA[{one.body}]]></value></jobDescription></jobDescriptions><employmentType>{kind}</employmentType>"
        f"<seniority>experienced</seniority><schedule>{schedule}</schedule><yearsOfExperience>2-5</yearsOfExperience><keywords></keywords>"
        f"<occupation>other</occupation><occupationCategory>other</occupationCategory><createdAt>{one.posted(web.now):%Y-%m-%dT%H:%M:%S+00:00}"
        "</createdAt></position>"
    )


def feed(web: Web, host: str, openings: tuple[Opening, ...], *, more: str = "") -> str:
    """`/xml` of a board."""
    body = "".join(_position(web, one, more=more if step == 0 else "") for step, one in enumerate(openings))
    body += _position(web, openings[-1])  # the last one comes twice
    return web.on(
        f"https://{host}/xml",
        Reply(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>{body}</workzag-jobs>', content_type="text/xml;charset=UTF-8"
        ),
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A frame on the careers page, a link to a board in another country, an additional office."""
    own = pick(22, 6, form="{}", first=1_500_000)
    host = "zunderwerk.jobs.personio.de"
    url = feed(web, host, own, more="Hamburg")
    rows = "".join(
        f'<a class="job-box-link" href="/job/{one.id}?display=de"><div class="job-box"><h3 class="jb-title">{escape(one.title)}</h3></div></a>'
        for one in own
    )
    web.on(f"https://{host}/", pages.html(f"<h1>Jobs bei Zunderwerk</h1>{rows}", title="Jobs bei Zunderwerk", lang="de"))
    jobs = tuple(
        one.expected(
            f"https://{host}/job/{one.id}",
            web.now,
            *STATED,
            location=f"{one.place.city}; Hamburg" if step == 0 else one.place.city,
        )
        for step, one in enumerate(own)
    )
    body = f'<h1>Karriere bei Zunderwerk</h1><iframe src="https://{host}/?language=de" width="100%"></iframe>'
    careers = pages.company(web, "zunderwerk.example", "Zunderwerk GmbH", body, path="/karriere", lang="de")
    yield Site("zunderwerk.example", "personio", jobs, ats="personio", token="zunderwerk")
    yield Sheet("personio", "feed", f"{url}?language=en", jobs, ats="personio", token="zunderwerk")
    yield Sheet("personio", "frame", careers, next_page=f"https://{host}/?language=de", ats="personio", token="zunderwerk")

    abroad = pick(23, 3, form="{}", first=1_600_000)
    host = "glowforge-iberia.jobs.personio.com"
    url = feed(web, host, abroad)
    jobs = tuple(one.expected(f"https://{host}/job/{one.id}", web.now, *STATED, location=one.place.city) for one in abroad)
    body = f'<h1>Trabaja con nosotros</h1><p>Somos un equipo pequeño.</p><a href="https://{host}/">Ver vacantes</a>'
    pages.company(web, "glowforgeiberia.example", "Glowforge Iberia", body, path="/trabaja-con-nosotros", lang="es")
    yield Site("glowforgeiberia.example", "personio", jobs, ats="personio", token="glowforge-iberia")
    yield Sheet("personio", "feed of .com", f"{url}?language=en", jobs, ats="personio", token="glowforge-iberia")
    web.on(
        "https://stillesfeuer.jobs.personio.de/xml",
        Reply('<?xml version="1.0"?><workzag-jobs></workzag-jobs>', content_type="text/xml"),
    )
    yield Sheet("personio", "empty feed", "https://stillesfeuer.jobs.personio.de/xml", ats="personio", token="stillesfeuer")
