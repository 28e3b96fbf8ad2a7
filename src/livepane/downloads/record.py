"""What is known of a kept file: the same words in the manifest, in the results of a job and in the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How it went with one item of a run."""

    NEW = "new"
    UPGRADED = "upgraded"  # a better version than the one that was there; both are kept
    SAME = "same"  # nothing better than what is there: nothing was fetched, or nothing new came
    DUPLICATE = "duplicate"  # the bytes are those of another item of the collection: kept once
    FAILED = "failed"


class MediaKind(StrEnum):
    """What people tell files apart by."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"

    @classmethod
    def of(cls, media_type: str) -> MediaKind:
        """The kind of a media type such as image/jpeg."""
        first = media_type.partition("/")[0]
        return cls(first) if first in ("image", "video", "audio") else cls.OTHER


@dataclass(frozen=True, slots=True)
class Missed:
    """A place that promised a better file than the one that came, and why it gave none."""

    url: str
    code: str  # as of a ScrapeError
    message: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an item may be had, with what the page says of it."""

    url: str
    rule: str  # what found it: "srcset", "linked original", "og:image" …
    width: int | None = None  # px, as the page says
    height: int | None = None
    body: bytes | None = field(default=None, repr=False)  # itself, where the page holds it; then nothing is fetched
    guess: bool = False  # no page names it: that it is not there is no failure
    missed: Missed | None = None  # it was asked just now, and does not come: it is not asked again
    lasting: bool = False  # its address is new every day, and what was kept by the same rule is this very file


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that a scraper has found: its candidates, the most promising first."""

    key: str  # what the item is known by in its collection, the same in every run: its detail page, or its address without sizes
    candidates: tuple[Candidate, ...]
    source_page: str
    name: str | None = None  # what its file is to be called, without a folder; None: from its address
    title: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # such as referer
    # A selector of it on the page that is open now; None when another page is open.
    where: Callable[[], str | None] = field(default=lambda: None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """A file that has come in whole, as its content shows it: what `Collection.add` is told of a part."""

    bytes: int
    sha256: str  # hex
    media_type: str  # by content: image/jpeg, video/mp4 …
    width: int | None = None  # px
    height: int | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One file of an item."""

    file: str  # below the folder of the collection, with /
    url: str
    rule: str
    bytes: int
    sha256: str  # hex
    media_type: str  # by content: image/jpeg, video/mp4 …
    width: int | None  # px
    height: int | None
    etag: str | None
    at: int  # ms since the Unix epoch
    job: int | None  # that fetched it
    similarity: float | None = None  # 0..1 to the version before: 1 is the same picture


@dataclass(frozen=True, slots=True)
class Record:
    """An item of a collection."""

    key: str
    name: str  # of its newest file
    title: str | None
    source_page: str
    versions: tuple[Version, ...]  # the newest, which is the best, last; none: it never came
    error: str | None = None  # why the last try failed: "code: sentence"
    better_failed: Missed | None = None  # the last run could not have this better one
    declined: frozenset[str] = frozenset()  # addresses whose file came and was no better: nobody need ask there again

    @property
    def best(self) -> Version | None:
        """The one that counts."""
        return self.versions[-1] if self.versions else None
