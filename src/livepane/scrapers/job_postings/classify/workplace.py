"""Remote, hybrid or on site: what is stated first, then title and place, and the body only where it speaks of the role."""

from __future__ import annotations

import re

REMOTE_WORDS = {
    "remote",
    "fully remote",
    "fully",
    "full remote",
    "fullyremote",
    "100% remote",
    "telecommute",
    "remote only",
    "remote-only",
    "remoteonly",
    "work from home",
    "wfh",
    "home office",
    "homeoffice",
    "télétravail",
    "anywhere",
    "virtual",
    "distributed",
    "remote work",
    "remote position",
    "work from anywhere",
    "home based",
    "remote first",
    "teletrabajo",
    "remoto",
    "remota",
    "zdalna",
    "praca zdalna",
    "fulltime remote",
    "remote-friendly",
    "1",
    "true",
    "yes",
    "remoto 100%",
    "distans",
    "distansarbete",
    "hemarbete",
    "hjemmekontor",
    "hjemmearbejde",
    "fjernarbejde",
    "fjernarbeid",
    "op afstand",
    "thuiswerken",
    "etätyö",
    "etänä",
    "telework",
    "teleworking",
    "telearbeit",
    "リモート",
    "在宅勤務",
    "远程",
    "재택근무",
}
HYBRID_WORDS = {
    "hybrid",
    "hybride",
    "híbrido",
    "hibrido",
    "ibrido",
    "hybridní",
    "hybrydowa",
    "hybrydowo",
    "partially remote",
    "partial remote",
    "flexible",
    "remote partial",
    "partly remote",
    "teilweise remote",
    "punctual",
    "remote or hybrid",
    "partial",
    "flexible working",
    "hybrid remote",
    "hybridarbete",
    "mobiles arbeiten",
    "mobile arbeit",
    "smart working",
    "lavoro agile",
    "hybridarbeit",
    "hybridityö",
    "hybrides arbeiten",
    "hybrid working",
}
ONSITE_WORDS = {
    "onsite",
    "on-site",
    "on site",
    "in office",
    "in-office",
    "inoffice",
    "office",
    "in person",
    "in-person",
    "vor ort",
    "sur site",
    "presencial",
    "in sede",
    "physical",
    "office based",
    "office-based",
    "no remote",
    "not remote",
    "on location",
    "temporary",
    "field",
    "stationär",
    "no",
    "none remote",
    "sul posto",
    "op locatie",
    "op kantoor",
    "präsenz",
    "på plats",
    "på stedet",
    "lähityö",
}

NOT_REMOTE = re.compile(
    r"\b(?:not (?:a )?(?:fully )?remote|no(?:n)?[\s-]?remote|isn.t (?:a )?remote|is not (?:eligible for )?remote|remote (?:work )?(?:is )?not (?:available|possible|an option|permitted)|"
    r"no (?:remote|wfh|home ?office)|(?:on-?site|in-office) only|kein (?:home ?office|remote)|pas de télétravail|sin teletrabajo)\b",
    re.IGNORECASE,
)
REMOTE = re.compile(
    r"\b(?:remote(?!ly\s+control)|fully[- ]remote|work from (?:home|anywhere)|wfh|telecommut\w*|télétravail|teletrabajo|remoto|remota|zdaln[aie]\w*|homeoffice|(?:im|from) home office|home[- ]based|distanz|distans(?:arbete)?|hemarbete|hjemme(?:fra|kontor|arbejde)|fjernarbei\w+|op afstand|thuiswerk\w*|etätyö\w*|telework\w*|telearbeit|na dálku)\b",
    re.IGNORECASE,
)
HYBRID = re.compile(
    r"\b(?:hybrid(?:e|a|ní|n[íy]|o)?|híbrid[oa]|ibrid[oa]|hybrydow\w*|hybrid(?:arbete|arbeit|arbeid|työ)|partially remote|télétravail partiel|teletrabajo parcial|partly remote|teilweise remote|remote[/ ]hybrid|hybrid[/ ]remote|office[/ ]remote)\b",
    re.IGNORECASE,
)
ONSITE = re.compile(r"\b(?:on-?site|in-office|in office|vor ort|sur site|presencial|office[- ]based)\b", re.IGNORECASE)
# Remote as a thing, not as a place to work from.
REMOTE_THING = re.compile(
    r"\bremote (?:work (?:program\w*|polic\w+|strateg\w+|experience|solution\w*|technolog\w+|operations)|sensing|control\w*|support|monitoring|access|desktop|pilot\w*|operat\w+|area\w*|site\w*|communit\w+|service\w*|patient\w*|server\w*|infrastructure|hands|start|tower|diagnos\w+|connect\w+)\b",
    re.IGNORECASE,
)
HYBRID_THING = re.compile(
    r"\bhybrid (?:cloud\w*|vehicle\w*|car\w*|electric\w*|power\w*|mobile|app\w*|it\b|infrastructure|event\w*|search|system\w*|drive\w*|engine\w*|fund\w*|integration|network\w*|warfare|bond\w*|propulsion|inverter\w*|model\w*|security)",
    re.IGNORECASE,
)
# An office that is called Remote.
REMOTE_OFFICE = re.compile(r"\(PEO\)|\bremote,\s*(?:oregon|or)\b", re.IGNORECASE)

