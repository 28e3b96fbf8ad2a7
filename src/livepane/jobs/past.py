"""What is shown of jobs that do not run here: the last pictures of those that are over, and what the others tell."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import aclosing

from livepane.domain.errors import NotFound, SourceGone
from livepane.domain.frame import Picture
from livepane.domain.job import EventKind, JobEvent, JobState
from livepane.domain.ports import DemandSignal, FrameSink, Source
from livepane.domain.stream import Action, Kind, StreamId
from livepane.hub.stream import Stream
from livepane.jobs.queue import Queue

MOST_BYTES = 64 * 2**20
BEGINS = "it begins in another process"
NO_BUS = "it runs in another process, and nothing carries its pictures here: name a Kafka (KAFKA_BOOTSTRAP_SERVERS) to both"


Last = tuple[Picture, Action | None]
"""How a job looked in the end, and what it did."""


class Past:
    """What is remembered of jobs that are over."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[int, Last] = OrderedDict()
        self._bytes = 0

    def remember(self, job_id: int, stream: Stream) -> None:
        """Keep the newest picture of a job's stream, if there ever was one."""
        frame = stream.newest_or_none()
        if frame is None:
            return
        self.forget(job_id)
        self._kept[job_id] = (frame.picture, stream.actions[-1] if stream.actions else None)
        self._bytes += len(frame.picture.data)
        while self._bytes > self._most:
            self.forget(next(iter(self._kept)))

    def keep(self, stream: Stream) -> None:
        """The same of a job that ran at another node, and was watched here."""
        if stream.id.kind is Kind.JOB and stream.id.name.isdecimal():
            self.remember(int(stream.id.name), stream)

    def forget(self, job_id: int) -> None:
        """It was deleted, or has a newer one."""
        if (gone := self._kept.pop(job_id, None)) is not None:
            self._bytes -= len(gone[0].data)

    def of(self, job_id: int) -> Last | None:
        """The last picture of a job; None: nobody watched while it had a page, or it is too long ago."""
        return self._kept.get(job_id)


class PastStreams:
    """Opens `job:<id>` of jobs that do not run here: those that wait, those that others run, and those that are over."""

    def __init__(self, past: Past, queue: Queue, *, here: Callable[[int], bool], carried: bool) -> None:
        """`here`: whether this process runs a job. `carried`: whether a bus brings pictures of others."""
        self._past, self._queue, self._here, self._carried = past, queue, here, carried

    async def open(self, stream_id: StreamId) -> tuple[Source, str]:
        """For `Hub.opener`.

        Raises:
            NotFound: there is no such job.
        """
        if not (stream_id.name.isascii() and stream_id.name.isdecimal() and len(stream_id.name) < 19):
            raise NotFound(f"there is no job {stream_id.name[:40]!r}; GET /api/jobs lists what there is")
        job = await self._queue.get(int(stream_id.name))
        return _Told(job.id, self._past, self._queue, self._here, BEGINS if self._carried else NO_BUS), f"{job.kind} {job.target}"


class _Told:
    """A job that does not run here, as a source: its last picture, what it tells, and why there is no other picture."""

    def __init__(self, job: int, past: Past, queue: Queue, here: Callable[[int], bool], elsewhere: str) -> None:
        self._job, self._past, self._queue, self._here, self._elsewhere = job, past, queue, here, elsewhere
        self._seen: int | None = None  # the line of the journal up to which all has been told

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: follow the job. It is somebody else's source when it begins to run here, or its pictures come by a bus."""
        last = self._past.of(self._job)
        if last is not None:
            sink.put(last[0])
        journal = self._queue.journal
        if self._seen is None:
            self._seen = await journal.newest()
            if (action := await journal.last(self._job, EventKind.ACTION)) is not None:
                self._seen = max(self._seen, action.id)
                _act(sink, action)
        try:
            job = await self._queue.get(self._job)
        except NotFound:
            raise SourceGone("the job was deleted") from None
        if job.state.over:
            raise SourceGone(f"the job has {job.state}" if last is not None else f"the job has {job.state}; it has no picture")
        self._explain(sink, job.state is JobState.RUNNING)
        async with aclosing(journal.follow(self._job, after=self._seen)) as events:
            async for event in events:
                self._seen = event.id
                match event.kind:
                    case EventKind.ACTION:
                        _act(sink, event)
                    case EventKind.STARTED:
                        self._explain(sink, runs=True)
                    case EventKind.QUEUED | EventKind.RETRYING:
                        self._explain(sink, runs=False)
                    case EventKind.FINISHED:
                        raise SourceGone(f"the job has {event.data.get('state', 'ended')}")
                    case _:
                        pass

    def _explain(self, sink: FrameSink, runs: bool) -> None:
        if not runs:
            sink.hidden("the job waits for its turn")
        elif not self._here(self._job):
            sink.hidden(self._elsewhere)

    async def close(self) -> None:
        """Nothing to give up."""


def _act(sink: FrameSink, event: JobEvent) -> None:
    sink.action(Action(str(event.data.get("label", "")), event.at * 1_000_000, event.data.get("selector")))
