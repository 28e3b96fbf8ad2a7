"""All collections of a folder, to look at: the newest first, filtered, page by page. Reads again only what has changed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from livepane.downloads.collection import key_hash
from livepane.downloads.errors import said
from livepane.downloads.manifest import MANIFEST, Entry, Manifest
from livepane.downloads.record import MediaKind, Outcome, Record, Version


@dataclass(frozen=True, slots=True)
class Shelved:
    """An item of a collection as the library shows it."""

    collection: str
    hash: str  # what its key is called in addresses
    entry: Entry

    @property
    def id(self) -> str:
        """The same in every run."""
        return f"{self.collection}/{self.hash}"

    @property
    def record(self) -> Record:
        """The item itself."""
        return self.entry.record

    @property
    def kind(self) -> MediaKind:
        """Of its best version; one that never came is of no kind that is known."""
        best = self.record.best
        return MediaKind.of(best.media_type) if best else MediaKind.OTHER

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands among the others: the greatest is the newest."""
        return self.entry.at, self.id


@dataclass(frozen=True, slots=True)
class Wish:
    """Which items; None and "" are all."""

    collection: str | None = None
    kind: MediaKind | None = None
    job: int | None = None
    outcome: Outcome | None = None  # None: all but duplicates
    text: str = ""  # a part of the name, the title, the page or the address


@dataclass(frozen=True, slots=True)
class Shelf:
    """One collection in numbers."""

    name: str
    items: int  # that came
    bytes: int  # of all their versions, a file that two items share once
    failed: int  # items whose last try failed


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, the newest first."""

    items: list[Shelved]
    next: str | None  # where the next page begins; None: that was all
    kinds: Counter[MediaKind]  # of all that fit but for their kind
    shelves: list[Shelf]  # all collections, by name


class Library:
    """The collections below one folder. Blocks; may be used by several threads. What cannot be read is not there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._manifests: dict[str, Manifest] = {}
        self._shelved: list[Shelved] = []
        self._by_id: dict[str, Shelved] = {}
        self._shelves: list[Shelf] = []
        self._lock = threading.Lock()

    def page(self, wish: Wish, *, before: str | None = None, limit: int = 60) -> Page:
        """Items that fit, beginning behind `before`, which is `next` of another page.

        Raises:
            ValueError: `before` is no such place.
            NotWritable: the folder cannot be read.
        """
        place = _place(before) if before is not None else None
        with self._lock:
            self._refresh()
            shelved, shelves = self._shelved, self._shelves
        kinds: Counter[MediaKind] = Counter()
        items: list[Shelved] = []
        more = False
        for one in shelved:
            if not _fits(one, wish):
                continue
            kinds[one.kind] += one.record.best is not None
            if (wish.kind is None or (one.kind is wish.kind and one.record.best)) and (place is None or one.place < place):
                if len(items) < limit:
                    items.append(one)
                else:
                    more = True
        return Page(items, f"{items[-1].entry.at}-{items[-1].id}" if more else None, kinds, shelves)

    def find(self, collection: str, hash_: str) -> Shelved | None:
        """One item. Raises NotWritable."""
        with self._lock:
            self._refresh()
            return self._by_id.get(f"{collection}/{hash_}")

    def every(self, wish: Wish) -> list[Shelved]:
        """Everything that fits, newest first. Raises NotWritable."""
        with self._lock:
            self._refresh()
            shelved = self._shelved
        return [one for one in shelved if _fits(one, wish) and (wish.kind is None or one.kind is wish.kind)]

    def folder(self, collection: str) -> Path | None:
        """Of a collection; None when there is none of that name."""
        with self._lock:
            self._refresh()
            return self.root / collection if collection in self._manifests else None

    def file(self, collection: str, version: Version) -> Path | None:
        """Where the file of a version is; None: somebody has taken it away, or it leads out of the folder."""
        folder = self.root / collection
        try:
            path = (folder / version.file).resolve()
            return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
        except (OSError, ValueError):
            return None

    def _refresh(self) -> None:
        with said(self.root):
            try:
                names = {one.name for one in self.root.iterdir() if one.name[:1] != "." and (one / MANIFEST).is_file()}
            except FileNotFoundError:
                names = set()
            changed = bool(self._manifests.keys() - names)
            for gone in self._manifests.keys() - names:
                del self._manifests[gone]
            for name in sorted(names):
                manifest = self._manifests.setdefault(name, Manifest(self.root / name))
                changed |= manifest.refresh()
        if changed:
            self._shelved = sorted(_all(self._manifests), key=lambda one: one.place, reverse=True)
            self._by_id = {one.id: one for one in self._shelved}
            self._shelves = [_shelf(name, self._manifests[name]) for name in sorted(self._manifests)]


def _all(manifests: dict[str, Manifest]) -> Iterator[Shelved]:
    for name, manifest in manifests.items():
        for key, entry in manifest.entries.items():
            yield Shelved(name, key_hash(key), entry)


def _shelf(name: str, manifest: Manifest) -> Shelf:
    files: dict[str, int] = {}
    items = failed = 0
    for entry in manifest.entries.values():
        items += entry.record.best is not None and entry.outcome is not Outcome.DUPLICATE
        failed += entry.record.error is not None
        files |= {one.file: one.bytes for one in entry.record.versions}
    return Shelf(name, items, sum(files.values()), failed)


def _fits(one: Shelved, wish: Wish) -> bool:
    entry = one.entry
    if wish.collection is not None and one.collection != wish.collection:
        return False
    if wish.job is not None and entry.job != wish.job and all(version.job != wish.job for version in entry.record.versions):
        return False
    if wish.outcome is None:
        fits = entry.outcome is not Outcome.DUPLICATE
    elif wish.outcome is Outcome.FAILED:
        fits = entry.record.error is not None
    else:
        fits = entry.outcome is wish.outcome
    return fits and (not wish.text or wish.text.casefold() in _words(entry.record))


def _words(record: Record) -> str:
    best = record.best
    return " ".join((record.name, record.title or "", record.source_page, best.url if best else "")).casefold()


def _place(text: str) -> tuple[int, str]:
    at, dash, id_ = text.partition("-")
    if not dash or not at.isascii() or not at.isdigit():
        raise ValueError(f"{text[:80]!r} is not `next` of a page")
    return int(at), id_