ROLE_REMOTE = re.compile(
    r"\b(?:this (?:role|position|job|opportunity)(?: is| can be| will be| may be)?(?: a| an)?(?: fully| 100%| entirely| completely| permanently)?[- ]remote\b|"
    r"(?:role|position|job) is (?:fully|100%|completely) remote|fully remote (?:role|position|job)|100% remote (?:role|position|job|work)|work(?:ing)? location: remote|remote (?:role|position) (?:based|within|in)\b|"
    r"you (?:can|will) work (?:fully )?remotely|diese (?:stelle|position) ist (?:vollständig|100 ?%) remote|poste (?:100 ?% )?en (?:full )?(?:télétravail|remote)|100 ?% remote möglich)",
    re.IGNORECASE,
)
ROLE_HYBRID = re.compile(
    r"this (?:role|position|job) is (?:a )?hybrid|hybrid (?:role|position|working (?:model|policy|arrangement)|work (?:model|schedule|arrangement))",
    re.IGNORECASE,
)
DAYS = re.compile(r"(?:days?|tagen?|tage|jours?|días)\b", re.IGNORECASE)
FEW = re.compile(
    r"\b(?:[1-4]|one|two|three|four|ein|zwei|drei|vier|deux|trois|quatre|dos|tres|cuatro)(?:\s*(?:-|–|to|or|bis|oder|à|ou|a|o)\s*(?:\d|two|three|four|zwei|drei|vier|trois|quatre|tres|cuatro))?\+?\s*$",
    re.IGNORECASE,
)
WEEKLY = re.compile(
    r"\s*(?:/|a|per|each|every|pro|par|por|die|in der|de la|an? die)\s*(?:week|woche|semaine|semana)", re.IGNORECASE
)
_OFFICE = r"(?:in[- ]office|in[- ]person|on-?site|offices?|hq|büro|bureau|oficina|home ?office|télétravail|teletrabajo|home|remote(?:ly)?|hub|studio)\b"
OFFICE_AFTER = re.compile(rf"[\s-]+(?:[\w'’-]+\s){{0,4}}?{_OFFICE}", re.IGNORECASE)
OFFICE_BEFORE = re.compile(rf"\b{_OFFICE}[^.!?]{{0,30}}$", re.IGNORECASE)
ROLE_ONSITE = re.compile(
    r"\b(?:this (?:role|position|job) is (?:fully |100% )?(?:on-?site|in-office|in person|office[- ]based)|(?:5|five) days (?:(?:a|per) week )?(?:in|on)[- ](?!holiday|vacation|leave)|on-?site (?:role|position) only|onsite 5x|must (?:be able to )?work (?:on-?site|in (?:the|our) office))",
    re.IGNORECASE,
)


# In a place or a label: "Remote 1 day a week, Leeds", "2 Tage Homeoffice".
PART_OF_WEEK = re.compile(
    r"\b(?:remote|home ?office|wfh|télétravail|teletrabajo|hemarbete|distans|thuiswerken)\W{1,3}(?:up to |bis zu |jusqu.à )?(?:[1-4]|one|two|three|four)\s?(?:[-–]\s?\d\s?)?(?:x|days?|tage?|jours?|días?|dagen?|dagar)\b|"
    r"\b(?:[1-4]|one|two|three|four)\s?(?:[-–]\s?\d\s?)?(?:x|days?|tage?|jours?|días?|dagen?|dagar)\s(?:(?:a|per|pro|par|por|/)\s?\w+\s)?(?:de |im |in )?(?:remote|home ?office|wfh|télétravail|teletrabajo)\b",
    re.IGNORECASE,
)


