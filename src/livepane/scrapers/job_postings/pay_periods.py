"""The time that pay is stated for: an hour, a day, a week, a month or a year."""

from __future__ import annotations

import re

_PER = r"(?:\b(?:per|an?|pro|je|im|par|por|al|all.|la|na|za|die|in de|p)[\s_/-]?-?|/\s?)"
PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "hour",
        re.compile(
            rf"{_PER}(?:hour|hr|h|stunde|std|heure|hora|ora|uur|godz\w*|hod\w*|timme|óra|tunti)\b|\bpr\.? time\b|\bhour(?:ly)?\b|stundenlohn|stündlich|horaire|uurloon|\btim(?:e?)lönn?\b|timelønn?|godzinow\w*|时薪|時給|시급",
            re.IGNORECASE,
        ),
    ),
    (
        "day",
        re.compile(
            rf"{_PER}(?:day|tag|jour|día|dia|giorno|dag|dzień)\b|\bdaily\b|tagessatz|day rate|\btjm\b|日給|일급",
            re.IGNORECASE,
        ),
    ),
    ("week", re.compile(rf"{_PER}(?:week|woche|semaine|semana|settimana|wk)\b|\bweekly\b|wöchentlich", re.IGNORECASE)),
    (
        "month",
        re.compile(
            rf"{_PER}(?:months?|mth|monat|mois|mes|mese|maand|mnd|mo|mån|mies\w*|miesiąc|měs\w*|månad|måned|mês|hó|kk)\b|\bmonthly\b|monatlich|monats(?:gehalt|lohn|brutto|entgelt|vergütung)|\bmtl\b|\bmensu\w*|\bmensal\w*|\bmensil\w*|miesięczn\w*|měsíčn\w*|månadslön|månedslønn?|maandsalaris|maandloon|\bp\.?[\s/]?m\.?(?=\W|$)|月給|月薪|월급",
            re.IGNORECASE,
        ),
    ),
    (
        "year",
        re.compile(
            rf"{_PER}(?:year|annum|yr|jahr|an|année|año|anno|ano|jaar|rok|år|év)\b|\byearly\b|\bann?ual\w*(?! (?:leave|holiday|bonus|review|vacation))|\bannu(?:el\w*|[io])\b|\bp\.?\s?a\.?(?=\W|$)|jährlich|jahres(?:gehalt|brutto|entgelt|vergütung|einkommen|lohn|ziel)\w*|\bral\b|jaarsalaris|årslønn?|årslön|roczn\w*|ročn\w*|\byear\b|\bann\b|\bl\.?p\.?a\b|年収|年俸|年薪|연봉",
            re.IGNORECASE,
        ),
    ),
)
UNITS = {
    "hour": "hour",
    "hourly": "hour",
    "hr": "hour",
    "per-hour-wage": "hour",
    "1 hour": "hour",
    "day": "day",
    "daily": "day",
    "per-day-wage": "day",
    "1 day": "day",
    "week": "week",
    "weekly": "week",
    "per-week-wage": "week",
    "1 week": "week",
    "month": "month",
    "monthly": "month",
    "per-month-salary": "month",
    "1 month": "month",
    "mon": "month",
    "year": "year",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
    "ann": "year",
    "per-year-salary": "year",
    "1 year": "year",
    "anno": "year",
    "annum": "year",
    "yr": "year",
    "biweekly": "",
    "semimonthly": "",
    "one-time": "",
    "none": "",
}
# How long the week is says nothing of the pay: "37.5 hours per week", "5 days a week".
WEEK = re.compile(
    r"(?:hours?|hrs?|h|stunden|std\.?|heures|uur|uren|timmar|timer|godz\w*|days?|tagen?|tage|jours|dagen|horas|ore)\s*(?:per|a|/|pro|par|in der|die|por|alla|p/?)\s?(?:week|wk|woche|w|semaine|semana|settimana|vecka|uke|uge|tydzień)\b",
    re.IGNORECASE,
)


def period_in(text: str) -> str:
    """hour, day, week, month or year, whichever the text says first; "" when it says none."""
    text = WEEK.sub(" ", text)
    said = [(match.start(), name) for name, pattern in PERIODS if (match := pattern.search(text))]
    return min(said)[1] if said else ""
