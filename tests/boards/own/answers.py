"""Companies from which no jobs are to be had, each for its own reason."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Reply, Sheet, Site
from tests.boards.web import Web

ZERO = {
    "hollowforge.example": (
        "en",
        "/careers",
        "<h1>Careers</h1><p>There are currently no open positions. Please check back soon.</p>",
    ),
    "leeresfeuer.example": (
        "de",
        "/karriere",
        "<h1>Karriere</h1><p>Derzeit haben wir leider keine offenen Stellen zu besetzen.</p>",
    ),
    "feueteint.example": ("fr", "/nous-rejoindre", "<h1>Nos offres</h1><p>Aucune offre disponible pour le moment.</p>"),
}
CHALLENGE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head>'
    '<body><div class="main-wrapper"><noscript>Enable JavaScript and cookies to continue</noscript></div>'
    "<script>(function(){window._cf_chl_opt={cvId:'3',cZone:'gated.example'};var a=document.createElement('script');"
    "a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8a';}());</script></body></html>"
)
LOGIN = (
    '<h1>Sign in</h1><p>Please sign in to see our openings.</p><form method="post" action="/login"><label>Email <input type="email" name="user">'
    '</label><label>Password <input type="password" name="password"></label><button>Sign in</button></form>'
)


def parts(web: Web) -> Iterator[Site | Sheet]:
    """Zero in three languages, challenges, no careers page, a login, a closed posting, loops, slowness, broken TLS, robots."""
    for domain, (lang, path, body) in ZERO.items():
        url = pages.company(web, domain, domain.partition(".")[0].title(), body, path=path, lang=lang)
        yield Site(domain, "zero")
        yield Sheet("zero", lang, url)

    gate = Reply(CHALLENGE, 403, headers={"cf-mitigated": "challenge", "server": "cloudflare"})
    web.on("https://gated.example/*", gate)
    yield Site("gated.example", "blocked", error="blocked")
    yield Sheet("blocked", "challenge", "https://gated.example/careers", error="blocked")
    web.on("https://ratelimited.example/*", Reply("Too Many Requests", 429, "text/plain", {"retry-after": "3600"}))
    yield Site("ratelimited.example", "blocked", error="blocked")

    nothing = pages.html(
        "<h1>Bakery Ofen</h1><p>Bread, rolls, cake. Open from six.</p>" + "<p>Our rye bread is baked on stone.</p>" * 12,
        title="Bakery Ofen",
    )
    web.on("https://ofenbrot.example/", nothing)
    yield Site("ofenbrot.example", "no_careers_page", error="no_careers_page")
    yield Sheet("no_careers_page", "a bakery", "https://ofenbrot.example/", error="no_careers_page")

    url = pages.company(web, "wallgarden.example", "Wallgarden", LOGIN)
    yield Site("wallgarden.example", "login", error="login")
    yield Sheet("login", "form", url, error="login")

    gone = pages.framed(
        "Pastforge", "<h1>Smith</h1><p>This position has been filled and is no longer accepting applications.</p>"
    )
    url = web.on("https://pastforge.example/jobs/77", gone)
    yield Sheet("expired", "filled", url, error="expired")

    web.redirect("https://roundabout.example/", "https://roundabout.example/home")
    web.redirect("https://roundabout.example/home", "https://roundabout.example/")
    web.redirect("https://roundabout.example/careers", "https://roundabout.example/")
    yield Site("roundabout.example", "redirect_loop", error="budget")

    web.on("https://glacier.example/*", Reply("late", delay=600.0))
    yield Site("glacier.example", "slow", error="timeout")

    web.on("https://forgedpapers.example/*", pages.html("<h1>Nobody should see this</h1>", title="Forged papers"))
    web.broken.add("forgedpapers.example")
    yield Site("forgedpapers.example", "broken_tls", error="tls")

    pages.company(web, "keepout.example", "Keep Out", "<h1>Open positions</h1><p><a href='/careers/smith'>Smith</a></p>")
    web.on("https://keepout.example/robots.txt", Reply("User-agent: *\nDisallow: /\n", content_type="text/plain"))
    yield Site("keepout.example", "robots_disallowed", error="robots_disallowed")

    web.on("https://hammered.example/*", Reply("Internal Server Error", 500, "text/plain"))
    web.on("https://hammered.example/robots.txt", Reply("", 404))
    yield Site("hammered.example", "server_error", error="http")
