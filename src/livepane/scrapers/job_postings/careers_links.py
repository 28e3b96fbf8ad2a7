"""Where a page sends those who look for work: the careers link of a home page, the list behind a careers page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from livepane.scrapers.job_postings.document import Document, is_hidden
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import canonical, domain, host

STRONG_TEXT = re.compile(
    r"^\W*(?:careers?(?: at [\w .&-]{2,40}| portal| page| site)?|jobs?(?: at [\w .&-]{2,40})?|(?:work|working) (?:with|for|at) (?:us|[\w .&-]{2,40})|join (?:us|our team|the team|[\w&-]{2,20})|we(?:'|’)?re hiring|(?:see|view|browse|explore|check out|all|search|find)?\s?(?:our |all |the |current |available )*"
    r"(?:open|current|job)?\s?(?:positions|openings|roles|vacancies|jobs|opportunities)(?: \(?\d+\)?)?|vacancies|hiring|employment(?: opportunities)?|job opportunities|career opportunities|"
    r"karriere(?: bei [\w .&-]{2,40})?|jobs? (?:&|und) karriere|karriere (?:&|und) jobs|stellenangebote|stellenanzeigen|stellenmarkt|stellenbörse|offene stellen|(?:alle|zu den|unsere)? ?(?:offenen? )?(?:stellen|jobs|stellenangebote|stellenanzeigen)(?: ansehen| anzeigen| entdecken)?|jobbörse|arbeiten bei(?: uns)?|"
    r"carri[èe]res?|recrutement|nous rejoindre|rejoignez[- ]nous|offres? d['’]emplois?|nos offres(?: d['’]emploi)?|voir (?:nos|les|toutes les) offres|emplois?|travailler chez nous|on recrute|nous recrutons|postes ouverts|"
    r"empleos?|trabaja con nosotros|únete(?: a nosotros| al equipo)?|ofertas de (?:empleo|trabajo)|bolsa de (?:trabajo|empleo)|vacantes|talento|trabalhe conosco|vagas(?: abertas)?|carreiras?|recrutamento|"
    r"lavora con noi|carrier[ae]|posizioni aperte|opportunità di lavoro|offerte di lavoro|werken bij(?: ons| [\w .&-]{2,40})?|vacatures|bekijk (?:alle )?(?:onze )?vacatures|werk(?:en)? voor ons|"
    r"kariéra|volná místa|volné pozice|pracovní (?:nabídky|příležitosti|místa)|nabídka práce|kariera|praca|oferty pracy|dołącz do nas|pracuj z nami|"
    r"karriär|jobba hos oss|lediga (?:jobb|tjänster)|jobb|ledige stillinger|stillinger|jobb hos oss|karriere hos oss|bli en av oss|ledige job|job hos os|bliv en del af)\W*(?:\d+)?\W*$",
    re.IGNORECASE,
)
WEAK_TEXT = re.compile(
    r"\b(?:careers?|jobs?|hiring|vacanc(?:y|ies)|openings|open (?:roles|positions)|karriere|stellen\w*|recrutement|carrières?|emplois?|empleos?|vacatures|lavora|carriere|kariéra|kariera|praca|karriär|jobb|ledige|vagas|join our team|join us|work with us)\b",
    re.IGNORECASE,
)
PATH = re.compile(
    r"/(?:careers?|jobs?|join(?:-us|-our-team|us)?|work-?(?:with|for|at)-?[\w-]{1,30}|open-?(?:positions|roles|jobs)|openings|positions|vacanc(?:y|ies)|employment|opportunities|hiring|we-are-hiring|karriere|jobs-karriere|karriere-jobs|stellen\w*|offene-stellen|jobboerse|carri[eè]res?|recrutement|"
    r"nous-rejoindre|rejoignez-nous|offres?(?:-d-?emplois?)?|emplois?|empleos?|trabaja-con-nosotros|ofertas|vagas|trabalhe-conosco|lavora-con-noi|posizioni-aperte|carriera|vacatures?|werken-bij[\w-]*|kari[eé]ra|praca|volna-mista|volne-pozice|oferty-pracy|karriar|lediga-jobb|jobba-hos-oss|"
    r"ledige-stillinger|stillinger|ledige-job|talent|joinus|life-at[\w-]*/jobs)(?:[-_][\w-]{1,30})?/?(?:index\.\w+)?$|/(?:careers?|jobs|karriere|vacatures)/(?:jobs|openings|positions|open-positions|search|all|roles|vacancies|stellenangebote|jobs-search|search-jobs|job-search|search-results|list|open-roles)/?$",
    re.IGNORECASE,
)
LIST_PATH = re.compile(
    r"/(?:open-?(?:positions|roles|jobs)|openings|positions|vacanc\w+|jobs?(?:-search|-listings?)?|search(?:-jobs|-results)?|stellenangebote|offene-stellen|stellen\w*|offres|vacatures|vagas|all-jobs|listings?|roles|ledige-\w+|oferty-pracy|volne-pozice|posizioni-aperte)/?(?:[?#].*)?$",
    re.IGNORECASE,
)
LIST_TEXT = re.compile(
    r"\b(?:open (?:positions|roles|jobs)|openings|(?:view|see|browse|search|explore|all|current|our|find) (?:\w+ )?(?:jobs|roles|positions|vacancies|opportunities|openings)|vacancies|offene stellen|stellenangebote|alle (?:stellen|jobs)|zu den (?:jobs|stellen\w*)|nos offres|voir (?:les|nos) (?:offres|postes)|vacantes|posizioni aperte|bekijk \w* ?vacatures|vacatures|volné pozice|oferty pracy|lediga (?:jobb|tjänster)|ledige (?:stillinger|job)|vagas)\b",
    re.IGNORECASE,
)
CAREERS_PAGE = re.compile(
    r"\b(?:careers?|jobs?|vacanc(?:y|ies)|job openings?|open (?:positions|roles)|join (?:us|our team)|work (?:with|for|at) us|employment|hiring|karriere|stellen(?:angebote|anzeigen|markt)?|offene stellen|carri[eè]res?|recrutement|nous rejoindre|offres d['’ -]?emploi|emplois?|empleos?|"
    r"trabaj[ae]|lavora con noi|carriera|posizioni aperte|vacatures?|werken bij|kari[eé]ra|volná místa|praca|oferty pracy|karriär|lediga jobb|ledige (?:stillinger|job)|vagas|carreiras?|trabalhe conosco|recruit(?:ing|ment))\b",
    re.IGNORECASE,
)
NOT_CAREERS = re.compile(
    r"\b(?:career (?:advice|coaching|tips|stories|fair|guide|path)|jobs? (?:to be done|scheduler|queue)|post a job|for employers|job ?board software|print jobs?|steve jobs|cookie|privacy|login|sign ?in|alerts?|newsletter)\b|/blog/|/news/|/product|/docs/|/help/|/privacy|/legal|/login|linkedin\.com/(?:in|posts)|facebook\.com|twitter\.com|instagram\.com",
    re.IGNORECASE,
)
SOCIAL = re.compile(
    r"(?:^|\.)(?:linkedin|facebook|twitter|x|instagram|youtube|tiktok|xing|kununu|glassdoor|indeed|stepstone|google|apple|vimeo|github|medium|whatsapp|t)\.(?:com|de|me|co)$"
)
# In scripts without spaces or with endings: a word counts wherever it stands.
FAR_WORDS = re.compile(
    r"ваканси|карьер|работа (?:у нас|в компании)|кар['’ʼ]?єр|採用|求人|募集職種|キャリア採用|招聘|招贤|加入我们|채용|구인|θέσεις εργασίας|καριέρα|דרושים|משרות|وظائف",
    re.IGNORECASE,
)
FAR_PATH = re.compile(
    r"/(?:vakansii|vacansii|vakansiya|kar['’]?era|karyera|karjera|rabota(?:-u-nas)?|recruit(?:ing|ment)?|recruit/[\w-]+|saiyo|saiyou|kyujin|zhaopin|joinus|jobs?-?info|cariere|toopakkumised)/?(?:index\.\w+)?$",
    re.IGNORECASE,
)
DECOY = re.compile(
    r"portfolio|sponsor|partner|investor|customer|client|supporter|member-?compan|ecosystem|backed|case-?stud|testimonial|trusted",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One link that may lead to the jobs, and how sure it is."""

    url: str
    text: str
    points: int


