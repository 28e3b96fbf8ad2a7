"""Pay as boards state it: ranges, currencies and periods; never turned into another period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from livepane.scrapers.job_postings.pay_periods import UNITS, period_in
from livepane.scrapers.job_postings.posting import Salary
from livepane.scrapers.job_postings.text import clean

SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "us$": "USD",
    "$": "USD",
    "¥": "JPY",
    "₹": "INR",
    "zł": "PLN",
    "kč": "CZK",
    "chf": "CHF",
    "fr.": "CHF",
    "r$": "BRL",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "s$": "SGD",
    "hk$": "HKD",
    "mx$": "MXN",
    "₪": "ILS",
    "₩": "KRW",
    "₱": "PHP",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "euro": "EUR",
    "euros": "EUR",
    "zl": "PLN",
    "円": "JPY",
    "元": "CNY",
    "원": "KRW",
    "r": "ZAR",
}
CODES = [
    "USD",
    "EUR",
    "GBP",
    "CHF",
    "PLN",
    "CZK",
    "SEK",
    "NOK",
    "DKK",
    "CAD",
    "AUD",
    "NZD",
    "INR",
    "JPY",
    "SGD",
    "HKD",
    "BRL",
    "MXN",
    "ILS",
    "HUF",
    "RON",
    "BGN",
    "ZAR",
    "AED",
    "SAR",
    "CNY",
    "KRW",
    "PHP",
    "TRY",
    "UAH",
    "ARS",
    "CLP",
    "COP",
    "THB",
    "IDR",
    "MYR",
    "VND",
    "KES",
    "NGN",
    "EGP",
]
_AMOUNT = r"\d{1,2}(?:,\d{2}){1,3},\d{3}(?!\d)|\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3}){1,3}(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
# A rand is only an R before thousands, and a crown is of which country the words beside it must say.
SYMBOL = (
    r"(?:us\$|ca\$|c\$|au\$|a\$|nz\$|s\$|hk\$|mx\$|r\$|[€£$¥₹₪₩₱₺₽₴円元원]|zł|zl|kč|kr\b\.?|fr\.|euros?|(?-i:R)(?=\s?\d{1,3}[ ,.\u00a0]?\d{3})|"
    + "|".join(CODES)
    + ")"
)
SCALE = (
    r"k(?![a-zčr])|tsd\.?|t(?=\s?(?:€|eur\b))|mio|mln|m(?![a-z/])|million|lakhs?|lacs?|lpa|l(?![a-z])|crores?|cr(?![a-z])|万|만"
)
# A sign that a number follows belongs to that number: "Band 6 £38,682".
MONEY = re.compile(
    rf"(?<![A-Za-z0-9_.,À-ɏЀ-ӿ])(?:(?P<code>{'|'.join(CODES)})\s?)?(?P<before>{SYMBOL})?\s?(?P<amount>{_AMOUNT})(?:[.,][-–—]{{1,2}})?\s?(?P<scale>{SCALE})?\s?(?P<after>{SYMBOL}(?![a-z\d])(?!\s?\d{{1,3}}[.,'’ ]\d{{3}}))?",
    re.IGNORECASE,
)
SCALES = {"k": 10**3, "t": 10**3, "m": 10**6, "l": 10**5, "c": 10**7, "万": 10**4, "만": 10**4}
BETWEEN = re.compile(
    r"^\s*(?:(?:/|per\b|an?\b|pro\b|par\b|p\.)\s*[^\W\d_]{1,8}\.?\s*)?(?:brutto|bruto|brut|gross)?\s*(?:-|–|—|−|〜|～|~|to|bis(?: zu)?|and|und|à|a|et|en|y|up to|do|až|tot|till|til|e|och|og|through|al|hasta|até)\s*(?:up to\s*)?$",
    re.IGNORECASE,
)
RATIO = 20  # between the ends of one range, at most
OPEN = re.compile(
    r"(?:\b(?:from|ab|à partir de|desde|da|od|vanaf|min\.?|minimum|minst|mindest\w*|at least|starting(?: at| from)?|fra|från)|\+)\W{0,3}(?:only |just |von |ca\.? )?$",
    re.IGNORECASE,
)
UP_TO = re.compile(r"\b(?:up to|bis zu|bis|jusqu.\S{0,3}|hasta|fino a|tot|do|max\.?|maximal)\W{0,3}$", re.IGNORECASE)
# Whose crown it is.
CROWNS = (
    ("SEK", re.compile(r"\b(?:månads|tim|års|grund)?lön\b|\bmån\b|månad|svensk|\bsek\b", re.IGNORECASE)),
    ("NOK", re.compile(r"lønn\b|norsk|\bnok\b", re.IGNORECASE)),
    ("DKK", re.compile(r"løn\b|dansk|\bdkk\b", re.IGNORECASE)),
)
# A sum that is paid once or beside the pay, where nothing else is stated.
EXTRA = re.compile(
    r"^[^\d]{0,30}[\d.,]+\s?k?\s*(?:\w+ )?(?:sign-?(?:ing|on)|referral|relocation|stipend|retention|welcome)\b[^\d]*$",
    re.IGNORECASE,
)


def amount(text: str) -> float | None:
    """`120.000`, `120,000.50`, `45'000`, `12,50`."""
    digits = re.sub(r"[ '’\u00a0\u202f]", "", text)
    if re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}", digits):  # as in India: 10,00,000
        return float(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", digits):
        head, tail = (
            (digits[:-3], digits[-2:])
            if re.search(r"[.,]\d{2}$", digits)
            else ((digits[:-2], digits[-1:]) if re.search(r"[.,]\d$", digits) else (digits, ""))
        )
        digits = re.sub(r"[.,]", "", head) + (f".{tail}" if tail else "")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Sum:
    """One amount in a text."""

    raw: float  # before thousands and lakhs
    scale: int
    sign: str  # of the currency, as it is written; "" when none stands there
    start: int
    end: int

    @property
    def value(self) -> float:
        """The whole amount."""
        return self.raw * self.scale


def sums(text: str) -> list[Sum]:
    """Every amount of a text, in order."""
    found: list[Sum] = []
    for match in MONEY.finditer(text):
        raw = amount(match["amount"])
        if not raw:
            continue
        word = (match["scale"] or "").lower()
        sign = (match["code"] or match["before"] or match["after"] or "").strip()
        if word == "l" and sign not in {"₹", "INR"}:
            word = ""
        found.append(Sum(raw, SCALES.get(word[:1], 1), sign, match.start(), match.end()))
    return found


def ranged(low: Sum, high: Sum, text: str) -> tuple[float, float] | None:
    """The ends of a range that two sums of a text are; what stands once counts for both: "80 – 100k €", "30-35.000 €"."""
    if not BETWEEN.match(text[low.end : high.start]):
        return None
    first, second = low.value, high.value
    if high.scale > 1 and low.scale == 1 and low.raw <= high.raw:
        first = low.raw * high.scale
    elif low.scale > 1 and high.scale == 1 and low.raw <= high.raw < low.value:
        second = high.raw * low.scale
    elif first < 1000 <= first * 1000 <= second:
        first *= 1000
    if not first <= second * RATIO or not second <= first * RATIO:
        return None
    return (first, second) if first <= second else (second, first)


def currency_of(sign: str, text: str = "") -> str:
    """The ISO 4217 code of a sign; the words beside it say which crown or dollar it is. "" when nothing does."""
    low = sign.strip().lower().rstrip(".") if sign.strip().lower() != "fr." else "fr."
    if low == "kr":
        return next((code for code, pattern in CROWNS if pattern.search(text)), "")
    code = SYMBOLS.get(low, low.upper() if low.upper() in CODES else "")
    named = NAMED.search(text) if code in {"", "USD", "JPY"} else None
    return named[1] if named else code


NAMED = re.compile(rf"\b({'|'.join(CODES)})\b")


def _of(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 < value < 10**12 else None
    if isinstance(value, str) and (found := sums(value)):
        return found[0].value
    return None


def from_range(low: Any, high: Any, currency: Any, interval: Any) -> Salary | None:
    """Pay from fields that a vendor keeps apart."""
    lowest, highest = _of(low), _of(high)
    if not lowest and not highest:
        return None
    unit = clean(interval)[:60].lower().replace("_", " ").strip()
    period = UNITS.get(unit, UNITS.get(unit.replace(" ", "-"), period_in(f"per {unit}") if unit else ""))
    code = currency_of(clean(currency))
    lowest, highest = (lowest or None), (highest or None)
    if lowest and highest and lowest > highest:
        lowest, highest = highest, lowest
    spoken = " – ".join(
        f"{value:,.0f}" if value == int(value) else f"{value:,.2f}" for value in dict.fromkeys(filter(None, (lowest, highest)))
    )
    return Salary(lowest, highest, code, period, " ".join(filter(None, (code, spoken, f"per {period}" if period else ""))))


def parse(text: str, beside: str = "") -> Salary | None:
    """Pay from a text that is labelled as pay. `beside` is what stands before it: "Annual salary range, from"."""
    text = text[:300]
    if EXTRA.search(text):
        return None
    found = sums(text)
    money = [item for item in found if item.sign]
    if not money:
        money = [item for item in found if item.value >= 1000 or item.scale > 1]
        if not money or not (period_in(text) or len(money) > 1 or re.search(r"\bl\.?p\.?a\b|lakh", text, re.IGNORECASE)):
            return None
    first = money[0]
    index = found.index(first)
    start, end, ends = first.start, first.end, None
    if index and not found[index - 1].sign:
        ends = ranged(found[index - 1], first, text)
        start = found[index - 1].start if ends else start
    if ends is None and index + 1 < len(found):
        ends = ranged(first, found[index + 1], text)
        end = found[index + 1].end if ends else end
    before = f"{beside} {text[:start]}"
    sign = next((item.sign for item in money), "")
    currency = currency_of(sign, f"{before} {text}") or ("INR" if re.search(r"\bl\.?p\.?a\b|lakh", text, re.IGNORECASE) else "")
    period = period_in(text[start:]) or period_in(before)
    spoken = clean(text)
    if ends is not None:
        return Salary(*ends, currency, period, spoken) if ends[0] >= 5 else None
    if first.value < 5:
        return None
    if UP_TO.search(before):
        return Salary(None, first.value, currency, period, spoken)
    behind = text[end : end + 12]
    if OPEN.search(before) or re.match(r"\+(?!\s*\w)|[〜～]|\s?以上", behind):
        return Salary(first.value, None, currency, period, spoken)
    return Salary(first.value, first.value, currency, period, spoken)
