"""What a folder's manifest says: an index of its lines, kept up to date as they are added, by whomever."""

from __future__ import annotations

import logging
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from livepane.downloads.names import same_name
from livepane.downloads.record import Missed, Outcome, Record, Version

log = logging.getLogger(__name__)

MANIFEST = "manifest.jsonl"
OLDER = ".older"  # folder of the versions that a better one replaced
LONGEST_LINE = 2**20  # bytes


def _below(file: str) -> str:
    """A manifest may come from somebody else: it names files of its own folder, and none else."""
    parts = file.split("/")
    if len(parts) > 2 or (len(parts) == 2 and parts[0] != OLDER) or "\\" in file or "\0" in file or parts[-1][:1] in ("", "."):
        raise ValueError("is no file of this folder")
    return file


File = Annotated[str, AfterValidator(_below)]


class _Line(BaseModel):
    """What every line has. A name that this version does not know is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    at: int  # ms since the Unix epoch


class _Item(_Line):
    source_page: str
    title: str | None = None
    job: int | None = None


class Kept(_Item):
    """A file was kept, or is the same as that of another item."""

    event: Literal["kept"] = "kept"
    outcome: Outcome
    file: File
    url: str
    rule: str
    bytes: int
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]  # these two go into headers of answers
    media_type: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+$")]
    width: int | None = None
    height: int | None = None
    etag: str | None = None
    similarity: float | None = None
    better_failed: Missed | None = None
    replaced: File | None = None  # the file of the version before, which went …
    moved_to: File | None = None  # … here; None: it was deleted


class Failed(_Item):
    """It did not come."""

    event: Literal["failed"] = "failed"
    name: str | None = None  # what it would have been called
    error: str


class Seen(_Item):
    """There is nothing better than what is there, and nothing is wrong any more."""

    event: Literal["seen"] = "seen"
    better_failed: Missed | None = None  # but this, which could not be had
    declined: str | None = None  # the address of a file that came and was no better


class Gone(BaseModel):
    """A file that was deleted with its item."""

    file: File
    bytes: int


class Deleted(_Line):
    """Somebody deleted the item."""

    event: Literal["deleted"] = "deleted"
    files: tuple[Gone, ...] = ()


Line = Kept | Failed | Seen | Deleted
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="event")])


def written(line: Line) -> bytes:
    """A line as it is in the file."""
    return line.model_dump_json(exclude_none=True).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with what the newest line about it says."""

    record: Record
    outcome: Outcome
    at: int  # ms since the Unix epoch
    job: int | None


