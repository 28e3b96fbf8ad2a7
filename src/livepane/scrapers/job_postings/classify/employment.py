"""Kind of employment and whether it is a contract, from the vendor's word, else from the title."""

from __future__ import annotations

import re

_WHOLE = r"voll(?=-[\s/])|full[\s_-]?time|vollzeit\w*|temps[\s_-](?:plein|complet)|tiempo[\s_-]completo|jornada completa|voltijds?|tempo[\s_-]pieno|tempo[\s_-]integral|período integral|pełny etat|pełen etat|plný úvazek|heltid\w*|fuldtid\w*|fultid\w*"
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "internship",
        re.compile(
            r"\b(?:intern|interns|internship|internships|trainee(?:s|ship)?|praktik\w+|werkstudent\w*|working[_ ]student|student|stagiaire|stage|stagista|becari[oa]|prácticas|tirocin\w+|stagiair|estági\w+|staż\w*|stáž\w*|co-?op|インターン)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "apprenticeship",
        re.compile(
            r"\b(?:apprentic\w+|ausbildung\w*|azubi\w*|auszubildende\w*|duales? studium|dual study|dualer student|alternan\w+|apprenti\w*|apprendistato|aprendiz\w*|lehrling|lehre|lærling|lärling)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "volunteer",
        re.compile(r"\b(?:volunteer\w*|ehrenamt\w*|bénévol\w*|voluntari\w+|volontari\w+|vrijwillig\w*)\b", re.IGNORECASE),
    ),
    ("per_diem", re.compile(r"\b(?:per[\s_-]?diem|prn|casual|on[- ]call|bank staff|zero[- ]hours?)\b", re.IGNORECASE)),
    (
        "temporary",
        re.compile(
            r"\b(?:temp|temporary|temporär|temporaire|seasonal|saison\w*|temporal|zeitarbeit|aushilfe|temporario|temporário|intérim\w*|interim\w*|vikariat|tijdelijk\w*|dočasn\w+|brigáda|fix(?:ed)?[\s_-]?term|befristet\w*|cdd|vast contract niet|tempo determinato|a tiempo determinado|duración determinada|umowa na czas określony|tidsbegr\w+|locum|派遣社員)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "contract",
        re.compile(
            r"\b(?:contract|contractor|freelance\w*|freiberuf\w*|self[- ]employed|1099|b2b|corp[- ]to[- ]corp|c2c|w2 contract|indépendant|autónomo|autonomo|partita iva|zzp|independent contractor|zlecenie|umowa o dzieło|業務委託|契約社員)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "part_time",
        re.compile(
            r"\b(?:part[\s_-]?time|teilzeit\w*|temps[\s_-]partiel|tiempo[\s_-]parcial|media jornada|jornada parcial|part[\s_-]?tijd|deeltijd|tempo[\s_-]parziale|meio período|tempo parcial|niepełny etat|część etatu|částečný úvazek|zkrácený úvazek|deltid\w*|minijob\w*|mini-job|450|halbtags|student job|nebenjob\w*|partial|アルバイト|パート)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "full_time",
        re.compile(
            rf"\b(?:{_WHOLE}|hlavní pracovní poměr|hpp|permanent\w*|unbefristet\w*|festanstellung|cdi|indéfini|indefinido|regular|fest|direct hire|employee|tempo indeterminato|vaste?|salaried|clt|fast (?:stilling|ansættelse|ansettelse)|tillsvidare\w*|正社員|正職員|full)\b",
            re.IGNORECASE,
        ),
    ),
)
WHOLE = re.compile(rf"\b(?:{_WHOLE})\b", re.IGNORECASE)
OTHER = re.compile(r"^\W*(?:other|sonstige\w*|autre|otros?|altro|overige?|inne|annat|annet|andet)\W*$", re.IGNORECASE)
# Short codes, only in what is stated: in a place or a title they are something else.
CODES = (
    (re.compile(r"\b0[.,]\d+\s?fte\b|\bpt\b|^\W*(?:\d\d\s?%?\s?[-–]\s?)?\d\d\s?%\W*$", re.IGNORECASE), "part time"),
    (re.compile(r"\bfte?\b|^\W*(?:\d\d\s?%?\s?[-–]\s?)?100\s?%\W*$", re.IGNORECASE), "full time"),
)
CONTRACT_TYPE = re.compile(
    r"\b(?:contract(?:or)?|freelance\w*|freiberuf\w*|1099|b2b|c2c|corp[- ]to[- ]corp|fixed[\s_-]?term|befristet\w*|cdd|interim|intérim|zzp|autónomo|partita iva|self[- ]employed|independent contractor|umowa o dzieło|zlecenie|tempo determinato)\b",
    re.IGNORECASE,
)
NOT_CONTRACT_TYPE = re.compile(
    r"permanent contract|unbefristet\w*|contract(?: type)?: permanent|full[- ]time contract|indefinite contract|open[- ]ended|unlimited contract|vast contract|contrat à durée indéterminée|contrato indefinido|contratto a tempo indeterminato",
    re.IGNORECASE,
)
CONTRACT_TITLE = re.compile(
    r"[(\[,–-]\s*(?:\d+[\s-]?(?:month|monat|mois)\w*\s+)?(?:contract(?:or)?|freelance|fixed[\s-]?term(?: contract)?|ftc|befristet\w*|interim|cdd|b2b|1099|maternity cover|parental leave cover|elternzeitvertretung)\b|"
    r"^(?:freelance|freelancer|contractor|interim|befristete?r?)\b|\bcdd\b|\b(?:freelancer|contract to hire|contract-to-hire|on contract|\d+[\s-]?month(?:s)? (?:contract|ftc)|fixed[- ]term|freiberufl\w+|maternity cover|mat cover|elternzeitvertretung)\b|\bcontract(?:or)?\s*[)\]]?$",
    re.IGNORECASE,
)
NOT_CONTRACT_TITLE = re.compile(
    r"\bcontracts?\s+(?:manage\w*|admin\w*|counsel|special\w*|analyst|negotiat\w*|attorney|lawyer|officer|director|lead|engineer\w* manager|coordinator|compliance|writer|executive|law|review\w*|support|associate|paralegal|operations|lifecycle|management|research|manufactur\w*|sales|catering|cleaning|delivery)\b|\bsmart contracts?\b|\binterim report\w*",
    re.IGNORECASE,
)


# Work with interns, apprentices or volunteers, and the stage of a theatre: not work as one.
LED = re.compile(
    r"\b(?:intern(?:ship)?s?|apprentic\w+|trainee\w*|student\w*|volunteer\w*|praktik\w+|ausbildung\w*|stage|co-?op|early talent)\s+(?:program\w*|manager|coordinator|recruit\w*|lead|director|supervisor|specialist|advisor|success|affairs|services|support|experience|engagement|leiter\w*|koordinat\w*|life|housing|finance|accounts?|counsel\w*|teacher)|ausbildungs?leiter\w*|\bstage (?:manager|hand|technician|crew|director|designer|lighting)\b|\bpraktiker\w*",
    re.IGNORECASE,
)


def kind_of(stated: str, title: str) -> tuple[str, list[str]]:
    """One of the normal forms, "" when nothing says it; a title that says intern overrules what a vendor states.

    A job that may be done in full time or in part counts as full time.
    """
    signals: list[str] = []
    plainly = NOT_CONTRACT_TYPE.sub(" permanent ", stated.replace("_", " "))
    for pattern, word in CODES:
        plainly = pattern.sub(f" {word} ", plainly)
    said = [name for name, pattern in KINDS if stated and pattern.search(plainly)]
    said_title = [
        name
        for name, pattern in KINDS
        if name in {"internship", "apprenticeship", "volunteer"} and _in_title(name, pattern, title)
    ]
    if said_title:
        if said and said[0] not in said_title:
            signals.append("type:title")
        return said_title[0], signals
    if said:
        # "Permanent / full-time" and "permanent / part-time": what narrows comes first in the table.
        return ("full_time" if said[0] == "part_time" and WHOLE.search(plainly) else said[0]), signals
    if is_contract("", title):
        return "contract", ["type:title"]
    for name, pattern in KINDS:
        if (
            name in {"part_time", "full_time", "temporary", "per_diem"}
            and re.search(pattern, title)
            and not re.search(
                r"\b(?:regular|fest|vaste?|full|partial|employee|permanent|450|temp|student|casual|on[- ]call|bank staff)\b",
                title,
                re.IGNORECASE,
            )
        ):
            return ("full_time" if name == "part_time" and WHOLE.search(title) else name), ["type:title"]
    return ("other" if OTHER.match(stated) else ""), signals


def _in_title(name: str, pattern: re.Pattern[str], title: str) -> bool:
    if not pattern.search(title):
        return False
    if LED.search(title):
        return False
    return not (
        name == "internship"
        and re.fullmatch(r"(?i).*\bstudent\b.*", title)
        and not re.search(r"(?i)werkstudent|working student|student (?:assistant|job|intern|worker)|studentische", title)
        and not re.search(r"(?i)intern|praktik|trainee", title)
    )


def is_contract(stated: str, title: str) -> bool:
    """Freelance, fixed term, interim and their relatives; a manager of contracts is none."""
    stated = stated.replace("_", " ")
    if stated and CONTRACT_TYPE.search(stated) and not NOT_CONTRACT_TYPE.search(stated):
        return True
    return bool(CONTRACT_TITLE.search(title) and not NOT_CONTRACT_TITLE.search(title))