# One of these stands in every text that the patterns for bodies fit, one of the second line where "remote" is spoken of.
PLACE_WORDS = (
    "remot",
    "wfh",
    "home",
    "site",
    "office",
    "teletr",
    "télétr",
    "person",
    "hybrid",
    "büro",
    "bureau",
    "oficina",
    "hq",
    "hub",
    "studio",
)
FAR_WORDS = ("remot", "wfh", "home", "only", "teletr", "télétr")


NOWHERE = re.compile(
    r"^\W*(?:home ?office|distributed|anywhere(?:[, ].*)?|worldwide|work from home|wfh|virtual(?:\s*[-–—,/(|].*)?|.*[-–—,/(|]\s*virtual|リモート|在宅勤務|远程)\W*$",
    re.IGNORECASE,
)


def _word(value: str) -> str:
    """What a vendor's own word means."""
    word = re.sub(r"[\s_]+", " ", value.strip().strip(".,;:-–— ").lower())
    if not word:
        return ""
    for words, meaning in ((HYBRID_WORDS, "hybrid"), (ONSITE_WORDS, "onsite"), (REMOTE_WORDS, "remote")):
        if word in words:
            return meaning
    return _spoken(word)


def _spoken(text: str) -> str:
    """What a title, a place or a long label says of it."""
    if NOT_REMOTE.search(text):
        return "onsite"
    if PART_OF_WEEK.search(text):
        return "hybrid"
    if HYBRID.search(HYBRID_THING.sub(" ", text)):
        return "hybrid"
    if REMOTE.search(REMOTE_THING.sub(" ", text)) and not REMOTE_OFFICE.search(text):
        return "remote"
    return "onsite" if ONSITE.search(text) else ""


def _body(text: str) -> str:
    """What the body says of this role, "" when it only talks."""
    text = text[:20_000]
    low = text.lower()
    if not any(word in low for word in PLACE_WORDS):
        return ""
    far = any(word in low for word in FAR_WORDS)
    if (far and NOT_REMOTE.search(text)) or ROLE_ONSITE.search(text):
        return "onsite"
    if far and ROLE_REMOTE.search(text):
        return "remote"
    return "hybrid" if ("hybrid" in low and ROLE_HYBRID.search(text)) or _split_week(text) else ""


def _split_week(text: str) -> bool:
    """Days beside a place: "three days a week in the office". "Four days a week" alone is only a short week."""
    for match in DAYS.finditer(text):
        if not FEW.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        after = text[match.end() : match.end() + 80]
        weekly = WEEKLY.match(after)
        if OFFICE_AFTER.match(after[weekly.end() :] if weekly else after):
            return True
        if weekly and OFFICE_BEFORE.search(text[max(0, match.start() - 60) : match.start()]):
            return True
    return False


def workplace(
    *, stated: str, remote: bool | None, title: str, locations: list[str], employment: str, body: str
) -> tuple[str, list[str]]:
    """The type and the signals that say how it was decided."""
    signals: list[str] = []
    word, said_title = _word(stated), _spoken(title)
    spoken_places = ["remote" if NOWHERE.match(place) else _spoken(place) for place in locations if place]
    said_place = "hybrid" if "hybrid" in spoken_places else ("remote" if "remote" in spoken_places else "")
    if said_place == "remote" and "" in spoken_places and not remote:
        said_place = "remote"
    said_body = _body(body)
    decided, by = "", ""
    for meaning, name in (
        (word, "stated"),
        ("remote" if remote and said_title != "hybrid" and said_place != "hybrid" else ("hybrid" if remote else ""), "flag"),
        (said_title, "title"),
        (said_place, "place"),
        (_spoken(employment) if _spoken(employment) != "onsite" else "", "type"),
        (said_body, "text"),
    ):
        if meaning:
            decided, by = meaning, name
            break
    if not decided:
        if remote is False:
            return "onsite", ["location_type:flag"]
        return "onsite", ["location_type:assumed"]
    signals.append(f"location_type:{by}")
    others = {meaning for meaning in (said_title, said_body) if meaning}
    if (decided == "remote" and others & {"onsite", "hybrid"}) or (decided == "onsite" and by != "text" and "remote" in others):
        signals.append("conflict:remote")
    return decided, signals
