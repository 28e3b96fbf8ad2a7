"""Keeps what a run wants: some files at a time, each into the run's collection, and a result for every one of them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import unquote, urlsplit

from livepane.deadline import within
from livepane.downloads.collection import Collection
from livepane.downloads.errors import Busy, DownloadsError, NoRoom, NotWritable, disk_error
from livepane.downloads.names import clean
from livepane.downloads.record import Candidate, Facts, Missed, Outcome, Record, Version, Wanted
from livepane.downloads.sniff import BadFile
from livepane.downloads.transfer import Part
from livepane.jobs.fetching import Fetching, Room, Spent, Unchanged
from livepane.jobs.file_threads import FileThreads
from livepane.jobs.results import result
from livepane.jobs.transfers import Transfers
from livepane.scrapers.contract import Fetch, Item, ScrapeError

log = logging.getLogger(__name__)

BESIDE = 2  # items that are checked and moved while as many as may be are fetched
AHEAD = 2  # times as many items as are fetched at once may wait
BUSY_PATIENCE = 60.0  # s that another job may take for the same item
LONGEST_NAME = 80  # characters of a file's name on the board


@dataclass(frozen=True, slots=True)
class Keeping:
    """What users have settled about what one job may download."""

    max_items: int = 10_000
    max_bytes: int = 50 * 2**30
    max_file_bytes: int = 4 * 2**30
    max_seconds: float = 6 * 3600
    free_bytes: int = 2**30
    at_once: int = 6
    upgrade: bool = True
    keep_older: bool = True

    @classmethod
    def of(cls, settled: Mapping[str, Any], options: Mapping[str, Any]) -> Self:
        """The settings, and what a job asks for itself: not to look for better versions of what is there."""
        keeping = cls(**settled)
        wish = options.get("upgrade")
        return replace(keeping, upgrade=keeping.upgrade and wish) if isinstance(wish, bool) else keeping


class Voice(Protocol):
    """What a keeper tells the run."""

    def say(self, action: str, *, progress: float | None = None, selector: str | None = None) -> None:
        """What is done now."""
        ...

    def report(self, **facts: Any) -> None:
        """Facts for the summary."""
        ...


class JobKeeper:
    """`Keeper` of `scrapers/contract.py`. `async with`: what is under way at the end of the block is left for a later run."""

    def __init__(
        self,
        folder: Path,
        name: str,
        keeping: Keeping,
        *,
        http: Callable[[], Fetch],
        voice: Voice,
        transfers: Transfers,
        job: int,
        numbered: bool = True,
        spent: Callable[[], ScrapeError | None] = lambda: None,
    ) -> None:
        """`name`: of the collection, as results call it; `numbered`: whether the manifest names the job, by whose number a server
        knows it; `spent`: why the job fetches nothing more.
        """
        self._folder, self._name, self._keeping, self._job = folder, name, keeping, job
        self._noted_job = job if numbered else None
        self._voice, self._transfers, self._spent = voice, transfers, spent
        self._room = Room(folder, keeping.free_bytes, keeping.max_bytes, keeping.max_file_bytes)
        self._threads = FileThreads(keeping.at_once)
        self._fetching = Fetching(http, self._room, self._threads, asyncio.Semaphore(keeping.at_once), spent)
        self._collection: Collection | None = None
        self._queue: deque[Wanted] = deque()
        self._keys: set[str] = set()
        self._workers: set[asyncio.Task[None]] = set()
        self._done: deque[Item] = deque()
        self._news = asyncio.Event()
        self._under_way = self._begun = self._ended = 0
        self._counts: Counter[str] = Counter()
        self._closed = False
        self._until = 0.0
        self._full: ScrapeError | None = None  # why no more items are taken on
        self._stop: ScrapeError | None = None  # why nothing more can be kept, of those that were taken on either

    async def __aenter__(self) -> Self:
        """Open the collection.

        Raises:
            ScrapeError: disk.
        """
        try:
            self._collection = await self._threads.do(Collection.open, self._folder, keep_older=self._keeping.keep_older)
        except DownloadsError as error:
            self._threads.close()
            raise ScrapeError(error.code, error.message) from None
        self._until = asyncio.get_running_loop().time() + self._keeping.max_seconds
        self._voice.report(collection=self._name)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop. What has come of unfinished files stays, to be gone on with."""
        self._closed = True
        self._queue.clear()
        for task in self._workers:
            task.cancel()
        if self._workers:
            await asyncio.wait(self._workers)
        self._threads.close()
        if self._counts:
            self._voice.report(files=dict(self._counts), file_bytes=self._room.received)

    def want(self, wanted: Wanted) -> None:
        """Take an item on. One whose key was wanted before in this run is none."""
        if wanted.key in self._keys or self._closed:
            return
        if len(self._keys) >= self._keeping.max_items:
            self._full = ScrapeError(
                "budget", f"there are more than {self._keeping.max_items:,} items, which is the limit of a job"
            )
            return
        self._keys.add(wanted.key)
        self._under_way += 1
        self._queue.append(wanted)
        if len(self._workers) < self._keeping.at_once + BESIDE:
            task = asyncio.get_running_loop().create_task(self._work(), name=f"files of job {self._job}")
            self._workers.add(task)
            task.add_done_callback(self._workers.discard)

    async def kept(self, key: str) -> str | None:
        """Where what is kept of an item came from; None: nothing is, or the last run could not have a better one of it."""
        assert self._collection is not None  # noqa: S101
        try:
            record = await self._threads.do(self._collection.find, key)
        except DownloadsError as error:
            raise ScrapeError(error.code, error.message) from None
        return record.best.url if record is not None and record.best is not None and record.better_failed is None else None

    async def room(self) -> None:
        """Wait until few enough items are under way.

        Raises:
            ScrapeError: disk, budget.
        """
        while self._under_way >= AHEAD * self._keeping.at_once and not (self._stop or self._full):
            await self._told()
        if error := self._stop or self._full:
            raise error

    def ready(self) -> list[Item]:
        """The results that are there by now."""
        found = list(self._done)
        self._done.clear()
        return found

    async def results(self) -> AsyncIterator[Item]:
        """What became of every item.

        Raises:
            ScrapeError: disk, budget: after the last result.
        """
        while self._done or self._under_way:
            if not self._done:
                await self._told()
            while self._done:
                yield self._done.popleft()
        if error := self._stop or self._full:
            raise error

    async def _told(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _work(self) -> None:
        """One file after the other."""
        while self._queue:
            item = await self._result(self._queue.popleft())
            self._ended += 1
            self._under_way -= 1
            self._counts[item["outcome"]] += 1
            self._done.append(item)
            self._news.set()

    # --- one item -------------------------------------------------------------------------------

    async def _result(self, wanted: Wanted) -> Item:
        """What became of it; whatever went wrong is its own affair."""
        try:
            loop = asyncio.get_running_loop()
            try:
                async with within(max(0.0, self._until - loop.time())):
                    outcome, record = await self._keep(wanted)
                return result(wanted, outcome, record, self._name)
            except TimeoutError:
                self._stop = ScrapeError("budget", f"files were fetched for {self._keeping.max_seconds:g} s, which is the limit")
                raise self._stop from None
        except ScrapeError as error:
            if error.code == "budget":
                self._stop = self._stop or self._spent() or (error if isinstance(error, Spent) else None)
            return await self._failed(wanted, error.code, error.message)
        except DownloadsError as error:
            if isinstance(error, NotWritable) or (isinstance(error, NoRoom) and await self._threads.do(self._room.none)):
                self._stop = self._stop or ScrapeError(error.code, error.message)
            return await self._failed(wanted, error.code, error.message)
        except Exception as error:
            log.exception("job %d could not keep %s", self._job, wanted.key)
            return await self._failed(wanted, "failed", f"{type(error).__name__}: {error}")

    async def _failed(self, wanted: Wanted, code: str, message: str) -> Item:
        assert self._collection is not None  # noqa: S101
        record = None
        try:
            record = await self._threads.do(self._collection.fail, wanted, f"{code}: {message}", self._noted_job)
        except DownloadsError as error:  # the manifest cannot be written either; the result is told all the same
            log.debug("%s", error)
        except Exception:
            log.exception("job %d could not note that %s failed", self._job, wanted.key)
        return result(wanted, Outcome.FAILED, record, self._name, {"code": code, "message": message})

    async def _keep(self, wanted: Wanted) -> tuple[Outcome, Record]:
        claim = await self._claim(wanted)
        record = claim.record
        self._begun += 1
        try:
            best = record.best if record is not None else None
            candidates = self._promising(wanted, record)
            if record is not None and best is not None and not candidates:
                missed = None if self._keeping.upgrade else record.better_failed
                return Outcome.SAME, await self._threads.do(self._there, wanted, record, missed)
            if self._stop is not None:
                raise self._stop
            progress = self._ended / len(self._keys)
            self._voice.say(f"Downloading item {self._begun}/{len(self._keys)}", progress=progress, selector=wanted.where())
            return await self._first_good(wanted, candidates, claim)
        finally:
            if claim.held:
                await self._threads.do(claim.release)

    async def _first_good(self, wanted: Wanted, candidates: list[Candidate], claim: _Claim) -> tuple[Outcome, Record]:
        """Try the candidates in their order. A worse one that comes counts for more than a better one that does not."""
        assert self._collection is not None  # noqa: S101
        first: ScrapeError | DownloadsError | None = None
        lost: Candidate | None = None  # the first of those that promised more than the one that comes
        path, record = claim.path, claim.record
        best = record.best if record is not None else None
        for candidate in candidates:
            if candidate.missed is not None:
                first = first or ScrapeError(candidate.missed.code, candidate.missed.message)
                lost = lost or candidate
                continue
            part = Part(path, mode=self._collection.file_mode)
            try:
                with self._transfers.one(self._job, _shown(wanted, candidate)) as shown:
                    facts = await self._fetching.fetch(candidate, part, wanted.headers, best, shown, fresh=claim.fresh)
                part.close()
                return await self._threads.do(self._add, wanted, candidate, facts, claim, _missed(lost, facts))
            except Unchanged:
                break
            except OSError as error:
                first = disk_error(self._folder, error)
                await self._away(part)
                raise first from None
            except (NotWritable, NoRoom):
                await self._away(part)
                raise
            except (ScrapeError, BadFile) as error:
                first = first or error
                if not candidate.guess or (isinstance(error, ScrapeError) and (error.retry or error.code == "budget")):
                    lost = lost or replace(candidate, missed=Missed(candidate.url, error.code, error.message))
                if isinstance(error, BadFile) or (part.total is not None and not part.received):
                    await self._away(part)
                if isinstance(error, Spent) or self._spent() is not None:
                    raise
            finally:
                part.close()
        if record is not None and best is not None:
            return Outcome.SAME, await self._threads.do(self._there, wanted, record, _missed(lost, best))
        raise first or ScrapeError("not_found", "the page gives no address of it")

    def _add(
        self, wanted: Wanted, candidate: Candidate, facts: Facts, claim: _Claim, missed: Missed | None
    ) -> tuple[Outcome, Record]:
        assert self._collection is not None  # noqa: S101
        added = self._collection.add(wanted, candidate, claim.path, facts, self._noted_job, missed)
        claim.release()
        return added

    async def _away(self, part: Part) -> None:
        try:
            await self._threads.do(part.drop)
        except OSError as error:
            log.debug("%s stays: %s", part.path, error)

    def _promising(self, wanted: Wanted, record: Record | None) -> list[Candidate]:
        """Those that may be better than what is there."""
        best = record.best if record is not None else None
        if record is None or best is None:
            return list(wanted.candidates)
        if not self._keeping.upgrade:
            return []
        had = {version.url for version in record.versions} | record.declined
        found = []
        for candidate in wanted.candidates:
            if candidate.url == best.url or (candidate.lasting and candidate.rule == best.rule):
                break
            if candidate.url not in had and not _smaller(candidate, best):
                found.append(candidate)
        return found

    def _there(self, wanted: Wanted, record: Record, missed: Missed | None) -> Record:
        assert self._collection is not None  # noqa: S101
        return self._collection.same(wanted, missed) or record

    async def _claim(self, wanted: Wanted) -> _Claim:
        """The item is ours: where its unfinished file goes, and what is kept of it. Another job may be at it just now."""
        loop = asyncio.get_running_loop()
        until = loop.time() + BUSY_PATIENCE
        while True:
            try:
                return await self._threads.do(self._claimed, wanted.key)
            except Busy:
                if loop.time() > until:
                    raise
            await asyncio.sleep(0.5)

    def _claimed(self, key: str) -> _Claim:
        assert self._collection is not None  # noqa: S101
        held = self._collection.claim(key)
        path = held.__enter__()
        return _Claim(held, path, self._collection.find(key), not path.with_suffix(".json").exists())


@dataclass(slots=True)
class _Claim:
    """An item that nobody else fetches into the folder now. `release` it."""

    _context: AbstractContextManager[Path]
    path: Path  # where its unfinished file goes
    record: Record | None  # what is kept of it
    fresh: bool  # there is no unfinished file to go on with
    held: bool = True

    def release(self) -> None:
        """Let others have it. Blocks."""
        if self.held:
            self.held = False
            self._context.__exit__(None, None, None)


def _missed(lost: Candidate | None, best: Version | Facts) -> Missed | None:
    """What is to be noted beside a file that is kept: a place that may have had a better one."""
    return None if lost is None or _smaller(lost, best) else lost.missed


def _smaller(candidate: Candidate, best: Version | Facts) -> bool:
    """Whether the page says that it has no more pixels."""
    if not (candidate.width and candidate.height and best.width and best.height):
        return False
    return candidate.width * candidate.height <= best.width * best.height


def _shown(wanted: Wanted, candidate: Candidate) -> str:
    """What a file is called while it has no name yet."""
    last = unquote(urlsplit(candidate.url).path.rstrip("/").rpartition("/")[2])
    return clean(wanted.name or last or wanted.title or wanted.key)[:LONGEST_NAME]
