"""Between a capture and its sink: a picture passes when it is known what is to be painted over in it, and not before."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from livepane.browsers.session import CdpSession
from livepane.deadline import within
from livepane.domain.errors import BadPicture, LivepaneError
from livepane.domain.frame import Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action, Spot
from livepane.media.patch import Patch
from livepane.sources.cast import Cast
from livepane.sources.masking.reckoning import Unknown
from livepane.sources.masking.witness import Witness

LOOK_BACK = 0.4
"""s before its own time from which on everything counts for a picture: Chromium draws, reads back and only then stamps.
Also what a page has to wait for its first picture after it has come."""
OLDEST = 10.0  # s; the clock of a browser elsewhere may say anything
CLEAN_FOR = 0.1  # s that a page without any password field is believed to have none
AWAKE = 3.0  # s between two questions while nothing is painted: the notes go on for nine
PATIENCE = 5.0  # s for an answer
HASTE = 0.3  # s for an answer of a page that had nothing to hide when it answered last, and to which another picture passes
DEAF_FOR = 1.0  # s until such a page is asked again: on its way to its next address it answers nobody
SILENT_AFTER = 2.0  # s without a picture after which viewers read why
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0)  # s until another picture is asked for
BUSY = "the page does not answer"
REASON = "No picture is shown, since parts of it are to be painted over: {}."


async def cast_masked(session: CdpSession, witness: Witness, sink: FrameSink, demand: DemandSignal) -> None:
    """`Cast.run`, with what `witness` knows of painted over. Until cancelled; raises what the cast does."""
    veil = Veil(sink, witness)
    cast = Cast(session, veil)
    veil.again = cast.again
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(veil.serve(), name="veil")
            await cast.run(demand)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


class Veil:
    """A FrameSink before another. Holds the newest picture back until the page has said what was where.

    A page without password fields, and without selectors, is let through byte for byte, and asked ten times a second at the most.
    """

    def __init__(self, sink: FrameSink, witness: Witness) -> None:
        self.again: Callable[[], object] = lambda: None  # asks for another picture
        self._sink, self._witness = sink, witness
        self._held: tuple[Picture, float] | None = None  # and when it came, s
        self._busy = False
        self._news = asyncio.Event()
        self._strict = witness.is_needed
        self._clean_at = float("-inf")
        self._blind_since: float | None = None
        self._pauses = iter(PAUSES)
        self._has_told = False  # viewers have been told why they see nothing
        self._is_unsure = False  # a picture went through that was not asked about
        self._told: bool | None = None  # whether it is masked, as was said last
        self._clean_from: float | None = None  # since when there is nothing to hide
        self._painted_over: tuple[Sequence[Patch], int, int] | None = None  # in a picture of this size, px
        self._is_smeared = False  # more is painted over than need be, because something has moved

    def put(self, picture: Picture) -> None:
        """Take a picture."""
        now = time.monotonic()
        if not (self._strict or self._busy or self._held or now - self._clean_at >= CLEAN_FOR or self._witness.is_needed):
            self._is_unsure = True
            self._sink.put(picture)
            return
        self._held = (picture, now)
        self._news.set()

    def visible(self) -> None:
        """The source draws."""
        self._sink.visible()

    def hidden(self, reason: str) -> None:
        """The source draws nothing."""
        self._sink.hidden(reason)

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown."""
        self._sink.describe(title=title, url=url, masked=masked)

    def action(self, action: Action) -> None:
        """A named moment."""
        self._sink.action(action)

    def point(self, spot: Spot | None) -> None:
        """Where the element of the newest action is."""
        self._sink.point(spot)

    async def serve(self) -> None:
        """Let pictures through, until cancelled."""
        self._tell()
        if self._strict:
            await self._look_beside()  # the sooner it takes notes, the sooner there is a first picture
        while True:
            self._busy = False
            try:
                async with within(self._patience()):
                    await self._news.wait()
            except TimeoutError:
                self._busy = True
                await self._in_peace()
                continue
            self._news.clear()
            held, self._held, self._busy = self._held, None, True
            if held is not None:
                await self._judge(*held)

    def _patience(self) -> float:
        """s without a picture after which there is something else to do."""
        if self._is_unsure:
            return max(CLEAN_FOR, self._clean_at - time.monotonic())
        return LOOK_BACK if self._is_smeared or self._witness.is_learning else AWAKE

    async def _in_peace(self) -> None:
        """Nothing has been painted for a while."""
        if self._is_smeared:  # what has moved has come to rest: a picture from now shows all that may be seen
            self._is_smeared = False
            self.again()
        elif self._strict or self._is_unsure:
            was_unsure, self._is_unsure = self._is_unsure, False
            await self._look_beside()
            if self._strict and (was_unsure or not self._is_up_to_date()):
                self.again()  # what went through should not have, or hides more than it has to

    def _is_up_to_date(self) -> bool:
        """Whether in the newest picture that is painted over which is so in the page now."""
        if self._painted_over is None:
            return True
        patches, width, height = self._painted_over
        with suppress(Unknown):
            return patches == self._witness.patches(math.inf, width, height)
        return True

    async def _look_beside(self) -> None:
        with suppress(LivepaneError, TimeoutError):
            async with within(PATIENCE):
                await self._look(waits=False)

    async def _look(self, *, waits: bool) -> None:
        await self._witness.look(strictly=self._strict, waits=waits)
        if self._witness.is_needed and not self._strict:
            self._strict = True
            await self._witness.look(strictly=True, waits=False)
        self._is_unsure = False
        self._clean_at = time.monotonic()
        self._clean_from = None if self._witness.is_needed else self._clean_from or self._clean_at
        self._tell()

    def _tell(self) -> None:
        needed = self._witness.is_needed
        if needed is not self._told:
            self._told = needed
            self._sink.describe(masked=needed)

    async def _judge(self, picture: Picture, came_at: float) -> None:
        since = came_at - min(OLDEST, max(0.0, (time.time_ns() - picture.captured_at) / 1e9)) - LOOK_BACK
        try:
            if not self._strict:
                await self._glance()
            if self._strict:
                async with within(PATIENCE):
                    await self._look(waits=True)
                picture = await self._painted(picture, since)
        except Unknown as unknown:
            await self._withhold(str(unknown))
        except TimeoutError:
            await self._withhold(BUSY)
        except BadPicture:
            raise
        except LivepaneError as error:
            await self._withhold(error.message)
        else:
            self._release(picture)

    async def _glance(self) -> None:
        """At a page that had nothing to hide. One that does not answer is not held up, but asked again."""
        try:
            async with within(HASTE):
                await self._look(waits=False)
        except (TimeoutError, LivepaneError):
            self._is_unsure = True
            self._clean_at = time.monotonic() + DEAF_FOR - CLEAN_FOR

    async def _painted(self, picture: Picture, since: float) -> Picture:
        found = self._witness.patches(since, picture.width, picture.height)
        self._painted_over = (found, picture.width, picture.height)
        self._is_smeared = found != self._witness.patches(math.inf, picture.width, picture.height)
        if self._clean_from is not None and since > self._clean_from and self._witness.is_drawn(since):
            self._strict = False  # what there was to hide is seen no more
        return await asyncio.to_thread(painted, picture, found) if found else picture

    def _release(self, picture: Picture) -> None:
        self._blind_since, self._pauses = None, iter(PAUSES)
        if self._has_told:
            self._has_told = False
            self._sink.visible()
        self._sink.put(picture)

    async def _withhold(self, reason: str) -> None:
        now = time.monotonic()
        self._blind_since = self._blind_since or now
        if now - self._blind_since >= SILENT_AFTER:
            self._has_told = True
            self._sink.hidden(REASON.format(reason.rstrip(".")))
        await asyncio.sleep(next(self._pauses, PAUSES[-1]))
        if self._held is None:
            self.again()


def painted(picture: Picture, found: Sequence[Patch]) -> Picture:
    """The picture with these parts painted over. Takes milliseconds: call it in a thread."""
    from livepane.media.image import paint_over  # loads numpy and Pillow, which a script need not wait for

    return paint_over(picture, found)
