"""A stream in one encoding, quality and size: every picture is encoded at most once, however many watch."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadPicture
from livepane.domain.frame import Frame, Picture
from livepane.domain.stream import Spot
from livepane.hub.ledger import Ledger
from livepane.media import image

log = logging.getLogger(__name__)
_channels = itertools.count(1)


class Encoded:
    """One frame of a rendition, and the messages already built from it (shared by all viewers)."""

    __slots__ = ("_forms", "captured_at", "channel", "frame", "order", "session", "size", "spot")

    def __init__(self, frame: Frame, channel: int, session: str, spot: Spot | None = None) -> None:
        self.frame = frame
        self.order = frame.order
        self.size = len(frame.picture.data)  # bytes
        self.captured_at = frame.picture.captured_at
        self.channel = channel
        self.session = session  # the life of the stream, as text
        self.spot = spot  # what is outlined in it
        self._forms: dict[Builder, bytes] = {}

    def form(self, build: Builder) -> bytes:
        """What `build(self)` returns; built on the first call only."""
        message = self._forms.get(build)
        if message is None:
            message = self._forms[build] = build(self)
        return message


Builder = Callable[[Encoded], bytes]
Waiter = Callable[[Encoded | None], None]


class Rendition:
    """Turns the newest frame of a stream into what `spec` asks for, when somebody wants it."""

    def __init__(self, spec: RenditionSpec, session: str, executor: Executor, ledger: Ledger) -> None:
        self.spec = spec
        self.channel = next(_channels) & 0xFFFFFFFF
        self.encodes = 0  # pictures that really had to be encoded
        self.encode_ns = 0  # what that took, in all
        self._session = session
        self._ledger = ledger
        self._executor = executor
        self._done: Encoded | None = None
        self._job: asyncio.Task[None] | None = None
        self._bad: tuple[int, int] | None = None  # the order of a frame that cannot be shown
        self._waiters: set[Waiter] = set()

    def get(self, frame: Frame, waiter: Waiter, spot: Spot | None = None) -> Encoded | None:
        """This frame as the rendition has it, if that costs nothing; otherwise None, and `waiter` is called when it is ready.

        `spot` is outlined in renditions that have outlines.

        The waiter is called once, with the frame that was being encoded when it asked: the newest there is by then. It is
        called with None when the bytes of that frame turned out to be broken: ask again, there may be a newer one.
        """
        spot = spot if self.spec.outlined else None
        done = self._done
        if done is not None and done.order == frame.order and done.spot == spot:
            return done
        if frame.order == self._bad:
            return None
        if spot is None and image.satisfies(frame.picture, self.spec):
            self._done = done = Encoded(frame, self.channel, self._session)
            return done
        self._waiters.add(waiter)
        if self._job is None:
            loop = asyncio.get_running_loop()
            self._job = loop.create_task(self._encode(frame, spot), name=f"encode channel {self.channel}")
        return None

    def forget(self, waiter: Waiter) -> None:
        """It does not wait any more."""
        self._waiters.discard(waiter)

    async def _encode(self, frame: Frame, spot: Spot | None) -> None:
        encoded = None
        try:
            loop = asyncio.get_running_loop()
            picture, took, cpu = await loop.run_in_executor(self._executor, _render, frame.picture, self.spec, spot)
            self.encodes += 1
            self.encode_ns += took
            self._ledger.encodes += 1
            self._ledger.encode_ns += took
            self._ledger.encode_cpu_ns += cpu
            encoded = Encoded(Frame(frame.epoch, frame.seq, picture, frame.is_key), self.channel, self._session, spot)
        except BadPicture as error:
            self._bad = frame.order
            self._ledger.bad += 1
            log.warning("a picture was left out: %s", error)
        except Exception:
            self._bad = frame.order  # the same picture would fail again
            log.exception("a picture was left out")
        finally:
            self._done, self._job = encoded, None
            waiters, self._waiters = self._waiters, set()
            for waiter in waiters:
                waiter(encoded)


def _render(picture: Picture, spec: RenditionSpec, spot: Spot | None) -> tuple[Picture, int, int]:
    """The picture, how many ns it took, and how many of them were those of a CPU."""
    started, cpu = time.perf_counter_ns(), time.thread_time_ns()
    return image.render(picture, spec, spot), time.perf_counter_ns() - started, time.thread_time_ns() - cpu


class Renditions:
    """Those of one stream that somebody uses."""

    def __init__(self, session: str, executor: Executor, ledger: Ledger) -> None:
        self._session, self._executor, self._ledger = session, executor, ledger
        self._used: dict[RenditionSpec, tuple[Rendition, int]] = {}

    def use(self, spec: RenditionSpec) -> Rendition:
        """The rendition of this spec, with one user more."""
        rendition, users = self._used.get(spec) or (Rendition(spec, self._session, self._executor, self._ledger), 0)
        self._used[spec] = (rendition, users + 1)
        return rendition

    def release(self, spec: RenditionSpec) -> None:
        """One user less."""
        rendition, users = self._used.pop(spec)
        if users > 1:
            self._used[spec] = (rendition, users - 1)

    @property
    def encodes(self) -> int:
        """Pictures encoded by those that are in use."""
        return sum(rendition.encodes for rendition, _ in self._used.values())
