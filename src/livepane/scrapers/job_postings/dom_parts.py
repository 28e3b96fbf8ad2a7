"""The parts of one card or row: place, kind, pay and date beside a title, the heading above it, the way to apply."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.cities import is_city
from livepane.scrapers.job_postings.classify.employment import KINDS
from livepane.scrapers.job_postings.classify.titles import may_be_title, names_a_role
from livepane.scrapers.job_postings.classify.workplace import HYBRID, ONSITE, REMOTE
from livepane.scrapers.job_postings.dates import AGO, AGO_MARK, LEAD, NAMED, SLASHED
from livepane.scrapers.job_postings.money import MONEY, parse
from livepane.scrapers.job_postings.pay_periods import period_in
from livepane.scrapers.job_postings.rows import LABELS, text_of
from livepane.scrapers.job_postings.text import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

CTA = re.compile(
    r"^\W*(?:apply(?: now| here| online| today| for (?:this )?(?:job|role|position))?|(?:view|see|read|learn|show|find out|get)(?: the| full)? ?(?:more|details?|job|role|position|description|opening|info\w*)?(?: details?| description| about.*)?|more(?: info\w*| details?)?|details?|info|open|job details?|full description|quick apply|easy apply|"
    r"(?:jetzt |hier |online )?bewerben|zur (?:stelle\w*|ausschreibung|anzeige|bewerbung)|zum (?:job|stellenangebot|inserat)|mehr(?: erfahren| infos?| details?| lesen| dazu)?|(?:stelle|job|details?) (?:ansehen|anzeigen)|ansehen|weiterlesen|pdf|download|stellenanzeige(?: \(?pdf\)?)?|"
    r"postuler|candidater|voir (?:l.offre|le poste|plus|l.annonce|le détail)|en savoir plus|je postule|ver (?:más|oferta|vacante|detalles?|vaga|mais)|aplicar|inscribirme|postular|saber más|candidati(?: ora)?|scopri(?: di più)?|leggi(?: tutto| di più)?|dettagli|solliciteer(?: nu| direct)?|bekijk(?: vacature| de vacature)?|lees (?:meer|verder)|meer info\w*|"
    r"candidatar-se|candidate-se|saiba mais|aplikuj(?: teraz)?|zobacz(?: ofertę| więcej| szczegóły)?|więcej|szczegóły|zobrazit(?: více| detail)?|detail(?: pozice)?|více|odpovědět|mám zájem|ansök(?: nu| här)?|läs mer|søk(?: her| nå| på stillingen)?|les mer|søg(?: her| stillingen)?|læs mere|se (?:stilling|job|mer|mere)|share|→|›|»|>|\+|\d+)\W*$",
    re.IGNORECASE,
)
APPLY = re.compile(
    r"\b(?:apply|bewerb\w*|postul\w+|candidat\w+|aplica\w*|solliciteer\w*|aplikuj|ansök\w*|søk|søg|send (?:us )?(?:your )?(?:cv|resume|application)|jobs@|careers@|bewerbung@|hr@|recruit\w*@|career@|job@|kariera@|praca@|rekrytering@|personal@)",
    re.IGNORECASE,
)
PLACE_CLASS = "[class*=location], [class*=Location], [class*=city], [class*=office], [class*=standort], [class*=lieu], [class*=place]:not([class*=holder]):not([class*=workplace]), [class*=-ort], [class*=_ort], [class*=region], [class*=sede], [class*=address], [data-location], [itemprop*=ocation], .ort, .sted, .stad, .lokalita, .miasto"
KNOWN_PLACES = re.compile(
    r"\b(?:usa|u\.s\.a?\.?|united states|uk|united kingdom|england|scotland|ireland|germany|deutschland|austria|österreich|switzerland|schweiz|suisse|france|spain|españa|italy|italia|netherlands|nederland|belgium|belgië|belgique|luxembourg|portugal|poland|polska|czech\w*|česk\w*|slovakia|slovensko|hungary|romania|bulgaria|greece|"
    r"sweden|sverige|norway|norge|denmark|danmark|finland|suomi|iceland|estonia|latvia|lithuania|ukraine|turkey|israel|india|china|japan|singapore|australia|new zealand|canada|mexico|méxico|brazil|brasil|argentina|chile|colombia|south africa|nigeria|kenya|egypt|uae|dubai|europe|europa|emea|apac|latam|worldwide|dach|"
    r"london|berlin|münchen|munich|hamburg|köln|cologne|frankfurt|stuttgart|düsseldorf|leipzig|dresden|hannover|nürnberg|bremen|essen|dortmund|bonn|karlsruhe|mannheim|wien|vienna|graz|linz|salzburg|innsbruck|zürich|zurich|bern|basel|genève|geneva|lausanne|paris|lyon|marseille|toulouse|bordeaux|lille|nantes|nice|strasbourg|"
    r"madrid|barcelona|valencia|sevilla|málaga|bilbao|roma|rome|milano|milan|torino|napoli|bologna|firenze|amsterdam|rotterdam|utrecht|eindhoven|den haag|the hague|groningen|bruxelles|brussels?|antwerpen|gent|lisboa|lisbon|porto|warszawa|warsaw|kraków|krakow|wrocław|gdańsk|poznań|łódź|praha|prague|brno|ostrava|plzeň|bratislava|budapest|"
    r"stockholm|göteborg|gothenburg|malmö|oslo|bergen|trondheim|stavanger|københavn|copenhagen|aarhus|odense|helsinki|dublin|cork|edinburgh|glasgow|manchester|birmingham|leeds|bristol|cambridge|oxford|new york|nyc|san francisco|los angeles|seattle|chicago|boston|austin|denver|atlanta|miami|dallas|houston|portland|philadelphia|"
    r"washington|toronto|vancouver|montr[eé]al|sydney|melbourne|brisbane|auckland|bangalore|bengaluru|mumbai|delhi|hyderabad|pune|chennai|tokyo|shanghai|beijing|hong kong|tel aviv|são paulo|rio de janeiro|mexico city|bogotá|buenos aires|santiago|lagos|nairobi|cape town|johannesburg|istanbul|athens|bucharest|sofia|kyiv|vilnius|riga|tallinn)\b",
    re.IGNORECASE,
)
PLACE_SHAPE = re.compile(
    r"^[A-ZÄÖÜÉÅØŁŚČŠŽ][\w.'’ÄÖÜäöüßéèâêáíóúñåøæłśčšž-]*(?:[ /-][\w.'’()ÄÖÜäöüßéèâêáíóúñåøæłśčšž-]+){0,4},\s*[A-ZÄÖÜÉÅØŁŚČŠŽ][\w. ()’'-]{1,40}(?:,\s*[A-Z][\w. ]{1,30})?$|^\d{4,5}\s+[A-ZÄÖÜ][\w\s./-]{2,40}$"
)
KIND_WORD = re.compile(r"^[\w\s/,|&()%.·–-]{2,60}$")


# "Remote, US", "Remote (EMEA)", "Berlin, hybrid": a place stands beside the word.
FAR_FROM = re.compile(
    r"^(?:(?:fully |100% )?remote|hybrid|on-?site)\s*(?:[,(/:]|-|–|—)\s*(?:in |within )?[^\W\d_]{2,}.*$|^[^\W\d_][^,(]{1,40}(?:, [^,(]{2,40})?\s*[,(/]\s*(?:fully |100% )?(?:remote|hybrid|on-?site)",
    re.IGNORECASE,
)


GROUP_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
NAME_LIKE = re.compile(r"^[A-ZÀ-Ý][\w'’.-]*(?:[ ,/-]+[\w'’.()-]+){0,4}$")


@dataclass(slots=True)
class Parts:
    """What stands beside a title."""

    location: str = ""
    department: str = ""
    employment: str = ""
    workplace: str = ""
    posted: str = ""
    salary: str = ""
    apply: str = ""
    text: str = ""
    pieces: list[str] = field(default_factory=list)  # all that stands beside the title, in order

    @property
    def says_something(self) -> bool:
        """Whether any of it speaks of a job."""
        return bool(self.location or self.employment or self.workplace or self.apply or self.salary)


def is_apply(node: LexborNode) -> str | None:
    """The way to apply below an element: `mailto:…`, an address, "" for a button; None when there is none."""
    for link in [*(node.css("a[href]")[:30]), *([node] if node.tag == "a" else [])]:
        href = link.attributes.get("href") or ""
        if href.lower().startswith("mailto:"):
            return href.partition("?")[0]
        if APPLY.search(text_of(link)) or re.search(r"apply|bewerb", href, re.IGNORECASE):
            return href
    return "" if any(APPLY.search(text_of(button)) for button in node.css("button")[:5]) else None


# Also the small pictures that stand before a part: "📍 Munich 💼 Full-time".
SIGNS = r"[\u2600-\u27bf\U0001f1e6-\U0001faff\ufe0f\u200d]"
PARTING = re.compile(rf"\s*[|·•●▪◦‧∙]\s*|\s{{3,}}|\s+[–—-]\s+|\n|(?<=[a-zà-ÿ]{{4}})\.\s+(?=[A-ZÀ-Ý\d])|\s*{SIGNS}+\s*")
# A dash between two amounts of money parts nothing.
_SIGNED = r"(?:[€£$¥₹]|\b(?:USD|EUR|GBP|CHF|PLN|CZK|SEK|NOK|DKK|CAD|AUD)\b|zł|kč|\bkr\b)"
LINE_MOST = 1000  # characters of a text that may be a line of a card
_DIGITS = r"\d[\d., '’]{0,14}"
RANGE = re.compile(
    rf"((?:{_SIGNED}\s?{_DIGITS}(?:k\b)?|{_DIGITS}k?\s?{_SIGNED})(?:\s?(?:/|per|an?)\s?\w{{1,9}})?|{_DIGITS}k?(?=\s+[–—-]\s+{_DIGITS}k?\s?{_SIGNED}))\s+([–—-])\s+(?={_SIGNED}?\s?\d)",
    re.IGNORECASE,
)


def _pieces(card: LexborNode) -> list[str]:
    """The texts of a card, one for every element that has text of its own."""
    pieces: list[str] = []
    stack = [card]
    budget = 600
    while stack and budget:
        budget -= 1
        node = stack.pop()
        if node.tag in {"script", "style", "svg", "button", "template", "noscript"}:
            continue
        if node.tag == "-text":
            text = node.text(deep=False) or ""
            if len(text) < LINE_MOST:
                text = RANGE.sub("\\1 \x00\\2 ", text)  # what `clean` leaves out keeps the two together
            for piece in PARTING.split(text):
                pieces += _told_apart(clean(piece).strip(" -–:,"))
            continue
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return [piece for piece in pieces if piece]


def _told_apart(piece: str) -> list[str]:
    """ "Vollzeit, Köln" is two pieces, "Full-time, permanent" and "Berlin, Germany" are one."""
    parts = [part for part in re.split(r"\s*,\s*", piece) if part] if "," in piece and len(piece) < 110 else []
    kinds = [part for part in parts if len(part) < 30 and any(pattern.fullmatch(part) for _, pattern in KINDS)]
    if not kinds or len(kinds) == len(parts):
        return [piece]
    rest = [part for part in parts if part not in kinds]
    at = next((index for index, part in enumerate(rest) if is_city(part)), 0)
    return [", ".join(kinds), *rest[:at], ", ".join(rest[at:])]


def _place_of(node: LexborNode) -> str:
    """The words of an element for places, a comma between those that stand in elements of their own."""
    spoken = re.sub(rf"{SIGNS}+", " ", text_of(node)).strip()
    inner = [text for child in node.iter() if child.tag in {"span", "li", "div", "a", "p"} and (text := text_of(child))]
    if len(inner) > 1 and " ".join(inner) == spoken and all(is_city(text) or KNOWN_PLACES.fullmatch(text) for text in inner):
        spoken = ", ".join(inner)
    return (spoken[1:-1] if spoken[:1] == "(" and spoken[-1:] == ")" else spoken).strip()


def parts_of(card: LexborNode, title: str) -> Parts:
    """The parts of one card."""
    parts = Parts()
    whole = text_of(card)
    if len(whole) > 300:
        parts.text = whole[:4000]
    for node in card.css(PLACE_CLASS)[:4]:
        spoken = clean(node.attributes.get("data-location")) or _place_of(node)
        spoken = re.sub(
            r"^(?:job |work )?(?:locations?|standorte?|ort|lieu|place)\s*:?\s+(?=\S)", "", spoken, flags=re.IGNORECASE
        )
        if spoken and spoken != title and len(spoken) < 120 and title not in spoken and not CTA.match(spoken):
            parts.location = spoken
            break
    for selector, name in (
        (
            "[class*=department], [class*=Department], [class*=team]:not([class*=teamtailor]), [class*=category], [class*=abteilung], [class*=bereich], [data-department]",
            "department",
        ),
        (
            "[class*=employment], [class*=commitment], [class*=job-type], [class*=jobtype], [class*=contract], [class*=job_type]",
            "employment",
        ),
        ("[class*=salary], [class*=compensation], [class*=gehalt]", "salary"),
        ("[class*=workplace], [class*=remote], [class*=workmodel]", "workplace"),
        ("time[datetime]", "posted"),
        ("time, [class*=posted], [class*=publish], [class*=date]", "posted"),
    ):
        part = card.css_first(selector)
        if part is None or getattr(parts, name):
            continue
        spoken = clean(part.attributes.get("datetime")) or text_of(part)
        if (
            spoken
            and spoken != title
            and title not in spoken
            and len(spoken) < 80
            and not CTA.match(spoken)
            and spoken != parts.location
        ):
            setattr(parts, name, spoken)
    following = ""
    for piece in _pieces(card):
        if piece == title or not piece or CTA.match(piece) or title.startswith(piece) or len(piece) > 110:
            continue
        parts.pieces.append(piece)
        label, mark, rest = piece.partition(":")
        named = next((name for name, pattern in LABELS.items() if pattern.match(label.strip())), "") if len(label) < 30 else ""
        if following:
            if not getattr(parts, following, ""):
                setattr(parts, following, piece)
            following = ""
            continue
        if named and named != "id":
            if mark and rest.strip():
                if not getattr(parts, named):
                    setattr(parts, named, rest.strip())
                continue
            if mark or (len(piece) < 18 and card.css_first("dt, th, .label, strong, b") is not None):
                following = named
                continue
        _sort(piece, parts)
    apply = is_apply(card)
    if apply and not parts.apply:
        parts.apply = apply if apply.startswith("mailto:") else ""
    return parts


def fill_places(rows: list[Parts]) -> None:
    """Where the places of most rows stand, the others have theirs, too: "Zwolle" beside "Utrecht"."""
    at = Counter(row.pieces.index(row.location) for row in rows if row.location in row.pieces)
    if not at or at.most_common(1)[0][1] * 3 < len(rows):
        return
    column = at.most_common(1)[0][0]
    for row in rows:
        if row.location or len(row.pieces) <= column:
            continue
        piece = row.pieces[column]
        said = {row.employment, row.department, row.posted, row.salary, row.workplace}
        if piece not in said and NAME_LIKE.match(piece) and not names_a_role(piece):
            row.location = piece


POSTED = re.compile(
    r"^(?:date )?(?:posted|published|listed|added|veröffentlicht|online seit|publi\w+|pubblicat[oa]|geplaatst|opublikowano)\b",
    re.IGNORECASE,
)
# "Standort Fulda", without a colon.
AT = re.compile(
    r"^(?:(?:arbeits|einsatz|dienst)?ort|standort|location|based in|lieu|ubicación|sede|standplaats|locatie|plats|sted|lokalizacja|miejsce pracy)\s+(?=(?-i:[A-ZÀ-Ý\d]))(.{2,60})$",
    re.IGNORECASE,
)


def _is_place(piece: str) -> bool:
    """Whether a whole piece is a place: known, of the shape of one, or a city of the list."""
    if len(piece) >= 80 or re.search(r"[.!?]$", piece):
        return False
    return bool(PLACE_SHAPE.match(piece) or (KNOWN_PLACES.search(piece) and len(piece.split()) <= 8) or is_city(piece))


def _sort(piece: str, parts: Parts) -> None:
    """Puts a piece without a label where it belongs."""
    if piece[:1] == "(" and piece[-1:] == ")":
        piece = piece[1:-1].strip()
    if not parts.location and (match := AT.match(piece)):
        parts.location = match[1]
        return
    if len(piece) < 60 and (HYBRID.search(piece) or REMOTE.search(piece) or ONSITE.search(piece)) and not names_a_role(piece):
        if not parts.location and (FAR_FROM.match(piece) or (len(piece) > 12 and KNOWN_PLACES.search(piece))):
            parts.location = piece
        if not parts.workplace:
            parts.workplace = piece
        return
    if (
        not parts.employment
        and len(piece) < 60
        and KIND_WORD.match(piece)
        and any(pattern.search(piece) for _, pattern in KINDS)
        and not names_a_role(
            re.sub(
                r"(?i)\b(?:intern\w*|trainee|praktik\w*|stage|student|apprentic\w*|ausbildung|werkstudent\w*|freelance\w*)\b",
                "",
                piece,
            )
        )
    ):
        parts.employment = piece
        return
    if not parts.posted and (
        SLASHED.match(LEAD.sub("", piece) if POSTED.match(piece) else piece)
        or (NAMED.search(piece) and len(piece) < 40)
        or (AGO.search(piece) and AGO_MARK.search(piece))
        or re.fullmatch(r"\d{4}-\d{2}-\d{2}", piece)
    ):
        parts.posted = piece
        return
    if (
        not parts.salary
        and len(piece) < 60
        and MONEY.search(piece)
        and parse(piece) is not None
        and (period_in(piece) or re.search(r"[€$£]|\b(?:USD|EUR|GBP|CHF|PLN)\b", piece))
    ):
        parts.salary = piece
        return
    if not parts.location and _is_place(piece) and not names_a_role(piece):
        parts.location = piece


@dataclass(slots=True)
class Above:
    """What the heading above a row says."""

    department: str = ""
    employment: str = ""


def department_above(card: LexborNode) -> Above:
    """The nearest heading before a card, when it names a group: a department, or "Vollzeit"."""
    node: LexborNode | None = card
    for _ in range(5):
        if node is None or node.tag in {"body", "main"}:
            break
        before, steps = node.prev, 0
        while before is not None and steps < 400:
            steps += 1
            if before.tag in GROUP_HEADINGS:
                text = text_of(before)
                if any(pattern.search(text) for _, pattern in KINDS) and len(text.split()) == 1 and before.tag != card.tag:
                    return Above(employment=text)
                if (text and names_a_role(text) and len(text) < 80) or before.tag == card.tag:
                    before = before.prev  # the title of the job before
                    continue
                if not text or len(text) > 60 or not text[0].isalpha():
                    return Above()
                if any(pattern.search(text) for _, pattern in KINDS) and len(text.split()) <= 3:
                    return Above(employment=text)
                return (
                    Above(department=re.sub(r"\s*\(?\d+\)?$", "", text))
                    if may_be_title(text)
                    and not re.search(
                        r"\b(?:job|position|opening|role|stelle|vacanc|career|karriere|offre|join|hiring)", text, re.IGNORECASE
                    )
                    and len(text.split()) <= 6
                    and not (KNOWN_PLACES.fullmatch(text) or is_city(text))
                    else Above()
                )
            before = before.prev
        node = node.parent
    return Above()
