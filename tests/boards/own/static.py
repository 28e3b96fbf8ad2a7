"""Companies that write their openings by hand, in several languages, with decoys beside them."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Expected, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

BENEFITS = {
    "en": ("Flexible hours", "Free lunch", "Learning budget", "Health insurance"),
    "de": ("Flexible Arbeitszeiten", "Betriebliche Altersvorsorge", "Jobrad", "Weiterbildung"),
    "fr": ("Télétravail possible", "Tickets restaurant", "Mutuelle", "Formation continue"),
    "cs": ("Pružná pracovní doba", "Stravenky", "Pět týdnů dovolené", "Vzdělávání"),
}


def _benefits(lang: str) -> str:
    cards = "".join(
        f'<div class="card"><a href="/benefits/{number}"><h3>{text}</h3><p>…</p></a></div>'
        for number, text in enumerate(BENEFITS[lang], 1)
    )
    return f'<section class="benefits"><h2>Benefits</h2>{cards}</section>'


def parts(web: Web) -> Iterator[Site | Sheet]:
    """Cards, a table, an accordion with mail addresses, a list in French, a list in Czech over two pages."""
    own = pick(6, 5)
    cards = "".join(
        f'<div class="w-dyn-item" role="listitem"><a class="job-card w-inline-block" href="/careers/{_slug(one.title)}"><h3 class="job-title">'
        f'{html.escape(one.title)}</h3><div class="job-location">{one.place.short}</div><div class="job-type">'
        f"{one.employment.replace('_', '-').capitalize()}</div></a></div>"
        for one in own
    )
    body = f'<h1>Build anvils with us</h1>{_benefits("en")}<section id="openings"><h2>Open positions</h2><div role="list">{cards}</div></section>'
    url = pages.company(web, "bickern.example", "Bickern", body)
    for one in own:
        web.on(
            f"https://bickern.example/careers/{_slug(one.title)}",
            pages.framed("Bickern", f"<h1>{html.escape(one.title)}</h1>{one.body}"),
        )
    jobs = tuple(
        one.expected(f"https://bickern.example/careers/{_slug(one.title)}", web.now, "location", "employment_type") for one in own
    )
    yield Site("bickern.example", "static", jobs)
    yield Sheet("static", "cards beside benefits", url, jobs)

    rows = [
        ("Zerspanungsmechaniker (m/w/d)", "Hagen", "Vollzeit", "full_time"),
        ("Auszubildende zum Industriekaufmann (m/w/d)", "Hagen", "Ausbildung", "apprenticeship"),
        ("Sachbearbeiter Einkauf (w/m/d)", "Siegen", "Teilzeit", "part_time"),
        ("Leiter Buchhaltung (m/w/d)", "Siegen", "Vollzeit", "full_time"),
    ]
    table = "".join(
        f'<tr><td><a href="/karriere/stellen/{number}">{title}</a></td><td><a href="/karriere/stellen/{number}">{city}</a></td><td>{kind}</td>'
        f'<td><a href="/karriere/stellen/{number}">Details</a></td></tr>'
        for number, (title, city, kind, _) in enumerate(rows, 301)
    )
    body = (
        f"<h1>Karriere bei Stahlbogen</h1>{_benefits('de')}<h2>Offene Stellen</h2><table><thead><tr><th>Stelle</th><th>Standort</th><th>Art</th>"
        f"<th></th></tr></thead><tbody>{table}</tbody></table>"
    )
    url = pages.company(web, "stahlbogen.example", "Stahlbogen GmbH", body, path="/karriere", lang="de")
    jobs = tuple(
        Expected(title, f"https://stahlbogen.example/karriere/stellen/{number}", location=city, employment_type=kind)
        for number, (title, city, _, kind) in enumerate(rows, 301)
    )
    for job, (_, city, *_rest) in zip(jobs, rows, strict=True):
        web.on(job.url, pages.framed("Stahlbogen GmbH", f"<h1>{job.title}</h1><p>Wir suchen Sie in {city}.</p>", lang="de"))
    yield Site("stahlbogen.example", "static", jobs)
    yield Sheet("static", "table in German", url, jobs)

    body = (
        "<h1>Nous rejoindre</h1>" + _benefits("fr") + "<h2>Nos offres d’emploi</h2>"
        "<details><summary><strong>Soudeur H/F</strong> <span class='contrat'>CDI</span> <span class='lieu'>Nantes</span></summary><p>Vous soudez des enclumes. Permis B.</p><a href='mailto:rh@forgeouest.example?subject=Soudeur'>Postuler</a></details>"
        "<details><summary><strong>Développeur Python H/F</strong> <span class='contrat'>CDI</span> <span class='lieu'>Rennes</span></summary><p>Vous développez nos outils.</p><a href='mailto:rh@forgeouest.example'>Postuler</a></details>"
        "<details><summary><strong>Stagiaire marketing H/F</strong> <span class='contrat'>Stage</span> <span class='lieu'>Nantes</span></summary><p>Six mois avec nous.</p><a href='mailto:rh@forgeouest.example'>Postuler</a></details>"
    )
    url = pages.company(web, "forgeouest.example", "Forge de l’Ouest", body, path="/nous-rejoindre", lang="fr")
    yield Site("forgeouest.example", "static", ACCORDION)
    yield Sheet("static", "accordion in French", url, ACCORDION)

    first, second = (
        [("Vývojář Java", "Brno"), ("Skladník", "Ostrava"), ("Účetní", "Praha")],
        [("Obchodní zástupce", "Praha"), ("Svářeč", "Plzeň")],
    )
    domain = "kovarna.example"
    for number, rows_ in ((1, first), (2, second)):
        items = "".join(
            f'<div class="pozice"><h3><a href="/kariera/pozice/{_slug(title)}">{title}</a></h3><span class="lokalita">{city}</span></div>'
            for title, city in rows_
        )
        following = '<nav class="pagination"><span class="current">1</span> <a href="/kariera/strana/2">2</a> <a class="next" href="/kariera/strana/2">Další</a></nav>'
        back = '<nav class="pagination"><a class="prev" href="/kariera">Předchozí</a> <a href="/kariera">1</a> <span class="current">2</span></nav>'
        body = f"<h1>Volné pozice</h1>{items}{following if number == 1 else back}"
        if number == 1:
            url = pages.company(web, domain, "Kovárna", body, path="/kariera", lang="cs")
        else:
            web.on(
                f"https://{domain}/kariera/strana/2",
                pages.framed("Kovárna", body, lang="cs", careers="/kariera", title="Kariéra | Kovárna"),
            )
    jobs = tuple(
        Expected(title, f"https://{domain}/kariera/pozice/{_slug(title)}", location=city) for title, city in first + second
    )
    yield Site(domain, "static", jobs)
    yield Sheet("static", "two pages in Czech", url, jobs[:3], next_page=f"https://{domain}/kariera/strana/2")


def _slug(title: str) -> str:
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


_FORGE = "https://forgeouest.example/nous-rejoindre"
ACCORDION = (
    Expected("Soudeur H/F", _FORGE, location="Nantes", employment_type="full_time"),
    Expected("Développeur Python H/F", _FORGE, location="Rennes", employment_type="full_time"),
    Expected("Stagiaire marketing H/F", _FORGE, location="Nantes", employment_type="internship", seniority="intern"),
)
