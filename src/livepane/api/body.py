"""A request's body as it may be: not packed, not too much, not too slow."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from livepane.deadline import within
from livepane.domain.errors import BadRequest, TooLarge, UnsupportedMedia

PAUSE = 10.0  # seconds that a sender may pause within a body
SLOWEST = 1000  # bytes a second, once the first pause is over: a byte now and then would hold a place for ever


def refuse_packed(headers: Headers) -> None:
    """A packed body could be a thousand times what it seems to be, and nothing of ours needs one.

    Raises:
        UnsupportedMedia: names the encoding.
    """
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", ""):
        raise UnsupportedMedia(f"Content-Encoding {packed[:40]!r} is not taken; send the body as it is, without packing it")


def has_body(headers: Headers) -> bool:
    """Whether something follows the head of a request."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def bounded(receive: Receive, limit: int, on_whole: Callable[[], None] | None = None) -> Receive:
    """The body, counted and timed: too much of it, or too slow, is an error that names the limit.

    `on_whole` is called when all of it is here.
    """
    taken, done = 0, False
    began: float | None = None

    async def read() -> Message:
        nonlocal taken, done, began
        if done:
            return await receive()
        began = began or time.monotonic()
        try:
            async with within(PAUSE):
                message = await receive()
        except TimeoutError:
            raise BadRequest(f"the request body paused for more than {PAUSE:g} s") from None
        taken += len(message.get("body", b""))
        done = not message.get("more_body", False)
        if taken > limit:
            raise TooLarge(f"the request body has more than {limit:,} bytes")
        if not done and time.monotonic() - began > PAUSE + taken / SLOWEST:
            raise BadRequest(f"the request body came slower than {SLOWEST:,} bytes a second")
        if done and on_whole is not None:
            on_whole()
        return message

    return read
