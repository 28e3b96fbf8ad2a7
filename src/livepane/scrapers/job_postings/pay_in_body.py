"""Pay that the body of a posting states, told from bonuses, budgets and turnovers."""

from __future__ import annotations

import re
from bisect import bisect_left

from livepane.scrapers.job_postings.money import SCALE, SYMBOL, parse, ranged, sums
from livepane.scrapers.job_postings.posting import Salary
from livepane.scrapers.job_postings.text import AnyCase

LONGEST = 60_000  # characters of a body that are looked at
WINDOW = 220  # characters behind a word for pay in which the money stands
NEAR = 30  # behind a word that also means something else
BEFORE = 60  # characters before the word that say the period: "The annual US base salary"
CUE = AnyCase(
    r"(?P<plain>\bsalar(?:y|ies)\b|\bcompensation\b|\bbase pay\b|\bpay (?:range|rate|scale|band)\b|\bbase range\b|\bhiring range\b|\bwages?\b|\bhourly rate\b|\bremuneration\b|gehalt(?!en)\w*|gehälter|vergütung|entgelt|(?:stunden|monats|jahres|brutto)lohn|\bverdienst\b|"
    r"\bsalaires?\b|rémunération|\bsalarios?\b|\bsueldo\b|remuneración|retribución|retribuzione|\bstipendio\b|\bral\b|wynagrodzeni|widełki|\bzarobki|\bpensja|\bstawka|\bmzda|\bplat\b|lön\b|lønn?\b|lønninger|salaris\b|\w?loon\b|salário|remuneração|\bfizetés|\bpalkka|\bote\b|on-target|\bbase(?= ?:)|年収|年俸|月給|月薪|时薪|時給|年薪|給与|연봉|월급)|"
    r"\b(?:pay|pays|paid|paying|rate|rates|earn|earning|range(?! of)|hourly|starting at|ab(?= (?:eur|€|chf))|offer|offering)\b"
)
DIGITS = re.compile(r"\d[\d.,'’ \u00a0\u202f]*")
SIGN_BEFORE = re.compile(rf"{SYMBOL}\s?$", re.IGNORECASE)
SIGN_AFTER = re.compile(rf"[-–]{{0,2}}(?:{SCALE})?\s?{SYMBOL}", re.IGNORECASE)
WINDOWS_MOST = 60  # that are looked into
NOT_PAY = re.compile(
    r"\b(?:stipend|bonus(?:es)?|budget|raised|funding|valuation|revenue|sign-?on|allowance|reimburse\w*|series [a-e]|arr|customers|invest\w*|donat\w*|award|referral|gift|turnover|umsatz|portfolio|deal|quota|assets|aum|insurance|401|match(?:ing)?|discount|savings|per diem|fee|fees|tuition|deductible|premium)\b",
    re.IGNORECASE,
)
ON_TOP = re.compile(r"\b(?:plus|and|und|et|with|including|incl|excluding|excl|zzgl|sowie)\b|[,.;](?=\s|$)|[+&(|]", re.IGNORECASE)
SENTENCE = re.compile(r"(?<!\bp)(?<!\bca)(?<!\bstd)[.;!?](?:\s|$)|\s\|\s", re.IGNORECASE)
STATED = re.compile(r"^(?:\s*(?:range|rate|package|expectations?))?\s*(?:[:=–-]|is|of|von|ab)?\s*$", re.IGNORECASE)
ALONE = (10_000, 2_000_000)  # a sum without a period and without an end that may be pay …
LEAST = re.compile(r"mindest|einstiegs|\bbrutt?o\b|\bbrut\b|\bgross\b", re.IGNORECASE)  # … from 1,000 where one of these stands


def in_body(text: str) -> Salary | None:
    """Pay that a body states: only beside a word for pay, only a range, with a period or plainly named, never a stipend."""
    text = text[:LONGEST]
    signed = [
        match.start()
        for match in DIGITS.finditer(text)
        if SIGN_BEFORE.search(text[max(0, match.start() - 6) : match.start()])
        or SIGN_AFTER.match(text[match.end() : match.end() + 14])
    ]
    searched = windows = 0
    for cue in CUE.finditer(text) if signed else ():
        at = bisect_left(signed, cue.end())
        if cue.start() < searched or at == len(signed) or signed[at] > cue.end() + WINDOW:
            continue
        windows += 1
        if windows > WINDOWS_MOST:
            break
        window = text[cue.end() : cue.end() + (WINDOW if cue["plain"] else NEAR + 60)]
        found = sums(window)
        first = next((index for index, item in enumerate(found) if item.sign), None)
        if first is None:
            continue
        start, end = found[first].start, found[first].end
        if first and not found[first - 1].sign and ranged(found[first - 1], found[first], window):
            start = found[first - 1].start
        elif first + 1 < len(found) and ranged(found[first], found[first + 1], window):
            end = found[first + 1].end
        if not cue["plain"] and start > NEAR:
            continue
        before = (window[:start] if cue["plain"] else text[max(0, cue.start() - NEAR) : cue.end()] + window[:start])[-40:]
        behind = ON_TOP.split(window[end : end + 40], maxsplit=1)[0]
        if NOT_PAY.search(f"{before} | {behind}"):
            searched = cue.end() + end
            continue
        stop = SENTENCE.search(window, end)
        beside = (
            SENTENCE.split(text[max(0, cue.start() - BEFORE) : cue.start()])[-1] + text[cue.start() : cue.end()] + window[:start]
        )
        salary = parse(window[start : min(stop.start() if stop else end + 90, start + 140)], beside[-160:])
        if salary is None:
            continue
        value = salary.max or salary.min or 0
        apart = salary.max is not None and salary.min is not None and salary.max > salary.min
        if (not cue["plain"] and not salary.period) or (not apart and SENTENCE.search(window[:start])):
            continue
        least = 1000 if LEAST.search(f"{beside} {window[end : end + 15]}") else ALONE[0]
        named = STATED.match(window[:start]) and least <= value <= ALONE[1]
        if (apart and (value >= 1000 or salary.period)) or (salary.period and value >= 8) or named:
            return salary
    return None
