"""One file, from its address into an unfinished file of a collection: gone on with after a break, and checked as it comes."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit

from livepane.downloads.errors import NoRoom
from livepane.downloads.record import Candidate, Facts, Version
from livepane.downloads.sniff import ENOUGH, BadFile, media_type, what_else
from livepane.downloads.transfer import Cut, Part, Unfit
from livepane.egress.errors import Broken
from livepane.jobs.file_threads import FileThreads
from livepane.jobs.transfers import Transfer
from livepane.scrapers.contract import Fetch, ScrapeError, Streamed
from livepane.scrapers.files import check_file

FLUSH = 2**19  # bytes that are written at once: so much is lost when the process is killed
FLUSH_SECONDS = 1.0  # or what has come in so long
STUCK = 3  # tries in which nothing more came
TRIES = 20  # in all, of one address
MUTE = 3  # files of a folder of a host in a row that did not answer in time: those after them are asked for once
FIRST_PAUSE = 0.5  # s before the second try; twice as long before each that follows


class Unchanged(Exception):
    """The address has the very file that is kept already: same path, same ETag, same length."""


class Spent(ScrapeError):
    """The run's limit is reached: nothing more is kept."""


@dataclass(slots=True)
class Room:
    """How much more may be written, by all files of a run together."""

    folder: Path
    free: int  # bytes that are left to others
    most: int  # bytes of the run
    most_of_one: int
    received: int = 0  # in this run
    _promised: dict[Part, int] = field(default_factory=dict)  # bytes that are still to come, by file
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, part: Part, count: int = 0) -> None:
        """After `count` more bytes, is there room for the whole of it? Blocks.

        Raises:
            ScrapeError: budget.
            Spent: by all files of the run together.
            NoRoom
        """
        size = part.total if part.total is not None else part.received
        if size > self.most_of_one:
            raise ScrapeError("budget", f"it has {_said(size)}, and files of up to {_said(self.most_of_one)} are kept")
        mine = max(0, size - part.received)
        with self._lock:
            self.received += count
            self._promised[part] = mine
            promised = sum(self._promised.values())
        if self.received + promised > self.most:
            raise Spent("budget", f"with it the job would fetch more than {_said(self.most)}, which is its limit")
        left = disk_usage(self.folder).free - promised
        if left < self.free:
            raise NoRoom(
                f"there is no room for it in {str(self.folder)!r}: it takes {_said(mine)} more, "
                f"{_said(max(0, left + mine))} are free, and {_said(self.free)} have to stay free"
            )

    def ended(self, part: Part) -> None:
        """No more of it comes for now."""
        with self._lock:
            self._promised.pop(part, None)

    def none(self) -> bool:
        """Whether nothing more can be kept at all. Blocks."""
        return disk_usage(self.folder).free <= self.free