class Manifest:
    """The items of one folder. Reads what is new when it is asked to; not safe to be used by two threads at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / MANIFEST
        self.last: Line | None = None  # of those that were read
        self._forget()

    def _forget(self) -> None:
        self.entries: dict[str, Entry] = {}  # by key, the one that changed last at the end
        self.users: dict[str, set[str]] = {}  # keys by file: a duplicate shares one
        self.names: Counter[str] = Counter()  # `same_name` of those files
        self._shas: dict[str, set[str]] = {}  # keys by the content of their best version
        self._read = 0  # bytes
        self._file: tuple[int, int] | None = None

    def refresh(self) -> bool:
        """Take in the lines that were added; whether there were any. Raises OSError."""
        try:
            with self.path.open("rb") as file:
                stat = os.fstat(file.fileno())
                if self._file != (stat.st_dev, stat.st_ino) or stat.st_size < self._read:
                    self._forget()  # another file, or somebody cut it
                    self._file = (stat.st_dev, stat.st_ino)
                if stat.st_size == self._read:
                    return False
                file.seek(self._read)
                data = file.read(stat.st_size - self._read)
        except FileNotFoundError:
            self._forget()
            return False
        whole = data[: data.rfind(b"\n") + 1]  # a last line without an end is still being written, or never will be
        for line in whole.splitlines():
            self.take(line)
        self._read += len(whole)
        return bool(whole)

    @property
    def read(self) -> int:
        """Bytes of the file that were understood: whole lines."""
        return self._read

    @staticmethod
    def is_line(data: bytes) -> bool:
        """Whether these bytes are a whole line that says something."""
        try:
            _LINE.validate_json(data)
        except ValidationError:
            return False
        return True

    def take(self, data: bytes) -> None:
        """One line. What cannot be read is left out: every other line still counts."""
        try:
            line = _LINE.validate_json(data)
        except ValidationError as error:
            if data.strip():
                log.warning("%s has a line that says nothing to us: %s", self.path, error.errors()[0]["msg"])
            return
        self.apply(line)

    def having(self, sha256: str) -> Record | None:
        """An item whose best version has that content."""
        keys = self._shas.get(sha256)
        return self.entries[next(iter(keys))].record if keys else None

    def apply(self, line: Line) -> None:
        """What a line changes."""
        self.last = line
        before = self.entries.get(line.key)
        if isinstance(line, Kept):
            if line.replaced is not None:
                self._move(line.replaced, line.moved_to)
                before = self.entries.get(line.key)
            versions = before.record.versions if before else ()
            name = line.file.rpartition("/")[2]
            declined = before.record.declined if before else frozenset[str]()
            every = (*versions, _version(line))
            record = Record(
                line.key, name, line.title, line.source_page, every, better_failed=line.better_failed, declined=declined
            )
            self._put(Entry(record, line.outcome, line.at, line.job))
        elif isinstance(line, Failed):
            record = (
                before.record
                if before
                else Record(line.key, line.name or line.title or line.key, line.title, line.source_page, ())
            )
            outcome = before.outcome if before and record.versions else Outcome.FAILED
            self._put(Entry(replace(record, error=line.error), outcome, line.at, line.job))
        elif isinstance(line, Seen):
            if before is not None:
                declined = before.record.declined | ({line.declined} if line.declined else set())
                record = replace(before.record, error=None, better_failed=line.better_failed, declined=declined)
                self._put(replace(before, record=record))
        else:
            self._drop(line.key)
            for gone in before.record.versions if before else ():
                self._inherit(gone.file)

    def _inherit(self, file: str) -> None:
        """Of duplicates that are left alone the first is one no more."""
        keys = [key for key in self.entries if key in self.users.get(file, ())] if file in self.users else []
        if keys and all(self.entries[key].outcome is Outcome.DUPLICATE for key in keys):
            self.entries[keys[0]] = replace(self.entries[keys[0]], outcome=Outcome.NEW)

    def _put(self, entry: Entry) -> None:
        self._drop(entry.record.key)
        self._take_in(entry)

    def _take_in(self, entry: Entry) -> None:
        key = entry.record.key
        self.entries[key] = entry
        for version in entry.record.versions:
            if version.file not in self.users:
                self.names[same_name(version.file)] += 1
            self.users.setdefault(version.file, set()).add(key)
        if entry.record.best is not None:
            self._shas.setdefault(entry.record.best.sha256, set()).add(key)

    def _drop(self, key: str) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self._take_out(entry)

    def _take_out(self, entry: Entry) -> None:
        key = entry.record.key
        for file in {version.file for version in entry.record.versions}:
            if _discard(self.users, file, key):
                self.names[same_name(file)] -= 1
        if entry.record.best is not None:
            _discard(self._shas, entry.record.best.sha256, key)

    def _move(self, file: str, to: str | None) -> None:
        for key in list(self.users.get(file, ())):
            entry = self.entries[key]
            versions = tuple(
                replace(one, file=to) if to is not None and one.file == file else one
                for one in entry.record.versions
                if to is not None or one.file != file
            )
            self._take_out(entry)
            self._take_in(replace(entry, record=replace(entry.record, versions=versions)))  # its place among the others stays


def _discard(index: dict[str, set[str]], name: str, key: str) -> bool:
    """Whether nobody is left."""
    keys = index.get(name)
    if keys is None:
        return False
    keys.discard(key)
    if not keys:
        del index[name]
    return not keys


def _version(line: Kept) -> Version:
    return Version(
        file=line.file,
        url=line.url,
        rule=line.rule,
        bytes=line.bytes,
        sha256=line.sha256,
        media_type=line.media_type,
        width=line.width,
        height=line.height,
        etag=line.etag,
        at=line.at,
        job=line.job,
        similarity=line.similarity,
    )
