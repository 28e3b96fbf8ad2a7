"""A stream in one encoding, quality and size: every picture is encoded at most once, however many watch."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Executor

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadPicture
from livepane.domain.frame import Frame
from livepane.media import image

log = logging.getLogger(__name__)
_channels = itertools.count(1)


class Encoded:
    """One frame of a rendition, and the messages already built from it (shared by all viewers)."""

    __slots__ = ("_forms", "channel", "frame", "order", "session", "size")

    def __init__(self, frame: Frame, channel: int, session: str) -> None:
        self.frame = frame
        self.order = frame.order
        self.size = len(frame.picture.data)  # bytes
        self.channel = channel
        self.session = session  # the life of the stream, as text
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

    def __init__(self, spec: RenditionSpec, session: str, executor: Executor) -> None:
        self.spec = spec
        self.channel = next(_channels) & 0xFFFFFFFF
        self.encodes = 0  # pictures that really had to be encoded
        self._session = session
        self._executor = executor
        self._done: Encoded | None = None
        self._job: asyncio.Task[None] | None = None
        self._bad: tuple[int, int] | None = None  # the order of a frame that cannot be shown
        self._waiters: set[Waiter] = set()

    def get(self, frame: Frame, waiter: Waiter) -> Encoded | None:
        """This frame as the rendition has it, if that costs nothing; otherwise None, and `waiter` is called when it is ready.

        The waiter is called once, with the frame that was being encoded when it asked: the newest there is by then. It is
        called with None when the bytes of that frame turned out to be broken: ask again, there may be a newer one.
        """
        done = self._done
        if done is not None and done.order == frame.order:
            return done
        if frame.order == self._bad:
            return None
        if image.satisfies(frame.picture, self.spec):
            self._done = done = Encoded(frame, self.channel, self._session)
            return done
        self._waiters.add(waiter)
        if self._job is None:
            loop = asyncio.get_running_loop()
            self._job = loop.create_task(self._encode(frame), name=f"encode channel {self.channel}")
        return None

    def forget(self, waiter: Waiter) -> None:
        """It does not wait any more."""
        self._waiters.discard(waiter)

    async def _encode(self, frame: Frame) -> None:
        encoded = None
        try:
            loop = asyncio.get_running_loop()
            picture = await loop.run_in_executor(self._executor, image.render, frame.picture, self.spec)
            self.encodes += 1
            encoded = Encoded(Frame(frame.epoch, frame.seq, picture, frame.is_key), self.channel, self._session)
        except BadPicture as error:
            self._bad = frame.order
            log.warning("a picture was left out: %s", error)
        except Exception:
            self._bad = frame.order  # the same picture would fail again
            log.exception("a picture was left out")
        finally:
            self._done, self._job = encoded, None
            waiters, self._waiters = self._waiters, set()
            for waiter in waiters:
                waiter(encoded)