@dataclass(slots=True)
class Fetching:
    """Where a run's files come from."""

    http: Callable[[], Fetch]
    room: Room
    threads: FileThreads
    places: asyncio.Semaphore  # files that are fetched at once; while one is checked and moved, the next one comes
    spent: Callable[[], ScrapeError | None] = lambda: None  # why nothing more is fetched by this job
    _mute: Counter[str] = field(default_factory=Counter)  # folder of a host → files in a row that did not answer in time

    async def fetch(
        self,
        candidate: Candidate,
        part: Part,
        headers: Mapping[str, str],
        best: Version | None,
        shown: Transfer,
        *,
        fresh: bool = False,
    ) -> Facts:
        """The file, whole and checked.

        Args:
            best: what is kept of the item; not fetched again.
            fresh: there is nothing to go on with.

        Raises:
            ScrapeError, DownloadsError, OSError, Unchanged
        """
        if candidate.body is not None:
            try:
                return await self.threads.do(self._given, candidate.url, candidate.body, part)
            finally:
                self.room.ended(part)
        stuck = anew = 0
        folder = candidate.url.partition("?")[0].rpartition("/")[0]
        for number in range(TRIES):
            asked = await self.threads.do(part.resume, candidate.url) if number or not fresh else {}
            if part.whole:
                return await self.threads.do(part.finish)
            before = part.received
            try:
                facts = await self._once(candidate, part, {**headers, **asked}, best, shown)
                del self._mute[folder]
                return facts
            except Unfit:
                anew += 1
                error = ScrapeError("http", "the server sends parts that do not fit each other", retry=True)
            except Cut:
                error = _cut(part)
            except ScrapeError as trouble:
                if not trouble.retry or trouble.code == "robots_disallowed" or self.spent() is not None:
                    raise
                error = _cut(part) if isinstance(trouble, Broken) and part.received else trouble
                self._mute[folder] += trouble.code == "timeout" and part.received == before
            finally:
                self.room.ended(part)
            stuck = 0 if part.received > before else stuck + 1
            if stuck >= STUCK or anew > 1 or (stuck and self._mute[folder] >= MUTE):
                break
            if not anew:
                await asyncio.sleep(FIRST_PAUSE * 2 ** min(stuck, 4) * random.uniform(0.8, 1.2))  # noqa: S311  nobody gains by it
        raise error

    async def _once(
        self, candidate: Candidate, part: Part, headers: Mapping[str, str], best: Version | None, shown: Transfer
    ) -> Facts:
        async with self.places, self.http().stream(candidate.url, headers=headers) as answer:
            check_file(answer, 416)  # there is no more of it than we have
            if best is not None and _same(candidate.url, answer, best):
                raise Unchanged
            await self.threads.do(self._begin, candidate.url, part, answer)
            shown.begin(part.received, part.total)
            pieces, waiting, known, written = [], 0, part.received > 0, time.monotonic()
            try:
                async for piece in answer.pieces:
                    pieces.append(piece)
                    waiting += len(piece)
                    shown.moved(len(piece))
                    if not known and waiting >= ENOUGH:
                        _look(pieces)
                        known = True
                    if waiting >= FLUSH or time.monotonic() - written > FLUSH_SECONDS:
                        full, size = pieces, waiting
                        pieces, waiting, written = [], 0, time.monotonic()
                        await self.threads.do(self._write, part, full, size)
            except (ScrapeError, asyncio.CancelledError):
                if known:  # what has come need not come again
                    await self.threads.do(part.write, pieces)
                raise
        return await self.threads.do(self._end, part, pieces, waiting)

    def _given(self, url: str, body: bytes, part: Part) -> Facts:
        part.begin(url, 200, {"content-length": str(len(body))})
        self.room.check(part)
        return self._end(part, [body], len(body))

    def _begin(self, url: str, part: Part, answer: Streamed) -> None:
        part.begin(url, answer.status, answer.headers)
        self.room.check(part)

    def _write(self, part: Part, pieces: list[bytes], count: int) -> None:
        part.write(pieces)
        self.room.check(part, count)

    def _end(self, part: Part, pieces: list[bytes], count: int) -> Facts:
        part.write(pieces)
        self.room.check(part, count)
        return part.finish()


def _look(pieces: list[bytes]) -> None:
    """Before much of it has come: a picture?"""
    head = b"".join(pieces)[:ENOUGH]
    if not head.startswith(b"\x1f\x8b") and media_type(head) is None:
        raise BadFile(f"what came is {what_else(head)}, and no picture, video or sound")


def _same(url: str, answer: Streamed, best: Version) -> bool:
    """Addresses with tickets in them change from day to day; what lies there does not."""
    etag = answer.headers.get("etag")
    old, new = urlsplit(best.url), urlsplit(url)
    return bool(etag) and etag == best.etag and answer.length == best.bytes and (old.netloc, old.path) == (new.netloc, new.path)


def _cut(part: Part) -> ScrapeError:
    promised = f" of {part.total:,}" if part.total is not None else ""
    return ScrapeError("bad_file", f"it breaks off after {part.received:,}{promised} bytes", retry=True)


def _said(count: int) -> str:
    """Bytes, for people."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count:,} bytes"
