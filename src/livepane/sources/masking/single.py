"""One single picture of a page, with what nobody may see painted over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from livepane.deadline import within
from livepane.domain.errors import Unavailable
from livepane.domain.frame import Picture
from livepane.sources.masking.reckoning import Size, Unknown
from livepane.sources.masking.veil import BUSY, LOOK_BACK, painted
from livepane.sources.masking.witness import Witness

Taken = tuple[Picture, Size | None]

PAUSE = 0.1  # s until another picture is taken


async def photographed(witness: Witness, take: Callable[[], Awaitable[Taken]], patience: float) -> Picture:
    """What `take` brings. It is called again until it is known what was where while it worked.

    Args:
        witness: of the page.
        take: takes one picture of it; with its size in CSS px when it shows the page from its beginning, in view or not.
        patience: s that all this may take.

    Raises:
        Unavailable: nobody can say what is to be painted over, and why.
        TimeoutError: the page is not drawn.
        What `take` raises.
    """
    why = BUSY
    try:
        async with within(patience):
            while True:
                try:
                    await witness.look(strictly=witness.is_needed, waits=witness.is_needed)
                    was_strict, since = witness.is_needed, time.monotonic() - LOOK_BACK
                    picture, whole = await take()
                    await witness.look(strictly=was_strict, waits=was_strict)
                    if not witness.is_needed:
                        return picture
                    found = witness.patches(since, picture.width, picture.height, whole)
                    return await asyncio.to_thread(painted, picture, found)
                except Unknown as unknown:
                    why = str(unknown)
                except Unavailable as unavailable:  # it is on its way to its next address
                    why = unavailable.message
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        if not witness.is_needed and why == BUSY:
            raise
        raise Unavailable(f"There may be something to paint over, and {why.rstrip('.')}; so there is no picture.") from None