def is_careers_page(document: Document) -> bool:
    """Whether address, title or first headings speak of work."""
    where = unquote(urlsplit(document.url).path).replace("-", " ").replace("_", " ").replace("/", " / ")
    if (
        CAREERS_PAGE.search(where)
        or FAR_PATH.search(urlsplit(document.url).path)
        or FAR_WORDS.search(where)
        or re.match(
            r"(?:careers?|jobs?|karriere|werkenbij|work|recruiting|apply|talent|empleo|emploi|hr|kariera|join)[.-]",
            host(document.url),
        )
    ):
        return True
    if CAREERS_PAGE.search(document.title[:200]) or FAR_WORDS.search(document.title[:200]):
        return True
    return any(
        (CAREERS_PAGE.search(text) or FAR_WORDS.search(text)) and len(text) < 120
        for node in document.all("h1, h2")[:3]
        if (text := clean(node.text(separator=" ")))
    )


def in_decoy(node: object) -> bool:
    """Whether an element stands among portfolio companies, sponsors, partners or customers."""
    current = node
    for _ in range(8):
        if current is None:
            return False
        attributes = current.attributes  # type: ignore[attr-defined]
        if DECOY.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        if current.tag in {"section", "div", "article", "aside"}:  # type: ignore[attr-defined]
            heading = current.css_first("h1, h2, h3, h4")  # type: ignore[attr-defined]
            if heading is not None and current.tag in {"section", "article", "aside"} and DECOY.search(text_of(heading)[:80]):  # type: ignore[attr-defined]
                return True
        current = current.parent  # type: ignore[attr-defined]
    return False


