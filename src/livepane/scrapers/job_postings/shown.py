"""What the page of one posting shows to its readers: labelled rows such as "Location: Leeds", and a line of pay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings import money, pay_periods
from livepane.scrapers.job_postings.classify.workplace import workplace
from livepane.scrapers.job_postings.document import Document, is_hidden
from livepane.scrapers.job_postings.dom_aside import RELATED, RELATED_CLASS
from livepane.scrapers.job_postings.posting import Posting
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.values import flag

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SPOKEN = {
    "location": r"(?:office |work(?:ing)? |job |primary |posting )?(?:locations?|place|cit(?:y|ies)|office|site)|place of work|standorte?|arbeitsorte?|einsatzorte?|dienstort|"
    r"lieux?(?: de travail)?|localisation|ville|ubicación|lugar(?: de trabajo)?|luogo(?: di lavoro)?|sede(?: di lavoro)?|standplaats|werklocatie|locatie|plaats|"
    r"plats(?:er)?|ort(?:er)?|arbeidssted|sted|arbejdssted|lokalizacja|miejsce pracy|místo(?: výkonu práce)?|lokalita|localização|local(?: de trabalho)?|勤務地|город|место работы",
    "department": r"department|team|(?:job )?category|(?:job )?function|division|business (?:unit|area)|job family|practice area|abteilung|bereich|fachbereich|geschäftsbereich|"
    r"service|département|équipe|pôle|departamento|área|equipo|reparto|dipartimento|area|afdeling|vakgebied|avdelning|avdeling|dział|oddělení|部門|部署|отдел",
    "employment": r"(?:employment|job|contract|work|position|worker|engagement)(?: (?:type|status|schedule|basis))?|type(?: of (?:employment|contract|job))?|commitment|time type|schedule|working (?:hours|time)|hours|"
    r"anstellung(?:sart)?|vertrag(?:sart)?|beschäftigung(?:sart)?|arbeitszeit(?:modell)?|umfang|pensum|type (?:de contrat|d['’]emploi)|contrat|temps de travail|tipo de (?:contrato|empleo)|contrato|"
    r"jornada|tipo di contratto|contratto|orario|dienstverband|contract(?:type|vorm)|uren|anställningsform|omfattning|anställning|stillingstype|ansettelsesform|ansættelsesform|rodzaj umowy|umowa|"
    r"wymiar(?: etatu| czasu pracy)?|(?:typ )?úvazek|typ úvazku|regime|雇用形態|тип занятости|занятость",
    "workplace": r"workplace(?: type)?|work (?:model|arrangement|mode|setting|style)|working model|remote(?: status| work(?:ing)?)?|remote\?|location type|arbeitsmodell|arbeitsweise|home-?office|mobiles arbeiten|"
    r"télétravail|mode de travail|teletrabajo|modalidad|modalità(?: di lavoro)?|smart working|thuiswerken|distansarbete|hjemmekontor|fjernarbejde|tryb pracy|praca zdalna|práce z domova",
    "salary": r"salary(?: range)?|(?:base )?pay(?: range| rate)?|(?:base )?compensation(?: range)?|base salary|wages?|hourly (?:rate|pay)|rate|remuneration|(?:jahres|monats|brutto)?gehalt|vergütung|entgelt|lohn|"
    r"salaire|rémunération|salario|retribución|sueldo|retribuzione|ral|salaris|lön|lønn|løn|wynagrodzenie|mzda|plat|salário|remuneração|給与|зарплата",
    "posted": r"(?:date |job )?posted(?: on| date)?|posting date|date published|published(?: on)?|publication date|veröffentlicht(?: am)?|publiée?(?: le)?|date de publication|fecha de publicación|publicado(?: em| el)?|"
    r"pubblicato(?: il)?|geplaatst(?: op)?|publicerad|publisert|opublikowano|zveřejněno",
}
LABELS = {name: re.compile(rf"(?:{pattern})\s*[:：]?", re.IGNORECASE) for name, pattern in _SPOKEN.items()}
SKIPPED = frozenset(
    ("script", "style", "svg", "template", "noscript", "select", "iframe", "nav", "footer", "aside", "button", "head")
)
BREADCRUMBS = re.compile(r"breadcrumb|(?:^|[\s_-])(?:menu|nav|navbar|cookie|footer)(?:$|[\s_-])", re.IGNORECASE)
DURATIONS = frozenset(("temporary", "contract", "internship", "apprenticeship"))
LABEL, VALUE = 40, 120  # characters at most
NODES_MOST = 3_000  # that are looked at: a posting says what it is before its readers are tired


@dataclass(slots=True)
class Shown:
    """The words of the page itself, up to where it speaks of other jobs."""

    said: dict[str, str] = field(default_factory=dict)  # by the names of LABELS
    pay: str = ""  # a line that is nothing but pay
    text: str = ""  # from the title on
    repeated: bool = False  # a label occurs again: these are the rows of a list


def read(document: Document, title: str) -> Shown:
    """What is shown below the first heading that is the title; all of the page when none is."""
    out = Shown()
    leaves = _leaves(document)
    head = next((at for at, (node, text) in enumerate(leaves) if _is_head(node, text, title)), 0)
    leaves = leaves[head:]
    end = next((at for at, (node, text) in enumerate(leaves) if at and len(text) < 80 and RELATED.match(text)), len(leaves))
    leaves = leaves[:end]
    out.text = clean(" ".join(text for _, text in leaves))
    taken = -1  # the text that was the value of the one before
    for at, (node, text) in enumerate(leaves):
        name, _, rest = text.partition(":")
        if at == taken:
            continue
        if rest.strip() and len(name) < LABEL and (label := _label(name)) and len(rest.strip()) <= VALUE:
            _say(out, label, rest.strip())
        elif len(text) < LABEL and (label := _label(text)) and at + 1 < len(leaves) and _begins(node):
            value = _value(node, *leaves[at + 1])
            if value and _label(value) in {"", "workplace"}:
                _say(out, label, value)
                taken = at + 1
        elif not out.pay and len(text) < 60 and _is_pay(text):
            out.pay = text
    return out


def _say(out: Shown, label: str, value: str) -> None:
    """Takes the first value of a label, when it is one of its kind."""
    if label == "workplace":
        if (remote := flag(value)) is not None:
            value = "remote" if remote else ""
        elif re.match(r"h[yí]brid", value, re.IGNORECASE):
            value = "hybrid"  # and what languages build on it: "Hybridarbete"
        elif (
            "location_type:stated" not in workplace(stated=value, remote=None, title="", locations=[], employment="", body="")[1]
        ):
            value = ""
    if not value or (label == "salary" and money.parse(value) is None):
        return
    out.repeated = out.repeated or label in out.said
    out.said.setdefault(label, value)


def _is_head(node: LexborNode, text: str, title: str) -> bool:
    above: LexborNode | None = node
    for _ in range(4):
        if above is None:
            return False
        if above.tag in {"h1", "h2"}:
            return text_of(above).casefold().startswith(title.casefold()[:60]) and title.casefold().startswith(
                text.casefold()[:20]
            )
        above = above.parent
    return False


def _label(text: str) -> str:
    text = text.strip(" *•·–-")
    return next((name for name, pattern in LABELS.items() if pattern.fullmatch(text)), "")


def _is_pay(text: str) -> bool:
    spoken = money.parse(text) if re.search(r"\d", text) else None
    return (
        spoken is not None
        and spoken.min != spoken.max
        and bool(pay_periods.period_in(text))
        and not re.search(r"[a-z]{3}.*[.!?]$", text)
    )


def _begins(node: LexborNode) -> bool:
    """Whether a text begins what it stands in: "Location", not the word within a sentence."""
    current: LexborNode | None = node
    for _ in range(4):
        if current is None:
            return True
        before = current.prev
        while before is not None:
            if before.tag == "br":
                return True
            if before.tag == "-text" and (before.text(deep=False) or "").strip():
                return False
            before = before.prev
        current = current.parent
        if current is None or current.tag not in {"b", "strong", "em", "i", "span", "label", "small", "u", "font"}:
            return True
    return True


def _value(label: LexborNode, node: LexborNode, text: str) -> str:
    """What stands beside a label: all of the branch that the next text is in when it is short, else that text."""
    above = set()
    current: LexborNode | None = label
    while current is not None:
        above.add(current.mem_id)
        current = current.parent
    branch = node
    steps = 0
    while branch.parent is not None and branch.parent.mem_id not in above:
        branch = branch.parent
        steps += 1
    whole = clean(branch.text(separator=" ")) if steps else text
    value = whole if len(whole) <= VALUE else text
    return value.strip(" :–-") if len(value) <= VALUE and not re.search(r"\w{3}[.!?]$", value) else ""


def _leaves(document: Document) -> list[tuple[LexborNode, str]]:
    """The texts of a page in their order, without its frame and without boxes of other jobs."""
    found: list[tuple[LexborNode, str]] = []
    body = document.tree.body if document.kind == "html" else None
    stack = [body] if body is not None else []
    budget = NODES_MOST
    while stack and budget:
        budget -= 1
        node = stack.pop()
        if node is not body and (following := node.next) is not None:
            stack.append(following)
        tag = str(node.tag)
        if tag == "-text":
            if text := clean((node.text(deep=False) or "").replace("<", " ")):
                found.append((node, text))
            continue
        if tag in SKIPPED or tag[0] in "-!" or (tag != "body" and is_hidden(node)):
            continue
        if tag == "form" and node.css_first("h1, h2") is None:
            continue  # where one applies; around a whole page it is none
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if tag != "body" and (BREADCRUMBS.search(names) or RELATED_CLASS.search(names)):
            continue
        if (child := node.first_child) is not None:
            stack.append(child)
    return found


def fill(posting: Posting, shown: Shown) -> list[str]:
    """Fills what a posting leaves open, never what it states; the names of what was filled."""
    filled: list[str] = []
    for name in ("department", "workplace", "posted"):
        if shown.said.get(name) and not getattr(posting, name) and not (name == "workplace" and posting.remote is not None):
            setattr(posting, name, shown.said[name])
            filled.append(name)
    if not posting.locations and (place := shown.said.get("location")):
        posting.locations = [place]
        filled.append("location")
    if posting.salary is None and not posting.salary_text and (pay := shown.said.get("salary") or shown.pay):
        posting.salary_text = pay
        filled.append("salary")
    if _add_kind(posting, shown.said.get("employment", "")):
        filled.append("employment")
    return filled


def complete(posting: Posting, other: Posting) -> list[str]:
    """Fills what a posting leaves open from what a reader of the same page made of it."""
    filled: list[str] = []
    for name in ("department", "workplace", "posted", "salary_text", "seniority", "apply", "description", "id", "locations"):
        if getattr(other, name) and not getattr(posting, name) and not (name == "salary_text" and posting.salary):
            setattr(posting, name, getattr(other, name))
            filled.append(name)
    if posting.salary is None and not posting.salary_text and other.salary is not None:
        posting.salary = other.salary
        filled.append("salary")
    if posting.remote is None and not posting.workplace and other.remote is not None:
        posting.remote = other.remote
        filled.append("remote")
    if _add_kind(posting, other.employment):
        filled.append("employment")
    return filled


def _add_kind(posting: Posting, kind: str) -> bool:
    """Takes a kind where none or only "other" is stated; beside "full time" how long it lasts is no contradiction."""
    from livepane.scrapers.job_postings.classify.employment import kind_of

    meant, stated = kind_of(kind, "")[0], kind_of(posting.employment, "")[0]
    if meant in {"", "other"} or meant == stated:
        return False
    if stated in {"", "other"}:
        posting.employment = kind
        return True
    if stated in {"full_time", "part_time"} and meant in DURATIONS:
        posting.employment = f"{posting.employment} / {kind}"
        return True
    return False
