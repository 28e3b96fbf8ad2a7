"""Pages behind a login and postings that are closed, and beside them pages that only look like it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Sheet, Site
from tests.boards.openings import pick
from tests.boards.own.structured import STATED, block, linked
from tests.boards.web import Web

PORTAL = (
    '<h1>Mitarbeiterportal</h1><p>Bitte melden Sie sich an, um unsere internen Stellen zu sehen.</p><form method="post">'
    '<label>Benutzername <input name="user"></label><label>Kennwort <input type="password" name="pass"></label>'
    '<button>Anmelden</button> <a href="/kennwort">Kennwort vergessen?</a></form>'
)
SINGLE = (
    '<div id="signin"><h1>Sign in</h1><p>Sign in to your account to continue to Careers at Kettlewright.</p>'
    '<form action="/saml/sso" method="post"><input type="hidden" name="SAMLRequest" value="fZJNT"><button>Continue with SSO</button>'
    "</form></div>"
)
# On open pages: a box in the header in which applicants come back, and a form that takes an address.
BOX = (
    '<div class="candidate-login"><h2>Sign in</h2><form action="/candidates/login"><input type="email" name="mail">'
    '<input type="password" name="pass"><button>Log in</button></form><p>Already applied? Log in to see your applications.</p></div>'
)


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A portal in German, single sign-on, a list with a login box; closed postings in German and by date; open ones that speak
    of being filled."""
    url = pages.company(web, "glutkammer.example", "Glutkammer", PORTAL, path="/karriere", lang="de")
    yield Site("glutkammer.example", "login", error="login")
    yield Sheet("login", "a portal in German", url, error="login")

    pages.company(web, "kettlewright.example", "Kettlewright", "")
    web.redirect("https://kettlewright.example/careers", "https://login.kettlewright.example/saml/login?returnTo=%2Fcareers")
    url = "https://login.kettlewright.example/saml/login"
    web.on(url, pages.html(SINGLE, title="Sign in | Kettlewright"))
    yield Site("kettlewright.example", "login", error="login")
    yield Sheet("login", "single sign-on", f"{url}?returnTo=%2Fcareers", error="login")

    own = pick(9, 3, first=720)
    cards = "".join(
        f'<div class="job"><h3><a href="/careers/{one.id}">{one.title}</a></h3><span class="location">{one.place.short}</span></div>'
        for one in own
    )
    url = pages.company(web, "openforge.example", "Openforge", f"{BOX}<h1>Open positions</h1><div class='jobs'>{cards}</div>")
    jobs = tuple(one.expected(f"https://openforge.example/careers/{one.id}", web.now, "location") for one in own)
    for one, job in zip(own, jobs, strict=True):
        web.on(job.url, pages.framed("Openforge", f"{BOX}<h1>{one.title}</h1><p>{one.place.short}</p>{one.body}"))
    yield Site("openforge.example", "login", jobs)
    yield Sheet("login", "a list with a box for applicants", url, jobs)
    yield from _closed(web)


def _closed(web: Web) -> Iterator[Sheet]:
    [one] = pick(4, 1, first=88)
    domain = "pastforge.example"
    still = block(linked(web, one, "Pastforge", f"https://{domain}/stellen/88"))
    similar = '<h2>Ähnliche Stellen</h2><ul><li><a href="/stellen/91">Schmied (m/w/d)</a></li><li><a href="/stellen/92">Former (m/w/d)</a></li></ul>'
    gone = f"<h1>{one.title}</h1><p>Diese Stellenanzeige ist leider nicht mehr verfügbar.</p>{similar}"
    url = web.on(f"https://{domain}/stellen/88", pages.framed("Pastforge", gone, head=still, lang="de"))
    yield Sheet("expired", "in German, its data still there", url, error="expired")

    value = linked(web, one, "Pastforge", f"https://{domain}/jobs/89") | {"validThrough": "2025-03-31T23:59:59+01:00"}
    value["datePosted"] = "2025-01-07"
    url = web.on(f"https://{domain}/jobs/89", pages.framed("Pastforge", f"<h1>{one.title}</h1>{one.body}", head=block(value)))
    yield Sheet("expired", "by its last day alone", url, error="expired")

    for number, words in (
        (90, "Applications are accepted until the position has been filled."),
        (93, "We take this page down as soon as the role has been filled, so if you can read it, it is open."),
        (94, "This position is not limited to Berlin. If this job is no longer available when you apply, we will tell you."),
    ):
        url = f"https://{domain}/jobs/{number}"
        page = pages.framed(
            "Pastforge", f"<h1>{one.title}</h1>{one.body}<p>{words}</p>", head=block(linked(web, one, "Pastforge", url))
        )
        web.on(url, page)
        yield Sheet("expired", "open, and speaks of being filled", url, (one.expected(url, web.now, *STATED),))