def meta_refresh(document: Document) -> str:
    """Where `<meta http-equiv=refresh>`, or a page that only sets `location`, sends its reader."""
    for node in document.all("meta[http-equiv]"):
        if str(node.attributes.get("http-equiv") or "").lower() == "refresh":
            match = re.search(r"url\s*=\s*['\"]?([^'\";]+)", str(node.attributes.get("content") or ""), re.IGNORECASE)
            if match and (target := document.link(match[1].strip())) and canonical(target) != canonical(document.url):
                return target
    if len(document.text) < 6000 and len(document.visible) < 200:
        for _, text in document.scripts:
            match = re.search(
                r"(?:window\.|document\.|top\.)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*['\"]([^'\"]{4,500})['\"]",
                text,
            )
            if match and (target := document.link(match[1])) and canonical(target) != canonical(document.url):
                return target
    return ""


def ways(document: Document, *, on_careers_page: bool) -> list[Way]:
    """Links to where the jobs are, the best first."""
    here, own = canonical(document.url), domain(document.url)
    found: dict[str, Way] = {}
    for node in document.links[:4000]:
        href = node.attributes.get("href") or ""
        if href.startswith("#"):
            continue
        url = document.link(href)
        if not url or canonical(url).partition("#")[0] == here.partition("#")[0] or SOCIAL.search(host(url)):
            continue
        text = text_of(node) or clean(node.attributes.get("aria-label")) or clean(node.attributes.get("title"))
        path = unquote(urlsplit(url).path)
        if len(text) > 90 or NOT_CAREERS.search(f"{text} {url}"):
            continue
        points = 0
        if STRONG_TEXT.match(text) or (len(text) < 30 and FAR_WORDS.search(text)):
            points += 60
        elif WEAK_TEXT.search(text):
            points += 25
        if PATH.search(path) or FAR_PATH.search(path):
            points += 40
        if re.match(r"(?:careers?|jobs?|karriere|werkenbij|recruiting|kariera|emploi)[.-]", host(url)) or re.search(
            r"(?:careers|jobs|karriere)\.\w+$", host(url)
        ):
            points += 40
        if points < 25 or (points < 40 and domain(url) != own):
            continue
        if on_careers_page:
            # Here the way leads on to the list, not to another page about working there.
            points += 45 if LIST_TEXT.search(text) or LIST_PATH.search(path) else -15
            if len(canonical(url)) < len(here) and here.startswith(canonical(url).rstrip("?#")):
                points -= 40
            if any(
                parent is not None and parent.tag in {"nav", "footer", "header"}
                for parent in (
                    node.parent,
                    node.parent and node.parent.parent,
                    node.parent and node.parent.parent and node.parent.parent.parent,
                )
            ):
                points -= 10
        if domain(url) != own and in_decoy(node):
            continue
        if is_hidden(node):
            points -= 5
        if url not in found or found[url].points < points:
            found[url] = Way(url, text, points)
    return sorted((way for way in found.values() if way.points >= 25), key=lambda way: -way.points)
