"""Seniority from a title, and from years of experience when the title is silent."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.classify.employment import LED
from livepane.scrapers.job_postings.classify.titles import without_gender

# Titles in which a word of rank is no rank.
NO_RANK = re.compile(
    r"\b(?:lead(?:s)? generat\w*|senior (?:living|care|housing|services|citizens?|community)|account executives?|executive (?:assistants?|chef|search|office|support|admin\w*|protection|housekeeper|coach)|"
    r"(?:assistant |reporting )?to (?:the |our )?(?:\w+ )?(?:director|c[etfiomrp]o|manager|president|founders?|managing director|vp)|chief of staff|staff (?:accountant|nurse|writer|attorney|augmentation|photographer|pharmacist|physician|auditor|assistant)|"
    r"principal (?:investigator)|school principal|head (?:chef|office|hunter|coach|teacher|nurse|cook|gardener)|director'?s assistant|internal\w*|internation\w*|"
    r"entry (?:system|visa)|junior (?:college|school|high)|directory|mid[- ]?(?:market|atlantic|west|wife\w*|town)|partner(?:ships?)? manager|lead(?:ing)? to cash)\b",
    re.IGNORECASE,
)
INTERN = re.compile(
    r"\b(?:interns?|internships?|trainees?|apprentic\w+|co-?op|praktik(?:um|ant\w*|a)|werkstudent\w*|working student|azubi\w*|auszubildende\w*|ausbildung\w*|duales? stud\w+|dualer student\w*|stagiaires?|stage|stages|stagist[ae]|alternan\w+|apprenti\w*|"
    r"becari[oa]s?|prácticas|practicante|tirocin\w+|apprendist\w+|stagiair\w*|estági\w+|aprendiz|jovem aprendiz|staż\w*|praktykant\w*|stáž\w*|lärling\w*|lærling\w*|student assistant|studentische \w+|studentermedhjælper|volontariat|volontär\w*|diplomand\w*|"
    r"(?:bachelor|master)(?:arbeit|thesis)|v\.?i\.?e\.?\b(?= )|placement student|summer analyst)\b",
    re.IGNORECASE,
)
RANKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "executive",
        re.compile(
            r"\b(?:c[etfiomrps]o|cpo|chro|ciso|cmio|chief [\w&,\s-]{2,40} officer|chief (?:executive|technology|financial|operating|marketing|product|people|revenue|data|information|security|legal|medical|scientist|architect)|"
            r"managing director|general director|geschäftsführ\w+|vorstand|directeur général|direct(?:or|ora) general|amministratore delegato|co-?founder|founder|(?<!vice )(?<!vice-)president(?! assistant))\b",
            re.IGNORECASE,
        ),
    ),
    ("vp", re.compile(r"\b(?:[aes]?vp|s\.?v\.?p|vice[- ]president)\b", re.IGNORECASE)),
    (
        "director",
        re.compile(
            r"\b(?:director\w*|directeur|directrice|direktor\w*|diret(?:or|ora)|direttore|direttrice|dyrektor|head of|head|bereichsleit\w+|abteilungsleit\w+)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "manager",
        re.compile(
            r"\b(?:engineering|people|team|general|store|shop|branch|plant|site|regional|district|area|restaurant|operations|office|assistant|shift|production|warehouse|hotel|facility|finance|hr|it|sales|support|development|data|qa|design|security|infrastructure|clinic|kitchen|service|country|studio|research|delivery|department|nurse|maintenance|construction|assistant store) manager\b",
            re.IGNORECASE,
        ),
    ),
    ("principal", re.compile(r"\b(?:principal|distinguished|fellow)\b", re.IGNORECASE)),
    ("staff", re.compile(r"\bstaff (?=\S)|(?<=, )staff$", re.IGNORECASE)),
    (
        "lead",
        re.compile(
            r"\b(?:(?:tech|team|technical|engineering|design|product|data|qa|project|shift|squad|security|frontend|backend|platform)[- ]?lead\w*|lead(?:er)?|teamleit\w+|leitung|leiter(?:in)?|leitende\w*|\w+leiter(?:in)?|teamleider|chefingenieur|responsable|responsabile|responsável|vedoucí|kierownik|jefe|jefa|coordinador general)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "senior",
        re.compile(
            r"\b(?:senior\w*|sr\.?|sénior|snr|expert(?:e|in)?|erfahrene\w*|confirmé\w*|expérimenté\w*|starsz[ya]|iii|iv)(?=\W|$)",
            re.IGNORECASE,
        ),
    ),
    (
        "mid",
        re.compile(r"\b(?:mid|mid[- ]?level|mid[- ]?senior|intermediate|medior|professional ii|regular|ii)\b", re.IGNORECASE),
    ),
    (
        "entry",
        re.compile(
            r"\b(?:junior\w*|jr\.?|entry[- ]?level|graduates?|new[- ]?grad\w*|early[- ]career|berufseinsteiger\w*|absolvent\w*|débutant\w*|júnior|młodsz[ya]|associate (?:software|product|data|engineer|consultant|analyst|designer)|i)(?=\W|$)",
            re.IGNORECASE,
        ),
    ),
)
MANAGER = re.compile(
    r"\b(?:manager\w*|managerin|gerente|gestionnaire|manažer\w*|menedżer\w*|supervisor\w*|superintendent|foreman|forewoman|capo\w*|leder|arbejdsleder)\b",
    re.IGNORECASE,
)
# "Manager" that manages no people: the level is not told by the word.
NO_MANAGER = re.compile(
    r"\b(?:product|project|program(?:me)?|account|marketing|community|social media|contract|case|customer success|brand|content|campaign|category|event|relationship|success|partner(?:ship)?|key account|produkt|projekt|release|risk|change|channel|growth|e-?commerce|property|asset|portfolio|procurement|supply chain|quality|compliance|talent|recruiting|client|business development|solutions?|technical account|delivery|bid|proposal|lifecycle|seo|crm|office) manager\w*|projektmanager\w*|produktmanager\w*|accountmanager\w*|eventmanager\w*",
    re.IGNORECASE,
)
STATED = {
    "internship": "intern",
    "intern": "intern",
    "student": "intern",
    "student_college": "intern",
    "student (college)": "intern",
    "student_school": "intern",
    "not applicable": "",
    "not_applicable": "",
    "entry": "entry",
    "entry level": "entry",
    "entry-level": "entry",
    "entry_level": "entry",
    "junior": "entry",
    "graduate": "entry",
    "associate": "entry",
    "mid": "mid",
    "mid level": "mid",
    "mid-level": "mid",
    "mid_level": "mid",
    "intermediate": "mid",
    "medior": "mid",
    "experienced": "",
    "mid-senior level": "",
    "mid_senior_level": "",
    "senior": "senior",
    "senior level": "senior",
    "senior_level": "senior",
    "expert": "senior",
    "staff": "staff",
    "principal": "principal",
    "lead": "lead",
    "manager": "manager",
    "manager/supervisor": "manager",
    "management": "manager",
    "director": "director",
    "executive": "executive",
    "senior manager": "manager",
    "senior manager/supervisor": "manager",
    "vp": "vp",
    "c-level": "executive",
}
YEARS = re.compile(
    r"(?:minimum|at least|mindestens|min\.?|au moins)?\s*(\d{1,2})\s*(?:\+|plus)?\s*(?:[-–]|to|bis|à)?\s*(?:\d{1,2})?\s*\+?\s*(?:years?|jahre?n?|ans|años|anni|jaar|anos|lat|let|år)['’]?\s*(?:of\s|de\s|d['’])?\s*(?:\w+\s){0,5}?(?:experience|erfahrung|berufserfahrung|expérience|experiencia|esperienza|ervaring|experiência|doświadczenia|praxe|erfarenhet|erfaring)",
    re.IGNORECASE,
)


EXPERIENCE = (
    "experience",
    "erfahrung",
    "expérience",
    "experiencia",
    "esperienza",
    "ervaring",
    "experiência",
    "doświadczenia",
    "praxe",
    "erfarenhet",
    "erfaring",
)


def seniority(title: str, stated: str = "", body: str = "") -> tuple[str, str]:
    """The level and what it was read from (`title`, `stated`, `years`), both "" when nothing says it."""
    name = NO_RANK.sub(
        " ",
        re.sub(r"[/|(),:\[\]–-]+", " ", without_gender(title))
        if "," not in title and "-" not in title
        else without_gender(title),
    )
    name = NO_RANK.sub(" ", LED.sub(" ", name))
    if INTERN.search(name):
        return "intern", "title"
    for level, pattern in RANKS:
        if level == "manager" and not pattern.search(name) and MANAGER.search(NO_MANAGER.sub(" ", name)):
            if re.search(r"\b(?:senior|sr)\b", name, re.IGNORECASE) and not re.search(
                r"manager", NO_MANAGER.sub(" ", name), re.IGNORECASE
            ):
                continue
            return "manager", "title"
        if level == "manager" and pattern.search(name) and not MANAGER.search(NO_MANAGER.sub(" ", name)):
            continue
        if (
            level == "lead"
            and re.search(r"\bsales lead(?:s)?\b(?! )", name, re.IGNORECASE)
            and not re.search(r"sales lead$", name.strip(), re.IGNORECASE)
        ):
            continue
        if pattern.search(name):
            return level, "title"
    meaning = STATED.get(stated.strip().lower())
    if meaning:
        return meaning, "stated"
    low = body[:20_000].lower()
    if any(word in low for word in EXPERIENCE) and (match := YEARS.search(body[:20_000])):
        years = int(match[1])
        return ("entry" if years <= 1 else "mid" if years < 5 else "senior"), "years"
    return "", ""
