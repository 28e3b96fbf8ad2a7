"""The best quality of an item: its addresses in the order in which they are worth trying, proven where the page only hints."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit, urlunsplit

from livepane.downloads.record import Candidate, Missed
from livepane.scrapers.media import sizes
from livepane.scrapers.media.candidates import Offer, is_file
from livepane.scrapers.media.probe import Failure, Prober, Proof

PROOFS = 6  # addresses of one item that are asked at most
ENOUGH = 3  # items in which the same way was the best: those that are alike are believed …
MOSTLY = 0.8  # … while it is in so many of them
GIVEN_UP = 6  # guesses of one convention that came to nothing, without one that did
RATIO = 0.04  # by which the shape of two sizes of one picture may differ: thumbnails are whole px
CROPPED = 0.06  # of a square: thumbnails that are cut to one show a part
GUESS = "size: "
PLAIN_FORMS = ("image/jpeg", "image/png", "image/gif", "image/tiff")  # before those that servers make of them


@dataclass(slots=True)
class Best:
    """Orders the candidates of the items of one run, and learns while it does."""

    prober: Prober
    _winners: dict[tuple[str, ...], Counter[int]] = field(default_factory=dict)  # of what looks alike → which place of it won
    _in_vain: Counter[tuple[str, ...]] = field(default_factory=Counter)  # items whose best did not answer, of what looks alike
    _worked: Counter[tuple[str, str]] = field(default_factory=Counter)  # host and convention
    _failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    _nothings: dict[str, str | None] = field(default_factory=dict)  # host → what it sends where nothing is
    _marks: dict[str, str] = field(default_factory=dict)  # what came for a guess → of which picture

    async def order(self, offers: Sequence[Offer], page: str, kept: str | None = None) -> tuple[Candidate, ...]:
        """The candidates, the best first. One that promised more and failed stays before them: to be fetched all the same if that
        may pass, else with the reason.

        Args:
            kept: where an earlier run had the best that there was.

        Raises:
            ScrapeError: `budget`: nothing more may be asked.
        """
        films = [offer for offer in offers if offer.rule.startswith(("video", "audio"))]
        if films:
            rest = [offer for offer in offers if offer not in films]
            return tuple(_candidate(offer) for offer in [*sorted(films, key=_film), *rest])
        told = sorted(offers, key=_promise, reverse=True)
        guesses = self._guesses(told)
        given = _contenders(told)
        contenders = [*given[:3], *guesses, *given[3:]]
        if len(contenders) < 2:
            return tuple(_candidate(offer) for offer in told)
        form = (urlsplit(contenders[0].url).netloc, *(offer.rule for offer in contenders))
        sure = self._sure(form)
        if kept is not None and (at := _still(kept, contenders)) is not None:
            sure = at
            self._winners.setdefault(form, Counter())[at] += 1
        if sure is not None:
            first = contenders[sure]
            return tuple(_candidate(offer) for offer in [first, *(offer for offer in told if offer.url != first.url)])
        if self._in_vain[form] >= ENOUGH and form not in self._winners:  # whoever fetches them has more patience
            return tuple(_candidate(offer) for offer in told)
        return await self._proven(told, contenders, form, page)

    async def area(self, candidates: Sequence[Candidate], page: str) -> int:
        """Square px of the first candidate that comes."""
        for one in candidates:
            if one.missed is not None:
                continue
            if one.width and one.height and not one.rule.startswith(("src", "srcset", "picture")):
                return one.width * one.height
            if isinstance(proof := await self.prober.prove(one.url, page), Proof):
                return proof.area
        return 0

    def _guesses(self, told: Sequence[Offer]) -> list[Offer]:
        found: dict[str, Offer] = {}
        known = {offer.url for offer in told}
        for offer in told[:1] if told and told[0].area else told[:4]:  # of sizes that are stated, from the largest alone
            if offer.rule == "poster":
                continue
            for guess in sizes.larger(offer.url):
                host = urlsplit(guess.url).netloc
                key = (host, guess.convention)
                if guess.url in known or (not self._worked[key] and self._failed[key] >= GIVEN_UP):
                    continue
                found.setdefault(guess.url, Offer(guess.url, f"{GUESS}{guess.convention}", rank=4))
        return list(found.values())[:4]

    def _sure(self, form: tuple[str, ...]) -> int | None:
        """Which of the contenders wins, when it mostly has so far. Where something better failed nobody has won."""
        winners = self._winners.get(form, Counter[int]())
        for place, times in winners.most_common(1):
            return place if times >= max(ENOUGH, MOSTLY * winners.total()) else None
        return None

    async def _proven(
        self, told: Sequence[Offer], contenders: Sequence[Offer], form: tuple[str, ...], page: str
    ) -> tuple[Candidate, ...]:
        asked = contenders[:PROOFS]
        answers = await asyncio.gather(*(self.prober.prove(one.url, page) for one in asked))
        proofs = [(one, proof) for one, proof in zip(asked, answers, strict=True) if isinstance(proof, Proof)]
        failed = [(one, failure) for one, failure in zip(asked, answers, strict=True) if isinstance(failure, Failure)]
        base = max((proof for one, proof in proofs if not _guessed(one)), key=lambda proof: proof.area, default=None)
        good: list[tuple[Offer, Proof]] = []
        for offer, proof in proofs:
            right = True
            if _guessed(offer):
                right = self._same(base, proof, told) and proof.mark != await self._nothing(offer.url, page)
                (self._worked if right else self._failed)[_convention(offer)] += 1
            if right:
                good.append((offer, proof))
        failed = [pair for pair in failed if self._meant(*pair)]
        if not good:  # why is for the keeper to say
            return tuple(_candidate(offer) for offer in told)
        good.sort(key=lambda one: (one[1].area, one[1].media_type in PLAIN_FORMS, one[0].rank), reverse=True)
        winner = good[0][0]
        lost = [(one, failure) for one, failure in failed if _guessed(one) or _promise(one) > _promise(winner)]
        if not lost:
            self._winners.setdefault(form, Counter())[contenders.index(winner)] += 1
        self._in_vain[form] += any(failure.passing for _, failure in lost)
        first = [*(_candidate(one, failure) for one, failure in lost), *(_candidate(offer, proof) for offer, proof in good)]
        done = {one.url for one in first} | {one.url for one, answer in zip(asked, answers, strict=True) if not _may_come(answer)}
        return (*first, *(_candidate(offer) for offer in told if offer.url not in done))

    def _meant(self, offer: Offer, failure: Failure) -> bool:
        """Whether there should be a picture: a guess may be wrong, and a link may lead to a page."""
        if not _guessed(offer):
            return failure.passing or failure.code != "bad_file" or is_file(offer.url)
        known = _convention(offer)
        if not failure.passing:
            self._failed[known] += 1
        return failure.passing and self._worked[known] > self._failed[known]

    async def _nothing(self, url: str, page: str) -> str | None:
        """What a host sends for a picture that cannot be there: some have a picture for that, too."""
        host = urlsplit(url).netloc
        if host not in self._nothings:
            parts = urlsplit(url)
            folder, _, name = parts.path.rpartition("/")
            proof = await self.prober.prove(urlunsplit(parts._replace(path=f"{folder}/no-{secrets.token_hex(4)}-{name}")), page)
            self._nothings[host] = proof.mark if isinstance(proof, Proof) else None
        return self._nothings[host]

    def _same(self, base: Proof | None, proof: Proof, told: Sequence[Offer]) -> bool:
        """Whether what came for a guess is the picture, and larger; some servers answer everything with one picture."""
        if not proof.media_type.startswith("image/"):
            return False
        picture = sizes.stem(told[0].url) if told else ""
        owner = self._marks.setdefault(proof.mark, picture)
        if owner != picture:
            return False
        if base is None or not base.area or not proof.area:
            return bool(proof.area)
        width, height = base.width or 1, base.height or 1
        shape, other = width / height, (proof.width or 1) / (proof.height or 1)
        alike = abs(shape - 1) <= CROPPED or abs(shape / other - 1) <= RATIO + 1 / min(width, height)
        return proof.area > base.area and alike


def _contenders(told: Sequence[Offer]) -> list[Offer]:
    """Of what the page gives, what may be the best: the largest of each list, and whatever says no size."""
    found: list[Offer] = []
    sized = False
    for offer in told:
        if offer.rule == "poster" or (offer.rank <= 2 and found and offer.rule in {"src", "noscript"} and sized):
            continue
        if offer.rank <= 3 and offer.area is not None:
            if sized:
                continue
            sized = True
        found.append(offer)
    unsized = [offer for offer in found if offer.rank <= 1]
    return [offer for offer in found if offer not in unsized or len(found) == len(unsized)]


def _promise(offer: Offer) -> tuple[int, int, int]:
    return (offer.rank if offer.rank >= 4 else 3 if offer.rank == 3 else offer.rank, offer.area or 0, _plain_form(offer.url))


def _plain_form(url: str) -> int:
    return int(urlsplit(url).path.lower().endswith((".jpg", ".jpeg", ".png")))


def _film(offer: Offer) -> tuple[int, int]:
    """The largest first; of the same size, what plays everywhere."""
    path = urlsplit(offer.url).path.lower()
    return -(offer.height or 0), next(
        (place for place, end in enumerate((".mp4", ".m4v", ".webm", ".mov")) if path.endswith(end)), 9
    )


def _guessed(offer: Offer) -> bool:
    return offer.rule.startswith(GUESS)


def _convention(guess: Offer) -> tuple[str, str]:
    """The host that a guess is made at, and how."""
    return urlsplit(guess.url).netloc, guess.rule.removeprefix(GUESS)


def _still(kept: str, contenders: Sequence[Offer]) -> int | None:
    """The place of what is kept, when the page promises nothing better: the first, or a guess that was proven."""
    if contenders[0].url == kept:
        return 0
    guesses = [place for place, one in enumerate(contenders) if _guessed(one) and one.url == kept]
    return guesses[0] if guesses and contenders[0].rank <= contenders[guesses[0]].rank else None


def _may_come(answer: Proof | Failure) -> bool:
    return isinstance(answer, Failure) and answer.passing


def _candidate(offer: Offer, known: Proof | Failure | None = None) -> Candidate:
    one = Candidate(offer.url, offer.rule, offer.width, offer.height, guess=_guessed(offer))
    if isinstance(known, Proof) and known.area:
        return replace(one, width=known.width, height=known.height)
    if isinstance(known, Failure) and not known.passing:
        return replace(one, missed=Missed(known.url, known.code, known.message))
    return one


def together(*groups: Iterable[Offer]) -> list[Offer]:
    """Several lists of addresses as one, each address once; the first that names it, counts."""
    found: dict[str, Offer] = {}
    for group in groups:
        for offer in group:
            found.setdefault(offer.url, offer)
    return list(found.values())
