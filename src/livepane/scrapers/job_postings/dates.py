"""Dates as boards write them: ISO, milliseconds, RFC 822, "Posted 3 Days Ago", "12. März 2026"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

Order = Literal["", "dmy", "mdy"]
DAY_FIRST: Order = "dmy"
MONTH_FIRST: Order = "mdy"
EARLIEST = 1995
LATEST_AHEAD = timedelta(days=366 * 6)
ISO = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?::\d{2})?)?$",
    re.IGNORECASE,
)
SLASHED = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[,\s].*)?$")
# "Posted on: 11/13/2026", "Veröffentlicht am 12.11.2026".
LEAD = re.compile(r"^(?:[^\W\d]{1,16}\s?){1,3}:?\s*(?=\d{1,4}[./-]\d{1,2}[./-]\d{2,4})")
COMPACT = re.compile(r"^(\d{4})[./]?(\d{2})[./]?(\d{2})(?:[ T].*)?$")
NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s+(?:de\s+)?([^\W\d]{3,12})\.?,?\s+(?:de\s+)?(\d{4})|([^\W\d]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}))",
    re.IGNORECASE,
)
TODAY = re.compile(
    r"\b(?:today|just (?:posted|now)|heute|aujourd.?hui|hoy|oggi|vandaag|hoje|dzisiaj|dnes|idag|i dag)\b", re.IGNORECASE
)
YESTERDAY = re.compile(r"\b(?:yesterday|gestern|hier|ayer|ieri|gisteren|ontem|wczoraj|včera|igår|i går)\b", re.IGNORECASE)
AGO = re.compile(
    r"(\d{1,4}|an?|one|einem|einer|un|une)\s*\+?\s*(minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|minuten|stunden?|tage?n?|wochen?|monate?n?|jours?|semaines?|mois|heures?|días?|semanas?|mes(?:es)?|giorni?|settiman[ae]|mesi|dagen|weken|"
    r"maand(?:en)?|dag(?:ar|er|e)?|dias?|dni|dny|veckor|uger?|uker)\b",
    re.IGNORECASE,
)
AGO_MARK = re.compile(r"\b(?:ago|vor|il y a|hace|fa|geleden|há|temu|před|sedan|siden|posted)\b", re.IGNORECASE)
DAYS = {
    "mi": 0,
    "ho": 0,
    "hr": 0,
    "h": 0,
    "st": 0,
    "he": 0,
    "d": 1,
    "da": 1,
    "ta": 1,
    "jo": 1,
    "dí": 1,
    "di": 1,
    "gi": 1,
    "dn": 1,
    "w": 7,
    "we": 7,
    "wo": 7,
    "se": 7,
    "ve": 7,
    "ug": 7,
    "uk": 7,
    "mo": 30,
    "me": 30,
    "ma": 30,
    "y": 365,
    "ye": 365,
}
_NAMES = (
    "january januar janvier enero gennaio januari janeiro stycznia ledna jan janv ene gen styczeń leden",
    "february februar février febrero febbraio februari fevereiro lutego února feb févr fev luty únor",
    "march märz mars marzo maart março marca března mar mär maa mrz marzec březen",
    "april avril abril aprile kwietnia dubna apr avr abr kwiecień duben",
    "may mai mayo maggio mei maio maja května maj mag květen",
    "june juni juin junio giugno junho czerwca června jun giu czerwiec červen",
    "july juli juillet julio luglio julho lipca července jul juil lug lipiec červenec",
    "august août agosto augustus sierpnia srpna aug ago sierpień srpen augusti",
    "september septembre septiembre settembre setembro września září sep sept set wrzesień",
    "october oktober octobre octubre ottobre outubro października října oct okt ott out październik říjen",
    "november novembre noviembre novembro listopada listopadu nov listopad",
    "december dezember décembre diciembre dicembre dezembro grudnia prosince dec dez déc dic grudzień prosinec desember",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}


def _sane(moment: datetime, now: datetime) -> datetime | None:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if moment.year >= EARLIEST and moment < now + LATEST_AHEAD else None


def _of(year: str, month: int, day: str, now: datetime) -> datetime | None:
    return _sane(datetime(int(year), month, int(day), tzinfo=UTC), now)


def parse(value: Any, now: datetime, order: Order = "") -> datetime | None:
    """A moment in UTC, None for what says none. `order` tells which of two days 03/04/2026 is."""
    try:
        return _parse(value, now, order)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _parse(value: Any, now: datetime, order: Order) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("$date") or value.get("iso8601") or value.get("date") or value.get("value")
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value.strip()):
        value = int(value)
    if isinstance(value, int | float):
        seconds = float(value) / (1000 if value > 10**11 else 1)
        return _sane(datetime.fromtimestamp(seconds, UTC), now) if seconds > 10**8 * 7 else None
    if not isinstance(value, str):
        return None
    text = LEAD.sub("", value.strip()[:80])
    if match := ISO.match(text):
        year, month, day, hour, minute, second, zone = match.groups()
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
        if zone and zone[0] in "+-":
            digits = zone[1:].replace(":", "")
            offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
            moment += offset if zone[0] == "-" else -offset
        return _sane(moment, now)
    if match := SLASHED.match(text):
        first, mark, second, year = match.groups()
        low, high = int(first), int(second)
        if mark == "." or low > 12 or low == high or (order == "dmy" and high <= 12):
            return _of(year, high, first, now)
        if high > 12 or order == "mdy":
            return _of(year, low, second, now)
        # 03/04/2026 is two days, and nothing tells which: perhaps it goes on "(2 days ago)".
    if match := COMPACT.match(text):
        return _of(match[1], int(match[2]), match[3], now)
    if match := NAMED.search(text):
        day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if month_number := MONTHS.get(name.lower()):
            clock = re.search(r"(\d{2}):(\d{2}):(\d{2})", text)
            if clock and "," in text[:5]:
                return _sane(parsedate_to_datetime(text), now)
            return _of(year, month_number, day, now)
    if TODAY.search(text):
        return now
    if YESTERDAY.search(text):
        return now - timedelta(days=1)
    if AGO_MARK.search(text) and (match := AGO.search(text)):
        count = int(match[1]) if match[1].isdigit() else 1
        unit = match[2].lower()
        days = DAYS.get(unit[:2], DAYS.get(unit[:1], 0) if len(unit) == 1 else 0)
        return _sane(now - timedelta(days=min(count, 9999) * days), now)
    if re.match(r"^[A-Z][a-z]{2}, \d", text):
        return _sane(parsedate_to_datetime(text), now)
    return None


def order_of(values: Iterable[Any], language: str, now: datetime) -> Order:
    """Whether the dates of one list have the day or the month first: as the plain ones say, else as the language has it."""
    votes: set[Order] = set()
    for value in values:
        match = SLASHED.match(LEAD.sub("", value.strip()[:80])) if isinstance(value, str) else None
        if match is None or match[2] == "." or match[1] == match[3]:
            continue
        low, high = int(match[1]), int(match[3])
        if max(low, high) > 12:
            votes.add("dmy" if low > 12 else "mdy")
            continue
        # No job was posted after today.
        day_first, month_first = (parse(match[0], now, order) for order in (DAY_FIRST, MONTH_FIRST))
        if day_first and month_first and (day_first > now) != (month_first > now):
            votes.add("mdy" if day_first > now else "dmy")
    if len(votes) == 1:
        return votes.pop()
    language = language.lower().replace("_", "-")
    if votes or not language or language == "en":
        return ""
    if language in {"en-us", "en-ph", "es-us"}:
        return "mdy"
    return "" if language.partition("-")[0] in {"ja", "zh", "ko", "hu", "lt"} or language == "en-ca" else "dmy"


def iso(moment: datetime | None) -> str | None:
    """`2026-08-24T15:09:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
