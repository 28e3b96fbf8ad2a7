"""Log lines that can be followed: scrubbed, numbered, and nobody waits for a slow follower."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator

from livepane.log.calm import RESULTS, Calm
from livepane.log.lines import Line, Lines


def say(lines: logging.Handler, text: str, *arguments: object, name: str = "livepane.x") -> None:
    lines.handle(logging.LogRecord(name, logging.INFO, "", 0, text, arguments, None))


async def following(follower: AsyncGenerator[Line, None]) -> Line:
    return await anext(follower)


async def test_a_follower_gets_what_comes_from_now_on_scrubbed_also_from_other_threads() -> None:
    lines = Lines()
    say(lines, "before")
    follower = lines.follow()
    first = asyncio.get_running_loop().create_task(following(follower), name="first")
    await asyncio.sleep(0)
    thread = threading.Thread(target=say, args=(lines, "GET https://example.org/?token=%s", "lp_abc_secret"))
    thread.start()
    line = await first
    thread.join()
    assert line.number == 2
    assert "secret" not in line.text
    assert "https://example.org/" in line.text
    await follower.aclose()


async def test_who_comes_back_goes_on_where_it_was_and_misses_only_what_is_forgotten() -> None:
    lines = Lines(kept=3)
    for number in range(1, 6):
        say(lines, "%d", number)

    async def heard(after: int | None, count: int) -> list[int]:
        follower = lines.follow(after)
        return [(await anext(follower)).number for _ in range(count)]

    assert await heard(3, 2) == [4, 5]
    assert await heard(1, 3) == [3, 4, 5]
    assert await heard(900, 3) == [3, 4, 5]  # told by an earlier life of the server


def test_a_line_that_cannot_be_written_is_left_to_the_terminal() -> None:
    lines = Lines()
    say(lines, "%d", "no number")
    assert lines.after(0) == []
    say(lines, "still here")
    (line,) = lines.after(0)
    assert isinstance(line, Line)


def test_a_promised_line_is_never_counted_away() -> None:
    lines = Lines()
    calm = Calm(lines, lambda: 0.0)
    for number in range(300):
        say(calm, "[STREAM] Finished %s", f"{number}.example", name=RESULTS)
        say(calm, "something else %d", number)
    said = [line.text for line in lines.after(0)]
    assert sum("Finished" in text for text in said) == 300
    assert sum("something else" in text for text in said) == 100
    calm.close()
