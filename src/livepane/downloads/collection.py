"""A folder of kept files with their manifest: what is there, what a new file is in it, and moves that survive any crash.

Every change is first a line of the manifest and then moves of files, under the folder's lock. What a process that died has
left half done is finished by the next one: everything that it needs stands in the last line. Nothing waits for the disk
itself (a file of 2 MB would for 50 ms): what a power cut takes are files of the last seconds, which `find` sees by their size.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from livepane.downloads.better import comparable, judged
from livepane.downloads.errors import Busy, is_full, said
from livepane.downloads.folder import made, sha256
from livepane.downloads.lock import locked, locked_at_once
from livepane.downloads.manifest import OLDER, Deleted, Entry, Failed, Gone, Kept, Line, Manifest, Seen, written
from livepane.downloads.names import clean, of_url, safe_name, same_name
from livepane.downloads.record import Candidate, Facts, Missed, Outcome, Record, Version, Wanted
from livepane.downloads.similar import similarity
from livepane.downloads.texts import LONGEST_TEXT, noted, optional, text

PARTS = ".parts"  # folder of what is unfinished
LOCK = ".lock"


class Collection:
    """One folder. May be used by several threads and processes at once; everything here blocks, so call it in a thread."""

    def __init__(self, folder: Path, *, keep_older: bool = True) -> None:
        self.folder = folder
        self._keep_older = keep_older
        self._manifest = Manifest(folder)
        self._thread_lock = threading.RLock()
        self._mode = 0o666

    @classmethod
    def open(cls, folder: Path, *, keep_older: bool = True) -> Collection:
        """The collection in that folder, which is made when there is none.

        Args:
            folder: made in a private one it is private, too, with all that is in it.
            keep_older: versions that a better one replaces stay, to be compared.

        Raises:
            NotWritable, NoRoom
        """
        found = cls(folder, keep_older=keep_older)
        with said(folder):
            private = made(folder)
            found._mode = 0o600 if private else 0o666
            for name in (PARTS, OLDER):
                (folder / name).mkdir(0o700 if private else 0o777, exist_ok=True)
        with found._changing():
            pass
        return found

    @property
    def file_mode(self) -> int:
        """What files are to be opened with: of its owner alone in a private folder."""
        return self._mode

    def find(self, key: str) -> Record | None:
        """The item of that key. A version whose file is gone, or is cut, is not among its versions. Raises NotWritable."""
        entry = self._entry(text(key))
        return entry.record if entry else None

    def having(self, sha256: str) -> Record | None:
        """An item whose best file has that content, and is there. Raises NotWritable."""
        with self._reading():
            found = self._manifest.having(sha256)
            return found if found and found.best and self._is_there(found.best) else None

    def records(self) -> list[Record]:
        """Every item, the one that changed last first. Raises NotWritable."""
        return [entry.record for entry in self.entries()]

    def entries(self) -> list[Entry]:
        """The same, with how it went. Raises NotWritable."""
        with self._reading():
            return list(reversed(self._manifest.entries.values()))

    def path(self, version: Version) -> Path:
        """Where the file of a version is."""
        return self.folder / version.file

    def part(self, key: str) -> Path:
        """Where the unfinished file of an item goes; its side-car has the suffix .json instead of .part."""
        return self.folder / PARTS / f"{key_hash(key)}.part"

    @contextmanager
    def claim(self, key: str) -> Iterator[Path]:
        """`part`, for nobody else while the block runs.

        Raises:
            Busy: somebody else fetches it now.
            NotWritable, NoRoom
        """
        part = self.part(key)
        with ExitStack() as stack:
            with said(self.folder):
                mine = stack.enter_context(locked_at_once(part.with_suffix(".lock"), mode=self._mode))
            if not mine:
                raise Busy("another job fetches the same item into the same folder just now")
            yield part

    def add(
        self,
        wanted: Wanted,
        candidate: Candidate,
        part: Path,
        facts: Facts,
        job: int | None,
        better_failed: Missed | None = None,
    ) -> tuple[Outcome, Record]:
        """Take in a file that has come whole; the part is gone then, whatever the outcome. `better_failed`: to be noted.

        NEW: the first of its item, or another picture than the last time at the very address of the last.
        UPGRADED: the same picture with more pixels, or as many and more bytes; or a video where a picture was.
        SAME: one that we have, or had; one that is not better; another picture at another address.
        DUPLICATE: its content is that of another item: this one shares its file.

        Raises:
            NotWritable, NoRoom: nothing has changed; the part may be there still.
        """
        key = text(wanted.key)
        with said(self.folder):
            own = self.part(key)
            if part != own:
                part.replace(own)
            if self._mode == 0o600:
                own.chmod(self._mode)
        before = self.find(key)
        figure = self._similarity(before, own, facts)
        with self._changing():
            now = self._entry(key)
            if now and (before is None or now.record.best != before.best):  # somebody else was faster
                before, figure = now.record, self._similarity(now.record, own, facts)
            outcome = judged(before, candidate, facts, figure)
            if outcome is None:
                return Outcome.SAME, self._stay(key, own, text(candidate.url), better_failed)
            line = Kept(
                key=key,
                at=_now(),
                source_page=text(wanted.source_page),
                title=optional(wanted.title),
                job=job,
                outcome=outcome,
                file="-",
                url=text(candidate.url),
                rule=text(candidate.rule),
                bytes=facts.bytes,
                sha256=facts.sha256,
                media_type=facts.media_type,
                width=facts.width,
                height=facts.height,
                etag=optional(facts.etag),
                similarity=figure,
                better_failed=noted(better_failed),
            )
            twin = self.having(facts.sha256)
            if twin is not None and twin.best is not None:
                line = line.model_copy(update={"outcome": Outcome.DUPLICATE, "file": twin.best.file, "similarity": None})
            else:
                line = line.model_copy(update=self._places(before, wanted, candidate, facts))
            self._write(line)
            self._finish(line)
            return line.outcome, self._manifest.entries[key].record

    def same(self, wanted: Wanted, better_failed: Missed | None = None) -> Record | None:
        """There is nothing better to be had than what is there: an earlier error does not count any more."""
        with self._changing():
            entry = self._entry(text(wanted.key))
            return None if entry is None else self._stay(entry.record.key, better_failed=better_failed)

    def fail(self, wanted: Wanted, error: str, job: int | None = None) -> Record:
        """It did not come. `error`: "code: sentence". Raises NotWritable, NoRoom."""
        key = text(wanted.key)
        with self._changing():
            line = Failed(
                key=key,
                at=_now(),
                source_page=text(wanted.source_page),
                title=optional(wanted.title),
                name=clean(wanted.name or of_url(next((one.url for one in wanted.candidates), ""))) or None,
                job=job,
                error=text(error)[:LONGEST_TEXT],
            )
            self._write(line)
            return self._manifest.entries[key].record

    def delete(self, key: str) -> bool:
        """Forget an item, and delete its files unless another item shares them; whether there was one.

        A later run finds it new, and fetches it again.

        Raises:
            NotWritable, NoRoom
        """
        with self._changing():
            entry = self._manifest.entries.get(text(key))
            if entry is None:
                return False
            versions = [one for one in entry.record.versions if len(self._manifest.users[one.file]) == 1]
            line = Deleted(key=entry.record.key, at=_now(), files=tuple(Gone(file=one.file, bytes=one.bytes) for one in versions))
            try:
                self._write(line)
            except OSError as error:
                if not versions or not is_full(error):
                    raise
                for one in versions:  # on a full disk there is room for the line only then
                    self.path(one).unlink(missing_ok=True)
                self._write(line)
            self._finish(line)
            return True

    # --- what a new file is ---------------------------------------------------------------------------

    def _similarity(self, before: Record | None, part: Path, facts: Facts) -> float | None:
        best = before.best if before else None
        if best is None or facts.sha256 == best.sha256 or not comparable(best.media_type, facts.media_type):
            return None
        with said(self.folder):
            return similarity(self.path(best), part)

    def _places(self, before: Record | None, wanted: Wanted, candidate: Candidate, facts: Facts) -> dict[str, str | None]:
        """Names: of the new file, and where that of the version before goes."""
        best = before.best if before else None
        known = self._manifest.entries.get(text(wanted.key))
        broken = known.record.best if known and known.record.best != best else None  # gone, or cut: the new one takes its place
        old = broken or best
        alone = old is not None and len(self._manifest.users.get(old.file, ())) == 1
        free = same_name(old.file) if old is not None and alone else None

        def is_taken(name: str) -> bool:
            if same_name(name) == free:
                return False
            if self._manifest.names[same_name(name)] > 0:
                return True
            return (self.folder / name).exists() and not self._is_stray(name, facts)

        file = safe_name(wanted.name, candidate.url, facts.media_type, taken=is_taken)
        if old is None or not alone or old.file.startswith(OLDER):
            return {"file": file}
        if best is None or broken or not self._keep_older:
            return {"file": file, "replaced": old.file}

        def is_older(name: str) -> bool:
            return self._manifest.names[same_name(f"{OLDER}/{name}")] > 0 or (self.folder / OLDER / name).exists()

        to = safe_name(old.file, old.url, old.media_type, taken=is_older)
        return {"file": file, "replaced": old.file, "moved_to": f"{OLDER}/{to}"}

    def _is_stray(self, name: str, facts: Facts) -> bool:
        """Whether the very same content lies there without a line: a power cut, or somebody, took the line away."""
        path = self.folder / name
        if name in self._manifest.users or not path.is_file() or path.stat().st_size != facts.bytes:
            return False
        return sha256(path) == facts.sha256

    def _stay(
        self, key: str, part: Path | None = None, declined: str | None = None, better_failed: Missed | None = None
    ) -> Record:
        if part is not None:
            self._clear(part)
        record = self._manifest.entries[key].record
        if declined in record.declined or any(version.url == declined for version in record.versions):
            declined = None
        better_failed = noted(better_failed)
        if record.error is not None or declined is not None or record.better_failed != better_failed:
            page, title = record.source_page, record.title
            self._write(Seen(key=key, at=_now(), source_page=page, title=title, better_failed=better_failed, declined=declined))
        return self._manifest.entries[key].record

    # --- changes --------------------------------------------------------------------------------------

    def _entry(self, key: str) -> Entry | None:
        with self._reading():
            entry = self._manifest.entries.get(key)
            if entry is None:
                return None
            there = tuple(one for one in entry.record.versions if self._is_there(one))
            return entry if there == entry.record.versions else replace(entry, record=replace(entry.record, versions=there))

    def _is_there(self, version: Version) -> bool:
        try:
            return self.path(version).stat().st_size == version.bytes
        except FileNotFoundError:
            return False

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._thread_lock, said(self.folder):
            self._manifest.refresh()
            yield

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._thread_lock, said(self.folder), locked(self.folder / LOCK, mode=self._mode):
            new = self._manifest.refresh()
            self._mend()
            if (self._manifest.refresh() or new) and self._manifest.last is not None:
                self._recover(self._manifest.last)
            yield

    def _write(self, line: Line) -> None:
        whole = self._manifest.read
        with self._manifest_file() as file:
            try:
                left = memoryview(written(line))
                while left:
                    left = left[os.write(file, left) :]
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file, whole)
                raise
        self._manifest.refresh()

    def _mend(self) -> None:
        """Somebody died in the middle of a line, or wrote one by hand without an end: what says nothing is cut off."""
        path, whole = self._manifest.path, self._manifest.read
        if not path.exists() or path.stat().st_size == whole:
            return
        with self._manifest_file() as file:
            if self._manifest.is_line(path.read_bytes()[whole:]):
                os.write(file, b"\n")
            else:
                os.ftruncate(file, whole)

    @contextmanager
    def _manifest_file(self) -> Iterator[int]:
        file = os.open(self._manifest.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, self._mode)
        try:
            yield file
        finally:
            os.close(file)

    def _recover(self, line: Line) -> None:
        """Whoever wrote this line has done what it says, or has died: nobody else holds the lock."""
        if isinstance(line, Deleted):
            self._finish(line)
        elif isinstance(line, Kept):
            part = self.part(line.key)
            if part.is_file() and part.stat().st_size == line.bytes and sha256(part) == line.sha256:
                self._finish(line)

    def _finish(self, line: Kept | Deleted) -> None:
        """Do with the files what the line says. May be done twice."""
        if isinstance(line, Deleted):
            for gone in line.files:
                path = self.folder / gone.file
                if gone.file not in self._manifest.users and path.is_file() and path.stat().st_size == gone.bytes:
                    path.unlink()
            self._clear(self.part(line.key))
            return
        part, target = self.part(line.key), self.folder / line.file
        if line.outcome is not Outcome.DUPLICATE:
            if line.replaced is not None:
                before = self.folder / line.replaced
                if line.moved_to is None:
                    before.unlink(missing_ok=True)
                elif before.is_file() and not (older := self.folder / line.moved_to).exists():
                    before.rename(older)
            if not target.exists():
                part.rename(target)
        self._clear(part)

    def _clear(self, part: Path) -> None:
        for path in (part, part.with_suffix(".json")):
            path.unlink(missing_ok=True)


@lru_cache(maxsize=100_000)
def key_hash(key: str) -> str:
    """What an item is called where its key does not fit: 16 hex digits."""
    return hashlib.sha256(text(key).encode()).hexdigest()[:16]


def _now() -> int:
    return time.time_ns() // 1_000_000
